//! The container of a docker build: the engine it runs in, the arguments it is started with, and its end.
//!
//! What the arguments mean is `run_command`'s.

use std::sync::Arc;

use anyhow::bail;
use async_trait::async_trait;

use super::config::Config;
use super::run_command;
use super::steps::{State, with_grace};
use crate::component::steps::{Ending, Step};
use crate::component::{Result, RunCx};
use crate::containers::{
    self, ContainerEngine, DEFAULT_PROGRAM, Patience, RunContainer, Trouble, container_entry, sharing_entry, undo_by,
    unique_name, unless_silent, until_back,
};
use crate::gotemplate::Fields;
use crate::journal::{Entry, Undo};
use crate::value::Value;

/// Connects to the engine, through the client program when only that understands the run arguments.
///
/// # Errors
/// When none answers.
pub async fn connect(config: &Config, cx: &RunCx) -> Result<Arc<dyn ContainerEngine>> {
    let program = &*config.docker_path;
    // A text that does not render is told by the step that runs it.
    let understood = render_run_command(config, cx, "image").map_or(true, |words| {
        let mut all = options(config, cx, "/shared");
        all.extend(words);
        run_command::parse(&all, &cx.host).is_some()
    });
    let engine = if program == DEFAULT_PROGRAM && !understood {
        containers::connect_client(program, &cx.host, None).await
    } else {
        containers::connect(program, &cx.host, None).await
    };
    Ok(engine?)
}

fn render_run_command(config: &Config, cx: &RunCx, image: &str) -> Result<Vec<String>> {
    let values = [("Image".to_owned(), Value::string(image))].into();
    let fields = Fields { values, strict: Some("*docker.startContainerTemplate") };
    let engine = cx.engine();
    config.run_command.iter().map(|word| word.render(&engine, &fields)).collect()
}

/// Returns the run arguments that the settings make, in the order people know (B-docker-43).
fn options(config: &Config, cx: &RunCx, shared: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut add = |name: &str, value: &str| words.extend([name.to_owned(), value.to_owned()]);
    config.device.iter().for_each(|device| add("--device", device));
    config.cap_add.iter().for_each(|name| add("--cap-add", name));
    config.cap_drop.iter().for_each(|name| add("--cap-drop", name));
    if config.privileged {
        words.push("--privileged".to_owned());
    }
    let mut add = |name: &str, value: &str| words.extend([name.to_owned(), value.to_owned()]);
    for (name, value) in [("--runtime", &config.runtime), ("--platform", &config.platform)] {
        if !value.is_empty() {
            add(name, value);
        }
    }
    config.tmpfs.iter().for_each(|path| add("--tmpfs", path));
    add("-v", &format!("{shared}:{}", config.container_dir));
    for (here, there) in &config.volumes {
        let home = cx.host.home().filter(|_| here == "~" || here.starts_with("~/"));
        let here = home.map_or_else(|| here.clone(), |home| format!("{}{}", home.display(), &here[1..]));
        add("-v", &format!("{here}:{there}"));
    }
    words
}

/// Starts the container; undoing it removes it (B-docker-43, -44).
#[derive(Default)]
pub struct Run {
    entry: Option<(Entry, Undo)>,
}

impl Run {
    /// Returns what to ask for, with a name that stands in the journal before there is a container.
    fn request(&mut self, cx: &RunCx, state: &State, words: Vec<String>) -> RunContainer {
        let body = run_command::parse(&words, &cx.host);
        let platform = body.as_ref().map(|run| run.platform.clone()).unwrap_or_default();
        let given = match &body {
            Some(run) => Some(run.name.clone()).filter(|name| !name.is_empty()),
            None => run_command::given_name(&words).map(str::to_owned),
        };
        let is_given = given.is_some();
        let name = given.unwrap_or_else(|| unique_name(cx));
        let engine = &*state.engine;
        // Whoever has the given name already, or gets it first, keeps it: the engine refuses, and nothing is undone.
        let undo = if is_given { sharing_entry(engine, &name, &state.shared) } else { container_entry(engine, &name) };
        self.entry = Some((cx.begin(undo.clone()), undo));
        // The client reads a given name in the words.
        let body = body.and_then(|run| run.body);
        let name = if is_given && body.is_none() { String::new() } else { name };
        let name = if is_given && state.config.docker_path != DEFAULT_PROGRAM { String::new() } else { name };
        RunContainer { name, words, body, platform }
    }

    async fn start(&mut self, cx: &RunCx, state: &mut State) -> Result<String> {
        let shared = state.shared.display().to_string();
        let mut words = options(&state.config, cx, &shared);
        words.extend(render_run_command(&state.config, cx, &state.image)?);
        cx.say(format!("Run command: {} run {}", state.engine.program(), words.join(" ")));
        let request = self.request(cx, state, words);
        match with_grace(cx, &*state.engine, state.engine.run(&request)).await {
            Some(Ok(id)) => Ok(id),
            Some(Err(Trouble::Refused { words, .. })) => {
                bail!("Docker exited with a non-zero exit status.\nStderr: {words}\n")
            }
            Some(Err(trouble)) => Err(trouble.into()),
            None => {
                state.is_cut_off = true;
                bail!("Build was cancelled.")
            }
        }
    }

    /// Removes the container, whatever became of it. What an engine was asked for last before it was cut off may still
    /// come; then the entry stays open, and `packer cleanup` looks again.
    async fn remove(&mut self, cx: &RunCx, state: &State) {
        let Some((entry, undo)) = self.entry.take() else { return };
        let engine = &*state.engine;
        let remove = || undo_by(engine, &undo, Patience::Short);
        let removed = if state.is_cut_off {
            let silent = || Err(anyhow::anyhow!("the container engine does not answer"));
            unless_silent(engine, &cx.cancel, remove()).await.unwrap_or_else(silent)
        } else {
            until_back(engine, cx, remove).await
        };
        match removed {
            Ok(was_there) if was_there || !state.is_cut_off => entry.gone(),
            Ok(_) => {}
            Err(error) => cx.error(format!("{error:#}")),
        }
    }
}

#[async_trait]
impl Step<State> for Run {
    fn name(&self) -> &'static str {
        "StepRun"
    }

    async fn run(&mut self, cx: &RunCx, state: &mut State) -> Result<()> {
        cx.say("Starting docker container...");
        match self.start(cx, state).await {
            Ok(id) => {
                cx.say(format!("Container ID: {id}"));
                state.id.clone_from(&id);
                state.container = Some(id);
                Ok(())
            }
            Err(error) => {
                let error = anyhow::anyhow!("Error running container: {error}");
                cx.error(error.to_string());
                // An engine may have made what it could not start.
                self.remove(cx, state).await;
                Err(error)
            }
        }
    }

    async fn undo(&mut self, cx: &RunCx, state: &mut State, _ending: &mut Ending) {
        if let Some(id) = state.container.take() {
            cx.say(format!("Killing the container: {id}"));
            // Removing by force ends it as well, in one call; a client program sees the two calls people know.
            if state.engine.runs_programs()
                && !state.is_cut_off
                && let Err(trouble) = state.engine.kill(&id).await
            {
                cx.error(format!("Error killing the container: {trouble}"));
            }
        }
        self.remove(cx, state).await;
    }
}
