//! Which tokens of a line have a space between them, by what stands next to each other.
//!
//! Knows neither lines before nor columns.

use std::ops::Range;

use super::{Line, Piece};
use crate::syntax::lexer::Kind;

/// Sets the spaces between the pieces of each cell (FMT-14 … FMT-16).
pub fn apply(pieces: &mut [Piece], lines: &[Line], text: &str) {
    for line in lines {
        between(pieces, line.lead(), text);
        between(pieces, line.assign(), text);
    }
}

fn between(pieces: &mut [Piece], cell: Range<usize>, text: &str) {
    let mut before = None;
    for index in cell.start..cell.end.saturating_sub(1) {
        let (piece, after) = (pieces[index], pieces[index + 1]);
        let third = (index + 2 < cell.end).then(|| &pieces[index + 2]);
        let is_spaced = has_space(before, &piece, after.kind, text) || would_join(&piece, &after, third, text);
        pieces[index + 1].spaces = usize::from(is_spaced);
        before = Some(piece.kind);
    }
}

/// Whether a space stands between `piece`, which is behind `before`, and `after`.
fn has_space(before: Option<Kind>, piece: &Piece, after: Kind, text: &str) -> bool {
    use Kind::*;
    let kind = piece.kind;
    match (kind, after) {
        (_, Newline) => false,
        // A call, and the parts of its name.
        (Ident, OpenParen | DoubleColon) | (DoubleColon, Ident) => false,
        (Dot, _) | (_, Dot) => false,
        (_, Comma | Ellipsis) => false,
        (Comma, _) => true,
        // The inside of a text is the text itself.
        (QuotedText | HeredocText | OpenQuote | OpenHeredoc, _) => false,
        (_, QuotedText | HeredocText | CloseQuote | CloseHeredoc) => false,
        // In `for x in [a]` it is no name with an index.
        (Ident, _) if before == Some(Ident) && piece.text(text) == "in" => true,
        (Ident | Number, OpenBracket) => false,
        (_, OpenBracket) if piece.opens() < 0 => false,
        (Not, _) => false,
        (Minus, _) => !is_sign(before),
        (OpenBrace, CloseBrace) => false,
        (OpenBrace, _) | (_, CloseBrace) => true,
        // An object alone in `${ }` keeps its braces apart from those around it.
        (OpenInterpolation | OpenDirective, OpenBrace) | (CloseBrace, CloseSequence) => true,
        (CloseSequence, OpenInterpolation | OpenDirective) => false,
        _ if piece.opens() > 0 => false,
        (_, CloseParen | CloseBracket | CloseSequence) => false,
        _ => true,
    }
}

/// Whether a minus behind `before` is a sign: nothing that could be subtracted from ends there.
fn is_sign(before: Option<Kind>) -> bool {
    use Kind::*;
    let Some(before) = before else { return true };
    matches!(before, OpenParen | OpenBrace | OpenBracket | Assign | Colon | Comma | Question)
        || matches!(before, Plus | Minus | Star | Slash | Percent | And | Or | Not)
        || matches!(before, Equal | NotEqual | Greater | GreaterOrEqual | Less | LessOrEqual)
}

/// Whether a number and the point behind it would be read as one number with what follows: `1 . 5` is no `1.5`.
fn would_join(piece: &Piece, after: &Piece, third: Option<&Piece>, text: &str) -> bool {
    if piece.kind != Kind::Number || after.kind != Kind::Dot {
        return false;
    }
    third.is_some_and(|third| match third.kind {
        Kind::Number => true,
        Kind::Ident => {
            let exponent = third.text(text).strip_prefix(['e', 'E']);
            exponent.is_some_and(|rest| rest.strip_prefix('-').unwrap_or(rest).starts_with(|c: char| c.is_ascii_digit()))
        }
        _ => false,
    })
}
