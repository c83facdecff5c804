//! `hyperv-vmxc-typo`: a file that ends in `.vmcx`.
//!
//! An option with the new name gives way.

use super::parts::{Parts, Problems, Rename};

/// Renames `clone_from_vmxc_path` (FIX-28).
pub fn fix(parts: &mut Parts, _: &mut Problems) {
    for builder in parts.builders_of(|kind| kind == "hyperv-vmcx") {
        Rename { old: "clone_from_vmxc_path", new: "clone_from_vmcx_path" }.over(builder, |_| true);
    }
}
