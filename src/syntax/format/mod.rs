//! Lays HCL text out: indentation, one space where one belongs, `=` and comments below each other.
//!
//! Changes nothing but white space, and joins and breaks no lines. Looks at tokens alone, so it knows no grammar, and
//! takes broken text as well.

mod align;
mod indent;
mod lines;
mod spaces;

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
    indent::apply(&pieces, &mut spaces);
    spaces::apply(&pieces, &mut spaces);
    align::apply(&pieces, &mut spaces);
    write(&pieces, &spaces)
}

/// Returns the text of all pieces, each behind its spaces.
fn write(pieces: &Pieces<'_>, spaces: &[u32]) -> String {
    const BLANKS: &str = "                                                                ";
    let all: usize = spaces.iter().map(|count| *count as usize).sum();
    let mut text = String::with_capacity(pieces.text.len() + all + pieces.blanks_at_end);
    let mut push = |count: usize, piece: &str| {
        let mut left = count;
        while left > 0 {
            let now = left.min(BLANKS.len());
            text.push_str(&BLANKS[..now]);
            left -= now;
        }
        text.push_str(piece);
    };
    for (index, count) in spaces.iter().enumerate() {
        push(*count as usize, pieces.text_of(index));
    }
    // White space at the very end stays, in spaces.
    push(pieces.blanks_at_end, "");
    text
}

#[cfg(test)]
mod tests;
