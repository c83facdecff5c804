//! The event stream: every line of a real run fits the published schema, and any cut of it leaves whole lines.

use std::path::Path;

use serde_json::Value;

use crate::support::sandbox::Sandbox;

const TEMPLATE: &str = r#"
source "file" "f" {
  content = "x"
  target  = "f.txt"
}
source "null" "bad" { communicator = "none" }
build {
  sources = ["file.f", "null.bad"]
  provisioner "shell-local" { inline = ["echo one", "echo two >&2"] }
  provisioner "shell-local" {
    only   = ["null.bad"]
    inline = ["exit 3"]
  }
  error-cleanup-provisioner "shell-local" { inline = ["true"] }
  post-processor "manifest" {}
}
"#;

fn stream() -> (Sandbox, Vec<Value>) {
    let sandbox = Sandbox::new().file("t.pkr.hcl", TEMPLATE);
    sandbox.run(["build", "-color=false", "-events=e.ndjson", "t.pkr.hcl"]).exits(1);
    let text = std::fs::read_to_string(sandbox.work().join("e.ndjson")).expect("a stream");
    assert!(text.ends_with('\n'));
    let events = text.lines().map(|line| serde_json::from_str(line).expect("one object a line")).collect();
    (sandbox, events)
}

#[test]
fn every_event_of_a_real_run_fits_the_schema() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/events.schema.json");
    let schema: Value = serde_json::from_slice(&std::fs::read(path).expect("the schema is there")).expect("JSON");
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    let (_sandbox, events) = stream();
    for event in &events {
        let problems: Vec<String> = validator.iter_errors(event).map(|error| error.to_string()).collect();
        assert!(problems.is_empty(), "{event}\n{problems:?}");
    }
    let names: std::collections::BTreeSet<&str> = events.iter().filter_map(|event| event["event"].as_str()).collect();
    for wanted in ["run-started", "build-started", "step-started", "line", "step-ended", "build-ended", "run-ended"] {
        assert!(names.contains(wanted), "{wanted} is not in {names:?}");
    }
    assert!(!validator.is_valid(&serde_json::json!({"schema": 1, "run": "x", "at_ms": 1, "event": "no-such-event"})));
}

#[test]
fn the_published_schema_is_the_one_the_program_has() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/events.schema.json");
    crate::documents::same_or_write(&path, &packer::ui::schema());
}

#[test]
fn builds_and_steps_begin_and_end_with_outcome_and_time() {
    let (_sandbox, events) = stream();
    let of = |name: &str| events.iter().filter(|event| event["event"] == name).collect::<Vec<_>>();
    assert_eq!(of("build-started").len(), 2);
    assert_eq!(of("step-started").len(), of("step-ended").len());
    let failed: Vec<&Value> = of("build-ended").into_iter().filter(|event| event["outcome"] == "failed").collect();
    assert_eq!(failed.len(), 1);
    assert_eq!(failed[0]["build"], "null.bad");
    assert!(failed[0]["error"].as_str().is_some_and(|error| error.contains("non-zero exit status: 3")));
    let runs: std::collections::BTreeSet<&str> = events.iter().filter_map(|event| event["run"].as_str()).collect();
    assert_eq!(runs.len(), 1);
    assert!(events.windows(2).all(|pair| pair[0]["at_ms"].as_u64() <= pair[1]["at_ms"].as_u64()));
    assert_eq!(events.last().expect("events")["event"], "run-ended");
}
