//! What a docker build gives when it makes no image: a tar on this machine, or nothing.
//!
//! Knows no post-processor; those tell images and tars apart by the builder's id.

use std::path::PathBuf;

use crate::component::{BuildData, FilesArtifact};
use crate::containers::CONTAINER_FILE;

/// Returns the artifact of an exported container, or with an empty path of a discarded one (B-docker-48, -49).
pub fn container(path: &str, data: BuildData) -> FilesArtifact {
    FilesArtifact {
        builder_id: CONTAINER_FILE,
        id: "Container".to_owned(),
        text: format!("Exported Docker file: {path}"),
        files: vec![PathBuf::from(path)],
        data,
    }
}
