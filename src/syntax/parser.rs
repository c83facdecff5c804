//! The state of one parse: where it is, what it has found wrong, how deep it is.
//!
//! Knows no rule of the grammar; `body`, `expression` and `template` hold those.

use std::collections::HashSet;
use std::sync::Arc;

use super::ast::{Expr, ExprKind, Ident};
use super::lexer::{Kind, Token};
use crate::diagnostics::{Diagnostic, Diagnostics, FileId, Header, SourceMap, Span};

/// How deep blocks and expressions may be nested, and how many operators or steps a chain may have.
///
/// A tree of this depth is built and dropped on a stack of 2 MB also without optimisation.
pub const DEPTH_LIMIT: usize = 250;

/// Something could not be read. It was reported; whoever can go on after it does.
#[derive(Debug)]
pub struct Failed;

/// A part of the tree, unless its text could not be read.
pub type Parsed<T> = Result<T, Failed>;

/// The words seen lately: a template has few that differ, and many of each.
#[derive(Default)]
struct Words(Vec<Option<Arc<str>>>);

impl Words {
    /// How many are remembered; a power of two.
    const MOST: usize = 1024;
    /// Longer ones are not worth a look.
    const LONGEST: usize = 32;

    fn shared(&mut self, text: &str) -> Arc<str> {
        if text.len() > Words::LONGEST {
            return Arc::from(text);
        }
        if self.0.is_empty() {
            self.0.resize(Words::MOST, None);
        }
        let mixed = text.bytes().fold(text.len(), |sum, byte| (sum ^ usize::from(byte)).wrapping_mul(0x0100_0193));
        let place = &mut self.0[(mixed ^ (mixed >> 15)) % Words::MOST];
        match place {
            Some(word) if **word == *text => Arc::clone(word),
            _ => Arc::clone(place.insert(Arc::from(text))),
        }
    }
}

/// One parse.
pub struct Parser<'s> {
    /// The text.
    pub text: &'s str,
    /// Its id.
    pub file: FileId,
    /// For naming earlier places.
    pub sources: &'s SourceMap,
    /// All tokens, with or without white space and comments; the last is `End`.
    pub tokens: Vec<Token>,
    /// The token that is next.
    pub at: usize,
    /// Whether a line end means something here.
    pub newlines: bool,
    /// How deep the tree is here.
    pub depth: usize,
    /// Headers of the top-level blocks so far.
    pub headers: Vec<Header>,
    /// Whether the rest of the text was given up, so that nothing missing at its end is worth a word.
    pub gave_up: bool,
    /// Whether it was said that an index is never closed; once is enough.
    pub index_never_closed: bool,
    /// Whether blocks that were read are wanted, or only what is wrong with them.
    pub keeps_blocks: bool,
    words: Words,
    diagnostics: Diagnostics,
}

impl<'s> Parser<'s> {
    /// Starts on `text`, and reports the characters in it that mean nothing.
    pub fn new(file: FileId, text: &'s str, tokens: Vec<Token>, sources: &'s SourceMap) -> Parser<'s> {
        let diagnostics = Diagnostics::new();
        let mut parser = Parser {
            text,
            file,
            sources,
            tokens,
            at: 0,
            newlines: true,
            depth: 0,
            headers: Vec::new(),
            gave_up: false,
            index_never_closed: false,
            keeps_blocks: true,
            words: Words::default(),
            diagnostics,
        };
        if u32::try_from(text.len()).is_err() {
            parser.error("File too large", "A template may have 4 GB at most.", Span::new(file, 0..0));
            parser.tokens = vec![Token { kind: Kind::End, start: 0, end: 0 }];
        }
        parser.report_invalid_characters();
        parser
    }

    /// Returns the headers found.
    pub fn take_headers(&mut self) -> Vec<Header> {
        std::mem::take(&mut self.headers)
    }

    /// Returns what is wrong.
    pub fn finish(self) -> Diagnostics {
        self.diagnostics
    }

    /// Returns the next token that means something here, without taking it.
    pub fn peek(&mut self) -> Token {
        loop {
            let token = self.tokens[self.at];
            match token.kind {
                Kind::Whitespace | Kind::Comment | Kind::ByteOrderMark => self.at += 1,
                Kind::Newline if !self.newlines => self.at += 1,
                _ => return token,
            }
        }
    }

    /// Takes the next token that means something here; `End` stays.
    pub fn next(&mut self) -> Token {
        let token = self.peek();
        if token.kind != Kind::End {
            self.at += 1;
        }
        token
    }

    /// Returns the token behind the next one, without taking any.
    pub fn peek_second(&mut self) -> Token {
        let before = self.at;
        self.next();
        let second = self.peek();
        self.at = before;
        second
    }

    /// Takes the next token if it is of this kind.
    pub fn eat(&mut self, kind: Kind) -> Option<Token> {
        (self.peek().kind == kind).then(|| self.next())
    }

    /// Whether the next token is the word `word`.
    pub fn at_word(&mut self, word: &str) -> bool {
        let token = self.peek();
        token.kind == Kind::Ident && token.text(self.text) == word
    }

    /// Returns the span of a token.
    pub fn span(&self, token: Token) -> Span {
        Span { file: self.file, start: token.start, end: token.end }
    }

    /// Returns a name token as a name.
    pub fn ident(&mut self, token: Token) -> Ident {
        Ident { text: self.words.shared(token.text(self.text)), span: self.span(token) }
    }

    /// Returns `text`, shared with an equal one before if that is remembered.
    pub fn shared(&mut self, text: &str) -> Arc<str> {
        self.words.shared(text)
    }

    /// Takes the next token as a name, or reports `summary`.
    pub fn expect_ident(&mut self, summary: &str, detail: &str) -> Parsed<Ident> {
        let token = self.peek();
        if token.kind != Kind::Ident {
            return Err(self.error(summary, detail, self.span(token)));
        }
        self.next();
        Ok(self.ident(token))
    }

    /// Reports an error at `span`.
    pub fn error(&mut self, summary: &str, detail: impl Into<String>, span: Span) -> Failed {
        self.report(Diagnostic::error(summary, detail).at(span))
    }

    /// Reports.
    pub fn report(&mut self, diagnostic: Diagnostic) -> Failed {
        self.diagnostics.push(diagnostic);
        Failed
    }

    /// Whether so much is wrong that nobody reads the tree: it need not grow any more.
    pub fn is_hopeless(&self) -> bool {
        self.diagnostics.left_out() > 0
    }

    /// Runs `parse` where line ends mean something or not.
    pub fn with_newlines<T>(&mut self, newlines: bool, parse: impl FnOnce(&mut Self) -> T) -> T {
        let outer = std::mem::replace(&mut self.newlines, newlines);
        let result = parse(self);
        self.newlines = outer;
        result
    }

    /// Runs `parse` one level deeper, or refuses to.
    pub fn deeper<T>(&mut self, parse: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        let outer = self.depth;
        let result = self.descend().and_then(|()| parse(self));
        self.depth = outer;
        result
    }

    /// Counts one level more, for a loop that builds a chain; the caller restores `depth`.
    pub fn descend(&mut self) -> Parsed<()> {
        if self.depth >= DEPTH_LIMIT {
            let token = self.peek();
            let detail = format!(
                "Blocks and expressions may be nested {DEPTH_LIMIT} levels deep, and a chain of operators or attributes \
                 may have as many parts. Give parts of this a name in locals.",
            );
            return Err(self.error("Nesting too deep", detail, self.span(token)));
        }
        self.depth += 1;
        Ok(())
    }

    /// Returns what stands for a text that could not be read.
    pub fn invalid(&self, span: Span) -> Expr {
        Expr { kind: ExprKind::Invalid, span }
    }

    /// Each character that means nothing is named once a line: quotes of the wrong kind come in pairs.
    fn report_invalid_characters(&mut self) {
        let mut named: HashSet<&str> = HashSet::new();
        let bad: Vec<Token> = self.tokens.iter().copied().filter(|t| t.kind == Kind::Invalid).collect();
        let mut last = 0;
        for token in bad {
            if self.text[last..token.start as usize].contains('\n') {
                named.clear();
            }
            last = token.start as usize;
            let found = token.text(self.text);
            if named.insert(found) {
                let (summary, detail) = explain_invalid(found);
                self.error(summary, detail, self.span(token));
            }
        }
    }
}

/// Returns summary and detail for a token that means nothing.
fn explain_invalid(found: &str) -> (&'static str, String) {
    let character = "Invalid character";
    match found {
        "'" => (character, "A text stands in double quotes (\"), not in single ones.".into()),
        "`" => (character, "Backquotes mean nothing here. For a text of several lines write a heredoc: <<EOT".into()),
        ";" => (
            character,
            "A semicolon ends nothing here. Put each argument on its own line; separate items with commas.".into(),
        ),
        "“" | "”" | "„" | "‘" | "’" | "«" | "»" => {
            (character, format!("A text stands in straight double quotes (\"), not in {found}."))
        }
        "&" => ("Unsupported operator", "There are no operators on bits. The logical \"and\" is written &&.".into()),
        "|" => ("Unsupported operator", "There are no operators on bits. The logical \"or\" is written ||.".into()),
        "^" => ("Unsupported operator", "There is no operator ^; the function pow raises to a power.".into()),
        "~" => ("Unsupported operator", "A tilde has a meaning only at the inner ends of ${…} and %{…}.".into()),
        "<<" => ("Invalid heredoc", "Behind << or <<- stands a word, and nothing else on that line.".into()),
        "\u{feff}" => (character, "A byte order mark may stand only at the very start of a file.".into()),
        "\u{a0}" => (character, "This is a no-break space, which looks like a space but is none. Replace it.".into()),
        _ if found.starts_with("/*") => ("Unterminated comment", "This comment is never closed with */.".into()),
        _ => (character, format!("The character {found:?} means nothing here.")),
    }
}
