//! Brings the `=` of neighbouring lines below each other, and then the comments at their ends.
//!
//! A run ends with the first line that has none. Knows nothing of why a line has a cell.

use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation;

use super::{Line, Pieces};

/// How many spaces one run may need, so that a line of megabytes does not move a million others out to its end.
const MOST_SPACES: usize = 1 << 20;

/// Sets the spaces in front of each `=` and each comment at the end of a line (FMT-11 … FMT-13).
pub fn apply(pieces: &Pieces<'_>, spaces: &mut [u32]) {
    align(pieces, spaces, |line| {
        let (lead, assign) = (line.lead(), line.assign());
        (!assign.is_empty()).then(|| (assign.start, lead))
    });
    // The comments come second: an `=` that moves takes them with it.
    align(pieces, spaces, |line| Some((line.comment()?, line.lead().start..line.assign().end)));
}

/// Aligns one sort of cell: `cell` tells the first piece of a line's, and what stands in front of it.
fn align(pieces: &Pieces<'_>, spaces: &mut [u32], cell: impl Fn(&Line) -> Option<(usize, Range<usize>)>) {
    let mut run: Vec<(usize, usize)> = Vec::new();
    for line in pieces.lines() {
        match cell(&line) {
            Some((piece, before)) => run.push((piece, columns(pieces, spaces, before))),
            None => close(spaces, &mut run),
        }
    }
    close(spaces, &mut run);
}

/// Moves the pieces of one run one column behind the widest of what stands in front of them.
fn close(spaces: &mut [u32], run: &mut Vec<(usize, usize)>) {
    let widest = run.iter().map(|(_, width)| *width).max().unwrap_or_default();
    let needed: usize = run.iter().map(|(_, width)| widest - width).sum();
    for (piece, width) in run.drain(..) {
        let count = if needed > MOST_SPACES { 1 } else { widest - width + 1 };
        spaces[piece] = u32::try_from(count).unwrap_or(1);
    }
}

/// Returns how many columns the pieces take; a character with its accents is one, as is a wide one.
fn columns(pieces: &Pieces<'_>, spaces: &[u32], cell: Range<usize>) -> usize {
    let own = |index| {
        let own = pieces.text_of(index);
        if own.is_ascii() { own.len() - own.matches("\r\n").count() } else { own.graphemes(true).count() }
    };
    cell.map(|index| spaces[index] as usize + own(index)).sum()
}
