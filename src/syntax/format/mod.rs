//! Lays HCL text out: indentation, one space where one belongs, `=` and comments below each other.
//!
//! Changes nothing but white space, and joins and breaks no lines. Looks at tokens alone, so it knows no grammar, and
//! takes broken text as well.

mod align;
mod indent;
mod lines;
mod spaces;

use lines::{Line, Piece};

/// Returns `text` as people write it who agree on how.
///
/// # Source
/// FMT-10 … FMT-18; cases `parity/fmt`. Text that is as it should be comes back as it is.
pub fn format(text: &str) -> String {
    if u32::try_from(text.len()).is_err() {
        // Tokens reach no further; a template of that size is refused by the parser.
        return text.to_owned();
    }
    let (mut pieces, lines) = lines::split(text);
    indent::apply(&mut pieces, &lines);
    spaces::apply(&mut pieces, &lines, text);
    align::apply(&mut pieces, &lines, text);
    write(&pieces, text)
}

/// Returns the text of all pieces, each behind its spaces.
fn write(pieces: &[Piece], text: &str) -> String {
    const BLANKS: &str = "                                                                ";
    let spaces: usize = pieces.iter().map(|piece| piece.spaces).sum();
    let mut laid_out = String::with_capacity(text.len() + spaces);
    for piece in pieces {
        let mut left = piece.spaces;
        while left > 0 {
            let now = left.min(BLANKS.len());
            laid_out.push_str(&BLANKS[..now]);
            left -= now;
        }
        laid_out.push_str(piece.text(text));
    }
    laid_out
}

#[cfg(test)]
mod tests;
