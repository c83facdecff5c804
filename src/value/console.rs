//! How `console` and `inspect` show a value.
//!
//! Unaware of secrets: marked values are spelled out here, and masked where texts leave the program.

use super::show::quote;
use super::{Data, Members, Number, Value};

/// What stands for a value of which some part is not known.
const UNKNOWN: &str = "<unknown>";

/// Returns `value` as people read it: a text raw, collections over several lines, numbers as 64-bit ones.
///
/// # Source
/// CON-6, TYP-4; cases `inspect/console-rendering-of-values`, `types/console-numbers`.
pub fn render(value: &Value) -> String {
    if !value.is_wholly_known() {
        return UNKNOWN.to_owned();
    }
    match value.data() {
        Data::String(text) => text.to_string(),
        _ => {
            let mut text = String::new();
            nested(value, 0, &mut text);
            text
        }
    }
}

fn nested(value: &Value, depth: usize, text: &mut String) {
    match value.data() {
        Data::Null(_) => text.push_str("null"),
        Data::Unknown(_) => text.push_str(UNKNOWN),
        Data::Bool(value) => text.push_str(if *value { "true" } else { "false" }),
        Data::Number(value) => text.push_str(&number(value)),
        Data::String(value) => text.push_str(&quote(value)),
        Data::List(_, items) | Data::Set(_, items) | Data::Tuple(items) => sequence(items, depth, text),
        Data::Map(_, members) | Data::Object(members) => mapping(members, depth, text),
    }
}

fn sequence(items: &[Value], depth: usize, text: &mut String) {
    if items.is_empty() {
        return text.push_str("[]");
    }
    text.push_str("[\n");
    for item in items {
        indent(depth + 1, text);
        nested(item, depth + 1, text);
        text.push_str(",\n");
    }
    indent(depth, text);
    text.push(']');
}

/// Members that are null are left out, items of a list are not.
fn mapping(members: &Members, depth: usize, text: &mut String) {
    let shown: Vec<_> = members.iter().filter(|(_, member)| !member.is_null()).collect();
    if shown.is_empty() {
        return text.push_str("{}");
    }
    text.push_str("{\n");
    for (name, member) in shown {
        indent(depth + 1, text);
        text.push_str(&quote(name));
        text.push_str(" = ");
        nested(member, depth + 1, text);
        text.push('\n');
    }
    indent(depth, text);
    text.push('}');
}

fn indent(depth: usize, text: &mut String) {
    text.extend(std::iter::repeat_n("  ", depth));
}

/// Whole numbers of 64 bits are shown as they are, all others as Go's `%g` shows a 64-bit float.
fn number(number: &Number) -> String {
    if let Some(whole) = number.as_i64() {
        return whole.to_string();
    }
    let float = number.as_f64();
    if float.is_infinite() {
        return if float > 0.0 { "+Inf" } else { "-Inf" }.to_owned();
    }
    // Rust writes the shortest digits that mean this float, and the exponent of the first. Where two of that length are
    // as near, it takes the upper one, and Go the even one.
    let upper = format!("{float:e}");
    let fraction = upper.split_once('e').and_then(|(digits, _)| digits.split_once('.')).map_or(0, |(_, f)| f.len());
    let even = format!("{float:.fraction$e}");
    let shortest = if even.parse() == Ok(float) { even } else { upper };
    let decimal = Number::from_text(&shortest).and_then(|number| number.shortest());
    let sign = if float.is_sign_negative() { "-" } else { "" };
    decimal.map_or(shortest, |decimal| format!("{sign}{}", decimal.general(6)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::Type;

    fn object(members: [(&str, Value); 2]) -> Value {
        Value::object(members.map(|(name, value)| (name.into(), value)))
    }

    #[test]
    fn a_text_is_raw_alone_and_quoted_inside() {
        assert_eq!(render(&"a \"b\"\n".into()), "a \"b\"\n");
        assert_eq!(render(&Value::tuple(["a \"b\"\n".into()])), "[\n  \"a \\\"b\\\"\\n\",\n]");
    }

    #[test]
    fn nulls_are_left_out_of_maps_and_shown_in_lists() {
        let null = || Value::null(Type::String);
        assert_eq!(render(&null()), "null");
        assert_eq!(render(&Value::tuple([null()])), "[\n  null,\n]");
        assert_eq!(render(&object([("b", null()), ("a", Value::tuple([]))])), "{\n  \"a\" = []\n}");
        assert_eq!(render(&object([("b", null()), ("a", null())])), "{}");
    }

    #[test]
    fn one_unknown_part_hides_the_whole() {
        assert_eq!(render(&object([("a", 1.into()), ("b", Value::unknown(Type::Any))])), "<unknown>");
    }

    #[test]
    fn numbers_look_as_go_prints_a_float() {
        // TYP-4
        for (text, expected) in [
            ("9223372036854775807", "9223372036854775807"),
            ("9223372036854775808", "9.223372036854776e+18"),
            ("1e20", "1e+20"),
            ("0.5", "0.5"),
            ("-12345678.5", "-1.23456785e+07"),
            ("0.00001", "1e-05"),
            ("1e400", "+Inf"),
        ] {
            assert_eq!(render(&Number::from_text(text).unwrap().into()), expected);
        }
    }
}
