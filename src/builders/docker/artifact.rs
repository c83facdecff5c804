//! What a docker build gives: an image in the engine, or a tar on this machine.
//!
//! Knows no post-processor; those tell images and tars apart by the builder's id.

use std::path::PathBuf;
use std::sync::Arc;

use async_trait::async_trait;

use crate::component::{Artifact, BuildData, FilesArtifact, Result};
use crate::containers::ContainerEngine;

/// The id of exported and discarded containers.
pub const CONTAINER_BUILDER_ID: &str = "packer.docker";
/// The id of images, committed or imported.
pub const IMAGE_BUILDER_ID: &str = "packer.post-processor.docker-import";

/// An image (B-docker-50).
pub struct ImageArtifact {
    /// Where it is.
    pub engine: Arc<dyn ContainerEngine>,
    /// `sha256:…`, or a name.
    pub id: String,
    /// What the build knew.
    pub data: BuildData,
}

#[async_trait]
impl Artifact for ImageArtifact {
    fn builder_id(&self) -> &str {
        IMAGE_BUILDER_ID
    }
    fn id(&self) -> String {
        self.id.clone()
    }
    fn describe(&self) -> String {
        format!("Imported Docker image: {}", self.id)
    }
    fn data(&self) -> BuildData {
        self.data.clone()
    }
    async fn destroy(&self) -> Result<()> {
        let removed = self.engine.remove_image(&self.id).await;
        removed.map(|_| ()).map_err(|trouble| trouble.told("Error deleting image"))
    }
}

/// Returns the artifact of an exported container, or with an empty path of a discarded one (B-docker-48, -49).
pub fn container(path: &str, data: BuildData) -> FilesArtifact {
    FilesArtifact {
        builder_id: CONTAINER_BUILDER_ID,
        id: "Container".to_owned(),
        text: format!("Exported Docker file: {path}"),
        files: vec![PathBuf::from(path)],
        data,
    }
}
