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
    Ok(match (value.data(), value.ty()) {
        (Data::Null(_), _) => {
            let detail = "A null has no elements to go through.";
            return Err(Fault::new("Iteration over null value", detail));
        }
        (Data::List(_, items) | Data::Tuple(items), _) => {
            Some((0..).zip(items.iter()).map(|(index, item)| (Value::from(index), mark(item))).collect())
        }
        (Data::Set(_, items), _) => Some(items.iter().map(|item| (mark(item), mark(item))).collect()),
        (Data::Map(_, members) | Data::Object(members), _) => {
            Some(members.iter().map(|(name, member)| (mark(&Value::string(name)), mark(member))).collect())
        }
        (_, Type::Any | Type::List(_) | Type::Set(_) | Type::Map(_) | Type::Tuple(_) | Type::Object(_)) => None,
        (_, ty) => {
            let detail =
                format!("A {} has no elements; a list, set, map, tuple or object is needed here.", ty.friendly());
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
        Ok(Some(entries)) => entries,
        Ok(None) => return Value::unknown(Type::Any).sensitive(collection.is_sensitive()),
        Err(fault) => {
            diagnostics.push(fault.of(&parts.collection, scope));
            return Value::unknown(Type::Any);
        }
    };
    let mut result = Gathered { whole: true, sensitive: collection.is_sensitive(), ..Gathered::default() };
    for (key, value) in entries {
        let bound = bindings(parts.key_name.as_ref(), &parts.value_name, key, value);
        round(parts, &scope.within(&bound), &mut result, diagnostics);
    }
    result.finish(parts)
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
            Ok(None) => result.whole = false,
            Err(fault) => {
                diagnostics.push(fault.of(condition, scope));
                result.whole = false;
            }
        }
    }
    let Some(key) = &parts.key else {
        result.items.push(evaluate_expr(&parts.value, scope, diagnostics));
        return;
    };
    let name = key_of(key, scope, result, diagnostics);
    let value = evaluate_expr(&parts.value, scope, diagnostics);
    let Some(name) = name else {
        result.whole = false;
        return;
    };
    let values = result.members.entry(Arc::clone(&name)).or_default();
    // After an unknown condition nobody knows whether two equal keys would meet.
    if !values.is_empty() && !parts.grouping && result.whole {
        let shown = if result.sensitive { "(sensitive value)".to_owned() } else { format!("{name:?}") };
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
