//! `amazon-enhanced-networking`: what Amazon calls ENA today.
//!
//! An option with the new name gives way.

use serde_json::Value;

use super::parts::{Parts, Problems, Rename, is_amazon};

/// Renames the bool `enhanced_networking` (FIX-20).
pub fn fix(parts: &mut Parts, _: &mut Problems) {
    for builder in parts.builders_of(is_amazon) {
        Rename { old: "enhanced_networking", new: "ena_support" }.over(builder, Value::is_boolean);
    }
}
