//! Functions on maps and objects.
//!
//! Both go in the order of their keys.

use std::sync::Arc;

use crate::eval::CallError;
use crate::functions::Shape::{Any, ListOfString, String as Text};
use crate::functions::{Function, Looks, bad, failed, items, nullable, param, text, texts};
use crate::value::convert::convert;
use crate::value::{Data, Members, Type, Value};

/// The functions of this family.
pub const FUNCTIONS: &[Function] = &[
    Function {
        name: "keys",
        params: &[param("inputMap", Any)],
        rest: None,
        returns: Any,
        looks: Looks::Shallow,
        call: |_cx, args| match args[0].data() {
            Data::Map(_, members) => Ok(texts(members.keys())),
            Data::Object(members) => Ok(Value::tuple(members.keys().map(|key| Value::string(key)))),
            _ => bad(0, "must be a map or object"),
        },
        about: "The keys in the order of their bytes: a list for a map, a tuple for an object.",
        examples: &[("keys({ b = 1, a = 2, C = 3 })", r#"["C", "a", "b"]"#)],
    },
    Function {
        name: "values",
        params: &[param("mapping", Any)],
        rest: None,
        returns: Any,
        looks: Looks::Shallow,
        call: |_cx, args| match args[0].data() {
            Data::Map(element, members) => Ok(Value::list(element.clone(), members.values().cloned())),
            Data::Object(members) => Ok(Value::tuple(members.values().cloned())),
            _ => failed("it requires a map or object"),
        },
        about: "The values in the order of their keys.",
        examples: &[(r#"values({ b = 1, a = "x" })"#, r#"["x", 1]"#)],
    },
    Function {
        name: "lookup",
        params: &[param("inputMap", Any), param("key", Text), param("default", Any)],
        rest: None,
        returns: Any,
        looks: Looks::Shallow,
        call: |_cx, args| match args[0].data() {
            _ if !args[0].is_wholly_known() => Ok(Value::unknown(Type::Any)),
            Data::Object(members) => Ok(members.get(text(args, 1)).unwrap_or(&args[2]).clone()),
            // The default has to fit although it may not be needed.
            Data::Map(element, members) => match convert(&args[2], element) {
                Ok(default) => Ok(members.get(text(args, 1)).cloned().unwrap_or(default)),
                Err(error) => bad(2, format!("the default value must have the same type as the map elements: {error}")),
            },
            _ => bad(0, "lookup() requires a map or object as the first argument"),
        },
        about: "The value of `key`, or `default`, which must fit the elements of a map.",
        examples: &[(r#"lookup({ a = "ay", b = 2 }, "b", "none")"#, "2"), (r#"lookup({}, "z", [1])"#, "[1]")],
    },
    Function {
        name: "merge",
        params: &[],
        rest: Some(nullable("maps", Any)),
        returns: Any,
        looks: Looks::Shallow,
        call: |_cx, args| merge(args),
        about: "One map or object with the members of all; the later ones win, nulls are left out.",
        examples: &[(r#"merge({ a = "b", c = 1 }, null, { c = "z" })"#, r#"{ a = "b", c = "z" }"#), ("merge()", "{}")],
    },
    Function {
        name: "zipmap",
        params: &[param("keys", ListOfString), param("values", Any)],
        rest: None,
        returns: Any,
        looks: Looks::Shallow,
        call: |_cx, args| zipmap(items(args, 0), &args[1]),
        about: "A map from a list of keys and a list of values, or an object from a tuple of values.",
        examples: &[(r#"zipmap(["a", "b"], [1, "x"])"#, r#"{ a = 1, b = "x" }"#)],
    },
];

fn merge(args: &[Value]) -> Result<Value, CallError> {
    let mut merged = Members::new();
    for arg in args.iter().filter(|arg| !matches!(arg.data(), Data::Null(Type::Any | Type::Map(_) | Type::Object(_)))) {
        let Some(members) = arg.as_members() else {
            return failed(format!("arguments must be maps or objects, got {}", arg.ty().friendly()));
        };
        merged
            .extend(members.iter().map(|(key, value)| (Arc::clone(key), value.clone().sensitive(arg.is_sensitive()))));
    }
    let mut types = args.iter().filter(|arg| !arg.is_null()).map(Value::ty);
    match types.next() {
        Some(Type::Map(element)) if types.all(|ty| ty == Type::Map(Arc::clone(&element))) => {
            Ok(Value::map((*element).clone(), merged))
        }
        _ => Ok(Value::object(merged)),
    }
}

fn zipmap(keys: &[Value], values: &Value) -> Result<Value, CallError> {
    let (Data::List(_, items) | Data::Tuple(items)) = values.data() else {
        return failed("values argument must be a list or tuple value");
    };
    if !keys.iter().all(Value::is_known) {
        return Ok(Value::unknown(Type::Any));
    }
    if keys.len() != items.len() {
        return failed(format!("number of keys ({}) does not match number of values ({})", keys.len(), items.len()));
    }
    let mut members = Members::new();
    for (key, value) in keys.iter().zip(items.iter()) {
        match key.data() {
            Data::String(key) => members.insert(Arc::clone(key), value.clone().sensitive(values.is_sensitive())),
            _ => return failed("a key must not be null"),
        };
    }
    Ok(match values.data() {
        Data::List(element, _) => Value::map(element.clone(), members),
        _ => Value::object(members),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map(members: &[(&str, i64)]) -> Value {
        Value::map(Type::Number, members.iter().map(|(key, value)| (Arc::from(*key), Value::from(*value))))
    }

    #[test]
    fn maps_of_one_type_merge_to_a_map() {
        // FN-60
        assert_eq!(merge(&[map(&[("a", 1)]), map(&[("a", 2), ("b", 3)])]), Ok(map(&[("a", 2), ("b", 3)])));
        let object = Value::object([(Arc::from("c"), Value::from("x"))]);
        let merged = merge(&[map(&[("a", 1)]), Value::null(Type::Any), object]).unwrap();
        assert_eq!(merged.ty(), Type::object([("a".into(), Type::Number), ("c".into(), Type::String)]));
        assert_eq!(merge(&[]), Ok(Value::object([])));
        assert!(merge(&[Value::tuple([])]).is_err());
        assert!(merge(&[Value::null(Type::list(Type::String))]).is_err());
    }

    #[test]
    fn keys_and_values_must_be_as_many() {
        // FN-68
        let error = zipmap(&["a".into()], &Value::tuple([1.into(), 2.into()])).unwrap_err();
        let message = "number of keys (1) does not match number of values (2)";
        assert_eq!(error, CallError::Failed(message.to_owned()));
        assert_eq!(zipmap(&["a".into()], &Value::list(Type::Number, [1.into()])), Ok(map(&[("a", 1)])));
    }

    #[test]
    fn a_maps_default_has_to_fit() {
        // FN-59
        let function = FUNCTIONS.iter().find(|function| function.name == "lookup").unwrap();
        let cx = crate::functions::standing_still();
        let lookup = |default: Value| (function.call)(&cx, &[map(&[("a", 1)]), "z".into(), default]);
        assert_eq!(lookup("7".into()), Ok(7.into()));
        assert!(matches!(lookup("many".into()), Err(CallError::Argument(2, _))));
        let found = |default: Value| (function.call)(&cx, &[map(&[("a", 1)]), "a".into(), default]);
        assert_eq!(found("7".into()), Ok(1.into()));
        assert!(matches!(found("many".into()), Err(CallError::Argument(2, _))));
    }
}
