//! What an expression can see: variables and functions.
//!
//! Knows no function itself; the table is given to it.

use crate::diagnostics::{Diagnostics, Span};
use crate::syntax::ast;
use crate::value::{Members, Type, Value};

/// Names an expression may use. Inner scopes (of a `for`, of `dynamic`) look outwards.
#[derive(Clone, Copy)]
pub struct Scope<'a> {
    variables: &'a Members,
    functions: &'a dyn Functions,
    outer: Option<&'a Scope<'a>>,
    sealed: bool,
}

impl<'a> Scope<'a> {
    /// Makes the outermost scope: `variables` are the root names (`var`, `local`, `path`, …), each usually an object.
    pub fn new(variables: &'a Members, functions: &'a dyn Functions) -> Scope<'a> {
        Scope { variables, functions, outer: None, sealed: false }
    }

    /// Makes a scope in which no root name at all may be used ("Variables not allowed").
    pub fn constants(variables: &'a Members, functions: &'a dyn Functions) -> Scope<'a> {
        Scope { variables, functions, outer: None, sealed: true }
    }

    /// Makes an inner scope in which `variables` come first.
    pub fn within(&'a self, variables: &'a Members) -> Scope<'a> {
        Scope { variables, functions: self.functions, outer: Some(self), sealed: false }
    }

    /// Returns what `name` stands for, innermost first.
    pub fn variable(&self, name: &str) -> Option<&'a Value> {
        self.variables.get(name).or_else(|| self.outer.and_then(|outer| outer.variable(name)))
    }

    /// Whether there is no variable at all in sight, by design.
    pub fn is_sealed(&self) -> bool {
        self.sealed || (self.variables.is_empty() && self.outer.is_some_and(Scope::is_sealed))
    }

    /// Returns all root names in sight, for "did you mean".
    pub fn names(&self) -> Vec<&'a str> {
        let mut names: Vec<&str> = self.variables.keys().map(|name| &**name).collect();
        names.extend(self.outer.map(Scope::names).unwrap_or_default());
        names
    }

    /// Returns the functions.
    pub fn functions(&self) -> &'a dyn Functions {
        self.functions
    }
}

/// A parameter of a function.
#[derive(Clone, Debug, PartialEq)]
pub struct Parameter {
    /// Its name; people see it in error texts.
    pub name: &'static str,
    /// What an argument is converted to.
    pub ty: Type,
    /// Whether null may be given.
    pub null: bool,
    /// Whether the body also runs for an unknown argument.
    pub unknown: bool,
}

/// What a function takes and gives.
#[derive(Clone, Debug, PartialEq)]
pub struct Signature {
    /// The fixed parameters, in order.
    pub params: Vec<Parameter>,
    /// The parameter that takes all further arguments.
    pub rest: Option<Parameter>,
    /// The type of the result when arguments are unknown.
    pub returns: Type,
    /// Whether the function evaluates its arguments itself (`can`, `try`, `convert`).
    pub lazy: bool,
}

/// An argument of a lazy function.
#[derive(Clone, Debug)]
pub enum LazyArgument<'e> {
    /// An expression as it is written.
    Expr(&'e ast::Expr),
    /// An element of a list that was spread with `...`, and the place of the list.
    Value(Value, Span),
}

impl LazyArgument<'_> {
    /// Returns what it means in `scope`.
    pub fn evaluate(&self, scope: &Scope<'_>, diagnostics: &mut Diagnostics) -> Value {
        match self {
            LazyArgument::Expr(expr) => super::expr::evaluate(expr, scope, diagnostics),
            LazyArgument::Value(value, _) => value.clone(),
        }
    }

    /// Returns where it stands.
    pub fn span(&self) -> Span {
        match self {
            LazyArgument::Expr(expr) => expr.span,
            LazyArgument::Value(_, span) => *span,
        }
    }
}

/// Why a call failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CallError {
    /// Argument number `0`… does not fit, for this reason.
    Argument(usize, String),
    /// The call as a whole failed.
    Failed(String),
}

/// The functions of a scope.
pub trait Functions: Send + Sync {
    /// Returns all names, sorted.
    fn names(&self) -> Vec<&'static str>;
    /// Returns what `name` takes and gives, if there is such a function.
    fn signature(&self, name: &str) -> Option<Signature>;
    /// Calls `name` with arguments that were counted, converted and checked for null and unknown by the caller.
    ///
    /// # Errors
    /// As the function says; `eval` adds the place.
    fn call(&self, name: &str, args: &[Value]) -> Result<Value, CallError>;
    /// Checks the types of arguments which are not all known.
    ///
    /// # Errors
    /// `name` takes no arguments of these types, whatever their values.
    fn check(&self, _name: &str, _args: &[Value]) -> Result<(), CallError> {
        Ok(())
    }
    /// Calls a lazy function with its arguments as written; who has none is never asked.
    fn call_lazy(
        &self,
        _name: &str,
        _args: &[LazyArgument<'_>],
        _scope: &Scope<'_>,
        _diagnostics: &mut Diagnostics,
    ) -> Value {
        Value::unknown(Type::Any)
    }
    /// Says in a sentence why there is no function `name` here, if there is more to say than that.
    fn why_missing(&self, _name: &str) -> Option<&'static str> {
        None
    }
}

/// No functions at all.
pub struct NoFunctions;

impl Functions for NoFunctions {
    fn names(&self) -> Vec<&'static str> {
        Vec::new()
    }
    fn signature(&self, _name: &str) -> Option<Signature> {
        None
    }
    fn call(&self, name: &str, _args: &[Value]) -> Result<Value, CallError> {
        Err(CallError::Failed(format!("there is no function {name:?}")))
    }
}

/// An empty set of variables that lives as long as the program.
pub fn no_variables() -> &'static Members {
    static NONE: std::sync::LazyLock<Members> = std::sync::LazyLock::new(Members::default);
    &NONE
}
