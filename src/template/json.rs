//! Templates in JSON: which members of a template are blocks, by the shapes of the core's own blocks.
//!
//! Knows no component: their bodies are unfolded when they are decoded, by their own schemas.

use crate::diagnostics::{Diagnostics, SourceMap};
use crate::syntax::ast::{Block, Body, File};
use crate::syntax::json;

/// Returns how many labels the blocks of type `kind` have inside one of type `parent` (`""`: at top level).
fn labels(parent: &str, kind: &str) -> Option<usize> {
    let known: &[(&str, usize)] = match parent {
        "" => &[
            ("packer", 0),
            ("variable", 1),
            ("variables", 0),
            ("locals", 0),
            ("local", 1),
            ("data", 2),
            ("source", 2),
            ("build", 0),
            ("hcp_packer_registry", 0),
            ("communicator", 2),
        ],
        "packer" => &[("required_plugins", 0)],
        "variable" => &[("validation", 0)],
        "build" => &[
            ("source", 1),
            ("provisioner", 1),
            ("error-cleanup-provisioner", 1),
            ("post-processor", 1),
            ("post-processors", 0),
            ("hcp_packer_registry", 0),
            ("from", 1),
            ("dynamic", 1),
        ],
        "post-processors" => &[("post-processor", 1), ("dynamic", 1)],
        _ => &[],
    };
    known.iter().find(|(known, _)| *known == kind).map(|(_, count)| *count)
}

/// Returns `file`, which was read from JSON, with its core blocks as blocks.
///
/// # Source
/// HCL-4.
pub fn shaped(file: File, sources: &SourceMap, diagnostics: &mut Diagnostics) -> File {
    let mut body = unfold(&file.body, "", diagnostics);
    for block in &mut body.blocks {
        shape(block, sources, diagnostics);
    }
    File { body, ..file }
}

fn shape(block: &mut Block, sources: &SourceMap, diagnostics: &mut Diagnostics) {
    match &*block.kind.text {
        "variable" => {
            block.body = unfold(&block.body, "variable", diagnostics);
            for attribute in block.body.attributes.iter_mut().filter(|attribute| &*attribute.name.text == "type") {
                attribute.expr = json::expression_in(&attribute.expr, sources, diagnostics);
            }
        }
        kind @ ("packer" | "build" | "post-processors") => {
            block.body = unfold(&block.body, kind, diagnostics);
            block.body.blocks.iter_mut().for_each(|nested| shape(nested, sources, diagnostics));
        }
        "dynamic" => {
            let Some(made) = block.labels.first().map(|label| label.text.clone()) else { return };
            for content in &mut block.body.blocks {
                content.body = unfold(&content.body, &made, diagnostics);
                content.body.blocks.iter_mut().for_each(|nested| shape(nested, sources, diagnostics));
            }
        }
        _ => {}
    }
}

/// Unfolds a body; one of a component, which has no core blocks, is left as it is.
fn unfold(body: &Body, parent: &str, diagnostics: &mut Diagnostics) -> Body {
    match parent {
        "" | "packer" | "variable" | "build" | "post-processors" => {
            body.unfolded(&|kind| labels(parent, kind), diagnostics).into_owned()
        }
        _ => body.clone(),
    }
}
