//! `manifest-filename`: the file that a `manifest` post-processor writes.
//!
//! An option with the new name gives way.

use serde_json::Value;

use super::parts::{Parts, Problems, Rename};

/// Renames the text `filename` (FIX-18).
pub fn fix(parts: &mut Parts, _: &mut Problems) {
    for post_processor in parts.post_processors_of("manifest") {
        Rename { old: "filename", new: "output" }.over(post_processor, Value::is_string);
    }
}
