//! `vmware-compaction`: disks on ESXi that cannot be compacted.
//!
//! Knows `vmware-iso` alone, which `vmware-rename` has made of `vmware` by now.

use serde_json::{Value, json};

use super::parts::{Parts, Problems};

/// Writes the kind of disk that was the default, and skips the compaction of all but thin ones (FIX-26).
pub fn fix(parts: &mut Parts, _: &mut Problems) {
    for builder in parts.builders_of(|kind| kind == "vmware-iso") {
        if builder.get("remote_type").and_then(Value::as_str) != Some("esx5") {
            continue;
        }
        let disk = builder.entry("disk_type_id").or_insert_with(|| json!("zeroedthick"));
        if disk.as_str().is_none_or(|disk| disk == "thin") {
            continue;
        }
        if builder.get("skip_compaction").is_none_or(Value::is_boolean) {
            builder.insert("skip_compaction".into(), json!(true));
        }
    }
}
