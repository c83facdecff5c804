//! Required plugins, and which components answer for them.

use std::path::PathBuf;

use super::*;
use crate::component::InstalledPlugin;
use crate::component::version::Version;
use crate::template::{Answer, Requirement};

fn required(entries: &str, rest: &str) -> String {
    format!("packer {{\n  required_plugins {{\n{entries}\n  }}\n}}\n{rest}")
}

fn docker(local_name: &str, constraint: &str) -> String {
    format!("{local_name} = {{\nversion = \"{constraint}\"\nsource = \"github.com/hashicorp/docker\"\n}}")
}

fn with_installed(text: &str, version: &'static str) -> Sandbox {
    let mut sandbox = Sandbox::new(&[("t.pkr.hcl", text)]);
    sandbox.options.installed = Arc::new(move |requirement: &Requirement| {
        let plugin = InstalledPlugin { version: Version::parse(version).unwrap(), path: PathBuf::from("/p/plugin") };
        let fits = requirement.source.name() == "docker" && requirement.constraints.allow(&plugin.version);
        Box::pin(std::future::ready(Answer { plugin: fits.then_some(plugin), ..Answer::default() }))
    });
    sandbox
}

const DK: &str =
    "source \"dk\" \"a\" {}\nbuild {\n  sources = [\"dk.a\"]\n  post-processor \"dk-tag\" { inline = [\"x\"] }\n}\n";

#[test]
fn a_built_in_answers_under_the_local_name_of_its_plugin() {
    let plan = plan(&required(&docker("dk", "~> 1.1"), DK));
    assert_eq!(&*plan.builds[0].info.full_name, "dk.a");
    assert_eq!(&*plan.builds[0].post[0][0].kind, "dk-tag");
    super::plan(&required(
        &docker("docker", ">= 1.0.0, < 2.0.0"),
        "source \"docker\" \"a\" {}\nbuild { sources = [\"docker.a\"] }\n",
    ));
}

#[test]
fn a_plugin_that_nothing_satisfies_is_missing_and_told_alone() {
    // HCL-99
    let other = "other = {\nversion = \">= 2\"\nsource = \"git.example.org/x/other\"\n}\n";
    let text =
        required(&format!("{other}{}", docker("dk", ">= 2.0")), "source \"null\" \"a\" {}\nlocals { x = nope.y }\n");
    let sandbox = Sandbox::new(&[("t.pkr.hcl", &text)]);
    let diagnostics = sandbox.plan("t.pkr.hcl").diagnostics;
    assert_eq!(sandbox.told(&diagnostics), ["E t.pkr.hcl:3 Missing plugins"]);
    let detail = &diagnostics.iter().next().unwrap().detail;
    for part in
        ["* git.example.org/x/other >= 2", "* github.com/hashicorp/docker >= 2.0 (built in: 1.1.5)", "packer init"]
    {
        assert!(detail.contains(part), "{detail}");
    }
}

#[test]
fn a_built_in_that_satisfies_goes_before_an_installed_plugin_which_cannot_be_run_yet() {
    assert!(with_installed(&required(&docker("dk", ">= 1.1"), DK), "1.1.6").problems("t.pkr.hcl").is_empty());
    // One that the requirement asks for in another version than the built-in's cannot be replaced by it.
    let cannot = "Cannot run an installed plugin";
    let text = required(&docker("dk", "1.1.6"), DK);
    let told = [format!("E t.pkr.hcl:11 {cannot}"), format!("E t.pkr.hcl:12 {cannot}")];
    assert_eq!(with_installed(&text, "1.1.6").problems("t.pkr.hcl"), told);
    let diagnostics = with_installed(&text, "1.1.6").plan("t.pkr.hcl").diagnostics;
    let hint = diagnostics.iter().next().unwrap().hint.clone().unwrap();
    assert!(hint.contains("built in as version 1.1.5"), "{hint}");
    // Nor does one that nothing uses do harm.
    assert!(with_installed(&required(&docker("dk", "1.1.6"), BUILD), "1.1.6").problems("t.pkr.hcl").is_empty());
}

#[test]
fn entries_that_cannot_be_read_are_told_at_their_line() {
    // HCL-13, HCL-16 … HCL-20
    let source = "source = \"github.com/a/b\"";
    let entries = [
        ("a = \"1.0\"".to_owned(), "Invalid plugin requirement"),
        ("a = [1]".to_owned(), "Invalid required_plugins syntax"),
        (format!("a = {{ {source} }}"), "No version constraint was set"),
        ("a = { version = \"1.0\" }".to_owned(), "No source was set"),
        (format!("a = {{ version = \"1.0\", {source}, x = 1 }}"), "Invalid required_plugins object"),
        (format!("a = {{ version = \"latest\", {source} }}"), "Invalid version constraint"),
        (format!("a = {{ version = \"1.0-rc1\", {source} }}"), "Invalid version constraint"),
        ("a = { version = \"1.0\", source = \"a/b\" }".to_owned(), "Invalid source"),
        (format!("A = {{ version = \"1.0\", {source} }}"), "Invalid plugin local name"),
        ("a {}".to_owned(), "Unsupported block type"),
    ];
    for (entry, summary) in entries {
        assert_eq!(problems(&required(&entry, BUILD)), [format!("E t.pkr.hcl:3 {summary}")], "{entry}");
    }
    let twice = required(&docker("dk", "1.1.5"), &required(&docker("dk", ">= 1"), BUILD));
    assert_eq!(problems(&twice), ["E t.pkr.hcl:11 Duplicate required_plugin.\"dk\" block"]);
    assert_eq!(problems(&format!("packer {{\n  version = 1\n}}{BUILD}")), ["E t.pkr.hcl:2 Unsupported argument"]);
}
