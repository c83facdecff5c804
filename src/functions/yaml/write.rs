//! A value to a document of YAML, laid out as the reference lays it out.
//!
//! Knows no reader: every text stands in quotes or in a block, so none is taken for something else.

use crate::value::{Data, Members, Value};

/// Beyond this column a text in quotes goes on in the next line, at a space.
const WIDTH: usize = 80;

/// A key that is longer, in bytes, stands behind a question mark.
const LONGEST_KEY: usize = 128;

/// Returns `value`, wholly known, as one document.
///
/// # Source
/// FN-79; case `functions/yamlencode-writes-block-style`.
pub fn write(value: &Value) -> String {
    let mut writer = Writer { out: String::new() };
    writer.inline(value, 0);
    writer.end_line();
    if matches!(value.data(), Data::Null(_) | Data::Bool(_) | Data::Number(_)) {
        writer.out.push_str("...\n");
    }
    writer.out
}

struct Writer {
    out: String,
}

impl Writer {
    /// Writes `value` where the line stands; `indent` is where its further lines start.
    fn inline(&mut self, value: &Value, indent: usize) {
        match (value.as_items(), value.as_members()) {
            (Some(items), _) if !items.is_empty() => self.sequence(items, indent),
            (_, Some(members)) if !members.is_empty() => self.mapping(members, indent),
            _ => self.scalar(value, indent.max(2)),
        }
    }

    fn sequence(&mut self, items: &[Value], indent: usize) {
        for (index, item) in items.iter().enumerate() {
            if index > 0 {
                self.line(indent);
            }
            self.out.push_str("- ");
            self.inline(item, indent + 2);
        }
    }

    fn mapping(&mut self, members: &Members, indent: usize) {
        for (index, (key, value)) in members.iter().enumerate() {
            if index > 0 {
                self.line(indent);
            }
            if key.contains('\n') || key.len() > LONGEST_KEY {
                self.out.push_str("? ");
                self.text(key, indent + 2, true);
                self.line(indent);
                self.out.push_str(": ");
                self.inline(value, indent + 2);
                continue;
            }
            self.text(key, indent, false);
            self.out.push(':');
            match (value.as_items(), value.as_members()) {
                (Some(items), _) if !items.is_empty() => {
                    self.line(indent);
                    self.sequence(items, indent);
                }
                (_, Some(inner)) if !inner.is_empty() => {
                    self.line(indent + 2);
                    self.mapping(inner, indent + 2);
                }
                _ => {
                    self.out.push(' ');
                    self.scalar(value, indent + 2);
                }
            }
        }
    }

    fn scalar(&mut self, value: &Value, indent: usize) {
        match value.data() {
            Data::Null(_) | Data::Unknown(_) => self.out.push_str("null"),
            Data::Bool(value) => self.out.push_str(if *value { "true" } else { "false" }),
            Data::Number(number) if number.is_infinite() => {
                self.out.push_str(if number.is_negative() { "-Inf" } else { "+Inf" });
            }
            Data::Number(number) => self.out.push_str(&number.to_string()),
            Data::String(text) => self.text(text, indent, true),
            Data::List(..) | Data::Set(..) | Data::Tuple(_) => self.out.push_str("[]"),
            Data::Map(..) | Data::Object(_) => self.out.push_str("{}"),
        }
    }

    /// Writes a text in quotes, or as a block if it has several lines; `may_break` is false for keys.
    fn text(&mut self, text: &str, indent: usize, may_break: bool) {
        if may_break && text.contains('\n') && may_stand_in_a_block(text) {
            self.block(text, indent);
        } else {
            self.quoted(text, indent, may_break);
        }
    }

    fn block(&mut self, text: &str, indent: usize) {
        self.out.push('|');
        if text.starts_with([' ', '\n']) {
            // Without a number the indentation would be read off the first line.
            self.out.push('2');
        }
        match text.strip_suffix('\n') {
            None => self.out.push('-'),
            Some(before) if before.is_empty() || before.ends_with('\n') => self.out.push('+'),
            Some(_) => {}
        }
        for line in text.strip_suffix('\n').unwrap_or(text).split('\n') {
            self.out.push('\n');
            if !line.is_empty() {
                self.spaces(indent);
                self.out.push_str(line);
            }
        }
        if text.ends_with('\n') {
            self.out.push('\n');
        }
    }

    fn quoted(&mut self, text: &str, indent: usize, may_break: bool) {
        self.out.push('"');
        let start = self.out.rfind('\n').map_or(0, |at| at + 1);
        let mut column = self.out[start..].chars().count();
        let mut letters = text.chars().peekable();
        let (mut is_first, mut after_space) = (true, false);
        while let Some(c) = letters.next() {
            let breaks =
                may_break && c == ' ' && !after_space && column > WIDTH && !is_first && letters.peek().is_some();
            after_space = c == ' ';
            is_first = false;
            if breaks {
                self.out.push('\n');
                self.spaces(indent);
                column = indent;
                if letters.peek() == Some(&' ') {
                    // A reader would take it for indentation.
                    self.out.push('\\');
                    column += 1;
                }
                continue;
            }
            let before = self.out.len();
            escape(c, &mut self.out);
            column += self.out[before..].chars().count();
        }
        self.out.push('"');
    }

    fn spaces(&mut self, count: usize) {
        self.out.extend(std::iter::repeat_n(' ', count));
    }

    fn end_line(&mut self) {
        if !self.out.ends_with('\n') {
            self.out.push('\n');
        }
    }

    fn line(&mut self, indent: usize) {
        self.end_line();
        self.spaces(indent);
    }
}

/// Whether a block shows `text` as it is: nothing to escape in it, and no space that would get lost.
fn may_stand_in_a_block(text: &str) -> bool {
    let shows = |c: char| c == '\n' || is_printable(c);
    text.chars().all(shows) && !text.contains(" \n") && !text.ends_with(' ')
}

/// Whether the reference shows a character as it is; it escapes all beyond the first plane.
fn is_printable(c: char) -> bool {
    matches!(c, ' '..='~' | '\u{a0}'..='\u{d7ff}' | '\u{e000}'..='\u{fefe}' | '\u{ff00}'..='\u{fffd}')
}

fn escape(c: char, out: &mut String) {
    let short = match c {
        '"' => "\\\"",
        '\\' => "\\\\",
        '\0' => "\\0",
        '\x07' => "\\a",
        '\x08' => "\\b",
        '\t' => "\\t",
        '\n' => "\\n",
        '\x0b' => "\\v",
        '\x0c' => "\\f",
        '\r' => "\\r",
        '\x1b' => "\\e",
        '\u{85}' => "\\N",
        '\u{2028}' => "\\L",
        '\u{2029}' => "\\P",
        c if is_printable(c) => return out.push(c),
        c => {
            let code = u32::from(c);
            return out.push_str(&match code {
                0..=0xff => format!("\\x{code:02X}"),
                0x100..=0xffff => format!("\\u{code:04X}"),
                _ => format!("\\U{code:08X}"),
            });
        }
    };
    out.push_str(short);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::json;

    fn written(json_text: &str) -> String {
        write(&json::read(json_text).unwrap())
    }

    #[test]
    fn structures_are_laid_out_in_blocks() {
        // FN-79
        for (value, expected) in [
            ("[[[1,2],[3]],{\"a\":[1,{\"b\":2}]}]", "- - - 1\n    - 2\n  - - 3\n- \"a\":\n  - 1\n  - \"b\": 2\n"),
            ("{\"a\":{\"b\":[]},\"c\":[{}]}", "\"a\":\n  \"b\": []\n\"c\":\n- {}\n"),
            ("{\"x\\ny\":{\"c\":1}}", "? |-\n  x\n  y\n: \"c\": 1\n"),
            ("12", "12\n...\n"),
            ("\"\"", "\"\"\n"),
        ] {
            assert_eq!(written(value), expected, "{value}");
        }
    }

    #[test]
    fn texts_of_several_lines_are_blocks_where_nothing_gets_lost() {
        for (text, expected) in [
            ("a\\nb", "|-\n  a\n  b\n"),
            ("a\\nb\\n\\n", "|+\n  a\n  b\n\n"),
            (" a\\nb", "|2-\n   a\n  b\n"),
            ("\\n", "|2+\n\n"),
            ("a \\nb", "\"a \\nb\"\n"),
            ("a\\tb\\n", "\"a\\tb\\n\"\n"),
        ] {
            assert_eq!(written(&format!("\"{text}\"")), expected, "{text}");
        }
    }

    #[test]
    fn long_texts_go_on_in_the_next_line() {
        let words = vec!["word"; 16].join(" ");
        let value = format!("{{\"a\":\"{words}  x\"}}");
        assert_eq!(written(&value), format!("\"a\": \"{words}\n  \\ x\"\n"));
        assert_eq!(written("\"\u{1f600}\u{85}\u{1}\""), "\"\\U0001F600\\N\\x01\"\n");
    }
}
