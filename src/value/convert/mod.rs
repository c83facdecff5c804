//! Conversion of values to types (TYP-8 … TYP-26).
//!
//! A value of a known type is checked by its type first, so that unknown and null values fail the same way.

mod unify;

use std::fmt;
use std::sync::Arc;

use super::{Data, Members, Number, ObjectType, Type, Value};

pub use unify::{unify, unify_values};

/// Why a value cannot become a type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConvertError {
    /// The reason with its path in front, as people read it: `element "b": string required`.
    pub message: String,
}

impl ConvertError {
    fn new(message: impl Into<String>) -> ConvertError {
        ConvertError { message: message.into() }
    }

    fn required(ty: &Type) -> ConvertError {
        ConvertError::new(format!("{} required", ty.friendly_constraint()))
    }

    /// Says in which part it happened.
    fn within(self, part: impl fmt::Display) -> ConvertError {
        ConvertError::new(format!("{part}: {}", self.message))
    }
}

impl fmt::Display for ConvertError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for ConvertError {}

/// Converts `value` to `ty`; `Any` inside `ty` takes what is there.
///
/// Nulls and unknown values become null and unknown of the new type; marks stay, also those of inner values. Attributes
/// that `ty` does not name are dropped; optional ones that are missing become null of their type.
///
/// # Errors
/// The first misfit, depth first.
///
/// # Source
/// TYP-8 … TYP-11, TYP-18 … TYP-26; cases `types/*`, `functions/convert-*`.
pub fn convert(value: &Value, ty: &Type) -> Result<Value, ConvertError> {
    let converted = match (value.data(), ty) {
        (_, Type::Any)
        | (Data::Bool(_), Type::Bool)
        | (Data::Number(_), Type::Number)
        | (Data::String(_), Type::String) => return Ok(value.clone()),
        (Data::Null(from), _) => Value::null(check(from, ty)?),
        (Data::Unknown(from), _) => Value::unknown(check(from, ty)?),
        (Data::Bool(bool), Type::String) => Value::from(if *bool { "true" } else { "false" }),
        (Data::Number(number), Type::String) => Value::string(&number.to_string()),
        (Data::String(text), Type::Number) => {
            Number::from_text(text).map(Value::from).ok_or_else(|| ConvertError::new("a number is required"))?
        }
        (Data::String(text), Type::Bool) => Value::from(bool_from_text(text)?),
        (Data::List(_, items) | Data::Set(_, items), Type::List(element) | Type::Set(element)) => {
            collect(value, items, element, ty)?
        }
        (Data::Tuple(items), Type::List(element) | Type::Set(element)) => collect(value, items, element, ty)?,
        (Data::Tuple(items), Type::Tuple(elements)) => {
            check_length(items.len(), elements.len())?;
            let pairs = items.iter().zip(elements.iter()).enumerate();
            Value::tuple(pairs.map(|(i, (v, t))| element(i, convert(v, t))).collect::<Result<Vec<_>, _>>()?)
        }
        (Data::Map(_, members) | Data::Object(members), Type::Map(inner)) => {
            let converted =
                members.iter().map(|(key, value)| Ok((Arc::clone(key), named("element", key, convert(value, inner))?)));
            let converted = converted.collect::<Result<Members, _>>()?;
            let (inner, values) = agree(inner, "map", converted.values().cloned().collect())?;
            Value::map(inner, converted.into_keys().zip(values))
        }
        (Data::Object(members), Type::Object(object)) => structure(members, object, None)?,
        (Data::Map(from, members), Type::Object(object)) => structure(members, object, Some(from))?,
        _ => return Err(ConvertError::required(ty)),
    };
    Ok(converted.sensitive(value.is_sensitive()))
}

/// Returns the type that a value of type `from` has once it is converted to `to`.
///
/// # Errors
/// No value of `from` can become `to`. That it can does not say that each does: a text may be no number.
pub fn check(from: &Type, to: &Type) -> Result<Type, ConvertError> {
    match (from, to) {
        (_, Type::Any) => Ok(from.clone()),
        (Type::Any, _) => Ok(to.without_optional()),
        (Type::Bool | Type::Number | Type::String, Type::String)
        | (Type::Number | Type::String, Type::Number)
        | (Type::Bool | Type::String, Type::Bool) => Ok(to.clone()),
        (Type::List(inner) | Type::Set(inner), Type::List(element) | Type::Set(element)) => {
            let kind = if matches!(to, Type::List(_)) { "list" } else { "set" };
            let inner = check(inner, element).map_err(|e| e.within(format!("incorrect {kind} element type")))?;
            Ok(collection(to, inner))
        }
        (Type::Tuple(inner), Type::List(target) | Type::Set(target)) => {
            let checked = inner.iter().enumerate().map(|(i, from)| element(i, check(from, target)));
            Ok(collection(to, agree_types(target, to, checked.collect::<Result<_, _>>()?)?))
        }
        (Type::Tuple(inner), Type::Tuple(elements)) => {
            check_length(inner.len(), elements.len())?;
            let pairs = inner.iter().zip(elements.iter()).enumerate();
            Ok(Type::Tuple(pairs.map(|(i, (a, b))| element(i, check(a, b))).collect::<Result<_, _>>()?))
        }
        (Type::Map(inner), Type::Map(element)) => {
            Ok(Type::map(check(inner, element).map_err(|e| e.within("incorrect map element type"))?))
        }
        (Type::Object(object), Type::Map(element)) => {
            let checked = object.attributes.iter().map(|(key, from)| named("element", key, check(from, element)));
            Ok(Type::map(agree_types(element, to, checked.collect::<Result<_, _>>()?)?))
        }
        (Type::Map(inner), Type::Object(object)) => {
            let attributes = object.attributes.iter();
            let checked =
                attributes.map(|(name, ty)| Ok((Arc::clone(name), named("attribute", name, check(inner, ty))?)));
            Ok(Type::object(checked.collect::<Result<Vec<_>, _>>()?))
        }
        (Type::Object(from), Type::Object(object)) => {
            check_attributes(object, |name| from.attributes.contains_key(name))?;
            let checked = object.attributes.iter().map(|(name, ty)| {
                let inner = from.attributes.get(name).map_or_else(|| Ok(ty.without_optional()), |from| check(from, ty));
                Ok((Arc::clone(name), named("attribute", name, inner)?))
            });
            Ok(Type::object(checked.collect::<Result<Vec<_>, _>>()?))
        }
        _ => Err(ConvertError::required(to)),
    }
}

fn bool_from_text(text: &str) -> Result<bool, ConvertError> {
    match text {
        "true" | "1" => Ok(true),
        "false" | "0" => Ok(false),
        "True" | "TRUE" => Err(ConvertError::new("a bool is required; to convert from string, use lowercase \"true\"")),
        "False" | "FALSE" => {
            Err(ConvertError::new("a bool is required; to convert from string, use lowercase \"false\""))
        }
        _ => Err(ConvertError::new("a bool is required")),
    }
}

/// Makes the list or set that `ty` asks for.
fn collect(value: &Value, items: &[Value], inner: &Type, ty: &Type) -> Result<Value, ConvertError> {
    let converted = items.iter().enumerate().map(|(i, item)| element(i, convert(item, inner)));
    let converted = converted.collect::<Result<Vec<_>, _>>()?;
    // Without elements only the type tells what they would be.
    if let (true, Data::List(from, _) | Data::Set(from, _)) = (converted.is_empty(), value.data()) {
        let inner = check(from, inner)?;
        return Ok(if matches!(ty, Type::Set(_)) { Value::set(inner, []) } else { Value::list(inner, []) });
    }
    if matches!(ty, Type::Set(_)) {
        let (inner, converted) = agree(inner, "set", converted)?;
        Ok(Value::set(inner, converted))
    } else {
        let (inner, converted) = agree(inner, "list", converted)?;
        Ok(Value::list(inner, converted))
    }
}

/// Brings `items`, which were converted to `inner`, to one type where `inner` left that open (TYP-19).
fn agree(inner: &Type, kind: &str, items: Vec<Value>) -> Result<(Type, Vec<Value>), ConvertError> {
    if !inner.has_any() {
        return Ok((inner.without_optional(), items));
    }
    if items.is_empty() {
        return Ok((inner.without_optional(), items));
    }
    let disagree = || ConvertError::new(format!("all {kind} elements must have the same type"));
    let types: Vec<Type> = items.iter().map(Value::ty).collect();
    let common = match (kind, inner) {
        // A null of no type goes with what is simple, and in a map with everything.
        ("map", _) => unify_values(&items),
        (_, Type::Any) => unify(&types).filter(|ty| *ty != Type::Any || types.iter().all(|ty| *ty == Type::Any)),
        // What is open deeper inside of a set is not brought to one type.
        ("set", _) => types.first().filter(|first| types.iter().all(|ty| ty == *first)).cloned(),
        _ => unify(&types),
    };
    let common = common.ok_or_else(disagree)?;
    let items = items.iter().map(|item| convert(item, &common)).collect::<Result<_, _>>();
    Ok((common, items.map_err(|_| disagree())?))
}

/// As [`agree`], for types.
fn agree_types(inner: &Type, to: &Type, types: Vec<Type>) -> Result<Type, ConvertError> {
    if !inner.has_any() || types.is_empty() {
        return Ok(inner.without_optional());
    }
    let kind = match to {
        Type::Set(_) => "set",
        Type::Map(_) => "map",
        _ => "list",
    };
    unify(&types).ok_or_else(|| ConvertError::new(format!("all {kind} elements must have the same type")))
}

fn collection(like: &Type, element: Type) -> Type {
    if matches!(like, Type::Set(_)) { Type::set(element) } else { Type::list(element) }
}

/// Makes the object that `object` asks for from `members`, which are of one type `from` if they stood in a map.
fn structure(members: &Members, object: &ObjectType, from: Option<&Type>) -> Result<Value, ConvertError> {
    check_attributes(object, |name| members.contains_key(name))?;
    let attributes = object.attributes.iter().map(|(name, ty)| {
        let converted = match members.get(name) {
            Some(value) => convert(value, ty),
            None => from.map_or_else(|| Ok(ty.without_optional()), |from| check(from, ty)).map(Value::null),
        };
        Ok((Arc::clone(name), named("attribute", name, converted)?))
    });
    Ok(Value::object(attributes.collect::<Result<Vec<_>, _>>()?))
}

/// Checks that nothing required is missing.
fn check_attributes(object: &ObjectType, has: impl Fn(&str) -> bool) -> Result<(), ConvertError> {
    let required = object.attributes.keys().filter(|name| !object.optional.contains(*name));
    let missing: Vec<String> = required.filter(|name| !has(name)).map(|name| format!("{name:?}")).collect();
    match missing.as_slice() {
        [] => Ok(()),
        [one] => Err(ConvertError::new(format!("attribute {one} is required"))),
        [first, second] => Err(ConvertError::new(format!("attributes {first} and {second} are required"))),
        [most @ .., last] => Err(ConvertError::new(format!("attributes {}, and {last} are required", most.join(", ")))),
    }
}

fn check_length(got: usize, wanted: usize) -> Result<(), ConvertError> {
    if got == wanted {
        return Ok(());
    }
    Err(ConvertError::new(format!("tuple of length {wanted} required, not of length {got}")))
}

fn element<T>(index: usize, result: Result<T, ConvertError>) -> Result<T, ConvertError> {
    result.map_err(|e| e.within(format_args!("element {index}")))
}

fn named<T>(part: &str, name: &str, result: Result<T, ConvertError>) -> Result<T, ConvertError> {
    result.map_err(|e| e.within(format_args!("{part} {name:?}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn object(members: &[(&str, Value)]) -> Value {
        Value::object(members.iter().map(|(name, value)| (Arc::from(*name), value.clone())))
    }

    fn object_type(attributes: &[(&str, Type)], optional: &[&str]) -> Type {
        Type::Object(Arc::new(ObjectType {
            attributes: attributes.iter().map(|(name, ty)| (Arc::from(*name), ty.clone())).collect(),
            optional: optional.iter().map(|name| Arc::from(*name)).collect(),
        }))
    }

    fn refusal(value: impl Into<Value>, ty: &Type) -> String {
        convert(&value.into(), ty).expect_err("no such conversion").message
    }

    #[test]
    fn primitives_convert_through_text_only() {
        // TYP-8 … TYP-11
        assert_eq!(convert(&"0".into(), &Type::Bool), Ok(false.into()));
        assert_eq!(convert(&true.into(), &Type::String), Ok("true".into()));
        assert_eq!(convert(&"1e3".into(), &Type::Number), Ok(1000.into()));
        assert_eq!(refusal("", &Type::Number), "a number is required");
        assert_eq!(refusal("yes", &Type::Bool), "a bool is required");
        assert!(refusal("True", &Type::Bool).contains("lowercase \"true\""));
        assert_eq!(refusal(1, &Type::Bool), "bool required");
        assert_eq!(refusal(true, &Type::Number), "number required");
        assert_eq!(refusal("a", &Type::list(Type::String)), "list of string required");
    }

    #[test]
    fn list_of_any_takes_one_type_for_all() {
        // TYP-19
        let mixed = Value::tuple([1.into(), "a".into(), true.into()]);
        let expected = Value::list(Type::String, ["1", "a", "true"].map(Value::from));
        assert_eq!(convert(&mixed, &Type::list(Type::Any)), Ok(expected));
        let message = "all list elements must have the same type";
        assert_eq!(refusal(Value::tuple([1.into(), Value::tuple([])]), &Type::list(Type::Any)), message);
        let with_null = Value::tuple([Value::null(Type::Any), 1.into()]);
        let expected = Value::list(Type::Number, [Value::null(Type::Number), 1.into()]);
        assert_eq!(convert(&with_null, &Type::list(Type::Any)), Ok(expected));
        let with_null = Value::tuple([Value::null(Type::Any), Value::tuple([])]);
        assert_eq!(refusal(with_null, &Type::list(Type::Any)), message);
        let nested = Value::tuple([Value::tuple([1.into()]), Value::tuple(["a".into()])]);
        assert!(convert(&nested, &Type::list(Type::list(Type::Any))).is_ok());
        assert!(convert(&nested, &Type::set(Type::list(Type::Any))).is_err());
        let different = Value::tuple([object(&[("a", 1.into())]), object(&[("b", "x".into())])]);
        assert_eq!(
            convert(&different, &Type::list(Type::Any)).map(|v| v.ty()),
            Ok(Type::list(Type::map(Type::String)))
        );
    }

    #[test]
    fn errors_name_the_part() {
        // TYP-21 … TYP-23
        let bad = object(&[("b", Value::tuple([]))]);
        assert_eq!(refusal(bad, &Type::map(Type::String)), "element \"b\": string required");
        let wanted = object_type(&[("b", Type::String), ("c", Type::String)], &["c"]);
        assert_eq!(refusal(object(&[("a", 1.into())]), &wanted), "attribute \"b\" is required");
        let nested = object(&[("b", object(&[]))]);
        assert_eq!(refusal(nested, &wanted), "attribute \"b\": string required");
        let list = Value::list(Type::String, ["a".into()]);
        assert_eq!(refusal(list, &Type::tuple([Type::String])), "tuple required");
        assert!(refusal(Value::tuple([1.into()]), &Type::tuple([])).contains("tuple"));
    }

    #[test]
    fn objects_drop_what_is_not_asked_for_and_fill_optional_ones() {
        // TYP-22
        let wanted = object_type(&[("a", Type::String), ("b", Type::list(Type::String))], &["b"]);
        let given = object(&[("a", 5.into()), ("z", true.into())]);
        let expected = object(&[("a", "5".into()), ("b", Value::null(Type::list(Type::String)))]);
        assert_eq!(convert(&given, &wanted), Ok(expected.clone()));
        let map = Value::map(Type::Number, [(Arc::from("a"), Value::from(5)), (Arc::from("z"), Value::from(6))]);
        let only_a = object_type(&[("a", Type::String)], &[]);
        assert_eq!(convert(&map, &only_a), Ok(object(&[("a", "5".into())])));
    }

    #[test]
    fn unknown_and_null_are_checked_by_type_and_keep_the_new_one() {
        let unknown = Value::unknown(Type::Number);
        assert_eq!(convert(&unknown, &Type::String), Ok(Value::unknown(Type::String)));
        assert_eq!(refusal(unknown, &Type::Bool), "bool required");
        assert_eq!(convert(&Value::null(Type::Any), &wanted_list()), Ok(Value::null(wanted_list())));
        let tuple = Value::unknown(Type::tuple([Type::Number, Type::String]));
        assert_eq!(convert(&tuple, &Type::list(Type::Any)), Ok(Value::unknown(Type::list(Type::String))));
    }

    fn wanted_list() -> Type {
        Type::list(Type::String)
    }

    #[test]
    fn marks_survive_outside_and_inside() {
        let given = Value::tuple([Value::from(1).sensitive(true), 2.into()]);
        let list = convert(&given, &wanted_list()).unwrap();
        assert!(!list.is_sensitive());
        assert!(list.as_items().unwrap()[0].is_sensitive());
        let given = Value::tuple([1.into()]).sensitive(true);
        assert!(convert(&given, &wanted_list()).unwrap().is_sensitive());
    }

    #[test]
    fn sets_come_out_sorted_and_unique() {
        // TYP-24
        let given = Value::tuple([10.into(), 9.into(), "9".into(), 10.into()]);
        let expected = Value::set(Type::Number, [9.into(), 10.into()]);
        assert_eq!(convert(&given, &Type::set(Type::Number)), Ok(expected));
        let empty = convert(&Value::tuple([]), &Type::set(Type::Any)).unwrap();
        assert_eq!(empty.ty(), Type::set(Type::Any));
    }
}
