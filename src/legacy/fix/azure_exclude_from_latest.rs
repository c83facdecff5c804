//! `azure-exclude_from_latest`: a misspelt option of a gallery.
//!
//! An option with the right name gives way.

use serde_json::Value;

use super::parts::{Parts, Problems, Rename};

/// Renames `exlude_from_latest` in `shared_image_destination` (FIX-39).
pub fn fix(parts: &mut Parts, _: &mut Problems) {
    for builder in parts.builders_of(|kind| kind.starts_with("azure-chroot")) {
        if let Some(Value::Object(gallery)) = builder.get_mut("shared_image_destination") {
            Rename { old: "exlude_from_latest", new: "exclude_from_latest" }.over(gallery, |_| true);
        }
    }
}
