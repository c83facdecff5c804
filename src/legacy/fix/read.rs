//! The text of a template to its root object, and problems in that to places in the text.
//!
//! Knows no name of a template.

use serde_json::Value;

use super::parts::{Object, Problems, Step};
use crate::diagnostics::{Diagnostic, Diagnostics, FileId, SourceMap, Span};
use crate::syntax::json::{self, Kind, Node};

/// Returns the first value of file `id`, which has to be an object.
///
/// # Errors
/// What is wrong with the text, at its places.
pub fn root(id: FileId, sources: &SourceMap) -> Result<Object, Diagnostics> {
    let source = sources.get(id);
    let text = source.text.trim_start_matches('\u{feff}');
    match serde_json::Deserializer::from_str(text).into_iter::<Value>().next() {
        Some(Ok(Value::Object(root))) => Ok(root),
        Some(Ok(_)) => {
            let detail = "A template is one object: { \"builders\": [ … ] }.";
            Err(Diagnostic::error("Root value must be object", detail).at(first_character(id, &source.text)).into())
        }
        None => {
            let detail = "The file is empty; a template is one object: { \"builders\": [ … ] }.";
            Err(Diagnostic::error("Missing JSON value", detail).at(first_character(id, &source.text)).into())
        }
        Some(Err(error)) => {
            // The reader with places finds all mistakes; what only this one minds comes with its line.
            let (_, mistakes) = json::read(id, &source.text);
            if mistakes.has_errors() {
                return Err(mistakes);
            }
            let start: usize =
                source.text.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum();
            let line = source.text[start..].lines().next().unwrap_or_default();
            let reason = error.to_string();
            let reason = reason.split(" at line").next().unwrap_or_default();
            let detail = format!("This line cannot be read: {reason}.");
            Err(Diagnostic::error("Invalid JSON", detail).at(Span::new(id, start..start + line.len())).into())
        }
    }
}

fn first_character(id: FileId, text: &str) -> Span {
    let start = text.find(|c: char| !c.is_whitespace()).unwrap_or_default();
    Span::new(id, start..start + text[start..].chars().next().map_or(0, char::len_utf8))
}

/// Where the values of a file stand.
pub struct Places(Node);

impl Places {
    /// Reads file `id` once more, this time with places.
    pub fn of(id: FileId, sources: &SourceMap) -> Places {
        Places(json::read(id, &sources.get(id).text).0)
    }

    /// Returns where the value at `pointer` stands, or the last one on the way that is there.
    pub fn at(&self, pointer: &str) -> Span {
        let steps = pointer.split('/').skip(1).map(|step| match step.parse() {
            Ok(index) => Step::Item(index),
            Err(_) => Step::Name(step.replace("~1", "/").replace("~0", "~")),
        });
        place(&self.0, &steps.collect::<Vec<_>>())
    }
}

/// Returns the problems at their places in file `id`.
pub fn placed(problems: Problems, id: FileId, sources: &SourceMap) -> Diagnostics {
    let (root, _) = json::read(id, &sources.get(id).text);
    let mut diagnostics = Diagnostics::new();
    for (path, text) in problems.0 {
        diagnostics.push(Diagnostic::error("Cannot fix the template", text).at(place(&root, &path)));
    }
    diagnostics.sort();
    diagnostics
}

/// Returns where the value at the end of `path` stands, or the last one on the way that is there.
fn place(root: &Node, path: &[Step]) -> Span {
    let mut node = root;
    let mut span = root.span;
    for step in path {
        let next = match (&node.kind, step) {
            // Of equal names the last one counts.
            (Kind::Object(members), Step::Name(name)) => {
                let member = members.iter().rev().find(|member| member.name.eq_ignore_ascii_case(name));
                member.map(|member| (&member.value, member.span.to(member.value.span)))
            }
            (Kind::Array(items), Step::Item(index)) => items.get(*index).map(|item| (item, item.span)),
            _ => None,
        };
        let Some(next) = next else { break };
        (node, span) = next;
    }
    span
}
