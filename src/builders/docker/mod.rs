//! `docker`: starts a container, has it provisioned, and makes an image or a tar of it.
//!
//! Knows no provisioner and no engine's protocol: settings in `config`, what is done in `steps`.

mod artifact;
mod config;
mod finish;
mod run_command;
mod source;
mod steps;

pub use artifact::{CONTAINER_BUILDER_ID, IMAGE_BUILDER_ID, ImageArtifact};
pub use steps::KIND;

use crate::component::Plugin;

/// The plugin that this builder and the `docker-*` post-processors stand for.
pub const PLUGIN: Plugin = Plugin { source: "github.com/hashicorp/docker", name: "docker", version: "1.1.5" };
