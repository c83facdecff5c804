//! The base image of a docker build: built from a Dockerfile, or pulled, and what is known about it.
//!
//! Starts no container.

use anyhow::bail;
use async_trait::async_trait;
use tokio::sync::Mutex;

use super::steps::{GRACE, State, with_grace};
use crate::component::steps::{Ending, Step};
use crate::component::{Result, RunCx};
use crate::containers::{BuildImage, Late, Layers, Transfer, Trouble, digest_of, make_image, undo_image, until_back};

/// Builds the base image from a Dockerfile (B-docker-40).
pub struct BuildBase;

#[async_trait]
impl Step<State> for BuildBase {
    fn name(&self) -> &'static str {
        "stepBuild"
    }

    async fn run(&mut self, cx: &RunCx, state: &mut State) -> Result<()> {
        let Some(build) = &state.config.build.0 else { return Ok(()) };
        cx.say("Building base image...");
        let request = BuildImage {
            name: String::new(),
            dockerfile: cx.host.absolute(&build.path),
            folder: cx.host.absolute(&build.build_dir),
            arguments: build.arguments.clone(),
            pull: build.pull.unwrap_or(true),
            compress: build.compress,
            platform: state.config.platform.clone(),
        };
        let engine = &*state.engine;
        let mut layers = None;
        let mut cut_off = false;
        let making = make_image(engine, cx, None, Late::GivesUp, |name| async {
            let request = BuildImage { name, ..request };
            let mut read_so_far = Layers::default();
            let mut read = |text: String| read_so_far.read(engine, cx, &text);
            let built = cx.cancel.run_until_cancelled(engine.build(&request, &mut read)).await;
            match built {
                Some(built) => {
                    layers = Some(read_so_far);
                    built
                }
                // Hanging up stops the engine, but not while it makes the image of an instruction; after the last one
                // that gets the name. So the layers are waited for before the name is looked for.
                None => {
                    cut_off = true;
                    read_so_far.undo(engine, cx).await;
                    Err(Trouble::Unreachable("Build was cancelled.".to_owned()))
                }
            }
        });
        let built = making.await;
        if cut_off {
            bail!("Build was cancelled.");
        }
        if let Some(layers) = layers {
            layers.keep();
        }
        let image = match built {
            Ok(image) => image,
            Err(Trouble::Refused { status, words }) => {
                bail!("docker build failed: exit status {status}; stdout: {words}\n")
            }
            Err(trouble) => bail!("docker build failed: {trouble}"),
        };
        cx.say(format!("Finished building base image {:?}", image.id));
        state.image.clone_from(&image.id);
        state.base = Some(image);
        Ok(())
    }

    async fn undo(&mut self, cx: &RunCx, state: &mut State, ending: &mut Ending) {
        let Some(base) = state.base.take() else { return };
        if !state.config.discard && !ending.is_bad() {
            cx.say(
                "final image is not discarded, removing the built image will fail because of existing dependencies, \
                 skipping cleanup for docker build.",
            );
            base.hand_over(cx);
            return;
        }
        match until_back(&*state.engine, cx, || undo_image(&*state.engine, &base.id)).await {
            Ok(_) => base.gone(),
            Err(error) => cx.error(format!("{error:#}")),
        }
    }
}

/// Pulls the base image, with a login around it, and looks its digest up (B-docker-41, -42).
pub struct Pull;

/// A client keeps one login for a registry, so builds take turns from login to logout.
static LOGIN: Mutex<()> = Mutex::const_new(());

#[async_trait]
impl Step<State> for Pull {
    fn name(&self) -> &'static str {
        "StepPull"
    }

    async fn run(&mut self, cx: &RunCx, state: &mut State) -> Result<()> {
        if state.config.build.0.is_some() {
            return Ok(());
        }
        if state.config.pull != Some(false) {
            cx.say(format!("Pulling Docker image: {}", state.image));
            pull_with_login(cx, state).await?;
        }
        match cx.cancel.run_until_cancelled(find_source(cx, state)).await {
            Some(()) => Ok(()),
            None => bail!("Build was cancelled."),
        }
    }
}

async fn pull_with_login(cx: &RunCx, state: &State) -> Result<()> {
    let config = &state.config;
    if !config.account.login {
        return pull(cx, state).await;
    }
    let Some(_turn) = cx.cancel.run_until_cancelled(LOGIN.lock()).await else { bail!("Build was cancelled.") };
    cx.say("Logging in...");
    let login = config.account.as_login();
    let logged_in = cx.cancel.run_until_cancelled(state.engine.login(&login, &mut |line: String| cx.say(line))).await;
    let Some(logged_in) = logged_in else { bail!("Build was cancelled.") };
    logged_in.map_err(|trouble| complain(cx, "Error logging in", trouble))?;
    let pulled = pull(cx, state).await;
    // Also of an interrupted pull: a client program keeps its logins.
    cx.say("Logging out...");
    let mut say = |line: String| cx.say(line);
    let logout = state.engine.logout(&config.account.login_server, &mut say);
    match with_grace(cx, &*state.engine, GRACE, logout).await {
        Some(Ok(())) => {}
        Some(Err(trouble)) => cx.error(format!("Error logging out: {trouble}")),
        None => cx.error("Error logging out: interrupted"),
    }
    pulled
}

async fn pull(cx: &RunCx, state: &State) -> Result<()> {
    let mut show = Transfer::new(cx, &format!("Pulling {}", state.image));
    let pulling = state.engine.pull(&state.image, &state.config.platform, &mut show);
    let Some(pulled) = cx.cancel.run_until_cancelled(pulling).await else { bail!("Build was cancelled.") };
    pulled.map_err(|trouble| complain(cx, "Error pulling Docker image", trouble))
}

/// Shows the engine's own words and returns the error in the form scripts know.
fn complain(cx: &RunCx, action: &str, trouble: Trouble) -> anyhow::Error {
    let error = match trouble {
        Trouble::Refused { status, words } => {
            words.lines().for_each(|line| cx.error(line));
            anyhow::anyhow!("{action}: Bad exit status: {status}")
        }
        Trouble::Unreachable(reason) => anyhow::anyhow!("{action}: {reason}"),
    };
    cx.error(error.to_string());
    error
}

/// Notes id and digest of the base image; without them the build goes on.
async fn find_source(cx: &RunCx, state: &mut State) {
    let found = state.engine.inspect_image(&state.image).await;
    let (id, digest) = match found {
        Ok(facts) => {
            let digest = digest_of(&facts.digests, &state.image);
            (facts.id, digest)
        }
        Err(Trouble::Refused { status, words }) => {
            cx.error(format!(
                "Error determining source Docker image Id: Error: exit status {status}\n\nStderr: {words}\n"
            ));
            (String::new(), None)
        }
        Err(trouble) => {
            cx.error(format!("Error determining source Docker image Id: {trouble}"));
            (String::new(), None)
        }
    };
    if digest.is_none() {
        cx.error(
            "Error determining source Docker image digest; this image may not have been pushed yet, which means no \
             distribution digest has been created. If you plan to call docker push later, the digest value will be \
             stored then.",
        );
    }
    state.know("SourceImageSha256", id);
    state.know("SourceImageDigest", digest.unwrap_or_default());
}
