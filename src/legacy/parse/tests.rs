//! Legacy templates as they are written: what is read, and what is told of what cannot be.

use super::super::model::{Builder, PostProcessor};
use super::*;

fn read(text: &str) -> (Option<Template>, Vec<(usize, String)>) {
    let sources = SourceMap::default();
    let id = sources.add("t.json", text);
    let (template, diagnostics) = parse(id, &sources);
    let line = |d: &Diagnostic| sources.get(id).position(d.span.map_or(0, |span| span.start as usize)).line;
    let told = diagnostics.iter().map(|d| (line(d), format!("{} {}", d.detail, d.hint.as_deref().unwrap_or_default())));
    (template, told.collect())
}

fn problems(text: &str) -> Vec<(usize, String)> {
    let (template, problems) = read(text);
    assert_eq!(template.is_none(), !problems.is_empty(), "{text}");
    problems
}

fn template(text: &str) -> Template {
    let (template, problems) = read(text);
    template.unwrap_or_else(|| panic!("{problems:?}"))
}

#[test]
fn every_part_is_read_raw_and_in_order() {
    // JSON-1, JSON-2, JSON-3, JSON-9
    let text = r#"{
      "_note": "n", "Description": "d", "min_packer_version": "1.0.0", "push": {}, "comments": [{"a": "b"}],
      "variables": {"b": "{{env `B`}}", "a": null}, "sensitive-variables": ["b", "ghost"],
      "BUILDERS": [{"type": "null", "name": "n-{{user `b`}}", "z": 1, "a": 2}, {"type": "file", "name": ""}],
      "provisioners": null
    }"#;
    let template = template(text);
    let name = |variable: &Variable| (variable.name.text.clone(), variable.default.is_some());
    assert_eq!(template.variables.iter().map(name).collect::<Vec<_>>(), [("b".into(), true), ("a".into(), false)]);
    let names: Vec<_> = template.builders.iter().map(Builder::raw_name).collect();
    assert_eq!(names, ["n-{{user `b`}}", "file"]);
    let options: Vec<_> = template.builders[0].options.iter().map(|option| &*option.name).collect();
    assert_eq!(options, ["z", "a"]);
    assert!(template.is_sensitive("ghost") && template.notes[0].name.text == "_note");
    assert_eq!(template.description.map(|text| text.text).as_deref(), Some("d"));
}

#[test]
fn meta_keys_of_provisioners_are_read_weakly() {
    // JSON-23 … JSON-26
    let text = r#"{"provisioners": [{"type": "x", "only": "one", "except": [2], "pause_before": 2000000, "timeout": "1m",
        "max_retries": 3, "override": {"a": {"inline": []}, "b": null}, "Type": 1}]}"#;
    let step = template(text).provisioners.remove(0);
    assert_eq!((&*step.only[0].text, &*step.except[0].text, step.max_retries.unwrap().text), ("one", "2", "3".into()));
    assert_eq!((step.pause_before.as_millis(), step.timeout.as_secs()), (2, 60));
    assert_eq!((step.overrides.len(), step.options.len(), &*step.options[0].name), (2, 1, "Type"));
}

#[test]
fn one_mistake_is_told_once_and_a_capital_is_pointed_at() {
    // JSON-3, JSON-4
    let told = problems(r#"{"builders": [{"Type": "null"}], "builders": []}"#);
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(told.iter().any(|(_, text)| text.contains("\"Type\" has to be written \"type\"")), "{told:?}");
}

#[test]
fn post_processors_have_three_forms() {
    // JSON-28, JSON-29
    let text = r#"{"post-processors": ["a", {"type": "b", "name": "n", "keep_input_artifact": false}, ["c", {"type": "d"}], []]}"#;
    let chains = template(text).chains;
    let names: Vec<Vec<_>> = chains.iter().map(|chain| chain.iter().map(PostProcessor::raw_name).collect()).collect();
    assert_eq!(names, [vec!["a"], vec!["n"], vec!["c", "d"], vec![]]);
    assert_eq!(chains[1][0].keep_input_artifact, Some(false));
}

#[test]
fn all_structural_problems_are_told_with_their_lines() {
    // JSON-8, JSON-9, JSON-19, JSON-28; case json/structural-problems-are-collected
    let text = "{\"variables\": {\"count\": 3},\n\"builders\": [{\"x\": 1}, {\"type\": \"null\"},\n{\"type\": \"null\"}],\n\
        \"provisioners\": [{\"inline\": []},\n{\"type\": \"a\", \"pause_before\": \"10\", \"override\": 5}],\n\
        \"post-processors\": [{\"output\": \"x\"},\n[\"m\", {\"name\": \"n\"}], [[\"c\"]],\n7, [null]], \"zebra\": 1}";
    let told = problems(text);
    let want = [
        (1, "variable count: its default"),
        (2, "builder 1: type is required"),
        (3, "builder 3: a builder named \"null\""),
        (4, "provisioner 1: type is required"),
        (5, "provisioner 2: pause_before: time: missing unit"),
        (5, "provisioner 2: override: an object"),
        (6, "post-processor 1.1: type is required"),
        (7, "post-processor 2.2: type is required"),
        (7, "post-processor 3.1: a list inside a list"),
        (8, "post-processor 4: a type, an object"),
        (8, "post-processor 5.1: a type or an object"),
        (8, "Unknown root level key in template: \"zebra\""),
    ];
    assert_eq!(told.len(), want.len(), "{told:#?}");
    for ((line, text), (wanted, start)) in told.iter().zip(want) {
        assert!(*line == wanted && text.starts_with(start), "{line}: {text}");
    }
}

#[test]
fn what_is_no_template_is_told() {
    // JSON-1, JSON-2, JSON-4, JSON-5
    for (text, part) in [
        ("[]", "one JSON object"),
        ("", "ends where a value"),
        ("\"builders\"", "one JSON object"),
        ("{\"builders\": {\"type\": \"null\"}}", "builders: a list"),
        ("{\"min_packer_version\": 1}", "min_packer_version: a text"),
        ("{\"description\": 5}", "description: a text"),
        ("{\"sensitive-variables\": \"a\"}", "sensitive-variables: a list"),
        ("{\"sensitive-variables\": [1]}", "sensitive-variables: a text"),
        ("{\"_note\": 5}", "_note: a member"),
        ("{\"provisoners\": []}", "Did you mean \"provisioners\"?"),
        ("{\"builders\": [], \"Builders\": []}", "\"Builders\": \"builders\" stands above"),
        ("{\"push\": 1}", "push: an object"),
        ("{\"comments\": {}}", "comments: a list"),
        ("{\"comments\": [1, {\"a\": 1}]}", "comments 1: an object"),
        ("{\"variables\": []}", "variables: an object"),
        ("{\"error-cleanup-provisioner\": []}", "error-cleanup-provisioner: an object"),
        ("{\"builders\": [{\"type\": \"a\", \"x\": {\"y\": 1, \"y\": 2}}]}", "\"y\" stands in the same object twice"),
    ] {
        let told = problems(text);
        assert!(told[0].1.contains(part), "{text}: {told:?}");
    }
}

#[test]
fn a_syntax_error_has_line_column_offset_and_caret() {
    // JSON-5; case json/syntax-errors-show-line-column-and-caret
    let comma = "{\n  \"builders\": [\n    {\"type\": \"null\", \"communicator\": \"none\"},\n  ]\n}\n";
    for (text, place) in [
        (comma, "line 4, column 4 (offset 67)"),
        ("{\n  // not allowed here\n  \"builders\": []\n}\n", "line 2, column 4 (offset 5)"),
        ("{\n  \"builders\": [\n", "line 3, column 1"),
    ] {
        let told = problems(text);
        assert!(told[0].1.contains(place) && told[0].1.contains("     ^"), "{told:?}");
    }
    assert!(problems(comma)[0].1.contains("    4:   ]\n         ^"), "{:?}", problems(comma));
}
