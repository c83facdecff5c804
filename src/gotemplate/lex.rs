//! Template text to tokens, as Go's scanner cuts it.
//!
//! Knows no grammar beyond words, numbers and quotes.

/// A token with its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Token<'t> {
    /// What it is.
    pub kind: Kind,
    /// As written; for an error what is wrong.
    pub text: &'t str,
    /// What is wrong, where `text` cannot say it.
    pub problem: String,
    /// Byte offset.
    pub at: usize,
    /// From 1.
    pub line: usize,
}

/// The kinds of tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Error,
    End,
    Text,
    LeftDelimiter,
    RightDelimiter,
    Space,
    Word,
    Keyword,
    Bool,
    Field,
    Dot,
    Variable,
    Number,
    Character,
    Quoted,
    Raw,
    Assign,
    Declare,
    Pipe,
    LeftParen,
    RightParen,
    Other,
}

const KEYWORDS: [&str; 11] =
    ["block", "break", "continue", "define", "else", "end", "if", "nil", "range", "template", "with"];

/// Cuts a text into tokens; after an error, or the end, there is nothing more.
pub struct Scanner<'t> {
    text: &'t str,
    at: usize,
    line: usize,
    parens: usize,
    is_inside: bool,
    is_done: bool,
}

impl<'t> Scanner<'t> {
    /// Makes a scanner of `text`.
    pub fn new(text: &'t str) -> Scanner<'t> {
        Scanner { text, at: 0, line: 1, parens: 0, is_inside: false, is_done: false }
    }

    /// Returns the next token.
    pub fn next(&mut self) -> Token<'t> {
        if self.is_done {
            return self.take(Kind::End, 0);
        }
        let token = if self.is_inside { self.inside() } else { self.outside() };
        self.is_done = matches!(token.kind, Kind::Error | Kind::End);
        token
    }

    fn rest(&self) -> &'t str {
        &self.text[self.at..]
    }

    fn take(&mut self, kind: Kind, length: usize) -> Token<'t> {
        let text = &self.text[self.at..self.at + length];
        let token = Token { kind, text, problem: String::new(), at: self.at, line: self.line };
        self.skip(length);
        token
    }

    fn skip(&mut self, length: usize) {
        self.line += self.text[self.at..self.at + length].matches('\n').count();
        self.at += length;
    }

    fn error(&mut self, problem: impl Into<String>) -> Token<'t> {
        Token { problem: problem.into(), ..self.take(Kind::Error, 0) }
    }

    /// Reads text up to the next action; comments vanish.
    fn outside(&mut self) -> Token<'t> {
        loop {
            let rest = self.rest();
            let length = rest.find("{{").unwrap_or(rest.len());
            if length > 0 {
                let trims = has_left_trim(&rest[length..]);
                let kept = if trims { rest[..length].trim_end_matches(is_space).len() } else { length };
                let token = self.take(Kind::Text, kept);
                self.skip(length - kept);
                if kept > 0 {
                    return token;
                }
                continue;
            }
            if rest.is_empty() {
                return self.take(Kind::End, 0);
            }
            let marker = if has_left_trim(rest) { 2 } else { 0 };
            if !rest[2 + marker..].starts_with("/*") {
                let token = self.take(Kind::LeftDelimiter, 2);
                self.skip(marker);
                self.is_inside = true;
                self.parens = 0;
                return token;
            }
            let body = 2 + marker + 2;
            let Some(end) = rest[body..].find("*/").map(|end| body + end + 2) else {
                self.skip(2 + marker);
                return self.error("unclosed comment");
            };
            if rest[end..].starts_with("}}") {
                self.skip(end + 2);
            } else if let Some(space) = right_trim(&rest[end..]) {
                self.skip(end + space + 2);
                self.trim();
            } else {
                self.skip(end);
                return self.error("comment ends before closing delimiter");
            }
        }
    }

    /// Skips white space behind `-}}`.
    fn trim(&mut self) {
        let rest = self.rest();
        self.skip(rest.len() - rest.trim_start_matches(is_space).len());
    }

    fn inside(&mut self) -> Token<'t> {
        let rest = self.rest();
        let trim = right_trim(rest);
        if trim.is_some() || rest.starts_with("}}") {
            if self.parens > 0 {
                return self.error("unclosed left paren");
            }
            self.skip(trim.unwrap_or(0));
            let token = self.take(Kind::RightDelimiter, 2);
            if trim.is_some() {
                self.trim();
            }
            self.is_inside = false;
            return token;
        }
        let Some(first) = rest.chars().next() else { return self.error("unclosed action") };
        let second = rest[first.len_utf8()..].chars().next();
        match first {
            _ if is_space(first) => self.space(),
            '=' => self.take(Kind::Assign, 1),
            ':' if second == Some('=') => self.take(Kind::Declare, 2),
            ':' => self.error("expected :="),
            '|' => self.take(Kind::Pipe, 1),
            '"' => self.quoted('"', "unterminated quoted string", Kind::Quoted),
            '\'' => self.quoted('\'', "unterminated character constant", Kind::Character),
            '`' => match rest[1..].find('`') {
                Some(end) => self.take(Kind::Raw, end + 2),
                None => self.error("unterminated raw quoted string"),
            },
            '$' => self.name(Kind::Variable, Kind::Variable),
            '.' if !second.is_some_and(|next| next.is_ascii_digit()) => self.name(Kind::Field, Kind::Dot),
            '.' | '+' | '-' | '0'..='9' => self.number(),
            '(' => {
                self.parens += 1;
                self.take(Kind::LeftParen, 1)
            }
            ')' if self.parens == 0 => self.error("unexpected right paren"),
            ')' => {
                self.parens -= 1;
                self.take(Kind::RightParen, 1)
            }
            _ if is_word(first) => self.word(),
            ' '..='~' => self.take(Kind::Other, first.len_utf8()),
            _ => self.error(format!("unrecognized character in action: {}", code_point(first))),
        }
    }

    fn space(&mut self) -> Token<'t> {
        let rest = self.rest();
        let mut length = rest.len() - rest.trim_start_matches(is_space).len();
        // The last blank belongs to ` -}}`.
        if rest[length..].starts_with("-}}") {
            length -= 1;
        }
        self.take(Kind::Space, length)
    }

    fn quoted(&mut self, quote: char, problem: &str, kind: Kind) -> Token<'t> {
        let mut escaped = false;
        for (at, letter) in self.rest().char_indices().skip(1) {
            if letter == '\n' {
                break;
            }
            if letter == quote && !escaped {
                return self.take(kind, at + 1);
            }
            escaped = letter == '\\' && !escaped;
        }
        self.error(problem)
    }

    /// Reads `.name` or `$name`; `bare` is what the sign alone is.
    fn name(&mut self, kind: Kind, bare: Kind) -> Token<'t> {
        let length = 1 + length_of_word(&self.rest()[1..]);
        if let Some(problem) = self.bad_end(length) {
            return self.error(problem);
        }
        self.take(if length == 1 { bare } else { kind }, length)
    }

    fn word(&mut self) -> Token<'t> {
        let length = length_of_word(self.rest());
        if let Some(problem) = self.bad_end(length) {
            return self.error(problem);
        }
        let kind = match &self.rest()[..length] {
            "true" | "false" => Kind::Bool,
            word if KEYWORDS.contains(&word) => Kind::Keyword,
            _ => Kind::Word,
        };
        self.take(kind, length)
    }

    /// Says what is wrong with the character behind a word, if anything is.
    fn bad_end(&self, length: usize) -> Option<String> {
        let rest = &self.rest()[length..];
        let next = rest.chars().next()?;
        let ends = is_space(next) || ".,|:()".contains(next) || rest.starts_with("}}");
        (!ends).then(|| format!("bad character {}", code_point(next)))
    }

    fn number(&mut self) -> Token<'t> {
        let rest = self.rest();
        let mut end = length_of_number(rest);
        if rest[end..].starts_with(['+', '-']) {
            // A complex number ends in its imaginary part.
            end += length_of_number(&rest[end..]);
            if !rest[..end].ends_with('i') {
                return self.error(format!("bad number syntax: {:?}", &rest[..end]));
            }
        }
        if rest[end..].starts_with(is_word) {
            let bad = end + rest[end..].chars().next().map_or(0, char::len_utf8);
            return self.error(format!("bad number syntax: {:?}", &rest[..bad]));
        }
        self.take(Kind::Number, end)
    }
}

/// Returns how many bytes at the start of `rest` are a number, or look like one.
fn length_of_number(rest: &str) -> usize {
    let sign = usize::from(rest.starts_with(['+', '-']));
    let body = &rest[sign..];
    let (prefix, digits): (usize, fn(char) -> bool) = match body.get(..2).map(str::to_ascii_lowercase).as_deref() {
        Some("0x") => (2, |c| c.is_ascii_hexdigit() || c == '_'),
        Some("0o") => (2, |c| matches!(c, '0'..='7' | '_')),
        Some("0b") => (2, |c| matches!(c, '0' | '1' | '_')),
        _ => (0, |c| c.is_ascii_digit() || c == '_'),
    };
    let run = |from: usize, is: fn(char) -> bool| from + rest[from..].find(|c| !is(c)).unwrap_or(rest.len() - from);
    let mut end = run(sign + prefix, digits);
    if rest[end..].starts_with('.') {
        end = run(end + 1, digits);
    }
    let exponent: &[char] = if prefix == 0 { &['e', 'E'] } else { &['p', 'P'] };
    if rest[end..].starts_with(exponent) {
        end += 1;
        end += usize::from(rest[end..].starts_with(['+', '-']));
        end = run(end, |c| c.is_ascii_digit() || c == '_');
    }
    end + usize::from(rest[end..].starts_with('i'))
}

fn has_left_trim(text: &str) -> bool {
    text.strip_prefix("{{-").is_some_and(|rest| rest.starts_with(is_space))
}

/// Returns how many bytes of ` -}}` stand before the braces.
fn right_trim(text: &str) -> Option<usize> {
    (text.starts_with(is_space) && text[1..].starts_with("-}}")).then_some(2)
}

fn is_space(letter: char) -> bool {
    matches!(letter, ' ' | '\t' | '\r' | '\n')
}

fn is_word(letter: char) -> bool {
    letter == '_' || letter.is_alphanumeric()
}

fn length_of_word(text: &str) -> usize {
    text.find(|c| !is_word(c)).unwrap_or(text.len())
}

/// Returns a character as Go writes it in errors: `U+007D '}'`.
fn code_point(letter: char) -> String {
    format!("U+{:04X} '{letter}'", u32::from(letter))
}

impl Token<'_> {
    /// Returns it as Go writes it in errors.
    pub fn shown(&self) -> String {
        match self.kind {
            Kind::End => "EOF".to_owned(),
            Kind::Error => self.problem.clone(),
            Kind::Keyword | Kind::Dot => format!("<{}>", self.text),
            _ if self.text.len() > 10 => format!("{:?}...", self.text.chars().take(10).collect::<String>()),
            _ => format!("{:?}", self.text),
        }
    }
}
