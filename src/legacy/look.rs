//! A template to look at: its parts as they are written, and a console for its variables.
//!
//! Prepares nothing and asks no component.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::Legacy;
use super::variables::Values;
use crate::diagnostics::{Diagnostics, SourceMap};
use crate::gotemplate::{self, Engine, Fields};
use crate::secrets::MASK;

/// A template to look at.
pub struct Look {
    /// `description`; empty when there is none.
    pub description: String,
    /// Variables by name, with their defaults as they are written; `None`: a value is required.
    pub variables: BTreeMap<String, Option<String>>,
    /// The names of those that are sensitive.
    pub sensitive: BTreeSet<String>,
    /// Builders by name as it is written, with their types.
    pub builders: BTreeMap<String, String>,
    /// Types of the provisioners, in order.
    pub provisioners: Vec<String>,
}

impl Legacy {
    /// Returns what the template is made of; defaults of sensitive variables are hidden.
    ///
    /// # Source
    /// INS-7, INS-8, CLI-66.
    pub fn look(&self) -> Look {
        let template = &self.template;
        let is_secret = |name: &str| template.is_sensitive(name);
        let secrets: Vec<&str> = template
            .variables
            .iter()
            .filter(|variable| is_secret(&variable.name.text))
            .filter_map(|variable| Some(variable.default.as_ref()?.text.as_str()))
            .collect();
        let shown = |name: &str, text: &str| match is_secret(name) || !text.is_empty() && secrets.contains(&text) {
            true => MASK.to_owned(),
            false => text.to_owned(),
        };
        let variables = template.variables.iter().map(|variable| {
            let name = variable.name.text.clone();
            let default = variable.default.as_ref().map(|default| shown(&name, &default.text));
            (name, default)
        });
        Look {
            description: template.description.as_ref().map(|text| text.text.clone()).unwrap_or_default(),
            variables: variables.collect(),
            sensitive: template
                .variables
                .iter()
                .map(|one| &one.name.text)
                .filter(|one| is_secret(one))
                .cloned()
                .collect(),
            builders: template.builders.iter().map(|one| (one.raw_name().to_owned(), one.kind.text.clone())).collect(),
            provisioners: template.provisioners.iter().map(|step| step.kind.text.clone()).collect(),
        }
    }

    /// Returns a console. What is wrong with the template is left aside: then its variables are not known.
    ///
    /// # Source
    /// CON-1, CON-8, CON-9.
    pub fn console(&self) -> Console {
        let mut diagnostics = Diagnostics::new();
        let values = self.values(&mut diagnostics);
        let values = if diagnostics.has_errors() { Values::new() } else { values };
        let sorted = values.iter().map(|(name, value)| (Arc::clone(name), Arc::clone(value))).collect();
        Console { values: sorted, engine: self.engine(values), sources: self.sources.clone() }
    }
}

/// Renders what is typed.
pub struct Console {
    /// The final values of the variables, by name.
    pub values: BTreeMap<Arc<str>, Arc<str>>,
    engine: Engine,
    /// Where texts of diagnostics are.
    pub sources: SourceMap,
}

impl Console {
    /// Returns the names that may be typed between braces: functions and variables.
    pub fn names(&self) -> Vec<String> {
        let functions = gotemplate::OWN.iter().map(|name| (*name).to_owned());
        functions.chain(self.values.keys().map(|name| name.to_string())).collect()
    }

    /// Renders a line until it no longer changes.
    ///
    /// # Errors
    /// In Go's words.
    pub fn render(&self, line: &str) -> Result<String, String> {
        self.engine.render_until_stable(line, &Fields::default())
    }
}
