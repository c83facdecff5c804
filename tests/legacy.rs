//! Legacy JSON templates from text to plan: wrong kinds of values in every place, and how components see their options.

use std::sync::Arc;

use packer::commands::registry;
use packer::diagnostics::{Diagnostic, SourceMap};
use packer::host::Host;
use packer::legacy::{Legacy, OpenOptions};
use packer::plan::{Means, Plan, PlanOptions};
use packer::secrets::Secrets;
use serde_json::{Value, json};

/// A template with every part that there is.
fn full() -> Value {
    json!({
        "_note": "a comment",
        "description": "all of it",
        "min_packer_version": "1.0.0",
        "comments": [{ "one": "two" }],
        "push": { "name": "x" },
        "variables": { "word": "hello", "loud": "{{user `word` | upper}}", "tries": "2" },
        "sensitive-variables": ["word"],
        "builders": [
            { "type": "null", "name": "first-{{user `word`}}", "communicator": "none", "ssh_timeout": "5m" },
            { "type": "file", "target": "out.txt", "content": "{{build_name}}" }
        ],
        "provisioners": [
            {
                "type": "shell-local", "only": ["file"], "pause_before": "1s", "max_retries": "{{user `tries`}}",
                "inline": ["echo {{build `ID`}}", "true"], "environment_vars": ["A=1"], "env": { "B": "2" },
                "valid_exit_codes": [0, "3"], "use_linux_pathing": false,
                "override": { "file": { "inline": ["echo other"] } }
            },
            { "type": "shell-local", "except": ["file"], "timeout": "90s", "inline": "echo one" }
        ],
        "error-cleanup-provisioner": { "type": "shell-local", "inline": ["true"] },
        "post-processors": [
            "manifest",
            { "type": "checksum", "name": "sums", "checksum_types": ["md5", "sha1"], "keep_input_artifact": true },
            [{ "type": "compress", "output": "{{.BuildName}}.tar", "only": ["file"] }, "manifest"]
        ]
    })
}

/// Opens, checks and plans a text; returns what is wrong, and the plan if there is one.
fn planned(text: &str) -> (Vec<Diagnostic>, Option<Plan>, SourceMap) {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("t.json"), text).expect("writable");
    let host = Host::fixed(folder.path(), &[]);
    let (sources, secrets) = (SourceMap::default(), Arc::new(Secrets::default()));
    let options = OpenOptions::default();
    let means = Means { host, sources: sources.clone(), secrets, registry: registry() };
    let (legacy, found) = Legacy::open("t.json", &options, means);
    let mut found: Vec<Diagnostic> = found.into_iter().collect();
    let Some(legacy) = legacy else { return (found, None, sources) };
    let (ready, more) = legacy.ready();
    found.extend(more);
    let Some(ready) = ready else { return (found, None, sources) };
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    let options = PlanOptions { keep_settings: true, ..PlanOptions::default() };
    let mut plan = runtime.block_on(ready.plan(&options));
    found.extend(std::mem::take(&mut plan.diagnostics));
    (found, Some(plan), sources)
}

/// Returns the paths of all nodes below `node`.
fn paths(node: &Value, path: &str, all: &mut Vec<String>) {
    match node {
        Value::Object(members) => {
            for (name, value) in members {
                let path = format!("{path}/{}", name.replace('~', "~0").replace('/', "~1"));
                paths(value, &path, all);
                all.push(path);
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                let path = format!("{path}/{index}");
                paths(item, &path, all);
                all.push(path);
            }
        }
        _ => {}
    }
}

#[test]
fn the_full_template_has_no_mistake() {
    let (found, plan, _) = planned(&full().to_string());
    assert!(found.is_empty(), "{found:?}");
    let names: Vec<String> =
        plan.expect("a plan").builds.iter().map(|build| build.info.full_name.to_string()).collect();
    // JSON-21, JSON-22
    assert_eq!(names, ["file", "null.first-hello"]);
}

#[test]
fn a_wrong_kind_in_any_place_is_told_with_its_line() {
    let full = full();
    let mut all = Vec::new();
    paths(&full, "", &mut all);
    let others = [
        Value::Null,
        json!(true),
        json!(-5.5),
        json!("{{ odd"),
        json!("{{nothing}}"),
        json!([]),
        json!({}),
        json!([[1]]),
        json!({ "a": { "b": [null] } }),
    ];
    let (mut count, mut refused, mut report) = (0, 0, Vec::new());
    for path in &all {
        let with = |value: &Value| {
            let mut copy = full.clone();
            *copy.pointer_mut(path).expect("a node") = value.clone();
            serde_json::to_string_pretty(&copy).expect("JSON")
        };
        let marked = with(&json!("@@HERE@@"));
        let line = 1 + marked.split("@@HERE@@").next().unwrap_or_default().matches('\n').count();
        for other in &others {
            let text = with(other);
            let (found, _, sources) = planned(&text);
            count += 1;
            let errors: Vec<&Diagnostic> =
                found.iter().filter(|one| one.severity == packer::diagnostics::Severity::Error).collect();
            if errors.is_empty() {
                continue;
            }
            refused += 1;
            let key = path.rsplit('/').find(|part| part.parse::<usize>().is_err()).unwrap_or_default();
            let covers = |one: &&&Diagnostic| {
                let Some(span) = one.span else { return false };
                let source = sources.get(span.file);
                let (first, last) = (source.position(span.start as usize), source.position(span.end as usize));
                let end = line + serde_json::to_string_pretty(other).expect("JSON").matches('\n').count();
                first.line <= end && line <= last.line
            };
            let names = |one: &&Diagnostic| {
                let said = format!("{} {}", one.summary, one.detail);
                said.contains(key)
                    || ["builder ", "provisioner ", "processor ", "build: "].iter().any(|sort| said.contains(sort))
            };
            // What a builder is called may be missed elsewhere, and no builders have no place.
            let elsewhere =
                path.starts_with("/builders") && errors.iter().any(|one| one.summary == "Unknown builder name");
            let placeless = errors.iter().any(|one| one.summary == "Missing builder");
            // A value of a variable is only missed, or refused, where it is used.
            let is_used = path.starts_with("/variables");
            if !(elsewhere || placeless || is_used || errors.iter().filter(covers).any(names)) {
                let said: Vec<_> = errors.iter().map(|one| format!("{}: {}", one.summary, one.detail)).collect();
                report.push(format!("{path} = {other} (line {line}): {said:?}"));
            }
        }
    }
    assert!(report.is_empty(), "{} of {count}\n{}", report.len(), report.join("\n"));
    assert!(refused > count / 3, "{refused} of {count}");
}

#[test]
fn a_template_that_breaks_off_anywhere_is_told_of() {
    let text = serde_json::to_string_pretty(&full()).expect("JSON");
    for end in (0..text.len() - 1).filter(|end| text.is_char_boundary(*end)) {
        let (found, plan, _) = planned(&text[..end]);
        assert!(!found.is_empty() && plan.is_none(), "{}", &text[..end]);
    }
}

#[test]
fn options_get_the_types_that_a_component_wants() {
    // JSON-3, JSON-31, JSON-33
    let text = json!({
        "variables": { "codes": "0,7", "flag": "true", "key": "K" },
        "builders": [{ "type": "file", "TARGET": 12.5, "Content": true }],
        "provisioners": [{
            "type": "shell-local", "inline": "a,b", "valid_exit_codes": "{{user `codes`}}", "use_linux_pathing": "{{user `flag`}}",
            "env": [{ "{{user `key`}}": 1 }, { "L": "{{build_type}}" }], "only_on": {}
        }]
    });
    let (found, plan, _) = planned(&text.to_string());
    assert!(found.is_empty(), "{found:?}");
    let build = plan.expect("a plan").builds.remove(0);
    let shown = |value: &packer::value::Value| packer::value::console::render(value).replace(['\n', ' '], "");
    let builder = shown(&build.settings);
    assert!(builder.contains("\"content\"=\"1\"") && builder.contains("\"target\"=\"12.5\""), "{builder}");
    let step = shown(&build.provision[0].settings);
    for part in [
        "\"inline\"=[\"a\",\"b\",]",
        "\"valid_exit_codes\"=[0,7,]",
        "\"use_linux_pathing\"=true",
        "\"env\"={\"K\"=1\"L\"=\"file\"}",
        "\"only_on\"=[]",
    ] {
        assert!(step.contains(part), "{part} is not in {step}");
    }
}

#[test]
fn an_unknown_type_in_a_shared_step_is_told_once() {
    // JSON-19
    let text = r#"{"builders": [{"type": "null", "name": "a", "communicator": "none"}, {"type": "null", "communicator": "none"}],
        "provisioners": [{"type": "bar"}], "post-processors": ["baz"]}"#;
    let (found, _, _) = planned(text);
    let told: Vec<_> = found.iter().map(|problem| problem.summary.as_str()).collect();
    assert_eq!(told, ["Unknown provisioner type \"bar\"", "Unknown post-processor type \"baz\""]);
}

#[test]
fn a_sensitive_value_is_hidden_in_the_lines_of_a_broken_template() {
    // JSON-18
    let sensitive = "\"sensitive-variables\": [\"token\"]";
    for (template, file) in [
        ("\"builders\": [5]", "{}"),
        ("\"builders\": [", "{}"),
        ("\"builders\": []", "{}"),
        ("\"builders\": [{\"type\": \"null\"}], \"provisioners\": [{\"type\": \"x\", \"only\": [\"y\"]}]", "{}"),
        ("\"builders\": [{\"type\": \"null\", \"communicator\": \"none\"}]", "{\"token\": \"hunter-3\", \"n\": 1}"),
        ("\"builders\": [{\"type\": \"null\", \"communicator\": \"none\"}]", "{\"token\": \"hunter-3\", \"n\" 1}"),
    ] {
        let text = format!("{{\"variables\": {{\"token\": \"hunter-2\"}}, {sensitive}, {template}}}");
        let sandbox = crate::support::sandbox::Sandbox::new().file("t.json", &text).file("v.json", file);
        let said = sandbox.run(["validate", "-var-file=v.json", "t.json"]).exits(1).stdout();
        assert!(!said.contains("hunter"), "{said}");
    }
}

#[test]
fn variables_need_each_other_in_any_order_and_any_number() {
    // JSON-12
    let chain = |count: usize| -> serde_json::Map<String, Value> {
        let value = |n: usize| if n == 0 { "x".to_owned() } else { format!("{{{{user `v{}`}}}}", n - 1) };
        (0..count).map(|n| (format!("v{n}"), json!(value(n)))).collect()
    };
    let mut text = json!({ "variables": chain(3000), "builders": [{ "type": "file", "target": "{{user `v2999`}}" }] });
    let (found, plan, _) = planned(&text.to_string());
    assert!(found.iter().all(|one| one.severity == packer::diagnostics::Severity::Warning), "{found:?}");
    assert!(packer::value::console::render(&plan.expect("a plan").builds[0].settings).contains("\"x\""));
    text["variables"]["v0"] = json!("{{user `v2999`}}");
    let (found, ..) = planned(&text.to_string());
    assert_eq!(found.len(), 1);
    assert!(found[0].detail.contains("need each other"), "{found:?}");
    text["variables"]["v0"] = json!("{{user `gone`}}");
    let (found, ..) = planned(&text.to_string());
    assert!(found.iter().any(|one| one.detail.contains("gone")), "{found:?}");
}
