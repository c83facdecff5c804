//! What a docker build does: the builder itself, and the shared folder and the connection.
//!
//! The base image is `source`'s, starting the container `container`'s, what becomes of it `finish`'s.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, bail};
use async_trait::async_trait;

use super::super::Kind;
use super::artifact;
use super::config::{self, Config};
use super::container::{Run, connect};
use super::finish::{Commit, Export, SetDefaults};
use super::source::{BuildBase, Pull};
use crate::communicators;
use crate::communicators::docker::{DockerMachine, Manner};
use crate::component::config::Settings;
use crate::component::steps::{Ending, HasMachine, Provision, Step, run_steps};
use crate::component::{
    Artifact, BuildData, Builder, Communicator, Hook, PrepareCx, Prepared, Problems, Result, RunCx, duration,
};
use crate::containers::{ContainerEngine, ImageArtifact, PLUGIN, PendingImage, Trouble, unless_silent};
use crate::host::explain;
use crate::journal::{Entry, Undo};
use crate::value::Value;

/// The builder `docker`.
pub const KIND: Kind = Kind {
    name: "docker",
    about: "Starts a container, has it provisioned, and makes an image or a tar of it.",
    plugin: Some(&PLUGIN),
    schema: Config::schema,
    prepare,
};

/// How long an interrupted call to the engine may still take, so that what it made is known and removed.
pub const GRACE: Duration = Duration::from_secs(1);

fn prepare(settings: &Value, cx: &PrepareCx) -> Result<Prepared<dyn Builder>, Problems> {
    let (config, warnings) = config::decode(settings, cx)?;
    Ok(Prepared { component: Box::new(Docker { config }), warnings })
}

struct Docker {
    config: Config,
}

/// What the steps of one build share.
pub struct State {
    /// The engine that is asked.
    pub engine: Arc<dyn ContainerEngine>,
    /// The settings.
    pub config: Config,
    /// What the container is started from.
    pub image: String,
    /// The base image, when this build made it.
    pub base: Option<PendingImage>,
    /// Whether the engine was at work on the container or its image when nobody waited any more.
    pub is_cut_off: bool,
    /// The folder shared with the container.
    pub shared: PathBuf,
    /// The container's id, while there is one.
    pub container: Option<String>,
    /// What commit is told beside the settings.
    pub changes: Vec<String>,
    /// What the build became.
    pub made: Option<PendingImage>,
    /// What provisioners and post-processors may know.
    pub known: BuildData,
    /// The container's id, also when it is gone.
    pub id: String,
    machine: Option<Arc<dyn Communicator>>,
}

impl State {
    fn new(engine: Arc<dyn ContainerEngine>, config: Config) -> State {
        State {
            image: config.image.clone(),
            changes: config.changes.clone(),
            engine,
            config,
            base: None,
            is_cut_off: false,
            shared: PathBuf::new(),
            container: None,
            made: None,
            known: BuildData::default(),
            machine: None,
            id: String::new(),
        }
    }

    /// Notes what the build knows as `name`.
    pub fn know(&mut self, name: &str, value: impl Into<Value>) {
        self.known.insert(name.into(), value.into());
    }
}

impl HasMachine for State {
    fn machine(&self) -> Option<Arc<dyn Communicator>> {
        self.machine.clone()
    }
    fn data(&self, cx: &RunCx) -> BuildData {
        let connection = &self.config.connection;
        let mut data = communicators::build_data(cx, &self.id);
        let texts = [
            ("ConnType", connection.communicator.clone()),
            ("Host", connection.host().to_owned()),
            ("Port", connection.port().to_string()),
            ("User", connection.user().to_owned()),
            ("Password", connection.password().to_owned()),
            ("SSHPublicKey", String::new()),
            ("SSHPrivateKey", String::new()),
            ("SSHPrivateKeyFile", connection.ssh_private_key_file.clone()),
            ("WinRMPassword", connection.winrm_password.to_string()),
        ];
        data.extend(texts.map(|(name, text)| (name.into(), text.into())));
        data.extend(self.known.clone());
        data
    }
}

#[async_trait]
impl Builder for Docker {
    fn data_names(&self) -> Vec<&'static str> {
        vec!["ImageSha256", "SourceImageDigest"]
    }

    async fn run(self: Box<Self>, cx: &RunCx, hook: &dyn Hook) -> Result<Option<Arc<dyn Artifact>>> {
        let config = self.config;
        refuse_what_comes_later(&config)?;
        let Some(engine) = cx.cancel.run_until_cancelled(connect(&config, cx)).await else {
            bail!("Build was cancelled.");
        };
        let mut state = State::new(engine?, config);
        let mut steps: Vec<Box<dyn Step<State> + '_>> = vec![
            Box::new(DefaultGeneratedData),
            Box::new(TempDir::default()),
            Box::new(BuildBase),
            Box::new(Pull),
            Box::new(Run::default()),
            Box::new(Connect),
            Box::new(Provision { hook }),
            Box::new(CleanupTempKeys),
        ];
        if state.config.commit {
            steps.push(Box::new(SetDefaults));
            steps.push(Box::new(Commit));
        } else if !state.config.export_path.is_empty() {
            steps.push(Box::new(Export::default()));
        }
        run_steps(cx, steps, &mut state).await?;
        if let Some(base) = state.base.take() {
            base.hand_over(cx);
        }
        let data = state.data(cx);
        Ok(Some(match state.made.take() {
            Some(image) => {
                let id = image.id.clone();
                image.hand_over(cx);
                Arc::new(ImageArtifact::imported(state.engine, id, data))
            }
            None => Arc::new(artifact::container(&state.config.export_path, data)),
        }))
    }
}

fn refuse_what_comes_later(config: &Config) -> Result<()> {
    config.account.refuse_what_comes_later()?;
    match &*config.connection.communicator {
        "ssh" | "winrm" => bail!(
            "cannot connect to the container: the communicator {:?} comes with a later version of this program. \
             Leave `communicator` out to use `docker exec`",
            config.connection.communicator
        ),
        _ => Ok(()),
    }
}

/// Waits for a call that makes something. When the run is interrupted meanwhile the call may still end within
/// `grace`, so that what it made is known; `None` when it did not, or the engine is silent.
pub async fn with_grace<T>(
    cx: &RunCx,
    engine: &dyn ContainerEngine,
    grace: Duration,
    call: impl Future<Output = T>,
) -> Option<T> {
    tokio::pin!(call);
    tokio::select! {
        biased;
        answer = &mut call => Some(answer),
        () = cx.cancel.cancelled() => {
            tokio::time::timeout(grace, unless_silent(engine, &cx.cancel, call)).await.ok().flatten()
        }
    }
}

/// Sets what a build knows before it knows better (B-docker-38).
struct DefaultGeneratedData;

#[async_trait]
impl Step<State> for DefaultGeneratedData {
    fn name(&self) -> &'static str {
        "StepDefaultGeneratedData"
    }
    async fn run(&mut self, _cx: &RunCx, state: &mut State) -> Result<()> {
        state.know("ImageSha256", "ERR_IMAGE_SHA256_NOT_FOUND");
        state.know("SourceImageDigest", "ERR_SOURCE_IMAGE_DIGEST_NOT_FOUND");
        state.know("SourceImageSha256", "ERR_SOURCE_IMAGE_SHA256_NOT_FOUND");
        Ok(())
    }
}

/// Makes the folder that the container shares with this machine (B-docker-39).
#[derive(Default)]
struct TempDir {
    entry: Option<Entry>,
}

#[async_trait]
impl Step<State> for TempDir {
    fn name(&self) -> &'static str {
        "StepTempDir"
    }

    async fn run(&mut self, cx: &RunCx, state: &mut State) -> Result<()> {
        cx.say("Creating a temporary directory for sharing data...");
        let parent =
            cx.host.env_filled("PACKER_TMP_DIR").map(|dir| cx.host.absolute(dir)).or_else(|| cx.host.config_dir());
        let parent = parent.context(
            "Error making temp dir: neither PACKER_TMP_DIR nor HOME says where the folder shared with the container \
             should be",
        )?;
        std::fs::create_dir_all(&parent)
            .map_err(|error| anyhow::anyhow!("Error making temp dir: {}", explain("mkdir", &parent, &error)))?;
        state.shared = parent.join(format!("tmp{}", cx.host.random_number()));
        self.entry = Some(cx.begin(Undo::folder(&state.shared)));
        std::fs::create_dir(&state.shared)
            .map_err(|error| anyhow::anyhow!("Error making temp dir: {}", explain("mkdir", &state.shared, &error)))
    }

    async fn undo(&mut self, cx: &RunCx, state: &mut State, _ending: &mut Ending) {
        match std::fs::remove_dir_all(&state.shared) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                cx.error(format!("cannot remove the shared folder: {}", explain("remove", &state.shared, &error)));
            }
            _ => self.entry.take().into_iter().for_each(Entry::gone),
        }
    }
}

/// Makes the way to the container (C-docker-7).
struct Connect;

#[async_trait]
impl Step<State> for Connect {
    fn name(&self) -> &'static str {
        "StepConnect"
    }

    async fn run(&mut self, cx: &RunCx, state: &mut State) -> Result<()> {
        let config = &state.config;
        let (Some(container), "docker" | "dockerWindowsContainer") =
            (&state.container, &*config.connection.communicator)
        else {
            state.machine = Some(communicators::connect(&config.connection, cx).await?);
            return Ok(());
        };
        let Some(facts) = cx.cancel.run_until_cancelled(state.engine.inspect_container(container)).await else {
            bail!("Build was cancelled.");
        };
        let facts = facts.map_err(|trouble| not_inspected(container, trouble))?;
        let communicator = &config.connection.communicator;
        cx.say(format!("Using {communicator} communicator to connect: {}", facts.address));
        let is_windows = communicator == "dockerWindowsContainer";
        let manner = Manner {
            exec_user: config.exec_user.clone(),
            pty: config.pty,
            fix_upload_owner: config.fix_upload_owner.unwrap_or_default(),
            user: facts.user,
            windows: is_windows.then(|| (state.shared.clone(), config.container_dir.clone())),
        };
        let engine = Arc::clone(&state.engine);
        state.machine = Some(Arc::new(DockerMachine::new(engine, container.clone(), manner)));
        pause(cx, config.connection.pause_before_connecting).await
    }
}

/// Waits as long as the template asks for, once there is a connection (C-gen-2).
async fn pause(cx: &RunCx, pause: Duration) -> Result<()> {
    if pause.is_zero() {
        return Ok(());
    }
    cx.say(format!("Pausing {} before connecting...", duration::compact(pause)));
    match cx.cancel.run_until_cancelled(tokio::time::sleep(pause)).await {
        Some(()) => Ok(()),
        None => bail!("Build was cancelled."),
    }
}

/// Returns the error of a container that nothing could be learned about, as the client tells it.
fn not_inspected(container: &str, trouble: Trouble) -> anyhow::Error {
    let words = match trouble.to_string() {
        words if words.contains("No such container") => format!("Error: No such object: {container}"),
        words => words,
    };
    anyhow::anyhow!("Failed to inspect the container: exit status {}, {words}\n", trouble.status())
}

/// Has nothing to do: no keys are put into a container. `-on-error` and `-debug` name it all the same.
struct CleanupTempKeys;

#[async_trait]
impl Step<State> for CleanupTempKeys {
    fn name(&self) -> &'static str {
        "StepCleanupTempKeys"
    }

    async fn run(&mut self, _cx: &RunCx, _state: &mut State) -> Result<()> {
        Ok(())
    }
}
