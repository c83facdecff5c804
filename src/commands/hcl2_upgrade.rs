//! `packer hcl2_upgrade`: makes HCL templates of JSON templates.
//!
//! Is not there yet.

use super::{Session, not_there_yet};

/// Runs the command; returns its exit code.
pub fn run(_args: &crate::cli::Hcl2Upgrade, session: &Session) -> u8 {
    not_there_yet("hcl2_upgrade", session)
}
