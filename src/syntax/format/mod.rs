//! Lays HCL text out: indentation, one space where one belongs, `=` and comments below each other.
//!
//! Changes nothing but white space, and joins and breaks no lines. Looks at tokens alone, so it knows no grammar, and
//! takes broken text as well.

mod align;
mod indent;
mod lines;
mod spaces;

use align::Run;
use indent::Steps;
use lines::{Line, Pieces};

/// Returns `text` as people write it who agree on how.
///
/// # Source
/// FMT-10 … FMT-18; cases `parity/fmt`. Text that is as it should be comes back as it is.
pub fn format(text: &str) -> String {
    if u32::try_from(text.len()).is_err() {
        // Tokens reach no further; a template of that size is refused by the parser.
        return text.to_owned();
    }
    let pieces = Pieces::of(text);
    // How many stand in front of each piece.
    let mut spaces = vec![0; pieces.len()];
    let (mut steps, mut equals, mut comments) = (Steps::default(), Run::default(), Run::default());
    for line in pieces.lines() {
        spaces[line.lead().start] = steps.in_front_of(&line, &pieces);
        spaces::apply(&pieces, &mut spaces, line.lead());
        spaces::apply(&pieces, &mut spaces, line.assign());
        equals.take(line.equals(), line.lead(), &pieces, &mut spaces);
    }
    equals.end(&mut spaces);
    // The comments come second: an `=` that moves takes them with it.
    for line in pieces.lines() {
        comments.take(line.comment(), line.lead().start..line.assign().end, &pieces, &mut spaces);
    }
    comments.end(&mut spaces);
    write(&pieces, &spaces)
}

/// Returns the text of all pieces, each behind its spaces.
fn write(pieces: &Pieces<'_>, spaces: &[u32]) -> String {
    let all: usize = spaces.iter().map(|count| *count as usize).sum();
    let mut text = String::with_capacity(pieces.text.len() + all + pieces.blanks_at_end);
    // What stands in the old text as it should is taken in one piece.
    let mut same = 0..0;
    for (index, count) in spaces.iter().enumerate() {
        let (piece, count) = (pieces.place(index), *count as usize);
        let is_same = pieces.text[same.end..piece.start].bytes().eq(std::iter::repeat_n(b' ', count));
        if !is_same {
            text.push_str(&pieces.text[same]);
            push_spaces(&mut text, count);
            same = piece.clone();
        }
        same.end = piece.end;
    }
    text.push_str(&pieces.text[same]);
    // White space at the very end stays, in spaces.
    push_spaces(&mut text, pieces.blanks_at_end);
    text
}

fn push_spaces(text: &mut String, mut count: usize) {
    const SPACES: &str = "                                                                ";
    while count > 0 {
        let now = count.min(SPACES.len());
        text.push_str(&SPACES[..now]);
        count -= now;
    }
}

#[cfg(test)]
mod tests;
