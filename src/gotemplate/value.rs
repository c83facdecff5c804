//! Values of templates: what fields hold, what functions take and give.
//!
//! Knows no syntax.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::format::float;
use crate::value::{Data, Type, Value, convert};

/// A value while a template runs.
#[derive(Clone, Debug)]
pub enum Val {
    /// Nothing: a field that is not there, or Go's `nil`.
    Nothing,
    Bool(bool),
    Int(i64),
    /// A byte of a text.
    Byte(u8),
    Float(f64),
    /// The imaginary part; the real one is zero.
    Imaginary(f64),
    Text(Arc<str>),
    List(Arc<[Val]>),
    Map(Arc<BTreeMap<String, Val>>),
    /// What the template as a whole is given: its dot.
    Data,
}

impl Val {
    /// Makes a text.
    pub fn text(text: &str) -> Val {
        Val::Text(text.into())
    }

    /// Returns `value` as templates see it; what is null, unknown or has no text is nothing.
    pub fn of(value: &Value) -> Val {
        if let Some(text) = value.as_str() {
            return Val::text(text);
        }
        match value.data() {
            Data::Object(members) | Data::Map(_, members) => {
                Val::Map(Arc::new(members.iter().map(|(name, value)| (name.to_string(), Val::of(value))).collect()))
            }
            _ if value.as_items().is_some() => {
                Val::List(value.as_items().unwrap_or_default().iter().map(Val::of).collect())
            }
            _ if value.as_bool().is_some() => Val::Bool(value.as_bool().unwrap_or_default()),
            _ => match value.as_number().and_then(|number| number.as_i64()) {
                Some(number) => Val::Int(number),
                None => {
                    let text = convert::convert(value, &Type::String).ok();
                    text.as_ref().and_then(Value::as_str).map_or(Val::Nothing, Val::text)
                }
            },
        }
    }

    /// Whether it counts as true (JSON-59).
    pub fn is_true(&self) -> bool {
        match self {
            Val::Nothing => false,
            Val::Bool(flag) => *flag,
            Val::Int(number) => *number != 0,
            Val::Byte(byte) => *byte != 0,
            Val::Float(number) | Val::Imaginary(number) => *number != 0.0,
            Val::Text(text) => !text.is_empty(),
            Val::List(items) => !items.is_empty(),
            Val::Map(members) => !members.is_empty(),
            Val::Data => true,
        }
    }

    /// Returns what Go calls its type.
    pub fn type_name(&self) -> &'static str {
        match self {
            Val::Nothing => "<nil>",
            Val::Bool(_) => "bool",
            Val::Int(_) => "int",
            Val::Byte(_) => "uint8",
            Val::Float(_) => "float64",
            Val::Imaginary(_) => "complex128",
            Val::Text(_) => "string",
            Val::List(_) => "[]interface {}",
            Val::Map(_) | Val::Data => "map[string]interface {}",
        }
    }

    /// Adds it as Go's `%v` prints it.
    pub fn print(&self, out: &mut String) {
        match self {
            Val::Nothing | Val::Data => out.push_str("<nil>"),
            Val::Bool(flag) => out.push_str(if *flag { "true" } else { "false" }),
            Val::Int(number) => out.push_str(&number.to_string()),
            Val::Byte(byte) => out.push_str(&byte.to_string()),
            Val::Float(number) => out.push_str(&float(*number)),
            Val::Imaginary(number) => {
                *out += &format!("(0{}{}i)", if *number < 0.0 { "" } else { "+" }, float(*number))
            }
            Val::Text(text) => out.push_str(text),
            Val::List(items) => {
                out.push('[');
                for (index, item) in items.iter().enumerate() {
                    out.push_str(if index > 0 { " " } else { "" });
                    item.print(out);
                }
                out.push(']');
            }
            Val::Map(members) => {
                out.push_str("map[");
                for (index, (name, value)) in members.iter().enumerate() {
                    out.push_str(if index > 0 { " " } else { "" });
                    out.push_str(name);
                    out.push(':');
                    value.print(out);
                }
                out.push(']');
            }
        }
    }

    /// Returns it as Go's `%v` prints it.
    pub fn printed(&self) -> String {
        let mut out = String::new();
        self.print(&mut out);
        out
    }
}
