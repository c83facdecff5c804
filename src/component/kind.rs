//! Kinds of components by name, and what using one in a template gives.

use std::path::PathBuf;
use std::sync::Arc;

use async_trait::async_trait;

use super::PrepareCx;
use super::version::Version;
use crate::value::schema::Schema;
use crate::value::{Type, Value};

/// Something wrong with a component's settings. Has no place: the template side knows where the setting stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Which setting, as a path: `["build", "0", "path"]`; empty: the whole component.
    pub setting: Vec<String>,
    /// What is wrong with it, in whole sentences.
    pub detail: String,
    /// Whether it alone would not keep the component from running.
    pub is_warning: bool,
}

impl Problem {
    /// Makes a problem of the component as a whole.
    pub fn whole(detail: impl Into<String>) -> Problem {
        Problem { setting: Vec::new(), detail: detail.into(), is_warning: false }
    }

    /// Makes a problem of the setting `name`.
    pub fn of(name: &str, detail: impl Into<String>) -> Problem {
        Problem { setting: vec![name.to_owned()], detail: detail.into(), is_warning: false }
    }
}

/// All that is wrong with one component's settings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Problems(pub Vec<Problem>);

impl Problems {
    /// Adds one.
    pub fn push(&mut self, problem: Problem) {
        self.0.push(problem);
    }

    /// Adds one of the component as a whole.
    pub fn add(&mut self, detail: impl Into<String>) {
        self.push(Problem::whole(detail));
    }

    /// Adds what is only worth a warning, if there are problems: else the component can tell itself, once it is prepared.
    pub fn with_warnings(mut self, warnings: &[String]) -> Problems {
        if !self.0.is_empty() {
            self.0.extend(warnings.iter().map(|text| Problem { is_warning: true, ..Problem::whole(text) }));
        }
        self
    }

    /// Returns the texts of those that are only worth a warning.
    pub fn warnings(&self) -> Vec<String> {
        self.0.iter().filter(|problem| problem.is_warning).map(|problem| problem.detail.clone()).collect()
    }

    /// Returns those that keep the component from running.
    pub fn faults(self) -> impl Iterator<Item = Problem> {
        self.0.into_iter().filter(|problem| !problem.is_warning)
    }

    /// Returns `value` if there is no problem.
    ///
    /// # Errors
    /// Itself, otherwise.
    pub fn or<T>(self, value: T) -> Result<T, Problems> {
        if self.0.is_empty() { Ok(value) } else { Err(self) }
    }
}

/// A component that can run, with what should be said about its settings.
pub struct Prepared<C: ?Sized> {
    /// Ready to run.
    pub component: Box<C>,
    /// Shown as `Warning when preparing build` (ENG-13).
    pub warnings: Vec<String>,
}

/// The plugin that a built-in component stands for.
#[derive(Debug, PartialEq, Eq)]
pub struct Plugin {
    /// `github.com/hashicorp/docker`.
    pub source: &'static str,
    /// The name its components start with by default: `docker`.
    pub name: &'static str,
    /// The version it is modelled on: `1.1.5`.
    pub version: &'static str,
}

/// A plugin that stands in the plugin folder and may be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InstalledPlugin {
    /// The version its file name tells.
    pub version: Version,
    /// The program.
    pub path: PathBuf,
}

/// A kind of component, by the name it has in templates.
#[async_trait]
pub trait Kind<C: ?Sized>: Send + Sync {
    /// Returns the name: `docker-tag`.
    fn name(&self) -> &str;
    /// Returns the plugin it stands for; `None` for what is bundled with the reference.
    fn plugin(&self) -> Option<&'static Plugin>;
    /// Opens it for use: for a plugin, starts its process.
    async fn open(&self) -> super::Result<Arc<dyn Instance<C>>>;
}

/// One use of a kind in one template.
#[async_trait]
pub trait Instance<C: ?Sized>: Send + Sync {
    /// Returns the settings it takes.
    fn schema(&self) -> Schema;
    /// Returns the type of what a data source gives; other components give no values.
    fn output_type(&self) -> Type {
        Type::Any
    }
    /// Checks settings and makes a component that can run. No side effects; may be called again.
    ///
    /// `settings` is an object by the schema: absent is null, what is not known yet was replaced (HCL-96).
    async fn prepare(&self, settings: Value, cx: &PrepareCx) -> Result<Prepared<C>, Problems>;
}

/// A component inside this program. Newcomers write a `const` of this.
pub struct Builtin<C: ?Sized + 'static> {
    /// The name in templates.
    pub name: &'static str,
    /// One sentence for the docs.
    pub about: &'static str,
    /// The plugin it stands for.
    pub plugin: Option<&'static Plugin>,
    /// The settings it takes.
    pub schema: fn() -> Schema,
    /// Checks settings and makes a component.
    pub prepare: fn(&Value, &PrepareCx) -> Result<Prepared<C>, Problems>,
}

#[async_trait]
impl<C: ?Sized + 'static> Kind<C> for &'static Builtin<C> {
    fn name(&self) -> &str {
        self.name
    }
    fn plugin(&self) -> Option<&'static Plugin> {
        self.plugin
    }
    async fn open(&self) -> super::Result<Arc<dyn Instance<C>>> {
        Ok(Arc::new(*self))
    }
}

#[async_trait]
impl<C: ?Sized + 'static> Instance<C> for &'static Builtin<C> {
    fn schema(&self) -> Schema {
        (self.schema)()
    }
    async fn prepare(&self, settings: Value, cx: &PrepareCx) -> Result<Prepared<C>, Problems> {
        (self.prepare)(&settings, cx)
    }
}
