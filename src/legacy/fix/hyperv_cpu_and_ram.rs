//! `hyperv-cpu-and-ram`: the names that all builders have for processors and memory.
//!
//! Options with the new names give way.

use super::parts::{Parts, Problems, Rename};

/// Renames `cpu` and `ram_size` (FIX-29).
pub fn fix(parts: &mut Parts, _: &mut Problems) {
    for builder in parts.builders_of(|kind| ["hyperv-iso", "hyperv-vmcx"].contains(&kind)) {
        Rename { old: "cpu", new: "cpus" }.over(builder, |_| true);
        Rename { old: "ram_size", new: "memory" }.over(builder, |_| true);
    }
}
