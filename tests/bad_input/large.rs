//! Large texts, and texts with many of something.

use std::fmt::Write as _;

use super::{BUILD, Case, check, is_strict};

/// Returns how many bytes a large template has: ten megabytes, and two where reading them takes ten times as long.
fn large_size() -> usize {
    if is_strict() { 10 << 20 } else { 2 << 20 }
}

/// Returns what `part` makes of 0, 1, 2, …, until it is large.
pub fn large(part: impl Fn(usize) -> String) -> String {
    let mut text = String::with_capacity(large_size() + 1000);
    for number in 0.. {
        if text.len() >= large_size() {
            break;
        }
        text += &part(number);
    }
    text
}

fn many(count: usize, part: impl Fn(usize) -> String) -> String {
    (0..count).map(part).collect()
}

#[test]
fn ten_megabytes_of_blocks_are_read() {
    let block = |n| {
        format!(
            "source \"null\" \"n{n}\" {{\n  # A machine that is there already.\n  communicator = \"none\"\n  ssh_host = \
             \"host-${{var.region}}-{n}.example.com\"\n  ssh_timeout = \"{n}m\"\n  tags = {{ number = {n}, name = \"n{n}\" }}\n}}\n\n"
        )
    };
    let text = large(block);
    let words = &["validate", "-syntax-only", "t.pkr.hcl"];
    check(vec![
        Case { words, ..Case::hcl("blocks", text, "") },
        Case { words, ..Case::hcl("comment", large(|_| "# Nothing is said here.\n".into()) + BUILD, "") },
        Case { words, ..Case::hcl("one text", format!("locals {{\n  x = \"{}\"\n}}\n", "a".repeat(large_size())), "") },
        Case {
            words,
            ..Case::hcl("heredoc", format!("locals {{\n  x = <<-E\n{}E\n}}\n", large(|_| "    text\n".into())), "")
        },
        Case {
            words,
            ..Case::hcl(
                "list",
                format!("locals {{\n  x = [{}]\n}}\n", large(|n| format!("\"host-{n}.example.com\", "))),
                "",
            )
        },
    ]);
}

#[test]
fn ten_megabytes_of_values_are_validated() {
    let locals = |part: &dyn Fn(usize) -> String| format!("locals {{\n{}}}\n{BUILD}", large(part));
    let value = |open, part: &dyn Fn(usize) -> String, close| {
        format!("locals {{\n  x = {open}{}{close}\n}}\n{BUILD}", large(part))
    };
    let variable = |n| format!("variable \"v{n}\" {{\n  default = {n}\n}}\n");
    let step = |_| "  provisioner \"shell-local\" {\n    inline = [\"true\"]\n  }\n".to_owned();
    let source = |n| format!("source \"null\" \"s{n}\" {{\n  communicator = \"none\"\n}}\n");
    check(vec![
        Case::hcl("locals", locals(&|n| format!("  a{n} = {n}\n")), ""),
        Case::hcl("texts", locals(&|n| format!("  a{n} = \"text {n}\"\n")), ""),
        Case::hcl("numbers", value("[", &|n| format!("{n}, "), "]"), ""),
        Case::hcl("texts in a list", value("[", &|n| format!("\"s{n}\",\n"), "]"), ""),
        Case::hcl("members", value("{", &|n| format!("k{n} = \"v\", "), "}"), ""),
        Case::hcl("variables", large(variable) + BUILD, ""),
        Case::hcl("sources", large(source) + BUILD, ""),
        Case::hcl("provisioners", BUILD.trim_end_matches("}\n").to_owned() + &large(step) + "}\n", ""),
    ]);
}

#[test]
fn ten_megabytes_that_are_wrong_everywhere_are_refused() {
    let lines = [
        ("operators", "x = = 1\n"),
        ("quotes", "x = \"abc\n"),
        ("braces", "x = {\n"),
        ("brackets", "x = [ 1, 2\n"),
        ("closing", ") ] }\n"),
        ("characters", "' ; ' & ^ \u{a0}\n"),
        ("heredocs", "x = <<E\n"),
        ("bytes", "\u{0} \u{1} \u{fffd} \n"),
        ("headers", "a \"b\"\n"),
        ("labels", "a \"${b}\" {\n}\n"),
        ("interpolations", "x = \"${a b}\"\n"),
        ("one line", "x = 1, "),
        ("quotes in one line", "\"${"),
        ("directives", "x = \"%{ if a }%{ else }%{ else }\"\n"),
        ("comment", "/* "),
        ("for", "x = [for a in b c]\n"),
        ("escapes", "x = \"\\q\\u12\"\n"),
    ];
    check(lines.map(|(name, line)| Case::hcl(name, large(|_| line.into()), "Error: ")).into());
}

#[test]
fn ten_megabytes_of_broken_json_are_refused() {
    let parts = ["{\"a\": ", "[1 2], ", "'a' ", "{\"a\" = 1}\n", "// c\n", "\"\\q\", ", "x", "[", "\"a\": {},\n", "1,"];
    check(parts.map(|part| Case::json(part, large(|_| part.into()), "Error: ")).into());
}

#[test]
fn many_of_a_kind_are_no_trouble() {
    let count = 100_000;
    let attributes = many(count, |n| format!("  a{n} = {n}\n"));
    let twice = many(10_000, |_| "  a = 1\n".into());
    check(vec![
        Case::hcl("locals", format!("locals {{\n{attributes}}}\n{BUILD}"), ""),
        Case::hcl(
            "unknown arguments",
            format!("source \"null\" \"n\" {{\n{attributes}}}\nbuild {{\n  sources = [\"null.n\"]\n}}\n"),
            "Error: ",
        ),
        Case::hcl("unknown arguments on top", attributes.clone(), "Error: "),
        Case::hcl("unknown blocks", many(10_000, |n| format!("a{n} {{\n}}\n")), "Error: "),
        Case::hcl(
            "undeclared variables",
            format!("locals {{\n{}}}\n{BUILD}", many(10_000, |n| format!("  a{n} = var.b{n}\n"))),
            "Error: ",
        ),
        Case::hcl(
            "undeclared locals",
            format!("locals {{\n{}}}\n{BUILD}", many(10_000, |n| format!("  a{n} = local.b{n}\n"))),
            "Error: ",
        ),
        Case::hcl(
            "unknown functions",
            format!("locals {{\n{}}}\n{BUILD}", many(10_000, |n| format!("  a{n} = f{n}()\n"))),
            "Error: ",
        ),
        Case::hcl("a name set twice", format!("locals {{\n{twice}}}\n{BUILD}"), "Attribute redefined"),
        Case::hcl("locals defined twice", many(10_000, |_| "locals {\n  a = 1\n}\n".into()) + BUILD, "Duplicate local"),
        Case::hcl(
            "variables declared twice",
            many(10_000, |_| "variable \"a\" {\n  default = 1\n}\n".into()) + BUILD,
            "Duplicate variable",
        ),
        Case::hcl(
            "sources declared twice",
            many(10_000, |_| "source \"null\" \"n\" {\n}\n".into()) + BUILD,
            "Duplicate source",
        ),
        Case::hcl(
            "variables",
            many(10_000, |n| format!("variable \"v{n}\" {{\n  type = string\n  default = \"{n}\"\n}}\n")) + BUILD,
            "",
        ),
        Case::hcl(
            "variables without a value",
            many(10_000, |n| format!("variable \"v{n}\" {{\n}}\n")) + BUILD,
            "Error: ",
        ),
        Case::hcl(
            "a cycle of locals",
            format!("locals {{\n{}}}\n{BUILD}", many(10_000, |n| format!("  a{n} = local.a{}\n", (n + 1) % 10_000))),
            "Cycle",
        ),
        Case::hcl("labels", format!("source {} {{\n}}\n", many(count, |n| format!("\"a{n}\" "))), "Error: "),
        Case::hcl("equal keys", format!("locals {{\n  x = {{{}}}\n}}\n{BUILD}", "a = 1, ".repeat(count)), ""),
    ]);
}

#[test]
fn a_long_name_is_no_trouble() {
    let name = "n".repeat(1 << 20);
    let mut other = name.clone();
    let _ = write!(other, "o");
    check(vec![
        Case::hcl("argument", format!("{name} = 1\n"), "Error: "),
        Case::hcl("block", format!("{name} {{\n}}\n"), "Error: "),
        Case::hcl(
            "label",
            format!("source \"{name}\" \"{name}\" {{\n}}\nbuild {{\n  sources = [\"{name}.{name}\"]\n}}\n"),
            "Error: ",
        ),
        Case::hcl("local", format!("locals {{\n  {name} = 1\n  b = local.{other}\n}}\n{BUILD}"), "Error: "),
        Case::hcl(
            "variable",
            format!("variable \"{name}\" {{\n  default = 1\n}}\nlocals {{\n  b = var.{other}\n}}\n{BUILD}"),
            "Error: ",
        ),
        Case::hcl("type", format!("variable \"v\" {{\n  type = {name}\n}}\n{BUILD}"), "Error: "),
        Case::local("function", format_args!("{name}(1)"), "Error: "),
        Case::local("attribute", format_args!("{{ a = 1 }}.{name}"), "Error: "),
        Case::json("member", format!("{{\"{name}\": 1}}"), "Error: "),
    ]);
}
