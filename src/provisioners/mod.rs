//! The provisioners inside this program.
//!
//! Declares and lists them; each knows itself alone, and what they share is in `component`.

pub mod breakpoint;
pub mod file;
pub mod shell;
pub mod shell_local;
pub mod sleep;

use crate::component::{Builtin, Provisioner};

/// A provisioner inside this program.
pub type Kind = Builtin<dyn Provisioner>;

/// Every provisioner of this program.
pub const ALL: &[&Kind] = &[&breakpoint::KIND, &file::KIND, &shell::KIND, &shell_local::KIND, &sleep::KIND];
