//! Names, attributes and indexes.
//!
//! Knows no splat; those use the same steps, element by element.

use super::expr::evaluate as evaluate_expr;
use super::fault::Fault;
use super::scope::Scope;
use crate::diagnostics::{Diagnostic, Diagnostics, Span, did_you_mean};
use crate::syntax::ast::{Expr, ExprKind};
use crate::value::convert::convert;
use crate::value::{Data, Members, Type, Value};

/// Returns what `name` stands for.
pub fn root(name: &str, span: Span, scope: &Scope<'_>, diagnostics: &mut Diagnostics) -> Value {
    if scope.is_sealed() {
        let error = Diagnostic::error("Variables not allowed", "Variables may not be used here.");
        diagnostics.push(error.at(span).hint(Some(QUOTES.to_owned())));
        return Value::unknown(Type::Any);
    }
    scope.variable(name).cloned().unwrap_or_else(|| {
        let detail = format!("There is no variable named {name:?}.");
        let hint = match elsewhere(name, scope).or(did_you_mean(name, scope.names()).map(str::to_owned)) {
            Some(near) => format!("Did you mean {near:?}?"),
            None => QUOTES.to_owned(),
        };
        diagnostics.push(Diagnostic::error("Unknown variable", detail).at(span).hint(Some(hint)));
        Value::unknown(Type::Any)
    })
}

/// What helps where a word that means nothing was probably meant to be a text.
const QUOTES: &str = "If this is a text, put it in quotes.";

/// Returns `var.name` or its like, when one of the objects in scope has a member called `name`.
fn elsewhere(name: &str, scope: &Scope<'_>) -> Option<String> {
    let mut roots = scope.names();
    // `var` before `local`, and both before what only some places know.
    roots.sort_unstable_by_key(|root| (!["var", "local"].contains(root), std::cmp::Reverse(*root)));
    let has = |root: &&&str| {
        scope.variable(root).and_then(Value::as_members).is_some_and(|members| members.contains_key(name))
    };
    roots.iter().find(has).map(|root| format!("{root}.{name}"))
}

/// Evaluates a chain of attributes and indexes.
pub fn evaluate(expr: &Expr, scope: &Scope<'_>, diagnostics: &mut Diagnostics) -> Value {
    // In a loop: a long chain is deep, but needs no stack.
    let mut steps = Vec::new();
    let mut at = expr;
    while let Some(inner) = at.stepped_from() {
        steps.push(at);
        at = inner;
    }
    let mut value = evaluate_expr(at, scope, diagnostics);
    for expr in steps.into_iter().rev() {
        let (result, place) = match &expr.kind {
            ExprKind::Attr(step) => (attribute(&value, &step.name.text), step.name.span),
            ExprKind::LegacyIndex(step) => {
                (element(&value, &Value::string(&step.index)), behind_dot(expr.span, &step.index))
            }
            ExprKind::Index(step) => (element(&value, &evaluate_expr(&step.key, scope, diagnostics)), step.key.span),
            _ => unreachable!("only steps were collected"),
        };
        value = result.unwrap_or_else(|fault| {
            diagnostics.push(fault.spanning(place, &[expr], scope).within(expr.span));
            Value::unknown(Type::Any)
        });
    }
    value
}

/// Returns the place of `key`, with which a legacy index ends.
fn behind_dot(whole: Span, key: &str) -> Span {
    let end = whole.end as usize;
    Span::new(whole.file, end - key.len()..end)
}

/// Whether `expr` is a name with steps behind it.
pub fn is_reference(expr: &Expr) -> bool {
    let mut at = expr;
    let mut steps = 0;
    while let Some(inner) = at.stepped_from() {
        at = inner;
        steps += 1;
    }
    steps > 0 && matches!(at.kind, ExprKind::Variable(_))
}

/// Returns `value.name`.
///
/// # Errors
/// Null, no such attribute or key, or nothing that has attributes (TYP-27).
pub fn attribute(value: &Value, name: &str) -> Result<Value, Fault> {
    let found = match value.data() {
        Data::Null(_) => {
            return Err(Fault::new(
                "Attempt to get attribute from null value",
                format!("This value is null, so there is no attribute {name:?} in it."),
            ));
        }
        Data::Object(members) => members.get(name).cloned().ok_or_else(|| unsupported(name, names_of(members))),
        Data::Map(_, members) => members.get(name).cloned().ok_or_else(|| {
            let detail = format!("This map does not have an element with the key {name:?}.");
            Fault::new("Missing map element", detail).suggest(did_you_mean(name, names_of(members)))
        }),
        Data::Unknown(Type::Any) => Ok(Value::unknown(Type::Any)),
        Data::Unknown(Type::Map(element)) => Ok(Value::unknown((**element).clone())),
        Data::Unknown(Type::Object(object)) => match object.attributes.get(name) {
            Some(ty) => Ok(Value::unknown(ty.clone())),
            None => Err(unsupported(name, object.attributes.keys().map(|name| &**name))),
        },
        _ => Err(no_attributes(value, name)),
    };
    let sensitive = value.is_sensitive();
    found.map(|found| found.sensitive(sensitive)).map_err(|fault| fault.hidden(sensitive))
}

/// Returns `value[key]`.
///
/// # Errors
/// Null, a key of the wrong type, no such element, or nothing that can be indexed (TYP-27, TYP-28).
pub fn element(value: &Value, key: &Value) -> Result<Value, Fault> {
    let sensitive = value.is_sensitive() || key.is_sensitive();
    if value.is_null() {
        return Err(Fault::new("Attempt to index null value", "This value is null, so there is nothing in it."));
    }
    if key.is_null() {
        return Err(invalid_index("A null cannot be used as an index."));
    }
    let found = match value.data() {
        Data::List(ty, items) => at_number(items, ty, key),
        Data::Tuple(items) => at_number(items, &Type::Any, key),
        Data::Map(ty, members) => at_text(members, ty, key),
        Data::Object(members) => at_text(members, &Type::Any, key),
        Data::Unknown(ty) => of_unknown(ty, key),
        _ => Err(no_elements(&value.ty())),
    };
    found.map(|found| found.sensitive(sensitive)).map_err(|fault| fault.hidden(sensitive))
}

/// Returns the unknown element of an unknown value of type `ty`.
fn of_unknown(ty: &Type, key: &Value) -> Result<Value, Fault> {
    Ok(Value::unknown(match ty {
        Type::Any => Type::Any,
        Type::List(element) => number_key(key).map(|_| (**element).clone())?,
        Type::Map(element) => text_key(key).map(|_| (**element).clone())?,
        Type::Tuple(types) => match number_key(key)? {
            None => Type::Any,
            Some(index) => types.get(index).cloned().ok_or_else(|| out_of_range(types.len()))?,
        },
        Type::Object(object) => match text_key(key)?.as_str() {
            None => Type::Any,
            Some(name) => object.attributes.get(name).cloned().ok_or_else(|| no_element(None))?,
        },
        _ => return Err(no_elements(ty)),
    }))
}

fn at_number(items: &[Value], element: &Type, key: &Value) -> Result<Value, Fault> {
    match number_key(key)? {
        None => Ok(Value::unknown(element.clone())),
        Some(index) => items.get(index).cloned().ok_or_else(|| out_of_range(items.len())),
    }
}

fn at_text(members: &Members, element: &Type, key: &Value) -> Result<Value, Fault> {
    let key = text_key(key)?;
    let Some(name) = key.as_str() else { return Ok(Value::unknown(element.clone())) };
    members.get(name).cloned().ok_or_else(|| no_element(did_you_mean(name, names_of(members))))
}

/// Reads a key as a position; `None` when it is not known.
fn number_key(key: &Value) -> Result<Option<usize>, Fault> {
    let converted = convert(key, &Type::Number)
        .map_err(|error| invalid_index(Fault::sentence("A list or tuple is indexed by a number", &error)))?;
    let Some(number) = converted.as_number() else { return Ok(None) };
    match number.as_i64() {
        Some(index) if index < 0 => {
            let shown = if key.is_sensitive() { "(sensitive value)".to_owned() } else { index.to_string() };
            Err(invalid_index(format!(
                "Positions count from 0, so the index {shown} is not in any list; to count from the end, subtract \
                 from its length."
            )))
        }
        Some(index) => Ok(Some(usize::try_from(index).unwrap_or(usize::MAX))),
        None => Err(invalid_index("An index must be a whole number.")),
    }
}

/// Reads a key as a text; the result is known or not.
fn text_key(key: &Value) -> Result<Value, Fault> {
    convert(key, &Type::String)
        .map_err(|error| invalid_index(Fault::sentence("A map or object is indexed by a text", &error)))
}

fn invalid_index(detail: impl Into<String>) -> Fault {
    Fault::new("Invalid index", detail)
}

fn no_elements(ty: &Type) -> Fault {
    match ty {
        Type::Set(_) => invalid_index("The elements of a set have no order and no keys.")
            .hint("Convert the set to a list first, or go through it with a for expression."),
        _ => invalid_index(format!("A {} has no elements.", ty.friendly())),
    }
}

fn out_of_range(length: usize) -> Fault {
    let there = match length {
        0 => "it is empty".to_owned(),
        1 => "it has one element, at index 0".to_owned(),
        _ => format!("its elements have the indexes 0 to {}", length - 1),
    };
    invalid_index(format!("The given index is past the end of this collection: {there}."))
}

fn no_element(near: Option<&str>) -> Fault {
    invalid_index("The given key does not identify an element in this collection value.").suggest(near)
}

fn unsupported<'n>(name: &str, names: impl IntoIterator<Item = &'n str>) -> Fault {
    let names: Vec<&str> = names.into_iter().collect();
    let detail = format!("This object does not have an attribute named {name:?}.");
    let fault = Fault::new("Unsupported attribute", detail);
    match did_you_mean(name, names.iter().copied()) {
        Some(near) => fault.suggest(Some(near)),
        None if names.is_empty() => fault.hint("It has none at all."),
        None if names.len() <= LISTED => {
            let names: Vec<String> = names.iter().map(|name| format!("{name:?}")).collect();
            fault.hint(&format!("It has only {}.", names.join(", ")))
        }
        None => fault,
    }
}

/// How many names are listed when none is near.
const LISTED: usize = 6;

fn no_attributes(value: &Value, name: &str) -> Fault {
    let fault = Fault::new(
        "Unsupported attribute",
        format!("A {} has no attributes, so none {name:?}.", value.ty().friendly()),
    );
    match value.ty() {
        Type::List(_) | Type::Set(_) | Type::Tuple(_) => {
            fault.hint(&format!("To get this attribute of every element, write [*].{name}."))
        }
        _ => fault,
    }
}

fn names_of(members: &Members) -> impl Iterator<Item = &str> {
    members.keys().map(|name| &**name)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{expression, failure, holds, summaries, value, variables};
    use super::super::{NoFunctions, evaluate};
    use super::*;

    // TYP-27, TYP-28
    #[test]
    fn elements_are_found_by_position_key_and_name() {
        holds(&[
            r#"["a", "b"]["1"] == "b""#,
            r#"["a", "b"].0 == "a""#,
            r#"[["a", "b"], ["c", "d"]].1[0] == "c""#,
            r#"{ a = { b = "deep" } }.a.b == "deep""#,
            r#"{ "1" = "one" }[1] == "one""#,
            r#"map.k == 1 && map["l"] == 2 && list[1] == "y""#,
        ]);
    }

    // TYP-27, DIA-35, DIA-36
    #[test]
    fn every_bad_step_has_its_own_error() {
        for (text, summary, part) in [
            ("[\"a\"][1]", "Invalid index", "one element"),
            ("[\"a\"][-1]", "Invalid index", "count from 0"),
            ("[\"a\"][0.5]", "Invalid index", "whole number"),
            ("[\"a\"][\"x\"]", "Invalid index", "a number is required"),
            ("[\"a\"][null]", "Invalid index", "null"),
            ("{ a = 1 }[\"b\"]", "Invalid index", "does not identify an element"),
            ("{ a = 1 }.b", "Unsupported attribute", "attribute named \"b\""),
            ("map.z", "Missing map element", "\"z\""),
            ("set[0]", "Invalid index", "set"),
            ("\"abc\"[0]", "Invalid index", "string"),
            ("\"abc\".x", "Unsupported attribute", "string"),
            ("null.x", "Attempt to get attribute from null value", "null"),
            ("null[0]", "Attempt to index null value", "null"),
            ("nosuch", "Unknown variable", "There is no variable named \"nosuch\"."),
        ] {
            let said = failure(text);
            assert_eq!((said.summary.as_str(), said.detail.contains(part)), (summary, true), "{text}: {said:?}");
        }
    }

    // TYP-42
    #[test]
    fn a_sensitive_position_is_not_shown() {
        let members = Members::from([("n".into(), Value::from(-4711).sensitive(true))]);
        let mut said = Diagnostics::new();
        evaluate(&expression("[1][n]"), &Scope::new(&members, &NoFunctions), &mut said);
        assert!(!format!("{said:?}").contains("4711") && said.has_errors(), "{said:?}");
    }

    // DIA-10
    #[test]
    fn a_near_name_is_suggested() {
        assert_eq!(failure("objct.a").hint.as_deref(), Some("Did you mean \"object\"?"));
        assert_eq!(failure("{ alpha = 1 }.alpa").hint.as_deref(), Some("Did you mean \"alpha\"?"));
        assert_eq!(
            failure("list.name").hint.as_deref(),
            Some("To get this attribute of every element, write [*].name.")
        );
    }

    // TYP-36, TYP-37
    #[test]
    fn steps_into_the_unknown_know_their_type() {
        assert_eq!(value("unknown.object.a"), Value::unknown(Type::Number));
        assert_eq!(value("unknown.list[7]"), Value::unknown(Type::String));
        assert_eq!(value("unknown.any.x.y[0]"), Value::unknown(Type::Any));
        assert_eq!(value("list[unknown.any]"), Value::unknown(Type::String));
        assert_eq!(summaries("unknown.object.zz"), ["Unsupported attribute"]);
        assert_eq!(summaries("list[unknown.list]"), ["Invalid index"]);
    }

    // DIA-4
    #[test]
    fn the_values_that_took_part_are_named() {
        let said = failure("{ a = object }.a[secret]");
        let named = |name: &str, text: &str| (name.to_owned(), text.to_owned());
        assert_eq!(said.values, [named("object", "object with 2 attributes"), named("secret", "\"<sensitive>\"")]);
        assert_eq!(failure("object[object.b]").values[1], named("object.b", "\"x\""));
        assert_eq!(failure("list[9]").values, [named("list", "list of string with 2 elements")]);
    }

    #[test]
    fn the_keys_of_a_sensitive_value_are_not_suggested() {
        assert_eq!(failure("(true ? secret : \"\")[0]").hint, None);
        assert_eq!(failure("(secret == \"\" ? object : { alpha = 1, b = 2 }).alpa").hint, None);
    }

    // DIA-27
    #[test]
    fn a_sealed_scope_has_no_variables() {
        let (members, mut said) = (variables(), Diagnostics::new());
        evaluate(&expression("[object.a]"), &Scope::constants(&members, &NoFunctions), &mut said);
        assert_eq!(said.iter().map(|d| &*d.summary).collect::<Vec<_>>(), ["Variables not allowed"]);
    }
}
