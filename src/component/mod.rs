//! What a component is: builders, provisioners, post-processors, data sources, their machines and artifacts.
//!
//! Unaware of templates, the engine and plugins; a component is prepared with settings and run with a [`RunCx`].

mod artifact;
pub mod config;
mod context;
mod data_source;
pub mod duration;
#[cfg(test)]
pub mod fake;
mod kind;
pub mod left_processes;
pub mod lines;
mod local_process;
pub mod local_shell;
mod output_file;
mod own_thread;
mod registry;
pub mod shell;
pub mod steps;
pub mod version;
mod whole_file;

use std::path::Path;
use std::sync::Arc;

use async_trait::async_trait;

pub use crate::ui::{Counted, Progress};
pub use artifact::{Artifact, FilesArtifact};
pub use context::{BuildInfo, OnError, PrepareCx, RunCx, RunOptions};
pub use data_source::{BuiltinDataSource, DataCx, DataSource, Output};
pub use kind::{Builtin, InstalledPlugin, Instance, Kind, Plugin, Prepared, Problem, Problems};
pub use local_process::hold_starts;
pub use output_file::OutputFile;
pub use own_thread::on_its_own_thread;
pub use registry::{Kinds, Registry};
pub use whole_file::{WholeFile, is_refusal, is_stream, make_folders, make_new_file, open_stream};

use crate::value::Members;

/// What components answer with; its text is what people read.
pub type Result<T, E = anyhow::Error> = std::result::Result<T, E>;

/// What is known about a build while it runs (`build.ID`, `{{ build "ID" }}`): name to text or number.
pub type BuildData = Members;

/// Makes a machine or a file, has it provisioned, and gives the artifact.
#[async_trait]
pub trait Builder: Send + Sync {
    /// Returns the names that `run` will add to the build data, beside the common ones (S-10).
    fn data_names(&self) -> Vec<&'static str> {
        Vec::new()
    }

    /// Runs to the end and cleans up after itself, whatever happens.
    ///
    /// # Errors
    /// What made the build fail; everything made so far is undone unless `-on-error` says otherwise.
    async fn run(self: Box<Self>, cx: &RunCx, hook: &dyn Hook) -> Result<Option<Arc<dyn Artifact>>>;
}

/// The engine's side, handed to a builder: what to do once the machine is up.
#[async_trait]
pub trait Hook: Send + Sync {
    /// Runs the provisioners in order.
    async fn provision(&self, cx: &RunCx, machine: Arc<dyn Communicator>, data: BuildData) -> Result<()>;
    /// Runs the error-cleanup-provisioner, if the build has one. Not cancelled by an interrupt (ENG-58).
    async fn clean_up(&self, cx: &RunCx, machine: Arc<dyn Communicator>, data: BuildData) -> Result<()>;
}

/// Changes a machine, or does something beside it.
#[async_trait]
pub trait Provisioner: Send + Sync {
    /// Runs to the end.
    async fn provision(&self, cx: &RunCx, machine: &Arc<dyn Communicator>, data: &BuildData) -> Result<()>;
}

/// Makes an artifact out of an artifact.
#[async_trait]
pub trait PostProcessor: Send + Sync {
    /// Processes `input`; `None` ends the chain quietly (S-14).
    async fn process(&self, cx: &RunCx, input: Arc<dyn Artifact>) -> Result<Option<Processed>>;
}

/// What a post-processor gives.
pub struct Processed {
    /// The new artifact, or the input again.
    pub artifact: Arc<dyn Artifact>,
    /// What becomes of the input.
    pub keep_input: Keep,
}

/// The error of a post-processor that its input does not suit: nothing was made of it, so the input is kept, whatever
/// the other members of its build's chains say.
#[derive(Debug)]
pub struct Refused(String);

impl Refused {
    /// Makes the error; the engine finds it by `error.is::<Refused>()`.
    pub fn error(reason: impl Into<String>) -> anyhow::Error {
        anyhow::Error::new(Refused(reason.into()))
    }
}

impl std::fmt::Display for Refused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Refused {}

/// What becomes of the input once a post-processor has made its own artifact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keep {
    /// Kept or destroyed as said here, unless the template sets `keep_input_artifact`.
    Default(bool),
    /// Kept whatever the template says: the new artifact refers to it.
    Always,
}

/// A component whose settings may mention the build: prepared once with placeholders to check it, and again
/// by this when the build knows itself.
#[async_trait]
pub trait Deferred<C: ?Sized>: Send + Sync {
    /// Prepares it with what is known now. `data` holds every name that the first preparation knew.
    async fn prepare(&self, data: &BuildData) -> Result<Box<C>>;
}

/// One command for a machine.
#[derive(Clone, Debug, Default)]
pub struct Command {
    /// The command line, for the machine's shell.
    pub line: String,
}

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// With this code.
    Code(i32),
    /// The connection went away before the machine said how (C-ssh-45).
    Disconnected,
}

/// Takes the bytes a command writes, as they come.
pub type Sink<'a> = &'a mut (dyn tokio::io::AsyncWrite + Send + Unpin);

/// Gives the bytes to be uploaded.
pub type Source<'a> = &'a mut (dyn tokio::io::AsyncRead + Send + Unpin);

/// What is uploaded: bytes with the facts that some transfers need in front.
pub struct Upload<'a> {
    /// The bytes.
    pub source: Source<'a>,
    /// How many there are.
    pub size: u64,
    /// Permission bits; `None`: the machine's default for a new file (0644).
    pub mode: Option<u32>,
    /// When it was last changed; `None`: now.
    pub modified: Option<std::time::SystemTime>,
}

/// A machine can never do what was asked, so trying again is of no use. What it says is the whole error.
#[derive(Debug)]
pub struct NotSupported(pub String);

impl std::fmt::Display for NotSupported {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for NotSupported {}

/// The way to a machine.
#[async_trait]
pub trait Communicator: Send + Sync {
    /// Runs a command to its end.
    ///
    /// # Errors
    /// Only when it could not be started or watched; a failing command is `Ok(Exit::Code(n))`.
    async fn run(&self, cx: &RunCx, command: Command, stdout: Sink<'_>, stderr: Sink<'_>) -> Result<Exit>;
    /// Whether uploaded files may be changed by whoever runs the commands, and come with the mode that was told: then a
    /// `chmod` of them after the upload does nothing.
    fn sets_modes(&self) -> bool {
        false
    }
    /// Writes one file; `to` may end in a slash where the caller has appended the base name already.
    async fn upload(&self, cx: &RunCx, to: &str, from: Upload<'_>) -> Result<()>;
    /// Reads one file.
    async fn download(&self, cx: &RunCx, from: &str, to: Sink<'_>) -> Result<()>;
    /// Writes a folder: `from` itself into `to`, or only its content when `from` ends in a slash.
    async fn upload_dir(&self, cx: &RunCx, from: &Path, to: &str, exclude: &[String]) -> Result<()>;
    /// Reads a folder.
    async fn download_dir(&self, cx: &RunCx, from: &str, to: &Path, exclude: &[String]) -> Result<()>;
}
