//! `parallels-headless`: an option that Parallels has no use for.
//!
//! Other builders have one of the same name, which stays.

use super::parts::{Parts, Problems};

/// Drops `headless` (FIX-13).
pub fn fix(parts: &mut Parts, _: &mut Problems) {
    for builder in parts.builders_of(|kind| ["parallels-iso", "parallels-pvm"].contains(&kind)) {
        builder.remove("headless");
    }
}
