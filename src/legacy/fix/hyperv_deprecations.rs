//! `hyperv-deprecations`: an option that Hyper-V has no use for.
//!
//! Knows `hyperv-iso` alone: the other builder never had it.

use super::parts::{Parts, Problems};

/// Drops `vhd_temp_path` (FIX-27).
pub fn fix(parts: &mut Parts, _: &mut Problems) {
    for builder in parts.builders_of(|kind| kind == "hyperv-iso") {
        builder.remove("vhd_temp_path");
    }
}
