//! Text to nodes by the rules of legacy templates: strict JSON, no name twice, places told in the reference's words.
//!
//! Knows no template.

use std::collections::HashMap;

use super::problem;
use crate::diagnostics::{Diagnostic, Diagnostics, FileId, Source, SourceMap, Span};
use crate::syntax::json::{self, Kind, Member, Node};

/// A longer line would be broken, and a caret below it would point anywhere.
const LONGEST: usize = 72;

/// Returns the value that the text holds; `None` when it is no JSON. Names that stand twice in an object are told.
pub fn read(id: FileId, sources: &SourceMap) -> (Option<Node>, Diagnostics) {
    let source = sources.get(id);
    let (node, mut found) =
        json::read_with(id, &source.text, "A member of the root whose name starts with _ may hold one.");
    if found.has_errors() {
        let mut is_first = true;
        found = found
            .map(|diagnostic| if std::mem::take(&mut is_first) { placed(diagnostic, &source) } else { diagnostic });
        return (None, found);
    }
    let mut diagnostics = Diagnostics::new();
    doubles(&node, sources, &mut diagnostics);
    (Some(node), diagnostics)
}

/// Adds place and caret to the first mistake, in the form that scripts look for (JSON-5).
///
/// It is the place where a strict reader stops, which may stand behind the mistake itself. The column is that of the
/// reference, counted in bytes: the character's own in the first line, one more in others.
fn placed(mut diagnostic: Diagnostic, source: &Source) -> Diagnostic {
    let stopped = serde_json::from_str::<serde::de::IgnoredAny>(&source.text).err();
    let (line, column) = match (stopped, diagnostic.span) {
        // A control character is not counted where it stops the reader.
        (Some(error), _) if error.to_string().starts_with("control character") => behind(source, &error),
        (Some(error), _) => (error.line(), error.column()),
        (None, Some(span)) => {
            let start = (span.start as usize).min(source.text.len());
            let line = source.position(start).line;
            (line, start + 1 - source.start_of(line))
        }
        (None, None) => return diagnostic,
    };
    let offset = source.start_of(line) + column;
    let column = if line > 1 { column + 1 } else { column };
    let mut detail =
        format!("Error parsing JSON: {}\nAt line {line}, column {column} (offset {offset}):\n", diagnostic.detail);
    let shown: Vec<usize> = (line.saturating_sub(1).max(1)..=line).collect();
    if shown.iter().all(|number| source.line(*number).len() <= LONGEST) {
        shown.iter().for_each(|number| detail += &format!("{number:5}: {}\n", source.line(*number)));
        detail += &format!("{}^", " ".repeat(5 + column));
    }
    diagnostic.detail = detail;
    diagnostic
}

/// Returns the place one byte behind that of `error`, which starts a line if that byte ends one.
fn behind(source: &Source, error: &serde_json::Error) -> (usize, usize) {
    let at = source.start_of(error.line()) + error.column();
    match source.text.as_bytes().get(at) {
        Some(b'\n') => (error.line() + 1, 0),
        _ => (error.line(), error.column() + 1),
    }
}

/// Tells every name that stands in its object a second time (JSON-4).
fn doubles(node: &Node, sources: &SourceMap, diagnostics: &mut Diagnostics) {
    match &node.kind {
        Kind::Array(items) => items.iter().for_each(|item| doubles(item, sources, diagnostics)),
        Kind::Object(members) => {
            let mut known: HashMap<&str, Span> = HashMap::with_capacity(members.len());
            for Member { name, span, value } in members {
                if let Some(first) = known.insert(name, *span) {
                    let line = sources.get(first.file).position(first.start as usize).line;
                    let detail = format!("The key {name:?} stands in the same object twice, first in line {line}.");
                    diagnostics.push(problem(detail, *span));
                }
                doubles(value, sources, diagnostics);
            }
        }
        _ => {}
    }
}
