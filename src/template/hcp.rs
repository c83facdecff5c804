//! `hcp_packer_registry`: whether the builds of a template are to be published to HCP Packer.
//!
//! Reads what is asked for, and publishes nothing.

use std::sync::Arc;

use super::shape::{Null, Shape, has_labels, read, read_text};
use crate::diagnostics::{Diagnostic, Diagnostics, Span};
use crate::eval::Scope;
use crate::host::Host;
use crate::syntax::ast::Block;
use crate::value::Type;

const REGISTRY: Shape = Shape {
    attributes: &["bucket_name", "description", "bucket_labels", "build_labels", "labels", "channels"],
    blocks: &[],
    elsewhere: &[],
};

/// How long a bucket's name may be, in letters.
const NAME: std::ops::RangeInclusive<usize> = 3..=36;
/// How long a description may be, in bytes.
const DESCRIPTION: usize = 255;

/// Where a block stands.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Stands {
    /// Beside the build blocks.
    AtTopLevel,
    /// Inside a build block, as it used to be.
    InBuild,
}

/// The registry blocks of a template.
#[derive(Default)]
pub struct Registry {
    first: Option<Span>,
}

impl Registry {
    /// Reads one block; what is wrong with it is reported.
    ///
    /// # Source
    /// HCL-81, HCL-82.
    pub fn read(&mut self, block: &Block, stands: Stands, scope: &Scope<'_>, diagnostics: &mut Diagnostics) {
        if self.first.is_some() {
            let detail = "A template says once where its builds are published, and another block says it already.";
            diagnostics.push(Diagnostic::error("Only one hcp_packer_registry is allowed", detail).at(block.header));
            return;
        }
        self.first = Some(block.header);
        if !has_labels(block, &[], diagnostics) {
            return;
        }
        if stands == Stands::InBuild {
            let detail = "The block belongs beside the build blocks now; inside of one it is deprecated.";
            diagnostics.push(Diagnostic::warning("hcp_packer_registry inside a build block", detail).at(block.header));
        }
        REGISTRY.check_attributes(&block.body.attributes, diagnostics);
        for inner in &block.body.blocks {
            REGISTRY.check_block(inner, diagnostics);
        }
        check_arguments(block, scope, diagnostics);
    }

    /// Returns why nothing can be built: somebody asks for a registry, the template or the environment, and this
    /// version publishes nowhere. `None` where nobody asks, or `HCP_PACKER_REGISTRY` says no.
    ///
    /// # Source
    /// ENG-63, CLI-87.
    pub fn refusal(&self, host: &Host) -> Option<Diagnostic> {
        const SUMMARY: &str = "Cannot publish to HCP Packer";
        let wish = host.env("HCP_PACKER_REGISTRY");
        if wish.is_some_and(|wish| wish == "0" || wish.eq_ignore_ascii_case("off")) {
            return None;
        }
        if let Some(span) = self.first {
            let detail = "The template asks for it, and publishing is not there yet.";
            let hint = "Take the block away, or set HCP_PACKER_REGISTRY=off to build without publishing.";
            return Some(Diagnostic::error(SUMMARY, detail).at(span).hint(Some(hint.to_owned())));
        }
        let bucket = host.env_filled("HCP_PACKER_BUCKET_NAME").map(|_| "HCP_PACKER_BUCKET_NAME");
        let name = bucket.or(wish.map(|_| "HCP_PACKER_REGISTRY"))?;
        let detail = format!("The variable {name} in the environment asks for it, and publishing is not there yet.");
        let hint = "Set HCP_PACKER_REGISTRY=off to build without publishing.";
        Some(Diagnostic::error(SUMMARY, detail).hint(Some(hint.to_owned())))
    }
}

fn check_arguments(block: &Block, scope: &Scope<'_>, diagnostics: &mut Diagnostics) {
    let attribute = |name| block.body.attribute(name);
    if let Some(name) = attribute("bucket_name")
        && let Some(text) = read_text(&name.expr, scope, diagnostics)
        && !is_bucket_name(&text)
    {
        let detail = format!(
            "{text:?} cannot be the name of a bucket: it has {} to {} letters of ASCII, digits and hyphens.",
            NAME.start(),
            NAME.end()
        );
        diagnostics.push(Diagnostic::error("Invalid bucket_name", detail).at(name.expr.span));
    }
    if let Some(description) = attribute("description")
        && let Some(text) = read_text(&description.expr, scope, diagnostics)
        && text.len() > DESCRIPTION
    {
        let detail = format!("It may be {DESCRIPTION} characters long at most, and this one has {}.", text.len());
        diagnostics.push(Diagnostic::error("Invalid description", detail).at(description.expr.span));
    }
    for (name, ty) in [
        ("bucket_labels", Type::map(Type::String)),
        ("build_labels", Type::map(Type::String)),
        ("labels", Type::map(Type::String)),
        ("channels", Type::list(Type::String)),
    ] {
        if let Some(attribute) = attribute(name) {
            read(&attribute.expr, &ty, Null::Absent, scope, diagnostics);
        }
    }
    if let (Some(old), Some(_)) = (attribute("labels"), attribute("bucket_labels")) {
        let detail = "It is the old name of bucket_labels, which stands there as well; take one of them away.";
        diagnostics.push(Diagnostic::error("labels beside bucket_labels", detail).at(old.span));
    }
}

fn is_bucket_name(text: &Arc<str>) -> bool {
    NAME.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}
