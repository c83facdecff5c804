//! `spot-price-auto-product`: an option that Amazon has no use for.
//!
//! Knows the four builders that had it.

use super::parts::{Parts, Problems};

const KINDS: [&str; 4] = ["amazon-ebs", "amazon-ebssurrogate", "amazon-ebsvolume", "amazon-instance"];

/// Drops `spot_price_auto_product` (FIX-31).
pub fn fix(parts: &mut Parts, _: &mut Problems) {
    for builder in parts.builders_of(|kind| KINDS.contains(&kind)) {
        builder.remove("spot_price_auto_product");
    }
}
