//! `dynamic` blocks: one block of text, a block for every element.
//!
//! Knows no schema: which block types may be repeated is asked by whoever reads the blocks.

use std::sync::Arc;

use super::expr::evaluate;
use super::fault::Fault;
use super::for_expr::entries;
use super::scope::Scope;
use crate::diagnostics::{Diagnostic, Diagnostics, did_you_mean};
use crate::syntax::ast::{Attribute, Block, Body, Expr, ExprKind, Ident};
use crate::value::convert::convert;
use crate::value::{Members, Type, Value};

/// The type of a block that stands for many.
pub const KIND: &str = "dynamic";
/// The argument with the elements.
pub const FOR_EACH: &str = "for_each";
/// The argument with the labels of the blocks.
pub const LABELS: &str = "labels";
/// The nested block with what is repeated.
pub const CONTENT: &str = "content";
const ITERATOR: &str = "iterator";

/// A block, written as it stands or made by `dynamic`.
#[derive(Clone, Debug, PartialEq)]
pub struct Expanded {
    /// The block. One made by `dynamic` has the place of the `dynamic` block and the text of its content.
    pub block: Block,
    /// The iterator that its content sees; evaluate inside `scope.within(&bindings)`.
    pub bindings: Members,
    /// Whether it stands for a number of blocks that is not known: then every argument evaluates to unknown.
    pub unknown: bool,
}

/// Returns the blocks of `body` in text order, `dynamic` ones expanded.
///
/// # Source
/// HCL-84, HCL-85.
pub fn blocks(body: &Body, scope: &Scope<'_>, diagnostics: &mut Diagnostics) -> Vec<Expanded> {
    expand_all(&body.blocks, scope, diagnostics)
}

/// Expands those of `blocks` that are `dynamic`, in place.
pub fn expand_all<'b>(
    blocks: impl IntoIterator<Item = &'b Block>,
    scope: &Scope<'_>,
    diagnostics: &mut Diagnostics,
) -> Vec<Expanded> {
    let mut expanded = Vec::new();
    for block in blocks {
        if &*block.kind.text == KIND {
            expanded.extend(expand(block, scope, diagnostics));
        } else {
            expanded.push(Expanded { block: block.clone(), bindings: Members::new(), unknown: false });
        }
    }
    expanded
}

/// Returns the name under which the content of a `dynamic` block sees its element.
pub fn iterator(block: &Block) -> Option<Arc<str>> {
    match block.body.attribute(ITERATOR).map(|attribute| &attribute.expr.kind) {
        Some(ExprKind::Variable(name)) => Some(Arc::clone(name)),
        Some(_) => None,
        None => block.labels.first().map(|label| Arc::clone(&label.text)),
    }
}

fn expand(block: &Block, scope: &Scope<'_>, diagnostics: &mut Diagnostics) -> Vec<Expanded> {
    let Some(parts) = Parts::read(block, scope, diagnostics) else { return Vec::new() };
    let mut failed = Diagnostics::new();
    let each = evaluate(&parts.for_each.expr, scope, &mut failed);
    let entries = match entries(&each) {
        Ok(entries) => entries,
        Err(fault) => {
            failed.push(fault.of(&parts.for_each.expr, scope));
            None
        }
    };
    if failed.has_errors() {
        diagnostics.append(failed);
        return Vec::new();
    }
    let Some(entries) = entries else {
        let element = Value::unknown(Type::Any).sensitive(each.is_sensitive());
        let unknown = parts.instance(element.clone(), element, scope, diagnostics);
        return Vec::from_iter(unknown.map(|mut expanded| {
            make_unknown(&mut expanded.block.body);
            Expanded { unknown: true, ..expanded }
        }));
    };
    entries.into_iter().filter_map(|(key, value)| parts.instance(key, value, scope, diagnostics)).collect()
}

/// A `dynamic` block taken apart.
struct Parts<'b> {
    block: &'b Block,
    kind: &'b Ident,
    iterator: Arc<str>,
    for_each: &'b Attribute,
    labels: &'b [Expr],
    content: &'b Body,
}

impl<'b> Parts<'b> {
    /// Takes `block` apart; `None` after an error.
    fn read(block: &'b Block, scope: &Scope<'_>, diagnostics: &mut Diagnostics) -> Option<Parts<'b>> {
        let before = diagnostics.len();
        check_names(block, diagnostics);
        let missing = |what: &str| {
            let detail =
                format!("A dynamic block needs {what}: for_each gives the elements, content what is repeated.");
            Diagnostic::error("Incomplete dynamic block", detail).at(block.header)
        };
        let for_each = block.body.attribute(FOR_EACH);
        if for_each.is_none() {
            diagnostics.push(missing("the argument \"for_each\""));
        }
        let mut contents = block.body.blocks_of(CONTENT);
        let content = contents.next();
        if content.is_none() {
            diagnostics.push(missing("a nested block \"content\""));
        }
        if let Some(label) = content.and_then(|content| content.labels.first()) {
            let detail = "A content block has no labels: those of the blocks that are made stand in \"labels\".";
            diagnostics.push(Diagnostic::error("Extraneous label for content", detail).at(label.span));
        }
        for more in contents {
            let detail = "A dynamic block has one content block; another one is already there.";
            diagnostics.push(Diagnostic::error("Duplicate content block", detail).at(more.header));
        }
        let iterator = iterator(block);
        if let (None, Some(attribute)) = (&iterator, block.body.attribute(ITERATOR)) {
            let detail = "The name of the iterator is a plain word, without quotes and dots.";
            diagnostics.push(Fault::new("Invalid dynamic iterator name", detail).of(&attribute.expr, scope));
        }
        let labels = match block.body.attribute(LABELS) {
            None => &[][..],
            Some(attribute) => match &attribute.expr.kind {
                ExprKind::Tuple(items) => &items[..],
                _ => {
                    let detail = "The labels of a dynamic block are written as a list: labels = [\"name\"].";
                    diagnostics.push(Fault::new("Invalid dynamic block labels", detail).of(&attribute.expr, scope));
                    &[]
                }
            },
        };
        let (for_each, content, iterator) = (for_each?, &content?.body, iterator?);
        let kind = block.labels.first()?;
        (diagnostics.len() == before).then_some(Parts { block, kind, iterator, for_each, labels, content })
    }

    /// Makes the block for one element; `None` when its labels are wrong.
    fn instance(&self, key: Value, value: Value, scope: &Scope<'_>, diagnostics: &mut Diagnostics) -> Option<Expanded> {
        let element = Value::object([(Arc::from("key"), key), (Arc::from("value"), value)]);
        let bindings = Members::from([(Arc::clone(&self.iterator), element)]);
        let inner = scope.within(&bindings);
        let labels: Vec<Option<Ident>> = self.labels.iter().map(|expr| label(expr, &inner, diagnostics)).collect();
        let block = Block {
            kind: self.kind.clone(),
            labels: labels.into_iter().collect::<Option<_>>()?,
            body: self.content.clone(),
            header: self.block.header,
            span: self.block.span,
        };
        Some(Expanded { block, bindings, unknown: false })
    }
}

/// Reports what does not belong into a `dynamic` block.
fn check_names(block: &Block, diagnostics: &mut Diagnostics) {
    const ARGUMENTS: [&str; 3] = [FOR_EACH, ITERATOR, LABELS];
    if block.labels.len() != 1 {
        let detail = "A dynamic block has one label: the type of the blocks that it makes.";
        diagnostics.push(Diagnostic::error("Invalid dynamic block", detail).at(block.header));
    }
    for attribute in block.body.attributes.iter().filter(|a| !ARGUMENTS.contains(&&*a.name.text)) {
        let detail = format!("An argument named {:?} is not expected here.", &*attribute.name.text);
        let hint = match did_you_mean(&attribute.name.text, ARGUMENTS) {
            Some(near) => format!("Did you mean {near:?}?"),
            None => "The arguments of the blocks go into the content block.".to_owned(),
        };
        diagnostics.push(Diagnostic::error("Unsupported argument", detail).at(attribute.name.span).hint(Some(hint)));
    }
    for nested in block.body.blocks.iter().filter(|nested| &*nested.kind.text != CONTENT) {
        let detail = format!("Blocks of type {:?} are not expected here.", &*nested.kind.text);
        let hint = "A dynamic block holds one content block, and that the rest.".to_owned();
        diagnostics.push(Diagnostic::error("Unsupported block type", detail).at(nested.kind.span).hint(Some(hint)));
    }
}

fn label(expr: &Expr, scope: &Scope<'_>, diagnostics: &mut Diagnostics) -> Option<Ident> {
    let before = diagnostics.len();
    let value = evaluate(expr, scope, diagnostics);
    let reason = if value.is_null() {
        "it is null".to_owned()
    } else {
        match convert(&value, &Type::String) {
            Ok(converted) => match converted.as_str() {
                Some(text) => return Some(Ident { text: text.into(), span: expr.span }),
                None => "it is not known yet".to_owned(),
            },
            Err(error) => error.message,
        }
    };
    if diagnostics.len() == before {
        let detail = format!("A label of a block must be a text that is known: {}.", reason.trim_end_matches('.'));
        diagnostics.push(Fault::new("Invalid dynamic block label", detail).of(expr, scope));
    }
    None
}

/// Makes every argument in `body` unknown, keeping the places.
fn make_unknown(body: &mut Body) {
    for attribute in &mut body.attributes {
        attribute.expr.kind = ExprKind::Invalid;
    }
    // A nested `dynamic` stays one block of which nothing is known.
    for block in &mut body.blocks {
        if &*block.kind.text == KIND {
            block.body.blocks.iter_mut().for_each(|content| make_unknown(&mut content.body));
            for attribute in block.body.attributes.iter_mut().filter(|a| &*a.name.text == FOR_EACH) {
                attribute.expr.kind = ExprKind::Invalid;
            }
        } else {
            make_unknown(&mut block.body);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{TestFunctions, body, variables};
    use super::*;

    fn read(text: &str) -> (Vec<Expanded>, Vec<Diagnostic>) {
        let (members, mut said) = (variables(), Diagnostics::new());
        let expanded = blocks(&body(text), &Scope::new(&members, &TestFunctions), &mut said);
        (expanded, said.into_iter().collect())
    }

    fn labels(text: &str) -> Vec<String> {
        let (expanded, said) = read(text);
        assert!(said.is_empty(), "{said:?}");
        let label = |e: &Expanded| e.block.labels.iter().map(|label| label.text.to_string()).collect::<Vec<_>>();
        expanded.iter().map(|e| format!("{} {}", e.block.kind.text, label(e).join(" "))).collect()
    }

    // HCL-77, HCL-85
    #[test]
    fn blocks_come_in_text_order_with_their_labels() {
        let text = "a \"x\" {\n}\ndynamic \"b\" {\n for_each = { k = 1, l = 2 }\n iterator = it\n labels = [it.key, \"n${it.value}\"]\n content {\n }\n}\na \"y\" {\n}\n";
        assert_eq!(labels(text), ["a x", "b k n1", "b l n2", "a y"]);
    }

    #[test]
    fn the_content_sees_the_element_under_the_name_of_the_iterator() {
        let (expanded, _) = read("dynamic \"b\" {\n for_each = set\n content {\n }\n}\n");
        let element = expanded[1].bindings["b"].as_members().cloned().expect("an object");
        assert_eq!((element["key"].as_str(), element["value"].as_str()), (Some("b"), Some("b")));
    }

    // HCL-85
    #[test]
    fn an_unknown_number_of_blocks_is_one_of_which_nothing_is_known() {
        let text = "dynamic \"b\" {\n for_each = unknown.list\n labels = [\"x\"]\n content {\n c = 1\n d {\n e = 2\n }\n }\n}\n";
        let (expanded, said) = read(text);
        assert!(said.is_empty() && expanded[0].unknown);
        let inner = &expanded[0].block.body;
        assert_eq!(inner.attributes[0].expr.kind, ExprKind::Invalid);
        assert_eq!(inner.blocks[0].body.attributes[0].expr.kind, ExprKind::Invalid);
    }

    // HCL-84
    #[test]
    fn a_bad_dynamic_block_is_reported_and_makes_nothing() {
        for (text, summary) in [
            ("labels = []\n content {\n }", "Incomplete dynamic block"),
            ("for_each = []", "Incomplete dynamic block"),
            ("for_each = 5\n content {\n }", "Iteration over non-iterable value"),
            ("for_each = null\n content {\n }", "Iteration over null value"),
            ("for_each = [1]\n labels = \"x\"\n content {\n }", "Invalid dynamic block labels"),
            ("for_each = [1]\n labels = [null]\n content {\n }", "Invalid dynamic block label"),
            ("for_each = unknown.list\n labels = [b.value]\n content {\n }", "Invalid dynamic block label"),
            ("for_each = [1]\n iterator = \"it\"\n content {\n }", "Invalid dynamic iterator name"),
            ("for_each = [1]\n for_eech = 1\n content {\n }", "Unsupported argument"),
            ("for_each = [1]\n contents {\n }\n content {\n }", "Unsupported block type"),
            ("for_each = [1]\n content {\n }\n content {\n }", "Duplicate content block"),
        ] {
            let (expanded, said) = read(&format!("dynamic \"b\" {{\n {text}\n}}\n"));
            assert_eq!(said.iter().map(|d| &*d.summary).collect::<Vec<_>>(), [summary], "{text}");
            assert!(expanded.is_empty(), "{text}");
        }
    }
}
