//! Local values: their definitions, and whether they are sensitive.
//!
//! Evaluates nothing but constants.

use std::sync::Arc;

use indexmap::IndexMap;

use super::shape::{IDENTIFIER, Null, Shape, has_labels, is_identifier, read};
use super::variables::each_text;
use crate::diagnostics::{Diagnostic, Diagnostics, SourceMap, Span};
use crate::eval::{NoFunctions, Scope, no_variables};
use crate::secrets::Secrets;
use crate::syntax::ast::{Attribute, Block, Expr, ExprKind, File, Ident};
use crate::value::{Type, Value};

const LOCAL: Shape = Shape { attributes: &["expression", "sensitive"], blocks: &[], elsewhere: &[] };
const LOCALS: Shape = Shape { attributes: &[], blocks: &[], elsewhere: &[] };

/// The locals of a template, in text order.
#[derive(Default)]
pub struct Locals(IndexMap<Arc<str>, Local>);

/// One local.
pub struct Local {
    /// The assignment of its expression.
    pub span: Span,
    /// What its value is.
    pub expr: Expr,
    /// Whether its texts are masked.
    pub sensitive: bool,
}

impl Locals {
    /// Takes the definitions out of all `files`; evaluates nothing.
    ///
    /// # Source
    /// HCL-41 … HCL-43.
    pub fn collect(files: &mut [File], sources: &SourceMap, diagnostics: &mut Diagnostics) -> Locals {
        let is_locals = |block: &&Block| &*block.kind.text == "locals";
        let many = files.iter().flat_map(|file| &file.body.blocks).filter(is_locals);
        // There may be very many, and nobody else wants them.
        let mut locals = Locals(IndexMap::with_capacity(many.map(|block| block.body.attributes.len()).sum()));
        for block in files.iter_mut().flat_map(|file| &mut file.body.blocks) {
            match &*block.kind.text {
                "locals" if has_labels(block, &[], diagnostics) => {
                    for nested in &block.body.blocks {
                        LOCALS.check_block(nested, diagnostics);
                    }
                    for Attribute { name, expr, span } in std::mem::take(&mut block.body.attributes) {
                        locals.add(&name, Local { span, expr, sensitive: false }, sources, diagnostics);
                    }
                }
                "local" if has_labels(block, &["name"], diagnostics) => {
                    let local = from_block(block, diagnostics);
                    locals.add(&block.labels[0], local, sources, diagnostics);
                }
                _ => {}
            }
        }
        locals
    }

    fn add(&mut self, name: &Ident, local: Local, sources: &SourceMap, diagnostics: &mut Diagnostics) {
        if !is_identifier(&name.text) {
            diagnostics.push(Diagnostic::error("Invalid local name", IDENTIFIER).at(name.span).within(local.span));
        } else if let Some(first) = self.0.get(&name.text) {
            let detail = format!("The local {:?} was already defined at {}.", name.text, sources.describe(first.span));
            diagnostics.push(Diagnostic::error("Duplicate local definition", detail).at(local.span));
        } else {
            self.0.insert(Arc::clone(&name.text), local);
        }
    }

    /// Iterates over names and locals, in text order.
    pub fn iter(&self) -> impl Iterator<Item = (&Arc<str>, &Local)> {
        self.0.iter()
    }

    /// Registers the texts of sensitive locals, whose `values` are known now (HCL-51).
    pub fn register(&self, values: &Value, secrets: &Secrets) {
        let members = values.as_members();
        for (name, _) in self.0.iter().filter(|(_, local)| local.sensitive) {
            if let Some(value) = members.and_then(|members| members.get(name)) {
                each_text(value, &mut |text| secrets.register(text));
            }
        }
    }
}

/// Reads a `local` block. One without an expression cannot be evaluated, and says so here.
fn from_block(block: &Block, diagnostics: &mut Diagnostics) -> Local {
    LOCAL.check(&block.body, diagnostics);
    let scope = Scope::constants(no_variables(), &NoFunctions);
    let sensitive = block
        .body
        .attribute("sensitive")
        .and_then(|attribute| read(&attribute.expr, &Type::Bool, Null::Refused, &scope, diagnostics))
        .and_then(|value| value.as_bool())
        .unwrap_or(false);
    let Some(expression) = block.body.attribute("expression") else {
        let detail = "The argument \"expression\" is required, but no definition was found.";
        diagnostics.push(Diagnostic::error("Missing required argument", detail).at(block.header));
        let expr = Expr { kind: ExprKind::Invalid, span: block.header };
        return Local { span: block.header, expr, sensitive };
    };
    Local { span: expression.span, expr: expression.expr.clone(), sensitive }
}
