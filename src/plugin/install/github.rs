//! GitHub: a plugin's versions are the tags of its repository, its archives the files of its releases.
//!
//! Two hosts answer: one for programs, which wants a token when it is asked often, and one with the files.

use async_trait::async_trait;
use serde::Deserialize;

use super::super::file_name::{Api, architecture, system};
use super::super::source::Source;
use super::fetch::{Failure, Fetch};
use super::site::{Archive, Site};
use super::sums;
use crate::component::version::Version;

/// GitHub, or a server of one's own that answers in the same way.
pub struct GitHub {
    /// The address that answers programs, without a slash at its end.
    pub api: String,
    /// The address of the files, without a slash at its end.
    pub web: String,
    /// Sent to `api` and to nobody else.
    pub token: Option<String>,
}

#[derive(Deserialize)]
struct Tag {
    #[serde(rename = "ref")]
    name: String,
}

#[async_trait(?Send)]
impl Site for GitHub {
    fn name(&self) -> String {
        super::host_of(&self.web)
    }

    fn has(&self, source: &Source) -> bool {
        source.on_github().is_some()
    }

    async fn versions(&self, source: &Source, fetch: &Fetch) -> Result<Vec<Version>, Failure> {
        let (owner, name) = source.on_github().unwrap_or_default();
        let url = format!("{}/repos/{owner}/packer-plugin-{name}/git/matching-refs/tags", self.api);
        let tags: Vec<Tag> = fetch.json(&url, self.token.as_deref()).await?;
        let version = |tag: &Tag| Version::parse(tag.name.strip_prefix("refs/tags/v")?);
        Ok(tags.iter().filter_map(version).collect())
    }

    async fn archives(&self, source: &Source, version: &Version, fetch: &Fetch) -> Result<Vec<Archive>, Failure> {
        let (owner, name) = source.on_github().unwrap_or_default();
        let folder = format!("{}/{owner}/packer-plugin-{name}/releases/download/v{version}", self.web);
        let list = fetch.text(&format!("{folder}/packer-plugin-{name}_v{version}_SHA256SUMS"), None).await?;
        let (start, end) =
            (format!("packer-plugin-{name}_v{version}_"), format!("_{}_{}.zip", system(), architecture()));
        let archive = |(sum, file): (String, &str)| {
            let api = Api::parse(file.strip_prefix(&start)?.strip_suffix(&end)?)?;
            Some(Archive { url: format!("{folder}/{file}"), sum, api })
        };
        Ok(sums::parse(&list).into_iter().filter_map(archive).collect())
    }
}
