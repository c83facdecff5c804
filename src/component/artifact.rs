//! What a build gives: the contract, and the common case of a list of files.

use std::path::PathBuf;

use async_trait::async_trait;

use super::{BuildData, Result};
use crate::host::explain;

/// What a builder or post-processor made.
#[async_trait]
pub trait Artifact: Send + Sync {
    /// Returns which component made it: `packer.file`.
    fn builder_id(&self) -> &str;
    /// Returns its id.
    fn id(&self) -> String;
    /// Returns one sentence about it.
    fn describe(&self) -> String;
    /// Returns its files as the user knows them.
    fn files(&self) -> Vec<PathBuf> {
        Vec::new()
    }
    /// Returns files that it was written to as well, for those who need files and find none: what `docker-save` made of
    /// an image.
    fn saved_as(&self) -> Vec<PathBuf> {
        Vec::new()
    }
    /// Returns the build data it carries for post-processors (`generated_data`).
    fn data(&self) -> BuildData {
        BuildData::default()
    }
    /// Returns the names an image goes by (`docker_tags`).
    fn tags(&self) -> Vec<String> {
        Vec::new()
    }
    /// Removes it for good.
    async fn destroy(&self) -> Result<()>;
}

/// Files on this machine.
pub struct FilesArtifact {
    /// Which component made it.
    pub builder_id: &'static str,
    /// Its id.
    pub id: String,
    /// One sentence.
    pub text: String,
    /// The files.
    pub files: Vec<PathBuf>,
    /// What the build knew.
    pub data: BuildData,
}

#[async_trait]
impl Artifact for FilesArtifact {
    fn builder_id(&self) -> &str {
        self.builder_id
    }
    fn id(&self) -> String {
        self.id.clone()
    }
    fn describe(&self) -> String {
        self.text.clone()
    }
    fn files(&self) -> Vec<PathBuf> {
        self.files.clone()
    }
    fn data(&self) -> BuildData {
        self.data.clone()
    }
    async fn destroy(&self) -> Result<()> {
        for file in &self.files {
            let is_device = std::fs::metadata(file).is_ok_and(|facts| !facts.is_file() && !facts.is_dir());
            if is_device || super::is_stream(file) {
                // Written to, but not made by us: a device, a pipe.
                continue;
            }
            // A folder that `artifice` was given goes with all that it holds.
            let is_folder = std::fs::symlink_metadata(file).is_ok_and(|facts| facts.is_dir());
            let removed = match is_folder {
                true => tokio::fs::remove_dir_all(file).await,
                false => tokio::fs::remove_file(file).await,
            };
            match removed {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                    anyhow::bail!(explain("remove", file, &error))
                }
                _ => {}
            }
        }
        Ok(())
    }
}
