//! `sshdisableagent`: whether the agent is passed on.
//!
//! Any builder may have it.

use serde_json::Value;

use super::parts::{Parts, Problems, Rename};

/// Renames the bool `ssh_disable_agent` (FIX-16).
pub fn fix(parts: &mut Parts, _: &mut Problems) {
    for builder in parts.builders() {
        Rename { old: "ssh_disable_agent", new: "ssh_disable_agent_forwarding" }.if_free(builder, Value::is_boolean);
    }
}
