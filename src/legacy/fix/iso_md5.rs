//! `iso-md5`: a checksum without its kind gets one.
//!
//! Leaves the joining of both to `iso-checksum-type-and-url`, which runs later.

use serde_json::{Value, json};

use super::parts::{Parts, Problems};

/// Turns the text `iso_md5` of any builder into `iso_checksum` and `iso_checksum_type` (FIX-7).
pub fn fix(parts: &mut Parts, _: &mut Problems) {
    for builder in parts.builders() {
        if builder.get("iso_md5").is_some_and(Value::is_string)
            && let Some(sum) = builder.remove("iso_md5")
        {
            builder.insert("iso_checksum".into(), sum);
            builder.insert("iso_checksum_type".into(), json!("md5"));
        }
    }
}
