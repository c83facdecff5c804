//! `packer plugins`: lists, installs and removes plugins.
//!
//! Is not there yet.

use super::{Session, not_there_yet};

/// Runs the command; returns its exit code.
pub fn run(_args: &crate::cli::Plugins, session: &Session) -> u8 {
    not_there_yet("plugins", session)
}
