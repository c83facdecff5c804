//! Bounds and errors of the functions on lists and tuples.
//!
//! Tests only.

use super::*;

fn call(name: &str, args: &[Value]) -> Result<Value, CallError> {
    let function = FUNCTIONS.iter().find(|function| function.name == name).expect("the function is here");
    let cx = crate::functions::standing_still();
    (function.call)(&cx, args)
}

fn tuple(items: &[i64]) -> Value {
    Value::tuple(items.iter().map(|item| Value::from(*item)))
}

#[test]
fn ranges_end_before_the_end_and_stay_short() {
    // FN-61
    let numbers = |items: &[i64]| Ok(Value::list(Type::Number, items.iter().map(|item| Value::from(*item))));
    assert_eq!(call("range", &[10.into(), 5.into(), (-2).into()]), numbers(&[10, 8, 6]));
    assert_eq!(call("range", &[0.into()]), numbers(&[]));
    assert_eq!(call("range", &[(-2).into()]), numbers(&[0, -1]));
    assert!(call("range", &[1024.into()]).is_ok());
    assert!(call("range", &[1025.into()]).is_err());
    assert!(call("range", &[1.into(), 2.into(), 0.into()]).is_err());
    assert!(call("range", &[1.into(), 5.into(), (-1).into()]).is_err());
    assert!(call("range", &[Number::infinity(false).into()]).is_err());
}

#[test]
fn slices_stay_within_bounds() {
    // FN-66
    let list = || tuple(&[1, 2]);
    assert_eq!(call("slice", &[list(), 0.into(), 2.into()]), Ok(list()));
    for (start, end, index) in [(2, 1, 1), (0, 3, 2), (-1, 1, 1), (3, 3, 1)] {
        let error = call("slice", &[list(), start.into(), end.into()]).unwrap_err();
        assert!(matches!(error, CallError::Argument(at, _) if at == index), "{start}..{end}: {error:?}");
    }
}

#[test]
fn elements_wrap_around() {
    // FN-54
    assert_eq!(call("element", &[tuple(&[1, 2, 3]), 4.into()]), Ok(2.into()));
    assert!(call("element", &[tuple(&[]), 0.into()]).is_err());
    let error = call("element", &[tuple(&[1]), (-1).into()]).unwrap_err();
    assert_eq!(error, CallError::Failed("cannot use element function with a negative index".to_owned()));
}

#[test]
fn lists_joined_with_a_tuple_make_a_tuple() {
    // FN-51
    let list = Value::list(Type::String, ["a".into()]);
    assert_eq!(call("concat", &[list.clone(), list.clone()]).unwrap().ty(), Type::list(Type::String));
    let mixed = call("concat", &[list, tuple(&[1])]);
    assert_eq!(mixed, Ok(Value::tuple(["a".into(), 1.into()])));
    assert!(call("concat", &["a".into()]).is_err());
    assert!(call("concat", &[]).is_err());
}

#[test]
fn coalesce_needs_one_type_and_one_useful_value() {
    // FN-48, FN-49
    assert_eq!(call("coalesce", &[Value::null(Type::Any), tuple(&[1])]), Ok(tuple(&[1])));
    assert_eq!(call("coalesce", &[false.into(), true.into()]), Ok(false.into()));
    assert!(call("coalesce", &[tuple(&[1]), "b".into()]).is_err());
    assert!(call("coalesce", &["".into(), Value::null(Type::Any)]).is_err());
    assert!(call("coalescelist", &[tuple(&[]), tuple(&[])]).is_err());
}

#[test]
fn flattening_keeps_marks_and_waits_for_unknown_lists() {
    // FN-55
    let inner = tuple(&[1]).sensitive(true);
    let flat = call("flatten", &[Value::tuple([inner, Value::null(Type::Any)])]).unwrap();
    assert_eq!(flat, Value::tuple([Value::from(1).sensitive(true), Value::null(Type::Any)]));
    let open = call("flatten", &[Value::tuple([Value::unknown(Type::list(Type::String))])]).unwrap();
    assert!(!open.is_known());
    let text = call("flatten", &[Value::tuple([Value::unknown(Type::String)])]).unwrap();
    assert!(text.is_known());
}
