//! The tree of `hcl-edit` in the plain form.

use hcl_edit::expr::{Expression, ForExpr, ObjectKey, Traversal, TraversalOperator, UnaryOperator};
use hcl_edit::structure::Body;
use hcl_edit::template::{Directive, Element, Strip, Template};
use hcl_edit::{Decorated, Ident};

use super::{line, literal};

/// Writes arguments, then blocks.
pub fn body(body: &Body, depth: usize, out: &mut String) {
    for attribute in body.attributes() {
        line(depth, out, format_args!("{} =", attribute.key.as_str()));
        expr(&attribute.value, depth + 1, out);
    }
    for block in body.blocks() {
        let labels: Vec<&str> = block.labels.iter().map(|label| label.as_str()).collect();
        line(depth, out, format_args!("block {} {labels:?}", block.ident.as_str()));
        self::body(&block.body, depth + 1, out);
    }
}

fn expr(found: &Expression, depth: usize, out: &mut String) {
    let all = |exprs: &[&Expression], out: &mut String| exprs.iter().for_each(|e| expr(e, depth + 1, out));
    match found {
        Expression::Null(_) => line(depth, out, "null"),
        Expression::Bool(value) => line(depth, out, value.value()),
        Expression::Number(number) => {
            let number = number.as_f64().expect("every number is one of these");
            // A sign is an operator of ours, and a part of their numbers.
            if number.is_sign_negative() {
                line(depth, out, "minus");
            }
            let depth = depth + usize::from(number.is_sign_negative());
            line(depth, out, format_args!("number {}", number.abs()));
        }
        Expression::String(text) => {
            line(depth, out, "template");
            literal(depth + 1, out, text.value());
        }
        Expression::StringTemplate(template) => self::template(template, depth, out),
        Expression::HeredocTemplate(heredoc) => self::template(&heredoc.template, depth, out),
        Expression::Variable(name) => line(depth, out, format_args!("name {}", name.as_str())),
        Expression::Traversal(found) => traversal(found, depth, out),
        Expression::FuncCall(call) => {
            let names = call.name.namespace.iter().chain([&call.name.name]);
            let names: Vec<&str> = names.map(|name| name.as_str()).collect();
            line(
                depth,
                out,
                format_args!("call {}{}", names.join("::"), if call.args.expand_final() { "..." } else { "" }),
            );
            all(&call.args.iter().collect::<Vec<_>>(), out);
        }
        Expression::UnaryOp(found) => {
            line(depth, out, if *found.operator.value() == UnaryOperator::Not { "!" } else { "minus" });
            all(&[&found.expr], out);
        }
        Expression::BinaryOp(found) => {
            line(depth, out, found.operator.as_str());
            all(&[&found.lhs_expr, &found.rhs_expr], out);
        }
        Expression::Conditional(found) => {
            line(depth, out, "?");
            all(&[&found.cond_expr, &found.true_expr, &found.false_expr], out);
        }
        Expression::Array(items) => {
            line(depth, out, "[]");
            all(&items.iter().collect::<Vec<_>>(), out);
        }
        Expression::Object(items) => {
            line(depth, out, "{}");
            for (key, value) in items {
                match key {
                    ObjectKey::Ident(name) => line(depth + 1, out, format_args!("word {}", name.as_str())),
                    ObjectKey::Expression(key) => expr(key, depth + 1, out),
                }
                expr(value.expr(), depth + 2, out);
            }
        }
        Expression::ForExpr(found) => for_expr(found, depth, out),
        Expression::Parenthesis(inner) => {
            line(depth, out, "()");
            all(&[inner.inner()], out);
        }
    }
}

fn name_of(name: &Option<Decorated<Ident>>) -> &str {
    name.as_ref().map(|name| name.as_str()).unwrap_or_default()
}

fn for_expr(found: &ForExpr, depth: usize, out: &mut String) {
    let dots = if found.grouping { "..." } else { "" };
    let intro = &found.intro;
    line(depth, out, format_args!("for {:?} {:?} {dots}", name_of(&intro.key_var), intro.value_var.as_str()));
    expr(&intro.collection_expr, depth + 1, out);
    let condition = found.cond.as_ref().map(|condition| &condition.expr);
    for (word, part) in [("key", found.key_expr.as_ref()), ("value", Some(&found.value_expr)), ("if", condition)] {
        if let Some(part) = part {
            line(depth + 1, out, word);
            expr(part, depth + 2, out);
        }
    }
}

fn traversal(found: &Traversal, depth: usize, out: &mut String) {
    line(depth, out, "steps");
    expr(&found.expr, depth + 1, out);
    for step in &found.operators {
        match step.value() {
            TraversalOperator::AttrSplat(_) => line(depth + 1, out, ".*"),
            TraversalOperator::FullSplat(_) => line(depth + 1, out, "[*]"),
            TraversalOperator::GetAttr(name) => line(depth + 1, out, format_args!(".{}", name.as_str())),
            TraversalOperator::LegacyIndex(number) => line(depth + 1, out, format_args!(".{}", number.value())),
            TraversalOperator::Index(key) => {
                line(depth + 1, out, "[]");
                expr(key, depth + 2, out);
            }
        }
    }
}

fn template(found: &Template, depth: usize, out: &mut String) {
    line(depth, out, "template");
    parts(found, [false, false], depth + 1, out);
}

/// Writes the parts of a template; `strip` tells whether its first text loses white space before, its last behind.
fn parts(found: &Template, strip: [bool; 2], depth: usize, out: &mut String) {
    let elements: Vec<&Element> = found.iter().collect();
    let ends = |element: &Element| match element {
        Element::Literal(_) => [false, false],
        Element::Interpolation(inner) => sides(inner.strip),
        Element::Directive(inner) => match &**inner {
            Directive::If(found) => [sides(found.if_expr.strip)[0], sides(found.endif_expr.strip)[1]],
            Directive::For(found) => [sides(found.for_expr.strip)[0], sides(found.endfor_expr.strip)[1]],
        },
    };
    for (index, element) in elements.iter().enumerate() {
        match element {
            Element::Literal(text) => {
                let mut text = text.value().as_str();
                if index.checked_sub(1).map_or(strip[0], |before| ends(elements[before])[1]) {
                    text = text.trim_start();
                }
                if elements.get(index + 1).map_or(strip[1], |next| ends(next)[0]) {
                    text = text.trim_end();
                }
                literal(depth, out, text);
            }
            Element::Interpolation(inner) => {
                line(depth, out, "$");
                expr(&inner.expr, depth + 1, out);
            }
            Element::Directive(inner) => directive(inner, depth, out),
        }
    }
}

fn directive(found: &Directive, depth: usize, out: &mut String) {
    match found {
        Directive::If(found) => {
            let (then, end) = (&found.if_expr, sides(found.endif_expr.strip));
            let otherwise = found.else_expr.as_ref();
            let middle = otherwise.map_or(end, |otherwise| sides(otherwise.strip));
            line(depth, out, "%if");
            expr(&then.cond_expr, depth + 1, out);
            parts(&then.template, [sides(then.strip)[1], middle[0]], depth + 1, out);
            line(depth, out, "%else");
            if let Some(otherwise) = otherwise {
                parts(&otherwise.template, [middle[1], end[0]], depth + 1, out);
            }
        }
        Directive::For(found) => {
            let start = &found.for_expr;
            line(depth, out, format_args!("%for {:?} {:?}", name_of(&start.key_var), start.value_var.as_str()));
            expr(&start.collection_expr, depth + 1, out);
            let strip = [sides(start.strip)[1], sides(found.endfor_expr.strip)[0]];
            parts(&start.template, strip, depth + 1, out);
        }
    }
}

fn sides(strip: Strip) -> [bool; 2] {
    match strip {
        Strip::None => [false, false],
        Strip::Start => [true, false],
        Strip::End => [false, true],
        Strip::Both => [true, true],
    }
}
