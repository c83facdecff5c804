//! How far each line is moved in: two spaces for every line that has left brackets open.
//!
//! Looks at brackets alone.

use super::{Line, Piece};
use crate::syntax::lexer::Kind;

/// Sets the spaces in front of each line.
///
/// A line that opens several brackets moves what follows in by one step, and the line that closes the last of them moves
/// back (FMT-10).
pub fn apply(pieces: &mut [Piece], lines: &[Line]) {
    // For each step, how many brackets are open in it.
    let mut steps: Vec<isize> = Vec::new();
    for line in lines {
        let lead = line.lead();
        let Some(first) = pieces.get(lead.start).filter(|_| !lead.is_empty()) else { continue };
        if first.kind == Kind::Newline {
            continue;
        }
        let opens = opened_in_lead(&pieces[lead.clone()])
            + pieces[line.assign()].iter().map(Piece::opens).sum::<isize>();
        let depth = steps.len();
        if opens > 0 {
            steps.push(opens);
        } else {
            close(&mut steps, -opens);
        }
        pieces[lead.start].spaces = 2 * depth.min(steps.len());
    }
}

/// Returns how many brackets more are open behind the pieces; what stands in a heredoc does not count.
fn opened_in_lead(pieces: &[Piece]) -> isize {
    let heredoc = pieces.iter().position(|piece| piece.kind == Kind::OpenHeredoc);
    pieces[..heredoc.unwrap_or(pieces.len())].iter().map(Piece::opens).sum()
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
