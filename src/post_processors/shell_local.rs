//! `shell-local`: runs scripts on this machine once the artifact is there, and passes the artifact on.
//!
//! Does not look at the artifact's files; the running itself is `component::local_shell`'s.

use std::sync::Arc;

use async_trait::async_trait;

use crate::component::config::Settings as _;
use crate::component::local_shell::{LocalShell, Settings};
use crate::component::{
    Artifact, Builtin, Keep, PostProcessor, PrepareCx, Prepared, Problems, Processed, Result, RunCx,
};
use crate::value::Value;

/// The post-processor `shell-local`.
pub const KIND: Builtin<dyn PostProcessor> = Builtin {
    name: "shell-local",
    about: "Runs scripts on this machine once the artifact is there, and passes the artifact on.",
    plugin: None,
    schema: Settings::schema,
    prepare,
};

fn prepare(settings: &Value, cx: &PrepareCx) -> Result<Prepared<dyn PostProcessor>, Problems> {
    let shell = LocalShell::prepare(settings, cx)?.with_one_command_for_a_shell();
    Ok(Prepared { component: Box::new(ShellLocal(shell)), warnings: Vec::new() })
}

struct ShellLocal(LocalShell);

#[async_trait]
impl PostProcessor for ShellLocal {
    async fn process(&self, cx: &RunCx, input: Arc<dyn Artifact>) -> Result<Option<Processed>> {
        self.0.run(cx, &input.data()).await?;
        // The artifact that goes on is the input itself (P-local-16).
        Ok(Some(Processed { artifact: input, keep_input: Keep::Always }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::component::{FilesArtifact, fake};
    use crate::value::Type;

    #[tokio::test]
    async fn the_input_goes_on_and_a_single_command_is_the_shells() {
        // P-local-16, P-local-17
        let folder = tempfile::tempdir().unwrap();
        let (cx, _) = fake::run_cx(folder.path());
        let list = |text: &str| Value::list(Type::String, [text.into()]);
        let members = [("inline", list("true")), ("execute_command", list("{{.Vars}} env > out; echo {{.ID}} >> out"))];
        let settings = Value::object(members.map(|(name, value)| (name.into(), value)));
        let prepared = prepare(&settings, &fake::prepare_cx(folder.path())).unwrap_or_else(|p| panic!("{p:?}"));
        let data = [("ID".into(), "seven".into())].into();
        let (id, text) = ("i".to_owned(), String::new());
        let input = FilesArtifact { builder_id: "b", id, text, files: Vec::new(), data };
        let output = prepared.component.process(&cx, Arc::new(input)).await.unwrap().unwrap();
        assert_eq!((output.artifact.id().as_str(), output.keep_input), ("i", Keep::Always));
        let out = std::fs::read_to_string(folder.path().join("out")).unwrap();
        assert!(out.contains("PACKER_BUILD_NAME=n\n") && out.ends_with("seven\n"), "{out}");
    }
}
