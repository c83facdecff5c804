//! Text to the model of a legacy template. All that is wrong with its structure is told in one go, each with its line.
//!
//! Knows no component: their options are kept as they are written.

mod members;
mod steps;
mod syntax;

#[cfg(test)]
mod tests;

use std::collections::HashMap;

use members::{At, Members};

pub use members::{a, number_as_text};

use super::model::{Note, Template, Text, Variable};
use crate::diagnostics::{Diagnostic, Diagnostics, FileId, SourceMap, Span, did_you_mean};
use crate::syntax::json::{self, Kind, Member, Node};

/// What a root may hold (JSON-1).
const ROOT: [&str; 10] = [
    "builders",
    "comments",
    "description",
    "error-cleanup-provisioner",
    "min_packer_version",
    "post-processors",
    "provisioners",
    "push",
    "sensitive-variables",
    "variables",
];

/// Reads the text `id`; `None` comes with errors only.
///
/// # Source
/// JSON-1 … JSON-5, JSON-8, JSON-9, JSON-19, JSON-23 … JSON-29.
pub fn parse(id: FileId, sources: &SourceMap) -> (Option<Template>, Diagnostics) {
    let (node, diagnostics) = syntax::read(id, sources);
    match node {
        Some(node) => Reading { diagnostics }.template(id, node),
        None => (None, diagnostics),
    }
}

/// Returns the names that the text `id` calls sensitive, and the defaults of those variables, as far as it can be read:
/// for texts with mistakes.
pub fn sensitive(id: FileId, sources: &SourceMap) -> (Vec<String>, Vec<String>) {
    let (root, _) = json::read_with(id, &sources.get(id).text, "");
    let Kind::Object(members) = root.kind else { return (Vec::new(), Vec::new()) };
    let of = |wanted: &'static str| {
        let nodes = members.iter().filter(move |member| member.name.eq_ignore_ascii_case(wanted));
        nodes.map(|member| &member.value.kind)
    };
    let mut names = Vec::new();
    for kind in of("sensitive-variables") {
        let items = if let Kind::Array(items) = kind { &items[..] } else { &[] };
        names.extend(items.iter().filter_map(|item| match &item.kind {
            Kind::Text(name) => Some(name.clone()),
            _ => None,
        }));
    }
    let mut texts = Vec::new();
    for kind in of("variables") {
        let variables = if let Kind::Object(variables) = kind { &variables[..] } else { &[] };
        texts.extend(variables.iter().filter(|one| names.contains(&one.name)).filter_map(
            |one| match &one.value.kind {
                Kind::Text(text) | Kind::Number(text) => Some(text.clone()),
                _ => None,
            },
        ));
    }
    (names, texts)
}

/// Says what is wrong with the structure at `span`.
fn problem(detail: impl Into<String>, span: Span) -> Diagnostic {
    Diagnostic::error("Invalid JSON template", detail).at(span)
}

/// What is read, and what is wrong with it so far.
struct Reading {
    diagnostics: Diagnostics,
}

impl Reading {
    fn template(mut self, file: FileId, root: Node) -> (Option<Template>, Diagnostics) {
        let members = match root.kind {
            Kind::Object(members) => Some(members),
            Kind::Null => Some(Vec::new()),
            _ => None,
        };
        let Some(members) = members else {
            let detail = "A template is one JSON object with the member \"builders\" and others beside it.";
            self.diagnostics.push(problem(detail, root.span));
            return (None, self.diagnostics);
        };
        let (mut notes, mut known) = (Vec::new(), HashMap::new());
        for member in members {
            self.root_member(member, &mut notes, &mut known);
        }
        let mut take = |name: &str| known.remove(name).map(|member: Member| member.value);
        let template = Template {
            file,
            description: take("description").and_then(|node| self.text(node, "description")),
            min_packer_version: take("min_packer_version").and_then(|node| self.text(node, "min_packer_version")),
            notes,
            comments: take("comments").inspect(|node| self.comments(node)),
            push: take("push").inspect(|node| self.push(node)),
            variables: take("variables").map(|node| self.variables(node)).unwrap_or_default(),
            sensitive: take("sensitive-variables").map(|node| self.sensitive(node)).unwrap_or_default(),
            builders: take("builders").map(|node| self.builders(node)).unwrap_or_default(),
            provisioners: take("provisioners").map(|node| self.provisioners(node)).unwrap_or_default(),
            clean_up: take("error-cleanup-provisioner").and_then(|node| self.clean_up(node)),
            chains: take("post-processors").map(|node| self.chains(node)).unwrap_or_default(),
        };
        let failed = self.diagnostics.has_errors();
        self.diagnostics.sort();
        (Some(template).filter(|_| !failed), self.diagnostics)
    }

    /// Puts a member of the root where it belongs (JSON-1 … JSON-3).
    fn root_member(&mut self, member: Member, notes: &mut Vec<Note>, known: &mut HashMap<&str, Member>) {
        if member.name.starts_with('_') {
            let span = member.value.span;
            match member.value.kind {
                Kind::Text(text) => {
                    notes.push(Note { name: Text { text: member.name, span: member.span }, text: Text { text, span } })
                }
                other => {
                    let detail = format!(
                        "{}: a member of the root that starts with an underscore is a comment, and has to be a text, not {}.",
                        member.name,
                        members::a(&other)
                    );
                    self.diagnostics.push(problem(detail, span));
                }
            }
            return;
        }
        let Some(name) = ROOT.into_iter().find(|name| member.name.eq_ignore_ascii_case(name)) else {
            let near = did_you_mean(&member.name, ROOT).map(|near| format!("Did you mean {near:?}?"));
            let detail = format!("Unknown root level key in template: {:?}.", member.name);
            self.diagnostics.push(problem(detail, member.span).hint(near));
            return;
        };
        if let Some(first) = known.get(name) {
            // The very same name was told of when the text was read.
            if first.name != member.name {
                let detail = format!("{:?}: {:?} stands above, and means the same.", member.name, first.name);
                self.diagnostics.push(problem(detail, member.span));
            }
        } else if member.value.kind != Kind::Null {
            known.insert(name, member);
        }
    }

    /// Returns a text at the root.
    fn text(&mut self, node: Node, name: &str) -> Option<Text> {
        match node.kind {
            Kind::Text(text) => Some(Text { text, span: node.span }),
            other => {
                let detail = format!("{name}: a text is needed here, not {}.", members::a(&other));
                self.diagnostics.push(problem(detail, node.span));
                None
            }
        }
    }

    fn comments(&mut self, node: &Node) {
        let items = match &node.kind {
            Kind::Array(items) => items,
            other => {
                let detail = format!("comments: a list of objects is needed here, not {}.", members::a(other));
                self.diagnostics.push(problem(detail, node.span));
                return;
            }
        };
        for (index, item) in items.iter().enumerate() {
            let texts = match &item.kind {
                Kind::Object(members) => &members[..],
                other => {
                    let detail = format!(
                        "comments {}: an object of texts is needed here, not {}.",
                        index + 1,
                        members::a(other)
                    );
                    self.diagnostics.push(problem(detail, item.span));
                    continue;
                }
            };
            for member in texts.iter().filter(|member| !matches!(member.value.kind, Kind::Text(_) | Kind::Null)) {
                let detail = format!(
                    "comments {}: {}: a text is needed here, not {}.",
                    index + 1,
                    member.name,
                    members::a(&member.value.kind)
                );
                self.diagnostics.push(problem(detail, member.value.span));
            }
        }
    }

    fn push(&mut self, node: &Node) {
        if !matches!(node.kind, Kind::Object(_)) {
            let detail = format!("push: an object is needed here, not {}.", members::a(&node.kind));
            self.diagnostics.push(problem(detail, node.span));
        }
    }

    fn variables(&mut self, node: Node) -> Vec<Variable> {
        let members = match node.kind {
            Kind::Object(members) => members,
            other => {
                let detail = format!(
                    "variables: an object is needed here, {{ \"name\": \"default\" }}, not {}.",
                    members::a(&other)
                );
                self.diagnostics.push(problem(detail, node.span));
                return Vec::new();
            }
        };
        let mut variables = Vec::with_capacity(members.len());
        for member in members {
            let span = member.value.span;
            let default = match member.value.kind {
                Kind::Text(text) => Some(Text { text, span }),
                Kind::Null => None,
                other => {
                    let detail = format!(
                        "variable {}: its default has to be a text, or null where a value is required, not {}.",
                        member.name,
                        members::a(&other)
                    );
                    let hint = matches!(other, Kind::Number(_) | Kind::Bool(_)).then(|| {
                        "Put it in double quotes: it becomes what an option needs where it is used.".to_owned()
                    });
                    self.diagnostics.push(problem(detail, span).hint(hint));
                    continue;
                }
            };
            variables.push(Variable { name: Text { text: member.name, span: member.span }, default });
        }
        variables
    }

    fn sensitive(&mut self, node: Node) -> Vec<Text> {
        match node.kind {
            Kind::Array(items) => {
                let mut at = At { what: "sensitive-variables".to_owned(), diagnostics: &mut self.diagnostics };
                let items = items.into_iter().filter(|item| item.kind != Kind::Null);
                items.filter_map(|item| at.strict_text(item, "")).collect()
            }
            other => {
                let detail =
                    format!("sensitive-variables: a list of names is needed here, not {}.", members::a(&other));
                self.diagnostics.push(problem(detail, node.span));
                Vec::new()
            }
        }
    }

    /// Returns the items of a list at the root.
    fn items(&mut self, node: Node, name: &str) -> Vec<Node> {
        match node.kind {
            Kind::Array(items) => items,
            other => {
                let detail = format!("{name}: a list is needed here, not {}.", members::a(&other));
                self.diagnostics.push(problem(detail, node.span));
                Vec::new()
            }
        }
    }

    /// Returns the members of one component, called `what` in messages.
    fn component(&mut self, node: Node, what: String) -> Option<Members<'_>> {
        match node.kind {
            Kind::Object(members) => {
                Some(Members { members, span: node.span, at: At { what, diagnostics: &mut self.diagnostics } })
            }
            other => {
                let detail =
                    format!("{what}: an object with a member \"type\" is needed here, not {}.", members::a(&other));
                self.diagnostics.push(problem(detail, node.span));
                None
            }
        }
    }
}
