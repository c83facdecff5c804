//! `createtime`: the time of the build in names.
//!
//! Looks at the three options in which it was available, and at no others.

use regex::Regex;
use serde_json::Value;

use super::parts::{Parts, Problems};

const OPTIONS: [&str; 3] = ["ami_name", "bundle_prefix", "snapshot_name"];

/// Writes `{{timestamp}}` for `{{.CreateTime}}` (FIX-8).
pub fn fix(parts: &mut Parts, _: &mut Problems) {
    let action = Regex::new(r"\{\{\s*\.CreateTime\s*\}\}").expect("a good expression");
    for builder in parts.builders() {
        for option in OPTIONS {
            if let Some(Value::String(text)) = builder.get_mut(option) {
                *text = action.replace_all(text, "{{timestamp}}").into_owned();
            }
        }
    }
}
