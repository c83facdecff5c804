//! `amazon-private-ip`: over which address a machine is reached.
//!
//! Renders nothing: a text with `{{ }}` is no bool yet.

use serde_json::{Value, json};

use super::parts::{Parts, Problems, is_amazon};

/// Turns `ssh_private_ip` into `ssh_interface`, unless that is there (FIX-21).
pub fn fix(parts: &mut Parts, problems: &mut Problems) {
    for (index, builder) in parts.numbered_builders_of(is_amazon) {
        if builder.contains_key("ssh_interface") {
            continue;
        }
        let Some(value) = builder.get("ssh_private_ip") else { continue };
        match boolean(value) {
            Some(private) => {
                let interface = if private { "private_ip" } else { "public_ip" };
                builder.remove("ssh_private_ip");
                builder.insert("ssh_interface".into(), json!(interface));
            }
            None => problems.add(
                ["builders".into(), index.into(), "ssh_private_ip".into()],
                "\"ssh_private_ip\" is true or false, and this is neither. Write \"ssh_interface\": \"private_ip\" or \
                 \"public_ip\" in its place: that one may be a template.",
            ),
        }
    }
}

/// Reads a bool, or a text that is one in the words of `-flag=…`.
fn boolean(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(value) => Some(*value),
        Value::String(text) => match text.as_str() {
            "1" | "t" | "T" | "true" | "TRUE" | "True" => Some(true),
            "0" | "f" | "F" | "false" | "FALSE" | "False" => Some(false),
            _ => None,
        },
        _ => None,
    }
}
