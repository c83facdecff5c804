//! Reads `variable "x"` and `variables` blocks.
//!
//! Knows no value from outside.

use std::sync::Arc;

use indexmap::IndexMap;
use indexmap::map::Entry;

use super::rules::Rule;
use super::{Assigned, Origin, Variable, Variables};
use crate::diagnostics::{Diagnostic, Diagnostics, Span};
use crate::eval::{Defaults, Functions, Scope, apply_defaults, evaluate, no_variables, type_expression};
use crate::syntax::ast::{Block, Expr, File, Ident};
use crate::template::shape::{IDENTIFIER, Null, Shape, has_labels, is_identifier, read, read_text};
use crate::value::convert::convert;
use crate::value::{Data, Type, Value};

const VARIABLE: Shape =
    Shape { attributes: &["type", "default", "description", "sensitive"], blocks: &["validation"], elsewhere: &[] };
const VARIABLES: Shape = Shape { attributes: &[], blocks: &[], elsewhere: &[] };

impl Variables {
    /// Reads the declarations of all `files`. `functions` are those that a default may call: `env` alone.
    ///
    /// # Source
    /// HCL-22 … HCL-34.
    pub fn declare(files: &[File], functions: &dyn Functions, diagnostics: &mut Diagnostics) -> Variables {
        let declared = |block: &Block| match &*block.kind.text {
            "variable" => 1,
            "variables" => block.body.attributes.len(),
            _ => 0,
        };
        let many = files.iter().flat_map(|file| &file.body.blocks).map(declared).sum();
        let mut variables = Variables(IndexMap::with_capacity(many));
        for block in files.iter().flat_map(|file| &file.body.blocks) {
            match &*block.kind.text {
                "variable" if has_labels(block, &["name"], diagnostics) => {
                    let mut found = Diagnostics::new();
                    let mut variable = from_block(block, functions, &mut found);
                    if found.has_errors() && variable.assigned.is_none() {
                        // Its default may be what is misspelt: nobody is asked for a value.
                        variable.assign_unknown(Origin::Default, block.header);
                    }
                    diagnostics.append(found);
                    variables.add(&block.labels[0], block.header, variable, diagnostics);
                }
                "variables" if has_labels(block, &[], diagnostics) => {
                    for nested in &block.body.blocks {
                        VARIABLES.check_block(nested, diagnostics);
                    }
                    for attribute in &block.body.attributes {
                        let variable = from_default(&attribute.expr, attribute.name.span, functions, diagnostics);
                        variables.add(&attribute.name, attribute.span, variable, diagnostics);
                    }
                }
                _ => {}
            }
        }
        variables
    }

    fn add(&mut self, name: &Ident, span: Span, variable: Variable, diagnostics: &mut Diagnostics) {
        if !is_identifier(&name.text) {
            diagnostics.push(Diagnostic::error("Invalid variable name", IDENTIFIER).at(name.span).within(span));
            return;
        }
        match self.0.entry(Arc::clone(&name.text)) {
            Entry::Vacant(place) => {
                place.insert(variable);
            }
            Entry::Occupied(_) => {
                let detail = format!("Duplicate {} variable definition found.", name.text);
                diagnostics.push(Diagnostic::error("Duplicate variable", detail).at(span));
            }
        }
    }
}

/// Reads an entry of a `variables` block: the exact type of the default is the type, null leaves it open (HCL-23).
fn from_default(expr: &Expr, span: Span, functions: &dyn Functions, diagnostics: &mut Diagnostics) -> Variable {
    let value = default(expr, functions, diagnostics);
    let ty = if value.is_null() { Type::Any } else { value.ty() };
    let default = Some(value.clone());
    let assigned = Some(Assigned { value, origin: Origin::Default, span: expr.span });
    Variable {
        span,
        description: Arc::default(),
        ty,
        defaults: Defaults::None,
        sensitive: false,
        rules: Vec::new(),
        default,
        unfit: None,
        assigned,
    }
}

fn from_block(block: &Block, functions: &dyn Functions, diagnostics: &mut Diagnostics) -> Variable {
    let body = &block.body;
    VARIABLE.check(body, diagnostics);
    let scope = Scope::constants(no_variables(), &crate::eval::NoFunctions);
    let description = body.attribute("description");
    let description = description.and_then(|attribute| read_text(&attribute.expr, &scope, diagnostics));
    let sensitive = body
        .attribute("sensitive")
        .and_then(|attribute| read(&attribute.expr, &Type::Bool, Null::Refused, &scope, diagnostics))
        .and_then(|value| value.as_bool())
        .unwrap_or(false);
    let mut readable = true;
    let (mut ty, defaults) = match body.attribute("type") {
        Some(attribute) => {
            let mut found = Diagnostics::new();
            let read = type_expression(&attribute.expr, &mut found);
            readable = !found.has_errors();
            diagnostics.append(found);
            // No value is held against a type of which a part could not be read, nor rules against a value without one.
            if readable { read } else { (Type::Any, Defaults::None) }
        }
        None => (Type::Any, Defaults::None),
    };
    let (mut assigned, mut unfit) = (None, None);
    if let Some(attribute) = body.attribute("default") {
        let value = default(&attribute.expr, functions, diagnostics);
        let value = match convert(&apply_defaults(&defaults, &value), &ty) {
            Ok(converted) if readable => converted,
            Ok(_) => Value::unknown(Type::Any),
            Err(error) => {
                unfit = Some(value);
                let detail = format!(
                    "This default value is not compatible with the variable's type constraint: {}.",
                    error.message
                );
                let summary = "Invalid default value for variable";
                diagnostics.push(Diagnostic::error(summary, detail).at(attribute.expr.span).within(attribute.span));
                Value::unknown(ty.clone())
            }
        };
        if ty == Type::Any && !stays_open(&value) {
            ty = value.ty();
        }
        let value = value.sensitive(sensitive);
        assigned = Some(Assigned { value, origin: Origin::Default, span: attribute.expr.span });
    }
    let rules = Rule::read_all(block, diagnostics);
    let default = assigned.as_ref().map(|assigned| assigned.value.clone());
    let description = description.unwrap_or_default();
    Variable { span: block.header, description, ty, defaults, sensitive, rules, default, unfit, assigned }
}

/// Evaluates a default, in which there are no names, and few functions.
fn default(expr: &Expr, functions: &dyn Functions, diagnostics: &mut Diagnostics) -> Value {
    let mut found = Diagnostics::new();
    let value = evaluate(expr, &Scope::constants(no_variables(), functions), &mut found);
    let way_out = "A default is constant, but for the function env. What is computed belongs into a local, which may use \
                   variables and all functions.";
    for problem in found {
        let is_computed = ["Call to unknown function", "Variables not allowed"].contains(&&*problem.summary);
        diagnostics.push(problem.hint(is_computed.then(|| way_out.to_owned())));
    }
    value
}

/// Whether a default leaves the type of an untyped variable open: null, `{}` and `[]` do (HCL-32).
fn stays_open(value: &Value) -> bool {
    match value.data() {
        Data::Null(_) => true,
        Data::Tuple(items) => items.is_empty(),
        Data::Object(members) => members.is_empty(),
        _ => false,
    }
}
