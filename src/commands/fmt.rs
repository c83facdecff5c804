//! `packer fmt`: formats templates and variable files.
//!
//! Is not there yet.

use super::{Session, not_there_yet};

/// Runs the command; returns its exit code.
pub fn run(_args: &crate::cli::Fmt, session: &Session) -> u8 {
    not_there_yet("fmt", session)
}
