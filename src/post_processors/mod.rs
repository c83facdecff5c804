//! Post-processors: what makes an artifact out of an artifact.
//!
//! Unaware of chains and of what becomes of artifacts: the engine decides by what each one answers.

mod artifice;
mod checksum;
mod compress;
mod docker_import;
mod docker_push;
mod docker_save;
mod docker_tag;
mod glob;
mod manifest;
mod shell_local;

use std::fs::File;
use std::path::Path;

use crate::component::{Artifact, Builtin, PostProcessor, Result, RunCx};
use crate::gotemplate::Fields;

/// All post-processors of this program.
pub static ALL: &[&Builtin<dyn PostProcessor>] = &[
    &artifice::KIND,
    &checksum::KIND,
    &compress::KIND,
    &docker_import::KIND,
    &docker_push::KIND,
    &docker_save::KIND,
    &docker_tag::KIND,
    &manifest::KIND,
    &shell_local::KIND,
];

/// Returns what late texts of post-processors see: what the artifact knows about its build, with
/// `BuildName` and `BuilderType` (PP-compress-1, PP-checksum-2).
fn fields(cx: &RunCx, input: &dyn Artifact) -> Fields {
    let mut fields = Fields::default();
    fields.values.extend(input.data().iter().map(|(name, value)| (name.to_string(), value.clone())));
    fields.values.insert("BuildName".to_owned(), (&*cx.build.label).into());
    fields.values.insert("BuilderType".to_owned(), (&*cx.build.builder_type).into());
    fields
}

/// Opens a file of an artifact. A discarded container is one without a name; that must not become the working folder.
fn open_named(name: &Path, place: &Path) -> std::io::Result<File> {
    if name.as_os_str().is_empty() { Err(std::io::ErrorKind::NotFound.into()) } else { File::open(place) }
}

/// Returns file names as people read them: `a, b`.
fn listed(files: &[std::path::PathBuf]) -> String {
    files.iter().map(|file| file.display().to_string()).collect::<Vec<_>>().join(", ")
}

/// Waits for `work` unless the run is interrupted.
///
/// # Errors
/// When it is interrupted first.
async fn unless_interrupted<T>(cx: &RunCx, work: impl Future<Output = T>) -> Result<T> {
    tokio::select! {
        done = work => Ok(done),
        () = cx.cancel.cancelled() => Err(anyhow::anyhow!("interrupted")),
    }
}

#[cfg(test)]
mod test_support {
    //! What the tests of post-processors share: a world in a folder, and artifacts.

    use std::path::Path;
    use std::sync::Arc;

    use crate::component::{Artifact, BuildInfo, Builtin, FilesArtifact, PostProcessor, PrepareCx, RunCx, fake};
    use crate::value::Value;

    /// Returns a context in `folder` for the build `b.file.disk`.
    pub fn run_cx(folder: &Path) -> RunCx {
        let build = BuildInfo {
            full_name: "b.file.disk".into(),
            label: "disk".into(),
            builder_type: "file".into(),
            legacy: None,
        };
        let cx = fake::run_cx(folder).0;
        RunCx { build, host: cx.host.with_own_run_id(), ..cx }
    }

    /// Prepares `kind` with `settings`.
    pub fn prepare(
        kind: &'static Builtin<dyn PostProcessor>,
        cx: &RunCx,
        settings: &[(&str, Value)],
    ) -> Result<Box<dyn PostProcessor>, String> {
        let settings = Value::object(settings.iter().map(|(name, value)| ((*name).into(), value.clone())));
        let (host, build, secrets) = (cx.host.clone(), cx.build.clone(), Arc::clone(cx.ui.secrets()));
        let cx = PrepareCx { host, build, options: cx.options, legacy: false, secrets };
        match (kind.prepare)(&settings, &cx) {
            Ok(prepared) => Ok(prepared.component),
            Err(problems) => Err(problems.0.into_iter().map(|problem| problem.detail).collect::<Vec<_>>().join("\n")),
        }
    }

    /// Returns an artifact of `files`, as the file builder makes it.
    pub fn artifact(files: &[&str]) -> Arc<dyn Artifact> {
        made_by("packer.file", "File", files)
    }

    /// Returns an artifact of any builder.
    pub fn made_by(builder_id: &'static str, id: &str, files: &[&str]) -> Arc<dyn Artifact> {
        Arc::new(FilesArtifact {
            builder_id,
            id: id.to_owned(),
            text: "Stored file".to_owned(),
            files: files.iter().map(Into::into).collect(),
            data: Default::default(),
        })
    }
}
