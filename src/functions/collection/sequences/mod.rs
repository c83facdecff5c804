//! Functions on lists and tuples.
//!
//! Sets take part where their order does no harm.

#[cfg(test)]
mod tests;

use unicode_segmentation::UnicodeSegmentation;

use super::{element_type, ordered, sequence_like};
use crate::eval::CallError;
use crate::functions::Shape::{Any, Bool, ListOfAny, ListOfString, Number as Num};
use crate::functions::{Function, Looks, bad, failed, items, nullable, param, whole, whole_argument};
use crate::value::convert::{convert, unify};
use crate::value::{Data, Number, Type, Value};

/// The most values that `range` makes.
const LONGEST_RANGE: usize = 1024;

/// The functions of this family.
pub const FUNCTIONS: &[Function] = &[
    Function {
        name: "length",
        params: &[param("value", Any)],
        rest: None,
        returns: Num,
        looks: Looks::Shallow,
        call: |_cx, args| match (args[0].as_str(), args[0].as_items(), args[0].as_members()) {
            (Some(text), ..) => Ok(Number::from(text.graphemes(true).count()).into()),
            (_, Some(items), _) => Ok(Number::from(items.len()).into()),
            (.., Some(members)) => Ok(Number::from(members.len()).into()),
            _ => failed("argument must be a string, a collection type, or a structural type"),
        },
        about: "How many characters, elements or attributes there are.",
        examples: &[(r#"length("👨‍👩‍👧é")"#, "2"), ("length([1, null])", "2"), ("length({ a = 1 })", "1")],
    },
    Function {
        name: "range",
        params: &[],
        rest: Some(param("params", Num)),
        returns: ListOfAny,
        looks: Looks::Deep,
        call: |_cx, args| {
            let numbers: Vec<&Number> = args.iter().filter_map(Value::as_number).collect();
            match numbers.as_slice() {
                [end] => range(&Number::from(0), end, None),
                [start, end] => range(start, end, None),
                [start, end, step] => range(start, end, Some(step)),
                _ => failed("must have one, two, or three arguments"),
            }
        },
        about: "The numbers from 0, or a start, to before an end, in steps of 1, -1 when it goes down, or as given; at most 1024.",
        examples: &[("range(3)", "[0, 1, 2]"), ("range(4, 1)", "[4, 3, 2]"), ("range(1, 3, 0.5)", "[1, 1.5, 2, 2.5]")],
    },
    Function {
        name: "concat",
        params: &[],
        rest: Some(param("seqs", Any)),
        returns: Any,
        looks: Looks::Shallow,
        call: |_cx, args| concat(args),
        about: "All elements one after the other: a list when every argument is a list, else a tuple.",
        examples: &[(r#"concat(["a", 1], [true], [])"#, r#"["a", 1, true]"#)],
    },
    Function {
        name: "contains",
        params: &[param("list", Any), param("value", Any)],
        rest: None,
        returns: Bool,
        looks: Looks::Shallow,
        call: |_cx, args| {
            let Some(items) = args[0].as_items() else { return failed("argument must be list, tuple, or set") };
            let equal: Vec<Option<bool>> = items.iter().map(|item| item.equals(&args[1])).collect();
            let unsure = equal.contains(&None) && !equal.contains(&Some(true));
            Ok(if unsure { Value::unknown(Type::Bool) } else { equal.contains(&Some(true)).into() })
        },
        about: "Whether an element equals `value`, without conversion.",
        examples: &[(r#"contains(["a", "b"], "a")"#, "true"), (r#"contains(["1"], 1)"#, "false")],
    },
    Function {
        name: "index",
        params: &[param("list", Any), param("value", Any)],
        rest: None,
        returns: Num,
        looks: Looks::Shallow,
        call: |_cx, args| match ordered(&args[0]) {
            None => failed("argument must be a list or tuple"),
            Some([]) => failed("cannot search an empty list"),
            Some(items) => {
                let mut equal = items.iter().map(|item| item.equals(&args[1])).enumerate();
                match equal.find(|(_, equal)| *equal != Some(false)) {
                    Some((place, Some(_))) => Ok(Number::from(place).into()),
                    Some((_, None)) => Ok(Value::unknown(Type::Number)),
                    None => failed("item not found"),
                }
            }
        },
        about: "The place of the first element that equals `value`, without conversion.",
        examples: &[(r#"index(["a", "b"], "b")"#, "1")],
    },
    Function {
        name: "element",
        params: &[param("list", Any), param("index", Num)],
        rest: None,
        returns: Any,
        looks: Looks::Shallow,
        call: |_cx, args| {
            let Some(items) = ordered(&args[0]) else {
                return failed("cannot read elements from anything but a list or tuple");
            };
            let index = match args[1].as_number().map(|n| (n.is_negative() && !n.is_zero(), n.as_i64())) {
                Some((true, _)) => return failed("cannot use element function with a negative index"),
                Some((_, Some(index))) => usize::try_from(index).unwrap_or(usize::MAX),
                _ => return failed("invalid index: a whole number is required"),
            };
            if items.is_empty() {
                return failed("cannot use element function with an empty list");
            }
            Ok(items[index % items.len()].clone())
        },
        about: "The element at `index`; past the end it starts over.",
        examples: &[(r#"element(["a", "b", "c"], 4)"#, r#""b""#)],
    },
    Function {
        name: "slice",
        params: &[param("list", Any), param("start_index", Num), param("end_index", Num)],
        rest: None,
        returns: Any,
        looks: Looks::Shallow,
        call: |_cx, args| slice(args),
        about: "The elements from `start_index` to before `end_index`.",
        examples: &[(r#"slice(["a", "b", "c", "d"], 1, 3)"#, r#"["b", "c"]"#), ("slice([1], 1, 1)", "[]")],
    },
    Function {
        name: "reverse",
        params: &[param("list", Any)],
        rest: None,
        returns: Any,
        looks: Looks::Shallow,
        call: |_cx, args| match args[0].as_items() {
            Some(items) => Ok(sequence_like(&args[0], items.iter().rev().cloned())),
            None => bad(0, "can only reverse list or tuple values"),
        },
        about: "The elements from last to first; a set gives a list.",
        examples: &[(r#"reverse(["a", 2, true])"#, r#"[true, 2, "a"]"#)],
    },
    Function {
        name: "distinct",
        params: &[param("list", ListOfAny)],
        rest: None,
        returns: ListOfAny,
        looks: Looks::Deep,
        call: |_cx, args| {
            let mut kept: Vec<Value> = Vec::new();
            for item in items(args, 0) {
                if !kept.iter().any(|other| other.equals(item) == Some(true)) {
                    kept.push(item.clone());
                }
            }
            Ok(Value::list(element_type(&args[0]), kept))
        },
        about: "The elements, brought to one type, each only where it first stands.",
        examples: &[(r#"distinct([1, "1", 2])"#, r#"["1", "2"]"#)],
    },
    Function {
        name: "flatten",
        params: &[param("list", Any)],
        rest: None,
        returns: Any,
        looks: Looks::Shallow,
        call: |_cx, args| {
            if args[0].as_items().is_none() {
                return failed("can only flatten lists, sets and tuples");
            }
            let mut flat = Vec::new();
            let known = flatten(&args[0], false, &mut flat);
            Ok(if known { Value::tuple(flat) } else { Value::unknown(Type::Any) })
        },
        about: "The elements with all lists, sets and tuples in them, however deep, replaced by their elements.",
        examples: &[
            (r#"flatten([["a", ["b", []]], [], "c"])"#, r#"["a", "b", "c"]"#),
            ("flatten([[{ a = [1] }]])", "[{ a = [1] }]"),
        ],
    },
    Function {
        name: "compact",
        params: &[param("list", ListOfString)],
        rest: None,
        returns: ListOfString,
        looks: Looks::Deep,
        call: |_cx, args| {
            let kept = items(args, 0).iter().filter(|item| item.as_str().is_some_and(|text| !text.is_empty()));
            Ok(Value::list(Type::String, kept.cloned()))
        },
        about: "The texts of the list that are neither null nor empty.",
        examples: &[(r#"compact(["a", "", "b", null])"#, r#"["a", "b"]"#), ("compact([1, 0])", r#"["1", "0"]"#)],
    },
    Function {
        name: "coalesce",
        params: &[],
        rest: Some(nullable("vals", Any)),
        returns: Any,
        looks: Looks::InTurn,
        call: |_cx, args| {
            if args.is_empty() {
                return failed("at least one argument is required");
            }
            let types: Vec<Type> = args.iter().map(Value::ty).collect();
            let Some(ty) = unify(&types) else { return failed("all arguments must have the same type") };
            // As in the reference, what does not become of the common type counts as absent.
            let mut converted = args.iter().filter_map(|value| convert(value, &ty).ok());
            let is_empty = |value: &Value| ty == Type::String && value.as_str() == Some("");
            let useful = converted.find(|value| !value.is_null() && !is_empty(value));
            useful.map_or_else(|| failed("no non-null, non-empty-string arguments"), Ok)
        },
        about: "The first argument that is neither null nor an empty text; all are brought to one type.",
        examples: &[(r#"coalesce(null, "", "b")"#, r#""b""#), (r#"coalesce(1, "a")"#, r#""1""#)],
    },
    Function {
        name: "coalescelist",
        params: &[],
        rest: Some(nullable("vals", Any)),
        returns: Any,
        looks: Looks::InTurn,
        call: |_cx, args| {
            if args.is_empty() {
                return failed("at least one argument is required");
            }
            let is_sequence = |value: &&Value| matches!(value.ty(), Type::List(_) | Type::Tuple(_));
            // Behind one that is not known, nothing is checked.
            let mut known = args.iter().take_while(|value| value.is_known());
            if known.any(|value| !is_sequence(&value)) {
                return failed("coalescelist arguments must be lists or tuples");
            }
            let filled =
                args.iter().find(|value| !value.is_known() || ordered(value).is_some_and(|items| !items.is_empty()));
            match filled {
                Some(value) if value.is_known() => Ok(value.clone()),
                Some(_) => Ok(Value::unknown(Type::Any)),
                None => failed("no non-null arguments"),
            }
        },
        about: "The first list that is neither null nor empty.",
        examples: &[(r#"coalescelist([], ["c", "d"])"#, r#"["c", "d"]"#)],
    },
    Function {
        name: "chunklist",
        params: &[param("list", ListOfAny), param("size", Num)],
        rest: None,
        returns: ListOfAny,
        looks: Looks::Shallow,
        call: |_cx, args| {
            let Ok(size) = usize::try_from(whole(args, 1)?) else {
                return failed("the size argument must be positive");
            };
            let (all, element) = (items(args, 0), element_type(&args[0]));
            // Size 0 keeps everything in one piece.
            let size = if size == 0 { all.len().max(1) } else { size };
            let chunks = all.chunks(size).map(|chunk| Value::list(element.clone(), chunk.iter().cloned()));
            Ok(Value::list(Type::list(element.clone()), chunks))
        },
        about: "The list cut into lists of `size` elements; size 0 keeps it in one piece.",
        examples: &[
            (r#"chunklist(["a", "b", "c"], 2)"#, r#"[["a", "b"], ["c"]]"#),
            ("chunklist([1, 2], 0)", "[[1, 2]]"),
        ],
    },
];

fn range(start: &Number, end: &Number, step: Option<&Number>) -> Result<Value, CallError> {
    let down = end < start;
    let step = step.cloned().unwrap_or_else(|| Number::from(if down { -1 } else { 1 }));
    if step.is_zero() && start != end {
        return bad(2, "step must not be zero");
    }
    if start != end && down != step.is_negative() {
        let wanted = if down { "negative" } else { "positive" };
        return bad(1, format!("step must be {wanted} to get from start to end"));
    }
    let (mut numbers, mut number) = (Vec::new(), start.clone());
    while if step.is_negative() { number > *end } else { number < *end } {
        if numbers.len() == LONGEST_RANGE {
            return failed(format!("more than {LONGEST_RANGE} values; use a larger step or a nearer end"));
        }
        let next = number.add(&step).map_err(|undefined| CallError::Failed(undefined.0.to_owned()))?;
        numbers.push(Value::from(number));
        number = next;
    }
    Ok(Value::list(Type::Number, numbers))
}

fn concat(args: &[Value]) -> Result<Value, CallError> {
    if args.is_empty() {
        return failed("at least one argument is required");
    }
    let mut joined = Vec::new();
    for (index, arg) in args.iter().enumerate() {
        let Some(items) = ordered(arg) else {
            return bad(index, format!("all arguments must be lists or tuples; got {}", arg.ty().friendly()));
        };
        joined.extend(items.iter().map(|item| item.clone().sensitive(arg.is_sensitive())));
    }
    if args.iter().all(|arg| matches!(arg.data(), Data::List(..))) {
        // An empty list of any type goes with every other.
        let types: Vec<Type> = args.iter().map(element_type).filter(|ty| *ty != Type::Any).collect();
        let common = if types.is_empty() { Some(Type::Any) } else { unify(&types) };
        if let Some(element) = common {
            let converted = joined.iter().map(|item| convert(item, &element)).collect::<Result<Vec<_>, _>>();
            if let Ok(converted) = converted {
                return Ok(Value::list(element, converted));
            }
        }
    }
    Ok(Value::tuple(joined))
}

fn slice(args: &[Value]) -> Result<Value, CallError> {
    let Some(items) = ordered(&args[0]) else { return bad(0, "must be a list or tuple value") };
    let Ok(start) = usize::try_from(whole_argument(args, 1)?) else {
        return bad(1, "start index must not be less than zero");
    };
    if start > items.len() {
        return bad(1, "start index must not be greater than the length of the list");
    }
    let Ok(end) = usize::try_from(whole_argument(args, 2)?) else {
        return bad(2, "end index must not be less than zero");
    };
    if end > items.len() {
        return bad(2, "end index must not be greater than the length of the list");
    }
    if start > end {
        return bad(1, "start index must not be greater than end index");
    }
    Ok(sequence_like(&args[0], items[start..end].iter().cloned()))
}

/// Appends what is in `value`; returns whether all of it is known that may hold elements.
fn flatten(value: &Value, marked: bool, flat: &mut Vec<Value>) -> bool {
    let marked = marked || value.is_sensitive();
    match (value.as_items(), value.data()) {
        (Some(items), _) => items.iter().all(|item| flatten(item, marked, flat)),
        (_, Data::Unknown(Type::Any | Type::List(_) | Type::Set(_) | Type::Tuple(_))) => false,
        _ => {
            flat.push(value.clone().sensitive(marked));
            true
        }
    }
}
