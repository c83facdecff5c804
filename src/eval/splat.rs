//! `source[*].name` and `source.*.name`: the same steps for every element.
//!
//! Which steps belong to the splat was decided by the parser.

use super::expr::evaluate as evaluate_expr;
use super::fault::Fault;
use super::scope::Scope;
use super::traversal::{attribute, element};
use crate::diagnostics::{Diagnostics, Span};
use crate::syntax::ast::{Splat, SplatStep};
use crate::value::{Data, Type, Value};

/// Evaluates a splat: a list or set gives a list, a tuple a tuple, a single value a tuple of one, null an empty one.
///
/// # Source
/// TYP-29.
pub fn evaluate(splat: &Splat, scope: &Scope<'_>, diagnostics: &mut Diagnostics) -> Value {
    let source = evaluate_expr(&splat.source, scope, diagnostics);
    let steps = prepare(&splat.each, scope, diagnostics);
    let place = splat.source.span;
    spread(&source, &steps, splat.star, &mut |fault, span| {
        diagnostics.push(fault.spanning(span, &[&splat.source], scope).within(place.to(span)));
    })
}

/// A step with its key evaluated, once for all elements.
enum Step<'s> {
    Attribute(&'s str, Span),
    Element(Value, Span),
    Splat(Vec<Step<'s>>, Span),
}

type Report<'r> = &'r mut dyn FnMut(Fault, Span);

fn prepare<'s>(steps: &'s [SplatStep], scope: &Scope<'_>, diagnostics: &mut Diagnostics) -> Vec<Step<'s>> {
    let mut prepared = Vec::with_capacity(steps.len());
    for step in steps {
        prepared.push(match step {
            SplatStep::Attr(name) => Step::Attribute(&name.text, name.span),
            SplatStep::LegacyIndex(key, span) => Step::Element(Value::string(key), *span),
            SplatStep::Index(key, span) => Step::Element(evaluate_expr(key, scope, diagnostics), *span),
            SplatStep::Splat { each, star, .. } => Step::Splat(prepare(each, scope, diagnostics), *star),
        });
    }
    prepared
}

/// Takes `steps` from every element of `source`; `place` is the star.
fn spread(source: &Value, steps: &[Step<'_>], place: Span, report: Report<'_>) -> Value {
    let result = match source.data() {
        Data::Null(Type::List(_) | Type::Set(_) | Type::Tuple(_)) => {
            let detail = "This sequence is null, so there are no elements to take.";
            report(Fault::new("Splat of null value", detail), place);
            Value::unknown(Type::Any)
        }
        Data::Null(_) => Value::tuple([]),
        Data::List(ty, items) | Data::Set(ty, items) => {
            // Without elements only the type can tell that a step leads nowhere.
            let silent: Report<'_> = &mut |_, _| {};
            let element =
                follow(&Value::unknown(ty.clone()), steps, if items.is_empty() { &mut *report } else { silent });
            let element = element.ty();
            let values: Vec<Value> = items.iter().map(|item| follow(item, steps, report)).collect();
            if values.iter().all(|value| value.ty() == element) {
                Value::list(element, values)
            } else {
                Value::tuple(values)
            }
        }
        Data::Tuple(items) => Value::tuple(items.iter().map(|item| follow(item, steps, report))),
        Data::Unknown(Type::List(ty) | Type::Set(ty)) => {
            let element = follow(&Value::unknown((**ty).clone()), steps, report);
            Value::unknown(Type::list(element.ty()))
        }
        Data::Unknown(Type::Tuple(types)) => {
            Value::tuple(types.iter().map(|ty| follow(&Value::unknown(ty.clone()), steps, report)))
        }
        // It may turn out to be null, and then nothing is in it; what nothing of its type has is wrong in any case.
        Data::Unknown(_) => {
            follow(source, steps, report);
            Value::unknown(Type::Any)
        }
        _ => Value::tuple([follow(source, steps, report)]),
    };
    result.sensitive(source.is_sensitive())
}

/// Takes `steps` from one element.
fn follow(item: &Value, steps: &[Step<'_>], report: Report<'_>) -> Value {
    let mut value = item.clone();
    for step in steps {
        let (result, span) = match step {
            Step::Attribute(name, span) => (attribute(&value, name), *span),
            Step::Element(key, span) => (element(&value, key), *span),
            Step::Splat(inner, span) => (Ok(spread(&value, inner, *span, report)), *span),
        };
        match result {
            Ok(next) => value = next,
            Err(fault) => {
                report(fault, span);
                return Value::unknown(Type::Any);
            }
        }
    }
    value
}

#[cfg(test)]
mod tests {
    use super::super::testing::{holds, summaries, value};
    use super::*;

    const FOLKS: &str = r#"[{ name = "ann", tags = ["x", "y"] }, { name = "bob", tags = ["z"] }]"#;

    fn folks(rest: &str) -> Value {
        value(&format!("{FOLKS}{rest}"))
    }

    // TYP-29
    #[test]
    fn steps_are_taken_from_every_element() {
        assert_eq!(folks("[*].name"), Value::tuple(["ann".into(), "bob".into()]));
        assert_eq!(folks(".*.name"), folks("[*].name"));
        assert_eq!(folks("[*].tags[0]"), Value::tuple(["x".into(), "z".into()]));
        assert_eq!(folks(".*.tags[0]"), Value::tuple(["x".into(), "y".into()]));
        assert_eq!(folks("[*].tags[*]"), folks("[*].tags"));
    }

    // TYP-29
    #[test]
    fn single_values_are_wrapped_and_null_gives_nothing() {
        holds(&[
            r#"{ name = "solo" }[*].name == ["solo"]"#,
            r#""solo"[*] == ["solo"]"#,
            "null[*] == []",
            "[][*].name == []",
        ]);
        assert_eq!(value("set[*]"), Value::list(Type::String, ["a".into(), "b".into()]));
        assert_eq!(summaries("null_list[*]"), ["Splat of null value"]);
        assert_eq!(summaries("[{ a = 1 }, { b = 2 }][*].a"), ["Unsupported attribute"]);
    }

    // TYP-36
    #[test]
    fn unknown_elements_keep_their_type() {
        assert_eq!(value("unknown.list[*]"), Value::unknown(Type::list(Type::String)));
        assert_eq!(value("[unknown.object][*].a"), Value::tuple([Value::unknown(Type::Number)]));
        assert_eq!(value("unknown.string[*]"), Value::unknown(Type::Any));
        assert!(value("secret[*]").is_sensitive());
    }
}
