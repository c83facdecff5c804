//! The work of the lexer: byte by byte, with a stack of what the text at hand is part of.
//!
//! Knows no grammar; reports nothing: what means nothing becomes `Invalid`, what breaks off `Unterminated`.

use super::{Kind, Token};

/// What the text at hand is part of.
#[derive(Clone, Copy, PartialEq)]
pub enum Mode {
    /// Arguments, blocks, expressions.
    Plain,
    /// The inside of `${}` or `%{}`, with the number of braces open in it.
    Sequence(u32),
    /// Between quotes.
    Quoted,
    /// In a heredoc; where its marker stands.
    Heredoc(usize, usize),
    /// A template without quotes.
    Bare,
}

/// Which tokens a scan is for.
#[derive(Clone, Copy, PartialEq)]
pub enum Kept {
    /// All: they tile the text.
    All,
    /// All but white space, which a layout sets anew.
    Layout,
    /// All but white space and comments, which mean nothing to a parser.
    Meaning,
}

/// How many lines a text in quotes may wrongly go on for, before its quote counts as forgotten.
const LINES_AHEAD: usize = 20;

/// How deep texts and `${}` may stand in each other. The parser gives up long before, so what follows is never read.
const DEEPEST: usize = 10_000;

/// One scan: how far it is, and what it is inside of.
pub struct Scanner<'s> {
    text: &'s str,
    bytes: &'s [u8],
    at: usize,
    modes: Vec<Mode>,
    kept: Kept,
    /// Whether a text ends at a quote alone, however many lines it takes.
    strict: bool,
    tokens: Vec<Token>,
}

impl<'s> Scanner<'s> {
    /// Starts on `text`, which is all of this mode at first.
    pub fn new(text: &'s str, mode: Mode) -> Scanner<'s> {
        let tokens = Vec::with_capacity(text.len() / 8 + 2);
        Scanner { text, bytes: text.as_bytes(), at: 0, modes: vec![mode], kept: Kept::All, strict: false, tokens }
    }

    /// Keeps only what `kept` says.
    pub fn keeping(self, kept: Kept) -> Scanner<'s> {
        Scanner { kept, ..self }
    }

    /// Takes every quote at its word: none counts as forgotten.
    pub fn strictly(self) -> Scanner<'s> {
        Scanner { strict: true, ..self }
    }

    /// Returns all tokens.
    pub fn run(mut self) -> Vec<Token> {
        if self.text.starts_with('\u{feff}') {
            self.take(Kind::ByteOrderMark, 3);
        }
        while self.at < self.bytes.len() {
            if self.modes.len() > DEEPEST {
                self.take_to(Kind::Comment, self.bytes.len());
                break;
            }
            match self.mode() {
                Mode::Plain | Mode::Sequence(_) => self.plain(),
                Mode::Quoted => self.quoted(),
                Mode::Heredoc(start, end) => self.heredoc(start, end),
                Mode::Bare => self.text_line(),
            }
        }
        if self.modes.contains(&Mode::Quoted) {
            self.take(Kind::Unterminated, 0);
        }
        self.take(Kind::End, 0);
        self.tokens
    }

    fn mode(&self) -> Mode {
        *self.modes.last().expect("the first mode is never left")
    }

    fn byte(&self, ahead: usize) -> u8 {
        self.bytes.get(self.at + ahead).copied().unwrap_or(0)
    }

    /// Adds a token of the next `length` bytes.
    fn take(&mut self, kind: Kind, length: usize) {
        self.take_to(kind, self.at + length);
    }

    /// Adds a token up to byte `end`.
    fn take_to(&mut self, kind: Kind, end: usize) {
        let offset = |n| u32::try_from(n).unwrap_or(u32::MAX);
        if self.is_kept(kind) {
            if self.tokens.len() == self.tokens.capacity() {
                // A large text has millions: twice as many would take more memory than all else.
                self.tokens.reserve_exact(self.tokens.len() / 4 + 16);
            }
            self.tokens.push(Token { kind, start: offset(self.at), end: offset(end) });
        }
        self.at = end;
    }

    fn is_kept(&self, kind: Kind) -> bool {
        match (self.kept, kind) {
            (Kept::All, _) => true,
            (Kept::Layout, Kind::Whitespace) => false,
            (Kept::Meaning, Kind::Whitespace | Kind::Comment) => false,
            _ => true,
        }
    }

    /// Returns where the run of bytes from `from` that satisfy `belongs` ends.
    fn run_end(&self, from: usize, belongs: impl Fn(u8) -> bool) -> usize {
        self.bytes[from..].iter().position(|b| !belongs(*b)).map_or(self.bytes.len(), |n| from + n)
    }

    fn plain(&mut self) {
        let next = self.byte(1);
        match self.byte(0) {
            b' ' | b'\t' => self.take_to(Kind::Whitespace, self.run_end(self.at, |b| b == b' ' || b == b'\t')),
            b'\n' => self.take(Kind::Newline, 1),
            b'\r' if next == b'\n' => self.take(Kind::Newline, 2),
            b'#' => self.line_comment(),
            b'/' if next == b'/' => self.line_comment(),
            b'/' if next == b'*' => self.block_comment(),
            b'a'..=b'z' | b'A'..=b'Z' | b'_' => self.ident(),
            b'0'..=b'9' => self.number(),
            b'"' => {
                self.take(Kind::OpenQuote, 1);
                self.modes.push(Mode::Quoted);
            }
            b'<' if next == b'<' => self.open_heredoc(),
            128.. => match self.character() {
                c if unicode_ident::is_xid_start(c) => self.ident(),
                c => self.take(Kind::Invalid, c.len_utf8()),
            },
            b'{' => {
                self.braces(1);
                self.take(Kind::OpenBrace, 1);
            }
            b'}' if self.mode() == Mode::Sequence(0) => self.close_sequence(1),
            b'~' if next == b'}' && self.mode() == Mode::Sequence(0) => self.close_sequence(2),
            b'}' => {
                self.braces(-1);
                self.take(Kind::CloseBrace, 1);
            }
            _ => {
                let (kind, length) = self.punctuation();
                self.take(kind, length);
            }
        }
    }

    fn punctuation(&self) -> (Kind, usize) {
        match (self.byte(0), self.byte(1)) {
            (b'=', b'=') => (Kind::Equal, 2),
            (b'=', b'>') => (Kind::Arrow, 2),
            (b'=', _) => (Kind::Assign, 1),
            (b'!', b'=') => (Kind::NotEqual, 2),
            (b'!', _) => (Kind::Not, 1),
            (b'<', b'=') => (Kind::LessOrEqual, 2),
            (b'<', _) => (Kind::Less, 1),
            (b'>', b'=') => (Kind::GreaterOrEqual, 2),
            (b'>', _) => (Kind::Greater, 1),
            (b'&', b'&') => (Kind::And, 2),
            (b'|', b'|') => (Kind::Or, 2),
            (b':', b':') => (Kind::DoubleColon, 2),
            (b'.', b'.') if self.byte(2) == b'.' => (Kind::Ellipsis, 3),
            (b'.', _) => (Kind::Dot, 1),
            (b':', _) => (Kind::Colon, 1),
            (b'+', _) => (Kind::Plus, 1),
            (b'-', _) => (Kind::Minus, 1),
            (b'*', _) => (Kind::Star, 1),
            (b'/', _) => (Kind::Slash, 1),
            (b'%', _) => (Kind::Percent, 1),
            (b'?', _) => (Kind::Question, 1),
            (b',', _) => (Kind::Comma, 1),
            (b'(', _) => (Kind::OpenParen, 1),
            (b')', _) => (Kind::CloseParen, 1),
            (b'[', _) => (Kind::OpenBracket, 1),
            (b']', _) => (Kind::CloseBracket, 1),
            _ => (Kind::Invalid, 1),
        }
    }

    fn character(&self) -> char {
        self.text[self.at..].chars().next().expect("called before the end only")
    }

    /// Counts braces inside `${}`, where the one that has no partner closes the sequence.
    fn braces(&mut self, change: i32) {
        if let Some(Mode::Sequence(open)) = self.modes.last_mut() {
            *open = open.saturating_add_signed(change);
        }
    }

    fn line_comment(&mut self) {
        let end = self.run_end(self.at, |b| b != b'\n');
        let end = if self.bytes.get(end).is_some() && self.bytes[end - 1] == b'\r' { end - 1 } else { end };
        self.take_to(Kind::Comment, end);
    }

    fn block_comment(&mut self) {
        match self.text[self.at + 2..].find("*/") {
            Some(length) => self.take(Kind::Comment, length + 4),
            None => self.take_to(Kind::Invalid, self.bytes.len()),
        }
    }

    /// Returns where the name that starts at byte `from` ends.
    fn ident_end(&self, from: usize) -> usize {
        let end = self.run_end(from, |b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-');
        if self.bytes.get(end).is_none_or(u8::is_ascii) {
            return end;
        }
        let rest = &self.text[end..];
        let belongs = |c: char| c == '-' || unicode_ident::is_xid_continue(c);
        rest.find(|c| !belongs(c)).map_or(self.bytes.len(), |length| end + length)
    }

    fn ident(&mut self) {
        self.take_to(Kind::Ident, self.ident_end(self.at));
    }

    fn number(&mut self) {
        let is_digit = |at: usize| self.bytes.get(at).is_some_and(u8::is_ascii_digit);
        let (mut at, mut end) = (self.at, self.at);
        loop {
            match self.bytes.get(at) {
                Some(b'0'..=b'9') => at += 1,
                Some(b'e' | b'E') => {
                    let sign = usize::from(matches!(self.bytes.get(at + 1), Some(b'+' | b'-')));
                    if !is_digit(at + 1 + sign) {
                        break;
                    }
                    at += 2 + sign;
                }
                // A point counts when a digit or an exponent follows somewhere: `1..2` is one number, and a bad one.
                Some(b'.') => {
                    at += 1;
                    continue;
                }
                _ => break,
            }
            end = at;
        }
        self.take_to(Kind::Number, end);
    }

    /// `<<ID` to its line end. Anything else behind `<<` makes it a character that means nothing.
    fn open_heredoc(&mut self) {
        let start = self.at + 2 + usize::from(self.byte(2) == b'-');
        let first = self.text[start.min(self.text.len())..].chars().next();
        if !first.is_some_and(|c| c == '_' || unicode_ident::is_xid_start(c)) {
            return self.take(Kind::Invalid, 2);
        }
        let end = self.ident_end(start);
        let line_end = match self.bytes[end..] {
            [b'\n', ..] => end + 1,
            [b'\r', b'\n', ..] => end + 2,
            // Not even a blank may stand there.
            _ => return self.take(Kind::Invalid, 2),
        };
        self.take_to(Kind::OpenHeredoc, line_end);
        self.modes.push(Mode::Heredoc(start, end));
    }

    /// A line that is only the marker closes it, with the blanks around, if there is a line end behind it.
    fn heredoc(&mut self, start: usize, end: usize) {
        if self.bytes[self.at - 1] == b'\n' {
            let line_end = self.run_end(self.at, |b| b != b'\n');
            let line = &self.text[self.at..line_end];
            let line = line.strip_suffix('\r').unwrap_or(line);
            let is_marker = line.trim() == &self.text[start..end] && !line.contains('\r');
            if is_marker && line_end < self.bytes.len() {
                self.modes.pop();
                return self.take(Kind::CloseHeredoc, line.len());
            }
        }
        if self.is_lone_return(self.at) {
            return self.take(Kind::Invalid, 1);
        }
        self.text_line();
    }

    /// Whether a carriage return without a line feed stands at byte `at`.
    fn is_lone_return(&self, at: usize) -> bool {
        self.bytes.get(at) == Some(&b'\r') && self.bytes.get(at + 1) != Some(&b'\n')
    }

    /// Takes text to the end of its line, or to `${` or `%{`, which it opens.
    fn text_line(&mut self) {
        let mut end = self.at;
        let is_bare = self.mode() == Mode::Bare;
        while let Some(byte) = self.bytes.get(end) {
            match byte {
                b'\n' => {
                    end += 1;
                    break;
                }
                b'\r' if !is_bare && self.is_lone_return(end) => break,
                b'$' | b'%' if self.opens_sequence(end) => break,
                b'$' | b'%' => end += self.escaped_sequence(end),
                _ => end += 1,
            }
        }
        if end > self.at {
            self.take_to(Kind::HeredocText, end);
        } else {
            self.open_sequence();
        }
    }

    fn quoted(&mut self) {
        let mut end = self.at;
        let mut broken = false;
        while let Some(byte) = self.bytes.get(end) {
            match byte {
                b'"' => break,
                b'\\' if self.bytes.get(end + 1).is_some_and(|b| !matches!(b, b'\n' | b'\r') && b.is_ascii()) => {
                    end += 2
                }
                b'\r' if self.is_lone_return(end) => break,
                b'\n' if !self.strict && !self.goes_on(end) => {
                    broken = true;
                    break;
                }
                b'$' | b'%' if self.opens_sequence(end) => break,
                b'$' | b'%' => end += self.escaped_sequence(end),
                _ => end += 1,
            }
        }
        if end > self.at {
            self.take_to(Kind::QuotedText, end);
        }
        if broken {
            self.take(Kind::Unterminated, 0);
            while matches!(self.mode(), Mode::Quoted | Mode::Sequence(_)) {
                self.modes.pop();
            }
        } else if self.byte(0) == b'"' {
            self.take(Kind::CloseQuote, 1);
            self.modes.pop();
        } else if self.byte(0) == b'\r' {
            self.take(Kind::Invalid, 1);
        } else if self.at < self.bytes.len() {
            self.open_sequence();
        }
    }

    /// Whether a quoted text that has a line end at byte `at` was meant to go on, rather than its quote forgotten:
    /// whether the line with the next quote has an odd number of them.
    fn goes_on(&self, at: usize) -> bool {
        let line = self.text[at + 1..].split('\n').take(LINES_AHEAD).find(|line| line.contains('"'));
        line.is_some_and(|line| line.matches('"').count() % 2 == 1)
    }

    /// Whether `${` or `%{` stands at byte `at`.
    fn opens_sequence(&self, at: usize) -> bool {
        self.bytes.get(at + 1) == Some(&b'{')
    }

    /// Returns the length of `$${` or `%%{` at byte `at`, or 1 for a mere `$` or `%`.
    fn escaped_sequence(&self, at: usize) -> usize {
        let doubled = self.bytes.get(at + 1) == Some(&self.bytes[at]) && self.bytes.get(at + 2) == Some(&b'{');
        if doubled { 3 } else { 1 }
    }

    fn open_sequence(&mut self) {
        let kind = if self.byte(0) == b'$' { Kind::OpenInterpolation } else { Kind::OpenDirective };
        self.take(kind, 2 + usize::from(self.byte(2) == b'~'));
        self.modes.push(Mode::Sequence(0));
    }

    fn close_sequence(&mut self, length: usize) {
        self.take(Kind::CloseSequence, length);
        self.modes.pop();
    }
}
