//! `ssh-wait-timeout`: how long a machine may take to answer.
//!
//! Any builder may have it.

use serde_json::Value;

use super::parts::{Parts, Problems, Rename};

/// Renames the text `ssh_wait_timeout` (FIX-35).
pub fn fix(parts: &mut Parts, _: &mut Problems) {
    for builder in parts.builders() {
        Rename { old: "ssh_wait_timeout", new: "ssh_timeout" }.or_drop(builder, Value::is_string);
    }
}
