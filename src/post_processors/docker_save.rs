//! `docker-save`: writes an image with all its layers into a tar.
//!
//! Unaware of compression: whatever the name says, it is a plain tar.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{anyhow, bail};
use async_trait::async_trait;
use tokio::io::AsyncWriteExt;

use super::unless_interrupted;
use crate::component::config::Settings;
use crate::component::{
    Artifact, BuildData, Builtin, Keep, OutputFile, PostProcessor, Prepared, Problems, Processed, Result, RunCx,
    WholeFile,
};
use crate::containers::{self, PLUGIN, is_image};
use crate::host::explain;
use crate::settings;

/// The `docker-save` post-processor.
pub static KIND: Builtin<dyn PostProcessor> = Builtin {
    name: "docker-save",
    about: "Writes an image into a tar.",
    plugin: Some(&PLUGIN),
    schema: Config::schema,
    prepare: |settings, cx| {
        let config = Config::decode(settings, cx)?;
        Ok::<_, Problems>(Prepared { component: Box::new(DockerSave { config }), warnings: Vec::new() })
    },
};

settings! {
    /// Settings of the `docker-save` post-processor.
    struct Config {
        /// The file to write; its folder must exist.
        path: String,
        /// The client program; `docker` means to ask the engine directly.
        docker_path: String = "docker".to_owned(),
    }
}

struct DockerSave {
    config: Config,
}

#[async_trait]
impl PostProcessor for DockerSave {
    /// Writes the tar and passes the image on, which now knows that it was saved.
    ///
    /// # Source
    /// PP-docker-6; cases `docker-post/save-*`.
    async fn process(&self, cx: &RunCx, input: Arc<dyn Artifact>) -> Result<Option<Processed>> {
        if !is_image(input.builder_id()) {
            bail!("Unknown artifact type: {}\nCan only save Docker builder artifacts.", input.builder_id());
        }
        let path = &self.config.path;
        let failed = |error| anyhow!("Error creating output file: {}", explain("open", path, &error));
        if path.is_empty() {
            return Err(failed(std::io::ErrorKind::NotFound.into()));
        }
        let (whole, file) = WholeFile::create(cx, &cx.host.absolute(path), 0o666).map_err(failed)?;
        let image = input.id();
        cx.say(format!("Saving image: {image}"));
        let engine = unless_interrupted(cx, containers::connect(&self.config.docker_path, &cx.host, None)).await??;
        let file = cx.progress(&format!("Saving {path}"), 0).counting(OutputFile::new(file, &**path));
        let mut to = tokio::io::BufWriter::with_capacity(1 << 20, file);
        unless_interrupted(cx, engine.save(&image, &mut to))
            .await?
            .map_err(|trouble| trouble.told("Error saving image"))?;
        to.flush().await.map_err(|error| anyhow!("Error saving image: {error}"))?;
        whole.commit().map_err(|error| anyhow!("Error saving image: {}", explain("rename", path, &error)))?;
        cx.say(format!("Saved to: {path}"));
        let artifact = SavedImage { image: input, path: PathBuf::from(path) };
        Ok(Some(Processed { artifact: Arc::new(artifact), keep_input: Keep::Default(true) }))
    }
}

/// An image that stands in a file as well. People and manifests see the image alone, as in the reference.
struct SavedImage {
    image: Arc<dyn Artifact>,
    path: PathBuf,
}

#[async_trait]
impl Artifact for SavedImage {
    fn builder_id(&self) -> &str {
        self.image.builder_id()
    }
    fn id(&self) -> String {
        self.image.id()
    }
    fn describe(&self) -> String {
        self.image.describe()
    }
    fn saved_as(&self) -> Vec<PathBuf> {
        let is_other = |path: &PathBuf| path != Path::new(&self.path);
        self.image.saved_as().into_iter().filter(is_other).chain([self.path.clone()]).collect()
    }
    fn data(&self) -> BuildData {
        self.image.data()
    }
    fn tags(&self) -> Vec<String> {
        self.image.tags()
    }
    async fn destroy(&self) -> Result<()> {
        self.image.destroy().await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::containers::IMPORTED;
    use crate::containers::testing::{Base, engine};
    use crate::post_processors::compress;
    use crate::post_processors::test_support::{made_by, prepare, run_cx};

    // PP-docker-6; case docker-post/save-troubles
    #[tokio::test]
    async fn what_cannot_be_saved_is_named() {
        let cx = run_cx(std::path::Path::new("/"));
        for (builder, path, wanted) in [
            ("packer.docker", "x", "Unknown artifact type: packer.docker\nCan only save Docker builder artifacts."),
            (IMPORTED, "", "Error creating output file: open : no such file or directory"),
            (IMPORTED, "no/such/x.tar", "Error creating output file: open no/such/x.tar: no such file or directory"),
        ] {
            let save = prepare(&KIND, &cx, &[("path", path.into())]).unwrap();
            assert_eq!(save.process(&cx, made_by(builder, "id", &[])).await.err().unwrap().to_string(), wanted);
        }
    }

    // PP-docker-6, X-9; cases docker-post/save-writes-a-tar, save-then-compress
    #[tokio::test]
    async fn the_image_goes_on_and_compress_finds_the_tar() {
        if let Some(engine) = engine().await {
            let (base, folder) = (Base::make(&*engine, &[]).await, tempfile::tempdir().unwrap());
            let cx = run_cx(folder.path());
            let save = prepare(&KIND, &cx, &[("path", "image.tar.gz".into())]).unwrap();
            let saved = save.process(&cx, made_by(IMPORTED, &base.0, &[])).await.unwrap().unwrap();
            assert!(saved.artifact.files().is_empty() && saved.artifact.id() == base.0);
            let mut archive = tar::Archive::new(std::fs::File::open(folder.path().join("image.tar.gz")).unwrap());
            let mut names = archive.entries().unwrap().map(|entry| entry.unwrap().path().unwrap().into_owned());
            assert!(names.any(|name| name == Path::new("manifest.json")));
            let compress = prepare(&compress::KIND, &cx, &[("output", "a.tar".into())]).unwrap();
            let packed = compress.process(&cx, saved.artifact).await.unwrap().unwrap();
            assert_eq!(packed.keep_input, Keep::Default(true));
            let mut archive = tar::Archive::new(std::fs::File::open(folder.path().join("a.tar")).unwrap());
            let name = archive.entries().unwrap().next().unwrap().unwrap().path().unwrap().into_owned();
            assert_eq!(name, Path::new("image.tar.gz"));
        }
    }

    #[tokio::test]
    async fn a_failure_leaves_no_file() {
        if engine().await.is_none() {
            return;
        }
        let folder = tempfile::tempdir().unwrap();
        let cx = run_cx(folder.path());
        let save = prepare(&KIND, &cx, &[("path", "image.tar".into())]).unwrap();
        let error = save.process(&cx, made_by(IMPORTED, "packer-test/nobody:x", &[])).await.err().unwrap();
        assert!(error.to_string().starts_with("Error saving image: "), "{error}");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    }
}
