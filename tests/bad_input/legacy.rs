//! Legacy JSON templates.

use super::{Case, check, is_strict};

/// A legacy template that `validate` refuses, with `says` among what is said.
fn legacy(name: &'static str, text: impl Into<String>, says: &'static str) -> Case {
    Case { name, file: "t.json", text: text.into(), words: &["validate", "t.json"], says }
}

/// Returns a template with these variables and provisioners.
fn with(variables: &str, provisioners: &str) -> String {
    format!(
        "{{\"variables\": {{{variables}}}, \"provisioners\": [{provisioners}],\n\
         \"builders\": [{{\"type\": \"null\", \"communicator\": \"none\"}}]}}\n"
    )
}

#[test]
fn broken_legacy_templates_are_refused() {
    check(vec![
        legacy("trailing comma", "{\"builders\": [1,]}", "At line 1, column 17 (offset 17)"),
        legacy("doubles", "{\"builders\": [], \"builders\": []}", "twice"),
        legacy("deep", "[".repeat(100_000), "nested"),
        legacy("deep objects", "{\"a\":".repeat(100_000), "nested"),
        legacy("endless text", format!("{{\"description\": \"{}", "a".repeat(1 << 20)), "no closing quote"),
        legacy("unknown", "{\"builders\": [{\"type\": \"nul\"}]}", "Did you mean to use \"null\"?"),
        legacy("circle", with("\"a\": \"{{user `b`}}\", \"b\": \"{{user `a`}}\"", ""), "need each other"),
        legacy("itself", with("\"a\": \"{{user `a`}}x\"", ""), "need each other"),
        legacy("unclosed", with("\"a\": \"{{upper `x`\"", ""), "unclosed action"),
        legacy("endless", with("\"a\": \"{{range 9000000000}}{{end}}\"", ""), "runs too long"),
        legacy(
            "template in itself",
            with("\"a\": \"{{define `x`}}{{template `x`}}{{end}}{{template `x`}}\"", ""),
            "exceeded maximum template depth",
        ),
        legacy("deep template", with(&format!("\"a\": \"{}\"", "{{if 1}}".repeat(50_000)), ""), "nested"),
        legacy("deep brackets", with(&format!("\"a\": \"{{{{{}\"", "(".repeat(50_000)), ""), "nested"),
    ]);
}

#[test]
fn large_legacy_templates_are_read() {
    let size = if is_strict() { 50 << 20 } else { 2 << 20 };
    let line = format!("\"{}\",", "echo 0123456789 ".repeat(16));
    let lines = line.repeat(size / line.len());
    let step = format!("{{\"type\": \"shell-local\", \"inline\": [{}]}}", lines.trim_end_matches(','));
    let words = &["validate", "-syntax-only", "t.json"];
    check(vec![
        Case { words, ..legacy("lines", with("", &step), "") },
        Case { words, ..legacy("one text", with(&format!("\"a\": \"{}\"", "a".repeat(size)), ""), "") },
    ]);
}

#[test]
fn a_legacy_template_in_another_encoding_is_told_of() {
    let sandbox = crate::support::sandbox::Sandbox::new();
    let text: Vec<u8> = "{\"builders\": []}".encode_utf16().flat_map(u16::to_le_bytes).collect();
    std::fs::write(sandbox.work().join("t.json"), [&[0xff, 0xfe], &text[..]].concat()).expect("writable");
    sandbox.run(["validate", "t.json"]).exits(1).says("UTF-8");
}
