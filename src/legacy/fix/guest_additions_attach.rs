//! `virtualbox-gaattach`: how guest additions come into the machine.
//!
//! Knows the type `virtualbox` alone: `virtualbox-rename` runs later.

use serde_json::{Value, json};

use super::parts::{Parts, Problems};

/// Turns the bool `guest_additions_attach` into `guest_additions_mode` (FIX-9).
pub fn fix(parts: &mut Parts, _: &mut Problems) {
    for builder in parts.builders_of(|kind| kind == "virtualbox") {
        if let Some(Value::Bool(attach)) = builder.get("guest_additions_attach") {
            let mode = if *attach { "attach" } else { "upload" };
            builder.remove("guest_additions_attach");
            builder.insert("guest_additions_mode".into(), json!(mode));
        }
    }
}
