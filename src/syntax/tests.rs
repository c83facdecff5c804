//! Tests of whole texts: what tree they give, and what is said where.

use super::ast::*;
use super::*;
use crate::diagnostics::Severity;

/// Returns the diagnostics of a file as `line:column summary`.
fn complaints(text: &str) -> Vec<String> {
    let sources = SourceMap::default();
    let id = sources.add("t", text);
    shown(&parse(id, &sources).1, &sources)
}

fn shown(found: &Diagnostics, sources: &SourceMap) -> Vec<String> {
    let show = |d: &crate::diagnostics::Diagnostic| {
        assert_eq!(d.severity, Severity::Error);
        let span = d.span.unwrap();
        let place = sources.get(span.file).position(span.start as usize);
        format!("{}:{} {}", place.line, place.column, d.summary)
    };
    found.iter().map(show).collect()
}

/// Returns the tree of an expression that must be right, in a short form.
fn tree(text: &str) -> String {
    let sources = SourceMap::default();
    let id = sources.add("t", text);
    let (expr, found) = parse_expression(id, &sources);
    assert_eq!(shown(&found, &sources), [""; 0], "in {text}");
    short(&expr)
}

/// Returns the diagnostics of an expression.
fn wrong(text: &str) -> Vec<String> {
    let sources = SourceMap::default();
    let id = sources.add("t", text);
    let (expr, found) = parse_expression(id, &sources);
    assert_eq!(expr.kind, ExprKind::Invalid);
    shown(&found, &sources)
}

fn list(items: &[Expr]) -> String {
    items.iter().map(short).collect::<Vec<_>>().join(" ")
}

fn short(expr: &Expr) -> String {
    match &expr.kind {
        ExprKind::Invalid | ExprKind::Unread(_) => "invalid".into(),
        ExprKind::Null => "null".into(),
        ExprKind::Bool(value) => value.to_string(),
        ExprKind::Number(text) => text.to_string(),
        ExprKind::Template(template) => format!("'{}'", parts(&template.parts)),
        ExprKind::Variable(name) => name.to_string(),
        ExprKind::Attr(s) => format!("{}.{}", short(&s.source), s.name.text),
        ExprKind::LegacyIndex(s) => format!("{}.{}", short(&s.source), s.index),
        ExprKind::Index(s) => format!("{}[{}]", short(&s.source), short(&s.key)),
        ExprKind::Splat(s) => format!("{}{}", short(&s.source), splat(s.full, &s.each)),
        ExprKind::Call(c) => format!("{}({}){}", c.name.text, list(&c.args), if c.spread { "..." } else { "" }),
        ExprKind::Unary(u) => format!("({:?} {})", u.operator, short(&u.operand)),
        ExprKind::Binary(b) => format!("({:?} {} {})", b.operator, short(&b.left), short(&b.right)),
        ExprKind::Conditional(c) => format!("(if {} {} {})", short(&c.condition), short(&c.then), short(&c.otherwise)),
        ExprKind::Tuple(items) => format!("[{}]", list(items)),
        ExprKind::Object(items) => {
            let item = |item: &ObjectItem| match &item.key {
                ObjectKey::Word(word) => format!("{}={}", word.text, short(&item.value)),
                ObjectKey::Expr(key) => format!("<{}>={}", short(key), short(&item.value)),
            };
            format!("{{{}}}", items.iter().map(item).collect::<Vec<_>>().join(" "))
        }
        ExprKind::For(f) => format!(
            "for {}{} {} {}{}{}{}",
            f.key_name.as_ref().map(|k| format!("{},", k.text)).unwrap_or_default(),
            f.value_name.text,
            short(&f.collection),
            f.key.as_ref().map(|k| short(k) + "=>").unwrap_or_default(),
            short(&f.value),
            if f.grouping { "..." } else { "" },
            f.condition.as_ref().map(|c| format!(" if {}", short(c))).unwrap_or_default(),
        ),
        ExprKind::Parens(inner) => format!("({})", short(inner)),
    }
}

fn splat(full: bool, each: &[SplatStep]) -> String {
    let step = |step: &SplatStep| match step {
        SplatStep::Attr(name) => format!(".{}", name.text),
        SplatStep::Index(key, _) => format!("[{}]", short(key)),
        SplatStep::LegacyIndex(index, _) => format!(".{index}"),
        SplatStep::Splat { each, full, .. } => splat(*full, each),
    };
    let steps: String = each.iter().map(step).collect();
    format!("{}<{steps}>", if full { "[*]" } else { ".*" })
}

fn parts(parts: &[TemplatePart]) -> String {
    let part = |part: &TemplatePart| match part {
        TemplatePart::Literal(text, _) => text.to_string(),
        TemplatePart::Interpolation(expr) => format!("${{{}}}", short(expr)),
        TemplatePart::If(parts) => {
            format!("%if {}<{}|{}>", short(&parts.condition), parts_of(&parts.then), parts_of(&parts.otherwise))
        }
        TemplatePart::For(parts) => {
            let TemplateFor { key, value, collection, body, .. } = &**parts;
            let key = key.as_ref().map(|k| format!("{},", k.text)).unwrap_or_default();
            format!("%for {key}{} {}<{}>", value.text, short(collection), parts_of(body))
        }
    };
    parts.iter().map(part).collect()
}

fn parts_of(inner: &[TemplatePart]) -> String {
    parts(inner)
}

/// Returns the parts of the text that the file assigns to `x`.
fn text_of(file: &str) -> String {
    let sources = SourceMap::default();
    let id = sources.add("t", file);
    let (file, found) = parse(id, &sources);
    assert_eq!(shown(&found, &sources), [""; 0]);
    match &file.body.attribute("x").unwrap().expr.kind {
        ExprKind::Template(template) => parts(&template.parts),
        other => panic!("{other:?} is no text"),
    }
}

mod bodies;
mod expressions;
pub mod soup;
mod templates;
