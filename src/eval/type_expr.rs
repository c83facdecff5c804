//! Types as they are written: `list(string)`, `object({ a = optional(number, 5) })`.
//!
//! Knows no variable declaration: what `any` means beside a default is the template's business.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::defaults::{Defaults, OptionalDefault, apply_defaults};
use super::expr::evaluate;
use super::scope::{NoFunctions, Scope, no_variables};
use crate::diagnostics::{Diagnostic, Diagnostics, did_you_mean};
use crate::syntax::ast::{Call, Expr, ExprKind, ObjectItem, ObjectKey};
use crate::value::convert::convert;
use crate::value::{ObjectType, Type, Value};

const SUMMARY: &str = "Invalid type specification";
const KEYWORDS: [&str; 9] = ["string", "number", "bool", "any", "list", "set", "map", "object", "tuple"];

/// Reads the type of a variable, with the defaults of its optional attributes.
///
/// What cannot be read is reported and counts as `any`.
///
/// # Source
/// HCL-27, HCL-28.
pub fn type_expression(expr: &Expr, diagnostics: &mut Diagnostics) -> (Type, Defaults) {
    Reading { optional: Optional::Applies, diagnostics }.ty(expr)
}

/// Reads the type argument of `convert`, where `optional(T)` is plain `T` and has no default (TYP-22).
pub fn type_expression_plain(expr: &Expr, diagnostics: &mut Diagnostics) -> Type {
    Reading { optional: Optional::HasNoEffect, diagnostics }.ty(expr).0
}

/// What `optional(…)` does to an attribute.
#[derive(Clone, Copy, PartialEq)]
enum Optional {
    Applies,
    HasNoEffect,
}

struct Reading<'d> {
    optional: Optional,
    diagnostics: &'d mut Diagnostics,
}

impl Reading<'_> {
    fn ty(&mut self, expr: &Expr) -> (Type, Defaults) {
        match &expr.kind {
            ExprKind::Invalid => open(),
            ExprKind::Variable(name) => (self.keyword(name, expr), Defaults::None),
            ExprKind::Call(call) => self.constructor(call, expr),
            ExprKind::Template(template) => {
                let detail = match &template.parts[..] {
                    [_] => "A type is written without quotes, such as string or list(string).",
                    _ => "A type is a keyword such as string or a constructor such as list(string), not a text.",
                };
                self.wrong(expr, detail, None)
            }
            _ => {
                let detail = "A type is a keyword such as string or a constructor such as list(string).";
                self.wrong(expr, detail, None)
            }
        }
    }

    fn wrong(&mut self, expr: &Expr, detail: impl Into<String>, hint: Option<String>) -> (Type, Defaults) {
        self.diagnostics.push(Diagnostic::error(SUMMARY, detail).at(expr.span).hint(hint));
        open()
    }

    fn keyword(&mut self, name: &str, expr: &Expr) -> Type {
        match name {
            "string" => return Type::String,
            "number" => return Type::Number,
            "bool" => return Type::Bool,
            "any" => return Type::Any,
            "list" | "set" | "map" => {
                self.wrong(expr, format!("The {name} type needs its element type, such as {name}(string)."), None);
            }
            "object" => {
                self.wrong(expr, "The object type needs its attributes, such as object({ name = string }).", None);
            }
            "tuple" => {
                self.wrong(expr, "The tuple type needs its element types, such as tuple([string, number]).", None);
            }
            _ => {
                let hint = did_you_mean(name, KEYWORDS).map(|near| format!("Did you mean {near:?}?"));
                self.wrong(expr, format!("The keyword {name:?} is not a valid type specification."), hint);
            }
        }
        Type::Any
    }

    fn constructor(&mut self, call: &Call, expr: &Expr) -> (Type, Defaults) {
        let name = &*call.name.text;
        match name {
            "list" | "set" | "map" => {
                let [element] = &call.args[..] else {
                    let detail = format!("The {name} type takes one argument, its element type: {name}(string).");
                    return self.wrong(expr, detail, None);
                };
                let (element, defaults) = self.ty(element);
                let make = match name {
                    "list" => Type::list,
                    "set" => Type::set,
                    _ => Type::map,
                };
                (make(element), Defaults::elements(defaults))
            }
            "tuple" => match call.args.iter().map(|arg| &arg.kind).collect::<Vec<_>>()[..] {
                [ExprKind::Tuple(items)] => self.tuple(items),
                _ => {
                    let detail = "The tuple type takes one list of types: tuple([string, number]).";
                    self.wrong(expr, detail, None)
                }
            },
            "object" => match call.args.iter().map(|arg| &arg.kind).collect::<Vec<_>>()[..] {
                [ExprKind::Object(items)] => self.object(items),
                _ => {
                    let detail = "The object type takes one set of attributes: object({ name = string }).";
                    self.wrong(expr, detail, None)
                }
            },
            "optional" => {
                let detail =
                    "Only an attribute of an object type can be optional: object({ name = optional(string) }).";
                self.wrong(expr, detail, None)
            }
            "string" | "number" | "bool" | "any" => {
                self.wrong(expr, format!("The type {name} takes no arguments."), None)
            }
            _ => {
                let hint = did_you_mean(name, KEYWORDS).map(|near| format!("Did you mean {near:?}?"));
                self.wrong(expr, format!("There is no type constructor {name:?}."), hint)
            }
        }
    }

    fn tuple(&mut self, items: &[Expr]) -> (Type, Defaults) {
        let (types, defaults): (Vec<Type>, Vec<Defaults>) = items.iter().map(|item| self.ty(item)).unzip();
        (Type::Tuple(types.into()), Defaults::tuple(defaults))
    }

    fn object(&mut self, items: &[ObjectItem]) -> (Type, Defaults) {
        let mut object = ObjectType { attributes: BTreeMap::new(), optional: BTreeSet::new() };
        let mut defaults = BTreeMap::new();
        for item in items {
            let name = match &item.key {
                ObjectKey::Word(word) => word,
                ObjectKey::Expr(key) => {
                    self.wrong(key, "The names of an object type's attributes are plain words, without quotes.", None);
                    continue;
                }
            };
            let attribute = self.attribute(&item.value);
            if attribute.optional {
                object.optional.insert(Arc::clone(&name.text));
            }
            defaults.insert(Arc::clone(&name.text), attribute.default);
            if object.attributes.insert(Arc::clone(&name.text), attribute.ty).is_some() {
                let detail = format!("The attribute {:?} was already given.", &*name.text);
                self.diagnostics.push(Diagnostic::error(SUMMARY, detail).at(name.span));
            }
        }
        (Type::Object(Arc::new(object)), Defaults::object(defaults))
    }

    fn attribute(&mut self, expr: &Expr) -> AttributeType {
        let call = match &expr.kind {
            ExprKind::Call(call) if &*call.name.text == "optional" => call,
            _ => {
                let (ty, inner) = self.ty(expr);
                return AttributeType { ty, optional: false, default: OptionalDefault { value: None, inner } };
            }
        };
        let (ty, default) = match &call.args[..] {
            [ty] => (ty, None),
            [ty, default] => (ty, Some(default)),
            _ => {
                self.wrong(expr, "Write optional(TYPE) or optional(TYPE, DEFAULT).", None);
                let default = OptionalDefault { value: None, inner: Defaults::None };
                return AttributeType { ty: Type::Any, optional: true, default };
            }
        };
        let (ty, inner) = self.ty(ty);
        if self.optional == Optional::HasNoEffect {
            if let Some(default) = default {
                self.wrong(default, "Optional attributes have no defaults here; only a variable's type has.", None);
            }
            return AttributeType { ty, optional: false, default: OptionalDefault { value: None, inner } };
        }
        let value = default.and_then(|default| self.default(default, &ty, &inner));
        AttributeType { ty, optional: true, default: OptionalDefault { value, inner } }
    }

    fn default(&mut self, expr: &Expr, ty: &Type, inner: &Defaults) -> Option<Value> {
        let before = self.diagnostics.len();
        let value = evaluate(expr, &Scope::constants(no_variables(), &NoFunctions), self.diagnostics);
        if self.diagnostics.len() > before {
            return None;
        }
        match convert(&apply_defaults(inner, &value), ty) {
            Ok(value) => Some(value),
            Err(error) => {
                let reason = error.message.trim_end_matches('.');
                let detail = format!("The default of this optional attribute does not fit its type: {reason}.");
                let summary = "Invalid default value for optional attribute";
                self.diagnostics.push(Diagnostic::error(summary, detail).at(expr.span));
                None
            }
        }
    }
}

struct AttributeType {
    ty: Type,
    optional: bool,
    default: OptionalDefault,
}

fn open() -> (Type, Defaults) {
    (Type::Any, Defaults::None)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{expression, ty, value};
    use super::*;

    fn read(text: &str) -> (Type, Defaults, Vec<Diagnostic>) {
        let mut said = Diagnostics::new();
        let (ty, defaults) = type_expression(&expression(text), &mut said);
        (ty, defaults, said.into_iter().collect())
    }

    // HCL-27
    #[test]
    fn types_are_read_in_depth() {
        assert_eq!(ty("list(set(map(any)))"), Type::list(Type::set(Type::map(Type::Any))));
        let tuple = ty("tuple([string, object({ a = number, b = optional(bool) })])");
        let Type::Tuple(places) = &tuple else { panic!("{tuple:?}") };
        let Type::Object(object) = &places[1] else { panic!("{tuple:?}") };
        assert_eq!(object.attributes[&Arc::from("b")], Type::Bool);
        assert_eq!(object.optional.iter().map(|name| &**name).collect::<Vec<_>>(), ["b"]);
    }

    // HCL-27, HCL-28, DIA-24
    #[test]
    fn what_is_no_type_is_refused_once() {
        for text in [
            "strin",
            "\"string\"",
            "list",
            "map",
            "set",
            "object",
            "tuple",
            "string(10)",
            "any(string)",
            "list(string, number)",
            "map()",
            "vector(string)",
            "object(string)",
            "object({ a = string, a = number })",
            "object({ (x) = string })",
            "object({ \"a\" = string })",
            "tuple(string)",
            "[string]",
            "{ a = string }",
            "var.x",
            "5",
            "null",
            "optional(string)",
            "list(optional(string))",
            "object({ x = optional() })",
            "object({ x = optional(string, 1, 2) })",
        ] {
            let (_, _, said) = read(text);
            assert_eq!(said.iter().map(|d| &*d.summary).collect::<Vec<_>>(), [SUMMARY], "{text}");
        }
        assert_eq!(read("strin").2[0].detail, "The keyword \"strin\" is not a valid type specification.");
        assert_eq!(read("strin").2[0].hint.as_deref(), Some("Did you mean \"string\"?"));
    }

    // HCL-28
    #[test]
    fn defaults_fill_what_is_missing_or_null() {
        let (ty, defaults, said) = read(
            "map(object({ port = optional(number, \"22\"), auth = optional(object({ user = optional(string, \"root\") }), {}) }))",
        );
        assert!(said.is_empty(), "{said:?}");
        let filled = |text: &str| convert(&apply_defaults(&defaults, &value(text)), &ty).expect("it fits");
        let full = value("{ z = { port = 22, auth = { user = \"root\" } } }");
        assert_eq!(filled("{ z = {} }"), convert(&full, &ty).expect("it fits"));
        assert_eq!(filled("{ z = { auth = null, port = null } }"), filled("{ z = {} }"));
        assert_eq!(filled("{ z = { auth = { user = null } } }"), filled("{ z = {} }"));
        assert_ne!(filled("{ z = { port = 2 } }"), filled("{ z = {} }"));
        assert_eq!(apply_defaults(&defaults, &Value::null(Type::Any)), Value::null(Type::Any));
    }

    // HCL-28
    #[test]
    fn defaults_reach_into_lists_sets_and_tuples() {
        let (ty, defaults, _) = read("tuple([string, list(object({ x = optional(number, 1) }))])");
        let filled = convert(&apply_defaults(&defaults, &value("[\"p\", [{}, { x = 2 }]]")), &ty).expect("it fits");
        let full = convert(&value("[\"p\", [{ x = 1 }, { x = 2 }]]"), &ty).expect("it fits");
        assert_eq!(filled, full);
    }

    // HCL-28, HCL-29
    #[test]
    fn a_default_is_constant_and_of_its_type() {
        let summary = |text: &str| read(text).2.into_iter().map(|d| d.summary).collect::<Vec<_>>();
        assert_eq!(
            summary("object({ x = optional(number, \"abc\") })"),
            ["Invalid default value for optional attribute"]
        );
        assert_eq!(summary("object({ x = optional(string, var.b) })"), ["Variables not allowed"]);
        assert_eq!(summary("object({ x = optional(string, upper(\"a\")) })"), ["Call to unknown function"]);
    }

    // TYP-22
    #[test]
    fn optional_has_no_effect_in_convert_and_no_default() {
        let mut said = Diagnostics::new();
        let ty = type_expression_plain(&expression("object({ a = optional(string) })"), &mut said);
        assert!(said.is_empty());
        assert_eq!(ty, Type::object([(Arc::from("a"), Type::String)]));
        type_expression_plain(&expression("object({ a = optional(string, \"x\") })"), &mut said);
        assert!(said.iter().all(|d| d.detail.contains("Optional")) && said.len() == 1);
    }
}
