//! `amazon-temp-sec-cidrs`: from where the temporary security group lets anybody in.
//!
//! A list that is there already gives way.

use serde_json::{Value, json};

use super::parts::{Parts, Problems, is_amazon};

/// Makes a list of the one text (FIX-22).
pub fn fix(parts: &mut Parts, _: &mut Problems) {
    for builder in parts.builders_of(is_amazon) {
        if let Some(Value::String(cidr)) = builder.get("temporary_security_group_source_cidr") {
            let cidrs = json!([cidr]);
            builder.remove("temporary_security_group_source_cidr");
            builder.insert("temporary_security_group_source_cidrs".into(), cidrs);
        }
    }
}
