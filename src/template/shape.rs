//! What core blocks may hold, and the readers of their simple arguments.
//!
//! Knows no component: their bodies are decoded by their own schemas.

use std::sync::Arc;

use crate::diagnostics::{Diagnostic, Diagnostics, did_you_mean};
use crate::eval::{NoFunctions, Scope, evaluate, no_variables};
use crate::syntax::ast::{Attribute, Block, Body, Expr};
use crate::value::convert::convert;
use crate::value::{Type, Value};

/// The arguments and nested blocks of a core block.
pub struct Shape {
    /// Names of arguments.
    pub attributes: &'static [&'static str],
    /// Types of nested blocks.
    pub blocks: &'static [&'static str],
    /// Types of blocks that are often put here by mistake, and what to do with them.
    pub elsewhere: &'static [(&'static [&'static str], &'static str)],
}

/// Types of blocks without labels.
const UNLABELLED: [&str; 6] = ["packer", "variables", "locals", "build", "post-processors", "hcp_packer_registry"];

impl Shape {
    /// Reports every argument and nested block of `body` that does not belong there (HCL-10, DIA-10).
    pub fn check(&self, body: &Body, diagnostics: &mut Diagnostics) {
        self.check_attributes(&body.attributes, diagnostics);
        for block in &body.blocks {
            self.check_block(block, diagnostics);
        }
    }

    /// Reports the arguments that do not belong.
    pub fn check_attributes(&self, attributes: &[Attribute], diagnostics: &mut Diagnostics) {
        for attribute in attributes {
            let name = &*attribute.name.text;
            if self.attributes.contains(&name) {
                continue;
            }
            let problem =
                Diagnostic::error("Unsupported argument", format!("An argument named {name:?} is not expected here."));
            let hint = if self.blocks.contains(&name) {
                Some(format!("{name:?} is a block: write it with braces and without an equals sign."))
            } else {
                let names = self.attributes.iter().chain(self.blocks);
                did_you_mean(name, names.copied()).map(|near| format!("Did you mean {near:?}?"))
            };
            diagnostics.push(problem.at(attribute.name.span).within(attribute.span).hint(hint));
        }
    }

    /// Gives a block of a type that does not belong here the type that was probably meant, if it has labels like one.
    pub fn mend(&self, block: &mut Block) {
        let meant = did_you_mean(&block.kind.text, self.blocks.iter().copied());
        if let Some(meant) = meant.filter(|meant| block.labels.is_empty() == UNLABELLED.contains(meant)) {
            block.kind.text = Arc::from(meant);
        }
    }

    /// Reports `block` if it does not belong; returns whether it does.
    pub fn check_block(&self, block: &Block, diagnostics: &mut Diagnostics) -> bool {
        let kind = &*block.kind.text;
        if self.blocks.contains(&kind) {
            return true;
        }
        let problem =
            Diagnostic::error("Unsupported block type", format!("Blocks of type {kind:?} are not expected here."));
        let hint = if self.attributes.contains(&kind) {
            Some(format!("Did you mean the argument {kind:?}? Then give it a value with an equals sign."))
        } else {
            let near = did_you_mean(kind, self.blocks.iter().copied()).map(|near| format!("Did you mean {near:?}?"));
            near.or_else(|| {
                self.elsewhere.iter().find(|(kinds, _)| kinds.contains(&kind)).map(|(_, hint)| (*hint).to_owned())
            })
        };
        diagnostics.push(problem.at(block.kind.span).within(block.header).hint(hint));
        false
    }
}

/// Returns whether `block` has exactly the labels `names`; reports what is missing or too much (HCL-11).
pub fn has_labels(block: &Block, names: &[&str], diagnostics: &mut Diagnostics) -> bool {
    let kind = &block.kind.text;
    let plural = if names.len() == 1 { "" } else { "s" };
    let list = names.join(", ");
    if let Some(extra) = block.labels.get(names.len()) {
        let detail = match names.len() {
            0 => format!("No labels are expected for {kind} blocks."),
            1 => format!("Only 1 label ({list}) is expected for {kind} blocks."),
            count => format!("Only {count} labels ({list}) are expected for {kind} blocks."),
        };
        let summary = format!("Extraneous label for {kind}");
        diagnostics.push(Diagnostic::error(summary, detail).at(extra.span).within(block.header));
        return false;
    }
    if let Some(missing) = names.get(block.labels.len()) {
        let detail = format!("All {kind} blocks must have {} label{plural} ({list}).", names.len());
        diagnostics.push(Diagnostic::error(format!("Missing {missing} for {kind}"), detail).at(block.header));
        return false;
    }
    true
}

/// Returns the value of `expr`, in which no name and no function may be used.
pub fn constant(expr: &Expr, diagnostics: &mut Diagnostics) -> Value {
    evaluate(expr, &Scope::constants(no_variables(), &NoFunctions), diagnostics)
}

/// What null means for an argument.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Null {
    /// A mistake.
    Refused,
    /// As if the argument was not given.
    Absent,
}

/// Evaluates `expr` and converts it to `ty`; gives `None` after a report, and for null where it counts as absent.
pub fn read(expr: &Expr, ty: &Type, null: Null, scope: &Scope<'_>, diagnostics: &mut Diagnostics) -> Option<Value> {
    let mut found = Diagnostics::new();
    let value = evaluate(expr, scope, &mut found);
    let failed = found.has_errors();
    diagnostics.append(found);
    let reason = match convert(&value, ty) {
        _ if failed => return None,
        _ if value.is_null() && null == Null::Absent => return None,
        _ if value.is_null() => "null value is not allowed".to_owned(),
        Ok(converted) if converted.is_wholly_known() => return Some(converted),
        Ok(_) => "value must be known".to_owned(),
        Err(error) => error.message,
    };
    let detail = format!("Unsuitable value: {reason}.");
    diagnostics.push(Diagnostic::error("Unsuitable value type", detail).at(expr.span));
    None
}

/// Evaluates `expr` to a text; null is a mistake.
pub fn read_text(expr: &Expr, scope: &Scope<'_>, diagnostics: &mut Diagnostics) -> Option<Arc<str>> {
    let value = read(expr, &Type::String, Null::Refused, scope, diagnostics)?;
    value.as_str().map(Arc::from)
}

/// Whether `name` may name a variable, local or data source: a letter or `_`, then letters, digits, `_`, `-`.
pub fn is_identifier(name: &str) -> bool {
    let mut letters = name.chars();
    letters.next().is_some_and(|first| first == '_' || unicode_ident::is_xid_start(first))
        && letters.all(|letter| letter == '-' || unicode_ident::is_xid_continue(letter))
}

/// What an identifier looks like, for error texts.
pub const IDENTIFIER: &str =
    "A name must start with a letter or underscore and may contain only letters,\ndigits, underscores, and dashes.";
