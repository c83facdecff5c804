//! Brings the `=` of neighbouring lines below each other, and then the comments at their ends.
//!
//! A run ends with the first line that has none. Knows nothing of why a line has a cell.

use unicode_segmentation::UnicodeSegmentation;

use super::{Line, Piece};

/// How many spaces one run may need, so that a line of megabytes does not move a million others out to its end.
const MOST_SPACES: usize = 1 << 20;

/// Sets the spaces in front of each `=` and each comment at the end of a line (FMT-11 … FMT-13).
pub fn apply(pieces: &mut [Piece], lines: &[Line], text: &str) {
    let leads: Vec<usize> = lines.iter().map(|line| columns(&pieces[line.lead()], text)).collect();
    let assigns = |line: &Line| Some(line.assign()).filter(|cell| !cell.is_empty()).map(|cell| cell.start);
    align(pieces, lines, assigns, |index, _| leads[index]);
    let used = |index: usize, pieces: &[Piece]| leads[index] + columns(&pieces[lines[index].assign()], text);
    align(pieces, lines, Line::comment, used);
}

/// Aligns one sort of cell: `cell` tells the first piece of a line's, `width` the columns in front of it.
fn align(
    pieces: &mut [Piece],
    lines: &[Line],
    cell: impl Fn(&Line) -> Option<usize>,
    width: impl Fn(usize, &[Piece]) -> usize,
) {
    let mut run: Vec<(usize, usize)> = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        match cell(line) {
            Some(piece) => run.push((piece, width(index, pieces))),
            None => close(pieces, &mut run),
        }
    }
    close(pieces, &mut run);
}

/// Moves the pieces of one run one column behind the widest of what stands in front of them.
fn close(pieces: &mut [Piece], run: &mut Vec<(usize, usize)>) {
    let widest = run.iter().map(|(_, width)| *width).max().unwrap_or_default();
    let needed: usize = run.iter().map(|(_, width)| widest - width).sum();
    for (piece, width) in run.drain(..) {
        pieces[piece].spaces = if needed > MOST_SPACES { 1 } else { widest - width + 1 };
    }
}

/// Returns how many columns the pieces take; a character with its accents is one, as is a wide one.
fn columns(pieces: &[Piece], text: &str) -> usize {
    let own = |piece: &Piece| {
        let own = piece.text(text);
        if own.is_ascii() { own.len() - own.matches("\r\n").count() } else { own.graphemes(true).count() }
    };
    pieces.iter().map(|piece| piece.spaces + own(piece)).sum()
}
