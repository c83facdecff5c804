//! Texts with `${ }` and `%{ }` in them.
//!
//! White space was stripped and escapes were decoded by the parser.

use std::sync::Arc;

use super::expr::{as_condition, evaluate as evaluate_expr};
use super::fault::Fault;
use super::for_expr::{bindings, entries};
use super::marks::is_sensitive_within;
use super::scope::Scope;
use crate::diagnostics::Diagnostics;
use crate::syntax::ast::{Expr, Template, TemplatePart};
use crate::value::convert::convert;
use crate::value::{Data, Type, Value};

/// Evaluates a text; one that is a single `${ }` keeps the type of what is inside (TYP-33).
pub fn evaluate(template: &Template, scope: &Scope<'_>, diagnostics: &mut Diagnostics) -> Value {
    match &template.parts[..] {
        [] => Value::string(""),
        [TemplatePart::Literal(text, _)] => Data::String(Arc::clone(text)).into(),
        [TemplatePart::Interpolation(expr)] => evaluate_expr(expr, scope, diagnostics),
        parts => {
            let mut text = Text { known: true, ..Text::default() };
            text.write(parts, scope, diagnostics);
            let value = if text.known { Value::string(&text.written) } else { Value::unknown(Type::String) };
            value.sensitive(text.sensitive)
        }
    }
}

/// A text in the making.
#[derive(Default)]
struct Text {
    written: String,
    known: bool,
    sensitive: bool,
}

impl Text {
    fn write(&mut self, parts: &[TemplatePart], scope: &Scope<'_>, diagnostics: &mut Diagnostics) {
        for part in parts {
            match part {
                TemplatePart::Literal(text, _) => self.written.push_str(text),
                TemplatePart::Interpolation(expr) => self.interpolate(expr, scope, diagnostics),
                TemplatePart::If(inner) => match self.decide(&inner.condition, scope, diagnostics) {
                    Some(true) => self.write(&inner.then, scope, diagnostics),
                    Some(false) => self.write(&inner.otherwise, scope, diagnostics),
                    None => self.known = false,
                },
                TemplatePart::For(inner) => {
                    for (k, v) in self.rounds(&inner.collection, scope, diagnostics) {
                        let bound = bindings(inner.key.as_ref(), &inner.value, k, v);
                        self.write(&inner.body, &scope.within(&bound), diagnostics);
                    }
                }
            }
        }
    }

    fn interpolate(&mut self, expr: &Expr, scope: &Scope<'_>, diagnostics: &mut Diagnostics) {
        let value = evaluate_expr(expr, scope, diagnostics);
        self.sensitive |= is_sensitive_within(&value);
        let summary = "Invalid template interpolation value";
        let fault = if value.is_null() {
            let detail = "The expression result is null. Cannot include a null value in a string template.";
            Fault::new(summary, detail)
        } else {
            match convert(&value, &Type::String) {
                Ok(converted) => {
                    match converted.as_str() {
                        Some(text) => self.written.push_str(text),
                        None => self.known = false,
                    }
                    return;
                }
                Err(error) => {
                    let detail = Fault::sentence("Cannot include the given value in a string template", &error);
                    Fault::new(summary, detail).hint(match value.ty() {
                        Type::List(_) | Type::Set(_) | Type::Tuple(_) => "A list becomes a text with join(\", \", …).",
                        _ => "Take a single value out of it, or show all of it with jsonencode(…).",
                    })
                }
            }
        };
        self.known = false;
        diagnostics.push(fault.of(expr, scope));
    }

    fn decide(&mut self, condition: &Expr, scope: &Scope<'_>, diagnostics: &mut Diagnostics) -> Option<bool> {
        let value = evaluate_expr(condition, scope, diagnostics);
        self.sensitive |= value.is_sensitive();
        as_condition(&value).unwrap_or_else(|fault| {
            diagnostics.push(fault.of(condition, scope));
            None
        })
    }

    fn rounds(&mut self, collection: &Expr, scope: &Scope<'_>, diagnostics: &mut Diagnostics) -> Vec<(Value, Value)> {
        let value = evaluate_expr(collection, scope, diagnostics);
        self.sensitive |= value.is_sensitive();
        let entries = entries(&value).unwrap_or_else(|fault| {
            diagnostics.push(fault.of(collection, scope));
            None
        });
        self.known &= entries.is_some();
        entries.unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{failure, holds, summaries, value};
    use super::*;

    // HCL-107, TYP-33
    #[test]
    fn texts_take_values_and_directives() {
        holds(&[
            r#""a${1}b${true}" == "a1btrue""#,
            r#""${1}" == 1"#,
            r#""Hello%{ if false } there%{ endif }!" == "Hello!""#,
            r#""%{ if 1 > 2 }more%{ else }less%{ endif }" == "less""#,
            r#""%{ for i, x in ["a", "b"] }${i}=${x};%{ endfor }" == "0=a;1=b;""#,
            r#""%{ for x in [1, 2, 3] }%{ if x % 2 == 1 }${x}%{ endif }%{ endfor }" == "13""#,
            r#""%{ if true }${1}%{ endif }" == "1""#,
            r#""%{ for object in ["v"] }${object}%{ endfor }" == "v""#,
        ]);
    }

    // TYP-32
    #[test]
    fn null_and_collections_cannot_become_text() {
        let said = failure("\"a${null}\"");
        assert_eq!(said.summary, "Invalid template interpolation value");
        assert_eq!(said.detail, "The expression result is null. Cannot include a null value in a string template.");
        assert!(failure("\"a${[1]}\"").detail.contains("string required"));
        assert_eq!(summaries("\"%{ if null }a%{ endif }\""), ["Null condition"]);
        assert_eq!(summaries("\"a${nosuch}${[1]}\"").len(), 2);
        assert_eq!(value("\"${null}\""), Value::null(Type::Any));
    }

    // HCL-96
    #[test]
    fn one_unknown_part_makes_the_text_unknown() {
        assert_eq!(value("\"a-${unknown.string}\""), Value::unknown(Type::String));
        assert_eq!(value("\"%{ if unknown.bool }x%{ endif }\""), Value::unknown(Type::String));
        assert_eq!(summaries("\"a${unknown.list}\""), ["Invalid template interpolation value"]);
    }

    #[test]
    fn a_sensitive_part_makes_the_text_sensitive() {
        assert!(value("\"a${secret}\"").is_sensitive());
        assert!(value("\"%{ if secret == \"x\" }a%{ endif }\"").is_sensitive());
    }
}
