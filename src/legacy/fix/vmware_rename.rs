//! `vmware-rename`: the builder that is called `vmware-iso` today.
//!
//! Leaves names alone.

use serde_json::json;

use super::parts::{Parts, Problems};

/// Renames the type `vmware` (FIX-12).
pub fn fix(parts: &mut Parts, _: &mut Problems) {
    for builder in parts.builders_of(|kind| kind == "vmware") {
        builder.insert("type".into(), json!("vmware-iso"));
    }
}
