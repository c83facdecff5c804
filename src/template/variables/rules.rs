//! `validation` blocks: what a variable's value must be like.

use std::sync::Arc;

use super::Assigned;
use crate::diagnostics::{Diagnostic, Diagnostics, SourceMap, Span};
use crate::eval::{Functions, NoFunctions, Scope, evaluate, no_variables, references};
use crate::syntax::ast::{Block, Expr};
use crate::template::shape::{Shape, has_labels, read_text};
use crate::value::convert::convert;
use crate::value::{Members, Type, Value};

const VALIDATION: Shape = Shape { attributes: &["condition", "error_message"], blocks: &[], elsewhere: &[] };

/// One rule.
pub struct Rule {
    condition: Expr,
    message: Arc<str>,
    header: Span,
}

impl Rule {
    /// Reads the rules of a `variable` block; those that cannot be used are reported and left out.
    pub fn read_all(variable: &Block, diagnostics: &mut Diagnostics) -> Vec<Rule> {
        let name = &variable.labels[0].text;
        variable.body.blocks_of("validation").filter_map(|block| Rule::read(name, block, diagnostics)).collect()
    }

    fn read(variable: &str, block: &Block, diagnostics: &mut Diagnostics) -> Option<Rule> {
        if !has_labels(block, &[], diagnostics) {
            return None;
        }
        VALIDATION.check(&block.body, diagnostics);
        for name in VALIDATION.attributes.iter().filter(|name| block.body.attribute(name).is_none()) {
            let detail = format!("The argument {name:?} is required, but no definition was found.");
            diagnostics
                .push(Diagnostic::error("Missing required argument", detail).at(block.body.missing_at(block.header)));
        }
        // One that refers to something else is not evaluated: that would only say the same again.
        let condition = block.body.attribute("condition");
        let condition = condition.filter(|condition| has_sound_references(variable, &condition.expr, diagnostics));
        let message = block.body.attribute("error_message").and_then(|message| {
            let scope = Scope::constants(no_variables(), &NoFunctions);
            let text = read_text(&message.expr, &scope, diagnostics)?;
            if is_sentence(&text) {
                return Some(text);
            }
            let detail = "The message must be a sentence: it starts with a capital letter and ends with a full stop, \
                          a question mark or an exclamation mark.";
            let problem = Diagnostic::error("Invalid validation error message", detail);
            diagnostics.push(problem.at(message.expr.span).within(message.span));
            None
        });
        Some(Rule { condition: condition?.expr.clone(), message: message?, header: block.header })
    }

    /// Reports it when the value breaks the rule, or when the condition gives no answer.
    pub fn check(
        &self,
        variable: &Arc<str>,
        assigned: &Assigned,
        functions: &dyn Functions,
        sources: &SourceMap,
        diagnostics: &mut Diagnostics,
    ) {
        let object = Value::object([(Arc::clone(variable), assigned.value.clone())]);
        let roots = Members::from([(Arc::from("var"), object)]);
        let mut found = Diagnostics::new();
        let result = evaluate(&self.condition, &Scope::new(&roots, functions), &mut found);
        let failed = found.has_errors();
        diagnostics.append(found);
        if failed {
            return;
        }
        let unusable = |reason: &str| {
            let detail = format!("The condition must be true or false, and this one gives no such answer: {reason}.");
            Diagnostic::error("Invalid variable validation result", detail).at(self.condition.span)
        };
        match convert(&result, &Type::Bool) {
            Ok(answer) if answer.is_null() => diagnostics.push(unusable("it is null")),
            Ok(answer) if answer.as_bool() == Some(false) => {
                let summary = format!("Invalid value for {} variable", assigned.origin.name());
                let place = sources.describe(self.header);
                let detail = format!("{}\n\nThis was checked by the validation rule at {place}.", self.message);
                diagnostics.push(Diagnostic::error(summary, detail).at(assigned.span));
            }
            Ok(_) => {}
            Err(error) => diagnostics.push(unusable(&error.message)),
        }
    }
}

/// Whether a condition refers to its own variable, at least once, and to nothing else (HCL-37).
fn has_sound_references(variable: &str, condition: &Expr, diagnostics: &mut Diagnostics) -> bool {
    let mut itself = false;
    let mut others = false;
    for reference in references(condition) {
        if &*reference.root == "var" && reference.name(0) == Some(variable) {
            itself = true;
            continue;
        }
        others = true;
        let detail =
            format!("A condition may refer to its own variable alone, var.{variable}, and not to {reference}.");
        diagnostics.push(Diagnostic::error("Invalid reference in variable validation", detail).at(reference.span));
    }
    if !itself {
        let detail = format!("The condition says nothing about the variable: it must refer to var.{variable}.");
        diagnostics.push(Diagnostic::error("Invalid variable validation condition", detail).at(condition.span));
    }
    itself && !others
}

/// Whether `text` starts like a sentence, if with a letter at all, and ends like one (HCL-39).
fn is_sentence(text: &str) -> bool {
    let text = text.trim();
    let starts = text.chars().next().is_some_and(|first| !first.is_alphabetic() || first.is_uppercase());
    starts && text.ends_with(['.', '?', '!'])
}

#[cfg(test)]
mod tests {
    use super::is_sentence;

    #[test]
    fn a_message_is_a_sentence() {
        // HCL-39
        assert!(["A b.", "5 is fine!", "  Öfters?  ", "\"quoted\" start."].iter().all(|text| is_sentence(text)));
        assert!(!["lower.", "No end", "", "中文.", "Colon:"].iter().any(|text| is_sentence(text)));
    }
}
