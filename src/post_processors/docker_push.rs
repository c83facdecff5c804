//! `docker-push`: sends an image to the registries that its names say.
//!
//! Unaware of how it came by them: it pushes what the artifact is called, or what it is told to call it first.

use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{anyhow, bail};
use async_trait::async_trait;

use super::unless_interrupted;
use crate::component::config::{Reader, Setting, Settings, Shape};
use crate::component::{
    Artifact, BuildData, Builtin, Keep, PostProcessor, PrepareCx, Prepared, Problem, Problems, Processed, Result, RunCx,
};
use crate::containers::{
    self, Account, ContainerEngine, DEFAULT_PROGRAM, IMPORTED, ImageArtifact, PLUGIN, Transfer, digest_of, give_names,
    is_image, names,
};
use crate::host::platform;
use crate::journal::{Entry, Undo};
use crate::settings;
use crate::value::{Type, Value};

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
        /// Give the image this name first, without a tag: `registry.example.org/team/app`.
        repository: String,
        /// The tag of that name, or a list of tags; without any, the repository alone is the name.
        tag: Tags,
        /// The platform to push, of an image with several: `linux/arm64`.
        platform: String,
        /// The client program; `docker` means to ask the engine directly.
        docker_path: String = "docker".to_owned(),
    }
    flatten { account: Account }
}

/// One tag, or a list of tags.
#[derive(Clone, Debug, Default)]
struct Tags(Vec<String>);

impl Setting for Tags {
    fn shape() -> Shape {
        Shape::Attribute(Type::Any, false)
    }
    fn read(value: &Value, reader: &mut Reader<'_>) -> Option<Tags> {
        Vec::read(value, reader).map(Tags)
    }
}

struct DockerPush {
    config: Config,
}

fn prepare(settings: &Value, cx: &PrepareCx) -> std::result::Result<Prepared<dyn PostProcessor>, Problems> {
    let config = Config::decode(settings, cx)?;
    let mut problems = Problems::default();
    config.account.check(&mut problems);
    if config.repository.is_empty() && !config.tag.0.is_empty() {
        problems.push(Problem::of("tag", "`tag` needs `repository`: the name that the tag belongs to."));
    }
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
        if self.config.repository.is_empty() {
            return self.push_named(cx, Image::of(&*input), Keep::Default(true)).await;
        }
        let engine = unless_interrupted(cx, containers::connect(&self.config.docker_path, &cx.host, None)).await??;
        let (tags, mut given) = (&self.config.tag.0, Vec::new());
        let names = names(&self.config.repository, tags);
        let pushed = match give_names(&*engine, cx, &input.id(), &names, &mut given).await {
            Ok(()) => {
                let id = names.last().cloned().unwrap_or_default();
                let tags = if tags.is_empty() { Vec::new() } else { names };
                // A name for an image that is then removed would be of no use.
                self.push_named(cx, Image { id, tags, ..Image::of(&*input) }, Keep::Always).await
            }
            Err(error) => Err(error),
        };
        if pushed.is_err() {
            for name in given.into_iter().rev() {
                if let Err(error) = name.take_back(&*engine).await {
                    cx.error(error.to_string());
                }
            }
        }
        pushed
    }
}

/// What is pushed.
struct Image {
    /// Its id or a name.
    id: String,
    /// More names.
    tags: Vec<String>,
    saved: Vec<PathBuf>,
    data: BuildData,
}

impl Image {
    fn of(input: &dyn Artifact) -> Image {
        Image { id: input.id(), tags: input.tags(), saved: input.saved_as(), data: input.data() }
    }
}

impl DockerPush {
    /// Pushes an image that has its names.
    async fn push_named(&self, cx: &RunCx, mut image: Image, keep_input: Keep) -> Result<Option<Processed>> {
        // The lines are those of the reference. Logins through the API live in memory, so only a client program that
        // logs in needs the folder.
        let is_private = cx.host.env_filled("DOCKER_CONFIG").is_none();
        if is_private {
            cx.say("Creating temporary Docker configuration directory");
        }
        let needs_folder = is_private && self.config.account.login && self.config.docker_path != DEFAULT_PROGRAM;
        let folder = needs_folder.then(|| ClientFolder::make(cx)).transpose()?;
        let pushed = self.push(cx, &image, folder.as_ref()).await;
        if is_private {
            cx.say("Removing temporary Docker configuration directory");
        }
        if let Some(folder) = folder {
            folder.remove(cx);
        }
        let (engine, digest) = pushed?;
        if let Some(digest) = digest {
            image.data.insert("Digest".into(), digest.into());
        }
        let Image { id, tags, saved, data } = image;
        let artifact = ImageArtifact { engine, builder_id: IMPORTED, image: id.clone(), id, tags, saved, data };
        Ok(Some(Processed { artifact: Arc::new(artifact), keep_input }))
    }

    /// Logs in, pushes, logs out; returns the digest of the pushed image when the engine knows it.
    async fn push(
        &self,
        cx: &RunCx,
        image: &Image,
        folder: Option<&ClientFolder>,
    ) -> Result<(Arc<dyn ContainerEngine>, Option<String>)> {
        let config = &self.config;
        let folder = folder.map(|folder| &*folder.path);
        let engine = unless_interrupted(cx, containers::connect(&config.docker_path, &cx.host, folder)).await??;
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
        let pushed = self.push_names(cx, image, &*engine).await;
        if config.account.login {
            cx.say("Logging out...");
            if let Err(trouble) = engine.logout(&config.account.login_server, &mut |line: String| cx.say(line)).await {
                cx.error(format!("cannot log out of {:?}: {trouble}", config.account.login_server));
            }
        }
        pushed?;
        let digest = match unless_interrupted(cx, engine.inspect_image(&image.id)).await? {
            Ok(facts) => digest_of(&facts.digests, &image.id),
            Err(_) => None,
        };
        if digest.is_none() {
            cx.say("Unable to determine digest for source image, ignoring it for now");
        }
        Ok((engine, digest))
    }

    async fn push_names(&self, cx: &RunCx, image: &Image, engine: &dyn ContainerEngine) -> Result<()> {
        for name in [&image.id].into_iter().chain(&image.tags) {
            cx.say(format!("Pushing: {name}"));
            let mut transfer = Transfer::new(cx, &format!("Pushing {name}"));
            unless_interrupted(cx, engine.push(name, &self.config.platform, &mut transfer)).await?.map_err(
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
    use crate::containers::testing::{Base, engine};
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

    #[tokio::test]
    async fn a_name_that_cannot_be_pushed_is_taken_back() {
        if let Some(engine) = engine().await {
            let (base, cx) = (Base::make(&*engine, &[]).await, run_cx(&std::env::temp_dir()));
            let repository = format!("127.0.0.1:1/packer-test/{}", cx.host.random_number());
            let other = engine.inspect_image("packer-rs/base:1").await.unwrap().id;
            engine.tag(&other, &format!("{repository}:old")).await.unwrap();
            let tags = Value::tuple(["new".into(), "old".into()]);
            let push = prepare(&KIND, &cx, &[("repository", (&*repository).into()), ("tag", tags)]).unwrap();
            let error = push.process(&cx, made_by(IMPORTED, &base.0, &[])).await.err().unwrap().to_string();
            assert_eq!(error, format!("cannot push \"{repository}:old\": Bad exit status: 1"));
            assert!(engine.inspect_image(&format!("{repository}:new")).await.is_err());
            assert_eq!(engine.inspect_image(&format!("{repository}:old")).await.unwrap().id, other);
            engine.remove_image(&format!("{repository}:old")).await.unwrap();
        }
    }

    #[tokio::test]
    async fn a_tag_needs_a_repository() {
        let cx = run_cx(std::path::Path::new("/"));
        let problem = prepare(&KIND, &cx, &[("tag", "x".into())]).err().unwrap();
        assert_eq!(problem, "`tag` needs `repository`: the name that the tag belongs to.");
        assert!(prepare(&KIND, &cx, &[("tag", "x".into()), ("repository", "r".into())]).is_ok());
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
