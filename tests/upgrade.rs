//! Round trips: JSON templates that are upgraded, and both of them planned, and built where that needs no cloud.
//!
//! A template tells in comments of its own what it shows: `_spec`, the items that it touches; `_expect`, what is told
//! where both do not run the same (several texts, of which one is enough, with | between them); `_builds`, that it can
//! be built here; `_vars`, `_env` and `_flags`, what the commands are given.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::Value;

use crate::support::sandbox::{Ran, Sandbox};

/// A template with what it tells of itself.
struct Trip {
    name: String,
    text: String,
    root: Value,
}

impl Trip {
    fn words(&self, key: &str) -> impl Iterator<Item = &str> {
        self.root[key].as_str().unwrap_or_default().split_whitespace()
    }

    /// Runs the program with `words` in front of the values from outside, and those in front of `template`.
    fn run(&self, sandbox: &Sandbox, words: &[&str], template: &str) -> Ran {
        let values = self.words("_vars").flat_map(|value| ["-var", value]);
        let mut command = sandbox.packer(words.iter().copied().chain(values).chain([template]));
        command.envs(self.words("_env").filter_map(|pair| pair.split_once('=')));
        Ran(command.output().expect("the program starts"))
    }

    fn sandbox(&self) -> Sandbox {
        let sandbox = Sandbox::new().file("t.json", &self.text).file("s.sh", "echo $A $B > script.txt\n");
        let script = sandbox.work().join("s.sh");
        fs::set_permissions(&script, std::os::unix::fs::PermissionsExt::from_mode(0o755)).expect("may be changed");
        sandbox
    }

    /// Upgrades it to `new.pkr.hcl`, and compares the plans.
    fn upgrade(&self, sandbox: &Sandbox) -> Ran {
        let words = ["hcl2_upgrade", "-check", "-output-file=new.pkr.hcl"];
        let words: Vec<&str> = words.into_iter().chain(self.words("_flags")).collect();
        self.run(sandbox, &words, "t.json")
    }
}

fn trips() -> Vec<Trip> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/upgrade");
    let mut paths: Vec<PathBuf> =
        fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()).collect();
    paths.sort();
    let trip = |path: &PathBuf| {
        let text = fs::read_to_string(path).expect("readable");
        let root = serde_json::from_str(&text).expect("JSON");
        Trip { name: path.file_stem().expect("a name").to_string_lossy().into_owned(), text, root }
    };
    paths.iter().map(trip).collect()
}

/// Gives every template to `work` on two threads, and fails with all that it says.
fn each(work: impl Fn(&Trip) -> Result<(), String> + Sync) {
    let trips = trips();
    let (next, failed) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    let run = || {
        while let Some(trip) = trips.get(next.fetch_add(1, Ordering::Relaxed)) {
            if let Err(reason) = work(trip) {
                failed.lock().expect("nobody panics").push(format!("{}: {reason}", trip.name));
            }
        }
    };
    std::thread::scope(|scope| {
        scope.spawn(run);
        scope.spawn(run);
    });
    let failed = failed.into_inner().expect("all threads are done");
    assert!(failed.is_empty(), "\n{}", failed.join("\n\n"));
}

#[test]
fn upgraded_templates_run_what_the_json_templates_ran() {
    each(|trip| {
        let sandbox = trip.sandbox();
        let ran = trip.upgrade(&sandbox);
        let fits = match trip.root["_expect"].as_str() {
            None => ran.0.status.success() && ran.stdout().contains("runs the same"),
            Some(texts) => !ran.0.status.success() && texts.split('|').any(|text| ran.stdout().contains(text)),
        };
        let laid_out = sandbox.run(["fmt", "-check", "new.pkr.hcl"]);
        if fits && laid_out.0.status.success() { Ok(()) } else { Err(ran.stdout() + &laid_out.stdout()) }
    });
}

#[test]
fn both_templates_build_the_same() {
    each(|trip| {
        if trip.root["_builds"].is_null() {
            return Ok(());
        }
        let (old, new) = (trip.sandbox(), trip.sandbox());
        trip.upgrade(&new);
        let built = [
            trip.run(&old, &["build", "-color=false"], "t.json"),
            trip.run(&new, &["build", "-color=false"], "new.pkr.hcl"),
        ];
        fs::remove_file(new.work().join("new.pkr.hcl")).map_err(|error| error.to_string())?;
        let [code, new_code] = built.each_ref().map(|ran| ran.0.status.code());
        let [files, new_files] = [&old, &new].map(|sandbox| left(&sandbox.work()));
        if code == new_code && files == new_files {
            return Ok(());
        }
        let [old, new] = built.map(|ran| ran.stdout());
        Err(format!("{code:?} and {new_code:?}\n{files:#?}\n{new_files:#?}\n{old}\n{new}"))
    });
}

/// Returns the files in a folder with what is in them, but for what is another one each time.
fn left(folder: &Path) -> BTreeMap<String, String> {
    let entries = walkdir::WalkDir::new(folder).into_iter().map(|entry| entry.expect("an entry"));
    let files = entries.filter(|entry| entry.file_type().is_file());
    files
        .map(|entry| {
            let name = entry.path().strip_prefix(folder).expect("inside").display().to_string();
            let bytes = fs::read(entry.path()).expect("readable");
            let text = match serde_json::from_slice::<Value>(&bytes) {
                Ok(mut manifest) if manifest.get("last_run_uuid").is_some() => {
                    without(&mut manifest, &["last_run_uuid", "packer_run_uuid", "build_time", "size"]);
                    manifest.to_string()
                }
                // Archives hold the times of their files.
                _ if name.ends_with(".gz") || name.ends_with(".zip") => String::new(),
                _ => String::from_utf8_lossy(&bytes).into_owned(),
            };
            (name, text)
        })
        .collect()
}

fn without(value: &mut Value, names: &[&str]) {
    match value {
        Value::Object(members) => {
            members.retain(|name, _| !names.contains(&name.as_str()));
            members.values_mut().for_each(|member| without(member, names));
        }
        Value::Array(items) => items.iter_mut().for_each(|item| without(item, names)),
        _ => {}
    }
}

#[test]
fn the_templates_touch_every_item_and_every_root_key() {
    let trips = trips();
    assert!(trips.len() >= 60);
    let items: BTreeSet<&str> = trips.iter().flat_map(|trip| trip.words("_spec")).collect();
    let missing: Vec<String> =
        (1..=24).map(|item| format!("UPG-{item}")).filter(|item| !items.contains(item.as_str())).collect();
    assert!(missing.is_empty(), "{missing:?}");
    let keys: BTreeSet<&str> =
        trips.iter().filter_map(|trip| trip.root.as_object()).flatten().map(|(key, _)| key.as_str()).collect();
    for key in [
        "builders",
        "comments",
        "description",
        "error-cleanup-provisioner",
        "min_packer_version",
        "post-processors",
        "provisioners",
        "push",
        "sensitive-variables",
        "variables",
    ] {
        assert!(keys.contains(key), "{key}");
    }
}
