//! `data` blocks: which data sources a template asks, and where their settings are written.
//!
//! Knows no data source and executes none.

use std::sync::Arc;

use indexmap::IndexMap;

use super::shape::{IDENTIFIER, has_labels, is_identifier};
use crate::diagnostics::{Diagnostic, Diagnostics, SourceMap, Span};
use crate::syntax::ast::{Body, File, Ident};

/// The `data` blocks of a template by type and name, in text order.
#[derive(Default)]
pub struct DataBlocks(pub IndexMap<(Arc<str>, Arc<str>), DataBlock>);

/// One `data` block.
pub struct DataBlock {
    /// The settings of its data source.
    pub body: Body,
    /// The block's header.
    pub header: Span,
}

impl DataBlocks {
    /// Reads the headers of all `files`.
    ///
    /// # Source
    /// HCL-52.
    pub fn collect(files: &[File], sources: &SourceMap, diagnostics: &mut Diagnostics) -> DataBlocks {
        let mut found = DataBlocks::default();
        for block in files.iter().flat_map(|file| file.body.blocks_of("data")) {
            if !has_labels(block, &["type", "name"], diagnostics) {
                continue;
            }
            let (kind, name) = (&block.labels[0], &block.labels[1]);
            let mut sound = check(kind, "Invalid data source name", block.header, diagnostics);
            sound &= check(name, "Invalid data resource name", block.header, diagnostics);
            let key = (Arc::clone(&kind.text), Arc::clone(&name.text));
            if let Some(first) = found.0.get(&key) {
                let place = sources.describe(first.header);
                let detail = format!("The data source {}.{} was already declared at {place}.", kind.text, name.text);
                diagnostics.push(Diagnostic::error("Duplicate data block", detail).at(block.header));
            } else if sound {
                found.0.insert(key, DataBlock { body: block.body.clone(), header: block.header });
            }
        }
        found
    }
}

fn check(label: &Ident, summary: &str, header: Span, diagnostics: &mut Diagnostics) -> bool {
    let sound = is_identifier(&label.text);
    if !sound {
        diagnostics.push(Diagnostic::error(summary, IDENTIFIER).at(label.span).within(header));
    }
    sound
}
