//! Where a decoded JSON text stands in its file: places of what was read inside it, moved to where people see it.
//!
//! Reads no template.

use std::sync::Arc;

use crate::diagnostics::Span;
use crate::syntax::ast::{Expr, ExprKind, Ident, ObjectKey, SplatStep, TemplatePart};

/// The way from places in a decoded text to places in its file.
pub struct Places {
    whole: Span,
    /// Where the text begins and behind each escape: offset in the decoded text, offset in the file.
    steps: Vec<(usize, usize)>,
}

impl Places {
    /// Makes the way for `raw`, the text as written with its quotes, at `whole`.
    pub fn new(raw: &str, whole: Span) -> Places {
        let start = whole.start as usize;
        let mut steps = vec![(0, start + 1)];
        let (mut at, mut decoded) = (1, 0);
        let bytes = raw.as_bytes();
        while at < bytes.len() {
            if bytes[at] != b'\\' {
                at += 1;
                decoded += 1;
                continue;
            }
            let (length, letter) = escape(&raw[at..]);
            at += length;
            decoded += letter;
            steps.push((decoded, start + at));
        }
        Places { whole, steps }
    }

    /// Returns where `inner`, counted in the decoded text, stands in the file.
    pub fn of(&self, inner: Span) -> Span {
        let place = |offset: u32| {
            let offset = offset as usize;
            let step = self.steps.partition_point(|(decoded, _)| *decoded <= offset).saturating_sub(1);
            let (decoded, file) = self.steps[step];
            file + offset.saturating_sub(decoded)
        };
        let end = (self.whole.end as usize).saturating_sub(1);
        let (from, to) = (place(inner.start).min(end), place(inner.end).min(end));
        Span::new(self.whole.file, from..to.max(from))
    }
}

/// Returns how many bytes the escape at the start of `raw` has, and how many what it stands for.
fn escape(raw: &str) -> (usize, usize) {
    let hex = |at: usize| raw.get(at..at + 4).and_then(|digits| u32::from_str_radix(digits, 16).ok());
    if !raw[1..].starts_with('u') {
        return (2, 1);
    }
    match hex(2).map(char::from_u32) {
        Some(Some(letter)) => (6, letter.len_utf8()),
        // One half of a pair: what the two stand for takes four bytes.
        Some(None) => (12, 4),
        None => (2, 1),
    }
}

/// Moves every place in `expr`.
pub fn move_expr(expr: &mut Expr, to: &dyn Fn(Span) -> Span) {
    expr.span = to(expr.span);
    let all = |exprs: &mut Vec<Expr>| exprs.iter_mut().for_each(|expr| move_expr(expr, to));
    match &mut expr.kind {
        ExprKind::Invalid
        | ExprKind::Unread(_)
        | ExprKind::Null
        | ExprKind::Bool(_)
        | ExprKind::Number(_)
        | ExprKind::Variable(_) => {}
        ExprKind::Template(template) => move_parts(Arc::make_mut(&mut template.parts), to),
        ExprKind::Attr(step) => {
            let step = Arc::make_mut(step);
            move_expr(&mut step.source, to);
            move_name(&mut step.name, to);
        }
        ExprKind::LegacyIndex(step) => move_expr(&mut Arc::make_mut(step).source, to),
        ExprKind::Index(step) => {
            let step = Arc::make_mut(step);
            move_expr(&mut step.source, to);
            move_expr(&mut step.key, to);
        }
        ExprKind::Unary(unary) => move_expr(&mut Arc::make_mut(unary).operand, to),
        ExprKind::Binary(binary) => {
            let binary = Arc::make_mut(binary);
            move_expr(&mut binary.left, to);
            move_expr(&mut binary.right, to);
        }
        ExprKind::Parens(inner) => move_expr(Arc::make_mut(inner), to),
        ExprKind::Splat(splat) => {
            let splat = Arc::make_mut(splat);
            move_expr(&mut splat.source, to);
            splat.star = to(splat.star);
            move_splat(&mut splat.each, to);
        }
        ExprKind::Call(call) => {
            let call = Arc::make_mut(call);
            move_name(&mut call.name, to);
            call.parens = to(call.parens);
            all(&mut call.args);
        }
        ExprKind::Conditional(parts) => {
            let parts = Arc::make_mut(parts);
            [&mut parts.condition, &mut parts.then, &mut parts.otherwise]
                .into_iter()
                .for_each(|expr| move_expr(expr, to));
        }
        ExprKind::Tuple(items) => all(Arc::make_mut(items)),
        ExprKind::Object(items) => {
            for item in Arc::make_mut(items) {
                match &mut item.key {
                    ObjectKey::Word(name) => move_name(name, to),
                    ObjectKey::Expr(key) => move_expr(key, to),
                }
                move_expr(&mut item.value, to);
            }
        }
        ExprKind::For(parts) => {
            let parts = Arc::make_mut(parts);
            parts.key_name.iter_mut().for_each(|name| move_name(name, to));
            move_name(&mut parts.value_name, to);
            let exprs = [&mut parts.collection, &mut parts.value];
            exprs.into_iter().chain(&mut parts.key).chain(&mut parts.condition).for_each(|expr| move_expr(expr, to));
        }
    }
}

fn move_name(name: &mut Ident, to: &dyn Fn(Span) -> Span) {
    name.span = to(name.span);
}

fn move_splat(steps: &mut [SplatStep], to: &dyn Fn(Span) -> Span) {
    for step in steps {
        match step {
            SplatStep::Attr(name) => move_name(name, to),
            SplatStep::Index(key, span) => {
                move_expr(key, to);
                *span = to(*span);
            }
            SplatStep::LegacyIndex(_, span) => *span = to(*span),
            SplatStep::Splat { each, star, .. } => {
                move_splat(each, to);
                *star = to(*star);
            }
        }
    }
}

fn move_parts(parts: &mut [TemplatePart], to: &dyn Fn(Span) -> Span) {
    for part in parts {
        match part {
            TemplatePart::Literal(_, span) => *span = to(*span),
            TemplatePart::Interpolation(expr) => move_expr(expr, to),
            TemplatePart::If(parts) => {
                move_expr(&mut parts.condition, to);
                move_parts(&mut parts.then, to);
                move_parts(&mut parts.otherwise, to);
                parts.span = to(parts.span);
            }
            TemplatePart::For(parts) => {
                parts.key.iter_mut().for_each(|name| move_name(name, to));
                move_name(&mut parts.value, to);
                move_expr(&mut parts.collection, to);
                move_parts(&mut parts.body, to);
                parts.span = to(parts.span);
            }
        }
    }
}
