//! Images and registries over the API.
//!
//! Prints nothing: progress goes to the caller as lines.

use async_trait::async_trait;
use bollard::query_parameters::{ListImagesOptions, RemoveImageOptions, TagImageOptions};
use futures_util::StreamExt;
use serde_json::{Value, json};
use tokio::io::AsyncWriteExt;

use super::Api;
use crate::component::Sink;
use crate::containers::progress::{Message, read};
use crate::containers::raw::{self, Body, Post, encode};
use crate::containers::reference::{HUB, Reference};
use crate::containers::trouble::{Answer, Trouble};
use crate::containers::{BuildImage, ByteStream, ImageFacts, Images, ImportImage, Lines, Login, context, marked};

const AUTH: &str = "X-Registry-Auth";

impl Api {
    /// Sends `post`, shows its lines and returns the last `id` or fact called `wanted`.
    async fn reported(&self, post: Post<'_>, wanted: &str, lines: Lines<'_>) -> Answer<String> {
        let mut found = String::new();
        let mut receive = |message: Value| {
            match read(&message)? {
                Message::Line(line) | Message::Text(line) => lines.line(line),
                Message::Layer { id, done, total } => lines.layer(&id, done, total),
                Message::Facts(facts) => {
                    if let Some(fact) = facts[wanted].as_str() {
                        fact.clone_into(&mut found);
                    }
                }
                Message::Nothing => {}
            }
            Ok(())
        };
        raw::post(&self.connector, post, &mut receive).await?;
        Ok(found)
    }
}

#[async_trait]
impl Images for Api {
    async fn pull(&self, image: &str, platform: &str, lines: Lines<'_>) -> Answer<()> {
        let reference = Reference::parse(image);
        let tag = reference.digest.or(reference.tag).unwrap_or("latest");
        if reference.tag.is_none() && reference.digest.is_none() {
            lines.line("Using default tag: latest".to_owned());
        }
        let query = raw::query(&[("fromImage", reference.repository), ("tag", tag), ("platform", platform)]);
        let headers = vec![(AUTH, self.config.header(reference.registry()).await)];
        let post = Post { path: format!("/images/create?{query}"), headers, body: Body::Empty };
        self.reported(post, "", lines).await.map_err(from_daemon)?;
        lines.line(reference.full());
        Ok(())
    }

    async fn build(&self, request: &BuildImage, lines: Lines<'_>) -> Answer<String> {
        let unreadable = |error: std::io::Error| {
            let (folder, file) = (request.folder.display(), request.dockerfile.display());
            Trouble::Unreachable(format!("cannot read the folder {folder} with the Dockerfile {file}: {error}"))
        };
        let (tar, dockerfile) = context::context(request).map_err(unreadable)?;
        let arguments = if request.arguments.is_empty() { String::new() } else { json!(request.arguments).to_string() };
        // `forcerm`: of an instruction that fails no container stays behind.
        let query = raw::query(&[
            ("dockerfile", &dockerfile),
            ("t", &request.name),
            ("buildargs", &arguments),
            ("pull", if request.pull { "1" } else { "" }),
            ("platform", &request.platform),
            ("rm", "1"),
            ("forcerm", "1"),
        ]);
        let headers = vec![("X-Registry-Config", self.config.all_header().await)];
        let post = Post { path: format!("/build?{query}"), headers, body: Body::Tar(tar) };
        let mut output = String::new();
        let mut receive = |text: String| {
            output.push_str(&text);
            lines.line(text);
        };
        let built = marked(self.reported(post, "ID", &mut receive)).await;
        match built {
            Ok(id) if !id.is_empty() => Ok(id),
            Ok(_) => self.inspect_image(&request.name).await.map(|facts| facts.id),
            Err(Trouble::Refused { status, words }) => {
                Err(Trouble::Refused { status, words: format!("{output}; stderr: {words}") })
            }
            Err(trouble) => Err(trouble),
        }
    }

    async fn image_made_of(&self, container: &str) -> Answer<Option<String>> {
        let filters = [("dangling".to_owned(), vec!["true".to_owned()])].into();
        let options = ListImagesOptions { filters: Some(filters), ..ListImagesOptions::default() };
        for image in self.docker.list_images(Some(options)).await.map_err(|error| self.trouble(error))? {
            // The library leaves the fact out that counts here.
            let path = format!("/images/{}/json", encode(&image.id));
            let mut is_wanted = false;
            let mut receive = |facts: Value| {
                is_wanted = facts["Container"].as_str().is_some_and(|made_of| made_of.starts_with(container));
                Ok(())
            };
            let asked = Post { path, headers: Vec::new(), body: Body::None };
            match raw::post(&self.connector, asked, &mut receive).await {
                Ok(()) if is_wanted => return Ok(Some(image.id)),
                // It may have gone meanwhile.
                Ok(()) | Err(Trouble::Refused { .. }) => {}
                Err(trouble) => return Err(trouble),
            }
        }
        Ok(None)
    }

    async fn import(&self, tar: ByteStream, request: &ImportImage) -> Answer<String> {
        let name = Reference::parse(&request.name);
        let mut query = raw::query(&[
            ("fromSrc", "-"),
            ("repo", name.repository),
            ("tag", name.tag.unwrap_or_default()),
            ("platform", &request.platform),
        ]);
        for change in &request.changes {
            query.push_str(&format!("&changes={}", encode(change)));
        }
        let post = Post { path: format!("/images/create?{query}"), headers: Vec::new(), body: Body::Tar(tar) };
        let mut id = String::new();
        marked(self.reported(post, "", &mut |line: String| id = line)).await.map_err(from_daemon)?;
        Ok(id)
    }

    async fn inspect_image(&self, image: &str) -> Answer<ImageFacts> {
        let found = match self.docker.inspect_image(&encode(image)).await {
            Err(bollard::errors::Error::DockerResponseServerError { status_code: 404, .. }) => {
                let words = format!("Error: No such object: {image}");
                return Err(Trouble::Refused { status: 1, words });
            }
            found => found.map_err(|error| self.trouble(error))?,
        };
        let config = found.config.unwrap_or_default();
        Ok(ImageFacts {
            id: found.id.unwrap_or_default(),
            tags: found.repo_tags.unwrap_or_default(),
            digests: found.repo_digests.unwrap_or_default(),
            command: config.cmd.unwrap_or_default(),
            entrypoint: config.entrypoint.unwrap_or_default(),
            user: config.user.unwrap_or_default(),
        })
    }

    async fn tag(&self, image: &str, name: &str) -> Answer<()> {
        let parts = Reference::parse(name);
        if parts.repository.is_empty() {
            let words =
                format!("Error parsing reference: {name:?} is not a valid repository/tag: invalid reference format");
            return Err(Trouble::Refused { status: 1, words });
        }
        let tag = Some(parts.tag.unwrap_or("latest").to_owned());
        let options = TagImageOptions { repo: Some(parts.repository.to_owned()), tag };
        let tagged = marked(self.docker.tag_image(&encode(image), Some(options))).await;
        tagged.map_err(|error| self.trouble(error))
    }

    async fn push(&self, name: &str, platform: &str, lines: Lines<'_>) -> Answer<()> {
        let reference = Reference::parse(name);
        if reference.tag.is_none() {
            lines.line("Using default tag: latest".to_owned());
        }
        let platform = if platform.is_empty() { String::new() } else { platform_of(platform).to_string() };
        let query = raw::query(&[("tag", reference.tag.unwrap_or("latest")), ("platform", &platform)]);
        let path = format!("/images/{}/push?{query}", encode(reference.repository));
        let headers = vec![(AUTH, self.config.header(reference.registry()).await)];
        // What reports progress here is the registry's side; a client shows its refusals as they are.
        self.reported(Post { path, headers, body: Body::Empty }, "Digest", lines).await.map(|_| ())
    }

    async fn save(&self, image: &str, to: Sink<'_>) -> Answer<()> {
        let name = encode(image);
        let mut pieces = std::pin::pin!(self.docker.export_image(&name));
        while let Some(piece) = pieces.next().await {
            let piece = piece.map_err(|error| self.trouble(error))?;
            to.write_all(&piece).await.map_err(|error| Trouble::Unreachable(error.to_string()))?;
        }
        to.flush().await.map_err(|error| Trouble::Unreachable(error.to_string()))
    }

    async fn remove_image(&self, image: &str) -> Answer<bool> {
        let name = encode(image);
        let removal = self.docker.remove_image(&name, None::<RemoveImageOptions>, None);
        let removed = marked(removal).await;
        self.unless_gone(removed.map(|_| ()))
    }

    async fn login(&self, login: &Login, lines: Lines<'_>) -> Answer<()> {
        let server = if login.server.is_empty() { HUB } else { &login.server };
        let account = json!({ "username": login.username, "password": login.password, "serveraddress": server });
        let post = Post { path: "/auth".to_owned(), headers: Vec::new(), body: Body::Json(account) };
        let mut answer = Value::Null;
        let mut receive = |message| {
            answer = message;
            Ok(())
        };
        raw::post(&self.connector, post, &mut receive).await?;
        self.config.remember(login, answer["IdentityToken"].as_str().unwrap_or_default());
        if let Some(status) = answer["Status"].as_str() {
            lines.line(status.to_owned());
        }
        Ok(())
    }

    async fn logout(&self, server: &str, lines: Lines<'_>) -> Answer<()> {
        self.config.forget(server);
        lines.line(format!("Removing login credentials for {}", if server.is_empty() { HUB } else { server }));
        Ok(())
    }
}

/// Puts a refusal that came as a message into the words of a client.
fn from_daemon(trouble: Trouble) -> Trouble {
    match trouble {
        Trouble::Refused { words, .. } if !words.starts_with("Error") => Trouble::refused(words),
        other => other,
    }
}

/// Returns a platform as the API has it: `{"os": "linux", "architecture": "arm64"}`.
fn platform_of(text: &str) -> Value {
    let mut parts = text.split('/');
    let mut platform = json!({});
    for key in ["os", "architecture", "variant"] {
        if let Some(part) = parts.next() {
            platform[key] = part.into();
        }
    }
    platform
}
