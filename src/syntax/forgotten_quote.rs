//! What follows from a quote that is missing: read strictly, every text behind it begins where one should end.
//!
//! The parser guesses which quote was forgotten and goes on behind it. Here the text is taken at its word, as the
//! reference takes it, so that the lines it names are named as well.

use std::collections::BTreeSet;

use super::lexer::{self, Kind};
use crate::diagnostics::{Diagnostic, Diagnostics, FileId, Source, Span};

/// How many lines are named at most; somebody who forgot a quote looks at the first ones.
const MOST: usize = 100;

/// Adds the lines of `source` on which a text does not end, or a character means nothing, when every quote counts. To be
/// called for a text with mistakes.
pub fn add_lines(id: FileId, source: &Source, diagnostics: &mut Diagnostics) {
    let text = &source.text;
    let line = |at: usize| source.position(at).line;
    let told = diagnostics.iter().filter_map(|one| one.span).filter(|span| span.file == id);
    let mut told: BTreeSet<usize> = told.map(|span| line(span.start as usize)).collect();
    let mut left = MOST;
    let mut is_broken = false;
    for token in lexer::scan_strictly(text) {
        let (start, words) = (token.start as usize, token.text(text));
        let places: Vec<usize> = match token.kind {
            Kind::QuotedText => words.match_indices('\n').map(|(at, _)| start + at).collect(),
            Kind::Invalid if is_broken => vec![start],
            _ => continue,
        };
        is_broken |= !places.is_empty();
        for at in places.into_iter().filter(|at| told.insert(line(*at))) {
            if left == 0 {
                return;
            }
            left -= 1;
            diagnostics.push(problem(token.kind).at(Span::new(id, at..at)));
        }
    }
}

fn problem(kind: Kind) -> Diagnostic {
    if kind == Kind::Invalid {
        let detail = "A quote is missing further up, so that this is no part of a text.";
        return Diagnostic::error("Invalid character", detail);
    }
    let detail = "A quote is missing further up, so that a text begins on this line and does not end on it.";
    Diagnostic::error("Invalid multi-line string", detail)
}
