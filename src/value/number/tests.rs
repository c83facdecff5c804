//! What numbers do, one behaviour at a time.
//!
//! Tests only.

use super::*;

fn number(text: &str) -> Number {
    Number::from_text(text).unwrap_or_else(|| panic!("{text:?} is a number"))
}

#[test]
fn decimals_add_up_as_people_expect() {
    // TYP-1
    assert_eq!(number("0.1").add(&number("0.2")).unwrap(), number("0.3"));
    let third = number("1").div(&number("3")).unwrap();
    assert_eq!(third.mul(&number("3")).unwrap(), number("1"));
    assert_ne!(number("9007199254740993"), number("9007199254740992"));
}

#[test]
fn small_integers_overflow_into_large_ones() {
    let large = number("9223372036854775807").add(&number("1")).unwrap();
    assert_eq!(large.to_string(), "9223372036854775808");
    assert_eq!(large.sub(&number("1")).unwrap().as_i64(), Some(i64::MAX));
    assert_eq!(number("-9223372036854775808").neg().to_string(), "9223372036854775808");
    assert_eq!(number("-9223372036854775808").div(&number("-1")).unwrap(), large);
    assert_eq!(number("-9223372036854775808").modulo(&number("-1")).unwrap(), number("0"));
}

#[test]
fn division_by_zero_is_infinite_and_zero_by_zero_has_no_result() {
    // TYP-5
    assert_eq!(number("1").div(&number("0")).unwrap().to_string(), "+Inf");
    assert_eq!(number("-1").div(&number("0")).unwrap().to_string(), "-Inf");
    assert_eq!(number("1").div(&number("-inf")).unwrap().to_string(), "-0");
    assert!(number("0").div(&number("0")).is_err());
    assert!(number("inf").sub(&number("inf")).is_err());
    assert!(number("0").mul(&number("inf")).is_err());
}

#[test]
fn the_remainder_has_the_dividends_sign() {
    // TYP-6
    for (a, b, expected) in
        [("5.5", "2", "1.5"), ("-5", "3", "-2"), ("5", "-3", "2"), ("5", "0", "5"), ("-7.5", "2", "-1.5")]
    {
        assert_eq!(number(a).modulo(&number(b)).unwrap().to_string(), expected, "{a} % {b}");
    }
    assert!(number("5").modulo(&number("inf")).is_err() && number("inf").modulo(&number("2")).is_err());
}

#[test]
fn order_is_by_value_with_infinities_at_the_ends() {
    let mut numbers: Vec<Number> = ["inf", "1e30", "-0.5", "2", "-inf", "10"].map(number).to_vec();
    numbers.sort();
    let shown: Vec<String> = numbers.iter().map(Number::to_string).collect();
    assert_eq!(shown.join(" "), "-Inf -0.5 2 10 1000000000000000000000000000000 +Inf");
    assert_eq!(number("-0.0"), number("0"));
}

#[test]
fn rounding_goes_up_down_and_towards_zero() {
    assert_eq!(number("1.1").ceil().to_string(), "2");
    assert_eq!(number("-1.9").ceil().to_string(), "-1");
    assert_eq!(number("-1.1").floor().to_string(), "-2");
    assert_eq!(number("-1.9").trunc().to_string(), "-1");
    assert_eq!(number("inf").floor().to_string(), "+Inf");
    assert_eq!(number("1e18").add(&number("0.5")).unwrap().ceil().to_string(), "1000000000000000001");
}

#[test]
fn extremes_end_in_infinity_or_zero_without_delay() {
    let mut number = number("1e300000");
    for _ in 0..100 {
        number = number.mul(&number).unwrap();
    }
    assert_eq!(number.to_string(), "+Inf");
    let mut small = Number::from_text("1e-300000").unwrap();
    for _ in 0..100 {
        small = small.mul(&small).unwrap();
    }
    assert_eq!(small, Number::from(0));
    assert!(Number::from_text("1e-300000").unwrap().add(&Number::from_text("1e300000").unwrap()).is_ok());
    assert!(Number::from_text("1e300000").unwrap().modulo(&Number::from_text("7e-300000").unwrap()).is_ok());
}

#[test]
fn floats_of_64_bits_come_and_go() {
    assert_eq!(number("1e400").as_f64(), f64::INFINITY);
    assert_eq!(number("1e-400").as_f64(), 0.0);
    assert_eq!(number("0.1").as_f64(), 0.1);
    assert_eq!(Number::from(2.5).to_string(), "2.5");
    // FN-15
    assert_eq!(Number::from(2f64.powi(64)).to_string(), "18446744073709550000");
}
