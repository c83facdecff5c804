//! The build data that components see: what the builder told, completed with what it could have told.
//!
//! Asks nobody.

use crate::component::BuildData;
use crate::value::Value;

/// What every builder may tell (HCL-91, ENG-14).
const COMMON: [&str; 13] = [
    "ConnType",
    "Host",
    "ID",
    "PackerHTTPAddr",
    "PackerHTTPIP",
    "PackerHTTPPort",
    "PackerRunUUID",
    "Password",
    "Port",
    "SSHPrivateKey",
    "SSHPublicKey",
    "User",
    "WinRMPassword",
];

/// What stands for what was not told (HCL-94).
const UNTOLD: &str = "<unknown>";

/// Returns `data` with every common name and every name of `declared`, so that a template may mention them all.
pub fn completed(mut data: BuildData, declared: &[&'static str]) -> BuildData {
    for name in COMMON.iter().chain(declared) {
        if !data.contains_key(*name) {
            data.insert((*name).into(), Value::string(UNTOLD));
        }
    }
    data
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_builder_does_not_tell_stays_the_placeholder() {
        // HCL-94, case engine/build-variables-of-null
        let told = BuildData::from([("ID".into(), Value::string("Null"))]);
        let data = completed(told, &["ImageSha256"]);
        let text = |name: &str| data[name].as_str().unwrap();
        assert_eq!((text("ID"), text("Host"), text("ImageSha256")), ("Null", "<unknown>", "<unknown>"));
        assert_eq!(data.len(), 14);
    }
}
