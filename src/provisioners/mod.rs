//! The provisioners inside this program.
//!
//! Declares and lists them; each knows itself alone, and what they share is in `component`.

pub mod file;
pub mod shell;
pub mod shell_local;

use crate::component::{Builtin, Provisioner};

/// A provisioner inside this program.
pub type Kind = Builtin<dyn Provisioner>;

/// Every provisioner of this program.
pub const ALL: &[&Kind] = &[&file::KIND, &shell::KIND, &shell_local::KIND];
