//! Every template of `examples/` is validated and run as its comments say.

use std::path::Path;

use crate::support::docker::{Corner, docker};
use crate::support::parts;
use crate::support::sandbox::Sandbox;

fn example(name: &str) -> (Sandbox, String) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples").join(name);
    let text = std::fs::read_to_string(path).expect("the example is there");
    (Sandbox::new().file(name, &text), name.to_owned())
}

#[test]
fn every_example_is_valid() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let mut names: Vec<_> = std::fs::read_dir(folder)
        .expect("examples")
        .map(|e| e.expect("an entry").file_name().into_string().expect("a name"))
        .collect();
    names.sort();
    assert!(names.len() >= 5, "{names:?}");
    for name in names {
        let (sandbox, name) = example(&name);
        sandbox.run(["validate", &name]).exits(0).says("The configuration is valid.");
    }
}

#[test]
fn first_packs_sums_and_lists_its_letter() {
    let (sandbox, name) = example("first.pkr.hcl");
    let ran = sandbox.run(["build", "-color=false", &name]).exits(0);
    ran.says("Hello, template!").says("compressed artifacts in: output/letter.tar.gz");
    let output = sandbox.work().join("output");
    let manifest: serde_json::Value =
        serde_json::from_slice(&std::fs::read(output.join("manifest.json")).expect("a manifest")).expect("JSON");
    assert_eq!(manifest["builds"][0]["files"][0]["name"], "output/letter.tar.gz");
    assert!(output.join("letter.sha256").exists() && !output.join("letter.txt").exists());
}

#[test]
fn data_is_asked_before_the_build() {
    let (sandbox, name) = example("data.pkr.hcl");
    sandbox.run(["build", "-color=false", "-var", "number=2", &name]).exits(0).says("file.note: building release 2");
    let note = std::fs::read_to_string(sandbox.work().join("note.txt")).expect("a file");
    assert_eq!(note, "Release 2\n");
}

#[test]
fn matrix_makes_one_file_a_size() {
    let (sandbox, name) = example("matrix.pkr.hcl");
    sandbox.run(["build", "-color=false", &name]).exits(0).says("Build 'matrix.file.large' finished");
    let text = |file: &str| std::fs::read_to_string(sandbox.work().join(file)).expect("a file");
    assert_eq!(text("matrix-small.txt"), "size;making small\n");
    assert!(text("matrix-medium.md5").ends_with("\tmatrix-medium.txt\n"));
}

#[test]
fn failure_retries_continues_and_tidies_up() {
    let (sandbox, name) = example("failure.pkr.hcl");
    let ran = sandbox.run(["build", "-color=false", &name]).exits(0);
    ran.says("retrying with 2 trie(s) left").says("continue_on_error is set").says("all is well");
    sandbox.run(["build", "-color=false", "-var", "broken=true", &name]).exits(1).says("tidying up");
}

#[test]
fn secrets_are_not_shown() {
    let (sandbox, name) = example("secrets.pkr.hcl");
    let ran = sandbox
        .run(["build", "-color=false", "-events=events.ndjson", &name])
        .exits(0)
        .says("sending <sensitive>")
        .says("null.here: 34");
    let events = std::fs::read_to_string(sandbox.work().join("events.ndjson")).expect("events");
    assert!(!ran.stdout().contains("swordfish") && !events.contains("swordfish"));
}

#[test]
fn docker_image_is_built_and_tagged() {
    if !parts::docker() {
        return;
    }
    let _corner = Corner::new("example-image");
    let (sandbox, name) = example("docker-image.pkr.hcl");
    sandbox
        .run(["build", "-color=false", "-var", "base=packer-rs/example-image:base", "-var", "pull=false", &name])
        .exits(0);
    let page = docker(&["run", "--rm", "--entrypoint", "/bin/cat", "example/site:1.0", "/srv/index.html"]);
    assert_eq!(page, "<h1>Built from docker.web</h1>\nfor site");
    docker(&["rmi", "example/site:1.0", "example/site:latest"]);
}

#[test]
fn docker_export_comes_back_as_an_image() {
    if !parts::docker() {
        return;
    }
    let _corner = Corner::new("example-export");
    let (sandbox, name) = example("docker-export-import.pkr.hcl");
    sandbox
        .run(["build", "-color=false", "-var", "base=packer-rs/example-export:base", "-var", "pull=false", &name])
        .exits(0);
    assert_eq!(docker(&["run", "--rm", "example/flat:1.0"]), "flat");
    assert!(sandbox.work().join("flat-image.tar").exists() && sandbox.work().join("flat.sha256").exists());
    docker(&["rmi", "example/flat:1.0"]);
}
