//! The `docker` communicator: commands by exec, files by tars, into and out of one container.
//!
//! Knows neither how the container was started nor what becomes of it.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::bail;
use async_trait::async_trait;
use tokio::sync::Mutex;

use crate::component::{Command, Communicator, Exit, Result, RunCx, Sink, Upload};
use crate::containers::{ContainerEngine, Exec, Trouble, one_file};

/// How the container is spoken to.
#[derive(Clone, Debug, Default)]
pub struct Manner {
    /// Who runs the commands; empty: the container's own user.
    pub exec_user: String,
    /// Whether commands get a terminal.
    pub pty: bool,
    /// Whether uploaded files are given to the container's own user.
    pub fix_upload_owner: bool,
    /// The container's own user; empty: root.
    pub user: String,
    /// For a Windows container, through which files travel: the folder here, and what it is called inside.
    pub windows: Option<(PathBuf, String)>,
}

/// One running container.
pub struct DockerMachine {
    engine: Arc<dyn ContainerEngine>,
    container: String,
    manner: Manner,
    /// One command at a time (C-docker-1).
    turn: Mutex<()>,
}

impl DockerMachine {
    /// Makes the way to `container`.
    pub fn new(engine: Arc<dyn ContainerEngine>, container: String, manner: Manner) -> DockerMachine {
        DockerMachine { engine, container, manner, turn: Mutex::new(()) }
    }

    async fn exec(&self, cx: &RunCx, exec: &Exec, stdout: Sink<'_>, stderr: Sink<'_>) -> Result<i32> {
        let _turn = until_cancelled(cx, self.turn.lock()).await?;
        Ok(until_cancelled(cx, self.engine.exec(&self.container, exec, stdout, stderr)).await??)
    }

    /// Gives `path` to the container's user, as root (C-docker-3).
    async fn fix_owner(&self, cx: &RunCx, path: &str) -> Result<()> {
        if !self.manner.fix_upload_owner || self.manner.windows.is_some() {
            return Ok(());
        }
        let owner = if self.manner.user.is_empty() { "root" } else { &self.manner.user };
        let words = ["chown", "-R", owner, path].map(str::to_owned).to_vec();
        let exec = Exec { words, user: "root".to_owned(), terminal: false };
        let (mut output, mut complaint) = (Vec::new(), Vec::new());
        let code = self.exec(cx, &exec, &mut output, &mut complaint).await?;
        if code != 0 {
            output.append(&mut complaint);
            let words = String::from_utf8_lossy(&output).trim().to_owned();
            bail!("cannot give {path:?} in the container to {owner:?}: {words}; see fix_upload_owner");
        }
        Ok(())
    }

    /// Has PowerShell copy inside a Windows container (C-docker-6).
    async fn copy_inside(&self, cx: &RunCx, from: &str, to: &str) -> Result<()> {
        let line = format!("Copy-Item -Force -Recurse -Path {} -Destination {}", quoted(from), quoted(to));
        let exec = Exec { words: self.words(&line), user: self.manner.exec_user.clone(), terminal: false };
        let (mut output, mut complaint) = (Vec::new(), Vec::new());
        match self.exec(cx, &exec, &mut output, &mut complaint).await? {
            0 => Ok(()),
            code => bail!(
                "cannot copy {from:?} to {to:?} in the container: exit status {code}: {}",
                String::from_utf8_lossy(&complaint).trim()
            ),
        }
    }

    fn words(&self, line: &str) -> Vec<String> {
        let shell: &[&str] = if self.manner.windows.is_some() { &["powershell"] } else { &["/bin/sh", "-c"] };
        shell.iter().map(|word| (*word).to_owned()).chain([format!("({line})")]).collect()
    }

    /// Returns the folder shared with a Windows container, and the same as seen inside.
    fn shared(&self, cx: &RunCx) -> Option<(PathBuf, String)> {
        let (here, inside) = self.manner.windows.as_ref()?;
        let name = format!("transfer{}", cx.host.random_number());
        Some((here.join(&name), format!("{inside}/{name}")))
    }
}

#[async_trait]
impl Communicator for DockerMachine {
    async fn run(&self, cx: &RunCx, command: Command, stdout: Sink<'_>, stderr: Sink<'_>) -> Result<Exit> {
        // The shell provisioner removes a file without a name at its end; starting that takes a tenth of a second.
        if command.line == "rm -f " && !self.engine.runs_programs() && self.manner.windows.is_none() {
            return Ok(Exit::Code(0));
        }
        let words = self.words(&command.line);
        let exec = Exec { words, user: self.manner.exec_user.clone(), terminal: self.manner.pty };
        self.exec(cx, &exec, stdout, stderr).await.map(Exit::Code)
    }

    fn sets_modes(&self) -> bool {
        let Manner { exec_user, user, windows, .. } = &self.manner;
        let who = if exec_user.is_empty() { user } else { exec_user };
        // Others may not own what is uploaded. A client program is told of every step, as people know it.
        windows.is_none() && !self.engine.runs_programs() && is_root(who)
    }

    async fn upload(&self, cx: &RunCx, to: &str, from: Upload<'_>) -> Result<()> {
        let progress = cx.progress(&format!("Uploading {to}"), from.size);
        let mut source = progress.counting(from.source);
        let from = Upload { source: &mut source, ..from };
        if let Some((here, inside)) = self.shared(cx) {
            let mut file = tokio::fs::File::create(&here).await?;
            tokio::io::copy(from.source, &mut file).await?;
            tokio::io::AsyncWriteExt::flush(&mut file).await?;
            let copied = self.copy_inside(cx, &inside, to).await;
            tokio::fs::remove_file(&here).await?;
            return copied;
        }
        let (folder, name) = split(to);
        let (tar, feed) = one_file(name, from);
        let copy = async {
            let ((), copied) = tokio::join!(feed, self.engine.copy_in(&self.container, &folder, tar));
            copied
        };
        match until_cancelled(cx, copy).await? {
            Ok(()) => self.fix_owner(cx, &absolute(to)).await,
            Err(Trouble::Refused { status, words }) => {
                bail!("Failed to upload to '{to}' in container: {words}\n. exit status {status}.")
            }
            Err(trouble) => bail!("Failed to upload to '{to}' in container: {trouble}"),
        }
    }

    async fn download(&self, cx: &RunCx, from: &str, to: Sink<'_>) -> Result<()> {
        let to = &mut cx.progress(&format!("Downloading {from}"), 0).counting(to);
        if let Some((here, inside)) = self.shared(cx) {
            self.copy_inside(cx, from, &inside).await?;
            let mut file = tokio::fs::File::open(&here).await?;
            tokio::io::copy(&mut file, to).await?;
            return Ok(tokio::fs::remove_file(&here).await?);
        }
        match until_cancelled(cx, self.engine.copy_out(&self.container, &absolute(from), to)).await? {
            Err(Trouble::Refused { words, .. }) => bail!("{words}\n"),
            copied => Ok(copied?),
        }
    }

    async fn upload_dir(&self, cx: &RunCx, from: &Path, to: &str, _exclude: &[String]) -> Result<()> {
        let content_only = from.as_os_str().as_encoded_bytes().ends_with(b"/");
        let folder = cx.host.absolute(from);
        if let Some((here, inside)) = self.shared(cx) {
            let copied = copy_folder(folder, here.clone()).await;
            let copied = match copied {
                Ok(()) => self.copy_inside(cx, &if content_only { format!("{inside}/*") } else { inside }, to).await,
                failed => failed,
            };
            let _ = tokio::fs::remove_dir_all(&here).await;
            return copied;
        }
        // `.` and `/` have no name of their own that could appear in the container.
        let content_only = content_only || from.file_name().is_none();
        let target = absolute(to);
        let copy = self.engine.copy_folder_in(&self.container, &folder, content_only, &target);
        match until_cancelled(cx, copy).await? {
            Ok(()) => self.fix_owner(cx, &target).await,
            Err(Trouble::Refused { status, words }) => {
                bail!("Failed to upload to '{to}' in container: {words}\n. exit status {status}.")
            }
            Err(trouble) => bail!("Failed to upload to '{to}' in container: {trouble}"),
        }
    }

    async fn download_dir(&self, _cx: &RunCx, _from: &str, _to: &Path, _exclude: &[String]) -> Result<()> {
        bail!("DownloadDir is not implemented for docker")
    }
}

/// Waits for `work`, but no longer than the run goes on.
async fn until_cancelled<T>(cx: &RunCx, work: impl Future<Output = T>) -> Result<T> {
    cx.cancel.run_until_cancelled(work).await.ok_or_else(|| anyhow::anyhow!("context canceled"))
}

/// Whether `who`, as `USER` or `docker exec -u` take it, is root.
fn is_root(who: &str) -> bool {
    matches!(who.split(':').next(), Some("" | "0" | "root"))
}

/// Returns `path` as the container sees it from its root.
fn absolute(path: &str) -> String {
    if path.starts_with('/') { path.to_owned() } else { format!("/{}", path.strip_prefix("./").unwrap_or(path)) }
}

/// Takes a path apart into its folder, without `.`, `..` and empty parts, and its last name.
fn split(path: &str) -> (String, &str) {
    let (folder, name) = path.trim_end_matches('/').rsplit_once('/').unwrap_or(("", path.trim_end_matches('/')));
    let mut parts = Vec::new();
    for part in folder.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    (format!("/{}", parts.join("/")), name)
}

/// Returns `text` as PowerShell reads it without looking for variables.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// Copies a folder on this machine.
async fn copy_folder(from: PathBuf, to: PathBuf) -> Result<()> {
    let copy = move || {
        for entry in walkdir::WalkDir::new(&from) {
            let entry = entry?;
            let target = to.join(entry.path().strip_prefix(&from).expect("walked from there"));
            if entry.file_type().is_dir() {
                std::fs::create_dir_all(&target)?;
            } else {
                std::fs::copy(entry.path(), &target)?;
            }
        }
        Ok(())
    };
    tokio::task::spawn_blocking(copy).await.expect("copying does not panic")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_seen_from_the_root() {
        assert_eq!(split("/opt/a b/x"), ("/opt/a b".to_owned(), "x"));
        assert_eq!(split("relative.txt"), ("/".to_owned(), "relative.txt"));
        assert_eq!(split("./a/x"), ("/a".to_owned(), "x"));
        assert_eq!(split("/x"), ("/".to_owned(), "x"));
        assert_eq!(split("/opt/../srv/.//a/x"), ("/srv/a".to_owned(), "x"));
        assert_eq!(absolute("./x"), "/x");
        assert!(is_root("") && is_root("0:5") && !is_root("app") && !is_root("1000"));
        assert_eq!(quoted("it's $x"), "'it''s $x'");
    }
}
