//! The configuration file: what it may say, and what is wrong with it.
//!
//! Nothing of it changes what this program does: it neither calls home nor runs components as programs of their own.

use std::fs::File;
use std::io::{self, Read};
use std::path::PathBuf;

use serde_json::Value;

use crate::host::{Host, explain};

/// How much of it is read; people have a few lines.
const LONGEST: u64 = 1024 * 1024;

/// Texts by name, or nothing at all, of what was a program of its own once.
const LISTS: [&str; 3] = ["builders", "provisioners", "post-processors"];

/// Checks the file that `PACKER_CONFIG` names, else the usual one; that there is none is fine.
///
/// # Errors
/// In sentences, all mistakes at once: it cannot be read, is no JSON, or asks for what is no longer there.
///
/// # Source
/// CLI-80, CLI-88; cases `cli/config-file-…`, `cli/default-config-file`.
pub fn check(host: &Host) -> Result<(), String> {
    let Some(path) = path(host) else { return Ok(()) };
    let shown = path.display();
    let text = match read(&host.absolute(&path)) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => {
            let reason = explain("open", &path, &error);
            return Err(failed(&format!("The configuration file cannot be read: {reason}")));
        }
    };
    // Bytes that are no UTF-8 were never a mistake within a text, and what follows the first value was never looked at.
    let text = String::from_utf8_lossy(&text);
    let value = match serde_json::Deserializer::from_str(&text).into_iter().next() {
        Some(Ok(value)) => value,
        Some(Err(error)) => {
            return Err(failed(&format!(
                "The configuration file {shown} is no JSON: {error}.\nMend it, or remove it: nothing in it is needed."
            )));
        }
        None => {
            return Err(failed(&format!("The configuration file {shown} is no JSON: EOF, there is nothing in it.")));
        }
    };
    let mistakes = mistakes(&value);
    if mistakes.is_empty() {
        return Ok(());
    }
    let each: String = mistakes.iter().map(|mistake| format!("\n* {mistake}")).collect();
    Err(failed(&format!("The configuration file {shown} cannot be used:{each}")))
}

fn failed(why: &str) -> String {
    format!("Error loading configuration:\n\n{why}")
}

fn path(host: &Host) -> Option<PathBuf> {
    let named = host.env_filled("PACKER_CONFIG").map(PathBuf::from);
    named.or_else(|| {
        let folder = host.env_filled("PACKER_CONFIG_DIR").map(PathBuf::from).or_else(|| host.home())?;
        Some(folder.join(".packerconfig"))
    })
}

fn read(path: &std::path::Path) -> io::Result<Vec<u8>> {
    let mut text = Vec::new();
    File::open(path)?.take(LONGEST).read_to_end(&mut text)?;
    Ok(text)
}

fn mistakes(value: &Value) -> Vec<String> {
    let members = match value {
        Value::Null => return Vec::new(),
        Value::Object(members) => members,
        _ => return vec!["It has to hold an object: {\"disable_checkpoint\": true}".to_owned()],
    };
    let mut mistakes = Vec::new();
    for (name, value) in members {
        // Names are compared as they always were: capitals do not count.
        let small = name.to_lowercase();
        if ["disable_checkpoint", "disable_checkpoint_signature"].contains(&&*small) {
            if !matches!(value, Value::Bool(_) | Value::Null) {
                mistakes.push(format!("{name} has to be true or false"));
            }
        } else if LISTS.contains(&&*small) {
            mistakes.extend(listed(name, value));
        }
    }
    mistakes
}

/// Returns what is wrong with a list of programs: that there is something in it.
fn listed(name: &str, value: &Value) -> Option<String> {
    let programs = match value {
        Value::Null => return None,
        Value::Object(programs) => programs,
        _ => return Some(format!("{name} has to be an object")),
    };
    if programs.is_empty() {
        return None;
    }
    let each: Vec<String> = programs
        .iter()
        .map(|(kind, path)| format!("{kind} = {}", path.as_str().map_or_else(|| path.to_string(), str::to_owned)))
        .collect();
    Some(format!(
        "{name} names plugins of a single component ({}), which are not supported any more. Leave it out, install the \
         plugin that has the component with \"packer plugins install\", and require it in the template.",
        each.join(", ")
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checked(text: &str) -> Result<(), String> {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("c.json"), text).unwrap();
        check(&Host::fixed(folder.path(), &[("PACKER_CONFIG", "c.json")]))
    }

    #[test]
    fn what_is_unknown_or_empty_is_fine() {
        // CLI-88
        for text in ["{}", "null", r#"{"x": [1]} trailing"#, r#"{"Disable_Checkpoint": true, "builders": {}}"#] {
            assert_eq!(checked(text), Ok(()), "{text}");
        }
    }

    #[test]
    fn all_mistakes_are_told_at_once() {
        // CLI-88
        let text = r#"{"disable_checkpoint": "yes", "builders": {"a": "b"}, "provisioners": []}"#;
        let told = checked(text).unwrap_err();
        assert_eq!(told.matches("\n* ").count(), 3, "{told}");
        assert!(checked("").unwrap_err().contains("EOF"));
        assert!(checked("{\"a\":\n}").unwrap_err().contains("line 2"));
        assert!(checked("\u{fffd}").unwrap_err().starts_with("Error loading configuration:"));
    }

    #[test]
    fn a_folder_in_its_place_is_told_and_a_missing_file_is_not() {
        // CLI-80
        let folder = tempfile::tempdir().unwrap();
        let check = |variable| check(&Host::fixed(folder.path(), &[variable]));
        assert!(check(("PACKER_CONFIG", ".")).unwrap_err().contains("is a directory"));
        assert_eq!(check(("PACKER_CONFIG", "gone.json")), Ok(()));
        assert_eq!(check(("HOME", "")), Ok(()));
    }
}
