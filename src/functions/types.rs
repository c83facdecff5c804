//! What can be said of a call whose arguments are not all known: whether their types do (TYP-37).
//!
//! Only functions whose parameters take any type are here; the others are checked by conversion.

use super::{bad, failed};
use crate::eval::CallError;
use crate::value::{Data, Type, Value};

/// Checks the types of `args` for the function `name`.
///
/// # Errors
/// As the function says when its arguments are known.
pub fn check(name: &str, args: &[Value]) -> Result<(), CallError> {
    let misfit = |is_one: fn(&Type) -> bool| args.iter().position(|arg| !may_be(arg, is_one));
    let first = |is_one: fn(&Type) -> bool| args.first().is_some_and(|arg| !may_be(arg, is_one));
    match name {
        "length" if first(has_length) => failed("argument must be a string, a collection type, or a structural type"),
        "reverse" if first(has_items) => bad(0, "can only reverse list or tuple values"),
        "slice" if first(is_ordered) => bad(0, "must be a list or tuple value"),
        "element" if first(is_ordered) => failed("argument must be a list or tuple"),
        "contains" if first(has_items) => failed("argument must be list, tuple, or set"),
        "keys" | "lookup" if first(has_members) => bad(0, "must be a map or object"),
        "values" if first(has_members) => failed("it requires a map or object"),
        "parseint" if first(|ty| *ty == Type::String) => bad(0, "first argument must be a string"),
        "zipmap" if args.get(1).is_some_and(|arg| !may_be(arg, is_ordered)) => {
            failed("values argument must be a list or tuple value")
        }
        "merge" if misfit(has_members).is_some() => failed("arguments must be maps or objects"),
        "concat" => misfit(is_ordered).map_or(Ok(()), |index| bad(index, "all arguments must be lists or tuples")),
        "setproduct" if args.len() < 2 => failed("at least two arguments are required"),
        "setproduct" => misfit(has_items).map_or(Ok(()), |index| bad(index, "a set or a list is required")),
        _ => Ok(()),
    }
}

/// Whether the type of `value` is not known yet, or is one that `is_one` accepts.
fn may_be(value: &Value, is_one: fn(&Type) -> bool) -> bool {
    matches!(value.data(), Data::Unknown(Type::Any) | Data::Null(Type::Any)) || is_one(&value.ty())
}

fn has_length(ty: &Type) -> bool {
    *ty == Type::String || has_items(ty) || has_members(ty)
}

fn has_items(ty: &Type) -> bool {
    matches!(ty, Type::Set(_)) || is_ordered(ty)
}

fn is_ordered(ty: &Type) -> bool {
    matches!(ty, Type::List(_) | Type::Tuple(_))
}

fn has_members(ty: &Type) -> bool {
    matches!(ty, Type::Map(_) | Type::Object(_))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_of_the_wrong_type_does_not_do() {
        // TYP-37
        let (text, any) = (Value::unknown(Type::String), Value::unknown(Type::Any));
        for name in ["reverse", "element", "contains", "keys", "lookup", "merge", "concat"] {
            assert!(check(name, std::slice::from_ref(&text)).is_err(), "{name}");
            assert_eq!(check(name, std::slice::from_ref(&any)), Ok(()), "{name}");
        }
        assert!(check("length", &[Value::unknown(Type::Number)]).is_err());
        assert!(check("setproduct", std::slice::from_ref(&any)).is_err());
    }
}
