//! Sites laid out like <https://releases.hashicorp.com>: an index of versions, and a folder for each.
//!
//! Asked for HashiCorp's own plugins alone: the layout has no place for the owner, and another's plugin of the same name
//! is another plugin.

use std::collections::BTreeMap;

use async_trait::async_trait;
use serde::Deserialize;

use super::super::file_name::{Api, architecture, system};
use super::super::source::Source;
use super::fetch::{Failure, Fetch};
use super::site::{Archive, Site};
use super::sums;
use crate::component::version::Version;

/// Whose plugins stand there.
const OWNER: &str = "hashicorp";

/// A site with releases.
pub struct Releases {
    /// Its address, without a slash at its end.
    pub base: String,
}

#[derive(Deserialize)]
struct Index {
    versions: BTreeMap<String, Listed>,
}

#[derive(Deserialize)]
struct Listed {
    version: String,
}

#[derive(Deserialize)]
struct Manifest {
    metadata: Metadata,
}

#[derive(Deserialize)]
struct Metadata {
    protocol_version: String,
}

#[async_trait(?Send)]
impl Site for Releases {
    fn name(&self) -> String {
        super::host_of(&self.base)
    }

    fn has(&self, source: &Source) -> bool {
        source.on_github().is_some_and(|(owner, _)| owner.eq_ignore_ascii_case(OWNER))
    }

    async fn versions(&self, source: &Source, fetch: &Fetch) -> Result<Vec<Version>, Failure> {
        let url = format!("{}/packer-plugin-{}/index.json", self.base, source.name());
        let index: Index = fetch.json(&url, None).await?;
        Ok(index.versions.values().filter_map(|listed| Version::parse(&listed.version)).collect())
    }

    async fn archives(&self, source: &Source, version: &Version, fetch: &Fetch) -> Result<Vec<Archive>, Failure> {
        let name = format!("packer-plugin-{}", source.name());
        let folder = format!("{}/{name}/{version}", self.base);
        let list = fetch.text(&format!("{folder}/{name}_{version}_SHA256SUMS"), None).await?;
        let zip = format!("{name}_{version}_{}_{}.zip", system(), architecture());
        let Some((sum, _)) = sums::parse(&list).into_iter().find(|(_, file)| *file == zip) else {
            return Ok(Vec::new());
        };
        let place = format!("{folder}/{name}_{version}_manifest.json");
        let manifest: Manifest = fetch.json(&place, None).await?;
        let told = &manifest.metadata.protocol_version;
        let api = Api::parse_numbers(told)
            .ok_or_else(|| Failure::other(format!("{place} tells no version of the interface: {told:?}")))?;
        Ok(vec![Archive { url: format!("{folder}/{zip}"), sum, api }])
    }
}
