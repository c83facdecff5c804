//! JSON text to nodes. What cannot be read is reported, and reading goes on after it.
//!
//! Knows nothing of templates: it reads any JSON, and keeps what it means apart from where it stands.

use std::collections::BTreeSet;

use super::{Kind, Member, Node, aftermath};
use crate::diagnostics::{Diagnostic, Diagnostics, FileId, Span};

/// How deep values may be nested.
pub const DEPTH: usize = 200;
/// How many mistakes of one file are told; after so many it is no JSON at all.
const MOST: usize = 20;
/// How many mistakes of one line are told; the others mostly follow from these.
const MOST_OF_A_LINE: usize = 3;

/// Returns the value that `text` holds, and everything that is wrong with it.
pub fn read(id: FileId, text: &str) -> (Node, Diagnostics) {
    let (node, mut diagnostics) = read_with(id, text, "A member named \"//\" is ignored, and may hold one.");
    if diagnostics.has_errors() {
        add_trouble(id, text, &mut diagnostics);
    }
    (node, diagnostics)
}

/// Adds the lines that cannot be read because of what was told of others.
fn add_trouble(id: FileId, text: &str, diagnostics: &mut Diagnostics) {
    let line = |at: usize| text[..at].bytes().filter(|byte| *byte == b'\n').count();
    let told = diagnostics.iter().filter_map(|one| one.span);
    let mut told: BTreeSet<usize> = told.map(|span| line(span.start as usize)).collect();
    for at in aftermath::trouble(text).into_iter().take(MOST) {
        if told.insert(line(at)) {
            let detail = "What is wrong with the text elsewhere keeps this part of it from being read as JSON.";
            let length = text[at..].chars().next().map_or(0, char::len_utf8);
            let span = Span::new(id, at..at + length);
            diagnostics.push(Diagnostic::error("Unreadable JSON", detail).at(span));
        }
    }
}

/// Does the same for a language that has its own way to write a comment, which `comments` tells.
pub fn read_with(id: FileId, text: &str, comments: &str) -> (Node, Diagnostics) {
    let at = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let mut reader =
        Reader { id, text, at, comments, depth: 0, gave_up: false, told: (0, 0), diagnostics: Diagnostics::new() };
    let node = reader.value();
    reader.blanks();
    if reader.at < text.len() && !reader.diagnostics.has_errors() {
        reader.error("Extraneous data after value", "The file goes on after its value ended; it must hold one value.");
    }
    (node, reader.diagnostics)
}

struct Reader<'a> {
    id: FileId,
    text: &'a str,
    at: usize,
    /// Says how a comment is written.
    comments: &'a str,
    depth: usize,
    /// Whether the rest of the text is not worth reading.
    gave_up: bool,
    /// Where the last mistake is, and how many of its line were met so far.
    told: (usize, usize),
    diagnostics: Diagnostics,
}

impl Reader<'_> {
    fn value(&mut self) -> Node {
        self.blanks();
        let start = self.at;
        let kind = match self.peek() {
            None => {
                self.error("Missing JSON value", "The text ends where a value is needed.");
                Kind::Invalid
            }
            Some(b'{' | b'[') if self.depth == DEPTH => {
                self.error("JSON nested too deeply", "Values may be nested 200 levels deep, and these are deeper.");
                self.give_up();
                Kind::Invalid
            }
            Some(b'{') => self.within(Self::object),
            Some(b'[') => self.within(Self::array),
            Some(b'"') => self.text().map_or(Kind::Invalid, Kind::Text),
            Some(b'\'') => self.single_quoted().map_or(Kind::Invalid, Kind::Text),
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(b',' | b'}' | b']') => {
                self.error("Missing JSON value", "A value is needed here.");
                Kind::Invalid
            }
            Some(_) => self.word(),
        };
        Node { kind, span: self.span(start) }
    }

    fn within(&mut self, read: fn(&mut Self) -> Kind) -> Kind {
        self.depth += 1;
        let kind = read(self);
        self.depth -= 1;
        kind
    }

    fn object(&mut self) -> Kind {
        let open = self.at;
        self.at += 1;
        let mut members = Vec::new();
        loop {
            self.blanks();
            match self.peek() {
                Some(b'}') => break,
                None => return self.unclosed("object", open, Kind::Object(members)),
                _ => {}
            }
            let Some(member) = self.member() else { continue };
            members.push(member);
            if !self.separator(b'}') {
                break;
            }
        }
        self.close(b'}');
        Kind::Object(members)
    }

    fn array(&mut self) -> Kind {
        let open = self.at;
        self.at += 1;
        let mut items = Vec::new();
        loop {
            self.blanks();
            match self.peek() {
                Some(b']') => break,
                None => return self.unclosed("array", open, Kind::Array(items)),
                _ => {}
            }
            let before = self.at;
            items.push(self.value());
            if !self.separator(b']') {
                break;
            }
            if self.at == before {
                self.skip_one();
            }
        }
        self.close(b']');
        Kind::Array(items)
    }

    /// Reads a name, a colon and a value; `None` when there is no name, and then it was skipped.
    fn member(&mut self) -> Option<Member> {
        let start = self.at;
        let name = match self.peek() {
            Some(b'"') => self.text(),
            Some(b'\'') => self.single_quoted(),
            Some(byte) if byte.is_ascii_alphabetic() || byte == b'_' => {
                let length = self.length_of(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.'));
                self.error_over(
                    length,
                    "Invalid object property name",
                    "The name of a member stands in double quotes.",
                );
                let name = self.text[self.at..self.at + length].to_owned();
                self.at += length;
                Some(name)
            }
            _ => {
                self.error("Invalid object property name", "The name of a member is needed here, in double quotes.");
                self.skip_one();
                return None;
            }
        };
        let span = self.span(start);
        self.blanks();
        match self.peek() {
            Some(b':') => self.at += 1,
            Some(b'=') => {
                self.error(
                    "Missing property value colon",
                    "JSON has a colon between a name and its value, no equals sign.",
                );
                self.at += 1;
            }
            _ => {
                self.error("Missing property value colon", "A colon is needed between a member's name and its value.");
                if !matches!(self.peek(), Some(b'"' | b'{' | b'[' | b'-' | b'0'..=b'9')) {
                    let value = Node { kind: Kind::Invalid, span };
                    return Some(Member { name: name?, span, value });
                }
            }
        }
        let value = self.value();
        Some(Member { name: name?, span, value })
    }

    /// Takes the comma behind an item; returns whether another item may follow.
    fn separator(&mut self, close: u8) -> bool {
        self.blanks();
        match self.peek() {
            Some(b',') => {
                let comma = self.at;
                self.at += 1;
                self.blanks();
                if self.peek() == Some(close) {
                    let detail = "JSON has no comma behind the last item; take it away.";
                    let span = Span::new(self.id, comma..comma + 1);
                    self.push(Diagnostic::error("Trailing comma", detail).at(span));
                    return false;
                }
                true
            }
            Some(byte) if byte == close => false,
            Some(b'}' | b']') => false,
            // Whoever opened it says that it is not closed.
            None => true,
            Some(_) => {
                let detail = format!("A comma or {:?} is needed here.", char::from(close));
                self.error("Missing comma", detail);
                if !matches!(self.peek(), Some(b'"' | b'{' | b'[' | b'-' | b'0'..=b'9' | b'a'..=b'z')) {
                    self.skip_one();
                }
                true
            }
        }
    }

    fn close(&mut self, close: u8) {
        match self.peek() {
            Some(byte) if byte == close => self.at += 1,
            Some(_) => {
                let detail = format!(
                    "{:?} is needed here: brackets and braces close in the order they open.",
                    char::from(close)
                );
                self.error("Mismatched brackets", detail);
                self.at += 1;
            }
            None => {}
        }
    }

    fn unclosed(&mut self, what: &str, open: usize, kind: Kind) -> Kind {
        if self.gave_up {
            return kind;
        }
        let detail = format!("This {what} is opened here, and never closed.");
        self.push(Diagnostic::error(format!("Unclosed {what}"), detail).at(Span::new(self.id, open..open + 1)));
        kind
    }

    /// Reads a text in double quotes with the escapes of JSON.
    fn text(&mut self) -> Option<String> {
        let start = self.at;
        let bytes = self.text.as_bytes();
        let mut end = start + 1;
        loop {
            match bytes.get(end) {
                None | Some(b'\n') => {
                    // An escape at the end of the text would reach behind it.
                    let end = end.min(bytes.len());
                    let length = self.text[start..end].trim_end().len();
                    self.error_over(length, "Unterminated text", "This text has no closing quote on its line.");
                    self.at = end;
                    return None;
                }
                Some(b'"') => break,
                Some(b'\\') => end += 2,
                Some(_) => end += 1,
            }
        }
        let quoted = self.text.get(start..=end).unwrap_or_default();
        let text = serde_json::from_str(quoted).or_else(|_| serde_json::from_str(&without_halves(quoted)));
        if let Err(error) = &text {
            let reason = error.to_string();
            let reason = reason.split(" at line").next().unwrap_or_default().to_owned();
            self.error_over(quoted.len(), "Invalid text", format!("This text cannot be read: {reason}."));
        }
        self.at = end + 1;
        text.ok()
    }

    fn single_quoted(&mut self) -> Option<String> {
        let rest = &self.text[self.at + 1..];
        let line = rest.lines().next().unwrap_or_default();
        let inside = line.split_once('\'').map(|(inside, _)| inside.to_owned());
        let length = inside.as_ref().map_or(1 + line.len(), |inside| inside.len() + 2);
        self.error_over(length, "Invalid JSON", "JSON texts stand in double quotes, not in single ones.");
        self.at += length;
        inside
    }

    fn number(&mut self) -> Kind {
        let length = self.length_of(|b| b.is_ascii_digit() || matches!(b, b'.' | b'e' | b'E' | b'+' | b'-'));
        let text = &self.text[self.at..self.at + length];
        let kind = if is_number(text) {
            Kind::Number(text.to_owned())
        } else {
            let detail = format!("{text:?} is not a number as JSON writes them: digits, a fraction, an exponent.");
            self.error_over(length, "Invalid number", detail);
            Kind::Invalid
        };
        self.at += length;
        kind
    }

    fn word(&mut self) -> Kind {
        let length = self.length_of(|b| b.is_ascii_alphanumeric() || b == b'_').max(1);
        let length = self.text[self.at..].char_indices().map(|(at, _)| at).find(|at| *at >= length);
        let length = length.unwrap_or(self.text.len() - self.at);
        let kind = match &self.text[self.at..self.at + length] {
            "null" => Kind::Null,
            "true" => Kind::Bool(true),
            "false" => Kind::Bool(false),
            _ => {
                let detail = "A value is needed here: an object, array, quoted text, number, true, false or null.";
                self.error_over(length, "Invalid start of value", detail);
                Kind::Invalid
            }
        };
        self.at += length;
        kind
    }

    /// Skips white space, and comments, which are reported.
    fn blanks(&mut self) {
        loop {
            self.at += self.length_of(|b| b" \t\r\n".contains(&b));
            let rest = &self.text[self.at..];
            let length = if rest.starts_with('#') || rest.starts_with("//") {
                rest.find('\n').unwrap_or(rest.len())
            } else if rest.starts_with("/*") {
                rest.find("*/").map_or(rest.len(), |end| end + 2)
            } else {
                return;
            };
            let detail = format!("JSON has no comments. {}", self.comments);
            let shown = rest[..length].lines().next().map_or(length, str::len);
            self.error_over(shown, "Invalid JSON", detail);
            self.at += length;
        }
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied().filter(|_| !self.gave_up)
    }

    /// How many bytes from here on are of this sort.
    fn length_of(&self, is_part: impl Fn(u8) -> bool) -> usize {
        self.text.as_bytes()[self.at..].iter().take_while(|b| is_part(**b)).count()
    }

    fn skip_one(&mut self) {
        self.at += self.text[self.at..].chars().next().map_or(0, char::len_utf8);
    }

    /// Sees nothing more of the text: it would only be read as something it is not.
    fn give_up(&mut self) {
        self.gave_up = true;
    }

    fn span(&self, start: usize) -> Span {
        Span::new(self.id, start..self.at)
    }

    /// Reports the character that is read now.
    fn error(&mut self, summary: &str, detail: impl Into<String>) {
        let length = self.text[self.at..].chars().next().map_or(0, char::len_utf8);
        self.error_over(length, summary, detail);
    }

    /// Reports the next `length` bytes.
    fn error_over(&mut self, length: usize, summary: &str, detail: impl Into<String>) {
        let span = Span::new(self.id, self.at..self.at + length);
        self.push(Diagnostic::error(summary, detail).at(span));
    }

    fn push(&mut self, diagnostic: Diagnostic) {
        let at = diagnostic.span.map_or(0, |span| span.start as usize);
        let (last, count) = self.told;
        let between = &self.text.as_bytes()[last.min(at)..last.max(at)];
        self.told = (at, if between.contains(&b'\n') { 1 } else { count + 1 });
        if self.told.1 > MOST_OF_A_LINE {
            return;
        }
        if self.diagnostics.len() < MOST {
            self.diagnostics.push(diagnostic);
        } else {
            self.give_up();
        }
    }
}

/// Returns a quoted text in which U+FFFD stands for each escaped half of a pair whose other half is missing.
fn without_halves(quoted: &str) -> String {
    let half = |at: usize, of: std::ops::Range<u32>| {
        let digits = quoted.get(at..).and_then(|rest| rest.strip_prefix("\\u")).and_then(|rest| rest.get(..4));
        digits.and_then(|digits| u32::from_str_radix(digits, 16).ok()).is_some_and(|code| of.contains(&code))
    };
    let mut whole = String::with_capacity(quoted.len());
    let mut at = 0;
    while let Some(letter) = quoted[at..].chars().next() {
        let length = match letter {
            '\\' if half(at, 0xd800..0xdc00) && half(at + 6, 0xdc00..0xe000) => 12,
            '\\' if half(at, 0xd800..0xe000) => {
                whole.push_str("\\ufffd");
                at += 6;
                continue;
            }
            '\\' => 1 + quoted[at + 1..].chars().next().map_or(0, char::len_utf8),
            _ => letter.len_utf8(),
        };
        whole.push_str(&quoted[at..at + length]);
        at += length;
    }
    whole
}

/// Whether `text` is a number by JSON's grammar, of any size.
pub fn is_number(text: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let text = text.strip_prefix('-').unwrap_or(text);
    let (mantissa, exponent) = text.split_once(['e', 'E']).map_or((text, None), |(m, e)| (m, Some(e)));
    let (whole, fraction) = mantissa.split_once('.').map_or((mantissa, None), |(w, f)| (w, Some(f)));
    digits(whole)
        && (whole == "0" || !whole.starts_with('0'))
        && fraction.is_none_or(digits)
        && exponent.is_none_or(|exponent| digits(exponent.strip_prefix(['+', '-']).unwrap_or(exponent)))
}
