//! Whole builds against a real engine.

use std::path::Path;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;

use super::KIND;
use crate::component::{Artifact, BuildData, Command, Communicator, Exit, Hook, Result, RunCx, Upload, fake};
use crate::containers::testing::{Base, engine};
use crate::host::Host;
use crate::value::Value;

/// Runs one command in the container, after an upload, and keeps what it was told.
#[derive(Default)]
struct Script {
    line: &'static str,
    output: Mutex<String>,
    data: Mutex<BuildData>,
}

#[async_trait]
impl Hook for Script {
    async fn provision(&self, cx: &RunCx, machine: Arc<dyn Communicator>, data: BuildData) -> Result<()> {
        *self.data.lock().unwrap() = data;
        let mut source = &b"text"[..];
        machine.upload(cx, "/uploaded", Upload { source: &mut source, size: 4, mode: None, modified: None }).await?;
        let (mut out, mut err) = (Vec::new(), Vec::new());
        let exit = machine.run(cx, Command { line: self.line.to_owned() }, &mut out, &mut err).await?;
        *self.output.lock().unwrap() = String::from_utf8(out).unwrap();
        if exit == Exit::Code(0) { Ok(()) } else { Err(anyhow::anyhow!("{exit:?}")) }
    }
    async fn clean_up(&self, _cx: &RunCx, _machine: Arc<dyn Communicator>, _data: BuildData) -> Result<()> {
        Ok(())
    }
}

async fn build(
    folder: &Path,
    hook: &Script,
    cancel: Option<u64>,
    settings: &[(&str, Value)],
) -> (Result<Option<Arc<dyn Artifact>>>, Vec<String>) {
    let (cx, said) = fake::run_cx(folder);
    let variables = [("PACKER_TMP_DIR", "shared"), ("PATH", "/usr/bin:/usr/local/bin"), ("HOME", "/nowhere")];
    let cx = RunCx { host: Host::fixed(folder, &variables).with_own_run_id(), ..cx };
    let value = Value::object(settings.iter().map(|(name, value)| ((*name).into(), value.clone())));
    let mut prepare = fake::prepare_cx(folder);
    prepare.host = cx.host.clone();
    let builder = (KIND.prepare)(&value, &prepare).unwrap_or_else(|problems| panic!("{problems:?}")).component;
    let interrupt = async {
        if let Some(wait) = cancel {
            tokio::time::sleep(std::time::Duration::from_millis(wait)).await;
            cx.cancel.cancel();
        }
    };
    let (artifact, ()) = tokio::join!(builder.run(&cx, hook), interrupt);
    let said = said.lines().into_iter().map(|line| line.replace("==> fake.n: ", ""));
    (artifact, said.filter(|line| !line.contains("determining")).collect())
}

#[tokio::test]
async fn a_committed_container_is_an_image_and_gone() {
    let Some(engine) = engine().await else { return };
    let folder = tempfile::tempdir().unwrap();
    let base = Base::make(&*engine, &["CMD [\"a\"]"]).await;
    let hook = Script { line: "cat /uploaded; ls /packer-files", ..Script::default() };
    let settings = [("image", (&*base.0).into()), ("pull", false.into()), ("commit", true.into())];
    let (artifact, said) = build(folder.path(), &hook, None, &settings).await;
    let artifact = artifact.unwrap().unwrap();
    assert_eq!(*hook.output.lock().unwrap(), "text");
    let id = hook.data.lock().unwrap()["ID"].as_str().unwrap().to_owned();
    let first: Vec<&str> = said.iter().map(String::as_str).collect();
    assert_eq!(first.len(), 8, "{said:?}");
    let shared = first[2].split(' ').nth(5).unwrap();
    assert!(shared.starts_with(&format!("{}/shared/tmp", folder.path().display())), "{first:?}");
    assert_eq!(first[0], "Creating a temporary directory for sharing data...");
    assert_eq!(first[2], format!("Run command: docker run -v {shared} -d -i -t --entrypoint=/bin/sh -- {}", base.0));
    assert_eq!(first[3], format!("Container ID: {id}"));
    assert_eq!(first[5..7], ["Committing the container", &format!("Image ID: {}", artifact.id())]);
    assert_eq!(first[7], format!("Killing the container: {id}"));
    assert_eq!(engine.inspect_image(&artifact.id()).await.unwrap().command, ["a"]);
    assert_eq!(artifact.data()["ImageSha256"].as_str(), Some(&*artifact.id()));
    artifact.destroy().await.unwrap();
    assert!(engine.inspect_image(&artifact.id()).await.is_err() && engine.inspect_container(&id).await.is_err());
    assert_eq!(std::fs::read_dir(folder.path().join("shared")).unwrap().count(), 0);
}

#[tokio::test]
async fn an_interrupted_build_ends_soon_with_an_error_and_leaves_nothing() {
    let Some(engine) = engine().await else { return };
    let folder = tempfile::tempdir().unwrap();
    let base = Base::make(&*engine, &[]).await;
    let hook = Script { line: "sleep 60", ..Script::default() };
    let settings = [("image", (&*base.0).into()), ("pull", false.into()), ("commit", true.into())];
    let (ended, said) = build(folder.path(), &hook, Some(700), &settings).await;
    assert!(ended.is_err());
    if let Some(id) = said.iter().find_map(|line| line.strip_prefix("Container ID: ")) {
        assert!(engine.inspect_container(id).await.is_err());
    }
    assert_eq!(std::fs::read_dir(folder.path().join("shared")).unwrap().count(), 0);
}

#[tokio::test]
async fn a_container_that_has_ended_by_itself_is_removed_too() {
    // B-docker-44: better than the reference.
    let Some(engine) = engine().await else { return };
    let folder = tempfile::tempdir().unwrap();
    let base = Base::make(&*engine, &[]).await;
    let words = ["-d", "--entrypoint", "/bin/true", "{{.Image}}"].map(Value::from);
    let settings = [
        ("image", (&*base.0).into()),
        ("pull", false.into()),
        ("discard", true.into()),
        ("run_command", Value::tuple(words)),
    ];
    let hook = Script { line: "true", ..Script::default() };
    let (ended, said) = build(folder.path(), &hook, None, &settings).await;
    assert!(ended.is_err());
    let id = said.iter().find_map(|line| line.strip_prefix("Container ID: ")).unwrap();
    assert!(engine.inspect_container(id).await.is_err());
}

#[tokio::test]
async fn run_arguments_for_the_client_alone_go_to_the_client() {
    let Some(engine) = engine().await else { return };
    let folder = tempfile::tempdir().unwrap();
    let base = Base::make(&*engine, &[]).await;
    let run = async |words: &[&str]| {
        let words = words.iter().map(|word| Value::from(*word));
        let settings = [
            ("image", (&*base.0).into()),
            ("pull", false.into()),
            ("discard", true.into()),
            ("run_command", Value::tuple(words)),
        ];
        build(folder.path(), &Script { line: "true", ..Script::default() }, None, &settings).await.0
    };
    let refused = run(&["-d", "--no-such-flag", "{{.Image}}"]).await.err().unwrap().to_string();
    assert!(
        refused.starts_with("Error running container: Docker exited with a non-zero exit status.\nStderr: unknown")
    );
    let unknown = run(&["-d", "{{.Picture}}"]).await.err().unwrap().to_string();
    let field = "at <.Picture>: can't evaluate field Picture in type *docker.startContainerTemplate";
    assert_eq!(unknown, format!("Error running container: template: root:1:2: executing \"root\" {field}"));
}
