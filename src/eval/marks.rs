//! What eval asks of whole values: marks inside, and stand-ins for what is not known.
//!
//! Knows no expression.

use crate::value::{Data, Members, Type, Value};

/// Whether `value` or anything in it is sensitive.
pub fn is_sensitive_within(value: &Value) -> bool {
    value.is_sensitive()
        || value.as_items().is_some_and(|items| items.iter().any(is_sensitive_within))
        || value.as_members().is_some_and(|members| members.values().any(is_sensitive_within))
}

/// Returns `value` with everything unknown replaced by what a component can read.
///
/// A text becomes `<unknown>`, a number 0, a bool false, a collection an empty one; in depth.
///
/// # Source
/// HCL-96.
pub fn placeholder(value: &Value) -> Value {
    if value.is_wholly_known() {
        return value.clone();
    }
    let all = |items: &[Value]| items.iter().map(placeholder).collect::<Vec<Value>>();
    let members = |members: &Members| {
        members.iter().map(|(name, member)| (name.clone(), placeholder(member))).collect::<Vec<_>>()
    };
    let replaced = match value.data() {
        Data::Unknown(ty) => stand_in(ty),
        Data::List(element, items) => Value::list(element.clone(), all(items)),
        Data::Set(element, items) => Value::set(element.clone(), all(items)),
        Data::Map(element, inner) => Value::map(element.clone(), members(inner)),
        Data::Tuple(items) => Value::tuple(all(items)),
        Data::Object(inner) => Value::object(members(inner)),
        _ => value.clone(),
    };
    replaced.sensitive(value.is_sensitive())
}

fn stand_in(ty: &Type) -> Value {
    match ty {
        Type::Any | Type::String => Value::from("<unknown>"),
        Type::Number => Value::from(0),
        Type::Bool => Value::from(false),
        Type::List(element) => Value::list((**element).clone(), []),
        Type::Set(element) => Value::set((**element).clone(), []),
        Type::Map(element) => Value::map((**element).clone(), []),
        Type::Tuple(_) => Value::tuple([]),
        Type::Object(_) => Value::object([]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // HCL-96
    #[test]
    fn unknowns_become_what_a_component_can_read() {
        let value = Value::tuple([
            Value::unknown(Type::String),
            Value::unknown(Type::Number),
            Value::unknown(Type::Bool),
            Value::unknown(Type::list(Type::String)),
            Value::from("kept").sensitive(true),
        ]);
        let expected = Value::tuple([
            Value::from("<unknown>"),
            Value::from(0),
            Value::from(false),
            Value::list(Type::String, []),
            Value::from("kept").sensitive(true),
        ]);
        assert_eq!(placeholder(&value), expected);
    }
}
