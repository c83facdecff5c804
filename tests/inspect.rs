//! `inspect -json`: what programs learn of a template.

use std::path::Path;

use serde_json::{Value, json};

use crate::support::sandbox::Sandbox;

const TEMPLATE: &str = r#"packer {
  required_version = ">= 1.7"
  required_plugins {
    docker = {
      source  = "github.com/hashicorp/docker"
      version = "~> 1.0"
    }
  }
}
variable "name" {
  type        = object({ a = optional(list(string), ["x"]), b = number })
  default     = { b = 1 }
  description = "What it is for."
}
variable "key" {
  default   = "hide-me-well"
  sensitive = true
}
variable "asked" { type = string }
locals {
  derived = "x-${var.key}"
  big     = 12345678901234567890123
  unset   = var.asked
}
data "null" "n" { input = "i" }
source "null" "a" { communicator = "none" }
build {
  name        = "first"
  description = "builds"
  sources     = ["null.a"]
  source "null.a" { name = "other" }
  provisioner "shell-local" {
    name   = "say"
    only   = ["null.a"]
    inline = ["x"]
  }
  error-cleanup-provisioner "shell-local" { inline = ["y"] }
  post-processors {
    post-processor "checksum" {}
    post-processor "manifest" { except = ["null.other"] }
  }
  post-processor "compress" {}
}
build { sources = ["null.a"] }
"#;

fn docs() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/inspect.schema.json")
}

fn document(sandbox: &Sandbox, words: &str, code: i32) -> Value {
    let ran = sandbox.run(["inspect", "-json"].into_iter().chain(words.split(' '))).exits(code);
    assert!(!ran.stdout().contains("hide-me-well"), "{}", ran.stdout());
    let document = serde_json::from_str(&ran.stdout()).expect("one JSON text");
    let schema = serde_json::from_slice(&std::fs::read(docs()).expect("the schema is there")).expect("JSON");
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    let problems: Vec<String> = validator.iter_errors(&document).map(|error| error.to_string()).collect();
    assert!(problems.is_empty(), "{problems:?}");
    document
}

#[test]
fn the_published_schema_of_inspect_is_the_one_the_program_has() {
    crate::documents::same_or_write(&docs(), &packer::commands::inspect_schema());
}

#[test]
fn variables_have_type_default_value_and_description() {
    let document = document(&Sandbox::new().file("t.pkr.hcl", TEMPLATE), "-var asked=yes t.pkr.hcl", 0);
    let part = |index: usize, name: &str| document["variables"][index][name].clone();
    assert_eq!(part(0, "type"), "object({ a = optional(list(string)), b = number })");
    assert_eq!(part(0, "default"), json!({"a": ["x"], "b": 1}));
    assert_eq!((part(0, "description"), part(0, "required")), (json!("What it is for."), json!(false)));
    let key = ["sensitive", "default", "value"].map(|name| part(1, name));
    assert_eq!(key, [json!(true), json!("<sensitive>"), json!("<sensitive>")]);
    let asked = ["required", "default", "known", "value"].map(|name| part(2, name));
    assert_eq!(asked, [json!(true), json!(null), json!(true), json!("yes")]);
    assert_eq!(part(0, "range")["start"]["line"], 10);
}

#[test]
fn locals_have_their_values_unless_they_are_secret_or_unknown() {
    let document = document(&Sandbox::new().file("t.pkr.hcl", TEMPLATE), "t.pkr.hcl", 0);
    let locals = document["locals"].as_array().expect("a list");
    let parts = |one: &Value| ["sensitive", "known", "value"].map(|name| one[name].clone());
    assert_eq!(parts(&locals[0]), [json!(true), json!(true), json!("<sensitive>")]);
    assert_eq!(parts(&locals[1])[2], "12345678901234567890123");
    assert_eq!(parts(&locals[2]), [json!(false), json!(false), json!(null)]);
}

#[test]
fn builds_have_their_sources_provisioners_and_chains() {
    let document = document(&Sandbox::new().file("t.pkr.hcl", TEMPLATE), "t.pkr.hcl", 0);
    assert_eq!((&document["mode"], &document["required_versions"]), (&json!("hcl2"), &json!([">= 1.7"])));
    assert_eq!(document["required_plugins"][0]["version"], "~> 1.0");
    assert_eq!((&document["data_sources"][0]["type"], &document["sources"][0]["name"]), (&json!("null"), &json!("a")));
    let build = &document["builds"][0];
    let names: Vec<&Value> =
        build["sources"].as_array().expect("a list").iter().map(|one| &one["local_name"]).collect();
    assert_eq!(names, ["a", "other"]);
    assert_eq!(
        (&build["provisioners"][0]["name"], &build["provisioners"][0]["only"]),
        (&json!("say"), &json!(["null.a"]))
    );
    assert_eq!(build["error_cleanup_provisioner"]["type"], "shell-local");
    assert_eq!(build["post_processors"][0][1]["except"], json!(["null.other"]));
    assert_eq!(build["post_processors"][1][0]["type"], "compress");
    assert_eq!(document["builds"][1]["name"], Value::Null);
}

#[test]
fn a_template_that_cannot_be_read_says_why() {
    // INS-1
    let broken = document(&Sandbox::new().file("t.pkr.hcl", "locals {\n"), "t.pkr.hcl", 1);
    assert_eq!(broken["diagnostics"][0]["severity"], "error");
    assert_eq!(broken["builds"], json!([]));
}

#[test]
fn a_legacy_template_is_one_build_of_all_its_builders() {
    let template = r#"{
  "description": "old",
  "min_packer_version": "1.2.0",
  "variables": {"a": "x", "key": "hide-me-well", "asked": null},
  "sensitive-variables": ["key"],
  "builders": [{"type": "null", "name": "one", "communicator": "none"}],
  "provisioners": [{"type": "shell-local", "only": ["one"], "inline": ["x"]}],
  "post-processors": [["checksum", {"type": "manifest", "name": "list"}]]
}"#;
    let document = document(&Sandbox::new().file("t.json", template), "-var asked=yes t.json", 0);
    assert_eq!((&document["mode"], &document["required_versions"]), (&json!("json"), &json!([">= 1.2.0"])));
    let values = |name: &str| {
        document["variables"].as_array().expect("a list").iter().map(|one| one[name].clone()).collect::<Vec<_>>()
    };
    assert_eq!(values("value"), ["x", "<sensitive>", "yes"]);
    assert_eq!(values("required"), [false, false, true]);
    let build = &document["builds"][0];
    assert_eq!(
        (&build["sources"][0]["local_name"], &build["provisioners"][0]["only"]),
        (&json!("one"), &json!(["one"]))
    );
    assert_eq!(build["post_processors"][0][1]["name"], "list");
}
