//! `docker-import`: makes an image of a container's exported file system.
//!
//! Unaware of who exported it: the builder, or whoever made the file that `artifice` names.

use std::sync::Arc;

use anyhow::{anyhow, bail};
use async_trait::async_trait;

use super::unless_interrupted;
use crate::component::config::Settings;
use crate::component::{Artifact, Builtin, Keep, PostProcessor, Prepared, Problems, Processed, Result, RunCx};
use crate::containers::{
    self, CONTAINER_FILE, IMPORTED, ImageArtifact, ImportImage, Late, PLUGIN, Trouble, file_stream, make_image,
    name_image, undo_image, until_back,
};
use crate::host::explain;
use crate::settings;

/// The `docker-import` post-processor.
pub static KIND: Builtin<dyn PostProcessor> = Builtin {
    name: "docker-import",
    about: "Makes an image of an exported file system.",
    plugin: Some(&PLUGIN),
    schema: Config::schema,
    prepare: |settings, cx| {
        let config = Config::decode(settings, cx)?;
        Ok::<_, Problems>(Prepared { component: Box::new(DockerImport { config }), warnings: Vec::new() })
    },
};

settings! {
    /// Settings of the `docker-import` post-processor.
    struct Config {
        /// The name of the image, without a tag; without it the image gets no name.
        repository: String,
        /// The tag.
        tag: String,
        /// Instructions as in a Dockerfile, such as `CMD ["/bin/sh"]`.
        changes: Vec<String>,
        /// The platform of the image: `linux/arm64`.
        platform: String,
        /// The client program; `docker` means to ask the engine directly.
        docker_path: String = "docker".to_owned(),
    }
}

struct DockerImport {
    config: Config,
}

/// Who gives files that may be a file system.
const ARTIFICE: &str = "packer.post-processor.artifice";

#[async_trait]
impl PostProcessor for DockerImport {
    /// Imports the first file of the artifact.
    ///
    /// # Source
    /// PP-docker-7; cases `docker-post/import-*`.
    async fn process(&self, cx: &RunCx, input: Arc<dyn Artifact>) -> Result<Option<Processed>> {
        if ![CONTAINER_FILE, ARTIFICE].contains(&input.builder_id()) {
            bail!(
                "Unknown artifact type: {}\nCan only import from Docker builder and Artifice post-processor artifacts. \
                 A builder with commit: true has made an image already; set export_path instead, or leave this out",
                input.builder_id()
            );
        }
        let Config { repository, tag, changes, platform, docker_path } = &self.config;
        let name = if tag.is_empty() { repository.clone() } else { format!("{repository}:{tag}") };
        cx.say(format!("Importing image: {}", input.id()));
        cx.say(format!("Repository: {name}"));
        let files = input.files();
        let Some(file) = files.first() else { bail!("cannot import an image: the artifact has no files") };
        let failed = |error| anyhow!(explain("open", file, &error));
        if file.as_os_str().is_empty() {
            return Err(failed(std::io::ErrorKind::NotFound.into()));
        }
        let progress = cx.progress_of(&format!("Importing {}", file.display()), &files[..1]);
        let tar = file_stream(&cx.host.absolute(file), &progress).map_err(failed)?;
        let engine = unless_interrupted(cx, containers::connect(docker_path, &cx.host, None)).await??;
        let import = make_image(&*engine, cx, None, Late::Finishes, |name| {
            let request = ImportImage { name, changes: changes.clone(), platform: platform.clone() };
            let engine = Arc::clone(&engine);
            async move {
                let interrupted = |error: anyhow::Error| Err(Trouble::Unreachable(error.to_string()));
                unless_interrupted(cx, engine.import(tar, &request)).await.unwrap_or_else(interrupted)
            }
        });
        let image = import.await.map_err(told)?;
        if !name.is_empty()
            && let Err(trouble) = name_image(&*engine, cx, &image.id, &name).await
        {
            if until_back(&*engine, cx, || undo_image(&*engine, &image.id)).await.is_ok() {
                image.gone();
            }
            return Err(told(trouble));
        }
        cx.say(format!("Imported ID: {}", image.id));
        let artifact = ImageArtifact {
            engine,
            builder_id: IMPORTED,
            image: if name.is_empty() { image.id.clone() } else { name.clone() },
            id: name,
            tags: Vec::new(),
            saved: Vec::new(),
            data: input.data(),
        };
        image.hand_over(cx);
        Ok(Some(Processed { artifact: Arc::new(artifact), keep_input: Keep::Default(false) }))
    }
}

fn told(trouble: Trouble) -> anyhow::Error {
    match trouble {
        Trouble::Refused { status, words } => {
            anyhow!("Error importing container: exit status {status}\n\nStderr: {words}\n")
        }
        Trouble::Unreachable(reason) => anyhow!("Error importing container: {reason}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::containers::testing::engine;
    use crate::post_processors::test_support::{made_by, prepare, run_cx};
    use crate::value::{Type, Value};

    fn tar(folder: &std::path::Path) {
        let mut archive = tar::Builder::new(std::fs::File::create(folder.join("fs.tar")).unwrap());
        archive.append_path_with_name(file!(), "opt/x").unwrap();
        archive.finish().unwrap();
    }

    // PP-docker-7; case docker-post/import-troubles
    #[tokio::test]
    async fn what_cannot_be_imported_is_named() {
        let cx = run_cx(std::path::Path::new("/"));
        let import = prepare(&KIND, &cx, &[]).unwrap();
        let error = import.process(&cx, made_by(IMPORTED, "id", &[])).await.err().unwrap().to_string();
        assert!(error.starts_with("Unknown artifact type: packer.post-processor.docker-import\nCan only import from "));
        assert!(error.contains("commit: true"));
        let error = import.process(&cx, made_by(CONTAINER_FILE, "Container", &[""])).await.err().unwrap();
        assert_eq!(error.to_string(), "open : no such file or directory");
    }

    // PP-docker-7; cases docker-post/import-an-exported-container, import-troubles
    #[tokio::test]
    async fn a_tar_becomes_an_image_with_its_name() {
        if let Some(engine) = engine().await {
            let folder = tempfile::tempdir().unwrap();
            tar(folder.path());
            let cx = run_cx(folder.path());
            let repository = format!("packer-test/imported-{}", cx.host.random_number());
            let changes = Value::list(Type::String, ["ENV A=b".into()]);
            let settings = [("repository", (&*repository).into()), ("tag", "imp".into()), ("changes", changes)];
            let import = prepare(&KIND, &cx, &settings).unwrap();
            let made = import.process(&cx, made_by(CONTAINER_FILE, "Container", &["fs.tar"])).await.unwrap().unwrap();
            assert_eq!(made.artifact.describe(), format!("Imported Docker image: {repository}:imp"));
            assert_eq!((made.artifact.builder_id(), made.keep_input), (IMPORTED, Keep::Default(false)));
            let facts = engine.inspect_image(&made.artifact.id()).await.unwrap();
            assert_eq!(facts.tags, [format!("{repository}:imp")]);
            made.artifact.destroy().await.unwrap();
            assert!(engine.inspect_image(&facts.id).await.is_err());
        }
    }

    // PP-docker-7; case docker-post/import-troubles
    #[tokio::test]
    async fn a_name_or_change_that_is_refused_leaves_no_image() {
        if engine().await.is_some() {
            let folder = tempfile::tempdir().unwrap();
            tar(folder.path());
            let cx = run_cx(folder.path());
            let bad = Value::list(Type::String, ["NOT so".into()]);
            for setting in [("changes", bad), ("repository", "Packer-Test/Upper".into())] {
                let import = prepare(&KIND, &cx, &[setting]).unwrap();
                let input = made_by("packer.post-processor.artifice", "", &["fs.tar"]);
                let error = import.process(&cx, input).await.err().unwrap().to_string();
                assert!(
                    error.starts_with("Error importing container: exit status 1\n\nStderr: Error response"),
                    "{error:?}"
                );
                assert!(error.ends_with('\n'), "{error:?}");
            }
        }
    }
}
