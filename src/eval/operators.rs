//! The operators: which operands they take, what an unknown or failing side leaves open.
//!
//! The arithmetic itself is `value`'s.

use super::expr::evaluate as evaluate_expr;
use super::fault::Fault;
use super::scope::Scope;
use crate::diagnostics::Diagnostics;
use crate::syntax::ast::{BinaryOp, Expr, ExprKind, UnaryOp};
use crate::value::convert::convert;
use crate::value::{Data, NotANumber, Number, Type, Value};

/// Why an operand cannot be null.
const NULL: &str = "it must not be null";

/// Evaluates `-x` or `!x`.
pub fn unary(operator: UnaryOp, operand: &Expr, scope: &Scope<'_>, diagnostics: &mut Diagnostics) -> Value {
    let ty = match operator {
        UnaryOp::Negate => Type::Number,
        UnaryOp::Not => Type::Bool,
    };
    let given = evaluate_expr(operand, scope, diagnostics);
    let value = match converted(&given, &ty, "the operand") {
        Ok(value) => value,
        Err(fault) => {
            diagnostics.push(fault.of(operand, scope));
            return Value::unknown(ty).sensitive(given.is_sensitive());
        }
    };
    match value.data() {
        Data::Number(number) => Value::from(number.neg()),
        Data::Bool(truth) => Value::from(!truth),
        _ => Value::unknown(ty),
    }
    .sensitive(value.is_sensitive())
}

/// Evaluates `a + b` and its like.
///
/// # Source
/// HCL-108, TYP-5, TYP-6, TYP-12 … TYP-14.
pub fn binary(expr: &Expr, scope: &Scope<'_>, diagnostics: &mut Diagnostics) -> Value {
    // Left sides in a loop: a long sum is deep only on the left.
    let mut rights = Vec::new();
    let mut at = expr;
    while let ExprKind::Binary(parts) = &at.kind {
        rights.push((&parts.left, parts.operator, &parts.right, at));
        at = &parts.left;
    }
    // What the left side said is kept back: `&&` and `||` may find that it does not matter.
    let mut said = Diagnostics::new();
    let mut value = evaluate_expr(at, scope, &mut said);
    for (left, operator, right, whole) in rights.into_iter().rev() {
        value = match operator {
            BinaryOp::And | BinaryOp::Or => logic(operator == BinaryOp::Or, (value, left), right, &mut said, scope),
            _ => {
                let other = evaluate_expr(right, scope, &mut said);
                strict(operator, [(&value, left), (&other, right)], whole, scope, &mut said)
            }
        };
    }
    diagnostics.append(said);
    value
}

/// Evaluates `&&` (decided by false) or `||` (decided by true).
///
/// A side that decides makes the other one irrelevant, be it unknown or failing, and an unknown side lets the other one
/// fail (HCL-108). Types are checked in any case (TYP-37). To `&&`, null is not true and so decides, as in the reference.
fn logic(
    decisive: bool,
    (value, left): (Value, &Expr),
    right: &Expr,
    said: &mut Diagnostics,
    scope: &Scope<'_>,
) -> Value {
    let mut said_right = Diagnostics::new();
    let other = evaluate_expr(right, scope, &mut said_right);
    let (first, fits_left) = truth(&value, "left operand", left, scope, said);
    let (second, fits_right) = truth(&other, "right operand", right, scope, &mut said_right);
    let sensitive = first.is_sensitive() || second.is_sensitive();
    let decides = |value: &Value| (value.as_bool() == Some(true)) == decisive;
    let (fits, open) = (fits_left && fits_right, Value::unknown(Type::Bool).sensitive(sensitive));
    match (first.is_known(), second.is_known()) {
        (false, false) if fits && !said.has_errors() => open,
        (true, _) if fits && decides(&first) => decided(decisive, sensitive),
        (_, true) if fits && decides(&second) => {
            *said = said_right;
            decided(decisive, sensitive)
        }
        (false, true) if fits => open,
        (true, false) if fits => {
            *said = said_right;
            open
        }
        _ => {
            said.append(said_right);
            for (side, expr, value) in [("left operand", left, &first), ("right operand", right, &second)] {
                if fits && value.is_null() {
                    said.push(unsuitable(side, NULL).of(expr, scope));
                }
            }
            if fits && !said.has_errors() { decided(!decisive, sensitive) } else { open }
        }
    }
}

fn decided(truth: bool, sensitive: bool) -> Value {
    Value::from(truth).sensitive(sensitive)
}

/// Returns a side of `&&` or `||` as a bool, and whether it can be one; what failed before is not reported again.
fn truth(value: &Value, side: &str, expr: &Expr, scope: &Scope<'_>, said: &mut Diagnostics) -> (Value, bool) {
    match convert(value, &Type::Bool) {
        Ok(converted) => (converted.sensitive(value.is_sensitive()), true),
        Err(error) => {
            if !said.has_errors() {
                said.push(unsuitable(side, &error.message).of(expr, scope));
            }
            (Value::unknown(Type::Bool).sensitive(value.is_sensitive()), false)
        }
    }
}

/// Evaluates an operator that needs both sides.
fn strict(
    operator: BinaryOp,
    sides: [(&Value, &Expr); 2],
    whole: &Expr,
    scope: &Scope<'_>,
    said: &mut Diagnostics,
) -> Value {
    let sensitive = sides.iter().any(|(value, _)| value.is_sensitive());
    let [(left, left_expr), (right, right_expr)] = sides;
    if let BinaryOp::Equal | BinaryOp::NotEqual = operator {
        let equal = left.equals(right).map(|equal| Value::from(equal == (operator == BinaryOp::Equal)));
        return equal.unwrap_or_else(|| Value::unknown(Type::Bool)).sensitive(sensitive);
    }
    let left = operand(left, &Type::Number, "left operand", left_expr, scope, said);
    let right = operand(right, &Type::Number, "right operand", right_expr, scope, said);
    match (left.as_number(), right.as_number()) {
        (Some(left), Some(right)) => compute(operator, left, right, whole, scope, said),
        _ => Value::unknown(result_type(operator)),
    }
    .sensitive(sensitive)
}

fn result_type(operator: BinaryOp) -> Type {
    match operator {
        BinaryOp::Add | BinaryOp::Subtract | BinaryOp::Multiply | BinaryOp::Divide | BinaryOp::Modulo => Type::Number,
        _ => Type::Bool,
    }
}

fn compute(
    operator: BinaryOp,
    left: &Number,
    right: &Number,
    whole: &Expr,
    scope: &Scope<'_>,
    said: &mut Diagnostics,
) -> Value {
    let computed = match operator {
        BinaryOp::Less => return Value::from(left < right),
        BinaryOp::LessOrEqual => return Value::from(left <= right),
        BinaryOp::Greater => return Value::from(left > right),
        BinaryOp::GreaterOrEqual => return Value::from(left >= right),
        BinaryOp::Add => left.add(right),
        BinaryOp::Subtract => left.sub(right),
        BinaryOp::Multiply => left.mul(right),
        BinaryOp::Divide => left.div(right),
        BinaryOp::Modulo => left.modulo(right),
        BinaryOp::Or | BinaryOp::And | BinaryOp::Equal | BinaryOp::NotEqual => {
            unreachable!("logic and equality take any operands and were done before")
        }
    };
    computed.map(Value::from).unwrap_or_else(|NotANumber(reason)| {
        let fault = Fault::new("Operation failed", format!("Error during operation: {reason}."));
        said.push(fault.of(whole, scope));
        Value::unknown(Type::Number)
    })
}

/// Returns an operand as `ty`; what does not convert is reported and counts as unknown.
fn operand(value: &Value, ty: &Type, side: &str, expr: &Expr, scope: &Scope<'_>, said: &mut Diagnostics) -> Value {
    converted(value, ty, side).unwrap_or_else(|fault| {
        said.push(fault.of(expr, scope));
        Value::unknown(ty.clone())
    })
}

fn converted(value: &Value, ty: &Type, side: &str) -> Result<Value, Fault> {
    if value.is_null() {
        return Err(unsuitable(side, NULL));
    }
    convert(value, ty)
        .map(|converted| converted.sensitive(value.is_sensitive()))
        .map_err(|error| unsuitable(side, &error.message))
}

fn unsuitable(side: &str, reason: &str) -> Fault {
    let reason = reason.trim_end_matches('.');
    Fault::new("Invalid operand", format!("Unsuitable value for {side}: {reason}."))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{failure, holds, summaries, value};
    use super::*;

    // HCL-108
    #[test]
    fn operators_bind_as_documented() {
        holds(&[
            "1 + 2 * 3 == 7",
            "10 - 4 - 3 == 3",
            "10 + 7 % 4 == 13",
            "-2 * -3 == 6",
            "!false && true",
            "true || false && false",
            "1 < 2 == true",
            "(false ? 1 : true ? 2 : 3) == 2",
        ]);
    }

    // TYP-12, TYP-14
    #[test]
    fn operands_convert_from_text_but_equality_compares_types() {
        holds(&[
            r#""1" + 1 == 2"#,
            r#"-"5" == -5"#,
            r#""10" > 9"#,
            r#""true" && !"false""#,
            r#""1" != 1"#,
            r#"null == null && null != """#,
            r#"[1, "a"] == [1, "a"] && ["1"] != [1]"#,
            r#"list != ["x", "y"]"#,
            r#"5 % 0 == 5 && 5.5 % 2 == 1.5 && 1 / 0 > 5"#,
        ]);
    }

    // TYP-13, DIA-37
    #[test]
    fn each_bad_operand_is_reported_at_its_own_place() {
        assert_eq!(summaries(r#""b" > "a""#), ["Invalid operand", "Invalid operand"]);
        let detail = failure(r#""b" + 1"#).detail;
        assert_eq!(detail, "Unsuitable value for left operand: a number is required.");
        assert!(failure("1 < null").detail.starts_with("Unsuitable value for right operand: it must not be null"));
        assert_eq!(summaries("-true"), ["Invalid operand"]);
        assert_eq!(summaries("1 && true"), ["Invalid operand"]);
        assert!(failure("0 / 0").detail.contains("can't divide zero by zero"));
    }

    // HCL-108, TYP-36
    #[test]
    fn a_side_that_decides_makes_the_other_one_irrelevant() {
        holds(&[
            "!(false && object.missing)",
            "true || [][0]",
            "!(object.missing && false)",
            "[][0] || true",
            "!(unknown.bool && false)",
            "unknown.bool || true",
            "[][0] || false || true",
        ]);
        assert_eq!(summaries("true && object.missing"), ["Unsupported attribute"]);
        assert_eq!(summaries("[][0] && true"), ["Invalid index"]);
    }

    // TYP-36, TYP-37
    #[test]
    fn unknown_operands_give_unknown_results_but_types_are_checked() {
        assert_eq!(value("unknown.string + 1"), Value::unknown(Type::Number));
        assert_eq!(value("unknown.string == \"x\""), Value::unknown(Type::Bool));
        assert_eq!(value("unknown.any > 1"), Value::unknown(Type::Bool));
        assert_eq!(value("unknown.bool || false"), Value::unknown(Type::Bool));
        assert_eq!(summaries("unknown.list + 1"), ["Invalid operand"]);
    }

    #[test]
    fn a_sensitive_operand_marks_the_result() {
        assert!(value("secret == \"x\"").is_sensitive());
        assert!(value("!(secret == \"x\")").is_sensitive());
        assert!(value("secret == \"x\" && true").is_sensitive());
    }
}
