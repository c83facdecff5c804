//! Input variables: their declarations, the values that reach them, and the rules those must keep.
//!
//! Knows neither locals nor components.

mod assign;
mod declare;
mod rules;

use std::sync::Arc;

use indexmap::IndexMap;

pub use assign::Given;
use rules::Rule;

use crate::diagnostics::{Diagnostic, Diagnostics, SourceMap, Span};
use crate::eval::{Defaults, Functions};
use crate::template::outline::VariableOutline;
use crate::value::{Data, Type, Value};

/// The declared variables of a template, in text order.
#[derive(Default)]
pub struct Variables(IndexMap<Arc<str>, Variable>);

/// One declared variable.
pub struct Variable {
    /// Its declaration: a block's header, or a name in a `variables` block.
    span: Span,
    /// What it says of itself; empty when it says nothing.
    description: Arc<str>,
    /// What its values are converted to.
    ty: Type,
    /// Defaults inside `ty`.
    defaults: Defaults,
    /// Whether its texts are masked, and its values marked: diagnostics do not show what is computed from them.
    sensitive: bool,
    rules: Vec<Rule>,
    /// The value that it has when none is set.
    default: Option<Value>,
    /// A default that does not fit `ty`: what is told of that shows it.
    unfit: Option<Value>,
    /// The value that counts; the last one set.
    assigned: Option<Assigned>,
}

/// A value with where it came from.
struct Assigned {
    value: Value,
    origin: Origin,
    span: Span,
}

/// Where a value came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Origin {
    Default,
    Environment,
    File,
    CommandLine,
}

impl Origin {
    /// Returns how error texts name it (HCL-38).
    fn name(self) -> &'static str {
        match self {
            Origin::Default => "default",
            Origin::Environment => "env",
            Origin::File => "varfile",
            Origin::CommandLine => "cmd",
        }
    }
}

impl Variables {
    /// Reports every variable without a value (HCL-35) and every rule that a value breaks (HCL-36 … HCL-40).
    pub fn validate(&self, functions: &dyn Functions, sources: &SourceMap, diagnostics: &mut Diagnostics) {
        for (name, variable) in &self.0 {
            match &variable.assigned {
                None => {
                    let detail = format!(
                        "A variable without a default needs a value: use -var '{name}=…', a variable file, or the \
                         environment variable PKR_VAR_{name}."
                    );
                    diagnostics.push(Diagnostic::error(format!("Unset variable {name:?}"), detail).at(variable.span));
                }
                // What could not be read was told already.
                Some(assigned) if !assigned.value.is_wholly_known() => {}
                Some(assigned) => {
                    for rule in &variable.rules {
                        rule.check(name, assigned, functions, sources, diagnostics);
                    }
                }
            }
        }
    }

    /// Returns the declarations, in text order.
    pub fn outline(&self) -> Vec<VariableOutline> {
        let outline = |(name, variable): (&Arc<str>, &Variable)| VariableOutline {
            name: Arc::clone(name),
            description: Arc::clone(&variable.description),
            ty: variable.ty.clone(),
            sensitive: variable.sensitive,
            default: variable.default.clone(),
            span: variable.span,
        };
        self.0.iter().map(outline).collect()
    }

    /// Returns the object behind `var`; a variable without a value is unknown.
    pub fn values(&self) -> Value {
        let value = |variable: &Variable| match &variable.assigned {
            Some(assigned) => assigned.value.clone(),
            None => Value::unknown(variable.ty.clone()),
        };
        Value::object(self.0.iter().map(|(name, variable)| (Arc::clone(name), value(variable))))
    }
}

impl Variable {
    /// Remembers that there is a value, which could not be read.
    fn assign_unknown(&mut self, origin: Origin, span: Span) {
        self.assigned = Some(Assigned { value: Value::unknown(self.ty.clone()), origin, span });
    }
}

/// Does something with every text in `value`: numbers, bools and names of members are left out (HCL-51).
pub fn each_text(value: &Value, act: &mut dyn FnMut(&str)) {
    match value.data() {
        Data::String(text) => act(text),
        Data::List(_, items) | Data::Set(_, items) | Data::Tuple(items) => {
            items.iter().for_each(|item| each_text(item, act));
        }
        Data::Map(_, members) | Data::Object(members) => members.values().for_each(|member| each_text(member, act)),
        _ => {}
    }
}
