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

/// Whether `letter` shows as itself in a quoted text.
pub fn is_visible(letter: char) -> bool {
    !letter.is_control() && !is_invisible(letter)
}

/// White space but the plain one, marks that only direct others, and what is no character at all.
fn is_invisible(c: char) -> bool {
    static VISIBLE: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"^[\pL\pM\pN\pP\pS]$").expect("the classes exist"));
    !(' '..='~').contains(&c) && !VISIBLE.is_match(c.encode_utf8(&mut [0; 4]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_escape_what_would_not_show() {
        assert_eq!(quote("\u{1}\u{200b}é\u{ad}\u{e0001}"), "\"\\x01\\u200bé\\u00ad\\U000e0001\"");
    }
}
