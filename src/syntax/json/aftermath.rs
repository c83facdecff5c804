//! Where a damaged text makes trouble behind its damage: what encloses it cannot be read either, and a bracket too many
//! or too few shifts all that follow.
//!
//! Says where, in the order in which the reference stumbles; what was wrong in the first place is told by `reader`.

use super::reader::{DEPTH, is_number};

/// A piece of the text, and where it starts.
#[derive(Clone, Copy)]
struct Token {
    kind: Kind,
    at: usize,
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    /// One of `{}[],:=`.
    Sign(u8),
    /// A text in quotes that can be read.
    Text,
    /// A number, `true`, `false` or `null`.
    Word,
    /// A text, number or word that cannot be read.
    Unreadable,
    /// What no value starts with; nothing behind it is looked at.
    Stray,
    End,
}

/// What became of a value.
#[derive(PartialEq)]
enum Read {
    Container,
    Text,
    Other,
    Lost,
}

/// Returns the bytes of `text` at which reading it goes wrong, first to last as they are met.
pub fn trouble(text: &str) -> Vec<usize> {
    let start = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let (next, behind) = token(text, start);
    let mut walk = Walk { text, next, behind, depth: 0, found: Vec::new() };
    let root = walk.peek().at;
    let read = walk.value();
    if walk.found.is_empty() && walk.peek().kind != Kind::End {
        walk.found.push(walk.peek().at);
    }
    if read != Read::Container {
        walk.found.push(root);
    }
    walk.found
}

/// Reads one token after the other: a text of many megabytes has too many to keep them.
struct Walk<'t> {
    text: &'t str,
    next: Token,
    /// Where the next token ends.
    behind: usize,
    depth: usize,
    found: Vec<usize>,
}

impl Walk<'_> {
    fn peek(&self) -> Token {
        self.next
    }

    fn read(&mut self) -> Token {
        let read = self.next;
        if read.kind != Kind::End {
            (self.next, self.behind) = match read.kind {
                Kind::Stray => (Token { kind: Kind::End, at: read.at }, self.behind),
                _ => token(self.text, self.behind),
            };
        }
        read
    }

    /// Says that `at` is wrong, and that the value it belongs to is lost.
    fn lose(&mut self, at: usize) -> Read {
        self.found.push(at);
        Read::Lost
    }

    fn value(&mut self) -> Read {
        let token = self.peek();
        match token.kind {
            Kind::Sign(b'{' | b'[') if self.depth == DEPTH => {
                self.next = Token { kind: Kind::End, at: token.at };
                self.lose(token.at)
            }
            Kind::Sign(open @ (b'{' | b'[')) => {
                self.depth += 1;
                let read = self.container(open);
                self.depth -= 1;
                read
            }
            Kind::Text | Kind::Word => {
                self.read();
                if token.kind == Kind::Text { Read::Text } else { Read::Other }
            }
            Kind::Unreadable => {
                self.read();
                self.lose(token.at)
            }
            Kind::Sign(_) | Kind::Stray | Kind::End => self.lose(token.at),
        }
    }

    fn container(&mut self, open: u8) -> Read {
        let (close, other) = if open == b'{' { (b'}', b']') } else { (b']', b'}') };
        let start = self.read().at;
        while self.peek().kind != Kind::Sign(close) {
            if open == b'{'
                && let Some(lost) = self.name()
            {
                return lost;
            }
            self.value();
            let behind = self.peek();
            match behind.kind {
                Kind::Sign(b',') => {
                    let comma = self.read().at;
                    if self.peek().kind == Kind::Sign(close) {
                        return self.lose(comma);
                    }
                }
                Kind::Sign(sign) if sign == close => break,
                Kind::End => return self.lose(start),
                Kind::Sign(sign) if sign == other && open == b'{' => {
                    self.read();
                    return self.lose(self.peek().at);
                }
                _ => {
                    self.skip(open, close);
                    return self.lose(self.peek().at);
                }
            }
        }
        self.read();
        Read::Container
    }

    /// Reads the name of a member and its colon.
    fn name(&mut self) -> Option<Read> {
        let at = self.peek().at;
        if self.value() != Read::Text {
            return Some(self.lose(at));
        }
        let colon = self.peek();
        if colon.kind == Kind::Sign(b':') {
            self.read();
            return None;
        }
        self.skip(b'{', b'}');
        Some(self.lose(colon.at))
    }

    /// Leaves the container that the next token is wrong in, as far as its brackets tell.
    fn skip(&mut self, open: u8, close: u8) {
        let mut depth = 1_usize;
        loop {
            match self.read().kind {
                Kind::Sign(sign) if sign == open => depth += 1,
                Kind::Sign(sign) if sign == close && depth <= 2 => return,
                Kind::Sign(sign) if sign == close => depth -= 1,
                Kind::End => return,
                _ => {}
            }
        }
    }
}

/// Returns the token that follows byte `from`, and where it ends.
fn token(text: &str, from: usize) -> (Token, usize) {
    let bytes = text.as_bytes();
    let run = |from: usize, belongs: fn(&u8) -> bool| bytes[from..].iter().take_while(|byte| belongs(byte)).count();
    let readable = |is_readable: bool, kind: Kind| if is_readable { kind } else { Kind::Unreadable };
    let at = from + run(from, |byte| b" \t\r\n".contains(byte));
    let (kind, length) = match bytes.get(at) {
        None => (Kind::End, 0),
        Some(sign @ (b'{' | b'}' | b'[' | b']' | b',' | b':' | b'=')) => (Kind::Sign(*sign), 1),
        Some(b'"') => {
            let length = quoted(&bytes[at..]);
            let is_readable = text.get(at..at + length).is_some_and(|raw| serde_json::from_str::<String>(raw).is_ok());
            (readable(is_readable, Kind::Text), length)
        }
        Some(b'-' | b'+' | b'.' | b'0'..=b'9') => {
            let length = run(at, |byte| byte.is_ascii_digit() || b"-+.eE".contains(byte));
            (readable(is_number(&text[at..at + length]), Kind::Word), length)
        }
        Some(letter) if letter.is_ascii_alphabetic() => {
            let length = run(at, |byte| byte.is_ascii_alphabetic() || *byte == b'_');
            (readable(["true", "false", "null"].contains(&&text[at..at + length]), Kind::Word), length)
        }
        Some(_) => (Kind::Stray, 0),
    };
    (Token { kind, at }, at + length)
}

/// Returns the length of the text in quotes at the start of `bytes`; one without an end goes to the end of its line.
fn quoted(bytes: &[u8]) -> usize {
    let mut escapes = false;
    for (index, byte) in bytes.iter().enumerate().skip(1) {
        match byte {
            b'\\' => escapes = !escapes,
            b'"' if !escapes => return index + 1,
            0..32 => return index,
            _ => escapes = false,
        }
    }
    bytes.len()
}

#[cfg(test)]
mod tests {
    use super::trouble;

    #[track_caller]
    fn lines(text: &str, expected: &[usize]) {
        let line = |at: usize| 1 + text[..at].matches('\n').count();
        assert_eq!(trouble(text).into_iter().map(line).collect::<Vec<_>>(), expected, "{text}");
    }

    #[test]
    fn a_sound_text_makes_no_trouble() {
        lines("{\n\"a\": [1, true, \"\\\"\"],\n\"b\": {}}\n", &[]);
    }

    #[test]
    fn what_encloses_the_damage_is_lost_as_far_as_brackets_tell() {
        lines("{\n\"a\": {\n\"b\": 1,\n}\n}\n", &[3]);
        lines("{\n\"a\": {\n\"b\": 1\n\"c\": 2\n}\n}\n", &[6]);
        lines("{\n\"a\": {\n\"b\": [1,]\n}\n}\n", &[3, 4]);
        lines("{\n\"a\": 1,\n}\n", &[2, 1]);
        lines("{\n\"a\": {\n\"b\": \"x\ny\"\n}\n}\n", &[3, 6]);
        lines("[\n{\"a\"\n}]", &[3]);
        lines("{ \"a\": 1", &[1, 1]);
        lines("{}\nx", &[2]);
        lines("", &[1, 1]);
    }
}
