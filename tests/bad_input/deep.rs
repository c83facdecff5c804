//! Nesting, a hundred thousand deep.

use super::{BUILD, Case, check};

const DEEP: usize = 100_000;

/// What is said where the tree would be too deep.
const TOO_DEEP: &str = "Nesting too deep";

fn times(part: &str) -> String {
    part.repeat(DEEP)
}

#[test]
fn nested_expressions_are_refused() {
    let pairs = [
        ("brackets", "[", "1", "]"),
        ("parentheses", "(", "1", ")"),
        ("objects", "{a=", "1", "}"),
        ("object keys", "{(", "1", ")=1}"),
        ("negations", "-", "1", ""),
        ("nots", "!", "true", ""),
        ("calls", "abs(", "1", ")"),
        ("indexes", "a[", "0", "]"),
        ("templates", "\"${", "1", "}\""),
        ("conditions", "true ? ", "1", " : 2"),
        ("alternatives", "true ? 1 : ", "1", ""),
        ("for expressions", "[for x in ", "[]", " : x]"),
        ("for values", "[for x in [] : ", "1", "]"),
        ("sums", "1 + ", "1", ""),
        ("mixed operators", "1 + 2 * ", "1", ""),
        ("comparisons", "1 == ", "1", ""),
    ];
    check(
        pairs
            .map(|(name, open, inner, close)| {
                Case::local(name, format_args!("{}{inner}{}", times(open), times(close)), TOO_DEEP)
            })
            .into(),
    );
}

#[test]
fn what_is_nested_and_never_closed_is_refused() {
    let starts = ["[", "(", "{a=", "{(", "abs(", "a[", "\"${", "true ? ", "[for x in ", "<<E\n${", "{for x in "];
    check(starts.map(|start| Case::local(start, times(start), "Error: ")).into());
}

#[test]
fn long_chains_are_refused() {
    let steps = [".a", ".0", "[0]", "[*]", ".*", "[*].a", "[\"a\"]", "::a"];
    let chain = |step| Case::local(step, format_args!("local.y{}", times(step)), "Error: ");
    check(steps.map(chain).into());
}

#[test]
fn directives_in_directives_are_refused() {
    let text = format!("\"{}x{}\"", times("%{if true}"), times("%{endif}"));
    let loops = format!("\"{}x{}\"", times("%{for x in []}"), times("%{endfor}"));
    check(vec![Case::local("ifs", text, TOO_DEEP), Case::local("loops", loops, TOO_DEEP)]);
}

#[test]
fn blocks_in_blocks_are_refused() {
    let closed = format!("{}{}", times("a {\n"), times("}\n"));
    let inside = format!("source \"null\" \"n\" {{\n{}{}}}\n", times("a \"b\" {\n"), times("}\n"));
    check(vec![
        Case::hcl("blocks", closed, TOO_DEEP),
        Case::hcl("open blocks", times("a {\n"), "Error: "),
        Case::hcl("blocks in a source", inside, TOO_DEEP),
        Case::hcl("closing braces", times("}\n"), "Error: "),
        Case::hcl("one line", times("a { "), "Error: "),
    ]);
}

#[test]
fn nested_types_are_refused() {
    let of = |open: &str, close: &str| {
        format!("variable \"v\" {{\n  type = {}string{}\n  default = null\n}}\n{BUILD}", times(open), times(close))
    };
    check(vec![
        Case::hcl("lists", of("list(", ")"), TOO_DEEP),
        Case::hcl("objects", of("object({a=", "})"), TOO_DEEP),
        Case::hcl("tuples", of("tuple([", "])"), TOO_DEEP),
        Case::hcl("optionals", of("object({a=optional(", ")})"), TOO_DEEP),
    ]);
}

#[test]
fn nested_json_is_refused() {
    let deep = "JSON nested too deeply";
    let inside = |text: String| format!("{{\"locals\": {{\"x\": \"{text}\"}}}}");
    check(vec![
        Case::json("arrays", times("[") + &times("]"), deep),
        Case::json("open arrays", times("["), deep),
        Case::json("objects", times("{\"a\":") + "1" + &times("}"), deep),
        Case::json("blocks", format!("{{\"build\":{}{{}}{}}}", times("["), times("]")), deep),
        Case::json("templates", inside(times("${") + "1" + &times("}")), "Error: "),
        Case::json("brackets", inside(format!("${{{}{}}}", times("["), times("]"))), TOO_DEEP),
    ]);
}
