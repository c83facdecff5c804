//! Nodes to expressions: objects, tuples, and texts that are templates.
//!
//! Knows nothing of blocks: members of a body are arguments here.

use std::collections::HashSet;
use std::sync::Arc;

use unicode_normalization::UnicodeNormalization;

use super::{Kind, Member, Node, place};
use crate::diagnostics::{Diagnostic, Diagnostics, SourceMap, Span};
use crate::syntax::ast::{
    Attribute, Expr, ExprKind, Ident, ObjectItem, ObjectKey, Template, TemplatePart, Unary, UnaryOp,
};
use crate::syntax::lexer;
use crate::syntax::parser::Parser;

/// The name of members that are comments (HCL-4).
pub const COMMENT: &str = "//";

/// Makes expressions of nodes.
pub struct Maker<'s> {
    /// Where the text of the nodes is.
    pub sources: &'s SourceMap,
    /// Whether texts are templates; else they mean what they say.
    pub templates: bool,
}

impl Maker<'_> {
    /// Returns the members of a body as its arguments, in text order. Comments go; a name may be there twice.
    pub fn attributes(&self, members: Vec<Member>, diagnostics: &mut Diagnostics) -> Vec<Attribute> {
        let members = members.into_iter().filter(|member| member.name != COMMENT);
        let attribute = |member: Member| {
            let span = member.span.to(member.value.span);
            let name = Ident { text: normalized(&member.name), span: member.span };
            Attribute { name, expr: self.expr(member.value, diagnostics), span }
        };
        members.map(attribute).collect()
    }

    fn expr(&self, node: Node, diagnostics: &mut Diagnostics) -> Expr {
        let span = node.span;
        let kind = match node.kind {
            Kind::Invalid => ExprKind::Invalid,
            Kind::Null => ExprKind::Null,
            Kind::Bool(value) => ExprKind::Bool(value),
            Kind::Number(text) => number(&text, span),
            Kind::Text(text) => return self.text(text, span),
            Kind::Array(items) => {
                let items: Vec<Expr> = items.into_iter().map(|item| self.expr(item, diagnostics)).collect();
                ExprKind::Tuple(Arc::new(items))
            }
            Kind::Object(members) => ExprKind::Object(self.items(members, diagnostics).into()),
        };
        Expr { kind, span }
    }

    fn items(&self, members: Vec<Member>, diagnostics: &mut Diagnostics) -> Vec<ObjectItem> {
        let mut known = HashSet::new();
        let item = |member: Member| {
            if !known.insert(member.name.clone()) {
                let detail = format!("An attribute named {:?} stands above in this object.", member.name);
                diagnostics.push(Diagnostic::error("Duplicate object attribute", detail).at(member.span));
            }
            let key = ObjectKey::Expr(self.text(member.name, member.span));
            ObjectItem { key, value: self.expr(member.value, diagnostics) }
        };
        members.into_iter().map(item).collect()
    }

    /// Returns the expression that `text` at `span` holds by itself: a type (HCL-4).
    pub fn inner_expression(&self, text: &str, span: Span, diagnostics: &mut Diagnostics) -> Expr {
        let mut parser = Parser::new(span.file, text, lexer::scan(text), self.sources);
        let expr = parser.whole_expression();
        self.moved(expr, parser.finish(), span, diagnostics)
    }

    fn text(&self, text: String, span: Span) -> Expr {
        if !self.templates || !(text.contains("${") || text.contains("%{")) {
            let parts = match text.is_empty() {
                true => Arc::default(),
                false => Arc::from([TemplatePart::Literal(normalized(&text), span)]),
            };
            return Expr { kind: ExprKind::Template(Template { parts, heredoc: false }), span };
        }
        let mut parser = Parser::new(span.file, &text, lexer::scan_template(&text), self.sources);
        let expr = parser.whole_template();
        let mut problems = Diagnostics::new();
        let expr = self.moved(expr, parser.finish(), span, &mut problems);
        if problems.has_errors() {
            return Expr { kind: ExprKind::Unread(Box::new(problems)), span };
        }
        Expr { span, ..expr }
    }

    /// Moves what was read in the decoded text at `span` to where it stands in the file.
    fn moved(&self, mut expr: Expr, problems: Diagnostics, span: Span, diagnostics: &mut Diagnostics) -> Expr {
        let source = self.sources.get(span.file);
        let raw = source.text.get(span.range()).unwrap_or_default();
        let places = place::Places::new(raw, span);
        place::move_expr(&mut expr, &|inner| places.of(inner));
        for mut problem in problems {
            problem.span = problem.span.map(|inner| places.of(inner));
            problem.context = problem.context.map(|inner| places.of(inner));
            diagnostics.push(problem);
        }
        expr
    }
}

fn number(text: &str, span: Span) -> ExprKind {
    let Some(digits) = text.strip_prefix('-') else { return ExprKind::Number(text.into()) };
    let operand = Expr { kind: ExprKind::Number(digits.into()), span: Span { start: span.start + 1, ..span } };
    ExprKind::Unary(Arc::new(Unary { operator: UnaryOp::Negate, operand }))
}

/// Texts are compared by their letters, not by how those are put together (TYP-31).
fn normalized(text: &str) -> Arc<str> {
    if text.is_ascii() { text.into() } else { text.nfc().collect::<String>().into() }
}
