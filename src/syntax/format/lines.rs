//! Tokens to lines, and each line to its cells: what leads, what is assigned, and the comment at its end.
//!
//! Decides no white space.

use std::ops::Range;

use crate::syntax::lexer::{self, Kind, Token};

/// The tokens that stay, called pieces here. A comment to the end of its line holds the line end too.
pub struct Pieces<'t> {
    /// What they are cut from.
    pub text: &'t str,
    /// How many bytes of white space stand behind the last one.
    pub blanks_at_end: usize,
    tokens: Vec<Token>,
}

impl<'t> Pieces<'t> {
    /// Returns the pieces of `text`.
    pub fn of(text: &'t str) -> Pieces<'t> {
        let mut tokens = lexer::scan_layout(text);
        // Large texts have many: what stays moves to the front of the same list.
        let mut kept = 0_usize;
        for index in 0..tokens.len() {
            let token = tokens[index];
            let last = kept.checked_sub(1).map(|last| &mut tokens[last]);
            match (token.kind, last) {
                (Kind::ByteOrderMark | Kind::Unterminated | Kind::End, _) => {}
                (Kind::Newline, Some(last)) if is_line_comment(last, text) => last.end = token.end,
                _ => {
                    tokens[kept] = token;
                    kept += 1;
                }
            }
        }
        tokens.truncate(kept);
        let mark = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
        let end = tokens.last().map_or(mark, |last| last.end as usize);
        Pieces { text, blanks_at_end: text.len() - end, tokens }
    }

    /// Returns how many there are.
    pub fn len(&self) -> usize {
        self.tokens.len()
    }

    /// Returns what the piece is.
    pub fn kind(&self, index: usize) -> Kind {
        self.tokens[index].kind
    }

    /// Returns where the piece stands in the text.
    pub fn place(&self, index: usize) -> Range<usize> {
        self.tokens[index].start as usize..self.tokens[index].end as usize
    }

    /// Returns the piece's own text.
    pub fn text_of(&self, index: usize) -> &'t str {
        self.tokens[index].text(self.text)
    }

    /// Returns how many brackets more are open behind `cell` than in front of it.
    pub fn opened(&self, cell: Range<usize>) -> isize {
        self.tokens[cell].iter().map(|token| opens(token.kind)).sum()
    }

    /// Returns the lines, one after the other.
    pub fn lines(&self) -> impl Iterator<Item = Line> {
        let mut start = 0;
        std::iter::from_fn(move || {
            let rest = self.tokens.get(start..).filter(|rest| !rest.is_empty())?;
            let length = rest.iter().position(|token| self.ends_line(token)).map_or(rest.len(), |last| last + 1);
            let line = self.line(start, start + length);
            start += length;
            Some(line)
        })
    }

    fn line(&self, start: usize, end: usize) -> Line {
        let is_comment = end > start + 1 && self.kind(end - 1) == Kind::Comment;
        let comment = if is_comment { end - 1 } else { end };
        let equals = (start + 1..comment).find(|index| self.kind(*index) == Kind::Assign);
        // A value that goes on in the next lines is aligned with nothing.
        let assign = equals.filter(|equals| self.opened(*equals..comment) == 0);
        Line { start, assign: assign.unwrap_or(comment), comment, end }
    }

    fn ends_line(&self, token: &Token) -> bool {
        match token.kind {
            Kind::Newline => true,
            Kind::Comment => token.text(self.text).ends_with('\n'),
            _ => false,
        }
    }
}

/// One line, in positions of pieces; it ends with its line end, which a comment may hold. A text of several lines is part
/// of the line that it starts on, as is a comment of several lines.
#[derive(Clone, Copy, Debug)]
pub struct Line {
    start: usize,
    assign: usize,
    comment: usize,
    end: usize,
}

impl Line {
    /// Returns what stands in front of the `=`; all of a line without one. Never empty.
    pub fn lead(&self) -> Range<usize> {
        self.start..self.assign
    }

    /// Returns the `=` and what is assigned, if that ends on this line.
    pub fn assign(&self) -> Range<usize> {
        self.assign..self.comment
    }

    /// Returns the position of the `=` that the same cell begins with.
    pub fn equals(&self) -> Option<usize> {
        (self.assign < self.comment).then_some(self.assign)
    }

    /// Returns the position of the comment at the end, if it is not alone.
    pub fn comment(&self) -> Option<usize> {
        (self.comment < self.end).then_some(self.comment)
    }
}

/// Returns how many brackets more are open behind a token of this kind.
pub fn opens(kind: Kind) -> isize {
    use Kind::*;
    match kind {
        OpenBrace | OpenBracket | OpenParen | OpenInterpolation | OpenDirective => 1,
        CloseBrace | CloseBracket | CloseParen | CloseSequence => -1,
        _ => 0,
    }
}

/// Whether it is a comment that goes to the end of its line, which it does not hold yet.
fn is_line_comment(token: &Token, text: &str) -> bool {
    let own = token.text(text);
    token.kind == Kind::Comment && !own.starts_with("/*") && !own.ends_with('\n')
}
