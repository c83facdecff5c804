//! `comm-config`: options of VirtualBox that are not about SSH alone.
//!
//! Options with the new names stay.

use serde_json::Value;

use super::parts::{Parts, Problems, Rename};

/// Renames the ports and the bool that tells whether they are mapped (FIX-34).
pub fn fix(parts: &mut Parts, _: &mut Problems) {
    for builder in parts.builders_of(|kind| kind.starts_with("virtualbox")) {
        Rename { old: "ssh_host_port_min", new: "host_port_min" }.or_drop(builder, |_| true);
        Rename { old: "ssh_host_port_max", new: "host_port_max" }.or_drop(builder, |_| true);
        Rename { old: "ssh_skip_nat_mapping", new: "skip_nat_mapping" }.or_drop(builder, Value::is_boolean);
    }
}
