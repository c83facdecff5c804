//! `for` expressions, and what may be gone through.
//!
//! Template directives and `dynamic` blocks go through collections in the same way.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::expr::evaluate as evaluate_expr;
use super::fault::Fault;
use super::scope::Scope;
use crate::diagnostics::Diagnostics;
use crate::syntax::ast::{Expr, For, Ident};
use crate::value::convert::convert;
use crate::value::{Data, Members, Type, Value};

/// Returns the elements of `value` with their keys: position, name, or for a set the element itself.
/// `None` when they are not known.
///
/// # Errors
/// Null, or nothing that has elements (TYP-30).
pub fn entries(value: &Value) -> Result<Option<Vec<(Value, Value)>>, Fault> {
    let mark = |element: &Value| element.clone().sensitive(value.is_sensitive());
    Ok(match value.data() {
        Data::Null(_) => {
            let detail = "A null has no elements to go through.";
            return Err(Fault::new("Iteration over null value", detail));
        }
        Data::List(_, items) | Data::Tuple(items) => {
            Some((0..).zip(items.iter()).map(|(index, item)| (Value::from(index), mark(item))).collect())
        }
        Data::Set(_, items) => Some(items.iter().map(|item| (mark(item), mark(item))).collect()),
        Data::Map(_, members) | Data::Object(members) => {
            Some(members.iter().map(|(name, member)| (mark(&Value::string(name)), mark(member))).collect())
        }
        Data::Unknown(ty) if !matches!(ty, Type::Bool | Type::Number | Type::String) => None,
        _ => {
            let kind = value.ty().friendly();
            let detail = format!("A {kind} has no elements; a list, set, map, tuple or object is needed here.");
            return Err(Fault::new("Iteration over non-iterable value", detail));
        }
    })
}

/// Returns the names that one round binds.
pub fn bindings(key_name: Option<&Ident>, value_name: &Ident, key: Value, value: Value) -> Members {
    let mut bound = Members::new();
    if let Some(name) = key_name {
        bound.insert(Arc::clone(&name.text), key);
    }
    bound.insert(Arc::clone(&value_name.text), value);
    bound
}

/// Evaluates `[for …]` and `{for …}`.
pub fn evaluate(parts: &For, scope: &Scope<'_>, diagnostics: &mut Diagnostics) -> Value {
    let collection = evaluate_expr(&parts.collection, scope, diagnostics);
    let entries = match entries(&collection) {
        Ok(entries) => entries,
        Err(fault) => {
            diagnostics.push(fault.of(&parts.collection, scope));
            return Value::unknown(Type::Any);
        }
    };
    let unknown = Value::unknown(Type::Any).sensitive(collection.is_sensitive());
    if !has_sound_condition(parts, scope, diagnostics) {
        return unknown;
    }
    let Some(entries) = entries else { return unknown };
    let mut result = Gathered { whole: true, sensitive: collection.is_sensitive(), ..Gathered::default() };
    for (key, value) in entries {
        let bound = bindings(parts.key_name.as_ref(), &parts.value_name, key, value);
        round(parts, &scope.within(&bound), &mut result, diagnostics);
    }
    result.finish(parts)
}

/// Whether the condition can be one, whatever the elements are; reports why not, once for all rounds and also for none.
fn has_sound_condition(parts: &For, scope: &Scope<'_>, diagnostics: &mut Diagnostics) -> bool {
    let Some(condition) = &parts.condition else { return true };
    let unknown = || Value::unknown(Type::Any);
    let bound = bindings(parts.key_name.as_ref(), &parts.value_name, unknown(), unknown());
    let inner = scope.within(&bound);
    let mut found = Diagnostics::new();
    let decision = evaluate_expr(condition, &inner, &mut found);
    if let Err(fault) = super::expr::as_condition(&decision)
        && !found.has_errors()
    {
        found.push(fault.of(condition, &inner));
    }
    let is_sound = !found.has_errors();
    diagnostics.append(found);
    is_sound
}

/// What the rounds gave so far.
#[derive(Default)]
struct Gathered {
    items: Vec<Value>,
    members: BTreeMap<Arc<str>, Vec<Value>>,
    /// Whether every condition and key was known.
    whole: bool,
    sensitive: bool,
}

impl Gathered {
    fn finish(self, parts: &For) -> Value {
        let result = if !self.whole {
            Value::unknown(Type::Any)
        } else if parts.key.is_none() {
            Value::tuple(self.items)
        } else if parts.grouping {
            Value::object(self.members.into_iter().map(|(name, values)| (name, Value::tuple(values))))
        } else {
            Value::object(
                self.members.into_iter().filter_map(|(name, values)| Some((name, values.into_iter().next()?))),
            )
        };
        result.sensitive(self.sensitive)
    }
}

fn round(parts: &For, scope: &Scope<'_>, result: &mut Gathered, diagnostics: &mut Diagnostics) {
    if let Some(condition) = &parts.condition {
        let decision = evaluate_expr(condition, scope, diagnostics);
        result.sensitive |= decision.is_sensitive();
        match super::expr::as_condition(&decision) {
            Ok(Some(true)) => {}
            Ok(Some(false)) => return,
            // What the condition may yet keep out need not work.
            Ok(None) => {
                result.whole = false;
                return;
            }
            Err(fault) => {
                diagnostics.push(fault.of(condition, scope));
                result.whole = false;
                return;
            }
        }
    }
    let Some(key) = &parts.key else {
        result.items.push(evaluate_expr(&parts.value, scope, diagnostics));
        return;
    };
    let name = key_of(key, scope, result, diagnostics);
    let Some(name) = name else {
        result.whole = false;
        return;
    };
    let value = evaluate_expr(&parts.value, scope, diagnostics);
    let values = result.members.entry(Arc::clone(&name)).or_default();
    // After an unknown key nobody knows whether two equal keys would meet.
    if !values.is_empty() && !parts.grouping && result.whole {
        let shown = if result.sensitive { "<sensitive>".to_owned() } else { format!("{name:?}") };
        let detail =
            format!("Two items gave the key {shown}. To gather all values of a key, put ... behind the value.");
        diagnostics.push(Fault::new("Duplicate object key", detail).of(key, scope));
    }
    values.push(value);
}

/// Returns the key of a round; `None` when it is not known or was reported.
fn key_of(expr: &Expr, scope: &Scope<'_>, result: &mut Gathered, diagnostics: &mut Diagnostics) -> Option<Arc<str>> {
    let key = evaluate_expr(expr, scope, diagnostics);
    result.sensitive |= key.is_sensitive();
    if key.is_null() {
        diagnostics.push(Fault::new("Invalid object key", "A key of an object cannot be null.").of(expr, scope));
        return None;
    }
    match convert(&key, &Type::String) {
        Ok(converted) => converted.as_str().map(Arc::from),
        Err(error) => {
            let detail = Fault::sentence("This value cannot be a key of an object", &error);
            diagnostics.push(Fault::new("Invalid object key", detail).of(expr, scope));
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{failure, holds, summaries, value};
    use super::*;

    // TYP-30
    #[test]
    fn for_goes_through_every_kind_of_collection() {
        holds(&[
            r#"[for x in list : "${x}!"] == ["x!", "y!"]"#,
            r#"[for i, x in list : i] == [0, 1]"#,
            r#"[for k, v in { b = 1, a = 2 } : "${k}${v}"] == ["a2", "b1"]"#,
            r#"[for k, v in set : k == v] == [true, true]"#,
            r#"{ for k, v in map : v => k if v > 1 } == { "2" = "l" }"#,
            r#"{ for w in ["a", "bb", "a"] : w => 1... } == { a = [1, 1], bb = [1] }"#,
            r#"[for list in ["in"] : list] == ["in"]"#,
        ]);
    }

    // TYP-30
    #[test]
    fn bad_sources_and_keys_are_reported() {
        assert_eq!(summaries("[for x in null : x]"), ["Iteration over null value"]);
        assert_eq!(summaries("[for x in 5 : x]"), ["Iteration over non-iterable value"]);
        assert_eq!(summaries("{ for x in [1] : null => x }"), ["Invalid object key"]);
        assert_eq!(summaries("{ for x in [1] : [x] => x }"), ["Invalid object key"]);
        assert_eq!(summaries("[for x in [1] : x if null]"), ["Null condition"]);
        let twice = failure("{ for x in [\"a\", \"a\"] : x => 1 }");
        assert_eq!((&*twice.summary, twice.detail.contains("key \"a\"")), ("Duplicate object key", true));
        assert!(twice.values.contains(&("x".to_owned(), "\"a\"".to_owned())));
    }

    #[test]
    fn a_sensitive_key_is_not_shown() {
        let said = failure("{ for x in [secret, secret] : x => 1 }");
        assert!(!format!("{said:?}").contains("hunter2"));
    }

    // TYP-36
    #[test]
    fn what_cannot_be_counted_is_unknown_as_a_whole() {
        assert_eq!(value("[for x in unknown.list : x]"), Value::unknown(Type::Any));
        assert_eq!(value("[for x in [1] : x if unknown.bool]"), Value::unknown(Type::Any));
        assert_eq!(value("{ for x in [1] : unknown.string => x }"), Value::unknown(Type::Any));
        assert_eq!(value("[for x in [1] : unknown.string]"), Value::tuple([Value::unknown(Type::String)]));
        assert_eq!(summaries("[for x in unknown.string : x]"), ["Iteration over non-iterable value"]);
    }
}
