//! Numbers at random: nothing panics, and what is printed reads back as the same number.
//!
//! Tests only.

use proptest::prelude::*;

use super::Number;

fn numbers() -> impl Strategy<Value = Number> {
    prop_oneof![
        any::<i64>().prop_map(Number::from),
        any::<f64>().prop_filter("a number", |value| !value.is_nan()).prop_map(Number::from),
        "-?[0-9]{1,40}(\\.[0-9]{1,40})?(e-?[0-9]{1,6})?".prop_filter_map("a number", |text| Number::from_text(&text)),
        "[1-9a-f]{1,300}".prop_filter_map("a number", |text| Number::from_digits(&text, 16)),
        Just(Number::from(0).neg()),
        any::<bool>().prop_map(Number::infinity),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn arithmetic_never_panics(a in numbers(), b in numbers()) {
        let results = [a.add(&b), a.sub(&b), a.mul(&b), a.div(&b), a.modulo(&b)];
        for number in results.into_iter().flatten() {
            let _ = (number.trunc(), number.ceil(), number.floor(), number.neg(), number.abs());
            let _ = (number.as_i64(), number.as_f64(), number.cmp(&a));
        }
    }

    #[test]
    fn what_is_printed_reads_back_as_the_same_number(a in "-?[0-9]{1,60}(\\.[0-9]{1,60})?(e-?[0-9]{1,3})?", b in 1_i64..1000) {
        let number = Number::from_text(&a).expect("the pattern makes numbers").div(&Number::from(b)).expect("b is not 0");
        prop_assert_eq!(Number::from_text(&number.to_string()), Some(number));
    }

    #[test]
    fn floats_of_64_bits_survive(value in any::<f64>().prop_filter("finite", |value| value.is_finite())) {
        prop_assert_eq!(Number::from(value).as_f64(), value);
        prop_assert_eq!(Number::from_text(&format!("{value:e}")).map(|number| number.as_f64()), Some(value));
    }

    #[test]
    fn any_text_is_a_number_or_none(text in "[-+0-9.eEinf]{0,12}") {
        if let Some(number) = Number::from_text(&text) {
            let _ = number.cmp(&Number::from(1));
        }
    }
}
