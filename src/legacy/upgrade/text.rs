//! A text of HCL on its way into quotes: what is meant literally, and what is HCL already.
//!
//! Knows nothing of `{{ }}`.

use std::fmt::Write;

use crate::value::show::{is_visible, quote};

/// A piece of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    /// Means what it says.
    Literal(String),
    /// Is written as it is: `${var.x}`.
    Raw(String),
}

/// A text, piece by piece.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Text(Vec<Piece>);

impl Text {
    /// Makes one that means what it says.
    pub fn literal(text: impl Into<String>) -> Text {
        let mut whole = Text::default();
        whole.push_literal(&text.into());
        whole
    }

    /// Makes one of HCL.
    pub fn raw(text: impl Into<String>) -> Text {
        Text(vec![Piece::Raw(text.into())])
    }

    /// Adds what means what it says.
    pub fn push_literal(&mut self, text: &str) {
        match self.0.last_mut() {
            Some(Piece::Literal(last)) => last.push_str(text),
            _ if text.is_empty() => {}
            _ => self.0.push(Piece::Literal(text.to_owned())),
        }
    }

    /// Adds `other`.
    pub fn push(&mut self, other: Text) {
        for piece in other.0 {
            match piece {
                Piece::Literal(text) => self.push_literal(&text),
                raw => self.0.push(raw),
            }
        }
    }

    /// Returns what it says, if all of it is meant literally.
    pub fn as_literal(&self) -> Option<&str> {
        match &self.0[..] {
            [] => Some(""),
            [Piece::Literal(text)] => Some(text),
            _ => None,
        }
    }

    /// Whether a literal piece has this letter.
    pub fn has_literal(&self, letter: char) -> bool {
        self.0.iter().any(|piece| matches!(piece, Piece::Literal(text) if text.contains(letter)))
    }

    /// Returns it as a text in double quotes stands inside `{{ }}`.
    pub fn in_quotes(&self) -> Text {
        let mut whole = Text::literal("\"");
        for piece in &self.0 {
            match piece {
                Piece::Literal(text) => {
                    let quoted = quote(text);
                    whole.push_literal(&quoted[1..quoted.len() - 1]);
                }
                Piece::Raw(text) => whole.push(Text::raw(text)),
            }
        }
        whole.push_literal("\"");
        whole
    }

    /// Writes it in quotes.
    pub fn write(&self, to: &mut String) {
        to.push('"');
        for piece in &self.0 {
            match piece {
                Piece::Literal(text) => escape(text, to),
                Piece::Raw(text) => {
                    // `$${` would be an escape.
                    if text.starts_with("${") && to.ends_with('$') {
                        to.truncate(to.len() - 1);
                        to.push_str("${\"$\"}");
                    }
                    to.push_str(text);
                }
            }
        }
        to.push('"');
    }
}

/// Writes `text` as it stands between quotes (UPG-18).
pub fn escape(text: &str, to: &mut String) {
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '\n' => to.push_str("\\n"),
            '\r' => to.push_str("\\r"),
            '\t' => to.push_str("\\t"),
            '"' => to.push_str("\\\""),
            '\\' => to.push_str("\\\\"),
            '$' | '%' if letters.peek() == Some(&'{') => to.extend([letter, letter]),
            letter if is_visible(letter) => to.push(letter),
            letter if letter <= '\u{ffff}' => _ = write!(to, "\\u{:04x}", u32::from(letter)),
            letter => _ = write!(to, "\\U{:08x}", u32::from(letter)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(text: &Text) -> String {
        let mut to = String::new();
        text.write(&mut to);
        to
    }

    #[test]
    fn what_looks_like_hcl_stays_literal() {
        // UPG-18
        let text = Text::literal("${X} %{if} $${Y} %%{z} $X 100% \"q\" \\ \u{1}");
        assert_eq!(written(&text), r#""$${X} %%{if} $$${Y} %%%{z} $X 100% \"q\" \\ \u0001""#);
    }

    #[test]
    fn a_dollar_before_an_interpolation_stays_one() {
        let mut text = Text::literal("costs $");
        text.push(Text::raw("${var.price}"));
        assert_eq!(written(&text), r#""costs ${"$"}${var.price}""#);
    }
}
