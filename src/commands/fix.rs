//! `packer fix`: repairs JSON templates written for older versions.
//!
//! Is not there yet.

use super::{Session, not_there_yet};

/// Runs the command; returns its exit code.
pub fn run(_args: &crate::cli::Fix, session: &Session) -> u8 {
    not_there_yet("fix", session)
}
