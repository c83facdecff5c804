//! What went wrong, before it has a place; and the named values that took part.
//!
//! Knows no operation: whoever fails makes a [`Fault`], whoever has the expression makes it a diagnostic.

use super::references::{Reference, Step, references};
use super::scope::Scope;
use super::traversal;
use crate::diagnostics::{Diagnostic, Span};
use crate::syntax::ast::Expr;
use crate::value::convert::ConvertError;
use crate::value::{Data, Type, Value};

/// An error without its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Fault {
    summary: &'static str,
    detail: String,
    hint: Option<String>,
}

impl Fault {
    /// Makes a fault.
    pub fn new(summary: &'static str, detail: impl Into<String>) -> Fault {
        Fault { summary, detail: detail.into(), hint: None }
    }

    /// Leaves the way out away if it would show what is in a sensitive value.
    pub fn hidden(mut self, sensitive: bool) -> Fault {
        self.hint = self.hint.filter(|_| !sensitive);
        self
    }

    /// Adds a way out: the name that was probably meant.
    pub fn suggest(mut self, name: Option<&str>) -> Fault {
        self.hint = name.map(|name| format!("Did you mean {name:?}?"));
        self
    }

    /// Adds a way out.
    pub fn hint(mut self, hint: &str) -> Fault {
        self.hint = Some(hint.to_owned());
        self
    }

    /// Adds a way out where a single value stands for a list of one.
    pub fn brackets(self, value: &Value, wanted: &Type) -> Fault {
        let single = matches!(value.ty(), Type::String | Type::Number | Type::Bool);
        match wanted {
            Type::List(_) | Type::Set(_) if single => self.hint("A list of one value is written in brackets: [ … ]."),
            _ => self,
        }
    }

    /// Returns `what: reason.`
    pub fn sentence(what: &str, reason: &ConvertError) -> String {
        format!("{what}: {}.", reason.message.trim_end_matches('.'))
    }

    /// Places it at `expr`, with the values that `expr` uses.
    pub fn of(self, expr: &Expr, scope: &Scope<'_>) -> Diagnostic {
        self.spanning(expr.span, &[expr], scope)
    }

    /// Places it at `span`, with the values that `exprs` use (DIA-4).
    pub fn spanning(self, span: Span, exprs: &[&Expr], scope: &Scope<'_>) -> Diagnostic {
        Diagnostic::error(self.summary, self.detail).at(span).hint(self.hint).with_values(named_values(exprs, scope))
    }
}

/// Returns the named values that `exprs` use, in words, sorted by name; what is unknown or absent is left out.
pub fn named_values(exprs: &[&Expr], scope: &Scope<'_>) -> Vec<(String, String)> {
    let mut values: Vec<(String, String)> = exprs
        .iter()
        .flat_map(|expr| references(expr))
        .filter_map(|reference| resolve(reference, scope))
        .filter_map(|(reference, value)| Some((reference.to_string(), describe(&value)?)))
        .collect();
    values.sort();
    values.dedup();
    values
}

/// Follows `reference` as far as it leads, and returns that much of it with its value.
fn resolve(mut reference: Reference, scope: &Scope<'_>) -> Option<(Reference, Value)> {
    if scope.is_sealed() {
        return None;
    }
    let mut value = scope.variable(&reference.root)?.clone();
    for (index, step) in reference.steps.iter().enumerate() {
        let next = match step {
            Step::Attribute(name) => traversal::attribute(&value, name),
            Step::Key(key) | Step::Number(key) => traversal::element(&value, &Value::string(key)),
        };
        match next {
            Ok(next) => value = next,
            // Of `var.nope` nothing is worth saying: `var` is just where all variables are.
            Err(_) if index == 0 && matches!(value.data(), Data::Object(_)) => return None,
            Err(_) => {
                reference.steps.truncate(index);
                break;
            }
        }
    }
    Some((reference, value))
}

/// Returns `value` in a few words; `None` when there is nothing to say about it.
fn describe(value: &Value) -> Option<String> {
    let counted = |count: usize, what: &str| match count {
        1 => format!("1 {what}"),
        _ => format!("{count} {what}s"),
    };
    if value.is_sensitive() {
        // A text looks like any other that is hidden where lines are made.
        let shown = if value.as_str().is_some() { "\"<sensitive>\"" } else { "(sensitive value)" };
        return Some(shown.to_owned());
    }
    let kind = value.ty().friendly();
    Some(match value.data() {
        Data::Unknown(_) => return None,
        Data::Null(_) => "null".to_owned(),
        Data::Bool(value) => value.to_string(),
        Data::Number(number) => number.to_string(),
        Data::String(text) => format!("{text:?}"),
        Data::List(_, items) | Data::Set(_, items) | Data::Tuple(items) => {
            format!("{kind} with {}", counted(items.len(), "element"))
        }
        Data::Map(_, members) => format!("{kind} with {}", counted(members.len(), "element")),
        Data::Object(members) => match members.keys().next() {
            Some(only) if members.len() == 1 => format!("object with 1 attribute {only:?}"),
            _ => format!("object with {}", counted(members.len(), "attribute")),
        },
    })
}
