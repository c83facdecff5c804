//! `scaleway-access-key`: how Scaleway calls an organization.
//!
//! Other builders have an `access_key` of their own.

use serde_json::Value;

use super::parts::{Parts, Problems, Rename};

/// Renames the text `access_key` (FIX-17).
pub fn fix(parts: &mut Parts, _: &mut Problems) {
    for builder in parts.builders_of(|kind| kind == "scaleway") {
        Rename { old: "access_key", new: "organization_id" }.if_free(builder, Value::is_string);
    }
}
