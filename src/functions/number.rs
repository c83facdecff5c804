//! Functions on numbers and bools.

use super::Shape::{Any, Bool, ListOfBool, Number as Num};
use super::float::{logarithm, power};
use super::{Function, Looks, bad, failed, items, param, whole, whole_argument};
use crate::eval::CallError;
use crate::value::convert::convert;
use crate::value::{Number, Type, Value};

/// The functions of this family.
pub const FUNCTIONS: &[Function] = &[
    Function {
        name: "abs",
        params: &[param("num", Num)],
        rest: None,
        returns: Num,
        looks: Looks::Deep,
        call: |_cx, args| Ok(number(args, 0).abs().into()),
        about: "`num` without its sign.",
        examples: &[("abs(-2.75)", "2.75"), (r#"abs("-3")"#, "3")],
    },
    Function {
        name: "ceil",
        params: &[param("num", Num)],
        rest: None,
        returns: Num,
        looks: Looks::Deep,
        call: |_cx, args| Ok(without_sign_of_zero(number(args, 0).ceil())),
        about: "The next whole number at or above `num`.",
        examples: &[("ceil(1.1)", "2"), ("ceil(-1.9)", "-1"), ("ceil(1/0)", "1/0")],
    },
    Function {
        name: "floor",
        params: &[param("num", Num)],
        rest: None,
        returns: Num,
        looks: Looks::Deep,
        call: |_cx, args| Ok(number(args, 0).floor().into()),
        about: "The next whole number at or below `num`.",
        examples: &[("floor(1.9)", "1"), ("floor(-1.1)", "-2")],
    },
    Function {
        name: "signum",
        params: &[param("num", Num)],
        rest: None,
        returns: Num,
        looks: Looks::Deep,
        call: |_cx, args| Ok(whole(args, 0)?.signum().into()),
        about: "-1, 0 or 1, after the sign of a whole number.",
        examples: &[("signum(-13)", "-1"), ("signum(0)", "0")],
    },
    Function {
        name: "max",
        params: &[],
        rest: Some(param("numbers", Num)),
        returns: Num,
        looks: Looks::Deep,
        call: |_cx, args| {
            let largest = args.iter().filter_map(Value::as_number).max();
            largest.map_or_else(|| failed("must pass at least one number"), |number| Ok(number.clone().into()))
        },
        about: "The largest of the numbers.",
        examples: &[(r#"max(1, "5", 2)"#, "5"), ("max([5, 12, 9]...)", "12")],
    },
    Function {
        name: "min",
        params: &[],
        rest: Some(param("numbers", Num)),
        returns: Num,
        looks: Looks::Deep,
        call: |_cx, args| {
            let smallest = args.iter().filter_map(Value::as_number).min();
            smallest.map_or_else(|| failed("must pass at least one number"), |number| Ok(number.clone().into()))
        },
        about: "The smallest of the numbers.",
        examples: &[("min(0.5, 0.25)", "0.25")],
    },
    Function {
        name: "sum",
        params: &[param("list", Any)],
        rest: None,
        returns: Num,
        looks: Looks::Deep,
        call: |_cx, args| sum(&args[0]),
        about: "The sum of the elements of a list, set or tuple.",
        examples: &[("sum([10, 13, 4.5])", "27.5"), (r#"sum(["1", 2])"#, "3")],
    },
    Function {
        name: "log",
        params: &[param("num", Num), param("base", Num)],
        rest: None,
        returns: Num,
        looks: Looks::Deep,
        call: |_cx, args| {
            let (num, base) = (float(args, 0)?, float(args, 1)?);
            real(logarithm(num) / logarithm(base), "a logarithm of a negative number is no number")
        },
        about: "The logarithm of `num` to `base`, with the precision of 64-bit floats.",
        examples: &[("log(16, 2)", "4"), ("log(1, 10)", "0"), ("log(10, 3)", "2.095903274289385")],
    },
    Function {
        name: "pow",
        params: &[param("num", Num), param("power", Num)],
        rest: None,
        returns: Num,
        looks: Looks::Deep,
        call: |_cx, args| {
            let (num, exponent) = (float(args, 0)?, float(args, 1)?);
            real(power(num, exponent), "a root of a negative number is no number")
        },
        about: "`num` to the power of `power`, with the precision of 64-bit floats.",
        examples: &[
            ("pow(3, 4)", "81"),
            ("pow(2, -2)", "0.25"),
            ("pow(1.1, 10)", "2.593742460100002"),
            (r#""=${pow(2, 64)}""#, r#""=18446744073709550000""#),
        ],
    },
    Function {
        name: "parseint",
        params: &[param("number", Any), param("base", Num)],
        rest: None,
        returns: Num,
        looks: Looks::Deep,
        call: |_cx, args| {
            let Some(text) = args[0].as_str() else {
                return bad(0, format!("first argument must be a string, not {}", args[0].ty().friendly()));
            };
            let base = match u32::try_from(whole_argument(args, 1)?) {
                Ok(base @ 2..=62) => base,
                _ => return bad(1, "base must be a whole number between 2 and 62 inclusive"),
            };
            if text.len() > MOST_DIGITS {
                return bad(0, format!("a number of more than {MOST_DIGITS} digits is not reasonable"));
            }
            let number = Number::from_digits(text, base);
            number.map_or_else(
                || bad(0, format!("cannot parse {text:?} as a base {base} integer")),
                |number| Ok(number.into()),
            )
        },
        about: "The whole number that the text `number` stands for in `base` 2 to 62; up to 36 capitals are small letters.",
        examples: &[
            (r#"parseint("ff", 16)"#, "255"),
            (r#"parseint("-101", 2)"#, "-5"),
            (r#"parseint("Zz", 62)"#, "3817"),
        ],
    },
    Function {
        name: "alltrue",
        params: &[param("list", ListOfBool)],
        rest: None,
        returns: Bool,
        looks: Looks::Deep,
        call: |_cx, args| Ok(items(args, 0).iter().all(|item| item.as_bool() == Some(true)).into()),
        about: "Whether every element is true; null is not.",
        examples: &[
            ("alltrue([true, false])", "false"),
            ("alltrue([])", "true"),
            (r#"alltrue(["true", null])"#, "false"),
        ],
    },
    Function {
        name: "anytrue",
        params: &[param("list", ListOfBool)],
        rest: None,
        returns: Bool,
        looks: Looks::Deep,
        call: |_cx, args| Ok(items(args, 0).iter().any(|item| item.as_bool() == Some(true)).into()),
        about: "Whether at least one element is true; nulls do not count.",
        examples: &[("anytrue([null, true])", "true"), ("anytrue([])", "false")],
    },
];

/// The most digits that `parseint` reads.
const MOST_DIGITS: usize = 100_000;

fn number(args: &[Value], index: usize) -> Number {
    args.get(index).and_then(Value::as_number).cloned().unwrap_or_else(|| Number::from(0))
}

fn without_sign_of_zero(number: Number) -> Value {
    if number.is_zero() { 0.into() } else { number.into() }
}

/// Returns argument `index` as a float.
///
/// # Errors
/// It is finite, and too large for one.
fn float(args: &[Value], index: usize) -> Result<f64, CallError> {
    let number = number(args, index);
    let float = number.as_f64();
    if float.is_infinite() && !number.is_infinite() {
        return failed("the number is too large to be computed with as a 64-bit float");
    }
    Ok(float)
}

fn real(value: f64, otherwise: &str) -> Result<Value, CallError> {
    if value.is_nan() { failed(otherwise) } else { Ok(Number::from(value).into()) }
}

fn sum(list: &Value) -> Result<Value, CallError> {
    let Some(items) = list.as_items() else { return bad(0, "cannot sum noniterable") };
    if items.is_empty() {
        return bad(0, "cannot sum an empty list");
    }
    let mut total = Number::from(0);
    for item in items {
        let number = convert(item, &Type::Number).ok().and_then(|value| value.as_number().cloned());
        let Some(number) = number else { return bad(0, "argument must be list, set, or tuple of number values") };
        total = total.add(&number).map_err(|undefined| CallError::Failed(undefined.0.to_owned()))?;
    }
    Ok(total.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_need_numbers() {
        // FN-19
        assert_eq!(sum(&Value::tuple(["1".into(), 2.into()])), Ok(3.into()));
        assert!(sum(&Value::tuple([])).is_err());
        assert!(sum(&Value::tuple([Value::null(Type::Any)])).is_err());
        assert!(sum(&Value::from(3)).is_err());
    }

    #[test]
    fn logarithms_and_powers_outside_their_domain_are_errors() {
        // FN-14
        let call = |name: &str, a: i64, b: f64| {
            let function = FUNCTIONS.iter().find(|f| f.name == name).unwrap();
            let cx = crate::functions::standing_still();
            (function.call)(&cx, &[a.into(), Number::from(b).into()])
        };
        assert!(call("log", -1, 2.0).is_err());
        assert!(call("pow", -1, 0.5).is_err());
        assert_eq!(call("log", 0, 2.0), Ok(Number::infinity(true).into()));
        assert_eq!(call("pow", 10, 400.0), Ok(Number::infinity(false).into()));
    }
}
