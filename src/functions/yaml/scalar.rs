//! What a plain word of YAML 1.1 means: a number, a bool, null, a time or a text.
//!
//! Knows nothing of structure.

use crate::functions::datetime::Time;
use crate::value::{Number, Type, Value};

/// The tags that a scalar may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tag {
    None,
    Text,
    Bool,
    Number,
    Null,
    Timestamp,
    Binary,
}

/// Returns what `word` stands for; `is_quoted` says whether it stood in quotes.
///
/// # Errors
/// It is not what its tag says, or no number at all.
///
/// # Source
/// FN-78.
pub fn resolve(word: &str, tag: Tag, is_quoted: bool) -> Result<Value, String> {
    match tag {
        Tag::Text => return Ok(word.into()),
        Tag::Binary => return binary(word),
        // Quotes win over every other tag.
        _ if is_quoted => return Ok(word.into()),
        _ => {}
    }
    if let Some(value) = fixed(word) {
        return Ok(value);
    }
    if matches!(word, ".nan" | ".NaN" | ".NAN") {
        return Err(format!("{word} is no number that a template can hold"));
    }
    if matches!(tag, Tag::None | Tag::Timestamp)
        && let Some(time) = timestamp(word)
    {
        return Ok(time.rfc3339().into());
    }
    if let Some(number) = number(word) {
        return Ok(number.into());
    }
    match tag {
        Tag::Number => whole_of_any_base(word).map(Value::from).ok_or_else(|| format!("{word:?} is no number")),
        Tag::Bool => Err(format!("{word:?} is neither true nor false")),
        Tag::Null => Ok(Value::null(Type::Any)),
        Tag::Timestamp => Err(format!("{word:?} is no time")),
        _ => Ok(word.into()),
    }
}

/// Bytes stay in base64, for a template has no other text for them.
fn binary(word: &str) -> Result<Value, String> {
    match crate::functions::encoding::unpacked(word) {
        Some(_) => Ok(word.into()),
        None => Err("what is tagged !!binary is not base64".to_owned()),
    }
}

fn fixed(word: &str) -> Option<Value> {
    Some(match word {
        "y" | "Y" | "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => true.into(),
        "n" | "N" | "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => false.into(),
        "" | "~" | "null" | "Null" | "NULL" => Value::null(Type::Any),
        ".inf" | ".Inf" | ".INF" | "+.inf" | "+.Inf" | "+.INF" => Number::infinity(false).into(),
        "-.inf" | "-.Inf" | "-.INF" => Number::infinity(true).into(),
        _ => return None,
    })
}

/// Reads decimal numbers; `_` between digits is left out, unless the word starts with a point.
fn number(word: &str) -> Option<Number> {
    let digits = word.strip_prefix(['+', '-']).unwrap_or(word);
    let plain = match digits.bytes().next()? {
        b'.' if digits.len() == word.len() => word.to_owned(),
        b'0'..=b'9' | b'.' => word.replace('_', ""),
        _ => return None,
    };
    let binary = plain.strip_prefix("0b").map(|bits| (bits, "")).or_else(|| Some((plain.strip_prefix("-0b")?, "-")));
    if let Some((bits, sign)) = binary {
        return Number::from_digits(&format!("{sign}{bits}"), 2);
    }
    Number::from_text(&plain)
}

/// Reads what only a tag makes a number: `0x1F`, `0o17`.
fn whole_of_any_base(word: &str) -> Option<Number> {
    let plain = word.replace('_', "");
    let (sign, digits) = plain.strip_prefix('-').map_or(("", &*plain), |digits| ("-", digits));
    let (base, digits) = [("0x", 16), ("0X", 16), ("0o", 8), ("0b", 2)]
        .iter()
        .find_map(|(prefix, base)| Some((*base, digits.strip_prefix(prefix)?)))?;
    Number::from_digits(&format!("{sign}{digits}"), base)
}

/// Reads `2001-12-14`, `2001-12-14t21:59:43.10-05:00` or, in UTC, `2001-12-14 21:59:43`; fields may have one digit.
fn timestamp(word: &str) -> Option<Time> {
    let year_end = word.bytes().position(|b| !b.is_ascii_digit()).filter(|end| *end == 4)?;
    let mut rest = word[year_end..].strip_prefix('-')?;
    let month = field(&mut rest)?;
    rest = rest.strip_prefix('-')?;
    let day = field(&mut rest)?;
    let date = format!("{}-{month:02}-{day:02}", &word[..4]);
    let Some(separator) = rest.chars().next() else { return Time::parse(&format!("{date}T00:00:00Z")) };
    if !matches!(separator, 'T' | 't' | ' ') {
        return None;
    }
    rest = &rest[1..];
    let hour = field(&mut rest)?;
    rest = rest.strip_prefix(':')?;
    let minute = field(&mut rest)?;
    rest = rest.strip_prefix(':')?;
    let second = field(&mut rest)?;
    if let Some(fraction) = rest.strip_prefix('.') {
        let digits = fraction.bytes().take_while(u8::is_ascii_digit).count();
        rest = fraction.get(digits..).filter(|_| digits > 0)?;
    }
    let zone = match (separator, rest) {
        (' ', "") => "Z",
        (' ', _) | (_, "") => return None,
        (_, zone) => zone,
    };
    Time::parse(&format!("{date}T{hour:02}:{minute:02}:{second:02}{zone}"))
}

/// Reads one or two digits.
fn field(rest: &mut &str) -> Option<u32> {
    let count = rest.bytes().take(2).take_while(u8::is_ascii_digit).count();
    let (digits, after) = rest.split_at(count);
    *rest = after;
    digits.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(word: &str) -> String {
        crate::value::json::write(&resolve(word, Tag::None, false).unwrap()).unwrap()
    }

    #[test]
    fn plain_words_mean_what_they_meant_in_yaml_1_1() {
        // FN-78
        for (word, expected) in [
            ("yes", "true"),
            ("Off", "false"),
            ("~", "null"),
            ("1_000", "1000"),
            ("010", "10"),
            ("0o7", "\"0o7\""),
            ("0x10", "\"0x10\""),
            ("0b101", "5"),
            ("-0b11", "-3"),
            (".5", "0.5"),
            ("+1e3", "1000"),
            ("12:30:00", "\"12:30:00\""),
            ("1.2.3", "\"1.2.3\""),
            ("-", "\"-\""),
        ] {
            assert_eq!(shown(word), expected, "{word}");
        }
        assert!(resolve(".nan", Tag::None, false).is_err());
        assert_eq!(resolve("yes", Tag::None, true), Ok("yes".into()));
    }

    #[test]
    fn times_become_rfc_3339() {
        for (word, expected) in [
            ("2020-01-02", "2020-01-02T00:00:00Z"),
            ("2001-1-4", "2001-01-04T00:00:00Z"),
            ("2001-12-14t21:59:43.10-05:00", "2001-12-14T21:59:43-05:00"),
            ("2001-12-14 1:2:3", "2001-12-14T01:02:03Z"),
            ("2001-12-14 21:59:43 -5", "2001-12-14 21:59:43 -5"),
            ("2001-13-14", "2001-13-14"),
            ("2001-12-14T21:59:43", "2001-12-14T21:59:43"),
        ] {
            assert_eq!(shown(word), format!("{expected:?}"), "{word}");
        }
    }

    #[test]
    fn tags_say_what_a_word_is() {
        assert_eq!(resolve("12", Tag::Text, false), Ok("12".into()));
        assert_eq!(resolve("0x1F", Tag::Number, false), Ok(31.into()));
        assert_eq!(resolve("aGk=", Tag::Binary, false), Ok("aGk=".into()));
        for (word, tag) in [("x", Tag::Bool), ("x", Tag::Number), ("x", Tag::Timestamp), ("%", Tag::Binary)] {
            assert!(resolve(word, tag, false).is_err(), "{word} {tag:?}");
        }
    }
}
