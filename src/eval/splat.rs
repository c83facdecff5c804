//! `source[*].name` and `source.*.name`: the same steps for every element.
//!
//! Which steps belong to the splat was decided by the parser.

use super::expr::evaluate as evaluate_expr;
use super::fault::Fault;
use super::scope::Scope;
use super::traversal::{attribute, element};
use crate::diagnostics::{Diagnostics, Span};
use crate::syntax::ast::{Splat, SplatStep};
use crate::value::{Data, Type, Value};

/// Evaluates a splat: a list or set gives a list, a tuple a tuple, a single value a tuple of one, null an empty one.
///
/// # Source
/// TYP-29.
pub fn evaluate(splat: &Splat, scope: &Scope<'_>, diagnostics: &mut Diagnostics) -> Value {
    let source = evaluate_expr(&splat.source, scope, diagnostics);
    let steps = Steps::new(splat, scope, diagnostics);
    let sensitive = source.is_sensitive();
    let result = match (source.data(), source.ty()) {
        (Data::Null(_), Type::List(_) | Type::Set(_) | Type::Tuple(_)) => {
            let detail = "This sequence is null, so there are no elements to take.";
            diagnostics.push(Fault::new("Splat of null value", detail).of(&splat.source, scope));
            Value::unknown(Type::Any)
        }
        (Data::Null(_), _) => Value::tuple([]),
        (Data::List(ty, items) | Data::Set(ty, items), _) => {
            let element = steps.ty(ty);
            let values = steps.each(items, splat, scope, diagnostics);
            match element {
                Some(ty) if values.iter().all(|value| value.ty() == ty) => Value::list(ty, values),
                _ => Value::tuple(values),
            }
        }
        (Data::Tuple(items), _) => Value::tuple(steps.each(items, splat, scope, diagnostics)),
        (Data::Unknown(_), Type::List(ty) | Type::Set(ty)) => {
            let values = steps.each(&[Value::unknown((*ty).clone())], splat, scope, diagnostics);
            Value::unknown(Type::list(values[0].ty()))
        }
        (Data::Unknown(_), Type::Tuple(types)) => {
            let items: Vec<Value> = types.iter().cloned().map(Value::unknown).collect();
            Value::tuple(steps.each(&items, splat, scope, diagnostics))
        }
        // It may turn out to be null, and then nothing is in it.
        (Data::Unknown(_), _) => Value::unknown(Type::Any),
        _ => Value::tuple(steps.each(std::slice::from_ref(&source), splat, scope, diagnostics)),
    };
    result.sensitive(sensitive)
}

/// The steps with their keys evaluated, once for all elements.
struct Steps<'s>(Vec<(&'s SplatStep, Value, Span)>);

impl<'s> Steps<'s> {
    fn new(splat: &'s Splat, scope: &Scope<'_>, diagnostics: &mut Diagnostics) -> Steps<'s> {
        let steps = splat.each.iter().map(|step| match step {
            SplatStep::Attr(name) => (step, Value::string(&name.text), name.span),
            SplatStep::LegacyIndex(key, span) => (step, Value::string(key), *span),
            SplatStep::Index(key, span) => (step, evaluate_expr(key, scope, diagnostics), *span),
        });
        Steps(steps.collect())
    }

    fn take(step: &SplatStep, value: &Value, key: &Value) -> Result<Value, Fault> {
        match step {
            SplatStep::Attr(name) => attribute(value, &name.text),
            SplatStep::Index(..) | SplatStep::LegacyIndex(..) => element(value, key),
        }
    }

    /// Returns the type that an element of type `ty` leads to, if the steps fit.
    fn ty(&self, ty: &Type) -> Option<Type> {
        let start = Value::unknown(ty.clone());
        let end = self.0.iter().try_fold(start, |value, (step, key, _)| Self::take(step, &value, key).ok());
        end.map(|value| value.ty())
    }

    fn each(&self, items: &[Value], splat: &Splat, scope: &Scope<'_>, diagnostics: &mut Diagnostics) -> Vec<Value> {
        let mut one = |item: &Value| {
            self.0.iter().try_fold(item.clone(), |value, (step, key, span)| {
                Self::take(step, &value, key).map_err(|fault| {
                    diagnostics
                        .push(fault.spanning(*span, &[&splat.source], scope).within(splat.source.span.to(*span)));
                })
            })
        };
        items.iter().map(|item| one(item).unwrap_or_else(|()| Value::unknown(Type::Any))).collect()
    }
}
