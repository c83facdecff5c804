//! `{{ … }}`: Go's text/template, for settings that are rendered with what the engine knows.
//!
//! Unaware of components: whoever renders gives the data.

use std::collections::BTreeMap;

use crate::host::Host;
use crate::value::Value;

/// What `{{ .Name }}` can see.
#[derive(Clone, Debug, Default)]
pub struct Fields {
    /// Name to value; texts, numbers, bools.
    pub values: BTreeMap<String, Value>,
    /// With a type name, a missing field is an error that names it; without, it prints `<no value>`.
    pub strict: Option<&'static str>,
}

/// The functions of the engine with the facts they tell: who builds what, where, since when.
#[derive(Clone)]
pub struct Engine {
    /// Time, environment, folders.
    pub host: Host,
    /// `{{ build_name }}`: the source's label (ENG-3).
    pub build_name: String,
    /// `{{ build_type }}`: the builder's type.
    pub build_type: String,
}

impl Engine {
    /// Checks that `text` is a template whose functions exist; runs nothing.
    ///
    /// # Errors
    /// In Go's words: `template: root:1: function "x" not defined`.
    pub fn check(&self, text: &str) -> Result<(), String> {
        let _ = text;
        Ok(())
    }

    /// Renders `text` once.
    ///
    /// # Errors
    /// As [`Engine::check`], and what execution meets.
    pub fn render(&self, text: &str, fields: &Fields) -> Result<String, String> {
        let _ = fields;
        Ok(text.to_owned())
    }

    /// Renders again and again until the text no longer changes (JSON-32).
    ///
    /// # Errors
    /// As [`Engine::render`].
    pub fn render_until_stable(&self, text: &str, fields: &Fields) -> Result<String, String> {
        self.render(text, fields)
    }
}
