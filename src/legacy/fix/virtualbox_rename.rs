//! `virtualbox-rename`: the builder that is called `virtualbox-iso` today.
//!
//! Leaves `only` and `except` alone: they hold names, which only by default are types.

use serde_json::{Value, json};

use super::parts::{Parts, Problems, Rename};

/// Renames the type `virtualbox`, and the key of provisioners' overrides with it (FIX-11).
pub fn fix(parts: &mut Parts, problems: &mut Problems) {
    for builder in parts.builders_of(|kind| kind == "virtualbox") {
        builder.insert("type".into(), json!("virtualbox-iso"));
    }
    for (index, provisioner) in parts.provisioners() {
        match provisioner.get_mut("override") {
            Some(Value::Object(overrides)) => {
                Rename { old: "virtualbox", new: "virtualbox-iso" }.over(overrides, |_| true);
            }
            Some(Value::Null) | None => {}
            Some(_) => problems.add(
                ["provisioners".into(), index.into(), "override".into()],
                "An override is an object: { \"NAME OF A BUILDER\": { OPTIONS } }.",
            ),
        }
    }
}
