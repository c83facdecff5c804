//! Post-processors: what makes an artifact out of an artifact.
//!
//! Unaware of chains and of what becomes of artifacts: the engine decides by what each one answers.

mod artifice;
mod checksum;
mod compress;
mod glob;
mod manifest;
mod shell_local;

use crate::component::{Artifact, Builtin, PostProcessor, RunCx};
use crate::gotemplate::Fields;

/// All post-processors of this program.
pub static ALL: &[&Builtin<dyn PostProcessor>] =
    &[&artifice::KIND, &checksum::KIND, &compress::KIND, &manifest::KIND, &shell_local::KIND];

/// Returns what late texts of post-processors see: what the artifact knows about its build, with
/// `BuildName` and `BuilderType` (PP-compress-1, PP-checksum-2).
fn fields(cx: &RunCx, input: &dyn Artifact) -> Fields {
    let mut fields = Fields::default();
    fields.values.extend(input.data().iter().map(|(name, value)| (name.to_string(), value.clone())));
    fields.values.insert("BuildName".to_owned(), (&*cx.build.label).into());
    fields.values.insert("BuilderType".to_owned(), (&*cx.build.builder_type).into());
    fields
}

/// Returns file names as people read them: `a, b`.
fn listed(files: &[std::path::PathBuf]) -> String {
    files.iter().map(|file| file.display().to_string()).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod test_support {
    //! What the tests of post-processors share: a world in a folder, and artifacts.

    use std::path::Path;
    use std::sync::Arc;

    use tokio_util::sync::CancellationToken;

    use crate::component::{Artifact, BuildInfo, Builtin, FilesArtifact, PostProcessor, PrepareCx, RunCx, RunOptions};
    use crate::host::Host;
    use crate::journal::Journal;
    use crate::secrets::Secrets;
    use crate::ui::{Speaker, Ui};
    use crate::value::Value;

    /// Returns a context in `folder` for the build `b.file.disk`.
    pub fn run_cx(folder: &Path) -> RunCx {
        let host = Host::fixed(folder, &[]);
        let build = BuildInfo { full_name: "b.file.disk".into(), label: "disk".into(), builder_type: "file".into() };
        RunCx {
            ui: Arc::new(Ui::new(host.clone(), Arc::new(Secrets::default()), Vec::new())),
            speaker: Speaker { build: Arc::clone(&build.full_name), step: None },
            host,
            build,
            options: RunOptions::default(),
            cancel: CancellationToken::new(),
            journal: Journal::none(),
        }
    }

    /// Prepares `kind` with `settings`.
    pub fn prepare(
        kind: &'static Builtin<dyn PostProcessor>,
        cx: &RunCx,
        settings: &[(&str, Value)],
    ) -> Result<Box<dyn PostProcessor>, String> {
        let settings = Value::object(settings.iter().map(|(name, value)| ((*name).into(), value.clone())));
        let cx = PrepareCx { host: cx.host.clone(), build: cx.build.clone(), options: cx.options, legacy: false };
        match (kind.prepare)(&settings, &cx) {
            Ok(prepared) => Ok(prepared.component),
            Err(problems) => Err(problems.0.into_iter().map(|problem| problem.detail).collect::<Vec<_>>().join("\n")),
        }
    }

    /// Returns an artifact of `files`, as the file builder makes it.
    pub fn artifact(files: &[&str]) -> Arc<dyn Artifact> {
        Arc::new(FilesArtifact {
            builder_id: "packer.file",
            id: "File".to_owned(),
            text: "Stored file".to_owned(),
            files: files.iter().map(Into::into).collect(),
            data: Default::default(),
        })
    }
}
