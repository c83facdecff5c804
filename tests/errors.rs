//! The table of codes is whole and true: every summary in the sources has an entry, every example does what it shows.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use packer::cli::{self, Command, Request};
use packer::commands::registry;
use packer::diagnostics::codes::{self, Code, Example};
use packer::diagnostics::{Diagnostic, Severity, SourceMap};
use packer::host::Host;
use packer::secrets::Secrets;
use packer::template::{Means, OpenOptions, PlanOptions, Select, Template};
use regex::Regex;

use crate::support::sandbox::Sandbox;

/// Codes that no short text gives: they need a folder of plugins, a text of a thousand brackets, a full disk.
const WITHOUT_EXAMPLE: &[&str] = &[
    "data-source-failed",
    "duplicate-block",
    "file-too-large",
    "hcp-packer",
    "installed-plugin",
    "invalid-hcp-block",
    "invalid-number",
    "nesting-too-deep",
    "no-journal",
    "not-utf-eight",
    "plugin-removal",
    "settings-warning",
    "unusable-component",
];

#[test]
fn every_wrong_example_gives_its_code() {
    let mut report = String::new();
    for code in codes::all() {
        if code.wrong.is_empty() {
            assert!(WITHOUT_EXAMPLE.contains(&code.name), "{} has no example", code.name);
            continue;
        }
        let found = run(code, &code.wrong);
        if !found.iter().any(|one| one.code().is_some_and(|found| found.name == code.name)) {
            report += &format!("\n{}: {:?}", code.name, told(&found));
        }
        let others: Vec<_> = found.iter().filter(|one| one.code().is_none()).collect();
        assert!(others.is_empty(), "without a code: {others:?}");
    }
    assert!(report.is_empty(), "{report}");
}

#[test]
fn no_right_example_has_a_mistake() {
    let mut report = String::new();
    for code in codes::all().filter(|code| !code.right.is_empty()) {
        let found = run(code, &code.right);
        if !found.is_empty() {
            report += &format!("\n{}: {:?}", code.name, told(&found));
        }
    }
    assert!(report.is_empty(), "{report}");
}

fn told(found: &[Diagnostic]) -> Vec<String> {
    found.iter().map(|one| format!("{}: {}", one.summary, one.detail)).collect()
}

/// Gives the example's files to its command; returns what is wrong with them.
fn run(code: &Code, example: &Example) -> Vec<Diagnostic> {
    let folder = tempfile::tempdir().expect("a folder");
    for file in example.files() {
        std::fs::write(folder.path().join(&file.name), &file.text).expect("writable");
    }
    let words = example.command();
    let (path, variables, select) = match cli::parse(words.clone()).request {
        Request::Run(Command::Validate(args)) => (args.template[0].clone(), args.variables, args.select),
        Request::Run(Command::Build(_) | Command::Fix(_) | Command::Fmt(_) | Command::Hcl2Upgrade(_)) => {
            return build(example, &words);
        }
        other => panic!("{}: {words:?} is {other:?}", code.name),
    };
    let host = Host::fixed(folder.path(), &[]);
    let (sources, secrets) = (SourceMap::default(), Arc::new(Secrets::default()));
    let options = OpenOptions {
        vars: variables.var,
        var_files: variables.var_file,
        warn_undeclared: true,
        ..OpenOptions::default()
    };
    let (template, found) = Template::open(&path, &options, Means { host, sources, secrets, registry: registry() });
    let mut found: Vec<Diagnostic> = found.into_iter().collect();
    if let Some(template) = &template {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        let select = Select { only: select.only, except: select.except };
        let plan = runtime.block_on(template.plan(&PlanOptions { select, ..PlanOptions::default() }));
        // Most examples need no build.
        let is_wanted = |one: &Diagnostic| one.summary != "Missing build block" || code.name == "missing-build-block";
        found.extend(plan.diagnostics.into_iter().filter(is_wanted));
    }
    found
}

/// Runs the program; `-except` without a match is not what these examples are about.
fn build(example: &Example, words: &[String]) -> Vec<Diagnostic> {
    let sandbox = example.files().iter().fold(Sandbox::new(), |sandbox, file| sandbox.file(&file.name, &file.text));
    let ran = sandbox.run(words.iter().map(String::as_str));
    let output = ran.stdout();
    output.lines().filter_map(|line| Some(Diagnostic::error(line.strip_prefix("Error: ")?, ""))).collect()
}

#[test]
fn every_summary_in_the_sources_has_a_code_and_every_code_a_summary() {
    let found = summaries();
    let pattern = |summary: &String| {
        Regex::new(&format!("^{}$", regex::escape(summary).replace(r"\{\}", ".+"))).expect("a pattern")
    };
    let patterns: Vec<Regex> = found.iter().map(pattern).collect();
    let known: Vec<String> = codes::all().flat_map(|code| code.summaries).map(|summary| filled(summary)).collect();
    let is_known = |summary: &String| {
        codes::of(&filled(summary)).is_some() || known.iter().any(|text| pattern(summary).is_match(text))
    };
    let without: Vec<&String> = found.iter().filter(|summary| !is_known(summary)).collect();
    assert!(without.is_empty(), "add these summaries to src/diagnostics/codes: {without:#?}");
    let unused: Vec<&String> = known.iter().filter(|text| !patterns.iter().any(|one| one.is_match(text))).collect();
    assert!(unused.is_empty(), "no source file says these any more: {unused:#?}");
}

/// Returns a summary with something in its holes.
fn filled(summary: &str) -> String {
    summary.replace("{}", "x")
}

/// Returns the summaries that the sources give diagnostics, with `{}` for what they put in.
fn summaries() -> BTreeSet<String> {
    const TEXT: &str = r#"(?:&?format!\(\s*)?"((?:[^"\\]|\\.)*)""#;
    let pattern = |before: &str| Regex::new(&format!("{before}{TEXT}")).expect("a pattern");
    let made = pattern(r"(?:Diagnostic::(?:error|warning)|Fault::new)\(\s*");
    let inside = [
        pattern(r"(?:\.error|\.missing_separator|\.unterminated|\.expect_ident|\bcheck|\binvalid)\(\s*"),
        pattern(r"(?:\.error_over|\breport|\bcheck)\(\s*&?[\w.()]+,\s*"),
        pattern(r"(?:let \(?summary[^=;]*|let (?:required|character)) =\s*(?:match [^{]*\{\s*[^=]*=>\s*\(?)?"),
        pattern(r"const (?:SUMMARY|SINGLE|FOR): &str =\s*"),
        pattern(r"summary: "),
        pattern(r"fn summary\(&self\)[^}]*\{[^}]*?(?:;\s*|\n\s*)"),
        Regex::new(r#"(?:[^\w!]|^)\(\s*"([A-Z][^":?{]* [^":?{]*[^".:?{])",\s"#).expect("a pattern"),
        Regex::new(r#"=> "([A-Z][^".:]* [^".:]*)",\n"#).expect("a pattern"),
    ];
    let hole = Regex::new(r"\{[^}]*\}").expect("a pattern");
    let mut found = BTreeSet::new();
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    for entry in walkdir::WalkDir::new(&src) {
        let path = entry.expect("readable").into_path();
        let inner = path.strip_prefix(&src).expect("inside").to_string_lossy().into_owned();
        if !inner.ends_with(".rs") || inner.contains("test") || inner.starts_with("diagnostics") {
            continue;
        }
        let text = std::fs::read_to_string(&path).expect("readable");
        let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
        let code: String =
            code.lines().filter(|line| !line.trim_start().starts_with("//")).map(|line| format!("{line}\n")).collect();
        let read = |pattern: &Regex, found: &mut BTreeSet<String>| {
            for one in pattern.captures_iter(&code) {
                found.insert(hole.replace_all(&one[1].replace("\\\"", "\""), "{}").into_owned());
            }
        };
        read(&made, &mut found);
        if ["syntax/", "eval/", "template/", "legacy/"].iter().any(|folder| inner.starts_with(folder)) {
            inside.iter().for_each(|pattern| read(pattern, &mut found));
        }
    }
    found
}

#[test]
fn a_message_tells_its_code_when_asked_to() {
    let sandbox = Sandbox::new().file("t.pkr.hcl", "variable \"a\" {}\n");
    let plain = sandbox.run(["validate", "."]).exits(1).stdout();
    assert!(!plain.contains("unset-variable"), "{plain}");
    let mut command = sandbox.packer(["validate", "."]);
    let output = command.env("PACKER_ERROR_CODES", "1").output().expect("the program starts");
    let output = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.contains("\n\npacker explain unset-variable\n"), "{output}");
}

#[test]
fn explain_tells_of_a_code_a_message_or_all() {
    let sandbox = Sandbox::new();
    sandbox.run(["explain"]).exits(0).says("  unset-variable").says("\"packer explain CODE\"");
    sandbox.run(["explain", "unset-variable"]).exits(0).says("\nWrong:\n\n  variable \"name\" {\n");
    sandbox.run(["explain", "Error:", "Unset", "variable", "\"x\""]).exits(0).says("unset-variable\n");
    sandbox.run(["explain", "unset-varable"]).exits(1).says("Did you mean \"unset-variable\"?");
    sandbox.run(["explain", "-h"]).exits(0).says("Usage: packer explain [options] [CODE]");
}

#[test]
fn severity_is_no_part_of_the_code() {
    let (error, warning) = (Diagnostic::error("Undefined variable", ""), Diagnostic::warning("Undefined variable", ""));
    assert_eq!((error.code(), warning.severity), (warning.code(), Severity::Warning));
}

#[test]
fn a_sensitive_default_is_hidden_where_it_does_not_fit() {
    let text =
        "variable \"pins\" {\n  type      = list(number)\n  sensitive = true\n  default   = [\"hunter-two\"]\n}\n";
    let output = Sandbox::new().file("t.pkr.hcl", text).run(["validate", "."]).exits(1).stdout();
    assert!(output.contains("   4:   default   = [\"<sensitive>\"]\n") && !output.contains("hunter"), "{output}");
}
