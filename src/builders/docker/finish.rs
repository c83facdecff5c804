//! What becomes of a provisioned container: an image, or a tar of its files.
//!
//! The container itself is removed by the step that started it.

use std::path::Path;
use std::time::Duration;

use anyhow::bail;
use async_trait::async_trait;

use super::steps::{State, with_grace};
use crate::component::steps::{Ending, Step};
use crate::component::{OutputFile, Result, RunCx, WholeFile};
use crate::containers::{CommitContainer, Late, Trouble, make_image, undo_image, until_back};
use crate::host::explain;

/// How long an interrupted run waits for an image that the engine is making: nothing stops it, and only a finished one can
/// be removed. A second interrupt leaves it to `packer cleanup`.
const COMMIT_TAKES: Duration = Duration::from_secs(60);

/// Adds the base image's command and entrypoint to the changes (B-docker-47): the container was started with others.
pub struct SetDefaults;

#[async_trait]
impl Step<State> for SetDefaults {
    fn name(&self) -> &'static str {
        "StepSetDefaults"
    }

    async fn run(&mut self, cx: &RunCx, state: &mut State) -> Result<()> {
        let Some(found) = cx.cancel.run_until_cancelled(state.engine.inspect_image(&state.image)).await else {
            bail!("Build was cancelled.");
        };
        let facts = found.map_err(|trouble| trouble.told("Error looking at the base image"))?;
        add_defaults(&mut state.changes, &facts.command, &facts.entrypoint);
        Ok(())
    }
}

fn add_defaults(changes: &mut Vec<String>, command: &[String], entrypoint: &[String]) {
    let missing: Vec<String> = [("CMD", command), ("ENTRYPOINT", entrypoint)]
        .into_iter()
        .filter(|(name, _)| !changes.iter().any(|change| change.starts_with(name)))
        .map(|(name, words)| {
            let words = if words.is_empty() { &[String::new()] } else { words };
            format!("{name} {}", serde_json::json!(words))
        })
        .collect();
    changes.extend(missing);
}

/// Makes an image of the container (B-docker-46).
pub struct Commit;

#[async_trait]
impl Step<State> for Commit {
    fn name(&self) -> &'static str {
        "StepCommit"
    }

    async fn run(&mut self, cx: &RunCx, state: &mut State) -> Result<()> {
        let Some(container) = state.container.clone() else { bail!("cannot commit: there is no container") };
        cx.say("Committing the container");
        let request = CommitContainer {
            container,
            name: String::new(),
            author: state.config.author.clone(),
            message: state.config.message.clone(),
            changes: state.changes.clone(),
        };
        let engine = &*state.engine;
        let commit = |name| async move { engine.commit(&CommitContainer { name, ..request }).await };
        let image = make_image(engine, cx, Some(&state.image), Late::Finishes, commit);
        match with_grace(cx, engine, COMMIT_TAKES, image).await {
            Some(Ok(image)) => {
                cx.say(format!("Image ID: {}", image.id));
                state.know("ImageSha256", image.id.clone());
                state.made = Some(image);
                Ok(())
            }
            Some(Err(trouble)) => {
                let error = trouble.told("Error committing container");
                cx.error(error.to_string());
                Err(error)
            }
            // It has a name of the journal's.
            None => {
                state.is_cut_off = true;
                bail!("Build was cancelled. The engine had not finished the image; `packer cleanup` removes it")
            }
        }
    }

    async fn undo(&mut self, cx: &RunCx, state: &mut State, ending: &mut Ending) {
        if !ending.is_bad() {
            return;
        }
        if let Some(image) = state.made.take() {
            match until_back(&*state.engine, cx, || undo_image(&*state.engine, &image.id)).await {
                Ok(_) => image.gone(),
                Err(error) => cx.error(format!("{error:#}")),
            }
        }
    }
}

/// Writes the container's files into a tar (B-docker-46).
#[derive(Default)]
pub struct Export {
    is_written: bool,
}

#[async_trait]
impl Step<State> for Export {
    fn name(&self) -> &'static str {
        "StepExport"
    }

    async fn run(&mut self, cx: &RunCx, state: &mut State) -> Result<()> {
        let Some(container) = state.container.clone() else { bail!("cannot export: there is no container") };
        let path = Path::new(&state.config.export_path);
        let is_folder = state.config.export_path.ends_with('/');
        if let Some(folder) = if is_folder { Some(path) } else { path.parent() } {
            make_folders(cx, folder)?;
        }
        let created = match is_folder {
            true => Err(std::io::ErrorKind::IsADirectory.into()),
            false => WholeFile::create(cx, &cx.host.absolute(path), 0o666),
        };
        let (whole, file) = created.map_err(|error| {
            let reason = explain("open", &state.config.export_path, &error);
            let error = anyhow::anyhow!("Error creating output file: {reason}");
            cx.error(error.to_string());
            error
        })?;
        cx.say("Exporting the container");
        let progress = cx.progress(&format!("Exporting {}", path.display()), 0);
        let mut file = progress.counting(OutputFile::new(file, &*state.config.export_path));
        let export = state.engine.export(&container, &mut file);
        match cx.cancel.run_until_cancelled(export).await {
            Some(Ok(())) => {}
            Some(Err(trouble)) => {
                let error = match trouble {
                    Trouble::Unreachable(reason) => anyhow::anyhow!("Error exporting: {reason}"),
                    refused => refused.told("Error exporting"),
                };
                cx.error(error.to_string());
                return Err(error);
            }
            None => bail!("Build was cancelled."),
        }
        whole.commit().map_err(|error| anyhow::anyhow!(explain("rename", path, &error)))?;
        self.is_written = true;
        Ok(())
    }

    async fn undo(&mut self, cx: &RunCx, state: &mut State, ending: &mut Ending) {
        // Of a build that ends badly nothing is handed over.
        if ending.is_bad() && self.is_written {
            let _ = tokio::fs::remove_file(cx.host.absolute(&state.config.export_path)).await;
        }
    }
}

/// Makes the folders of a path; the first that is no folder is named.
fn make_folders(cx: &RunCx, folder: &Path) -> Result<()> {
    let mut parts: Vec<&Path> = folder.ancestors().filter(|part| !part.as_os_str().is_empty()).collect();
    parts.reverse();
    for part in parts {
        match std::fs::create_dir(cx.host.absolute(part)) {
            Err(_) if cx.host.absolute(part).is_dir() => {}
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
                bail!("mkdir {}: not a directory", part.display())
            }
            Err(error) => bail!(explain("mkdir", part, &error)),
            Ok(()) => {}
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::component::fake;

    #[test]
    fn defaults_of_the_base_are_added_unless_the_user_sets_them_in_upper_case() {
        // B-docker-47
        let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
        let mut changes = words(&["cmd [\"x\"]"]);
        add_defaults(&mut changes, &words(&["a", "b \"c\""]), &[]);
        assert_eq!(changes, ["cmd [\"x\"]", r#"CMD ["a","b \"c\""]"#, r#"ENTRYPOINT [""]"#]);
        let mut changes = words(&["CMD x", "ENTRYPOINT [\"/e\"]"]);
        add_defaults(&mut changes, &words(&["a"]), &words(&["b"]));
        assert_eq!(changes.len(), 2);
    }

    #[test]
    fn a_file_among_the_folders_is_named() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("plain"), "").unwrap();
        let (cx, _) = fake::run_cx(folder.path());
        make_folders(&cx, Path::new("a/b")).unwrap();
        assert!(folder.path().join("a/b").is_dir());
        let error = make_folders(&cx, Path::new("plain/c")).unwrap_err();
        assert_eq!(error.to_string(), "mkdir plain: not a directory");
    }
}
