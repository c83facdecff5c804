//! `hcp_packer_registry`: whether the builds of a template are to be published to HCP Packer.
//!
//! Reads what is asked for, and publishes nothing.

use std::sync::Arc;

use super::shape::{Null, has_labels, read, read_text};
use crate::diagnostics::{Diagnostic, Diagnostics, Span};
use crate::eval::Scope;
use crate::host::Host;
use crate::syntax::ast::Block;
use crate::value::{Members, Type};

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
    at_top_level: Option<Span>,
    in_builds: Vec<Span>,
}

impl Registry {
    /// Reads one block; what is wrong with it is reported. `stands_twice`: whether the build block around it has another one.
    ///
    /// # Source
    /// HCL-81, HCL-82.
    pub fn read(
        &mut self,
        block: &Block,
        stands: Stands,
        stands_twice: bool,
        scope: &Scope<'_>,
        diagnostics: &mut Diagnostics,
    ) {
        if stands_twice || (stands == Stands::AtTopLevel && self.at_top_level.is_some()) {
            diagnostics.push(twice(block.header));
            return;
        }
        match stands {
            Stands::AtTopLevel => self.at_top_level = Some(block.header),
            Stands::InBuild => self.in_builds.push(block.header),
        }
        // Labels of a block at top level were looked at when the template was opened.
        if stands == Stands::InBuild && !has_labels(block, &[], diagnostics) {
            return;
        }
        // Whatever else stands in the block is ignored, as in the reference.
        check_arguments(block, scope, diagnostics);
    }

    /// Returns why nothing can be built: somebody asks for a registry, the template or the environment, and this
    /// version publishes nowhere. Nothing where nobody asks, or `HCP_PACKER_REGISTRY` says no.
    ///
    /// # Source
    /// ENG-63, CLI-87.
    pub fn refusal(&self, host: &Host) -> Diagnostics {
        const SUMMARY: &str = "Cannot publish to HCP Packer";
        let mut refusal = Diagnostics::new();
        let wish = host.env("HCP_PACKER_REGISTRY");
        if wish.is_some_and(|wish| wish == "0" || wish.eq_ignore_ascii_case("off")) {
            return refusal;
        }
        if let Some(span) = self.in_builds.first() {
            let detail = "The block belongs beside the build blocks now; inside of one it is deprecated.";
            refusal.push(Diagnostic::warning("hcp_packer_registry inside a build block", detail).at(*span));
        }
        let further = usize::from(self.at_top_level.is_none());
        self.in_builds.iter().skip(further).for_each(|span| refusal.push(twice(*span)));
        if let Some(span) = self.at_top_level.or(self.in_builds.first().copied()) {
            let detail = "The template asks for it, and publishing is not there yet.";
            let hint = "Take the block away, or set HCP_PACKER_REGISTRY=off to build without publishing.";
            refusal.push(Diagnostic::error(SUMMARY, detail).at(span).hint(Some(hint.to_owned())));
            return refusal;
        }
        let bucket = host.env_filled("HCP_PACKER_BUCKET_NAME").map(|_| "HCP_PACKER_BUCKET_NAME");
        if let Some(name) = bucket.or(wish.map(|_| "HCP_PACKER_REGISTRY")) {
            let detail =
                format!("The variable {name} in the environment asks for it, and publishing is not there yet.");
            let hint = "Set HCP_PACKER_REGISTRY=off to build without publishing.";
            refusal.push(Diagnostic::error(SUMMARY, detail).hint(Some(hint.to_owned())));
        }
        refusal
    }
}

fn twice(span: Span) -> Diagnostic {
    let detail = "A template says once where its builds are published, and another block says it already.";
    Diagnostic::error("Only one hcp_packer_registry is allowed", detail).at(span)
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
    let mut values = Vec::new();
    for (name, ty) in [
        ("bucket_labels", Type::map(Type::String)),
        ("build_labels", Type::map(Type::String)),
        ("labels", Type::map(Type::String)),
        ("channels", Type::list(Type::String)),
    ] {
        if let Some(attribute) = attribute(name) {
            values.extend(read(&attribute.expr, &ty, Null::Absent, scope, diagnostics).map(|value| (name, value)));
        }
    }
    let filled =
        |name| values.iter().any(|(known, value)| *known == name && !value.as_members().is_none_or(Members::is_empty));
    if let Some(old) = attribute("labels").filter(|_| filled("labels")) {
        let told = if filled("bucket_labels") {
            let detail = "It is the old name of bucket_labels, which stands there as well; take one of them away.";
            Diagnostic::error("labels beside bucket_labels", detail)
        } else {
            let detail = "It is the old name of bucket_labels, and will go: use that one.";
            Diagnostic::warning("labels of hcp_packer_registry", detail)
        };
        diagnostics.push(told.at(old.span));
    }
}

fn is_bucket_name(text: &Arc<str>) -> bool {
    NAME.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}
