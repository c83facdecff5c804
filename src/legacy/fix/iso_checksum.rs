//! `iso-checksum-type-and-url`: a checksum, its kind and the file it stands in, in one option.
//!
//! Any builder may have them. What is no text counts as not there.

use serde_json::Value;

use super::parts::{Object, Parts, Problems};

/// Joins them to `file:URL` or `KIND:SUM` (FIX-37).
pub fn fix(parts: &mut Parts, _: &mut Problems) {
    for builder in parts.builders() {
        let url = taken(builder, "iso_checksum_url");
        let kind = taken(builder, "iso_checksum_type");
        let sum = builder.get("iso_checksum").and_then(Value::as_str).filter(|sum| !sum.is_empty());
        let joined = match (url, kind, sum) {
            (Some(url), _, _) => format!("file:{url}"),
            (None, Some(kind), Some(sum)) => format!("{kind}:{sum}"),
            _ => continue,
        };
        builder.insert("iso_checksum".into(), Value::String(joined));
    }
}

fn taken(builder: &mut Object, option: &str) -> Option<String> {
    match builder.remove(option) {
        Some(Value::String(text)) if !text.is_empty() => Some(text),
        _ => None,
    }
}
