//! What is wrong with a template, as programs read it: `validate -json` and `validate -sarif`.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::Value;

use crate::support::sandbox::Sandbox;

/// A template with an error that has a place, and a variable whose value must not be seen.
const WRONG: &str = r#"variable "s" {
  default   = "hide-me-well"
  sensitive = true
}
source "null" "a" {
  communicator = "none"
  "ä" = 1
}
"#;

/// Mistakes of a later stage, one of them with a secret in it.
const WRONG_TOO: &str = r#"variable "s" {
  default   = "hide-me-well"
  sensitive = true
}
variable "unset" {}
source "null" "a" {
  communicator = "none"
  ssh_hots     = "ünïcode 🎉 ${var.s}"
}
build {
  sources = ["null.a"]
  provisioner "shell-local" { inlin = ["x"] }
  provisioner "shell-local" {
    inline       = ["x"]
    pause_before = var.s
  }
}
"#;

const SOUND: &str = "source \"null\" \"a\" { communicator = \"none\" }\nbuild { sources = [\"null.a\"] }\n";

fn schema() -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/validate.schema.json");
    serde_json::from_slice(&std::fs::read(path).expect("the schema is there")).expect("JSON")
}

/// Runs `validate -json` with `words`; checks the document against the schema and that nothing secret is in it.
fn document(sandbox: &Sandbox, words: &str, code: i32) -> Value {
    let ran = sandbox.run(["validate", "-json"].into_iter().chain(words.split(' '))).exits(code);
    assert!(!ran.stdout().contains("hide-me-well"), "{}", ran.stdout());
    let document = serde_json::from_str(&ran.stdout()).expect("one JSON text");
    let validator = jsonschema::validator_for(&schema()).expect("a schema");
    let problems: Vec<String> = validator.iter_errors(&document).map(|error| error.to_string()).collect();
    assert!(problems.is_empty(), "{problems:?}");
    document
}

#[test]
fn the_published_schema_of_findings_is_the_one_the_program_has() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/validate.schema.json");
    crate::documents::same_or_write(&path, &packer::commands::validate_schema());
}

#[test]
fn a_valid_template_has_an_empty_document() {
    let sandbox = Sandbox::new().file("t.pkr.hcl", SOUND);
    for words in ["t.pkr.hcl", "-syntax-only t.pkr.hcl"] {
        let document = document(&sandbox, words, 0);
        assert_eq!((&document["valid"], &document["error_count"]), (&Value::Bool(true), &Value::from(0)));
        assert_eq!(document["diagnostics"], Value::Array(Vec::new()));
    }
}

#[test]
fn a_legacy_template_tells_what_has_to_be_fixed() {
    let json = "{\"builders\": [\n{\"type\": \"vmware\", \"iso_md5\": \"5d\"}]}";
    let sandbox = Sandbox::new().file("t.json", json);
    let document = document(&sandbox, "t.json", 1);
    let notes = document["notes"].as_array().expect("a list");
    let fixers: Vec<_> = notes.iter().filter_map(|note| note["source"].as_str()).collect();
    assert_eq!(fixers[..3], ["iso-md5", "iso-md5", "vmware-rename"]);
    assert_eq!(notes[2]["range"]["start"]["line"], 2);
    assert!(notes[2]["text"].as_str().is_some_and(|text| text.contains("/builders/0/type is changed")), "{notes:?}");
}

#[test]
fn a_legacy_template_of_a_pipe_is_read_once_and_tells_what_has_to_be_fixed() {
    let sandbox = Sandbox::new().file("t.json", "{\"builders\": [{\"type\": \"null\", \"ssh_wait_timeout\": \"1m\"}]}");
    let text = std::fs::File::open(sandbox.work().join("t.json")).expect("it is there");
    let ran = sandbox.packer(["validate", "-json", "-"]).stdin(text).output().expect("it starts");
    let document: Value = serde_json::from_slice(&ran.stdout).expect("one JSON text");
    assert_eq!(document["notes"][0]["source"], "ssh-wait-timeout");
    assert_eq!(document["notes"][0]["range"]["filename"], "<standard input>");
}

#[test]
fn a_missing_legacy_template_is_told_like_a_missing_one_in_hcl2() {
    for path in ["t.json", "t.pkr.hcl"] {
        // What is said to people goes to standard error meanwhile.
        let ran = Sandbox::new().run(["validate", "-json", path]);
        let document: Value = serde_json::from_str(&ran.stdout()).expect("one JSON text");
        assert_eq!(document["diagnostics"][0]["code"], "unreadable-file", "{path}");
    }
}

#[test]
fn each_finding_has_its_place_its_code_and_its_way_out() {
    let sandbox = Sandbox::new().file("t.pkr.hcl", WRONG_TOO);
    let document = document(&sandbox, "t.pkr.hcl", 1);
    let all = document["diagnostics"].as_array().expect("a list");
    assert_eq!(document["error_count"], all.len());
    let of = |code: &str| all.iter().find(|one| one["code"] == code).unwrap_or_else(|| panic!("{code}: {document:#}"));
    let unset = of("unset-variable");
    assert_eq!(unset["range"]["filename"], "t.pkr.hcl");
    assert_eq!(unset["range"]["start"], serde_json::json!({"line": 5, "column": 1, "byte": 65}));
    let hints: Vec<&str> = all.iter().filter_map(|one| one["hints"][0].as_str()).collect();
    assert!(hints.contains(&"Did you mean \"ssh_host\"?") && hints.contains(&"Did you mean \"inline\"?"), "{hints:?}");
}

#[test]
fn files_that_cannot_be_read_are_findings_too() {
    let sandbox = Sandbox::new().file("t.pkr.hcl", WRONG);
    let syntax = document(&sandbox, "t.pkr.hcl", 1);
    assert_eq!(syntax["diagnostics"][0]["range"]["start"]["line"], 7, "{syntax:#}");
    let nowhere = document(&sandbox, "nowhere.pkr.hcl", 1);
    assert_eq!((&nowhere["valid"], &nowhere["diagnostics"][0]["range"]), (&Value::Bool(false), &Value::Null));
    for told in [nowhere, document_beside(&sandbox, "nowhere.json")] {
        assert_eq!(told["diagnostics"][0]["code"], "unreadable-file", "{told:#}");
    }
}

#[test]
fn warnings_leave_a_template_valid() {
    // VAL-4, VAL-5
    let sandbox = Sandbox::new().file("t.pkr.hcl", SOUND).file("v.pkrvars.hcl", "nobody = 1\n");
    let told = document(&sandbox, "-var-file=v.pkrvars.hcl t.pkr.hcl", 0);
    assert_eq!((&told["valid"], &told["warning_count"]), (&Value::Bool(true), &Value::from(1)));
    assert_eq!(told["diagnostics"][0]["severity"], "warning");
}

/// Checks what the standard asks of a log, and services beyond it.
fn check_sarif(log: &Value) {
    assert_eq!(log["version"], "2.1.0");
    assert!(log["$schema"].as_str().is_some_and(|schema| schema.contains("sarif-2.1.0")));
    let run = &log["runs"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().expect("rules");
    assert!(run["tool"]["driver"]["name"].is_string());
    let ids: BTreeSet<&str> = rules.iter().map(|rule| rule["id"].as_str().expect("an id")).collect();
    assert_eq!(ids.len(), rules.len(), "each rule is there once");
    for rule in rules {
        for text in ["shortDescription", "fullDescription", "help"] {
            assert!(rule[text]["text"].as_str().is_some_and(|text| !text.is_empty()), "{rule:#}");
        }
    }
    for result in run["results"].as_array().expect("results") {
        let index = usize::try_from(result["ruleIndex"].as_u64().expect("an index")).expect("small");
        assert_eq!(rules[index]["id"], result["ruleId"]);
        assert!(["none", "note", "warning", "error"].contains(&result["level"].as_str().expect("a level")));
        assert!(result["message"]["text"].as_str().is_some_and(|text| !text.is_empty()));
        assert!(result["partialFingerprints"]["packerDiagnostic/v1"].is_string());
        let place = &result["locations"][0]["physicalLocation"];
        let uri = place["artifactLocation"]["uri"].as_str().expect("an address");
        let is_relative = place["artifactLocation"]["uriBaseId"] == "%SRCROOT%";
        assert!(uri.is_ascii() && !uri.contains(' ') && is_relative != uri.starts_with("file:///"), "{uri}");
        if let Some(region) = place.get("region") {
            let number = |name: &str| region[name].as_u64().unwrap_or_else(|| panic!("{name} in {region}"));
            assert!(number("startLine") >= 1 && number("startColumn") >= 1);
            let (start, end) = (["startLine", "startColumn"].map(number), ["endLine", "endColumn"].map(number));
            assert!(start <= end, "{region}");
        }
    }
    let base = run["originalUriBaseIds"]["%SRCROOT%"]["uri"].as_str().expect("a folder");
    assert!(base.starts_with("file:///") && base.ends_with('/'), "{base}");
}

fn sarif(sandbox: &Sandbox, template: &str, code: i32) -> Value {
    let ran = sandbox.run(["validate", "-sarif=out.sarif", template]).exits(code);
    let text = std::fs::read_to_string(sandbox.work().join("out.sarif")).expect("it was written");
    assert!(!text.contains("hide-me-well") && !ran.stdout().contains("hide-me-well"), "{text}");
    let log = serde_json::from_str(&text).expect("JSON");
    check_sarif(&log);
    log
}

#[test]
fn the_log_for_code_scanning_is_written_beside_the_usual_output() {
    let sandbox = Sandbox::new().file("a folder/t.pkr.hcl", WRONG_TOO);
    let log = sarif(&sandbox, "./a folder", 1);
    let run = &log["runs"][0];
    assert_eq!(run["invocations"][0]["exitCode"], 1);
    let results = run["results"].as_array().expect("results");
    let of = |rule: &str| results.iter().find(|one| one["ruleId"] == rule).expect("it is there");
    let place = &of("unset-variable")["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "a%20folder/t.pkr.hcl");
    assert_eq!((&place["region"]["startLine"], &place["region"]["byteOffset"]), (&Value::from(5), &Value::from(65)));
}

#[test]
fn what_has_no_place_is_told_of_the_template() {
    let log = sarif(&Sandbox::new(), "nowhere.pkr.hcl", 1);
    let place = &log["runs"][0]["results"][0]["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "nowhere.pkr.hcl");
}

#[test]
fn a_sound_template_has_a_log_without_results() {
    let sandbox = Sandbox::new().file("t.pkr.hcl", SOUND);
    let log = sarif(&sandbox, "t.pkr.hcl", 0);
    assert_eq!(log["runs"][0]["results"], Value::Array(Vec::new()));
}

#[test]
fn a_log_that_cannot_be_written_fails_the_command() {
    let sandbox = Sandbox::new().file("t.pkr.hcl", SOUND);
    let ran = sandbox.run(["validate", "-sarif=nowhere/out.sarif", "t.pkr.hcl"]);
    ran.exits(1).says("Cannot write the SARIF log: open nowhere/out.sarif: no such file or directory");
}

#[test]
fn a_finding_keeps_its_fingerprint_when_lines_are_added_above() {
    let first = sarif(&Sandbox::new().file("t.pkr.hcl", WRONG_TOO), "t.pkr.hcl", 1);
    let moved = sarif(&Sandbox::new().file("t.pkr.hcl", &format!("# more\n\n{WRONG_TOO}")), "t.pkr.hcl", 1);
    let prints = |log: &Value| {
        let results = log["runs"][0]["results"].as_array().expect("results").clone();
        results.iter().map(|one| one["partialFingerprints"].to_string()).collect::<BTreeSet<_>>()
    };
    assert_eq!(prints(&first), prints(&moved));
}

#[test]
fn legacy_templates_are_told_of_in_the_same_way() {
    let sandbox = Sandbox::new().file("t.json", "{\"builders\": [{\"type\": \"nul\"}]}");
    let wrong = document(&sandbox, "t.json", 1);
    assert_eq!((&wrong["valid"], &wrong["diagnostics"][0]["severity"]), (&Value::Bool(false), &Value::from("error")));
    assert_eq!(document_beside(&sandbox, "nowhere.json")["error_count"], 1);
}

/// As [`document`], where people are told something on standard error.
fn document_beside(sandbox: &Sandbox, template: &str) -> Value {
    let ran = sandbox.run(["validate", "-json", template]);
    serde_json::from_slice(&ran.0.stdout).expect("one JSON text")
}

#[cfg(unix)]
#[test]
fn a_log_that_is_written_again_keeps_who_may_read_it() {
    use std::os::unix::fs::{MetadataExt, PermissionsExt};
    let sandbox = Sandbox::new().file("t.pkr.hcl", SOUND).file("out.sarif", "old");
    let (place, other) = (sandbox.work().join("out.sarif"), sandbox.work().join("other.sarif"));
    std::fs::set_permissions(&place, PermissionsExt::from_mode(0o600)).expect("it is ours");
    sarif(&sandbox, "t.pkr.hcl", 0);
    assert_eq!(std::fs::metadata(&place).expect("it is there").mode() & 0o777, 0o600);
    std::fs::hard_link(&place, &other).expect("the same folder");
    sarif(&sandbox, "t.pkr.hcl", 0);
    assert_eq!(std::fs::metadata(&place).expect("it is there").nlink(), 2);
}
