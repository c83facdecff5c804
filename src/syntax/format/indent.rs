//! How far each line is moved in: two spaces for every line that has left brackets open.
//!
//! Looks at brackets alone.

use std::ops::Range;

use super::{Line, Pieces};
use crate::syntax::lexer::Kind;

/// The brackets that are open: for each step that lines are moved in by, how many of them.
#[derive(Default)]
pub struct Steps(Vec<isize>);

impl Steps {
    /// Returns the spaces in front of the next line.
    ///
    /// A line that opens several brackets moves what follows in by one step, and the line that closes the last of them
    /// moves back (FMT-10).
    pub fn in_front_of(&mut self, line: &Line, pieces: &Pieces<'_>) -> u32 {
        if pieces.kind(line.lead().start) == Kind::Newline {
            return 0;
        }
        let opened = opened_in_lead(pieces, line.lead()) + pieces.opened(line.assign());
        let depth = self.0.len();
        if opened > 0 {
            self.0.push(opened);
        } else {
            self.close(-opened);
        }
        u32::try_from(2 * depth.min(self.0.len())).unwrap_or(u32::MAX)
    }

    /// Takes back `count` brackets, and the steps that end with them.
    fn close(&mut self, mut count: isize) {
        while count > 0
            && let Some(step) = self.0.last_mut()
        {
            if count < *step {
                *step -= count;
                return;
            }
            count -= *step;
            self.0.pop();
        }
    }
}

/// Returns how many brackets more are open behind `lead`; what stands in a heredoc does not count.
fn opened_in_lead(pieces: &Pieces<'_>, lead: Range<usize>) -> isize {
    let heredoc = lead.clone().find(|index| pieces.kind(*index) == Kind::OpenHeredoc);
    pieces.opened(lead.start..heredoc.unwrap_or(lead.end))
}
