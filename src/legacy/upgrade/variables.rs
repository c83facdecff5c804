//! Variables to `variable` blocks, and to locals where their defaults need what only locals may use.
//!
//! Evaluates nothing.

use std::collections::BTreeMap;

use super::block::identifier;
use super::translate::{Place, Translator, is_local, users_of};
use crate::legacy::Template;

/// What the variables become.
pub struct Variables {
    /// `variable` blocks, by name.
    pub variables: String,
    /// `local` blocks of the sensitive ones, then one `locals` block.
    pub locals: String,
    /// Names of the `variable` blocks.
    pub names: Vec<String>,
}

/// Translates the variables of `template`, and those that its text `file` uses without declaring them.
///
/// # Source
/// UPG-7 … UPG-10.
pub fn of(template: &Template, file: &str, translator: &mut Translator) -> Variables {
    let undeclared = users_of(file);
    let mut all: BTreeMap<&str, Option<&str>> = undeclared.iter().map(|name| (name.as_str(), None)).collect();
    let declared = template.variables.iter();
    all.extend(declared.map(|one| (one.name.text.as_str(), one.default.as_ref().map(|text| text.text.as_str()))));
    let (locals, variables): (Vec<_>, Vec<_>) = all.into_iter().partition(|(_, default)| default.is_some_and(is_local));
    translator.locals = locals.iter().map(|(name, _)| (*name).to_owned()).collect();

    let mut text = String::new();
    let names = variables.iter().map(|(name, _)| (*name).to_owned()).collect();
    for (name, default) in variables {
        text += &translator.block(Place::Variable, &|writer| {
            writer.blank();
            writer.open("variable", &[&self::name(name)]);
            writer.raw("type", "string");
            if let Some(default) = default {
                writer.text("default", default);
            }
            if template.is_sensitive(name) {
                writer.raw("sensitive", "true");
            }
            writer.close();
        });
    }
    Variables { variables: text, locals: locals_of(template, &locals, translator), names }
}

/// Returns what a variable is called in HCL2.
pub fn name(name: &str) -> String {
    identifier(name, "variable")
}

fn locals_of(template: &Template, locals: &[(&str, Option<&str>)], translator: &mut Translator) -> String {
    let (sensitive, plain): (Vec<_>, Vec<_>) = locals.iter().partition(|(name, _)| template.is_sensitive(name));
    let mut text = String::new();
    for (name, expression) in sensitive {
        text += &translator.block(Place::Block, &|writer| {
            writer.blank();
            writer.open("local", &[&self::name(name)]);
            writer.raw("sensitive", "true");
            writer.text("expression", expression.unwrap_or_default());
            writer.close();
        });
    }
    if !plain.is_empty() {
        text += &translator.block(Place::Block, &|writer| {
            writer.blank();
            writer.open("locals", &[]);
            for (name, value) in &plain {
                writer.text(&self::name(name), value.unwrap_or_default());
            }
            writer.close();
        });
    }
    text
}
