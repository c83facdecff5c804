//! Expressions to values: literals, constructors, conditionals; everything else has its own file.
//!
//! Knows no function and no component. What fails becomes a diagnostic and an unknown value.

use std::sync::Arc;

use super::fault::Fault;
use super::scope::Scope;
use super::{call, for_expr, operators, splat, template, traversal};
use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::syntax::ast::{Expr, ExprKind, ObjectItem, ObjectKey};
use crate::value::convert::{convert, unify};
use crate::value::{Data, Members, Number, Type, Value};

/// Returns what `expr` means in `scope`.
///
/// A part that fails is reported and counts as unknown, so that independent mistakes are all found.
///
/// # Source
/// HCL-107 … HCL-110, TYP-12 … TYP-37.
pub fn evaluate(expr: &Expr, scope: &Scope<'_>, diagnostics: &mut Diagnostics) -> Value {
    // This function recurses as deep as the text nests: the arms only call, so that its frame stays small.
    match &expr.kind {
        ExprKind::Invalid => Value::unknown(Type::Any),
        ExprKind::Unread(problems) => {
            diagnostics.append((**problems).clone());
            Value::unknown(Type::Any)
        }
        ExprKind::Null => Value::null(Type::Any),
        ExprKind::Bool(value) => Value::from(*value),
        ExprKind::Number(text) => number(text, expr, diagnostics),
        ExprKind::Template(parts) => template::evaluate(parts, scope, diagnostics),
        ExprKind::Variable(name) => traversal::root(name, expr.span, scope, diagnostics),
        ExprKind::Attr(..) | ExprKind::LegacyIndex(..) | ExprKind::Index(..) => {
            traversal::evaluate(expr, scope, diagnostics)
        }
        ExprKind::Splat(parts) => splat::evaluate(parts, scope, diagnostics),
        ExprKind::Call(parts) => call::evaluate(parts, expr.span, scope, diagnostics),
        ExprKind::Unary(parts) => operators::unary(parts.operator, &parts.operand, scope, diagnostics),
        ExprKind::Binary(..) => operators::binary(expr, scope, diagnostics),
        ExprKind::Conditional(parts) => {
            conditional(&parts.condition, [&parts.then, &parts.otherwise], scope, diagnostics)
        }
        ExprKind::Tuple(items) => tuple(items, scope, diagnostics),
        ExprKind::Object(items) => object(items, scope, diagnostics),
        ExprKind::For(parts) => for_expr::evaluate(parts, scope, diagnostics),
        ExprKind::Parens(inner) => evaluate(inner, scope, diagnostics),
    }
}

/// Reads `value` as a condition; `None` when it is not known.
///
/// # Errors
/// Null, or nothing that converts to bool (TYP-17).
pub fn as_condition(value: &Value) -> Result<Option<bool>, Fault> {
    if value.is_null() {
        return Err(Fault::new("Null condition", "The condition is null; it must be true or false."));
    }
    convert(value, &Type::Bool).map(|converted| converted.as_bool()).map_err(|_| {
        let detail = format!("A condition is a bool, and this {} is neither true nor false.", value.ty().friendly());
        Fault::new("Incorrect condition type", detail).hint("Compare it with something, such as x == \"yes\" or x > 0.")
    })
}

/// Reads `value` as what a conditional goes by; one that is not known may have any type yet.
///
/// # Errors
/// As [`as_condition`], for a known value.
pub fn as_decision(value: &Value) -> Result<Option<bool>, Fault> {
    if value.is_known() { as_condition(value) } else { Ok(None) }
}

fn number(text: &str, expr: &Expr, diagnostics: &mut Diagnostics) -> Value {
    Number::parse(text).map(Value::from).unwrap_or_else(|| {
        let detail = format!("The number {text} is too large or too small to be computed with.");
        diagnostics.push(Diagnostic::error("Invalid number literal", detail).at(expr.span));
        Value::unknown(Type::Number)
    })
}

fn tuple(items: &[Expr], scope: &Scope<'_>, diagnostics: &mut Diagnostics) -> Value {
    // The number is known, so that a long list is made where it stays.
    Value::tuple(items.iter().map(|item| evaluate(item, scope, diagnostics)))
}

fn object(items: &[ObjectItem], scope: &Scope<'_>, diagnostics: &mut Diagnostics) -> Value {
    let mut members = Members::new();
    let mut whole = true;
    let mut sensitive = false;
    for item in items {
        let key = object_key(&item.key, scope, diagnostics);
        let value = evaluate(&item.value, scope, diagnostics);
        match key {
            Some((name, secret)) => {
                sensitive |= secret;
                members.insert(name, value);
            }
            None => whole = false,
        }
    }
    // With a key in the dark nobody can tell which attributes there are.
    if whole { Data::Object(Arc::new(members)).into() } else { Value::unknown(Type::Any) }.sensitive(sensitive)
}

/// Returns a key and whether it is sensitive; `None` when it is not known or was reported.
fn object_key(key: &ObjectKey, scope: &Scope<'_>, diagnostics: &mut Diagnostics) -> Option<(Arc<str>, bool)> {
    let expr = match key {
        ObjectKey::Word(word) => return Some((Arc::clone(&word.text), false)),
        ObjectKey::Expr(expr) => expr,
    };
    if traversal::is_reference(expr) {
        let fault = Fault::new(
            "Ambiguous attribute key",
            "A key with a dot or index is neither a plain word nor an expression. To use a reference as key, write it \
             in parentheses; to use its text, in quotes.",
        );
        diagnostics.push(fault.of(expr, scope));
        return None;
    }
    let value = evaluate(expr, scope, diagnostics);
    if value.is_null() {
        diagnostics.push(Fault::new("Null value as key", "A key of an object cannot be null.").of(expr, scope));
        return None;
    }
    match convert(&value, &Type::String) {
        Ok(converted) => match converted.data() {
            Data::String(text) => Some((Arc::clone(text), value.is_sensitive())),
            _ => None,
        },
        Err(error) => {
            let detail = Fault::sentence("This value cannot be a key of an object", &error);
            diagnostics.push(Fault::new("Incorrect key type", detail).of(expr, scope));
            None
        }
    }
}

fn conditional(condition: &Expr, arms: [&Expr; 2], scope: &Scope<'_>, diagnostics: &mut Diagnostics) -> Value {
    let decision = evaluate(condition, scope, diagnostics);
    let mut said = [Diagnostics::new(), Diagnostics::new()];
    let values = [evaluate(arms[0], scope, &mut said[0]), evaluate(arms[1], scope, &mut said[1])];
    let ty = common_type(&values);
    let chosen = match as_decision(&decision) {
        Ok(known) => known.map(|yes| usize::from(!yes)),
        Err(fault) => {
            diagnostics.push(fault.of(condition, scope));
            return Value::unknown(ty.unwrap_or(Type::Any));
        }
    };
    // What is wrong with the arm that was not taken is nobody's concern; it may be why there is a condition. Its type
    // counts all the same, as far as an arm that failed has one.
    let failed = chosen.is_some_and(|chosen| said[chosen].has_errors());
    if let Some(chosen) = chosen {
        diagnostics.append(std::mem::take(&mut said[chosen]));
    }
    let result = match ty {
        Some(ty) if failed => Ok(Value::unknown(ty)),
        None if failed => Ok(Value::unknown(Type::Any)),
        _ => choose(&values, ty, chosen),
    };
    result
        .unwrap_or_else(|fault| {
            diagnostics.push(fault.spanning(arms[0].span.to(arms[1].span), &[arms[0], arms[1]], scope));
            Value::unknown(Type::Any)
        })
        .sensitive(decision.is_sensitive())
}

/// Returns the chosen value as the type that both have in common, or an unknown of that type.
fn choose(values: &[Value; 2], ty: Option<Type>, chosen: Option<usize>) -> Result<Value, Fault> {
    let ty = ty.ok_or_else(|| inconsistent(values, None))?;
    match chosen {
        None => Ok(Value::unknown(ty).sensitive(values.iter().any(Value::is_sensitive))),
        Some(index) => convert(&values[index], &ty)
            .map(|value| value.sensitive(values[index].is_sensitive()))
            .map_err(|error| inconsistent(values, Some(error.message))),
    }
}

/// Returns the common type; a null without a type takes the other's, and an unknown one leaves it open.
fn common_type(values: &[Value; 2]) -> Option<Type> {
    let [a, b] = values.each_ref().map(|value| value.data());
    match (a, b) {
        (Data::Null(Type::Any), _) => Some(values[1].ty()),
        (_, Data::Null(Type::Any)) => Some(values[0].ty()),
        (Data::Unknown(Type::Any), _) | (_, Data::Unknown(Type::Any)) => Some(Type::Any),
        _ => unify(&[values[0].ty(), values[1].ty()]),
    }
}

fn inconsistent(values: &[Value; 2], reason: Option<String>) -> Fault {
    let [a, b] = values.each_ref().map(|value| value.ty().friendly());
    let reason = match reason {
        Some(reason) => format!("{reason}."),
        None if a == b => format!("both are {a}, but what is inside them differs."),
        None => format!("the first is {a}, the second {b}."),
    };
    Fault::new(
        "Inconsistent conditional result types",
        format!("Both results of a conditional must convert to one type: {reason}"),
    )
}

#[cfg(test)]
mod tests {
    use super::super::testing::{failure, holds, run, summaries, value};
    use super::*;

    // TYP-15, TYP-18
    #[test]
    fn a_conditional_brings_both_arms_to_one_type() {
        assert_eq!(value(r#"true ? 1 : "a""#), Value::from("1"));
        assert_eq!(value("false ? {a = 1} : {b = 2}").ty(), Type::map(Type::Number));
        assert_eq!(value("true ? [1] : [1, 2]").ty(), Type::list(Type::Number));
        assert_eq!(value("false ? null : [\"a\"]"), Value::tuple(["a".into()]));
        assert_eq!(value("true ? null : \"x\""), Value::null(Type::String));
        assert_eq!(value(r#"true ? [1, "a"] : [true]"#).ty(), Type::list(Type::String));
        holds(&[r#"("true" ? "yes" : "no") == "yes""#]);
    }

    // TYP-16, TYP-17
    #[test]
    fn bad_conditions_and_unlike_arms_are_reported() {
        assert_eq!(summaries("null ? 1 : 2"), ["Null condition"]);
        assert_eq!(summaries("1 ? 1 : 2"), ["Incorrect condition type"]);
        assert_eq!(summaries("\"maybe\" ? 1 : 2"), ["Incorrect condition type"]);
        assert_eq!(summaries("true ? true : 1"), ["Inconsistent conditional result types"]);
        assert!(failure("true ? \"a\" : [1]").detail.contains("string, the second tuple"));
    }

    // TYP-17, TYP-36
    #[test]
    fn what_is_wrong_with_the_arm_not_taken_does_not_matter() {
        assert_eq!(value("true ? 1 : [][0]"), Value::from(1));
        assert_eq!(summaries("true ? [][0] : 1"), ["Invalid index"]);
        assert_eq!(value("unknown.bool ? 1 : \"x\""), Value::unknown(Type::String));
        assert_eq!(value("unknown.bool ? 1 : [][0]"), Value::unknown(Type::Any));
    }

    // HCL-109, TYP-25
    #[test]
    fn keys_of_an_object_become_texts_and_the_last_of_two_wins() {
        holds(&[
            r#"{ a = 1, a = 2 } == { a = 2 }"#,
            r#"{ 1.5 = "x", true = "b" } == { "1.5" = "x", "true" = "b" }"#,
            r#"{ (object.b) = 1, "${object.b}-2" : 2 } == { x = 1, x-2 = 2 }"#,
        ]);
        assert_eq!(summaries("{ (null) = 1 }"), ["Null value as key"]);
        assert_eq!(summaries("{ ([1]) = 1 }"), ["Incorrect key type"]);
        assert_eq!(summaries("{ object.b = 1 }"), ["Ambiguous attribute key"]);
        assert_eq!(value("{ (unknown.string) = 1 }"), Value::unknown(Type::Any));
    }

    #[test]
    fn independent_mistakes_are_all_reported() {
        assert_eq!(
            summaries("[nosuch, [][0], { a = 1 }.b]"),
            ["Unknown variable", "Invalid index", "Unsupported attribute"]
        );
        let (value, _) = run("[nosuch, 1]");
        assert_eq!(value, Value::tuple([Value::unknown(Type::Any), 1.into()]));
    }

    #[test]
    fn a_condition_marks_what_it_chose() {
        assert!(value("secret == \"x\" ? 1 : 2").is_sensitive());
        assert!(value("{ (secret) = 1 }").is_sensitive());
        assert!(!value("[secret]").is_sensitive());
    }

    /// The parser nests 250 levels at most; every level of this one holds several of the evaluator's frames.
    #[test]
    fn the_deepest_text_that_parses_evaluates_on_a_small_stack() {
        let deep = (0..60).fold("1".to_owned(), |inner, _| format!("[for x in [{inner}] : true ? x : x if true]"));
        let evaluate = move || value(&deep).is_wholly_known();
        let thread = std::thread::Builder::new().stack_size(2 << 20).spawn(evaluate).expect("a thread starts");
        assert!(thread.join().expect("the stack suffices"));
    }
}
