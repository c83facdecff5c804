//! What an expression or body mentions: root names with the steps that follow them.
//!
//! Evaluates nothing, so it cannot tell what an index that is computed will be.

use std::fmt;
use std::sync::Arc;

use super::dynamic;
use crate::diagnostics::Span;
use crate::syntax::ast::{Block, Body, Expr, ExprKind, Ident, ObjectKey, SplatStep, TemplatePart};

/// A root name and the steps behind it that the text alone tells.
#[derive(Clone, Debug, PartialEq)]
pub struct Reference {
    /// The name it starts with: `var`.
    pub root: Arc<str>,
    /// What follows, up to the first step that must be computed.
    pub steps: Vec<Step>,
    /// From the root to the last of `steps`.
    pub span: Span,
}

/// A step of a reference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// `.name`.
    Attribute(Arc<str>),
    /// `["name"]`.
    Key(Arc<str>),
    /// `[0]` or `.0`, as written.
    Number(Arc<str>),
}

impl Reference {
    /// Returns the text of step `index` (from 0), however it was written.
    pub fn name(&self, index: usize) -> Option<&str> {
        self.steps.get(index).map(|step| match step {
            Step::Attribute(text) | Step::Key(text) | Step::Number(text) => &**text,
        })
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.root)?;
        self.steps.iter().try_for_each(|step| match step {
            Step::Attribute(name) => write!(out, ".{name}"),
            Step::Key(key) => write!(out, "[{key:?}]"),
            Step::Number(number) => write!(out, "[{number}]"),
        })
    }
}

/// Returns what `expr` mentions, in text order; names that a `for` binds are left out.
pub fn references(expr: &Expr) -> Vec<Reference> {
    let mut collector = Collector::default();
    collector.expr(expr);
    collector.found
}

/// Returns what the arguments and nested blocks of `body` mention; iterators of `dynamic` blocks are left out.
pub fn references_of_body(body: &Body) -> Vec<Reference> {
    let mut collector = Collector::default();
    collector.body(body);
    collector.found
}

#[derive(Default)]
struct Collector {
    found: Vec<Reference>,
    bound: Vec<Arc<str>>,
}

impl Collector {
    fn body(&mut self, body: &Body) {
        for attribute in &body.attributes {
            self.expr(&attribute.expr);
        }
        for block in &body.blocks {
            if &*block.kind.text == dynamic::KIND { self.dynamic(block) } else { self.body(&block.body) }
        }
    }

    fn dynamic(&mut self, block: &Block) {
        if let Some(each) = block.body.attribute(dynamic::FOR_EACH) {
            self.expr(&each.expr);
        }
        let iterator = dynamic::iterator(block);
        self.within(&[iterator], |inner| {
            if let Some(labels) = block.body.attribute(dynamic::LABELS) {
                inner.expr(&labels.expr);
            }
            block.body.blocks_of(dynamic::CONTENT).for_each(|content| inner.body(&content.body));
        });
    }

    fn within(&mut self, names: &[Option<Arc<str>>], visit: impl FnOnce(&mut Self)) {
        let before = self.bound.len();
        self.bound.extend(names.iter().flatten().cloned());
        visit(self);
        self.bound.truncate(before);
    }

    fn all<'e>(&mut self, exprs: impl IntoIterator<Item = &'e Expr>) {
        exprs.into_iter().for_each(|expr| self.expr(expr));
    }

    fn expr(&mut self, expr: &Expr) {
        match &expr.kind {
            ExprKind::Invalid | ExprKind::Unread(_) | ExprKind::Null | ExprKind::Bool(_) | ExprKind::Number(_) => {}
            ExprKind::Template(template) => self.parts(&template.parts),
            ExprKind::Variable(name) => self.reference(name, expr.span, &[]),
            ExprKind::Attr(..) | ExprKind::LegacyIndex(..) | ExprKind::Index(..) => self.traversal(expr),
            ExprKind::Splat(splat) => {
                self.expr(&splat.source);
                self.splat(&splat.each);
            }
            // The second argument of `convert` is a type: its words are no variables (FN-110).
            ExprKind::Call(call) if &*call.name.text == "convert" => self.all(call.args.first()),
            ExprKind::Call(call) => self.all(&call.args),
            ExprKind::Unary(unary) => self.expr(&unary.operand),
            ExprKind::Parens(inner) => self.expr(inner),
            ExprKind::Binary(..) => self.binary(expr),
            ExprKind::Conditional(parts) => self.all([&parts.condition, &parts.then, &parts.otherwise]),
            ExprKind::Tuple(items) => self.all(items.iter()),
            ExprKind::Object(items) => {
                for item in &items[..] {
                    if let ObjectKey::Expr(key) = &item.key {
                        self.expr(key);
                    }
                    self.expr(&item.value);
                }
            }
            ExprKind::For(parts) => {
                self.expr(&parts.collection);
                let names = [parts.key_name.as_ref(), Some(&parts.value_name)];
                self.within(&names.map(text_of), |inner| {
                    inner.all(parts.key.iter().chain([&parts.value]).chain(&parts.condition));
                });
            }
        }
    }

    /// Goes down the left sides in a loop: a long sum is deep only on the left.
    fn binary(&mut self, expr: &Expr) {
        let mut rights = Vec::new();
        let mut at = expr;
        while let ExprKind::Binary(binary) = &at.kind {
            rights.push(&binary.right);
            at = &binary.left;
        }
        self.expr(at);
        self.all(rights.into_iter().rev());
    }

    fn traversal(&mut self, expr: &Expr) {
        let mut steps = Vec::new();
        let mut at = expr;
        while let Some(inner) = at.stepped_from() {
            steps.push(at);
            at = inner;
        }
        steps.reverse();
        match &at.kind {
            ExprKind::Variable(name) => self.reference(name, at.span, &steps),
            _ => self.expr(at),
        }
        for step in steps {
            if let ExprKind::Index(step) = &step.kind {
                self.expr(&step.key);
            }
        }
    }

    fn reference(&mut self, root: &Arc<str>, span: Span, traversed: &[&Expr]) {
        if self.bound.contains(root) {
            return;
        }
        let mut reference = Reference { root: Arc::clone(root), steps: Vec::new(), span };
        for (expr, step) in traversed.iter().map_while(|expr| Some((expr, step_of(expr)?))) {
            reference.steps.push(step);
            reference.span = reference.span.to(expr.span);
        }
        self.found.push(reference);
    }

    fn splat(&mut self, steps: &[SplatStep]) {
        for step in steps {
            match step {
                SplatStep::Index(key, _) => self.expr(key),
                SplatStep::Splat { each, .. } => self.splat(each),
                SplatStep::Attr(_) | SplatStep::LegacyIndex(..) => {}
            }
        }
    }

    fn parts(&mut self, parts: &[TemplatePart]) {
        for part in parts {
            match part {
                TemplatePart::Literal(..) => {}
                TemplatePart::Interpolation(expr) => self.expr(expr),
                TemplatePart::If(inner) => {
                    self.expr(&inner.condition);
                    self.parts(&inner.then);
                    self.parts(&inner.otherwise);
                }
                TemplatePart::For(inner) => {
                    self.expr(&inner.collection);
                    let names = [inner.key.as_ref(), Some(&inner.value)].map(text_of);
                    self.within(&names, |within| within.parts(&inner.body));
                }
            }
        }
    }
}

fn text_of(name: Option<&Ident>) -> Option<Arc<str>> {
    name.map(|name| Arc::clone(&name.text))
}

fn step_of(expr: &Expr) -> Option<Step> {
    match &expr.kind {
        ExprKind::Attr(step) => Some(Step::Attribute(Arc::clone(&step.name.text))),
        ExprKind::LegacyIndex(step) => Some(Step::Number(Arc::clone(&step.index))),
        ExprKind::Index(step) => match &step.key.kind {
            ExprKind::Number(text) => Some(Step::Number(Arc::clone(text))),
            ExprKind::Template(template) => match &template.parts[..] {
                [TemplatePart::Literal(text, _)] => Some(Step::Key(Arc::clone(text))),
                _ => None,
            },
            _ => None,
        },
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{body, expression};
    use super::*;

    fn found(text: &str) -> Vec<String> {
        references(&expression(text)).iter().map(Reference::to_string).collect()
    }

    #[test]
    fn references_carry_the_steps_that_the_text_tells() {
        assert_eq!(found("var.a + local.b.c[0]"), ["var.a", "local.b.c[0]"]);
        assert_eq!(found("local[\"x\"].y.1"), ["local[\"x\"].y[1]"]);
        assert_eq!(found("local.a[var.i].z"), ["local.a", "var.i"]);
        assert_eq!(found("data.t.n[*].id"), ["data.t.n"]);
        assert_eq!(found("f(g.a, \"x${h.b}%{ if i }${j}%{ endif }\")"), ["g.a", "h.b", "i", "j"]);
        assert_eq!(references(&expression("local[\"x\"]"))[0].name(0), Some("x"));
    }

    // HCL-49
    #[test]
    fn names_that_a_for_binds_are_no_references() {
        assert_eq!(found("[for k, v in local.c : \"${k}${v}${w}\" if v]"), ["local.c", "w"]);
        assert_eq!(found("[for x in x.y : x]"), ["x.y"]);
        assert_eq!(found("\"%{ for v in l }${v}%{ endfor }${v}\""), ["l", "v"]);
    }

    // FN-110
    #[test]
    fn the_type_in_convert_is_no_reference() {
        assert_eq!(found("convert(var.x, list(string)) == number"), ["var.x", "number"]);
    }

    #[test]
    fn bodies_give_the_references_of_all_their_parts() {
        let text = "a = var.x\nb {\n c = local.y\n}\ndynamic \"d\" {\n for_each = var.z\n labels = [d.key]\n content {\n e = [d.value, local.w]\n }\n}\n";
        let found: Vec<String> = references_of_body(&body(text)).iter().map(Reference::to_string).collect();
        assert_eq!(found, ["var.x", "local.y", "var.z", "local.w"]);
    }
}
