//! `sshkeypath`: the file with the private key.
//!
//! Any builder may have it.

use serde_json::Value;

use super::parts::{Parts, Problems, Rename};

/// Renames the text `ssh_key_path` (FIX-15).
pub fn fix(parts: &mut Parts, _: &mut Problems) {
    for builder in parts.builders() {
        Rename { old: "ssh_key_path", new: "ssh_private_key_file" }.if_free(builder, Value::is_string);
    }
}
