//! `amazon-shutdown_behavior`: Amazon's spelling of a word.
//!
//! An option with the new name gives way.

use super::parts::{Parts, Problems, Rename, is_amazon};

/// Renames `shutdown_behaviour` (FIX-19).
pub fn fix(parts: &mut Parts, _: &mut Problems) {
    for builder in parts.builders_of(is_amazon) {
        Rename { old: "shutdown_behaviour", new: "shutdown_behavior" }.over(builder, |_| true);
    }
}
