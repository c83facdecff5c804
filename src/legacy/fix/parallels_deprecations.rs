//! `parallels-deprecations`: options of the Parallels builders that have gone or are called otherwise.
//!
//! An option with the new name gives way.

use super::parts::{Parts, Problems, Rename};

/// Drops `parallels_tools_host_path` and renames `guest_os_distribution` (FIX-14).
pub fn fix(parts: &mut Parts, _: &mut Problems) {
    for builder in parts.builders_of(|kind| ["parallels-iso", "parallels-pvm"].contains(&kind)) {
        builder.remove("parallels_tools_host_path");
        Rename { old: "guest_os_distribution", new: "guest_os_type" }.over(builder, |_| true);
    }
}
