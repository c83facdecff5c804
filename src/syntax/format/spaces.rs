//! Which pieces of a line have a space between them, by what stands next to each other.
//!
//! Knows neither lines before nor columns.

use std::ops::Range;

use super::Pieces;
use super::lines::opens;
use crate::syntax::lexer::Kind;

/// Sets the spaces between the pieces of `cell` (FMT-14 … FMT-16).
pub fn apply(pieces: &Pieces<'_>, spaces: &mut [u32], cell: Range<usize>) {
    let mut before = None;
    let Range { start, end } = cell;
    for (behind, count) in spaces[start..end].iter_mut().enumerate().skip(1) {
        let index = start + behind;
        let is_spaced = has_space(pieces, before, index) || would_join(pieces, index, end);
        *count = u32::from(is_spaced);
        before = Some(pieces.kind(index - 1));
    }
}

/// Whether a space stands in front of the piece at `index`; `before` is the second one in front of it.
fn has_space(pieces: &Pieces<'_>, before: Option<Kind>, index: usize) -> bool {
    use Kind::*;
    match (pieces.kind(index - 1), pieces.kind(index)) {
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
        (Ident, _) if before == Some(Ident) && pieces.text_of(index - 1) == "in" => true,
        (Ident | Number, OpenBracket) => false,
        (kind, OpenBracket) if opens(kind) < 0 => false,
        (Not, _) => false,
        (Minus, _) => !is_sign(before),
        (OpenBrace, CloseBrace) => false,
        (OpenBrace, _) | (_, CloseBrace) => true,
        // An object alone in `${ }` keeps its braces apart from those around it.
        (OpenInterpolation | OpenDirective, OpenBrace) | (CloseBrace, CloseSequence) => true,
        (CloseSequence, OpenInterpolation | OpenDirective) => false,
        (kind, _) if opens(kind) > 0 => false,
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

/// Whether the piece at `index` is a point behind a number, and both would be read as one number with what follows:
/// `1 . 5` is no `1.5`.
fn would_join(pieces: &Pieces<'_>, index: usize, end: usize) -> bool {
    if (pieces.kind(index - 1), pieces.kind(index)) != (Kind::Number, Kind::Dot) || index + 1 >= end {
        return false;
    }
    match pieces.kind(index + 1) {
        Kind::Number => true,
        Kind::Ident => {
            let exponent = pieces.text_of(index + 1).strip_prefix(['e', 'E']);
            let digits = exponent.map(|rest| rest.strip_prefix('-').unwrap_or(rest));
            digits.is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
        }
        _ => false,
    }
}
