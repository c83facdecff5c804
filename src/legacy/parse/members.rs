//! The members of one component: those that the core knows are taken out and read, the others are its options.
//!
//! Knows no sort of component. Values are read weakly where the reference does so: a number for a text, one value for a
//! list of one.

use std::time::Duration;

use super::super::model::Text;
use super::problem;
use crate::component::duration;
use crate::diagnostics::{Diagnostics, Span};
use crate::syntax::json::{Kind, Member, Node};

/// Where problems of one component go, and what it is called in them: `provisioner 2`.
pub struct At<'d> {
    /// What it is called.
    pub what: String,
    /// What is wrong so far.
    pub diagnostics: &'d mut Diagnostics,
}

/// The members of one component that are still to be taken.
pub struct Members<'d> {
    /// In text order.
    pub members: Vec<Member>,
    /// The whole object.
    pub span: Span,
    /// Where problems go.
    pub at: At<'d>,
}

/// Returns what a value is, with its article.
pub fn a(kind: &Kind) -> &'static str {
    match kind {
        Kind::Null => "null",
        Kind::Bool(_) => "a bool",
        Kind::Number(_) => "a number",
        Kind::Text(_) => "a text",
        Kind::Array(_) => "a list",
        Kind::Object(_) => "an object",
        Kind::Invalid => "this",
    }
}

impl Members<'_> {
    /// Takes the member `name`; null counts as absent.
    pub fn take(&mut self, name: &str) -> Option<Node> {
        let index = self.members.iter().position(|member| member.name == name)?;
        let node = self.members.remove(index).value;
        (node.kind != Kind::Null).then_some(node)
    }

    /// Takes `type`, which has to be there.
    pub fn kind(&mut self, is_weak: bool) -> Option<Text> {
        match self.take("type") {
            Some(node) => {
                let text = if is_weak { self.at.weak_text(node, "type") } else { self.at.strict_text(node, "type") }?;
                if !text.text.is_empty() {
                    return Some(text);
                }
                self.at.complain("type is empty; it names the component.", text.span);
            }
            None => match self.members.iter().find(|member| member.name.eq_ignore_ascii_case("type")) {
                Some(member) => {
                    let detail =
                        format!("type is required, and missing: {:?} has to be written \"type\".", member.name);
                    self.at.complain(&detail, member.span);
                }
                None => self.at.complain("type is required, and missing.", self.span),
            },
        }
        None
    }

    /// Takes a name; an empty one counts as absent.
    pub fn name(&mut self, is_weak: bool) -> Option<Text> {
        let node = self.take("name")?;
        let text = if is_weak { self.at.weak_text(node, "name") } else { self.at.strict_text(node, "name") };
        text.filter(|text| !text.text.is_empty())
    }

    /// Takes a list of texts.
    pub fn texts(&mut self, name: &str, is_weak: bool) -> Vec<Text> {
        let Some(node) = self.take(name) else { return Vec::new() };
        let span = node.span;
        match node.kind {
            Kind::Array(items) if is_weak => {
                items.into_iter().filter_map(|item| self.at.weak_text(item, name)).collect()
            }
            Kind::Array(items) => items.into_iter().filter_map(|item| self.at.strict_text(item, name)).collect(),
            Kind::Object(members) if is_weak && members.is_empty() => Vec::new(),
            kind if is_weak => self.at.weak_text(Node { kind, span }, name).into_iter().collect(),
            other => {
                self.at.complain(&format!("{name}: a list of names is needed here, not {}.", a(&other)), span);
                Vec::new()
            }
        }
    }

    /// Takes a duration: a text with units, or a number of nanoseconds (JSON-25).
    pub fn duration(&mut self, name: &str) -> Duration {
        let Some(node) = self.take(name) else { return Duration::ZERO };
        let read = match &node.kind {
            Kind::Text(text) if text.contains("{{") => {
                Err("it has to stand in the template as it is: templates {{ }} are not rendered here".to_owned())
            }
            Kind::Text(text) => duration::parse(text),
            Kind::Number(text) => match text.parse::<f64>() {
                Ok(count) if count >= 0.0 => Ok(Duration::from_nanos(count as u64)),
                _ => Err("a number of nanoseconds cannot be negative".to_owned()),
            },
            Kind::Bool(flag) => Ok(Duration::from_nanos(u64::from(*flag))),
            other => Err(format!("a duration is needed here, not {}", a(other))),
        };
        read.unwrap_or_else(|reason| {
            let detail = format!("{name}: {reason}. A duration is a number with a unit, such as \"90s\" or \"1h30m\".");
            self.at.complain(&detail, node.span);
            Duration::ZERO
        })
    }

    /// Takes three-state bool that has to be one.
    pub fn strict_bool(&mut self, name: &str) -> Option<bool> {
        let node = self.take(name)?;
        match node.kind {
            Kind::Bool(flag) => Some(flag),
            other => {
                self.at.complain(&format!("{name}: true or false is needed here, not {}.", a(&other)), node.span);
                None
            }
        }
    }
}

impl At<'_> {
    /// Says what is wrong at `span`.
    pub fn complain(&mut self, detail: &str, span: Span) {
        self.diagnostics.push(problem(format!("{}: {detail}", self.what), span));
    }

    /// Returns a text; nothing else will do.
    pub fn strict_text(&mut self, node: Node, name: &str) -> Option<Text> {
        match node.kind {
            Kind::Text(text) => Some(Text { text, span: node.span }),
            other => self.no_text(&other, name, node.span),
        }
    }

    /// Returns a text; numbers and bools become one.
    pub fn weak_text(&mut self, node: Node, name: &str) -> Option<Text> {
        let text = match node.kind {
            Kind::Text(text) => text,
            Kind::Number(text) => number_as_text(&text),
            Kind::Bool(flag) => u8::from(flag).to_string(),
            other => return self.no_text(&other, name, node.span),
        };
        Some(Text { text, span: node.span })
    }

    fn no_text(&mut self, kind: &Kind, name: &str, span: Span) -> Option<Text> {
        let name = if name.is_empty() { String::new() } else { format!("{name}: ") };
        self.complain(&format!("{name}a text is needed here, not {}.", a(kind)), span);
        None
    }
}

/// Returns a number as the reference writes it where a text is wanted: without an exponent, as a double holds it.
pub fn number_as_text(text: &str) -> String {
    text.parse::<f64>()
        .ok()
        .filter(|number| number.is_finite())
        .map_or_else(|| text.to_owned(), |number| number.to_string())
}
