//! What a template declares, before anything of it is evaluated.
//!
//! Plain data, for whoever shows a template; holds no value but the defaults.

use std::sync::Arc;

use super::packer_block::{Requirement, required_versions};
use super::{Template, blocks_of};
use crate::diagnostics::{Diagnostics, Span};
use crate::value::{Type, Value};

/// What a template declares, each sort in text order.
pub struct Outline {
    /// Constraints on the version of the program, as they are written.
    pub required_versions: Vec<String>,
    /// Plugins that are required.
    pub required_plugins: Vec<Requirement>,
    /// Input variables.
    pub variables: Vec<VariableOutline>,
    /// Locals by name, whether they are declared as sensitive, and where.
    pub locals: Vec<(Arc<str>, bool, Span)>,
    /// Data sources by type and name, and where.
    pub data_sources: Vec<(Arc<str>, Arc<str>, Span)>,
    /// Sources by type and name, and where.
    pub sources: Vec<(Arc<str>, Arc<str>, Span)>,
}

/// A declared variable.
pub struct VariableOutline {
    /// Its name.
    pub name: Arc<str>,
    /// What it says of itself; empty when it says nothing.
    pub description: Arc<str>,
    /// What its values are converted to.
    pub ty: Type,
    /// Whether it is declared as sensitive.
    pub sensitive: bool,
    /// The value that it has when none is set; without one it is required.
    pub default: Option<Value>,
    /// Its declaration.
    pub span: Span,
}

impl Template {
    /// Returns what it declares. What is wrong with declarations was told when it was opened.
    pub fn outline(&self) -> Outline {
        let named = |block: &crate::syntax::ast::Block| match &block.labels[..] {
            [kind, name] => Some((Arc::clone(&kind.text), Arc::clone(&name.text), block.header)),
            _ => None,
        };
        Outline {
            required_versions: required_versions(blocks_of(&self.files, "packer"), &mut Diagnostics::new())
                .into_iter()
                .map(|(text, _)| text)
                .collect(),
            required_plugins: self.requirements().to_vec(),
            variables: self.variables.outline(),
            locals: self.locals.iter().map(|(name, one)| (Arc::clone(name), one.sensitive, one.span)).collect(),
            data_sources: self
                .data
                .0
                .iter()
                .map(|((kind, name), block)| (Arc::clone(kind), Arc::clone(name), block.header))
                .collect(),
            sources: blocks_of(&self.files, "source").filter_map(named).collect(),
        }
    }
}
