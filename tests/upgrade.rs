//! Round trips: JSON templates that are upgraded, and both of them planned, and built where that needs no cloud.
//!
//! A template tells in comments of its own what it shows: `_spec`, the items that it touches; `_expect`, what is told
//! where both do not run the same (several texts, of which one is enough, with | between them); `_builds`, that it can
//! be built here; `_vars`, `_env` and `_flags`, what the commands are given.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use packer::diagnostics::SourceMap;
use packer::legacy::upgrade::Annotations;
use packer::legacy::{self, fix, upgrade};
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
        fs::set_permissions(&script, fs::Permissions::from_mode(0o755)).expect("may be changed");
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
        let is_valid =
            trip.root["_expect"].is_string() || trip.run(&sandbox, &["validate"], "new.pkr.hcl").0.status.success();
        let fits = fits && is_valid;
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

#[test]
fn values_of_any_type_in_any_place_are_told_or_taken() {
    let others = ["null", "true", "1e2", "\"{{x\"", "[]", "[[{}]]", "{}", "{\"type\": 5}"];
    let others: Vec<Value> = others.iter().map(|text| serde_json::from_str(text).expect("JSON")).collect();
    let mut mutations = 0;
    for trip in trips() {
        let mut pointers = Vec::new();
        collect(&trip.root, String::new(), &mut pointers);
        // A slow build tries two types at each place, another pair at the next.
        let tried = if cfg!(debug_assertions) { 2 } else { others.len() };
        for (index, pointer) in pointers.iter().enumerate() {
            for other in others.iter().cycle().skip(index * tried).take(tried) {
                let mut root = trip.root.clone();
                *root.pointer_mut(pointer).expect("there") = other.clone();
                survives(&root.to_string());
                mutations += 1;
            }
        }
    }
    assert!(mutations > 1_500, "{mutations}");
}

/// Gives `text` to everything that reads JSON templates here; whoever refuses it says why.
fn survives(text: &str) {
    let sources = SourceMap::default();
    let id = sources.add("t.json", text);
    let [fixed, needed] = [fix::fixed(id, &sources).err(), fix::needed(id, &sources).err()];
    assert_eq!(fixed.is_some(), needed.is_some(), "{text}");
    assert!(fixed.is_none_or(|problems| problems.iter().all(|problem| problem.span.is_some())), "{text}");
    if let (Some(template), _) = legacy::parse(id, &sources) {
        let new = upgrade::upgrade(&template, text, Annotations::None, &|_| false).text;
        assert_eq!(packer::syntax::format(&new), new);
    }
}

fn collect(value: &Value, pointer: String, pointers: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            members.iter().for_each(|(name, member)| {
                let name = name.replace('~', "~0").replace('/', "~1");
                collect(member, format!("{pointer}/{name}"), pointers);
            });
        }
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(index, item)| collect(item, format!("{pointer}/{index}"), pointers));
        }
        _ => {}
    }
    pointers.push(pointer);
}

#[test]
fn a_target_that_cannot_be_written_stays_as_it_was() {
    let json = "{\"builders\": [{\"type\": \"null\", \"communicator\": \"none\"}]}";
    let sandbox = Sandbox::new().file("t.json", json).file("folder/x", "").file("old.pkr.hcl", "old\n");
    let to = |output: &str, template: &str| {
        let output = format!("-output-file={output}");
        sandbox.run(["hcl2_upgrade", &output, template])
    };
    to("folder", "t.json").exits(1).says("open folder: is a directory");
    to("./t.json", "t.json").exits(1).says("is the JSON template itself");
    to("t.json/new", "t.json").exits(1).says("mkdir t.json: not a directory");
    to("/dev/full", "t.json").exits(1).says("no space left on device");
    let sandbox = &sandbox;
    std::fs::write(sandbox.work().join("broken.json"), "{\"builders\": [}").expect("writable");
    to("old.pkr.hcl", "broken.json").exits(1).says("Failed to get config from JSON");
    to("old.pkr.hcl", "absent.json").exits(1).says("absent.json");
    assert_eq!(std::fs::read_to_string(sandbox.work().join("old.pkr.hcl")).expect("readable"), "old\n");
    let names: Vec<_> = std::fs::read_dir(sandbox.work()).expect("readable").collect();
    assert_eq!(names.len(), 4, "nothing half-written stays: {names:?}");
}

#[test]
fn the_new_template_takes_the_place_of_what_a_link_leads_to() {
    let json = "{\"builders\": [{\"type\": \"null\", \"communicator\": \"none\"}]}";
    let sandbox = Sandbox::new().file("t.json", json).file("real.pkr.hcl", "old\n");
    std::os::unix::fs::symlink("real.pkr.hcl", sandbox.work().join("link.pkr.hcl")).expect("a link");
    sandbox.run(["hcl2_upgrade", "-output-file=link.pkr.hcl", "t.json"]).exits(0);
    assert!(std::fs::read_to_string(sandbox.work().join("real.pkr.hcl")).expect("readable").contains("source"));
    assert!(sandbox.work().join("link.pkr.hcl").is_symlink());
    sandbox.run(["hcl2_upgrade", "-output-file=/dev/stdout", "t.json"]).exits(0).says("source \"null\"");
}

#[test]
fn differences_are_told_one_by_one() {
    let json = "{\"variables\": {\"l\": \"{{isotime}}\"}, \"builders\": [{\"type\": \"null\", \"communicator\": \"none\"}], \
                \"provisioners\": [{\"type\": \"shell-local\", \"inline\": [\"true\"], \"pause_before\": \"1s\", \"timeout\": \"1m\"}]}";
    let sandbox = Sandbox::new().file("t.json", json);
    let ran = sandbox.run(["hcl2_upgrade", "-check", "-var", "l=x", "t.json"]);
    assert!(
        ran.stdout().contains("variable \"l\": can be set from outside in JSON, and is a local in HCL2"),
        "{}",
        ran.stdout()
    );
}

#[test]
fn builders_of_installed_plugins_are_known() {
    // UPG-3
    let json = "{\"builders\": [{\"type\": \"mars-thing\"}, {\"type\": \"mars\"}, {\"type\": \"venus\"}]}";
    let sandbox = Sandbox::new().file("t.json", json);
    let describe = r#"{"version":"1.0.0","api_version":"x5.0","builders":["thing","-packer-default-plugin-name-"]}"#;
    let sandbox = sandbox.file("mars", &format!("#!/bin/sh\necho '{describe}'\n"));
    fs::set_permissions(sandbox.work().join("mars"), fs::Permissions::from_mode(0o755)).expect("may be changed");
    let packer = |words: &[&str]| {
        let mut command = sandbox.packer(words.iter().copied());
        Ran(command.env("PACKER_PLUGIN_PATH", "plugins").output().expect("the program starts"))
    };
    packer(&["plugins", "install", "-path=mars", "github.com/me/mars"]).exits(0);
    packer(&["hcl2_upgrade", "t.json"]).exits(1).says("unknown builder type(s): [venus]");
}

#[test]
fn what_keeps_variables_from_their_values_is_told_and_passed_over() {
    // UPG-2
    let json = "{\"variables\": {\"a\": \"{{user `nowhere`}}\"}, \"builders\": [{\"type\": \"null\"}]}";
    let sandbox = Sandbox::new().file("t.json", json);
    let ran = sandbox.run(["hcl2_upgrade", "t.json"]).exits(0);
    ran.says("Ignoring following initialization error: <nil>: ; ").says("nowhere").says("Exit 0");
}
