//! The functions that take expressions instead of values: `can`, `try`, `convert`.
//!
//! What goes wrong in an argument of `can` and `try` is theirs to answer, and is not reported.

use super::Shape::{Any, Bool};
use super::{Function, Looks, failed, param};
use crate::diagnostics::{Diagnostic, Diagnostics, Severity};
use crate::eval::{LazyArgument, Scope, type_expression_plain};
use crate::value::convert as conversion;
use crate::value::{Type, Value};

/// The functions of this family. Their bodies are in [`call`], for they need the scope.
pub const FUNCTIONS: &[Function] = &[
    Function {
        name: "can",
        params: &[param("expression", Any)],
        rest: None,
        returns: Bool,
        looks: Looks::Lazily,
        call: |_cx, _args| failed("it takes an expression"),
        about: "Whether `expression` can be evaluated.",
        examples: &[("can([][0])", "false"), ("can(null)", "true")],
    },
    Function {
        name: "try",
        params: &[],
        rest: Some(param("expressions", Any)),
        returns: Any,
        looks: Looks::Lazily,
        call: |_cx, _args| failed("it takes expressions"),
        about: "The first of the expressions that can be evaluated.",
        examples: &[(r#"try({}.x, [][0], "fallback")"#, r#""fallback""#), (r#"try(1, "a")"#, "1")],
    },
    Function {
        name: "convert",
        params: &[param("value", Any), param("type", Any)],
        rest: None,
        returns: Any,
        looks: Looks::Lazily,
        call: |_cx, _args| failed("it takes a value and a type"),
        about: "`value` as the type, which is written as in the declaration of a variable.",
        examples: &[
            ("convert(1, string)", r#""1""#),
            (r#"convert({ a = 1, z = 2 }, object({ a = string }))"#, r#"{ a = "1" }"#),
            (r#"join(",", convert(["b", "a", "b"], set(string)))"#, r#""a,b""#),
        ],
    },
];

/// Calls `name`; the number of arguments was checked before. Diagnostics without a place are about the whole call.
pub fn call(name: &str, args: &[LazyArgument<'_>], scope: &Scope<'_>, diagnostics: &mut Diagnostics) -> Value {
    match (name, args) {
        ("can", [expr]) => can(expr, scope),
        ("try", exprs) => first(exprs, scope, diagnostics),
        ("convert", [value, ty]) => convert(value, ty, scope, diagnostics),
        _ => {
            diagnostics.push(Diagnostic::error(
                "Call to unknown function",
                format!("There is no function {name:?} of that kind."),
            ));
            Value::unknown(Type::Any)
        }
    }
}

fn can(expr: &LazyArgument<'_>, scope: &Scope<'_>) -> Value {
    let mut problems = Diagnostics::new();
    let value = expr.evaluate(scope, &mut problems);
    if problems.has_errors() {
        return false.into();
    }
    if value.is_wholly_known() { true.into() } else { Value::unknown(Type::Bool) }
}

fn first(exprs: &[LazyArgument<'_>], scope: &Scope<'_>, diagnostics: &mut Diagnostics) -> Value {
    let mut failures = String::new();
    for (index, expr) in exprs.iter().enumerate() {
        let mut problems = Diagnostics::new();
        let value = expr.evaluate(scope, &mut problems);
        if !problems.has_errors() {
            // As long as something in it is unknown, it may still fail, and another one give another type.
            return if value.is_wholly_known() { value } else { Value::unknown(Type::Any) };
        }
        for problem in problems.iter().filter(|problem| problem.severity == Severity::Error) {
            failures.push_str(&format!("\n- argument {}: {}: {}", index + 1, problem.summary, problem.detail));
        }
    }
    let reason = if exprs.is_empty() {
        "at least one argument is required.".to_owned()
    } else {
        format!("no expression succeeded:{failures}\n\nAt least one expression must produce a successful result.")
    };
    let detail = format!("Call to function \"try\" failed: {reason}");
    diagnostics.push(Diagnostic::error("Error in function call", detail));
    Value::unknown(Type::Any)
}

fn convert(value: &LazyArgument<'_>, ty: &LazyArgument<'_>, scope: &Scope<'_>, diagnostics: &mut Diagnostics) -> Value {
    let mut problems = Diagnostics::new();
    let place = value.span();
    let value = value.evaluate(scope, &mut problems);
    let ty = match ty {
        LazyArgument::Expr(expr) => type_expression_plain(expr, &mut problems),
        LazyArgument::Value(_, span) => {
            let detail = "A type is written as it is, such as list(string); it cannot come out of a spread list.";
            problems.push(Diagnostic::error("Invalid type specification", detail).at(*span));
            Type::Any
        }
    };
    let broken = problems.has_errors();
    diagnostics.append(problems);
    if broken {
        return Value::unknown(Type::Any);
    }
    conversion::convert(&value, &ty).unwrap_or_else(|error| {
        let detail = format!("Call to function \"convert\" failed: {error}.");
        diagnostics.push(Diagnostic::error("Error in function call", detail).at(place));
        Value::unknown(ty.without_optional())
    })
}
