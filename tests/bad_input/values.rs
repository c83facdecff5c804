//! Expressions whose value would be endless.

use super::{BUILD, Case, check};

#[test]
fn a_number_with_a_million_digits_has_an_end() {
    let digits = "9".repeat(1_000_000);
    check(vec![
        Case::local("digits", &digits, ""),
        Case::local("fraction", format_args!("0.{digits}"), ""),
        Case::local("index", format_args!("[1][{digits}]"), "Error: "),
        Case::local("step", format_args!("[1].{digits}"), "Error: "),
        Case::local("text to number", format_args!("\"{digits}\" * 1"), ""),
        Case::local("parseint", format_args!("parseint(\"{digits}\", 10)"), "Error: "),
        Case::json("json", format!("{{\"locals\": {{\"x\": {digits}}}}}"), "Missing build block"),
        Case::local("exponent to text", "length(\"a${1e1000000000}\") > 0", ""),
        Case::local("negative exponent to text", "length(\"a${1e-1000000000}\") > 0", ""),
        Case::local("sum of unlike numbers", "1e1000000000 + 1e-1000000000 > 0", ""),
        Case::local("power", "pow(10, 1e18) > 0", ""),
    ]);
}

#[test]
fn lists_without_end_are_refused() {
    let list = "range(1000)";
    check(vec![
        Case::local("range", "range(1e9)", "Error: "),
        Case::local("small steps", "range(0, 1, 1e-12)", "Error: "),
        Case::local("backwards", "range(1e18, 0, -1)", "Error: "),
        Case::local("no step", "range(0, 10, 0)", "Error: "),
        Case::local("setproduct", format_args!("setproduct({list}, {list}, {list}, {list})"), "Error: "),
        Case::local("width", "format(\"%1000000000d\", 1)", "Error: "),
        Case::local("precision", "format(\"%.1000000000f\", 1)", "Error: "),
        Case::local("width from an argument", "format(\"%*d\", 1e12, 1)", "Error: "),
        Case::local("indent", "indent(1e9, \"a\\nb\")", "Error: "),
    ]);
}

#[test]
fn a_regular_expression_has_an_end() {
    let text = "a".repeat(100_000);
    check(vec![
        Case::local("backtracking", format_args!("regex(\"(a+)+$\", \"{text}b\")"), "Error: "),
        Case::local("alternatives", format_args!("regexall(\"(a|aa)+$\", \"{text}b\")"), ""),
        Case::local("repetitions", "regex(\"((a{100}){100}){100}\", \"a\")", "Error: "),
        Case::local(
            "nesting",
            format_args!("regex(\"{}a{}\", \"a\")", "(".repeat(10_000), ")*".repeat(10_000)),
            "Error: ",
        ),
        Case::local("replacement", format_args!("replace(\"{text}b\", \"/(a*)*c/\", \"\")"), ""),
    ]);
}

#[test]
fn a_template_that_renders_itself_is_refused() {
    let text = format!("locals {{\n  x = templatefile(\"t.pkr.hcl\", {{}})\n}}\n{BUILD}");
    check(vec![Case::hcl(
        "itself",
        text.replace("{}", "{ a = \"${templatefile(\\\"t.pkr.hcl\\\", {})}\" }"),
        "Error: ",
    )]);
}
