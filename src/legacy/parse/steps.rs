//! Builders, provisioners and post-processors of a template.
//!
//! Compares no names but those of builders with each other.

use std::collections::HashSet;

use super::super::model::{Builder, Override, PostProcessor, Provisioner, Text};
use super::members::{At, Members, a};
use super::{Reading, problem};
use crate::syntax::json::{Kind, Node};

impl Reading {
    /// Reads the builders (JSON-19).
    pub fn builders(&mut self, node: Node) -> Vec<Builder> {
        let mut names = HashSet::new();
        let mut builders = Vec::new();
        for (index, node) in self.items(node, "builders").into_iter().enumerate() {
            let Some(mut members) = self.component(node, format!("builder {}", index + 1)) else { continue };
            let (kind, name) = (members.kind(true), members.name(true));
            let Some(kind) = kind else { continue };
            let shown = name.as_ref().unwrap_or(&kind);
            if !names.insert(shown.text.clone()) {
                let detail = format!("a builder named {:?} stands above; give one of them another name.", shown.text);
                members.at.complain(&detail, shown.span);
                continue;
            }
            builders.push(Builder { kind, name, options: members.members, span: members.span });
        }
        builders
    }

    /// Reads the provisioners (JSON-23).
    pub fn provisioners(&mut self, node: Node) -> Vec<Provisioner> {
        let items = self.items(node, "provisioners");
        let read = |(index, node)| self.provisioner(node, format!("provisioner {}", index + 1));
        items.into_iter().enumerate().filter_map(read).collect()
    }

    /// Reads the error-cleanup-provisioner (JSON-27).
    pub fn clean_up(&mut self, node: Node) -> Option<Provisioner> {
        self.provisioner(node, "error-cleanup-provisioner".to_owned())
    }

    fn provisioner(&mut self, node: Node, what: String) -> Option<Provisioner> {
        let mut members = self.component(node, what)?;
        let kind = members.kind(true);
        let (only, except) = (members.texts("only", true), members.texts("except", true));
        let overrides = overrides(&mut members);
        let (pause_before, timeout) = (members.duration("pause_before"), members.duration("timeout"));
        let max_retries = members.take("max_retries").and_then(|node| members.at.weak_text(node, "max_retries"));
        let (options, span) = (members.members, members.span);
        Some(Provisioner { kind: kind?, only, except, overrides, pause_before, timeout, max_retries, options, span })
    }

    /// Reads the post-processors in their three forms (JSON-28).
    pub fn chains(&mut self, node: Node) -> Vec<Vec<PostProcessor>> {
        let mut chains = Vec::new();
        for (index, node) in self.items(node, "post-processors").into_iter().enumerate() {
            let number = index + 1;
            match node.kind {
                Kind::Text(_) | Kind::Object(_) => {
                    chains.push(self.post_processor(node, format!("post-processor {number}.1")).into_iter().collect());
                }
                Kind::Array(items) => {
                    let read =
                        |(index, node)| self.post_processor(node, format!("post-processor {number}.{}", index + 1));
                    chains.push(items.into_iter().enumerate().filter_map(read).collect());
                }
                other => {
                    let detail = format!(
                        "post-processor {number}: a type, an object, or a list of those is needed here, not {}.",
                        a(&other)
                    );
                    self.diagnostics.push(problem(detail, node.span));
                }
            }
        }
        chains
    }

    fn post_processor(&mut self, node: Node, what: String) -> Option<PostProcessor> {
        let span = node.span;
        let mut members = match node.kind {
            Kind::Text(text) if !text.is_empty() => {
                let kind = Text { text, span };
                let (only, except, options) = (Vec::new(), Vec::new(), Vec::new());
                return Some(PostProcessor {
                    kind,
                    name: None,
                    only,
                    except,
                    keep_input_artifact: None,
                    options,
                    span,
                });
            }
            Kind::Object(members) => Members { members, span, at: At { what, diagnostics: &mut self.diagnostics } },
            other => {
                let detail = match other {
                    Kind::Array(_) => "a list inside a list is not allowed: a chain has no chains in it.".to_owned(),
                    Kind::Text(_) => "type is empty; it names the component.".to_owned(),
                    other => format!("a type or an object is needed here, not {}.", a(&other)),
                };
                self.diagnostics.push(problem(format!("{what}: {detail}"), span));
                return None;
            }
        };
        let (kind, name) = (members.kind(false), members.name(false));
        let (only, except) = (members.texts("only", false), members.texts("except", false));
        let keep_input_artifact = members.strict_bool("keep_input_artifact");
        Some(PostProcessor { kind: kind?, name, only, except, keep_input_artifact, options: members.members, span })
    }
}

fn overrides(members: &mut Members<'_>) -> Vec<Override> {
    let Some(node) = members.take("override") else { return Vec::new() };
    let builders = match node.kind {
        Kind::Object(builders) => builders,
        // Objects in a list are read as one.
        Kind::Array(items) if items.iter().all(|item| matches!(item.kind, Kind::Object(_))) => {
            let members = |item: Node| if let Kind::Object(members) = item.kind { members } else { Vec::new() };
            items.into_iter().flat_map(members).collect()
        }
        other => {
            let detail = format!("override: an object with names of builders is needed here, not {}.", a(&other));
            members.at.complain(&detail, node.span);
            return Vec::new();
        }
    };
    let mut overrides = Vec::with_capacity(builders.len());
    for member in builders {
        let builder = Text { text: member.name, span: member.span };
        match member.value.kind {
            Kind::Object(options) => overrides.push(Override { builder, options }),
            Kind::Null => overrides.push(Override { builder, options: Vec::new() }),
            other => {
                let detail =
                    format!("override: {}: an object of options is needed here, not {}.", builder.text, a(&other));
                members.at.complain(&detail, member.value.span);
            }
        }
    }
    overrides
}
