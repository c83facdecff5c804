//! What the tests of this module share: text in, value or summaries out.
//!
//! Has no functions but two made for tests; `functions` tests the real ones.

use std::sync::Arc;

use super::scope::{CallError, Functions, LazyArgument, Parameter, Scope, Signature};
use super::{evaluate, type_expression};
use crate::diagnostics::{Diagnostic, Diagnostics, SourceMap};
use crate::syntax::ast::{Body, Expr};
use crate::syntax::{parse, parse_expression};
use crate::value::{Members, Type, Value};

/// Reads `text` as an expression; it must have no mistake.
pub fn expression(text: &str) -> Expr {
    let sources = SourceMap::default();
    let (expr, said) = parse_expression(sources.add("test", text), &sources);
    assert!(said.is_empty(), "{text}: {said:?}");
    expr
}

/// Reads `text` as a body; it must have no mistake.
pub fn body(text: &str) -> Body {
    let sources = SourceMap::default();
    let (file, said) = parse(sources.add("test", text), &sources);
    assert!(said.is_empty(), "{text}: {said:?}");
    file.body
}

/// Returns variables of every kind: `list`, `set`, `map`, `object`, `null_list`, `secret`, and under `unknown` what
/// is not known.
pub fn variables() -> Members {
    let members = |of: [(&str, Value); 2]| of.map(|(name, value)| (Arc::from(name), value));
    let object = Value::object(members([("a", 1.into()), ("b", "x".into())]));
    let unknown = [
        ("any", Type::Any),
        ("string", Type::String),
        ("bool", Type::Bool),
        ("list", Type::list(Type::String)),
        ("object", object.ty()),
    ];
    let unknown = unknown.map(|(name, ty)| (Arc::from(name), Value::unknown(ty)));
    let all = [
        ("list", Value::list(Type::String, ["x".into(), "y".into()])),
        ("set", Value::set(Type::String, ["b".into(), "a".into()])),
        ("map", Value::map(Type::Number, members([("k", 1.into()), ("l", 2.into())]))),
        ("object", object),
        ("null_list", Value::null(Type::list(Type::String))),
        ("secret", Value::from("hunter2").sensitive(true)),
        ("unknown", Value::object(unknown)),
    ];
    all.map(|(name, value)| (Arc::from(name), value)).into()
}

/// Evaluates `text` with [`variables`] in scope.
pub fn run(text: &str) -> (Value, Vec<Diagnostic>) {
    let mut said = Diagnostics::new();
    let value = evaluate(&expression(text), &Scope::new(&variables(), &TestFunctions), &mut said);
    (value, said.into_iter().collect())
}

/// Evaluates `text`, which must not fail.
pub fn value(text: &str) -> Value {
    let (value, said) = run(text);
    assert!(said.is_empty(), "{text}: {said:?}");
    value
}

/// Checks that each of `texts` is true.
pub fn holds(texts: &[&str]) {
    for text in texts {
        assert_eq!(value(text), Value::from(true), "{text}");
    }
}

/// Returns the summaries of what evaluating `text` reports.
pub fn summaries(text: &str) -> Vec<String> {
    run(text).1.into_iter().map(|diagnostic| diagnostic.summary).collect()
}

/// Returns the one thing that evaluating `text` reports.
pub fn failure(text: &str) -> Diagnostic {
    let (_, mut said) = run(text);
    assert_eq!(said.len(), 1, "{text}: {said:?}");
    said.remove(0)
}

/// Reads a type that has no mistake.
pub fn ty(text: &str) -> Type {
    let mut said = Diagnostics::new();
    let (ty, _) = type_expression(&expression(text), &mut said);
    assert!(said.is_empty(), "{text}: {said:?}");
    ty
}

/// `join2(string, string)` and `count(any...)`; `fail(string)` always fails.
pub struct TestFunctions;

impl Functions for TestFunctions {
    fn names(&self) -> Vec<&'static str> {
        vec!["count", "fail", "join2"]
    }

    fn signature(&self, name: &str) -> Option<Signature> {
        let text = |name| Parameter { name, ty: Type::String, null: false, unknown: false };
        let any = Parameter { name: "values", ty: Type::Any, null: true, unknown: true };
        let (params, rest, returns) = match name {
            "join2" => (vec![text("first"), text("second")], None, Type::String),
            "fail" => (vec![text("reason")], None, Type::String),
            "count" => (Vec::new(), Some(any), Type::Number),
            _ => return None,
        };
        Some(Signature { params, rest, returns, lazy: false })
    }

    fn call(&self, name: &str, args: &[Value]) -> Result<Value, CallError> {
        let text = |index: usize| args[index].as_str().expect("arguments were converted").to_owned();
        match name {
            "join2" => Ok(Value::from(text(0) + &text(1))),
            "fail" if text(0) == "argument" => Err(CallError::Argument(0, "it is bad".to_owned())),
            "fail" => Err(CallError::Failed("it did not work".to_owned())),
            _ => Ok(Value::from(i64::try_from(args.len()).expect("few arguments"))),
        }
    }

    fn call_lazy(&self, name: &str, _: &[LazyArgument<'_>], _: &Scope<'_>, _: &mut Diagnostics) -> Value {
        unreachable!("{name} is not lazy")
    }
}
