//! Runs what was planned: builds side by side, provisioners in order, post-processors after them.
//!
//! Unaware of templates, flags and colours: takes builds, emits events, gives outcomes.

mod build;
mod cancel;
mod data;
#[cfg(test)]
mod fake;
mod guard;
mod hook;
mod post;
mod run;
mod stop;
mod waiting;
mod wrap;

use std::sync::Arc;

use tokio_util::sync::CancellationToken;

use crate::component::{Artifact, RunOptions};
use crate::host::Host;
use crate::journal::Journal;
use crate::ui::{Outcome, Ui};

pub use cancel::cancelled_by_signals;
pub use run::run;

/// What people read as the error of a build that was interrupted.
const INTERRUPTED: &str = "context canceled";

/// How builds are run.
#[derive(Clone, Copy, Debug, Default)]
pub struct EngineOptions {
    /// What every build is told.
    pub run: RunOptions,
    /// How many builds may run at the same time; 0: all (CLI-31).
    pub parallel: usize,
    /// Whether the first failure ends the other builds.
    pub fail_fast: bool,
    /// Whether people are told what is waited for after an interrupt.
    pub tells_waiting: bool,
}

/// What the engine needs of the program around it. Cheap to clone.
#[derive(Clone)]
pub struct EngineCx {
    /// The world.
    pub host: Host,
    /// Where events go.
    pub ui: Arc<Ui>,
    /// Where to write down what must be undone.
    pub journal: Arc<Journal>,
    /// Fires when the run is interrupted.
    pub cancel: CancellationToken,
}

/// What became of a build.
#[derive(Clone)]
pub struct BuildOutcome {
    /// Full name.
    pub build: Arc<str>,
    /// How it ended; builds that were not started any more are cancelled.
    pub outcome: Outcome,
    /// Why it failed or was cancelled.
    pub error: Option<String>,
    /// Whether all that it failed of is the time limit of a provisioner.
    pub by_time_limit: bool,
    /// What it made, in order; nothing unless it ended well.
    pub artifacts: Vec<Arc<dyn Artifact>>,
}
