//! Containers over the API.
//!
//! Knows no provisioner: runs what it is told and hands over bytes.

use std::path::Path;
use std::sync::atomic::Ordering;
use std::time::Duration;

use async_trait::async_trait;
use bollard::container::{LogOutput, PathStatResponse};
use bollard::errors::Error;
use bollard::exec::{StartExecOptions, StartExecResults};
use bollard::models::{ContainerConfig, ContainerCreateBody, ExecConfig};
use bollard::query_parameters::{
    CommitContainerOptions, ContainerArchiveInfoOptions, CreateContainerOptions, DownloadFromContainerOptions,
    InspectContainerOptions, KillContainerOptions, RemoveContainerOptions, StartContainerOptions,
    UploadToContainerOptions,
};
use futures_util::{StreamExt, TryStreamExt, stream};
use tokio::io::AsyncWriteExt;

use super::Api;
use crate::component::Sink;
use crate::containers::raw::encode;
use crate::containers::reference::Reference;
use crate::containers::trouble::{Answer, Trouble};
use crate::containers::{ByteStream, CommitContainer, ContainerFacts, Containers, Exec, RunContainer, marked, tarball};

/// Go's bits of a file's mode that say what it is.
const IS_FOLDER: u32 = 1 << 31;
const IS_LINK: u32 = 1 << 27;

/// How long a greeting may take when the one before was not answered.
const SILENT_BEFORE: Duration = Duration::from_millis(400);

impl Api {
    /// Returns what stands at `path`, links followed, and its true path; `None` when nothing does.
    async fn look_at(&self, container: &str, path: &str) -> Answer<(String, Option<PathStatResponse>)> {
        let mut path = path.to_owned();
        // A chain of links longer than this is a circle.
        for _ in 0..16 {
            let options = ContainerArchiveInfoOptions { path: path.clone() };
            let stat = match self.docker.get_container_archive_info(container, Some(options)).await {
                Ok(stat) => stat,
                Err(Error::DockerResponseServerError { status_code: 404, .. }) => return Ok((path, None)),
                Err(error) => return Err(self.trouble(error)),
            };
            if stat.file_mode & IS_LINK == 0 {
                return Ok((path, Some(stat)));
            }
            let parent = path.trim_end_matches('/').rsplit_once('/').map_or("", |(parent, _)| parent);
            path = if stat.link_target.starts_with('/') {
                stat.link_target
            } else {
                format!("{parent}/{}", stat.link_target)
            };
        }
        Ok((path, None))
    }

    async fn unpack(&self, container: &str, folder: String, tar: ByteStream) -> Answer<()> {
        let options = UploadToContainerOptions {
            path: folder,
            no_overwrite_dir_non_dir: Some("true".to_owned()),
            ..UploadToContainerOptions::default()
        };
        let pieces = stream::unfold(tar, |mut tar| async { tar.recv().await.map(|piece| (piece, tar)) });
        let uploaded =
            self.docker.upload_to_container(container, Some(options), bollard::body_try_stream(pieces)).await;
        uploaded.map_err(|error| self.trouble(error))
    }

    /// Creates the container; the body names everything but the container and its platform.
    async fn create(&self, request: &RunContainer, body: ContainerCreateBody) -> Result<String, Error> {
        let options = CreateContainerOptions {
            name: (!request.name.is_empty()).then(|| request.name.clone()),
            platform: request.platform.clone(),
        };
        Ok(self.docker.create_container(Some(options), body).await?.id)
    }

    /// Runs a command to its end and returns its exit code.
    async fn exec_to_its_end(&self, container: &str, exec: &Exec, stdout: Sink<'_>, stderr: Sink<'_>) -> Answer<i32> {
        let config = ExecConfig {
            attach_stdout: Some(true),
            attach_stderr: Some(true),
            tty: Some(exec.terminal),
            user: (!exec.user.is_empty()).then(|| exec.user.clone()),
            cmd: Some(exec.words.clone()),
            ..ExecConfig::default()
        };
        let started = async {
            let id = self.docker.create_exec(container, config).await?.id;
            let options = StartExecOptions { tty: exec.terminal, ..StartExecOptions::default() };
            Ok((self.docker.start_exec(&id, Some(options)).await?, id))
        };
        let (results, id) = started.await.map_err(|error| self.trouble(error))?;
        let StartExecResults::Attached { mut output, input } = results else {
            return Err(Trouble::Unreachable("the container engine did not attach to the command".to_owned()));
        };
        while let Some(output) = output.next().await {
            let output = output.map_err(|error| self.trouble(error))?;
            let written = match output {
                LogOutput::StdErr { message } => stderr.write_all(&message).await,
                other => stdout.write_all(&other.into_bytes()).await,
            };
            written.map_err(|error| Trouble::Unreachable(error.to_string()))?;
        }
        drop(input);
        // The streams may close a moment before the engine has noted the exit code.
        for _ in 0..50 {
            let ended = self.docker.inspect_exec(&id).await.map_err(|error| self.trouble(error))?;
            if ended.running != Some(true) {
                // Without a code the container was killed under the command.
                let code = ended.exit_code.unwrap_or(137);
                return Ok(i32::try_from(code).unwrap_or(255));
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        Ok(137)
    }
}

#[async_trait]
impl Containers for Api {
    async fn run(&self, request: &RunContainer) -> Answer<String> {
        let body = serde_json::Value::Object(request.body.clone().unwrap_or_default());
        let body: ContainerCreateBody = serde_json::from_value(body)
            .map_err(|error| Trouble::Unreachable(format!("cannot make sense of the run arguments: {error}")))?;
        let image = body.image.clone().unwrap_or_default();
        let mut created = marked(self.create(request, body.clone())).await;
        if let Err(Error::DockerResponseServerError { status_code: 404, message }) = &created
            && message.contains("No such image")
        {
            // As `docker run` does: an image that is not there is fetched.
            let told = |trouble: Trouble| match trouble {
                Trouble::Refused { status, words } => Trouble::Refused {
                    status,
                    words: format!("Unable to find image '{image}' locally\ndocker: {words}"),
                },
                other => other,
            };
            use crate::containers::Images;
            self.pull(&image, &request.platform, &mut |_| {}).await.map_err(told)?;
            created = marked(self.create(request, body)).await;
        }
        let told = |error| match self.trouble(error) {
            Trouble::Refused { words, .. } => Trouble::Refused { status: 125, words: format!("docker: {words}") },
            other => other,
        };
        let id = created.map_err(told)?;
        let started = marked(self.docker.start_container(&id, None::<StartContainerOptions>)).await;
        started.map_err(told)?;
        Ok(id)
    }

    async fn inspect_container(&self, container: &str) -> Answer<ContainerFacts> {
        let found = self.docker.inspect_container(&encode(container), None::<InspectContainerOptions>).await;
        let found = found.map_err(|error| self.trouble(error))?;
        let networks = found.network_settings.and_then(|network| network.networks).unwrap_or_default();
        let state = found.state.unwrap_or_default();
        Ok(ContainerFacts {
            id: found.id.unwrap_or_default(),
            address: networks.get("bridge").and_then(|bridge| bridge.ip_address.clone()).unwrap_or_default(),
            user: found.config.and_then(|config| config.user).unwrap_or_default(),
            running: state.running.unwrap_or_default(),
            paused: state.paused.unwrap_or_default(),
            binds: found.host_config.and_then(|config| config.binds).unwrap_or_default(),
        })
    }

    async fn exec(&self, container: &str, exec: &Exec, stdout: Sink<'_>, stderr: Sink<'_>) -> Answer<i32> {
        let (status, words) = match self.exec_to_its_end(container, exec, stdout, stderr).await {
            Ok(code) => return Ok(code),
            Err(Trouble::Refused { status, words }) => (status, words),
            // A command that was cut off may have done its work, so it is not for the caller to start again.
            Err(Trouble::Unreachable(reason)) => (1, reason),
        };
        let line = format!("{words}\n");
        stderr.write_all(line.as_bytes()).await.map_err(|error| Trouble::Unreachable(error.to_string()))?;
        Ok(status)
    }

    async fn copy_in(&self, container: &str, folder: &str, tar: ByteStream) -> Answer<()> {
        let (path, found) = self.look_at(container, folder).await?;
        if found.is_none_or(|stat| stat.file_mode & IS_FOLDER == 0) {
            let shown = if folder == "/" { folder } else { folder.trim_end_matches('/') };
            let words = format!("destination \"{container}:{shown}\" must be a directory");
            return Err(Trouble::Refused { status: 1, words });
        }
        self.unpack(container, path, tar).await
    }

    async fn copy_folder_in(&self, container: &str, from: &Path, content_only: bool, to: &str) -> Answer<()> {
        let base = |path: &str| path.trim_end_matches('/').rsplit('/').next().unwrap_or_default().to_owned();
        let own_name = from.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let (path, found) = self.look_at(container, to).await?;
        let (folder, name) = match found {
            Some(stat) if stat.file_mode & IS_FOLDER != 0 => {
                (path, if content_only { String::new() } else { own_name })
            }
            Some(_) => {
                let words = format!("cannot copy a directory to the file {to:?}");
                return Err(Trouble::Refused { status: 1, words });
            }
            None => {
                let trimmed = path.trim_end_matches('/');
                let parent =
                    trimmed.rsplit_once('/').map_or("/", |(parent, _)| if parent.is_empty() { "/" } else { parent });
                (parent.to_owned(), base(&path))
            }
        };
        self.unpack(container, folder, tarball::folder(from, &name)).await
    }

    async fn copy_out(&self, container: &str, from: &str, to: Sink<'_>) -> Answer<()> {
        let (path, _) = self.look_at(container, from).await?;
        let options = DownloadFromContainerOptions { path };
        let mut pieces = std::pin::pin!(self.docker.download_from_container(container, Some(options)).peekable());
        if let Some(Err(_)) = pieces.as_mut().peek().await
            && let Some(Err(error)) = pieces.next().await
        {
            return Err(self.trouble(error));
        }
        let reader = tokio_util::io::StreamReader::new(pieces.map_err(std::io::Error::other));
        tarball::first_file(reader, to)
            .await
            .map_err(|error| Trouble::Unreachable(format!("cannot copy {from:?} out of the container: {error}")))
    }

    async fn commit(&self, request: &CommitContainer) -> Answer<String> {
        let name = Reference::parse(&request.name);
        let filled = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let options = CommitContainerOptions {
            container: Some(request.container.clone()),
            repo: filled(name.repository),
            tag: name.tag.map(str::to_owned),
            comment: filled(&request.message),
            author: filled(&request.author),
            pause: true,
            changes: filled(&request.changes.join("\n")),
        };
        let commit = |options| marked(self.docker.commit_container(options, ContainerConfig::default()));
        let mut committed = commit(options.clone()).await;
        // A rootless engine cannot pause everywhere. Nothing of the build runs any more that could write meanwhile.
        if let Err(Error::DockerResponseServerError { message, .. }) = &committed
            && message.contains("can not pause")
        {
            committed = commit(CommitContainerOptions { pause: false, ..options }).await;
        }
        // Podman's API leaves the algorithm out.
        let whole = |id: String| if id.contains(':') { id } else { format!("sha256:{id}") };
        committed.map(|committed| whole(committed.id)).map_err(|error| self.trouble(error))
    }

    async fn export(&self, container: &str, to: Sink<'_>) -> Answer<()> {
        let mut pieces = std::pin::pin!(self.docker.export_container(container));
        while let Some(piece) = pieces.next().await {
            let piece = piece.map_err(|error| self.trouble(error))?;
            to.write_all(&piece).await.map_err(|error| Trouble::Unreachable(error.to_string()))?;
        }
        to.flush().await.map_err(|error| Trouble::Unreachable(error.to_string()))
    }

    async fn kill(&self, container: &str) -> Answer<()> {
        match marked(self.docker.kill_container(container, None::<KillContainerOptions>)).await {
            // 409: it has ended by itself.
            Ok(()) | Err(Error::DockerResponseServerError { status_code: 404 | 409, .. }) => Ok(()),
            Err(error) => Err(self.trouble(error)),
        }
    }

    async fn remove_container(&self, container: &str) -> Answer<bool> {
        let options = RemoveContainerOptions { force: true, v: true, ..RemoveContainerOptions::default() };
        match marked(self.docker.remove_container(&encode(container), Some(options))).await {
            // 409: someone is removing it already.
            Err(Error::DockerResponseServerError { status_code: 409, message }) if message.contains("in progress") => {
                Ok(true)
            }
            removed => self.unless_gone(removed),
        }
    }

    async fn answers(&self, within: Duration) -> bool {
        let within = if self.silent.load(Ordering::Relaxed) { within.min(SILENT_BEFORE) } else { within };
        let answer = tokio::time::timeout(within, self.docker.ping()).await;
        self.silent.store(answer.is_err(), Ordering::Relaxed);
        matches!(answer, Ok(Ok(_)))
    }
}
