//! Settings laid over others, as `override` does it.
//!
//! Knows no schema.

use super::{Data, Type, Value};

/// Returns `first` with what `over` says in its place. Null says nothing. Maps and objects are joined; of a list, the
/// elements of `over` take the places of the first ones, and those that are left stay.
///
/// # Source
/// Cases `json/override-of-lists-and-maps` and `engine/override-of-lists-and-maps`.
pub fn overlaid(first: &Value, over: &Value) -> Value {
    if over.is_null() {
        return first.clone();
    }
    if let (Some(old), Some(new)) = (first.as_items(), over.as_items()) {
        let placed = new.iter().enumerate().map(|(index, value)| match old.get(index) {
            Some(old) => overlaid(old, value),
            None => filled(value.clone()),
        });
        let items: Vec<Value> = placed.chain(old.iter().skip(new.len()).cloned()).collect();
        return match first.data() {
            Data::List(element, _) => Value::list(element.clone(), items),
            _ => Value::tuple(items),
        };
    }
    if let (Some(old), Some(new)) = (first.as_members(), over.as_members()) {
        let mut members = old.clone();
        for (name, value) in new {
            let value = old.get(name).map_or_else(|| filled(value.clone()), |old| overlaid(old, value));
            members.insert(name.clone(), value);
        }
        return match first.data() {
            Data::Map(element, _) => Value::map(element.clone(), members),
            _ => Value::object(members),
        };
    }
    over.clone()
}

/// Returns what stands for null inside a list or a map: nothing of its type.
pub fn filled(value: Value) -> Value {
    match (value.is_null(), value.ty()) {
        (true, Type::String) => Value::string(""),
        (true, Type::Number) => Value::from(0),
        (true, Type::Bool) => Value::from(false),
        _ => value,
    }
}
