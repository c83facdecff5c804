//! `docker-tag`: gives an image more names.
//!
//! Unaware of how the image came about, and of what happens to its other names.

use std::sync::Arc;

use anyhow::bail;
use async_trait::async_trait;

use super::unless_interrupted;
use crate::component::config::Settings;
use crate::component::{Artifact, Builtin, Keep, PostProcessor, Prepared, Problems, Processed, Result, RunCx};
use crate::containers::{self, ImageArtifact, PLUGIN, TAGGED, give_names, is_image, names};
use crate::settings;

/// The `docker-tag` post-processor.
pub static KIND: Builtin<dyn PostProcessor> = Builtin {
    name: "docker-tag",
    about: "Gives an image more names.",
    plugin: Some(&PLUGIN),
    schema: Config::schema,
    prepare: |settings, cx| {
        let config = Config::decode(settings, cx)?;
        Ok::<_, Problems>(Prepared { component: Box::new(DockerTag { config }), warnings: Vec::new() })
    },
};

settings! {
    /// Settings of the `docker-tag` post-processor.
    struct Config {
        /// The name without a tag: `registry.example.org/team/app`.
        repository: String,
        /// The tags; without any, the repository alone is the name.
        tags: Vec<String>,
        /// The old name of `tags`; taken after them.
        tag: Vec<String>,
        /// Means nothing: today's engines always move a name that is taken.
        #[expect(dead_code, reason = "templates give it, and engines know no other way")]
        force: bool,
        /// The client program; `docker` means to ask the engine directly.
        docker_path: String = "docker".to_owned(),
    }
}

struct DockerTag {
    config: Config,
}

#[async_trait]
impl PostProcessor for DockerTag {
    /// Names the image.
    ///
    /// # Source
    /// PP-docker-1, PP-docker-2; cases `docker-post/tag-*`.
    async fn process(&self, cx: &RunCx, input: Arc<dyn Artifact>) -> Result<Option<Processed>> {
        if !is_image(input.builder_id()) {
            bail!("Unknown artifact type: {}\nCan only tag from Docker builder artifacts.", input.builder_id());
        }
        if !self.config.tag.is_empty() {
            cx.say("Deprecation warning: \"tag\" option has been replaced with \"tags\". Move its value there.");
        }
        let engine = unless_interrupted(cx, containers::connect(&self.config.docker_path, &cx.host, None)).await??;
        let tags = self.config.tags.iter().chain(&self.config.tag).cloned().collect::<Vec<_>>();
        let names = names(&self.config.repository, &tags);
        give_names(&*engine, cx, &input.id(), &names, &mut Vec::new()).await?;
        let last = names.last().cloned().unwrap_or_default();
        let artifact = ImageArtifact {
            engine,
            builder_id: TAGGED,
            id: last.clone(),
            image: last,
            tags: if tags.is_empty() { Vec::new() } else { names },
            saved: input.saved_as(),
            data: input.data(),
        };
        // A name for an image that is then removed would be of no use.
        Ok(Some(Processed { artifact: Arc::new(artifact), keep_input: Keep::Always }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::containers::IMPORTED;
    use crate::containers::testing::{Base, engine};
    use crate::post_processors::test_support::{made_by, prepare, run_cx};
    use crate::value::{Type, Value};

    // PP-docker-1; case docker-post/tag-of-something-else
    #[tokio::test]
    async fn what_is_no_image_is_refused() {
        let cx = run_cx(std::path::Path::new("/"));
        let tag = prepare(&KIND, &cx, &[]).unwrap();
        let error = tag.process(&cx, made_by("packer.docker", "Container", &["fs.tar"])).await.err().unwrap();
        assert_eq!(
            error.to_string(),
            "Unknown artifact type: packer.docker\nCan only tag from Docker builder artifacts."
        );
    }

    // PP-docker-2; cases docker-post/tag-then-tag-again, tag-with-the-old-option
    #[tokio::test]
    async fn names_are_given_in_order_and_go_with_the_artifact() {
        if let Some(engine) = engine().await {
            let (base, cx) = (Base::make(&*engine, &[]).await, run_cx(&std::env::temp_dir()));
            let repository = format!("packer-test/tagged-{}", cx.host.random_number());
            let list = |tags: &[&str]| Value::list(Type::String, tags.iter().map(|tag| (*tag).into()));
            let settings = [("repository", (&*repository).into()), ("tags", list(&["a"])), ("tag", list(&["b"]))];
            let tag = prepare(&KIND, &cx, &settings).unwrap();
            let processed = tag.process(&cx, made_by(IMPORTED, &base.0, &[])).await.unwrap().unwrap();
            let wanted = format!("Imported Docker image: {repository}:b with tags {repository}:a {repository}:b");
            assert_eq!((processed.artifact.describe(), processed.keep_input), (wanted, Keep::Always));
            assert_eq!((processed.artifact.builder_id(), processed.artifact.tags().len()), (TAGGED, 2));
            processed.artifact.destroy().await.unwrap();
            assert!(engine.inspect_image(&format!("{repository}:b")).await.is_err());
            assert!(engine.remove_image(&format!("{repository}:a")).await.unwrap());
            let unnamed = prepare(&KIND, &cx, &[("tags", list(&["x"]))]).unwrap();
            let error = unnamed.process(&cx, made_by(IMPORTED, &base.0, &[])).await.err().unwrap().to_string();
            assert!(error.starts_with("Error tagging image: exit status 1\nStderr: "), "{error}");
        }
    }
}
