//! How far each line is moved in: two spaces for every line that has left brackets open.
//!
//! Looks at brackets alone.

use std::ops::Range;

use super::Pieces;
use crate::syntax::lexer::Kind;

/// Sets the spaces in front of each line.
///
/// A line that opens several brackets moves what follows in by one step, and the line that closes the last of them moves
/// back (FMT-10).
pub fn apply(pieces: &Pieces<'_>, spaces: &mut [u32]) {
    // For each step, how many brackets are open in it.
    let mut steps: Vec<isize> = Vec::new();
    for line in pieces.lines() {
        let first = line.lead().start;
        if pieces.kind(first) == Kind::Newline {
            continue;
        }
        let opened = opened_in_lead(pieces, line.lead()) + pieces.opened(line.assign());
        let depth = steps.len();
        if opened > 0 {
            steps.push(opened);
        } else {
            close(&mut steps, -opened);
        }
        spaces[first] = u32::try_from(2 * depth.min(steps.len())).unwrap_or(u32::MAX);
    }
}

/// Returns how many brackets more are open behind `lead`; what stands in a heredoc does not count.
fn opened_in_lead(pieces: &Pieces<'_>, lead: Range<usize>) -> isize {
    let heredoc = lead.clone().find(|index| pieces.kind(*index) == Kind::OpenHeredoc);
    pieces.opened(lead.start..heredoc.unwrap_or(lead.end))
}

/// Takes back `count` brackets, and the steps that end with them.
fn close(steps: &mut Vec<isize>, mut count: isize) {
    while count > 0
        && let Some(step) = steps.last_mut()
    {
        if count < *step {
            *step -= count;
            return;
        }
        count -= *step;
        steps.pop();
    }
}
