//! Where a setting stands, for problems that a component finds long after its body was read.
//!
//! Evaluates nothing: what a `dynamic` block or an expression made is shown at the block or expression.

use super::dynamic::{CONTENT, KIND};
use crate::diagnostics::Span;
use crate::syntax::ast::{Block, Body, Expr, ExprKind, ObjectKey, TemplatePart};

/// Returns the place of the setting `path` in `body`, such as `["build", "0", "path"]` or `["inline", "1"]`:
/// of its nearest ancestor when the text does not say more; `None` when not even the first step is there.
pub fn setting_span(body: &Body, path: &[String]) -> Option<Span> {
    let (name, rest) = path.split_first()?;
    match body.attribute(name) {
        Some(attribute) => Some(inside(&attribute.expr, rest).unwrap_or(attribute.span)),
        None => block_span(body, name, rest),
    }
}

fn block_span(body: &Body, name: &str, path: &[String]) -> Option<Span> {
    let makes = |block: &&Block| match &*block.kind.text {
        KIND => block.labels.first().is_some_and(|label| &*label.text == name),
        kind => kind == name,
    };
    let blocks: Vec<&Block> = body.blocks.iter().filter(makes).collect();
    let index = path.first().and_then(|step| step.parse::<usize>().ok());
    let rest = &path[usize::from(index.is_some())..];
    // How many blocks a `dynamic` makes is not known here, so no counting goes past it.
    let at = blocks.iter().take(index.unwrap_or(0)).position(|block| &*block.kind.text == KIND);
    let block = blocks.get(at.or(index).unwrap_or(0)).or(blocks.last())?;
    let inner = match &*block.kind.text {
        KIND if blocks.len() > 1 => None,
        KIND => block.body.blocks_of(CONTENT).next().map(|content| &content.body),
        _ => Some(&block.body),
    };
    inner.and_then(|body| setting_span(body, rest)).or(Some(block.header))
}

/// Returns the place of what `path` leads to in `expr`; `None` when it leads nowhere.
fn inside(expr: &Expr, path: &[String]) -> Option<Span> {
    let (step, rest) = path.split_first()?;
    let found = match &expr.kind {
        ExprKind::Parens(inner) => return inside(inner, path),
        ExprKind::Tuple(items) => items.get(step.parse::<usize>().ok()?)?,
        ExprKind::Object(items) => match items.iter().rev().find(|item| key_text(&item.key) == Some(step)) {
            Some(item) => &item.value,
            // In JSON one block may stand without an array around it.
            None if step == "0" => return inside(expr, rest),
            None => return None,
        },
        _ => return None,
    };
    Some(inside(found, rest).unwrap_or(found.span))
}

fn key_text(key: &ObjectKey) -> Option<&str> {
    match key {
        ObjectKey::Word(word) => Some(&word.text),
        ObjectKey::Expr(expr) => match &expr.kind {
            ExprKind::Number(text) => Some(text),
            ExprKind::Template(template) => match &template.parts[..] {
                [TemplatePart::Literal(text, _)] => Some(text),
                _ => None,
            },
            _ => None,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::body;
    use super::*;

    const TEXT: &str = "\
inline = [\"a\", \"b\"]
env = { A = 1, \"B\" = [2] }
build {
  path = \"x\"
}
build {
  path = \"y\"
}
dynamic \"tag\" {
  for_each = []
  content {
    key = tag.key
  }
}
";

    fn shown(path: &[&str]) -> Option<&'static str> {
        let path: Vec<String> = path.iter().map(|step| (*step).to_owned()).collect();
        setting_span(&body(TEXT), &path).map(|span| &TEXT[span.range()])
    }

    #[test]
    fn a_setting_is_found_in_its_argument_or_block() {
        assert_eq!(shown(&["inline", "1"]), Some("\"b\""));
        assert_eq!(shown(&["inline"]), Some("inline = [\"a\", \"b\"]"));
        assert_eq!(shown(&["env", "B", "0"]), Some("2"));
        assert_eq!(shown(&["build", "1", "path"]), Some("path = \"y\""));
        assert_eq!(shown(&["build", "path"]), Some("path = \"x\""));
    }

    #[test]
    fn the_nearest_ancestor_stands_for_what_the_text_does_not_show() {
        assert_eq!(shown(&["inline", "7"]), Some("inline = [\"a\", \"b\"]"));
        assert_eq!(shown(&["build", "1", "other"]), Some("build"));
        assert_eq!(shown(&["tag", "3", "key"]), Some("key = tag.key"));
        assert_eq!(shown(&["tag", "3", "value"]), Some("dynamic \"tag\""));
        assert_eq!(shown(&["absent"]), None);
    }
}
