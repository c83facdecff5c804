//! Containers through a client program.
//!
//! Leaves the meaning of the run arguments to the program.

use std::path::Path;
use std::time::Duration;

use async_trait::async_trait;
use serde_json::Value;

use super::images::{not_understood, option, words};
use super::{Client, is_gone, pipes};
use crate::component::Sink;
use crate::containers::trouble::{Answer, Trouble};
use crate::containers::{ByteStream, CommitContainer, ContainerFacts, Containers, Exec, RunContainer, marked, tarball};

#[async_trait]
impl Containers for Client {
    async fn run(&self, request: &RunContainer) -> Answer<String> {
        let mut command = words(["run"]);
        option(&mut command, "--name", &request.name);
        command.extend(request.words.iter().cloned());
        let output = marked(self.ask(&command)).await?;
        // With `-d` the program's last line is the id; before it stands what it had to fetch.
        Ok(output.lines().last().unwrap_or_default().to_owned())
    }

    async fn inspect_container(&self, container: &str) -> Answer<ContainerFacts> {
        let text = self.ask(&words(["inspect", "--type", "container", container])).await?;
        let found: Value = serde_json::from_str(&text).map_err(|error| not_understood(&self.name, &error))?;
        let found = &found[0];
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let address = text(&found["NetworkSettings"]["Networks"]["bridge"]["IPAddress"]);
        Ok(ContainerFacts {
            id: text(&found["Id"]),
            address: if address.is_empty() { text(&found["NetworkSettings"]["IPAddress"]) } else { address },
            user: text(&found["Config"]["User"]),
            running: found["State"]["Running"].as_bool().unwrap_or_default(),
            paused: found["State"]["Paused"].as_bool().unwrap_or_default(),
            binds: found["HostConfig"]["Binds"].as_array().into_iter().flatten().map(text).collect(),
        })
    }

    async fn exec(&self, container: &str, exec: &Exec, stdout: Sink<'_>, stderr: Sink<'_>) -> Answer<i32> {
        let mut command = words(["exec", "-i"]);
        if exec.terminal {
            command.push("-t".to_owned());
        }
        option(&mut command, "-u", &exec.user);
        command.push(container.to_owned());
        command.extend(exec.words.iter().cloned());
        let mut child = match self.start(self.command(&command)) {
            Ok(child) => child,
            Err(trouble) => {
                // C-docker-2
                let line = format!("{trouble}\n");
                let written = tokio::io::AsyncWriteExt::write_all(stderr, line.as_bytes()).await;
                return written.map(|()| 254).map_err(|error| Trouble::Unreachable(error.to_string()));
            }
        };
        let (_, mut out, mut err) = pipes(&mut child);
        let (out, err) = tokio::join!(tokio::io::copy(&mut out, stdout), tokio::io::copy(&mut err, stderr));
        let status = self.ended(&mut child).await?;
        out.and(err).map_err(|error| Trouble::Unreachable(error.to_string()))?;
        Ok(status)
    }

    async fn copy_in(&self, container: &str, folder: &str, tar: ByteStream) -> Answer<()> {
        let command = self.command(&words(["cp", "-", &format!("{container}:{folder}")]));
        self.ask_with(command, Some(tar)).await.map(|_| ())
    }

    async fn copy_folder_in(&self, container: &str, from: &Path, content_only: bool, to: &str) -> Answer<()> {
        let from = from.display();
        let from = if content_only { format!("{from}/.") } else { from.to_string() };
        self.ask(&words(["cp", &from, &format!("{container}:{to}")])).await.map(|_| ())
    }

    async fn copy_out(&self, container: &str, from: &str, to: Sink<'_>) -> Answer<()> {
        let mut child = self.start(self.command(&words(["cp", "-L", &format!("{container}:{from}"), "-"])))?;
        let (_, mut out, mut err) = pipes(&mut child);
        let mut stderr = Vec::new();
        let read = async {
            let copied = tarball::first_file(&mut out, to).await;
            // What follows must be read, or the program waits for ever.
            let _ = tokio::io::copy(&mut out, &mut tokio::io::sink()).await;
            copied
        };
        let (copied, _) = tokio::join!(read, tokio::io::AsyncReadExt::read_to_end(&mut err, &mut stderr));
        let status = self.ended(&mut child).await?;
        if status != 0 {
            let words = String::from_utf8_lossy(&stderr).trim_end().to_owned();
            return Err(Trouble::Refused { status, words });
        }
        copied.map_err(|error| Trouble::Unreachable(format!("cannot copy {from:?} out of the container: {error}")))
    }

    async fn commit(&self, request: &CommitContainer) -> Answer<String> {
        let mut command = words(["commit"]);
        option(&mut command, "--author", &request.author);
        for change in &request.changes {
            option(&mut command, "--change", change);
        }
        option(&mut command, "--message", &request.message);
        command.push(request.container.clone());
        if !request.name.is_empty() {
            command.push(request.name.clone());
        }
        let output = marked(self.ask(&command)).await?;
        Ok(output.lines().last().unwrap_or_default().to_owned())
    }

    async fn export(&self, container: &str, to: Sink<'_>) -> Answer<()> {
        self.stream(&words(["export", container]), to).await
    }

    async fn kill(&self, container: &str) -> Answer<()> {
        match marked(self.ask(&words(["kill", container]))).await {
            Err(Trouble::Refused { words, .. }) if words.contains("not running") => Ok(()),
            Err(trouble) if is_gone(&trouble) => Ok(()),
            killed => killed.map(|_| ()),
        }
    }

    async fn remove_container(&self, container: &str) -> Answer<bool> {
        match marked(self.ask(&words(["rm", "-f", "-v", container]))).await {
            // What it removed it names; that nothing was there it only complains about.
            Ok(removed) => Ok(!removed.is_empty()),
            Err(trouble) if is_gone(&trouble) => Ok(false),
            Err(trouble) => Err(trouble),
        }
    }

    async fn answers(&self, within: Duration) -> bool {
        matches!(tokio::time::timeout(within, self.ask(&words(["version"]))).await, Ok(Ok(_)))
    }
}
