//! `proxmox-type`: the builder that is called `proxmox-iso` today.
//!
//! Leaves names alone.

use serde_json::json;

use super::parts::{Parts, Problems};

/// Renames the type `proxmox` (FIX-40).
pub fn fix(parts: &mut Parts, _: &mut Problems) {
    for builder in parts.builders_of(|kind| kind == "proxmox") {
        builder.insert("type".into(), json!("proxmox-iso"));
    }
}
