//! `qemu-host-port`: options of QEMU that are not about SSH alone.
//!
//! Options with the new names give way.

use super::parts::{Parts, Problems, Rename};

/// Renames the ports (FIX-38).
pub fn fix(parts: &mut Parts, _: &mut Problems) {
    for builder in parts.builders_of(|kind| kind == "qemu") {
        Rename { old: "ssh_host_port_min", new: "host_port_min" }.over(builder, |_| true);
        Rename { old: "ssh_host_port_max", new: "host_port_max" }.over(builder, |_| true);
    }
}
