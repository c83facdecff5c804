//! Our tree in the plain form.

use std::sync::Arc;

use packer::syntax::ast::{
    BinaryOp, Body, Expr, ExprKind, For, Ident, ObjectKey, SplatStep, TemplateFor, TemplatePart, UnaryOp,
};

use super::{line, literal};

/// Writes arguments, then blocks.
pub fn body(body: &Body, depth: usize, out: &mut String) {
    for attribute in &body.attributes {
        line(depth, out, format_args!("{} =", attribute.name.text));
        expr(&attribute.expr, depth + 1, out);
    }
    for block in &body.blocks {
        let labels: Vec<&str> = block.labels.iter().map(|label| &*label.text).collect();
        line(depth, out, format_args!("block {} {labels:?}", block.kind.text));
        self::body(&block.body, depth + 1, out);
    }
}

fn expr(found: &Expr, depth: usize, out: &mut String) {
    let all = |exprs: &[&Expr], out: &mut String| exprs.iter().for_each(|e| expr(e, depth + 1, out));
    match &found.kind {
        ExprKind::Invalid | ExprKind::Unread(_) => line(depth, out, "invalid"),
        ExprKind::Null => line(depth, out, "null"),
        ExprKind::Bool(value) => line(depth, out, value),
        ExprKind::Number(text) => number(text, depth, out),
        ExprKind::Template(template) => {
            line(depth, out, "template");
            parts(&template.parts, depth + 1, out);
        }
        ExprKind::Variable(name) => line(depth, out, format_args!("name {name}")),
        ExprKind::Attr(..) | ExprKind::LegacyIndex(..) | ExprKind::Index(..) | ExprKind::Splat(_) => {
            line(depth, out, "steps");
            steps(found, depth + 1, out);
        }
        ExprKind::Call(call) => {
            line(depth, out, format_args!("call {}{}", call.name.text, if call.spread { "..." } else { "" }));
            all(&call.args.iter().collect::<Vec<_>>(), out);
        }
        ExprKind::Unary(unary) => {
            line(depth, out, if unary.operator == UnaryOp::Not { "!" } else { "minus" });
            all(&[&unary.operand], out);
        }
        ExprKind::Binary(binary) => {
            line(depth, out, sign(binary.operator));
            all(&[&binary.left, &binary.right], out);
        }
        ExprKind::Conditional(parts) => {
            line(depth, out, "?");
            all(&[&parts.condition, &parts.then, &parts.otherwise], out);
        }
        ExprKind::Tuple(items) => {
            line(depth, out, "[]");
            all(&items.iter().collect::<Vec<_>>(), out);
        }
        ExprKind::Object(items) => {
            line(depth, out, "{}");
            for item in &items[..] {
                match &item.key {
                    ObjectKey::Word(name) => line(depth + 1, out, format_args!("word {}", name.text)),
                    ObjectKey::Expr(key) => expr(key, depth + 1, out),
                }
                expr(&item.value, depth + 2, out);
            }
        }
        ExprKind::For(parts) => for_expr(parts, depth, out),
        ExprKind::Parens(inner) => {
            line(depth, out, "()");
            all(&[inner], out);
        }
    }
}

fn number(text: &str, depth: usize, out: &mut String) {
    line(depth, out, format_args!("number {}", text.parse::<f64>().expect("a number")));
}

fn for_expr(parts: &For, depth: usize, out: &mut String) {
    let name = |name: &Option<Ident>| name.as_ref().map(|name| Arc::clone(&name.text)).unwrap_or_default();
    let dots = if parts.grouping { "..." } else { "" };
    line(depth, out, format_args!("for {:?} {:?} {dots}", &*name(&parts.key_name), &*parts.value_name.text));
    expr(&parts.collection, depth + 1, out);
    for (word, part) in [("key", &parts.key), ("value", &Some(parts.value.clone())), ("if", &parts.condition)] {
        if let Some(part) = part {
            line(depth + 1, out, word);
            expr(part, depth + 2, out);
        }
    }
}

/// Writes a value and the steps behind it as one list, splats being steps.
fn steps(found: &Expr, depth: usize, out: &mut String) {
    match &found.kind {
        ExprKind::Attr(step) => {
            steps(&step.source, depth, out);
            line(depth, out, format_args!(".{}", step.name.text));
        }
        ExprKind::LegacyIndex(step) => {
            steps(&step.source, depth, out);
            line(depth, out, format_args!(".{}", step.index));
        }
        ExprKind::Index(step) => {
            steps(&step.source, depth, out);
            line(depth, out, "[]");
            expr(&step.key, depth + 1, out);
        }
        ExprKind::Splat(splat) => {
            steps(&splat.source, depth, out);
            line(depth, out, if splat.full { "[*]" } else { ".*" });
            each(&splat.each, depth, out);
        }
        _ => expr(found, depth, out),
    }
}

fn each(found: &[SplatStep], depth: usize, out: &mut String) {
    for step in found {
        match step {
            SplatStep::Attr(name) => line(depth, out, format_args!(".{}", name.text)),
            SplatStep::Index(key, _) => {
                line(depth, out, "[]");
                expr(key, depth + 1, out);
            }
            SplatStep::LegacyIndex(number, _) => line(depth, out, format_args!(".{number}")),
            SplatStep::Splat { each: inner, full, .. } => {
                line(depth, out, if *full { "[*]" } else { ".*" });
                each(inner, depth, out);
            }
        }
    }
}

fn parts(found: &[TemplatePart], depth: usize, out: &mut String) {
    let mut text = String::new();
    for part in found {
        if let TemplatePart::Literal(more, _) = part {
            text.push_str(more);
            continue;
        }
        literal(depth, out, &std::mem::take(&mut text));
        match part {
            TemplatePart::Literal(..) => unreachable!("it was gathered"),
            TemplatePart::Interpolation(inner) => {
                line(depth, out, "$");
                expr(inner, depth + 1, out);
            }
            TemplatePart::If(inner) => {
                line(depth, out, "%if");
                expr(&inner.condition, depth + 1, out);
                parts(&inner.then, depth + 1, out);
                line(depth, out, "%else");
                parts(&inner.otherwise, depth + 1, out);
            }
            TemplatePart::For(inner) => {
                let TemplateFor { key, value, collection, body, .. } = &**inner;
                let key = key.as_ref().map(|name| Arc::clone(&name.text)).unwrap_or_default();
                line(depth, out, format_args!("%for {:?} {:?}", &*key, &*value.text));
                expr(collection, depth + 1, out);
                parts(body, depth + 1, out);
            }
        }
    }
    literal(depth, out, &text);
}

fn sign(operator: BinaryOp) -> &'static str {
    match operator {
        BinaryOp::Or => "||",
        BinaryOp::And => "&&",
        BinaryOp::Equal => "==",
        BinaryOp::NotEqual => "!=",
        BinaryOp::Less => "<",
        BinaryOp::LessOrEqual => "<=",
        BinaryOp::Greater => ">",
        BinaryOp::GreaterOrEqual => ">=",
        BinaryOp::Add => "+",
        BinaryOp::Subtract => "-",
        BinaryOp::Multiply => "*",
        BinaryOp::Divide => "/",
        BinaryOp::Modulo => "%",
    }
}
