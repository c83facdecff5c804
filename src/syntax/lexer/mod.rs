//! Cuts HCL text into tokens that tile it: every byte belongs to exactly one token, so a formatter can put all back.
//!
//! Knows no grammar beyond what decides where a token ends: which text stands in quotes, heredocs and `${}`.

mod scanner;

use scanner::{Kept, Mode, Scanner};

/// One token: its kind and where it stands, in bytes; `end` is exclusive. Its text is the slice of the source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    /// What it is.
    pub kind: Kind,
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Token {
    /// Returns its text in the `source` that it was scanned from.
    pub fn text(self, source: &str) -> &str {
        &source[self.start as usize..self.end as usize]
    }
}

/// The kinds of tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A byte order mark at the very start.
    ByteOrderMark,
    /// Spaces and tabs.
    Whitespace,
    /// `#…`, `//…` without the line end, or `/*…*/`.
    Comment,
    /// `\n` or `\r\n`.
    Newline,
    /// A name.
    Ident,
    /// A number without sign.
    Number,
    /// `"` that opens a text.
    OpenQuote,
    /// `"` that closes a text.
    CloseQuote,
    /// Raw text between quotes, escapes as written.
    QuotedText,
    /// Empty: where a quoted text ends because its line does. All quotes and `${` open there count as closed.
    Unterminated,
    /// `<<ID` or `<<-ID` with its line end.
    OpenHeredoc,
    /// The closing marker with the white space before it.
    CloseHeredoc,
    /// Raw text of a heredoc (or of a bare template); ends with its line at the latest.
    HeredocText,
    /// `${` or `${~`.
    OpenInterpolation,
    /// `%{` or `%{~`.
    OpenDirective,
    /// `}` or `~}` that ends `${` or `%{`.
    CloseSequence,
    /// `=`.
    Assign,
    /// `==`.
    Equal,
    /// `=>`.
    Arrow,
    /// `!`.
    Not,
    /// `!=`.
    NotEqual,
    /// `<`.
    Less,
    /// `<=`.
    LessOrEqual,
    /// `>`.
    Greater,
    /// `>=`.
    GreaterOrEqual,
    /// `&&`.
    And,
    /// `||`.
    Or,
    /// `+`.
    Plus,
    /// `-`.
    Minus,
    /// `*`.
    Star,
    /// `/`.
    Slash,
    /// `%`.
    Percent,
    /// `?`.
    Question,
    /// `:`.
    Colon,
    /// `::`.
    DoubleColon,
    /// `.`.
    Dot,
    /// `...`.
    Ellipsis,
    /// `,`.
    Comma,
    /// `(`.
    OpenParen,
    /// `)`.
    CloseParen,
    /// `[`.
    OpenBracket,
    /// `]`.
    CloseBracket,
    /// `{`.
    OpenBrace,
    /// `}`.
    CloseBrace,
    /// A character that means nothing here, or a comment that is never closed.
    Invalid,
    /// Empty: the end of the text.
    End,
}

/// Returns the tokens of a file or expression; the last is `End`.
pub fn scan(text: &str) -> Vec<Token> {
    Scanner::new(text, Mode::Plain).run()
}

/// Returns the tokens of a file or expression without white space and comments, which mean nothing to a parser.
pub fn scan_meaning(text: &str) -> Vec<Token> {
    Scanner::new(text, Mode::Plain).keeping(Kept::Meaning).run()
}

/// Returns the tokens of a file in which no quote counts as forgotten: a text ends at the next one, on whichever line.
pub fn scan_strictly(text: &str) -> Vec<Token> {
    Scanner::new(text, Mode::Plain).keeping(Kept::Meaning).strictly().run()
}

/// Returns the tokens of a file or expression without the white space that a layout sets anew.
pub fn scan_layout(text: &str) -> Vec<Token> {
    Scanner::new(text, Mode::Plain).keeping(Kept::Layout).run()
}

/// Returns the tokens of a bare template (a file of `templatefile`); the last is `End`.
pub fn scan_template(text: &str) -> Vec<Token> {
    Scanner::new(text, Mode::Bare).run()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(text: &str) -> Vec<Kind> {
        scan(text).into_iter().map(|t| t.kind).filter(|k| *k != Kind::Whitespace).collect()
    }

    #[test]
    fn comments_and_line_ends_are_tokens_of_their_own() {
        // HCL-103
        let found = kinds("a # b\r\n// c\n/* d\n */ e");
        use Kind::{Comment, End, Ident, Newline};
        assert_eq!(found, [Ident, Comment, Newline, Comment, Newline, Comment, Ident, End]);
    }

    #[test]
    fn what_means_nothing_can_be_left_out() {
        let text = "\u{feff}a = \"b c\" # d\n/* e */ f";
        let all = scan(text).into_iter().filter(|t| !matches!(t.kind, Kind::Whitespace | Kind::Comment));
        assert_eq!(scan_meaning(text), all.collect::<Vec<_>>());
    }

    #[test]
    fn names_may_hold_dashes_digits_and_letters_of_any_script() {
        let text = "größe-1 x_2";
        assert_eq!(scan(text).iter().map(|t| t.text(text)).collect::<Vec<_>>(), ["größe-1", " ", "x_2", ""]);
    }

    #[test]
    fn numbers_take_fraction_and_exponent_only_with_digits() {
        let text = "1.50e-3 1.x 2e 1... 1.e3 1..2 1e5.x";
        let numbers: Vec<_> = scan(text).iter().filter(|t| t.kind == Kind::Number).map(|t| t.text(text)).collect();
        assert_eq!(numbers, ["1.50e-3", "1", "2", "1", "1.e3", "1..2", "1e5"]);
    }

    #[test]
    fn braces_inside_an_interpolation_do_not_close_it() {
        use Kind::*;
        let found = kinds(r#""a${{}}b%{~ x ~}""#);
        let want = [OpenQuote, QuotedText, OpenInterpolation, OpenBrace, CloseBrace, CloseSequence, QuotedText];
        assert_eq!(found[..7], want);
        assert_eq!(found[7..], [OpenDirective, Ident, CloseSequence, CloseQuote, End]);
    }

    #[test]
    fn a_heredoc_ends_at_a_line_that_is_only_its_marker() {
        // HCL-106
        use Kind::*;
        assert_eq!(kinds("<<-E\n E x\n  E\n"), [OpenHeredoc, HeredocText, CloseHeredoc, Newline, End]);
        assert_eq!(kinds("<<E\r\n E \t\r\n"), [OpenHeredoc, CloseHeredoc, Newline, End]);
        assert_eq!(kinds("<<E\nE"), [OpenHeredoc, HeredocText, End]);
        assert_eq!(kinds("a << b")[1], Invalid);
        assert_eq!(kinds("<<E \nE\n")[0], Invalid);
    }

    #[test]
    fn a_carriage_return_alone_means_nothing_in_a_text() {
        use Kind::*;
        assert_eq!(kinds("\"a\rb\""), [OpenQuote, QuotedText, Invalid, QuotedText, CloseQuote, End]);
        assert_eq!(kinds("<<E\na\rb\nE\n")[1..4], [HeredocText, Invalid, HeredocText]);
    }

    #[test]
    fn a_forgotten_quote_ends_with_its_line() {
        use Kind::*;
        assert_eq!(kinds("\"a\n}"), [OpenQuote, QuotedText, Unterminated, Newline, CloseBrace, End]);
        assert_eq!(kinds("\"a\nb\""), [OpenQuote, QuotedText, CloseQuote, End]);
    }
}
