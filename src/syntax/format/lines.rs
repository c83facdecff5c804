//! Tokens to lines, and each line to its cells: what leads, what is assigned, and the comment at its end.
//!
//! Decides no white space.

use std::ops::Range;

use crate::syntax::lexer::{self, Kind, Token};

/// A token that stays, and the spaces in front of it.
#[derive(Clone, Copy, Debug)]
pub struct Piece {
    /// What it is.
    pub kind: Kind,
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
    /// How many spaces stand in front of it.
    pub spaces: usize,
}

impl Piece {
    /// Returns its own text.
    pub fn text<'t>(&self, text: &'t str) -> &'t str {
        &text[self.start as usize..self.end as usize]
    }

    /// Returns how many brackets more are open behind it.
    pub fn opens(&self) -> isize {
        match self.kind {
            Kind::OpenBrace
            | Kind::OpenBracket
            | Kind::OpenParen
            | Kind::OpenInterpolation
            | Kind::OpenDirective => 1,
            Kind::CloseBrace | Kind::CloseBracket | Kind::CloseParen | Kind::CloseSequence => -1,
            _ => 0,
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
    /// Returns what stands in front of the `=`; all of a line without one. Empty only where the text ends.
    pub fn lead(&self) -> Range<usize> {
        self.start..self.assign
    }

    /// Returns the `=` and what is assigned, if that ends on this line.
    pub fn assign(&self) -> Range<usize> {
        self.assign..self.comment
    }

    /// Returns the position of the comment at the end, if it is not alone.
    pub fn comment(&self) -> Option<usize> {
        (self.comment < self.end).then_some(self.comment)
    }
}

/// Returns the pieces of `text`, with spaces only where the white space of the text stays, and its lines.
pub fn split(text: &str) -> (Vec<Piece>, Vec<Line>) {
    let pieces = pieces(&lexer::scan(text), text);
    let ends = pieces.iter().filter(|piece| ends_line(piece, text)).count();
    let mut lines = Vec::with_capacity(ends + 1);
    let mut start = 0;
    for (index, piece) in pieces.iter().enumerate() {
        if ends_line(piece, text) {
            lines.push(line(&pieces, start..index + 1));
            start = index + 1;
        } else if piece.kind == Kind::End {
            lines.push(line(&pieces, start..index));
        }
    }
    (pieces, lines)
}

fn pieces(tokens: &[Token], text: &str) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::with_capacity(tokens.len());
    let mark = tokens.first().filter(|token| token.kind == Kind::ByteOrderMark).map_or(0, |token| token.end);
    for token in tokens {
        match (token.kind, pieces.last_mut()) {
            (Kind::ByteOrderMark | Kind::Unterminated, _) => {}
            // The line of a closing marker is text, to its end.
            (Kind::Whitespace, Some(last)) if last.kind == Kind::CloseHeredoc => last.end = token.end,
            (Kind::Whitespace, _) => {}
            (Kind::Newline, Some(last)) if is_line_comment(last, text) => last.end = token.end,
            (Kind::End, last) => {
                // White space at the very end stays, in spaces.
                let spaces = (token.start - last.map_or(mark, |last| last.end)) as usize;
                pieces.push(Piece { kind: Kind::End, start: token.start, end: token.end, spaces });
            }
            _ => pieces.push(Piece { kind: token.kind, start: token.start, end: token.end, spaces: 0 }),
        }
    }
    pieces
}

fn line(pieces: &[Piece], range: Range<usize>) -> Line {
    let Range { start, end } = range;
    let is_comment = end > start + 1 && pieces[end - 1].kind == Kind::Comment;
    let comment = if is_comment { end - 1 } else { end };
    let equals = (start + 1..comment).find(|index| pieces[*index].kind == Kind::Assign);
    // A value that goes on in the next lines is aligned with nothing.
    let assign = equals.filter(|index| pieces[*index..comment].iter().map(Piece::opens).sum::<isize>() == 0);
    Line { start, assign: assign.unwrap_or(comment), comment, end }
}

fn ends_line(piece: &Piece, text: &str) -> bool {
    match piece.kind {
        Kind::Newline => true,
        Kind::Comment => piece.text(text).ends_with('\n'),
        _ => false,
    }
}

/// Whether it is a comment that goes to the end of its line, which it does not hold yet.
fn is_line_comment(piece: &Piece, text: &str) -> bool {
    let own = piece.text(text);
    piece.kind == Kind::Comment && !own.starts_with("/*") && !own.ends_with('\n')
}
