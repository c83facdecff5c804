//! Brings cells of neighbouring lines below each other: their `=`, and the comments at their ends.
//!
//! Knows nothing of why a line has a cell.

use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation;

use super::Pieces;

/// How many spaces one run may need, so that a line of megabytes does not move a million others out to its end.
const MOST_SPACES: usize = 1 << 20;

/// Cells of one sort, in lines that follow each other: the first piece of each, and the columns in front of it.
#[derive(Default)]
pub struct Run(Vec<(usize, usize)>);

impl Run {
    /// Takes the next line's `cell`, which stands behind the pieces `before`; a line without one ends the run
    /// (FMT-11 … FMT-13).
    pub fn take(&mut self, cell: Option<usize>, before: Range<usize>, pieces: &Pieces<'_>, spaces: &mut [u32]) {
        match cell {
            Some(piece) => self.0.push((piece, columns(pieces, spaces, before))),
            None => self.end(spaces),
        }
    }

    /// Moves the cells of the run one column behind the widest of what stands in front of them, and begins anew.
    pub fn end(&mut self, spaces: &mut [u32]) {
        let widest = self.0.iter().map(|(_, width)| *width).max().unwrap_or_default();
        let needed: usize = self.0.iter().map(|(_, width)| widest - width).sum();
        for (piece, width) in self.0.drain(..) {
            let count = if needed > MOST_SPACES { 1 } else { widest - width + 1 };
            spaces[piece] = u32::try_from(count).unwrap_or(1);
        }
    }
}

/// Returns how many columns the pieces take; a character with its accents is one, as is a wide one.
fn columns(pieces: &Pieces<'_>, spaces: &[u32], cell: Range<usize>) -> usize {
    cell.map(|index| spaces[index] as usize + width(pieces.text_of(index))).sum()
}

fn width(text: &str) -> usize {
    match text.is_ascii() {
        true if text.as_bytes().contains(&b'\r') => text.len() - text.matches("\r\n").count(),
        true => text.len(),
        false => text.graphemes(true).count(),
    }
}
