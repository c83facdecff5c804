//! Images and registries through a client program.
//!
//! Shows what the program shows.

use async_trait::async_trait;
use serde_json::Value;
use tokio::io::AsyncWriteExt;

use super::{Client, is_gone, pipes};
use crate::component::Sink;
use crate::containers::trouble::{Answer, Trouble};
use crate::containers::{BuildImage, ByteStream, ImageFacts, Images, ImportImage, Lines, Login, marked};

/// Adds `--name value` unless the value is empty.
pub fn option(words: &mut Vec<String>, name: &str, value: &str) {
    if !value.is_empty() {
        words.extend([name.to_owned(), value.to_owned()]);
    }
}

/// Returns words as the program takes them.
pub fn words<const N: usize>(words: [&str; N]) -> Vec<String> {
    words.map(str::to_owned).to_vec()
}

impl Client {
    /// Runs the program and hands over the bytes it writes.
    pub async fn stream(&self, words: &[String], to: Sink<'_>) -> Answer<()> {
        let mut child = self.start(self.command(words))?;
        let (_, mut out, mut err) = pipes(&mut child);
        let mut stderr = Vec::new();
        let copy = async {
            let copied = tokio::io::copy(&mut out, to).await;
            // A program that nobody reads from ends, instead of waiting for room in the pipe.
            drop(out);
            copied
        };
        let (copied, _) = tokio::join!(copy, tokio::io::AsyncReadExt::read_to_end(&mut err, &mut stderr));
        let status = self.ended(&mut child).await?;
        if let Err(error) = copied {
            return Err(Trouble::Unreachable(error.to_string()));
        }
        if status != 0 {
            let words = String::from_utf8_lossy(&stderr).trim_end().to_owned();
            return Err(Trouble::Refused { status, words });
        }
        to.flush().await.map_err(|error| Trouble::Unreachable(error.to_string()))
    }
}

#[async_trait]
impl Images for Client {
    async fn pull(&self, image: &str, platform: &str, lines: Lines<'_>) -> Answer<()> {
        let mut command = words(["pull"]);
        option(&mut command, "--platform", platform);
        command.push(image.to_owned());
        self.show(&command, lines).await
    }

    async fn build(&self, request: &BuildImage, lines: Lines<'_>) -> Answer<String> {
        let mut command = words(["build", "-t", &request.name, "--force-rm", "-f"]);
        command.push(request.dockerfile.display().to_string());
        for (name, value) in &request.arguments {
            command.extend(["--build-arg".to_owned(), format!("{name}={value}")]);
        }
        for (wanted, flag) in [(request.pull, "--pull"), (request.compress, "--compress")] {
            if wanted {
                command.push(flag.to_owned());
            }
        }
        option(&mut command, "--platform", &request.platform);
        command.push(request.folder.display().to_string());
        let mut output = String::new();
        let mut receive = |line: String| {
            output.push_str(&line);
            output.push('\n');
            lines.line(line);
        };
        match marked(self.show(&command, &mut receive)).await {
            Ok(()) => Ok(self.inspect_image(&request.name).await?.id),
            Err(Trouble::Refused { status, words }) => {
                Err(Trouble::Refused { status, words: format!("{output}; stderr: {words}") })
            }
            Err(trouble) => Err(trouble),
        }
    }

    async fn image_made_of(&self, container: &str) -> Answer<Option<String>> {
        let images = self.ask(&words(["images", "-q", "--no-trunc", "--filter", "dangling=true"])).await?;
        for image in images.lines() {
            // One that has gone meanwhile, or another engine's, has none.
            let made_of = self.ask(&words(["inspect", "--format", "{{.Container}}", image])).await;
            if made_of.is_ok_and(|made_of| made_of.starts_with(container)) {
                return Ok(Some(image.to_owned()));
            }
        }
        Ok(None)
    }

    async fn import(&self, tar: ByteStream, request: &ImportImage) -> Answer<String> {
        let mut command = words(["import"]);
        for change in &request.changes {
            option(&mut command, "--change", change);
        }
        option(&mut command, "--platform", &request.platform);
        command.push("-".to_owned());
        if !request.name.is_empty() {
            command.push(request.name.clone());
        }
        let output = marked(self.ask_with(self.command(&command), Some(tar))).await?;
        Ok(output.lines().last().unwrap_or_default().to_owned())
    }

    async fn inspect_image(&self, image: &str) -> Answer<ImageFacts> {
        let found = self.ask(&words(["inspect", "--type", "image", image])).await;
        let text = found.map_err(|trouble| match is_gone(&trouble) {
            true => Trouble::Refused { status: trouble.status(), words: format!("Error: No such object: {image}") },
            false => trouble,
        })?;
        let found: Value = serde_json::from_str(&text).map_err(|error| not_understood(&self.name, &error))?;
        let found = &found[0];
        let list = |value: &Value| -> Vec<String> {
            value.as_array().into_iter().flatten().filter_map(|item| item.as_str().map(str::to_owned)).collect()
        };
        let id = found["Id"].as_str().unwrap_or_default();
        Ok(ImageFacts {
            // Podman leaves the algorithm out.
            id: if id.contains(':') { id.to_owned() } else { format!("sha256:{id}") },
            tags: list(&found["RepoTags"]),
            digests: list(&found["RepoDigests"]),
            command: list(&found["Config"]["Cmd"]),
            entrypoint: list(&found["Config"]["Entrypoint"]),
            user: found["Config"]["User"].as_str().unwrap_or_default().to_owned(),
        })
    }

    async fn tag(&self, image: &str, name: &str) -> Answer<()> {
        marked(self.ask(&words(["tag", image, name]))).await.map(|_| ())
    }

    async fn push(&self, name: &str, platform: &str, lines: Lines<'_>) -> Answer<()> {
        let mut command = words(["push"]);
        option(&mut command, "--platform", platform);
        command.push(name.to_owned());
        self.show(&command, lines).await
    }

    async fn save(&self, image: &str, to: Sink<'_>) -> Answer<()> {
        self.stream(&words(["save", image]), to).await
    }

    async fn remove_image(&self, image: &str) -> Answer<bool> {
        match marked(self.ask(&words(["rmi", image]))).await {
            Ok(_) => Ok(true),
            Err(trouble) if is_gone(&trouble) => Ok(false),
            Err(trouble) => Err(trouble),
        }
    }

    async fn login(&self, login: &Login, lines: Lines<'_>) -> Answer<()> {
        let mut command = words(["login"]);
        option(&mut command, "-u", &login.username);
        command.push("--password-stdin".to_owned());
        if !login.server.is_empty() {
            command.push(login.server.clone());
        }
        // Not among the words: every user of this machine can read those.
        let (sender, input) = tokio::sync::mpsc::channel(1);
        let _ = sender.send(Ok(login.password.clone().into())).await;
        drop(sender);
        let output = self.ask_with(self.command(&command), Some(input)).await?;
        output.lines().for_each(|line| lines.line(line.to_owned()));
        Ok(())
    }

    async fn logout(&self, server: &str, lines: Lines<'_>) -> Answer<()> {
        let mut command = words(["logout"]);
        if !server.is_empty() {
            command.push(server.to_owned());
        }
        self.show(&command, lines).await
    }
}

/// Says that the program's answer is not the expected JSON.
pub fn not_understood(name: &str, error: &serde_json::Error) -> Trouble {
    Trouble::Unreachable(format!("cannot understand what {name:?} answers: {error}"))
}
