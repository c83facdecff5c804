//! The container engine: what builders, communicators and post-processors ask of it, and two ways to ask.
//!
//! Knows neither templates nor build steps. [`api`] speaks to the engine's socket; [`client`] runs a client program
//! (`docker_path`), for other clients and for arguments that only they understand.

mod account;
mod address;
mod api;
mod artifact;
mod away;
mod client;
mod connection;
mod context;
mod credentials;
mod layers;
mod listener;
mod naming;
mod pending;
mod progress;
mod raw;
mod reference;
mod tarball;
#[cfg(test)]
pub mod testing;
#[cfg(test)]
mod tests;
mod trouble;
mod undo;

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use tokio::sync::mpsc;

pub use account::Account;
pub use artifact::{CONTAINER_FILE, IMPORTED, ImageArtifact, PLUGIN, TAGGED, is_image};
pub use away::{unless_silent, until_back};
pub use layers::Layers;
pub use listener::{Listener, Transfer};
pub use naming::{GivenName, give_names, name_image, names};
pub use pending::{Late, PendingImage, make_image, unique_name};
pub use reference::digest_of;
pub use tarball::{file_stream, one_file};
pub use trouble::{Answer, Trouble};
pub use undo::{CONTAINER, IMAGE, Patience, container_entry, image_entry, sharing_entry, undo, undo_by, undo_image};

use crate::component::Sink;
use crate::host::Host;
use crate::journal::Undo;

/// The name of the client program when a template names none; then the engine is asked directly.
pub const DEFAULT_PROGRAM: &str = "docker";

/// Takes the lines an engine reports while it works, without line ends.
pub type Lines<'a> = &'a mut (dyn Listener + 'a);

/// Bytes on their way to the engine; an error among them ends the transfer.
pub type ByteStream = mpsc::Receiver<io::Result<Bytes>>;

/// What to build an image from.
#[derive(Clone, Debug, Default)]
pub struct BuildImage {
    /// The name that the image gets.
    pub name: String,
    /// The Dockerfile, as the working folder sees it.
    pub dockerfile: PathBuf,
    /// The folder that is sent to the engine.
    pub folder: PathBuf,
    /// `--build-arg`.
    pub arguments: BTreeMap<String, String>,
    /// Whether base images are pulled even when they are there.
    pub pull: bool,
    /// Whether the folder is compressed on its way.
    pub compress: bool,
    /// `linux/arm64`; empty: the engine's own.
    pub platform: String,
}

/// How a container is started.
#[derive(Clone, Debug, Default)]
pub struct RunContainer {
    /// The name it gets; empty: `words` name one, or the engine does.
    pub name: String,
    /// The arguments of `docker run`, as people see them.
    pub words: Vec<String>,
    /// The same as the body of the engine's create request; `None` when only the client understands the words.
    pub body: Option<serde_json::Map<String, serde_json::Value>>,
    /// `linux/arm64`; empty: the engine's own.
    pub platform: String,
}

/// A command in a container.
#[derive(Clone, Debug, Default)]
pub struct Exec {
    /// Program and arguments.
    pub words: Vec<String>,
    /// Who runs it; empty: the container's user.
    pub user: String,
    /// Whether it gets a terminal; then both of its streams arrive as one.
    pub terminal: bool,
}

/// How a container becomes an image.
#[derive(Clone, Debug, Default)]
pub struct CommitContainer {
    /// Which container.
    pub container: String,
    /// The name that the image gets.
    pub name: String,
    /// Who made it.
    pub author: String,
    /// What for.
    pub message: String,
    /// Instructions as in a Dockerfile.
    pub changes: Vec<String>,
}

/// How a file system becomes an image.
#[derive(Clone, Debug, Default)]
pub struct ImportImage {
    /// `repository:tag`; empty: no name.
    pub name: String,
    /// Instructions as in a Dockerfile.
    pub changes: Vec<String>,
    /// `linux/arm64`; empty: the engine's own.
    pub platform: String,
}

/// An account at a registry.
#[derive(Clone, Default)]
pub struct Login {
    /// Its address; empty: Docker Hub.
    pub server: String,
    /// The account.
    pub username: String,
    /// Its password.
    pub password: String,
}

/// What the engine knows about an image.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ImageFacts {
    /// `sha256:…`.
    pub id: String,
    /// `repository:tag`.
    pub tags: Vec<String>,
    /// `repository@sha256:…`, once it was pulled or pushed.
    pub digests: Vec<String>,
    /// What runs by default; empty when the image does not say.
    pub command: Vec<String>,
    /// What runs it.
    pub entrypoint: Vec<String>,
    /// Who runs it.
    pub user: String,
}

/// What the engine knows about a container.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ContainerFacts {
    /// Its id, 64 letters.
    pub id: String,
    /// Its address in the default network; empty without one.
    pub address: String,
    /// Who runs its commands; empty: root.
    pub user: String,
    /// Whether it runs.
    pub running: bool,
    /// Whether it is paused, as while an image is made of it.
    pub paused: bool,
    /// What of this machine it shares: `/here:/there:rw`.
    pub binds: Vec<String>,
}

/// What can be asked about images and registries.
#[async_trait]
pub trait Images: Send + Sync {
    /// Fetches an image from its registry; the lines are those a client prints where there is no terminal.
    async fn pull(&self, image: &str, platform: &str, lines: Lines<'_>) -> Answer<()>;
    /// Builds an image from a Dockerfile and returns its id; a refusal holds the status of the failed instruction.
    async fn build(&self, request: &BuildImage, lines: Lines<'_>) -> Answer<String>;
    /// Returns the id of the image without a name that a build has made of a container.
    async fn image_made_of(&self, container: &str) -> Answer<Option<String>>;
    /// Makes an image of a file system, given as a tar, and returns its id.
    async fn import(&self, tar: ByteStream, request: &ImportImage) -> Answer<String>;
    /// Returns what is known about an image.
    async fn inspect_image(&self, image: &str) -> Answer<ImageFacts>;
    /// Gives an image one more name.
    async fn tag(&self, image: &str, name: &str) -> Answer<()>;
    /// Sends an image to its registry.
    async fn push(&self, name: &str, platform: &str, lines: Lines<'_>) -> Answer<()>;
    /// Writes an image with all its layers as a tar.
    async fn save(&self, image: &str, to: Sink<'_>) -> Answer<()>;
    /// Removes a name, and the image with its last name; whether it was there.
    async fn remove_image(&self, image: &str) -> Answer<bool>;
    /// Logs in to a registry for what this engine is asked from now on.
    async fn login(&self, login: &Login, lines: Lines<'_>) -> Answer<()>;
    /// Forgets a login.
    async fn logout(&self, server: &str, lines: Lines<'_>) -> Answer<()>;
}

/// What can be asked about containers.
#[async_trait]
pub trait Containers: Send + Sync {
    /// Makes and starts a container and returns its id.
    async fn run(&self, request: &RunContainer) -> Answer<String>;
    /// Returns what is known about a container.
    async fn inspect_container(&self, container: &str) -> Answer<ContainerFacts>;
    /// Runs a command to its end and returns its exit code. A refusal of the engine, and its absence, is a line on
    /// `stderr` and code 1.
    async fn exec(&self, container: &str, exec: &Exec, stdout: Sink<'_>, stderr: Sink<'_>) -> Answer<i32>;
    /// Unpacks a tar in `folder`, which must be there.
    async fn copy_in(&self, container: &str, folder: &str, tar: ByteStream) -> Answer<()>;
    /// Copies a folder as `docker cp` does: into `to` when that is a folder, else as `to`; with `content_only`
    /// what is in it becomes what is in `to`.
    async fn copy_folder_in(&self, container: &str, from: &Path, content_only: bool, to: &str) -> Answer<()>;
    /// Writes the content of one file to `to`; nothing for a folder.
    async fn copy_out(&self, container: &str, from: &str, to: Sink<'_>) -> Answer<()>;
    /// Makes an image of a container and returns its id.
    async fn commit(&self, request: &CommitContainer) -> Answer<String>;
    /// Writes a container's file system as a tar.
    async fn export(&self, container: &str, to: Sink<'_>) -> Answer<()>;
    /// Ends a container at once; one that has ended or is gone already is fine.
    async fn kill(&self, container: &str) -> Answer<()>;
    /// Removes a container, running or not, with its unnamed volumes; whether it was there.
    async fn remove_container(&self, container: &str) -> Answer<bool>;
    /// Whether the engine is there: it answers a greeting `within` this time, and much sooner after it once did not.
    async fn answers(&self, within: Duration) -> bool;
}

/// An engine that answers.
pub trait ContainerEngine: Images + Containers {
    /// Returns what stands for the client in lines that people see: `docker`.
    fn program(&self) -> &str;
    /// Whether every call is a run of a client program, which may be a script that looks at its words.
    fn runs_programs(&self) -> bool {
        false
    }
    /// Returns what [`reconnect`] needs to find it again, for the journal.
    fn facts(&self) -> Vec<(&'static str, String)>;
}

/// Connects to the engine that `program` (`docker_path`) and the environment name, and checks that it answers.
///
/// `config` takes the place of the folder with the client's configuration (`DOCKER_CONFIG`, `~/.docker`).
///
/// # Errors
/// When nothing answers: says which address was tried, and how to start an engine.
///
/// # Source
/// B-docker-18; cases docker/docker-path-names-the-client, docker-post/push-with-docker-config.
pub async fn connect(program: &str, host: &Host, config: Option<&Path>) -> Answer<Arc<dyn ContainerEngine>> {
    if program == DEFAULT_PROGRAM || program.is_empty() {
        let config = credentials::Config::open(host, config);
        let address = address::find(host, &config)?;
        return Ok(Arc::new(api::Api::connect(address, config, host).await?));
    }
    connect_client(program, host, config).await
}

/// Connects through a client program, whatever its name.
///
/// # Errors
/// When there is no such program.
pub async fn connect_client(program: &str, host: &Host, config: Option<&Path>) -> Answer<Arc<dyn ContainerEngine>> {
    Ok(Arc::new(client::Client::find(program, host, config)?))
}

/// Connects to the engine that [`ContainerEngine::facts`] described.
///
/// # Errors
/// As [`connect`].
async fn reconnect(undo: &Undo, host: &Host) -> Answer<Arc<dyn ContainerEngine>> {
    if undo.fact("address").is_empty() {
        return connect_client(undo.fact("program"), host, None).await;
    }
    let config = credentials::Config::open(host, None);
    let address = address::Address::recall(|name| undo.fact(name))?;
    Ok(Arc::new(api::Api::connect(address, config, host).await?))
}

/// Runs a call that makes or removes something between two points where tests may kill the program.
async fn marked<T>(call: impl Future<Output = T>) -> T {
    crate::journal::fault_point("engine");
    let answer = call.await;
    crate::journal::fault_point("engine");
    answer
}
