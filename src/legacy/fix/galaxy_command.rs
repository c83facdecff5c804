//! `galaxy-command`: the spelling of an option of `ansible-local`.
//!
//! An option with the new name stays.

use serde_json::Value;

use super::parts::{Parts, Problems, Rename};

/// Renames the text `galaxycommand` (FIX-33).
pub fn fix(parts: &mut Parts, _: &mut Problems) {
    for (_, provisioner) in parts.provisioners() {
        if provisioner.get("type").and_then(Value::as_str) == Some("ansible-local") {
            Rename { old: "galaxycommand", new: "galaxy_command" }.or_drop(provisioner, Value::is_string);
        }
    }
}
