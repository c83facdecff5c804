//! `file`: makes one file, from a text or from another file.
//!
//! Has no steps, so `-on-error` does not touch it: what was written stays.

use std::io::{Cursor, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{anyhow, bail};
use async_trait::async_trait;
use tokio_util::sync::CancellationToken;

use super::Kind;
use crate::component::config::Settings;
use crate::component::on_its_own_thread;
use crate::component::{
    Artifact, BuildData, Builder, Command, Communicator, Exit, FilesArtifact, Hook, PrepareCx, Prepared, Problem,
    Problems, Result, RunCx, Sink, Upload, WholeFile, make_folders,
};
use crate::host::explain;
use crate::value::Value;

/// The builder `file`.
pub const KIND: Kind = Kind {
    name: "file",
    about: "Makes one file, from a text or from another file.",
    plugin: None,
    schema: Config::schema,
    prepare,
};

crate::settings! {
    /// Settings of the `file` builder.
    struct Config {
        /// File to copy.
        source: String,
        /// Text to write.
        content: String,
        /// File to make; its folders are made as well.
        target: String,
    }
}

fn prepare(settings: &Value, cx: &PrepareCx) -> Result<Prepared<dyn Builder>, Problems> {
    let config = Config::decode(settings, cx)?;
    let mut problems = Problems::default();
    let mut warnings = Vec::new();
    if config.target.is_empty() {
        problems.push(Problem::of("target", "target required"));
    }
    match (config.source.is_empty(), config.content.is_empty()) {
        (false, false) => problems.add("Cannot specify source file AND content"),
        (true, true) => {
            warnings.push("Both source file and contents are blank; target will have no content".to_owned());
        }
        _ => {}
    }
    problems.with_warnings(&warnings).or(Prepared { component: Box::new(File { config }), warnings })
}

struct File {
    config: Config,
}

#[async_trait]
impl Builder for File {
    async fn run(self: Box<Self>, cx: &RunCx, hook: &dyn Hook) -> Result<Option<Arc<dyn Artifact>>> {
        let Config { source, content, target } = self.config;
        let written = if source.is_empty() {
            write(cx, &target, Cursor::new(content), 0o600, || ()).await.map(drop)
        } else {
            copy(cx, &source, &target).await
        };
        written?;
        // Whatever becomes of it: the file is whole, and not ours to take away (ENG-36).
        hook.provision(cx, Arc::new(Nowhere), BuildData::default()).await?;
        Ok(Some(Arc::new(FilesArtifact {
            builder_id: "packer.file",
            id: "File".to_owned(),
            text: format!("Stored file: {target}"),
            files: vec![PathBuf::from(target)],
            data: BuildData::default(),
        })))
    }
}

async fn copy(cx: &RunCx, source: &str, target: &str) -> Result<()> {
    let place = cx.host.absolute(source);
    let opened = on_its_own_thread(cx, move || Ok(std::fs::File::open(place))).await?;
    let from = opened.map_err(|error| anyhow!(explain("open", source, &error)))?;
    if from.metadata().map_err(|error| anyhow!(explain("stat", source, &error)))?.is_dir() {
        bail!("cannot copy {source:?}: it is a folder, and only files can be copied");
    }
    let announced = || cx.say(format!("Copying {source} to {target}"));
    let bytes = write(cx, target, from, 0o666, announced).await?;
    cx.say(format!("Copied {bytes} bytes"));
    Ok(())
}

/// Writes all of `from` to `target`, with `mode` less the process's mask if the file is new; returns how many bytes.
/// `announced` is called once there is a file to write to.
async fn write(
    cx: &RunCx,
    target: &str,
    from: impl Read + Send + 'static,
    mode: u32,
    announced: impl FnOnce(),
) -> Result<u64> {
    make_folders(&cx.host, Path::new(target).parent().unwrap_or(Path::new(""))).map_err(|reason| anyhow!(reason))?;
    let (whole, file) = WholeFile::create(cx, &cx.host.absolute(target), mode)
        .map_err(|error| anyhow!(explain("open", target, &error)))?;
    announced();
    let cancel = cx.cancel.clone();
    let poured = on_its_own_thread(cx, move || Ok(pour(from, file, &cancel))).await?;
    let poured = poured.map_err(|error| anyhow!(explain("write", target, &error)))?;
    let bytes = poured.ok_or_else(|| anyhow!("context canceled"))?;
    whole.commit().map_err(|error| anyhow!(explain("rename", target, &error)))?;
    Ok(bytes)
}

/// How many bytes are copied before it is looked whether the run is cancelled.
const PORTION: u64 = 8 << 20;

/// Copies by portions that the system may move without showing them to us; `None` when the run is cancelled meanwhile.
fn pour(mut from: impl Read, mut to: std::fs::File, cancel: &CancellationToken) -> std::io::Result<Option<u64>> {
    let mut bytes = 0;
    while !cancel.is_cancelled() {
        let portion = std::io::copy(&mut from.by_ref().take(PORTION), &mut to)?;
        if portion == 0 {
            return Ok(Some(bytes));
        }
        bytes += portion;
    }
    Ok(None)
}

/// The machine behind a file: takes everything, does nothing (B-file-6).
struct Nowhere;

#[async_trait]
impl Communicator for Nowhere {
    async fn run(&self, _cx: &RunCx, _command: Command, _stdout: Sink<'_>, _stderr: Sink<'_>) -> Result<Exit> {
        Ok(Exit::Code(0))
    }
    async fn upload(&self, _cx: &RunCx, _to: &str, from: Upload<'_>) -> Result<()> {
        tokio::io::copy(from.source, &mut tokio::io::sink()).await?;
        Ok(())
    }
    async fn download(&self, _cx: &RunCx, _from: &str, _to: Sink<'_>) -> Result<()> {
        Ok(())
    }
    async fn upload_dir(&self, _cx: &RunCx, _from: &Path, _to: &str, _exclude: &[String]) -> Result<()> {
        Ok(())
    }
    async fn download_dir(&self, _cx: &RunCx, _from: &str, _to: &Path, _exclude: &[String]) -> Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::super::testing::{Provisioned, problems_of};
    use super::*;
    use crate::component::fake;

    type Built = (Result<Option<Arc<dyn Artifact>>>, Vec<String>);

    async fn build(folder: &Path, members: &[(&str, &str)], hook: &Provisioned) -> Built {
        let value = Value::object(members.iter().map(|(name, value)| ((*name).into(), (*value).into())));
        let Ok(builder) = prepare(&value, &fake::prepare_cx(folder)) else { panic!("the settings are fine") };
        let (cx, said) = fake::run_cx(folder);
        (builder.component.run(&cx, hook).await, said.lines())
    }

    #[tokio::test]
    async fn content_is_written_for_its_owner_alone_and_folders_are_made() {
        // B-file-5
        let folder = tempfile::tempdir().unwrap();
        let settings = [("content", "a text"), ("target", "a/b/c.txt")];
        let (artifact, said) = build(folder.path(), &settings, &Provisioned::default()).await;
        let artifact = artifact.unwrap().unwrap();
        assert_eq!(said, [""; 0]);
        let file = folder.path().join("a/b/c.txt");
        assert_eq!(std::fs::read_to_string(&file).unwrap(), "a text");
        assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(std::fs::read_dir(folder.path().join("a/b")).unwrap().count(), 1, "nothing is left beside it");
        assert_eq!((artifact.describe(), artifact.id()), ("Stored file: a/b/c.txt".to_owned(), "File".to_owned()));
    }

    #[tokio::test]
    async fn a_missing_source_fails_before_anything_is_made() {
        let folder = tempfile::tempdir().unwrap();
        let settings = [("source", "gone.txt"), ("target", "new/x.txt")];
        let (result, said) = build(folder.path(), &settings, &Provisioned::default()).await;
        assert_eq!(said, [""; 0]);
        assert_eq!(result.err().unwrap().to_string(), "open gone.txt: no such file or directory");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[tokio::test]
    async fn a_target_that_cannot_be_made_is_told_before_anything_is_said() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("d")).unwrap();
        std::fs::write(folder.path().join("f"), "").unwrap();
        for (target, reason) in [("d", "open d: is a directory"), ("f/x", "mkdir f: not a directory")] {
            let settings = [("source", "f"), ("target", target)];
            let (result, said) = build(folder.path(), &settings, &Provisioned::default()).await;
            assert_eq!(said, [""; 0]);
            assert_eq!(result.err().unwrap().to_string(), reason);
        }
    }

    #[tokio::test]
    async fn the_file_stays_when_provisioning_fails() {
        // ENG-36
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("from"), "bytes").unwrap();
        let hook = Provisioned { failure: Some("no"), ..Provisioned::default() };
        let (result, said) = build(folder.path(), &[("source", "from"), ("target", "to")], &hook).await;
        assert!(result.is_err());
        assert_eq!(said, ["==> fake.n: Copying from to to", "==> fake.n: Copied 5 bytes"]);
        assert_eq!(std::fs::read(folder.path().join("to")).unwrap(), b"bytes");
        assert!(hook.data().is_empty());
    }

    #[test]
    fn a_target_and_at_most_one_origin_are_needed() {
        // B-file-3, B-file-4
        let problems = problems_of(&KIND, &[("source", "a".into()), ("content", "b".into())]);
        assert_eq!(problems, ["target required", "Cannot specify source file AND content"]);
        let value = Value::object([("target".into(), "t".into())]);
        let Ok(prepared) = prepare(&value, &fake::prepare_cx(Path::new("/"))) else { panic!("only a warning") };
        assert_eq!(prepared.warnings.len(), 1);
    }
}
