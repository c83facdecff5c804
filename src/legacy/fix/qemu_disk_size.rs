//! `qemu-disk-size`: a size without its unit gets one.
//!
//! A text has a unit, or is a template.

use serde_json::{Value, json};

use super::parts::{Parts, Problems};

/// Makes a text of a number of megabytes; its fraction goes (FIX-32).
pub fn fix(parts: &mut Parts, _: &mut Problems) {
    for builder in parts.builders_of(|kind| kind == "qemu") {
        if let Some(Value::Number(size)) = builder.get("disk_size") {
            let whole = size.as_f64().unwrap_or_default().trunc() as i64;
            builder.insert("disk_size".into(), json!(format!("{whole}M")));
        }
    }
}
