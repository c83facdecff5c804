//! JSON text to the tree of the native syntax. Never fails, opens no file.
//!
//! JSON alone does not tell arguments from blocks: every member of a body is read as an argument, and
//! [`Body::unfolded`](super::ast::Body::unfolded) makes blocks of those that the reader of the body knows as such.

mod aftermath;
mod blocks;
mod place;
mod reader;
mod tree;

use crate::diagnostics::{Diagnostic, Diagnostics, FileId, SourceMap, Span};
use crate::syntax::ast::{Body, Expr, ExprKind, File, TemplatePart};

pub use reader::{read, read_with};

/// A value with its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// What it is.
    pub kind: Kind,
    /// Where it stands.
    pub span: Span,
}

/// The kinds of values.
#[derive(Clone, Debug, PartialEq)]
#[expect(missing_docs, reason = "each is what its name says")]
pub enum Kind {
    Null,
    Bool(bool),
    /// As written, with its sign; never lost in a float.
    Number(String),
    /// Escapes decoded; the span holds the quotes.
    Text(String),
    Array(Vec<Node>),
    /// In text order; a name may stand there twice.
    Object(Vec<Member>),
    /// Could not be read, and was reported.
    Invalid,
}

/// A member of an object.
#[derive(Clone, Debug, PartialEq)]
pub struct Member {
    /// Its name, escapes decoded.
    pub name: String,
    /// Where the name stands, quotes included.
    pub span: Span,
    /// What it holds.
    pub value: Node,
}

/// Returns the tree of template `id`, in which every text is a template: an object, or an array of objects that are
/// read as one.
///
/// # Source
/// HCL-4; cases `files/json-…`.
pub fn parse(id: FileId, sources: &SourceMap) -> (File, Diagnostics) {
    let (node, mut diagnostics) = read(id, &sources.get(id).text);
    let maker = tree::Maker { sources, templates: true };
    let objects = match node.kind {
        Kind::Object(members) => vec![members],
        Kind::Array(items) => {
            let object = |item: Node| match item.kind {
                Kind::Object(members) => Some(members),
                Kind::Invalid => None,
                _ => {
                    let detail =
                        "The array at the outermost level holds objects alone: each is read as a part of the template.";
                    diagnostics.push(Diagnostic::error("Incorrect JSON value type", detail).at(item.span));
                    None
                }
            };
            items.into_iter().filter_map(object).collect()
        }
        Kind::Invalid => Vec::new(),
        _ => {
            let detail = "A template in JSON is one object, or an array of objects.";
            diagnostics.push(Diagnostic::error("Root value must be object", detail).at(node.span));
            Vec::new()
        }
    };
    let mut body = Body { span: Some(node.span), from_json: true, ..Body::default() };
    for members in objects {
        body.attributes.extend(maker.attributes(members, &mut diagnostics));
    }
    (File { id, body }, diagnostics)
}

/// Returns the assignments of variable file `id`, whose texts mean what they say (CLI-52).
///
/// A name given twice is reported.
pub fn parse_values(id: FileId, sources: &SourceMap) -> (Body, Diagnostics) {
    let (node, mut diagnostics) = read(id, &sources.get(id).text);
    let mut body = Body { span: Some(node.span), ..Body::default() };
    match node.kind {
        Kind::Object(members) => {
            let maker = tree::Maker { sources, templates: false };
            for attribute in maker.attributes(members, &mut diagnostics) {
                match body.attribute(&attribute.name.text) {
                    Some(first) => diagnostics.push(blocks::given_twice(&attribute, first, sources)),
                    None => body.attributes.push(attribute),
                }
            }
        }
        Kind::Invalid => {}
        _ => {
            let detail = "A variable file in JSON holds one object: { \"name\": value }.";
            diagnostics.push(Diagnostic::error("Root value must be object", detail).at(node.span));
        }
    }
    (body, diagnostics)
}

/// Returns the expression that the text `expr` holds: in JSON a type is written in a text. What is no fixed text is
/// given as it is.
pub fn expression_in(expr: &Expr, sources: &SourceMap, diagnostics: &mut Diagnostics) -> Expr {
    if let ExprKind::Template(template) = &expr.kind
        && let [TemplatePart::Literal(text, span)] = &template.parts[..]
    {
        return tree::Maker { sources, templates: true }.inner_expression(text, *span, diagnostics);
    }
    expr.clone()
}

#[cfg(test)]
mod tests;
