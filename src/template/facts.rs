//! What every expression of a template can see, and where its texts are. Shared by all builds.
//!
//! Knows no block and no component.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::diagnostics::{Diagnostics, SourceMap, render};
use crate::eval::{Functions, Scope};
use crate::host::{Host, VERSION};
use crate::secrets::Secrets;
use crate::value::{Members, Type, Value};

/// The evaluated part of a template.
pub struct Facts {
    /// The world.
    pub host: Host,
    /// The texts that places point into.
    pub sources: SourceMap,
    /// The functions of expressions.
    pub functions: Arc<dyn Functions>,
    /// The root names that are known everywhere: `var`, `local`, `data`, `path`, `packer` (HCL-86).
    pub roots: Members,
    /// Whether there is an order in which locals and data sources come after those they need.
    pub has_order: bool,
    /// The locals that are unknown because something failed.
    pub failed: BTreeSet<Arc<str>>,
    /// What must not be shown.
    pub secrets: Arc<Secrets>,
}

impl Facts {
    /// Returns the scope of what is known everywhere.
    pub fn scope(&self) -> Scope<'_> {
        Scope::new(&self.roots, &*self.functions)
    }

    /// Returns the errors among `diagnostics` as one text, for where only a text can be given.
    pub fn tell(&self, diagnostics: &Diagnostics) -> String {
        let hide = |text: &str| self.secrets.mask(text).into_owned();
        let texts: Vec<String> =
            diagnostics.iter().map(|one| render::render(&one.with_texts(hide), &self.sources)).collect();
        texts.concat().trim_end().to_owned()
    }
}

/// Returns `diagnostics` with sensitive texts hidden in the values that took part.
pub fn concealed(diagnostics: Diagnostics, secrets: &Secrets) -> Diagnostics {
    diagnostics.map(|mut diagnostic| {
        for (_, text) in &mut diagnostic.values {
            *text = secrets.mask(text).into_owned();
        }
        diagnostic
    })
}

/// Returns the objects behind `path` and `packer` (HCL-87, HCL-88).
pub fn surroundings(root: &str, host: &Host) -> Members {
    let path = [("cwd", host.cwd().to_string_lossy().replace('\\', "/")), ("root", root.replace('\\', "/"))];
    let path = Value::object(path.map(|(name, text)| (Arc::from(name), Value::from(text))));
    let packer = Value::object([
        (Arc::from("version"), Value::from(VERSION)),
        (Arc::from("iterationID"), Value::unknown(Type::String)),
        (Arc::from("versionFingerprint"), Value::unknown(Type::String)),
    ]);
    Members::from([(Arc::from("path"), path), (Arc::from("packer"), packer)])
}

/// Returns the object behind `source` for one use of a source (HCL-89).
pub fn source_object(kind: &Arc<str>, local_name: &Arc<str>) -> Value {
    let text = |text: &Arc<str>| Value::string(text);
    Value::object([(Arc::from("name"), text(local_name)), (Arc::from("type"), text(kind))])
}

/// Returns `bindings` with `source` among them. An iterator of that name keeps its own members beside the source's.
pub fn with_source(bindings: &Members, source: &Value) -> Members {
    let mut names = bindings.clone();
    let both = match names.get("source").and_then(Value::as_members) {
        Some(iterator) => {
            let mut members = source.as_members().cloned().unwrap_or_default();
            members.extend(iterator.iter().map(|(name, value)| (Arc::clone(name), value.clone())));
            Value::object(members)
        }
        None => source.clone(),
    };
    names.insert(Arc::from("source"), both);
    names
}
