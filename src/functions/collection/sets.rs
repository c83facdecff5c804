//! Functions on sets.
//!
//! Lists and tuples count as sets here; only `setproduct` remembers what they were.

use super::element_type;
use crate::eval::CallError;
use crate::functions::Shape::{Any, SetOfAny};
use crate::functions::{Function, Looks, bad, failed, param};
use crate::value::convert::{convert, unify, unify_values};
use crate::value::{Data, Type, Value};

/// The most combinations that `setproduct` makes.
const MOST_COMBINATIONS: usize = 1 << 20;

/// The functions of this family.
pub const FUNCTIONS: &[Function] = &[
    Function {
        name: "setunion",
        params: &[param("first_set", SetOfAny)],
        rest: Some(param("other_sets", SetOfAny)),
        returns: SetOfAny,
        looks: Looks::Deep,
        call: |_cx, args| {
            let (element, sets) = unified(args)?;
            Ok(Value::set(element, sets.into_iter().flatten()))
        },
        about: "The elements of all sets, brought to one type.",
        examples: &[(r#"setunion(["b"], ["a", "b"])"#, r#"convert(["a", "b"], set(string))"#)],
    },
    Function {
        name: "setintersection",
        params: &[param("first_set", SetOfAny)],
        rest: Some(param("other_sets", SetOfAny)),
        returns: SetOfAny,
        looks: Looks::Deep,
        call: |_cx, args| {
            let (element, mut sets) = unified(args)?;
            let mut common = sets.remove(0);
            common.retain(|item| sets.iter().all(|set| set.iter().any(|other| item.equals(other) == Some(true))));
            Ok(Value::set(element, common))
        },
        about: "The elements that are in all sets, brought to one type.",
        examples: &[(r#"setintersection([1, 2], ["2"])"#, r#"convert(["2"], set(string))"#)],
    },
    Function {
        name: "setproduct",
        params: &[],
        rest: Some(param("sets", Any)),
        returns: Any,
        looks: Looks::Deep,
        call: |_cx, args| product(args),
        about: "All combinations of one element of each; a list of tuples, or a set if an argument is one.",
        examples: &[(
            r#"setproduct(["a", "b"], [1, 2])"#,
            r#"convert([["a", 1], ["a", 2], ["b", 1], ["b", 2]], list(tuple([string, number])))"#,
        )],
    },
];

/// Brings the elements of all sets to one type.
fn unified(args: &[Value]) -> Result<(Type, Vec<Vec<Value>>), CallError> {
    // An empty set of any type goes with every other.
    let types: Vec<Type> = args.iter().map(element_type).filter(|ty| *ty != Type::Any).collect();
    let common = if types.is_empty() { Some(Type::Any) } else { unify(&types) };
    let Some(element) = common else { return failed("given sets must all have compatible element types") };
    let sets = args.iter().map(|set| {
        let items = set.as_items().unwrap_or_default().iter();
        items.map(|item| convert(item, &element).or_else(|error| failed(error.message))).collect()
    });
    let sets = sets.collect::<Result<_, _>>()?;
    Ok((element, sets))
}

fn product(args: &[Value]) -> Result<Value, CallError> {
    if args.len() < 2 {
        return failed("at least two arguments are required");
    }
    let mut types = Vec::new();
    let mut rows: Vec<Vec<Value>> = vec![Vec::new()];
    for (index, arg) in args.iter().enumerate() {
        let Some(items) = arg.as_items() else { return bad(index, "a set or a list is required") };
        let element = match arg.data() {
            Data::List(element, _) | Data::Set(element, _) => Some(element.clone()),
            _ if items.is_empty() => Some(Type::Any),
            _ => unify_values(items),
        };
        let Some(element) = element else { return bad(index, "all elements must be of the same type") };
        let items: Result<Vec<Value>, _> = items.iter().map(|item| convert(item, &element)).collect();
        let items = items.or_else(|error| bad(index, error.message))?;
        if rows.len().saturating_mul(items.len()) > MOST_COMBINATIONS {
            return failed(format!("more than {MOST_COMBINATIONS} combinations"));
        }
        let longer = |row: &Vec<Value>| {
            items.iter().map(|item| row.iter().chain([item]).cloned().collect()).collect::<Vec<Vec<Value>>>()
        };
        rows = rows.iter().flat_map(longer).collect();
        types.push(element);
    }
    let (element, rows) = (Type::tuple(types), rows.into_iter().map(Value::tuple));
    let has_set = args.iter().any(|arg| matches!(arg.data(), Data::Set(..)));
    Ok(if has_set { Value::set(element, rows) } else { Value::list(element, rows) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn products_combine_in_order() {
        // FN-65
        let (a, b) = (Value::tuple(["a".into(), "b".into()]), Value::tuple([1.into()]));
        let made = product(&[a.clone(), b]).unwrap();
        assert_eq!(made.ty(), Type::list(Type::tuple([Type::String, Type::Number])));
        assert_eq!(made.as_items().unwrap().len(), 2);
        assert_eq!(product(&[a.clone(), Value::tuple([])]).unwrap().as_items(), Some(&[][..]));
        assert!(product(&[a]).is_err());
    }

    #[test]
    fn products_that_explode_are_refused() {
        let many = Value::list(Type::Number, (0..2000).map(Value::from));
        assert!(product(&[many.clone(), many.clone(), many]).is_err());
    }
}
