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
    report_unexpected(body, schema, diagnostics);
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
            diagnostics.push(missing(missing_at, "no definition was found"));
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
            diagnostics.push(fault.of(&attribute.expr, scope));
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
fn report_unexpected(body: &Body, schema: &Schema, diagnostics: &mut Diagnostics) {
    for attribute in body.attributes.iter().filter(|a| schema.attribute(&a.name.text).is_none()) {
        diagnostics.push(unsupported_argument(attribute, schema));
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
