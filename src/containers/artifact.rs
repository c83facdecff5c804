//! Images as artifacts: what the docker builder and the `docker-*` post-processors pass on.
//!
//! Knows no builder and no post-processor, only the ids by which they know each other's artifacts.

use std::path::PathBuf;
use std::sync::Arc;

use async_trait::async_trait;

use super::ContainerEngine;
use crate::component::{Artifact, BuildData, Plugin, Result};

/// The plugin that the builder, the communicator and the post-processors for containers stand for.
pub static PLUGIN: Plugin = Plugin { source: "github.com/hashicorp/docker", name: "docker", version: "1.1.5" };

/// Who makes files of containers: the builder, exporting or discarding.
pub const CONTAINER_FILE: &str = "packer.docker";

/// Who makes images: the builder, committing, and `docker-import`, whose id both use.
pub const IMPORTED: &str = "packer.post-processor.docker-import";

/// Who gives images more names.
pub const TAGGED: &str = "packer.post-processor.docker-tag";

/// Whether `builder_id` is that of an image in an engine.
pub fn is_image(builder_id: &str) -> bool {
    builder_id == IMPORTED || builder_id == TAGGED
}

/// An image in an engine (B-docker-50, PP-docker-2, PP-docker-5).
#[derive(Clone)]
pub struct ImageArtifact {
    /// Where it is.
    pub engine: Arc<dyn ContainerEngine>,
    /// [`IMPORTED`] or [`TAGGED`].
    pub builder_id: &'static str,
    /// Its id or its last name; empty for an import without a name.
    pub id: String,
    /// What is removed: as `id`, but never empty.
    pub image: String,
    /// The names it was given, in order.
    pub tags: Vec<String>,
    /// Tars that it was saved as.
    pub saved: Vec<PathBuf>,
    /// What the build knew.
    pub data: BuildData,
}

impl ImageArtifact {
    /// Makes the artifact of an image that nobody has named yet; `id` is `sha256:…`.
    pub fn imported(engine: Arc<dyn ContainerEngine>, id: String, data: BuildData) -> ImageArtifact {
        ImageArtifact { engine, builder_id: IMPORTED, image: id.clone(), id, tags: Vec::new(), saved: Vec::new(), data }
    }
}

#[async_trait]
impl Artifact for ImageArtifact {
    fn builder_id(&self) -> &str {
        self.builder_id
    }
    fn id(&self) -> String {
        self.id.clone()
    }
    fn describe(&self) -> String {
        let tags = if self.tags.is_empty() { String::new() } else { format!(" with tags {}", self.tags.join(" ")) };
        format!("Imported Docker image: {}{tags}", self.id)
    }
    fn saved_as(&self) -> Vec<PathBuf> {
        self.saved.clone()
    }
    fn data(&self) -> BuildData {
        self.data.clone()
    }
    fn tags(&self) -> Vec<String> {
        self.tags.clone()
    }
    async fn destroy(&self) -> Result<()> {
        let removed = self.engine.remove_image(&self.image).await;
        removed.map(drop).map_err(|trouble| trouble.told("Error deleting image"))
    }
}
