//! The post-processors inside this program.
//!
//! Declares and lists them; each knows itself alone.

pub mod shell_local;

use crate::component::{Builtin, PostProcessor};

/// A post-processor inside this program.
pub type Kind = Builtin<dyn PostProcessor>;

/// Every post-processor of this program.
pub const ALL: &[&Kind] = &[&shell_local::KIND];
