//! The seam between what was written and what is run: builds with prepared components.
//!
//! From here on nobody knows which language the template was written in. Every step keeps its decoded
//! settings as a value, so that two plans can be compared and printed.

use std::sync::Arc;
use std::time::Duration;

use crate::component::{BuildInfo, Builder, Deferred, PostProcessor, Provisioner, Registry, RunOptions};
use crate::diagnostics::{Diagnostics, SourceMap};
use crate::host::Host;
use crate::secrets::Secrets;
use crate::value::{Type, Value};

/// What every builder tells of itself while it runs, by the names that templates use (HCL-91, JSON-39).
pub const BUILD_FACTS: [&str; 13] = [
    "ID",
    "Host",
    "Port",
    "User",
    "Password",
    "ConnType",
    "PackerRunUUID",
    "PackerHTTPPort",
    "PackerHTTPIP",
    "PackerHTTPAddr",
    "SSHPublicKey",
    "SSHPrivateKey",
    "WinRMPassword",
];

/// The means to read a template, in whichever language.
#[derive(Clone)]
pub struct Means {
    /// Files, environment, clock.
    pub host: Host,
    /// Where the texts are kept that diagnostics point into.
    pub sources: SourceMap,
    /// Where what must not be shown is registered, before anything is told.
    pub secrets: Arc<Secrets>,
    /// The components there are.
    pub registry: Registry,
}

/// What the command line says, patterns as typed.
#[derive(Clone, Debug, Default)]
pub struct Select {
    /// `-only`; empty: all builds.
    pub only: Vec<String>,
    /// `-except`.
    pub except: Vec<String>,
}

/// What the command line says about the builds.
#[derive(Clone, Debug, Default)]
pub struct PlanOptions {
    /// Which builds.
    pub select: Select,
    /// How they are to run; components see it when they are prepared.
    pub run: RunOptions,
    /// Whether the plan keeps the settings that components were prepared with: for who compares plans or shows them.
    pub keep_settings: bool,
}

impl PlanOptions {
    /// Returns what the plan keeps of the `settings` of a component.
    pub fn kept(&self, settings: Value) -> Value {
        if self.keep_settings { settings } else { Value::null(Type::Any) }
    }
}

/// The builds of a template.
#[derive(Default)]
pub struct Plan {
    /// Those that can run, in order (ENG-7).
    pub builds: Vec<Build>,
    /// What is wrong. With errors and builds both, the builds run all the same and the command fails (CLI-37).
    pub diagnostics: Diagnostics,
    /// How many wanted builds cannot run; at least one where the template as a whole is wrong.
    pub failed: usize,
}

/// One build: a source in a build block.
pub struct Build {
    /// Its names.
    pub info: BuildInfo,
    /// The builder, prepared.
    pub builder: Box<dyn Builder>,
    /// What the builder was prepared with; null when the options do not ask to keep it.
    pub settings: Value,
    /// Provisioners that this build runs, in order; skipped ones are not here (ENG-20).
    pub provision: Vec<ProvisionStep>,
    /// The error-cleanup-provisioner.
    pub on_error: Option<ProvisionStep>,
    /// Chains of post-processors, in order; none is empty.
    pub post: Vec<Vec<PostStep>>,
}

/// One provisioner of a build.
pub struct ProvisionStep {
    /// Its type: `shell-local`.
    pub kind: Arc<str>,
    /// The name the template gives it.
    pub name: Option<Arc<str>>,
    /// Prepared again with what the build knows by then.
    pub provisioner: Box<dyn Deferred<dyn Provisioner>>,
    /// What its first preparation saw, build data as placeholders; null when the options do not ask to keep it.
    pub settings: Value,
    /// Pauses, limits, retries.
    pub wrap: Wrap,
}

/// What the engine puts around a provisioner (ENG-19).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Wrap {
    /// Waits this long before every attempt; zero: not at all.
    pub pause_before: Duration,
    /// Cancels an attempt after this long.
    pub timeout: Option<Duration>,
    /// How many times a failed attempt is repeated.
    pub max_retries: u32,
    /// Turns the failure into a warning.
    pub continue_on_error: bool,
}

/// One post-processor of a chain.
pub struct PostStep {
    /// Its type: `compress`.
    pub kind: Arc<str>,
    /// The name the template gives it; empty when it gives none.
    pub name: Arc<str>,
    /// Prepared again with what the artifact knows.
    pub post_processor: Box<dyn Deferred<dyn PostProcessor>>,
    /// What its first preparation saw; null when the options do not ask to keep it.
    pub settings: Value,
    /// `keep_input_artifact`.
    pub keep_input: Option<bool>,
}
