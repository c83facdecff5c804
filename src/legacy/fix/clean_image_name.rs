//! `clean-image-name`: one name for the function that makes a good name.
//!
//! Does not parse `{{ }}`: the old names mean nothing else.

use regex::Regex;
use serde_json::Value;

use super::parts::{Parts, Problems};

/// Writes `clean_resource_name` in the texts of builders, and of objects in them (FIX-30).
pub fn fix(parts: &mut Parts, _: &mut Problems) {
    let old = Regex::new("clean_(image|ami)_name").expect("a good expression");
    let renamed = |value: &mut Value| {
        if let Value::String(text) = value {
            *text = old.replace_all(text, "clean_resource_name").into_owned();
        }
    };
    for builder in parts.builders() {
        for (_, value) in builder.iter_mut() {
            match value {
                Value::Object(inner) => inner.iter_mut().for_each(|(_, value)| renamed(value)),
                value => renamed(value),
            }
        }
    }
}
