//! `vsphere-iso-net-disk`: adapters and disks of `vsphere-iso`, in lists.
//!
//! Looks into no list that is there: what it adds comes first.

use serde_json::{Map, Value};

use super::parts::{Parts, Problems};

/// The list, and which options move into its first entry under which name; the last one that is there counts.
const MOVES: [(&str, &[(&str, &str)]); 2] = [
    ("network_adapters", &[("network", "network"), ("networkCard", "network_card"), ("network_card", "network_card")]),
    (
        "storage",
        &[
            ("disk_size", "disk_size"),
            ("disk_thin_provisioned", "disk_thin_provisioned"),
            ("disk_eagerly_scrub", "disk_eagerly_scrub"),
        ],
    ),
];

/// Moves the options of the one adapter and the one disk there was (FIX-36).
pub fn fix(parts: &mut Parts, problems: &mut Problems) {
    for (index, builder) in parts.numbered_builders_of(|kind| kind == "vsphere-iso") {
        for (list, options) in MOVES {
            let moved = options.iter().filter_map(|(old, new)| Some(((*new).to_owned(), builder.remove(*old)?)));
            let first: Map<String, Value> = moved.collect();
            if first.is_empty() {
                continue;
            }
            match builder.entry(list).or_insert_with(|| Value::Array(Vec::new())) {
                Value::Array(entries) => entries.insert(0, Value::Object(first)),
                _ => problems.add(
                    ["builders".into(), index.into(), list.into()],
                    format!("{list:?} is a list of objects; options of this builder belong into its first entry."),
                ),
            }
        }
    }
}
