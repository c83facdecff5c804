//! `artifice`: puts another list of files in the place of the artifact's.
//!
//! Unaware of what the files are; looks for them by Go's `filepath.Glob`.

use std::path::PathBuf;
use std::sync::Arc;

use async_trait::async_trait;

use super::{glob, listed};
use crate::component::config::Settings;
use crate::component::{
    Artifact, BuildData, Builtin, FilesArtifact, Keep, PostProcessor, PrepareCx, Prepared, Problems, Processed, Result,
    RunCx,
};
use crate::settings;
use crate::value::Value;

/// The `artifice` post-processor.
pub static KIND: Builtin<dyn PostProcessor> = Builtin {
    name: "artifice",
    about: "Replaces the list of files of an artifact.",
    plugin: None,
    schema: Config::schema,
    prepare,
};

settings! {
    /// Settings of the `artifice` post-processor.
    struct Config {
        /// The files of the new artifact; names may hold `*`, `?` and `[…]`. Needed.
        files: Vec<String>,
    }
}

struct Artifice {
    config: Config,
}

fn prepare(settings: &Value, cx: &PrepareCx) -> std::result::Result<Prepared<dyn PostProcessor>, Problems> {
    let config = Config::decode(settings, cx)?;
    let mut problems = Problems::default();
    if config.files.is_empty() {
        problems.add("No files specified in artifice configuration");
    }
    problems.or(Prepared { component: Box::new(Artifice { config }), warnings: Vec::new() })
}

#[async_trait]
impl PostProcessor for Artifice {
    /// Lists the files anew; the old ones stay on disk unless the template says otherwise (PP-artifice-2, PP-artifice-3).
    async fn process(&self, cx: &RunCx, input: Arc<dyn Artifact>) -> Result<Option<Processed>> {
        let old = input.files();
        if !old.is_empty() {
            cx.say(format!("Discarding files from artifact: {}", listed(&old)));
        }
        let mut files = Vec::new();
        for pattern in &self.config.files {
            let found = glob::glob(cx.host.cwd(), pattern)
                .map_err(|reason| anyhow::anyhow!("cannot look for the files {pattern:?}: {reason}"))?;
            files.extend(found.into_iter().map(PathBuf::from));
        }
        cx.say(format!("Using these artifact files: {}", listed(&files)));
        let artifact = FilesArtifact {
            builder_id: "packer.post-processor.artifice",
            id: String::new(),
            text: format!("Created artifact from files: {}", listed(&files)),
            files,
            data: BuildData::default(),
        };
        Ok(Some(Processed { artifact: Arc::new(artifact), keep_input: Keep::Default(true) }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::post_processors::test_support::{artifact, prepare, run_cx};
    use crate::value::Type;

    fn files(names: &[&str]) -> Value {
        Value::list(Type::String, names.iter().map(|name| (*name).into()))
    }

    // PP-artifice-1 … PP-artifice-3; case post-processors/artifice-replaces-the-file-list
    #[tokio::test]
    async fn names_are_looked_up_in_the_order_they_are_given() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["a2.bin", "a1.bin", "f.txt"] {
            std::fs::write(folder.path().join(name), "x").unwrap();
        }
        let cx = run_cx(folder.path());
        let wanted = files(&["a*.bin", "a1.bin", "nothing-*", "./f.txt"]);
        let artifice = prepare(&KIND, &cx, &[("files", wanted)]).unwrap();
        let processed = artifice.process(&cx, artifact(&["old"])).await.unwrap().unwrap();
        assert_eq!(processed.artifact.describe(), "Created artifact from files: a1.bin, a2.bin, a1.bin, ./f.txt");
        assert_eq!(processed.keep_input, Keep::Default(true));
        assert!(processed.artifact.id().is_empty() && processed.artifact.data().is_empty());
    }

    // PP-artifice-4
    #[test]
    fn a_list_of_files_is_needed() {
        let cx = run_cx(std::path::Path::new("/"));
        for settings in [vec![], vec![("files", files(&[]))]] {
            let problem = prepare(&KIND, &cx, &settings).err().unwrap();
            assert_eq!(problem, "No files specified in artifice configuration");
        }
    }
}
