//! `pp-vagrant-override`: options for one provider of a `vagrant` post-processor.
//!
//! Knows the providers of that time; those that came later were never written any other way.

use serde_json::{Map, Value};

use super::parts::{Parts, Problems};

const PROVIDERS: [&str; 4] = ["aws", "digitalocean", "virtualbox", "vmware"];

/// Moves them under `override`, in place of what stood there (FIX-10).
pub fn fix(parts: &mut Parts, _: &mut Problems) {
    for post_processor in parts.post_processors_of("vagrant") {
        let moved: Map<String, Value> =
            PROVIDERS.iter().filter_map(|name| post_processor.remove_entry(*name)).collect();
        if !moved.is_empty() {
            post_processor.insert("override".into(), Value::Object(moved));
        }
    }
}
