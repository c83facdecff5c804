//! How a value is described in a diagnostic (DIA-4).
//!
//! Never spells out what a collection holds, nor anything that is marked.

use std::fmt::Write;

use super::{Data, Number, Value};

/// Returns a few words for `value`: `"abc"`, `5`, `list of string with 2 elements`.
pub fn describe(value: &Value) -> String {
    if value.is_sensitive() {
        return "<sensitive>".to_owned();
    }
    match value.data() {
        Data::Null(_) => "null".to_owned(),
        Data::Unknown(_) => "a value not known yet".to_owned(),
        Data::Bool(value) => value.to_string(),
        Data::Number(number) => brief(number),
        Data::String(text) => quote(text),
        Data::List(_, items) | Data::Set(_, items) | Data::Tuple(items) => counted(value, items.len(), "element"),
        Data::Map(_, members) => counted(value, members.len(), "element"),
        Data::Object(members) if members.is_empty() => "object with no attributes".to_owned(),
        Data::Object(members) if let (1, Some(name)) = (members.len(), members.keys().next()) => {
            format!("object with 1 attribute {}", quote(name))
        }
        Data::Object(members) => counted(value, members.len(), "attribute"),
    }
}

/// Returns `text` in double quotes, with escapes for what would not show.
pub fn quote(text: &str) -> String {
    let mut quoted = String::from('"');
    for c in text.chars() {
        match c {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            '\x07' => quoted.push_str("\\a"),
            '\x08' => quoted.push_str("\\b"),
            '\x0b' => quoted.push_str("\\v"),
            '\x0c' => quoted.push_str("\\f"),
            c if c.is_ascii_control() => {
                let _ = write!(quoted, "\\x{:02x}", u32::from(c));
            }
            c if c.is_control() || is_invisible(c) => {
                let _ = if c <= '\u{ffff}' {
                    write!(quoted, "\\u{:04x}", u32::from(c))
                } else {
                    write!(quoted, "\\U{:08x}", u32::from(c))
                };
            }
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

/// White space but the plain one, marks of direction, and what is no character at all.
fn is_invisible(c: char) -> bool {
    c != ' ' && c.is_whitespace()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff0}'..='\u{fffb}')
}

/// At most ten digits say enough.
fn brief(number: &Number) -> String {
    let Some(mut decimal) = number.shortest() else { return number.to_string() };
    decimal.round(10);
    let sign = if decimal.negative { "-" } else { "" };
    format!("{sign}{}", decimal.general(10))
}

fn counted(value: &Value, count: usize, what: &str) -> String {
    let kind = value.ty().friendly();
    match count {
        0 => format!("empty {kind}"),
        1 => format!("{kind} with 1 {what}"),
        _ => format!("{kind} with {count} {what}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::Type;

    #[test]
    fn values_are_described_in_a_few_words() {
        // DIA-4
        for (value, expected) in [
            (Value::from("a\"b\n"), r#""a\"b\n""#),
            (Value::from(5), "5"),
            (Number::from_text("12345678901234").unwrap().into(), "1.23456789e+13"),
            (Number::from(1).div(&Number::from(3)).unwrap().into(), "0.3333333333"),
            (Value::null(Type::String), "null"),
            (Value::list(Type::String, ["a".into(), "b".into()]), "list of string with 2 elements"),
            (Value::tuple([]), "empty tuple"),
            (Value::object([("a".into(), 1.into())]), "object with 1 attribute \"a\""),
            (Value::object([]), "object with no attributes"),
        ] {
            assert_eq!(describe(&value), expected);
        }
    }

    #[test]
    fn what_is_marked_is_not_described() {
        assert_eq!(describe(&Value::from("secret").sensitive(true)), "<sensitive>");
    }

    #[test]
    fn quotes_escape_what_would_not_show() {
        assert_eq!(quote("\u{1}\u{200b}é\u{e0001}"), "\"\\x01\\u200bé\u{e0001}\"");
    }
}
