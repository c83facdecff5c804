//! `docker-push`: sends an image to the registries that its names say.
//!
//! Unaware of repositories and tags: it pushes what the artifact is called.

use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{anyhow, bail};
use async_trait::async_trait;

use super::unless_interrupted;
use crate::component::config::Settings;
use crate::component::{
    Artifact, Builtin, Keep, PostProcessor, PrepareCx, Prepared, Problems, Processed, Result, RunCx,
};
use crate::containers::{
    self, Account, ContainerEngine, DEFAULT_PROGRAM, IMPORTED, ImageArtifact, PLUGIN, Transfer, digest_of, is_image,
};
use crate::host::platform;
use crate::journal::{Entry, Undo};
use crate::settings;
use crate::value::Value;

/// The `docker-push` post-processor.
pub static KIND: Builtin<dyn PostProcessor> = Builtin {
    name: "docker-push",
    about: "Sends an image to its registries.",
    plugin: Some(&PLUGIN),
    schema: Config::schema,
    prepare,
};

settings! {
    /// Settings of the `docker-push` post-processor.
    struct Config {
        /// The platform to push, of an image with several: `linux/arm64`.
        platform: String,
        /// The client program; `docker` means to ask the engine directly.
        docker_path: String = "docker".to_owned(),
    }
    flatten { account: Account }
}

struct DockerPush {
    config: Config,
}

fn prepare(settings: &Value, cx: &PrepareCx) -> std::result::Result<Prepared<dyn PostProcessor>, Problems> {
    let config = Config::decode(settings, cx)?;
    let mut problems = Problems::default();
    config.account.check(&mut problems);
    problems.or(Prepared { component: Box::new(DockerPush { config }), warnings: Vec::new() })
}

#[async_trait]
impl PostProcessor for DockerPush {
    /// Pushes the image by its id and by every name: the last one twice, as the reference does.
    ///
    /// # Source
    /// PP-docker-3 … PP-docker-5; cases `docker-post/push-*`.
    async fn process(&self, cx: &RunCx, input: Arc<dyn Artifact>) -> Result<Option<Processed>> {
        if !is_image(input.builder_id()) {
            bail!(
                "Unknown artifact type: {}\nCan only import from docker-import and docker-tag artifacts.",
                input.builder_id()
            );
        }
        self.config.account.refuse_what_comes_later()?;
        // The lines are those of the reference. Logins through the API live in memory, so only a client program that
        // logs in needs the folder.
        let is_private = cx.host.env_filled("DOCKER_CONFIG").is_none();
        if is_private {
            cx.say("Creating temporary Docker configuration directory");
        }
        let needs_folder = is_private && self.config.account.login && self.config.docker_path != DEFAULT_PROGRAM;
        let folder = needs_folder.then(|| ClientFolder::make(cx)).transpose()?;
        let pushed = self.push(cx, &*input, folder.as_ref()).await;
        if is_private {
            cx.say("Removing temporary Docker configuration directory");
        }
        if let Some(folder) = folder {
            folder.remove(cx);
        }
        let (engine, digest) = pushed?;
        let mut data = input.data();
        if let Some(digest) = digest {
            data.insert("Digest".into(), digest.into());
        }
        let artifact = ImageArtifact {
            engine,
            builder_id: IMPORTED,
            id: input.id(),
            image: input.id(),
            tags: input.tags(),
            saved: input.saved_as(),
            data,
        };
        Ok(Some(Processed { artifact: Arc::new(artifact), keep_input: Keep::Default(true) }))
    }
}

impl DockerPush {
    /// Logs in, pushes, logs out; returns the digest of the pushed image when the engine knows it.
    async fn push(
        &self,
        cx: &RunCx,
        input: &dyn Artifact,
        folder: Option<&ClientFolder>,
    ) -> Result<(Arc<dyn ContainerEngine>, Option<String>)> {
        let config = &self.config;
        let folder = folder.map(|folder| &*folder.path);
        let engine = containers::connect(&config.docker_path, &cx.host, folder).await?;
        if config.account.login {
            cx.say("Logging in...");
            let login = config.account.as_login();
            unless_interrupted(cx, engine.login(&login, &mut |line: String| cx.say(line))).await?.map_err(
                |trouble| {
                    cx.error(trouble.to_string());
                    anyhow!("Error logging in to Docker: Bad exit status: {}", trouble.status())
                },
            )?;
        }
        let pushed = self.push_names(cx, input, &*engine).await;
        if config.account.login {
            cx.say("Logging out...");
            if let Err(trouble) = engine.logout(&config.account.login_server, &mut |line: String| cx.say(line)).await {
                cx.error(format!("cannot log out of {:?}: {trouble}", config.account.login_server));
            }
        }
        pushed?;
        let digest = match engine.inspect_image(&input.id()).await {
            Ok(facts) => digest_of(&facts.digests, &input.id()),
            Err(_) => None,
        };
        if digest.is_none() {
            cx.say("Unable to determine digest for source image, ignoring it for now");
        }
        Ok((engine, digest))
    }

    async fn push_names(&self, cx: &RunCx, input: &dyn Artifact, engine: &dyn ContainerEngine) -> Result<()> {
        for name in [input.id()].into_iter().chain(input.tags()) {
            cx.say(format!("Pushing: {name}"));
            let mut transfer = Transfer::new(cx, &format!("Pushing {name}"));
            unless_interrupted(cx, engine.push(&name, &self.config.platform, &mut transfer)).await?.map_err(
                |trouble| {
                    cx.error(trouble.to_string());
                    anyhow!("cannot push {name:?}: Bad exit status: {}", trouble.status())
                },
            )?;
        }
        Ok(())
    }
}

/// A folder for the client's configuration, so that logins of this run reach nobody else's (PP-docker-4).
struct ClientFolder {
    path: PathBuf,
    entry: Entry,
}

impl ClientFolder {
    /// Makes one with the user's own configuration: what was logged in before stays logged in.
    fn make(cx: &RunCx) -> Result<ClientFolder> {
        let path = cx.host.absolute(cx.host.temp_dir()).join(format!("packer{}", cx.host.random_number()));
        let entry = cx.begin(Undo::folder(&path));
        let own = cx.host.home().map(|home| home.join(".docker"));
        let made = platform::make_private_folder(&path).and_then(|()| match own {
            Some(own) if own.join("config.json").is_file() => {
                std::fs::copy(own.join("config.json"), path.join("config.json"))?;
                platform::link_folder(&own.join("contexts"), &path.join("contexts"))
            }
            _ => Ok(()),
        });
        let folder = ClientFolder { path, entry };
        match made {
            Ok(()) => Ok(folder),
            Err(error) => {
                let failed =
                    anyhow!("cannot make the folder {:?} for the client's configuration: {error}", folder.path);
                folder.remove(cx);
                Err(failed)
            }
        }
    }

    fn remove(self, cx: &RunCx) {
        match std::fs::remove_dir_all(&self.path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                cx.error(format!("cannot remove the folder {}: {error}", self.path.display()));
            }
            _ => self.entry.gone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::containers::testing::engine;
    use crate::post_processors::test_support::{made_by, prepare, run_cx};

    // PP-docker-3; case docker-post/push-troubles
    #[tokio::test]
    async fn what_cannot_be_pushed_is_named() {
        let cx = run_cx(std::path::Path::new("/"));
        let push = prepare(&KIND, &cx, &[]).unwrap();
        let error = push.process(&cx, made_by("packer.docker", "Container", &[])).await.err().unwrap().to_string();
        let wanted =
            "Unknown artifact type: packer.docker\nCan only import from docker-import and docker-tag artifacts.";
        assert_eq!(error, wanted);
        let problem = prepare(&KIND, &cx, &[("ecr_login", true.into())]).err().unwrap();
        assert_eq!(problem, "ECR login requires login server to be provided.");
    }

    // PP-docker-4; case docker-post/push-troubles
    #[tokio::test]
    async fn a_registry_that_does_not_answer_fails_the_push() {
        if let Some(engine) = engine().await {
            let folder = tempfile::tempdir().unwrap();
            let cx = run_cx(folder.path());
            let push = prepare(&KIND, &cx, &[("docker_path", engine.program().into())]).unwrap();
            let name = "127.0.0.1:1/packer-test/nobody:x";
            let error = push.process(&cx, made_by(IMPORTED, name, &[])).await.err().unwrap().to_string();
            assert_eq!(error, format!("cannot push {name:?}: Bad exit status: 1"));
            assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
        }
    }
}
