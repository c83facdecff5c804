//! What a component is told when it is prepared and when it runs.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use crate::gotemplate::{Engine, Legacy};
use crate::host::Host;
use crate::journal::{Entry, Journal, TemporaryFile, Undo};
use crate::secrets::Secrets;
use crate::ui::{Event, Progress, Speaker, Stream, Ui, WaitReason};

/// Who builds what.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BuildInfo {
    /// Full name: `img.null.small` (ENG-1).
    pub full_name: Arc<str>,
    /// The source's label: `PACKER_BUILD_NAME`, `{{ build_name }}` (ENG-3).
    pub label: Arc<str>,
    /// The builder's type: `PACKER_BUILDER_TYPE`.
    pub builder_type: Arc<str>,
    /// What `{{ }}` can tell of a legacy template.
    pub legacy: Option<Arc<Legacy>>,
}

/// What a failed build does with what it has made (ENG-32 … ENG-35).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OnError {
    /// Undo every step.
    #[default]
    Cleanup,
    /// Leave everything as it is.
    Abort,
    /// Ask.
    Ask,
    /// Run the error-cleanup-provisioner, then leave the rest as it is.
    RunCleanupProvisioner,
}

/// What the command line says to every build.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RunOptions {
    /// `-on-error`.
    pub on_error: OnError,
    /// `-debug`.
    pub debug: bool,
    /// `-force`.
    pub force: bool,
}

/// What a component is told when it is prepared.
#[derive(Clone)]
pub struct PrepareCx {
    /// The world.
    pub host: Host,
    /// Who builds what.
    pub build: BuildInfo,
    /// The command line's wishes.
    pub options: RunOptions,
    /// Whether the template is legacy JSON; a few defaults differ there (TYP-34).
    pub legacy: bool,
    /// Where secret settings go.
    pub secrets: Arc<Secrets>,
}

impl PrepareCx {
    /// Returns the `{{ }}` engine of this build.
    pub fn engine(&self) -> Engine {
        Engine {
            host: self.host.clone(),
            build_name: self.build.label.to_string(),
            build_type: self.build.builder_type.to_string(),
            legacy: self.build.legacy.clone(),
        }
    }
}

/// What a component has at hand while it runs. Cheap to clone.
#[derive(Clone)]
pub struct RunCx {
    /// The world.
    pub host: Host,
    /// Who builds what.
    pub build: BuildInfo,
    /// The command line's wishes.
    pub options: RunOptions,
    /// Under whose name things are said.
    pub speaker: Speaker,
    /// Where events go.
    pub ui: Arc<Ui>,
    /// Fires when the run is interrupted or a time limit is over; every wait watches it.
    pub cancel: CancellationToken,
    /// Where to write down what must be undone, before it is made.
    pub journal: Arc<Journal>,
}

impl RunCx {
    /// Says something under the build's name.
    pub fn say(&self, text: impl Into<String>) {
        self.line(Stream::Say, text);
    }

    /// Complains under the build's name; shown in red.
    pub fn error(&self, text: impl Into<String>) {
        self.line(Stream::Error, text);
    }

    /// Says something on `stream`.
    pub fn line(&self, stream: Stream, text: impl Into<String>) {
        self.ui.emit(Event::Line { speaker: self.speaker.clone(), stream, text: text.into() });
    }

    /// Begins to show how far long work has come, on terminals alone: `what` in a few words, and how many bytes there
    /// are, 0 when nobody knows. What is shown goes when the answer is dropped.
    pub fn progress(&self, what: &str, total: u64) -> Progress {
        self.ui.progress(&self.speaker, what, total)
    }

    /// Begins to show how far the reading of `files`, as the working folder sees them, has come.
    pub fn progress_of(&self, what: &str, files: &[PathBuf]) -> Progress {
        let progress = self.progress(what, 0);
        if progress.is_shown() {
            let size = |file| std::fs::metadata(self.host.absolute(file)).map_or(0, |facts| facts.len());
            progress.set(0, files.iter().map(size).sum());
        }
        progress
    }

    /// Tells that `took` went by so, for whoever wants to know where the time went.
    pub fn waited(&self, reason: WaitReason, took: Duration) {
        let took_ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
        self.ui.emit(Event::Waited { speaker: self.speaker.clone(), reason, took_ms });
    }

    /// Asks on the terminal.
    ///
    /// # Errors
    /// Without a terminal, at once.
    pub async fn ask(&self, question: &str) -> std::io::Result<String> {
        self.ui.ask(&self.speaker, question).await
    }

    /// Returns the `{{ }}` engine of this build.
    pub fn engine(&self) -> Engine {
        Engine {
            host: self.host.clone(),
            build_name: self.build.label.to_string(),
            build_type: self.build.builder_type.to_string(),
            legacy: self.build.legacy.clone(),
        }
    }

    /// Writes down what must be undone; returns once it is on disk.
    pub fn begin(&self, undo: Undo) -> Entry {
        let entry = self.journal.begin(&self.speaker.build, undo);
        self.warn_of_journal();
        entry
    }

    /// Gives out the name of a temporary file: `name`, a number, `end`. It is written down already, and what stands
    /// there goes when the name is dropped.
    pub fn temporary_file(&self, name: &str, end: &str) -> TemporaryFile {
        let folder = self.host.absolute(self.host.temp_dir());
        let file = self.journal.temporary_file(folder, name, end, || self.host.random_number());
        self.warn_of_journal();
        file
    }

    fn warn_of_journal(&self) {
        if let Some(text) = self.journal.take_warning() {
            self.ui.emit(Event::Text { stream: Stream::Error, text: format!("Warning: {text}") });
        }
    }

    /// Hands over what `entry` names: it is whole and stands behind an artifact. Should the run be killed before the
    /// build is over it is still undone; then it is the user's.
    pub fn hand_over(&self, entry: Entry) {
        entry.hand_over(&self.speaker.build);
    }

    /// Hands over all that the build has made so far and was going to undo: the user wants to look at it.
    pub fn hand_over_all(&self) {
        self.journal.hand_over_all(&self.speaker.build);
    }

    /// Returns the same context under another step's name.
    pub fn with_speaker(&self, speaker: Speaker) -> RunCx {
        RunCx { speaker, ..self.clone() }
    }

    /// Returns the same context with another cancellation.
    pub fn with_cancel(&self, cancel: CancellationToken) -> RunCx {
        RunCx { cancel, ..self.clone() }
    }
}
