//! A body and a schema to an object (the role of hcldec).
//!
//! Knows no component: what a missing or odd value means is theirs to say.

use std::sync::Arc;

use super::dynamic::{Expanded, KIND, expand_all};
use super::expr::evaluate;
use super::fault::Fault;
use super::scope::Scope;
use crate::diagnostics::{Diagnostic, Diagnostics, Span, did_you_mean};
use crate::syntax::ast::{Attribute, Block, Body};
use crate::value::convert::convert;
use crate::value::schema::{AttributeSchema, BlockSchema, Nesting, Schema};
use crate::value::{Members, Type, Value};

/// Reads `body` by `schema`: an object with every argument and block type of the schema.
///
/// An absent argument is null of its type. Blocks become an object or null (`Single`), a list (`List`; a tuple when
/// their types differ) or a set (`Set`). `missing_at` is the place of what should have been there.
/// Everything that does not fit is reported at its own place, and is unknown in the result.
///
/// # Source
/// TYP-38 … TYP-40, HCL-84.
pub fn decode(
    body: &Body,
    schema: &Schema,
    scope: &Scope<'_>,
    missing_at: Span,
    diagnostics: &mut Diagnostics,
) -> Value {
    let labels = |kind: &str| if kind == KIND { Some(1) } else { schema.block(kind).map(|_| 0) };
    let body = &*body.unfolded(&labels, diagnostics);
    report_unexpected(body, schema, scope, diagnostics);
    let mut members = Members::new();
    for attribute in &schema.attributes {
        let value = argument(body, attribute, scope, missing_at, diagnostics);
        members.insert(Arc::from(&*attribute.name), value);
    }
    let known = body.blocks.iter().filter(|block| kind_of(block).is_none_or(|kind| schema.block(kind).is_some()));
    let expanded = expand_all(known, scope, diagnostics);
    for block in &schema.blocks {
        let of_kind: Vec<&Expanded> = expanded.iter().filter(|e| *e.block.kind.text == *block.name).collect();
        members.insert(Arc::from(&*block.name), nested(&of_kind, block, scope, diagnostics));
    }
    Value::object(members)
}

/// Returns the type of what [`decode`] gives for `schema`.
pub fn implied_type(schema: &Schema) -> Type {
    let attributes = schema.attributes.iter().map(|a| (Arc::from(&*a.name), a.ty.clone()));
    let blocks = schema.blocks.iter().map(|block| {
        let inner = implied_type(&block.schema);
        let ty = match block.nesting {
            Nesting::Single => inner,
            Nesting::List => Type::list(inner),
            Nesting::Set => Type::set(inner),
        };
        (Arc::from(&*block.name), ty)
    });
    Type::object(attributes.chain(blocks))
}

fn argument(
    body: &Body,
    schema: &AttributeSchema,
    scope: &Scope<'_>,
    missing_at: Span,
    diagnostics: &mut Diagnostics,
) -> Value {
    let missing = |place: Span, reason: &str| {
        let detail = format!("The argument {:?} is required, but {reason}.", schema.name);
        Diagnostic::error("Missing required argument", detail).at(place)
    };
    let Some(attribute) = body.attribute(&schema.name) else {
        if schema.required {
            diagnostics.push(missing(body.missing_at(missing_at), "no definition was found"));
        }
        return Value::null(schema.ty.clone());
    };
    let value = evaluate(&attribute.expr, scope, diagnostics);
    if value.is_null() {
        if schema.required {
            diagnostics.push(missing(attribute.expr.span, "its value is null, which counts as absent"));
        }
        return Value::null(schema.ty.clone());
    }
    match convert(&value, &schema.ty) {
        Ok(converted) => converted.sensitive(value.is_sensitive()),
        Err(error) => {
            let subject = format!("Inappropriate value for attribute {:?}", schema.name);
            let fault = Fault::new("Incorrect attribute value type", Fault::sentence(&subject, &error));
            diagnostics.push(fault.brackets(&value, &schema.ty).of(&attribute.expr, scope));
            Value::unknown(schema.ty.clone())
        }
    }
}

/// Makes the value of all blocks of one type.
fn nested(blocks: &[&Expanded], schema: &BlockSchema, scope: &Scope<'_>, diagnostics: &mut Diagnostics) -> Value {
    let mut values = Vec::with_capacity(blocks.len());
    for expanded in blocks {
        let (block, inner) = (&expanded.block, scope.within(&expanded.bindings));
        if let Some(label) = block.labels.first() {
            let detail = format!("Blocks of type {:?} take no label.", schema.name);
            let summary = format!("Extraneous label for {}", schema.name);
            diagnostics.push(Diagnostic::error(summary, detail).at(label.span));
        }
        values.push(decode(&block.body, &schema.schema, &inner, block.header, diagnostics));
    }
    let inner = implied_type(&schema.schema);
    // Nobody knows how many blocks there will be, so nothing is known of any of them.
    let open = blocks.iter().any(|expanded| expanded.unknown);
    match schema.nesting {
        Nesting::Single => {
            for second in blocks.iter().skip(1) {
                let detail = format!("Only one {} block is allowed here, and another one stands above.", schema.name);
                let summary = format!("Duplicate {} block", schema.name);
                diagnostics.push(Diagnostic::error(summary, detail).at(second.block.header));
            }
            values.into_iter().next().unwrap_or_else(|| Value::null(inner))
        }
        Nesting::List if open => Value::unknown(Type::list(inner)),
        Nesting::Set if open => Value::unknown(Type::set(inner)),
        Nesting::List if values.iter().all(|value| value.ty() == inner) => Value::list(inner, values),
        Nesting::List => Value::tuple(values),
        Nesting::Set => Value::set(inner, values),
    }
}

/// Returns the type of block that `block` makes; `None` for a `dynamic` block that does not say so.
fn kind_of(block: &Block) -> Option<&str> {
    if &*block.kind.text == KIND { block.labels.first().map(|label| &*label.text) } else { Some(&block.kind.text) }
}

/// Reports arguments and blocks that the schema does not know.
fn report_unexpected(body: &Body, schema: &Schema, scope: &Scope<'_>, diagnostics: &mut Diagnostics) {
    for attribute in body.attributes.iter().filter(|a| schema.attribute(&a.name.text).is_none()) {
        diagnostics.push(unsupported_argument(attribute, schema));
        // What is wrong with its value stays wrong under the right name.
        evaluate(&attribute.expr, scope, diagnostics);
    }
    for block in &body.blocks {
        if kind_of(block).is_some_and(|kind| schema.block(kind).is_none()) {
            diagnostics.push(unsupported_block(block, schema));
        }
    }
}

fn names(schema: &Schema) -> impl Iterator<Item = &str> {
    schema.attributes.iter().map(|a| &*a.name).chain(schema.blocks.iter().map(|b| &*b.name))
}

fn unsupported_argument(attribute: &Attribute, schema: &Schema) -> Diagnostic {
    let name = &*attribute.name.text;
    let hint = if schema.block(name).is_some() {
        Some(format!("Did you mean to define a block of type {name:?}? If so, write it without the equals sign."))
    } else {
        did_you_mean(name, names(schema)).map(|near| format!("Did you mean {near:?}?"))
    };
    let detail = format!("An argument named {name:?} is not expected here.");
    Diagnostic::error("Unsupported argument", detail).at(attribute.name.span).hint(hint)
}

fn unsupported_block(block: &Block, schema: &Schema) -> Diagnostic {
    let is_dynamic = &*block.kind.text == KIND;
    let name = block.labels.first().filter(|_| is_dynamic).unwrap_or(&block.kind);
    let text = &*name.text;
    let hint = if schema.attribute(text).is_some() {
        Some(match is_dynamic {
            true => format!("{text:?} is an argument: give it a value with the equals sign, such as a for expression."),
            false => {
                format!("Did you mean to define argument {text:?}? If so, use the equals sign to assign it a value.")
            }
        })
    } else {
        did_you_mean(text, names(schema)).map(|near| format!("Did you mean {near:?}?"))
    };
    let detail = format!("Blocks of type {text:?} are not expected here.");
    Diagnostic::error("Unsupported block type", detail).at(name.span).hint(hint)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{TestFunctions, body, value, variables};
    use super::*;
    use crate::diagnostics::SourceMap;

    fn attribute(name: &str, ty: Type, required: bool) -> AttributeSchema {
        AttributeSchema {
            name: name.to_owned(),
            ty,
            required,
            about: String::new(),
            default: None,
            late: false,
            secret: false,
        }
    }

    fn nested(name: &str, nesting: Nesting) -> BlockSchema {
        let schema = Schema { attributes: vec![attribute("key", Type::String, false)], blocks: Vec::new() };
        BlockSchema { name: name.to_owned(), schema, nesting, about: String::new() }
    }

    fn schema() -> Schema {
        Schema {
            attributes: vec![
                attribute("inline", Type::list(Type::String), false),
                attribute("size", Type::Number, true),
            ],
            blocks: vec![nested("one", Nesting::Single), nested("tag", Nesting::List), nested("mark", Nesting::Set)],
        }
    }

    fn read(text: &str) -> (Value, Vec<Diagnostic>) {
        let (members, mut said) = (variables(), Diagnostics::new());
        let at = Span::new(SourceMap::default().add("test", text), 0..0);
        let value = decode(&body(text), &schema(), &Scope::new(&members, &TestFunctions), at, &mut said);
        (value, said.into_iter().collect())
    }

    fn member(text: &str, name: &str) -> Value {
        let (value, said) = read(text);
        assert!(said.is_empty(), "{said:?}");
        value.as_members().expect("an object")[name].clone()
    }

    fn complaints(text: &str) -> Vec<(String, String)> {
        read(text).1.into_iter().map(|d| (d.summary, format!("{} {}", d.detail, d.hint.unwrap_or_default()))).collect()
    }

    #[test]
    fn every_argument_and_block_is_there_null_when_absent() {
        let (value, said) = read("size = \"5\"\ninline = null\n");
        assert!(said.is_empty());
        assert_eq!(value.ty(), implied_type(&schema()));
        let members = value.as_members().expect("an object");
        assert_eq!(members["size"], Value::from(5));
        assert!(members["inline"].is_null() && members["one"].is_null());
        assert_eq!(members["tag"].as_items().map(<[Value]>::len), Some(0));
    }

    #[test]
    fn repeated_blocks_make_a_list_or_set() {
        let text = "size = 1\ntag {\n key = \"b\"\n}\ntag {\n key = \"a\"\n}\nmark {\n key = \"x\"\n}\nmark {\n key = \"x\"\n}\n";
        assert_eq!(
            member(text, "tag"),
            Value::list(value("{ key = \"\" }").ty(), [value("{ key = \"b\" }"), value("{ key = \"a\" }")])
        );
        assert_eq!(member(text, "mark").as_items().map(<[Value]>::len), Some(1));
    }

    // TYP-39, DIA-43
    #[test]
    fn a_value_of_the_wrong_type_names_the_argument() {
        let said = complaints("size = 1\ninline = \"echo\"\n");
        let detail = "Inappropriate value for attribute \"inline\": list of string required. A list of one value is \
                      written in brackets: [ … ].";
        assert_eq!(said, [("Incorrect attribute value type".to_owned(), detail.to_owned())]);
    }

    // TYP-40, DIA-12
    #[test]
    fn everything_that_does_not_belong_is_reported_with_a_way_out() {
        let text = "inlin = 1\ntag = 2\ninline {\n}\ntags {\n}\none {\n}\none \"label\" {\n}\n";
        let said = complaints(text);
        let expected = [
            ("Unsupported argument", "Did you mean \"inline\"?"),
            ("Unsupported argument", "Did you mean to define a block of type \"tag\"?"),
            ("Unsupported block type", "Did you mean to define argument \"inline\"?"),
            ("Unsupported block type", "Did you mean \"tag\"?"),
            ("Missing required argument", "\"size\""),
            ("Extraneous label for one", "no label"),
            ("Duplicate one block", "Only one"),
        ];
        assert_eq!(
            said.iter().map(|(summary, _)| &**summary).collect::<Vec<_>>(),
            expected.map(|(summary, _)| summary)
        );
        for ((_, detail), (_, part)) in said.iter().zip(expected) {
            assert!(detail.contains(part), "{detail}");
        }
    }

    // HCL-84, HCL-85
    #[test]
    fn dynamic_blocks_are_expanded_in_place() {
        let text = "size = 1\ntag {\n key = \"first\"\n}\ndynamic \"tag\" {\n for_each = { a = 1, b = 2 }\n content {\n key = \"${tag.key}${tag.value}\"\n }\n}\n";
        let keys: Vec<Value> = ["first", "a1", "b2"].map(|key| value(&format!("{{ key = {key:?} }}"))).into();
        assert_eq!(member(text, "tag").as_items(), Some(&keys[..]));
        let unknown = "size = 1\ndynamic \"tag\" {\n for_each = unknown.list\n content {\n key = \"x\"\n }\n}\n";
        assert_eq!(member(unknown, "tag"), Value::unknown(Type::list(value("{ key = \"\" }").ty())));
    }

    #[test]
    fn a_dynamic_block_of_an_unknown_type_is_refused() {
        let said = complaints("size = 1\ndynamic \"tagg\" {\n for_each = []\n content {\n }\n}\n");
        assert_eq!(said[0].0, "Unsupported block type");
        assert!(said[0].1.contains("\"tagg\"") && said[0].1.contains("Did you mean \"tag\"?"));
    }
}
