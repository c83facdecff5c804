//! Texts in quotes, as Go and Packer show them.
//!
//! Knows no value but text.

use std::fmt::Write;
use std::sync::LazyLock;

use regex::Regex;

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
            c if !is_visible(c) => {
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

/// Letters, marks, digits, signs: what Go prints as it is.
static SHOWN: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"\A[\p{L}\p{M}\p{N}\p{P}\p{S}]\z").expect("the pattern is fixed"));

/// Whether `letter` shows as itself in a quoted text: not what is white space but the plain one, directs text, has no
/// meaning but a private one, or none at all.
pub fn is_visible(letter: char) -> bool {
    match letter {
        ' '..='~' | '\u{a1}'..='\u{ac}' | '\u{ae}'..='\u{377}' => true,
        _ => SHOWN.is_match(letter.encode_utf8(&mut [0; 4])),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_escape_what_would_not_show() {
        assert_eq!(quote("\u{1}\u{200b}é\u{ad}"), "\"\\x01\\u200bé\\u00ad\"");
        assert_eq!(quote("日\u{301}€😀"), "\"日\u{301}€😀\"");
        assert_eq!(quote("\u{e0a0}\u{378}\u{e0001}"), "\"\\ue0a0\\u0378\\U000e0001\"");
    }
}
