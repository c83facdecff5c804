//! Arguments of a JSON body to blocks, for whoever knows which of them are blocks.
//!
//! Knows no schema: types of blocks and how many labels they have are given.

use std::borrow::Cow;
use std::sync::Arc;

use super::tree::COMMENT;
use crate::diagnostics::{Diagnostic, Diagnostics, SourceMap, Span};
use crate::syntax::ast::{Attribute, Block, Body, Expr, ExprKind, Ident, ObjectItem, ObjectKey, TemplatePart};

impl Body {
    /// Returns the body with blocks: those arguments of a body in JSON that `labels` knows, by how many labels a block
    /// of that type has. A body in the native syntax is given as it is.
    ///
    /// An argument that remains and stands there twice is reported.
    ///
    /// # Source
    /// HCL-4.
    pub fn unfolded(&self, labels: &dyn Fn(&str) -> Option<usize>, diagnostics: &mut Diagnostics) -> Cow<'_, Body> {
        if !self.from_json {
            return Cow::Borrowed(self);
        }
        let mut body = Body { attributes: Vec::new(), blocks: self.blocks.clone(), ..*self };
        for attribute in &self.attributes {
            match labels(&attribute.name.text) {
                Some(count) => {
                    let start = Start { kind: &attribute.name, labels: Vec::new(), left: count };
                    start.unfold(&attribute.expr, &mut body.blocks, diagnostics);
                }
                None if let Some(first) = body.attribute(&attribute.name.text) => {
                    let detail =
                        format!("The argument {:?} was already set above, and may be set once.", first.name.text);
                    diagnostics.push(Diagnostic::error("Duplicate argument", detail).at(attribute.name.span));
                }
                None => body.attributes.push(attribute.clone()),
            }
        }
        Cow::Owned(body)
    }
}

/// The type of blocks that stand for many.
const DYNAMIC: &str = "dynamic";

/// Says that `attribute` was given before.
pub fn given_twice(attribute: &Attribute, first: &Attribute, sources: &SourceMap) -> Diagnostic {
    let place = sources.describe(first.name.span);
    let detail = format!("The name {:?} was already given at {place}.", attribute.name.text);
    Diagnostic::error("Attribute redefined", detail).at(attribute.name.span)
}

/// The beginning of a block: its type and the labels so far.
struct Start<'a> {
    kind: &'a Ident,
    labels: Vec<Ident>,
    /// How many labels are still to come.
    left: usize,
}

impl Start<'_> {
    /// Adds the blocks that `expr` holds: an object with its labels as names, or an array of such, at any level.
    fn unfold(&self, expr: &Expr, blocks: &mut Vec<Block>, diagnostics: &mut Diagnostics) {
        match &expr.kind {
            ExprKind::Invalid => {}
            ExprKind::Null if self.left == 0 => {}
            ExprKind::Tuple(items) if self.left == 0 => {
                items.iter().for_each(|item| self.unfold(item, blocks, diagnostics));
            }
            ExprKind::Object(items) if self.left == 0 => blocks.push(self.block(items, expr.span)),
            ExprKind::Null | ExprKind::Tuple(_) | ExprKind::Object(_) => {
                let named = self.named(expr, diagnostics);
                if named.is_empty() {
                    let detail =
                        format!("The blocks of type {:?} are named by the members of an object.", self.kind.text);
                    diagnostics.push(Diagnostic::error("Missing block label", detail).at(expr.span));
                }
                for item in named {
                    let mut labels = self.labels.clone();
                    labels.push(name(&item.key));
                    let start = Start { kind: self.kind, labels, left: self.left - 1 };
                    start.unfold(&item.value, blocks, diagnostics);
                }
            }
            _ => {
                let detail =
                    format!("Blocks of type {:?} are written as an object, or as an array of objects.", self.kind.text);
                diagnostics.push(Diagnostic::error("Incorrect JSON value type", detail).at(expr.span));
            }
        }
    }

    /// Returns the members of an object, or of the objects of an array.
    fn named<'e>(&self, expr: &'e Expr, diagnostics: &mut Diagnostics) -> Vec<&'e ObjectItem> {
        let mut named = Vec::new();
        let objects = match &expr.kind {
            ExprKind::Tuple(items) => items.iter().collect(),
            ExprKind::Null => Vec::new(),
            _ => vec![expr],
        };
        for object in objects {
            match &object.kind {
                ExprKind::Object(items) => named.extend(items.iter()),
                ExprKind::Invalid => {}
                _ => {
                    let detail =
                        format!("An object is needed here, whose members name blocks of type {:?}.", self.kind.text);
                    diagnostics.push(Diagnostic::error("Incorrect JSON value type", detail).at(object.span));
                }
            }
        }
        named
    }

    fn block(&self, items: &[ObjectItem], span: Span) -> Block {
        let attribute = |item: &ObjectItem| {
            let name = name(&item.key);
            let span = name.span.to(item.value.span);
            Attribute { name, expr: item.value.clone(), span }
        };
        let attributes = items.iter().map(attribute).filter(|attribute| &*attribute.name.text != COMMENT).collect();
        let header = self.labels.last().map_or(self.kind.span, |label| label.span);
        let mut body = Body { attributes, blocks: Vec::new(), span: Some(span), from_json: true };
        if &*self.kind.text == DYNAMIC {
            body = dynamic(body);
        }
        Block { kind: self.kind.clone(), labels: self.labels.clone(), body, header, span: header.to(span) }
    }
}

/// Returns the body of a `dynamic` block: what it repeats is a block, its iterator a word.
fn dynamic(body: Body) -> Body {
    let labels = |kind: &str| (kind == "content").then_some(0);
    let mut body = body.unfolded(&labels, &mut Diagnostics::new()).into_owned();
    for attribute in body.attributes.iter_mut().filter(|attribute| &*attribute.name.text == "iterator") {
        if let ExprKind::Template(template) = &attribute.expr.kind
            && let [TemplatePart::Literal(text, span)] = &template.parts[..]
        {
            attribute.expr = Expr { kind: ExprKind::Variable(Arc::clone(text)), span: *span };
        }
    }
    body
}

/// Returns the name of a member as it was written; names of blocks and arguments are no templates.
fn name(key: &ObjectKey) -> Ident {
    match key {
        ObjectKey::Word(name) => name.clone(),
        ObjectKey::Expr(expr) => {
            let text = match &expr.kind {
                ExprKind::Template(template) => match &template.parts[..] {
                    [TemplatePart::Literal(text, _)] => Arc::clone(text),
                    _ => Arc::from(""),
                },
                _ => Arc::from(""),
            };
            Ident { text, span: expr.span }
        }
    }
}
