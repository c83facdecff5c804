//! `packer init`: installs the plugins that a template requires.
//!
//! Is not there yet.

use super::{Session, not_there_yet};

/// Runs the command; returns its exit code.
pub fn run(_args: &crate::cli::Init, session: &Session) -> u8 {
    not_there_yet("init", session)
}
