//! The `packer` block: which version of the program and which plugins a template needs.
//!
//! Knows no component and looks for no plugin; `plugins` does.

use std::sync::Arc;

use super::shape::{Null, Shape, constant, has_labels, read};
use crate::component::version::{Constraints, Version};
use crate::diagnostics::{Diagnostic, Diagnostics, Span};
use crate::eval::{NoFunctions, Scope, no_variables};
use crate::host::VERSION;
use crate::plugin::{Source, is_label};
use crate::syntax::ast::{Attribute, Block};
use crate::value::{Type, Value};

const PACKER: Shape = Shape { attributes: &["required_version"], blocks: &["required_plugins"], elsewhere: &[] };

const REQUIRED_PLUGINS: Shape = Shape { attributes: &[], blocks: &[], elsewhere: &[] };

/// A plugin that the template requires.
#[derive(Clone, Debug)]
pub struct Requirement {
    /// The name its components start with in this template.
    pub local_name: Arc<str>,
    /// Where it comes from: `github.com/hashicorp/docker`.
    pub source: Source,
    /// Which versions will do.
    pub constraints: Constraints,
    /// Where it is required.
    pub span: Span,
}

/// Checks the `required_version` of all `packer` blocks; returns whether this version satisfies them.
///
/// # Source
/// HCL-13 … HCL-15.
pub fn check_version<'a>(blocks: impl Iterator<Item = &'a Block>, diagnostics: &mut Diagnostics) -> bool {
    let running = Version::parse(VERSION).expect("the reference's version is a version");
    let mut satisfied = true;
    for (text, span) in required_versions(blocks, diagnostics) {
        match Constraints::parse(&text) {
            None => diagnostics.push(unreadable("required_version", &text).at(span)),
            Some(constraints) if !constraints.allow(&running) => {
                let detail = format!(
                    "This template asks for Packer {text}, and this program behaves as Packer {VERSION}. Use a program \
                     of a version that fits, or change the constraint if you know that the template works with this one."
                );
                diagnostics.push(Diagnostic::error("Unsupported Packer Core version", detail).at(span));
                satisfied = false;
            }
            Some(_) => {}
        }
    }
    satisfied
}

/// Returns every `required_version` as it is written, and where.
pub fn required_versions<'a>(
    blocks: impl Iterator<Item = &'a Block>,
    diagnostics: &mut Diagnostics,
) -> Vec<(String, Span)> {
    let scope = Scope::constants(no_variables(), &NoFunctions);
    let mut read = |attribute: &Attribute| {
        let value = read(&attribute.expr, &Type::String, Null::Absent, &scope, diagnostics)?;
        Some((value.as_str().unwrap_or_default().to_owned(), attribute.span))
    };
    blocks.filter_map(|block| read(block.body.attribute("required_version")?)).collect()
}

/// What the `packer` blocks of a template require.
#[derive(Default)]
pub struct Requirements {
    /// The plugins, each once.
    pub all: Vec<Requirement>,
    /// What is wrong with all of them together: that matters only to who needs the plugins.
    pub conflicts: Diagnostics,
}

/// Checks what else stands in the `packer` blocks and returns the plugins they require.
///
/// # Source
/// HCL-13, HCL-16 … HCL-20.
pub fn requirements<'a>(blocks: impl Iterator<Item = &'a Block>, diagnostics: &mut Diagnostics) -> Requirements {
    let Requirements { mut all, mut conflicts } = Requirements::default();
    for block in blocks {
        has_labels(block, &[], diagnostics);
        PACKER.check(&block.body, diagnostics);
        for plugins in block.body.blocks_of("required_plugins") {
            has_labels(plugins, &[], diagnostics);
            for nested in &plugins.body.blocks {
                REQUIRED_PLUGINS.check_block(nested, diagnostics);
            }
            for attribute in &plugins.body.attributes {
                let Some(requirement) = requirement(attribute, diagnostics) else { continue };
                if all.iter().any(|known| known.local_name == requirement.local_name) {
                    let summary = format!("Duplicate required_plugin.{:?} block", requirement.local_name);
                    let detail =
                        "Each plugin has one local name and is required once; put all constraints in one entry.";
                    conflicts.push(Diagnostic::error(summary, detail).at(requirement.span));
                    continue;
                }
                all.push(requirement);
            }
        }
    }
    Requirements { all, conflicts }
}

/// Reads one entry: `name = { source = "…", version = "…" }`.
fn requirement(attribute: &Attribute, diagnostics: &mut Diagnostics) -> Option<Requirement> {
    let name = &attribute.name.text;
    let report = |diagnostics: &mut Diagnostics, summary: &str, detail: String| {
        let example = format!(
            "An entry looks like this:\n\n  {name} = {{\n    source  = \"github.com/OWNER/NAME\"\n    version = \">= 1.0.0\"\n  }}"
        );
        let problem = Diagnostic::error(summary, detail).at(attribute.name.span).within(attribute.span);
        diagnostics.push(problem.hint(Some(example)));
    };
    let value = constant(&attribute.expr, diagnostics);
    let Some(members) = value.as_members() else {
        let summary = match value.as_str() {
            Some(_) => "Invalid plugin requirement",
            None => "Invalid required_plugins syntax",
        };
        report(diagnostics, summary, "A plugin is required by an object with its source and its version.".to_owned());
        return None;
    };
    if let Some(key) = members.keys().find(|key| !["source", "version"].contains(&&***key)) {
        let detail = format!("An entry knows source and version, and no {key:?}.");
        report(diagnostics, "Invalid required_plugins object", detail);
        return None;
    }
    let text = |key: &str| members.get(key).and_then(Value::as_str).map(str::to_owned);
    let Some(version) = text("version") else {
        report(
            diagnostics,
            "No version constraint was set",
            "The version must be a text without references.".to_owned(),
        );
        return None;
    };
    let Some(source) = text("source") else {
        report(diagnostics, "No source was set", "The source must be a text without references.".to_owned());
        return None;
    };
    let Some(constraints) = Constraints::parse(&version) else {
        diagnostics.push(unreadable("version", &version).at(attribute.name.span).within(attribute.span));
        return None;
    };
    if constraints.has_pre_release() {
        let detail = "A constraint of a plugin compares numbers only, so it may not name a prerelease.".to_owned();
        report(diagnostics, "Invalid version constraint", detail);
        return None;
    }
    let source = match Source::parse(&source) {
        Ok(source) => source,
        Err(reason) => {
            report(diagnostics, "Invalid source", format!("The source {source:?} cannot be used: {reason}."));
            return None;
        }
    };
    if !is_normal(name) {
        let detail = format!(
            "The local name {name:?} is not in normal form: lower case letters, digits and single dashes, \
             neither first nor last."
        );
        report(diagnostics, "Invalid plugin local name", detail);
        return None;
    }
    Some(Requirement { local_name: name.clone(), source, constraints, span: attribute.name.span })
}

fn unreadable(what: &str, text: &str) -> Diagnostic {
    let detail = format!(
        "The {what} {text:?} is no version constraint. Write one or more versions with operators, separated by commas, \
         such as \">= 1.2.0, < 2.0.0\" or \"~> 1.2\"."
    );
    Diagnostic::error("Invalid version constraint", detail)
}

/// Whether `name` is a host label in lower case (HCL-19).
fn is_normal(name: &str) -> bool {
    is_label(name) && !name.contains(char::is_uppercase)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn local_names_are_in_normal_form() {
        // HCL-19
        assert!(is_normal("b-2") && is_normal("amazon"));
        assert!(!["Amazon", "ama--zon", "under_score", "a.b", "-a"].iter().any(|name| is_normal(name)));
    }
}
