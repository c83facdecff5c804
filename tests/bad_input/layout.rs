//! What `fmt` is given that nobody would write.

use super::large::large;
use super::{Case, check};

const WORDS: &[&str] = &["fmt", "-write=false", "t.pkr.hcl"];

fn fmt(name: &'static str, text: impl Into<String>, says: &'static str) -> Case {
    Case { words: WORDS, ..Case::hcl(name, text, says) }
}

#[test]
fn large_texts_are_laid_out() {
    let names = |n| format!("name{n}=\"value ${{ var.x }}\" # {n}\n");
    let long_name = format!("{}=1 # a\n{}", "a".repeat(1 << 20), large(|n| format!("b{n}=1 # b\n")));
    check(vec![
        fmt("one line", format!("x=[{}]", large(|n| format!("\"text {n}\" ,"))), ""),
        fmt("one text", format!("x=\"{}\"", large(|_| "é${ a }".into())), ""),
        fmt("arguments", large(names), ""),
        fmt("a long name among short ones", long_name, ""),
        fmt("line ends", large(|_| "\n".into()), ""),
        fmt("comments", large(|_| "  // c\n".into()), ""),
        fmt("blocks", large(|n| format!("b \"{n}\"  {{\n  x={{ y=[{n}] }}\n}}\n")), ""),
    ]);
}

#[test]
fn what_is_no_template_is_told() {
    check(vec![
        fmt("brackets that open", "a = ".to_owned() + &"[".repeat(1 << 20), "Error: "),
        fmt("brackets that close", "}])".repeat(1 << 18), "Error: "),
        fmt("texts in texts", "a = ".to_owned() + &"\"${".repeat(1 << 18), "Error: "),
        fmt("deep nesting", format!("a = {}{}", "[\n".repeat(2000), "]\n".repeat(2000)), "Error: "),
        fmt("NUL", "a = \0\n", "line 1"),
        fmt("UTF-16", "a\0=\x001\0\n\0", "Error: "),
        fmt("a heredoc without end", "a = <<E\n".to_owned() + &"x\n".repeat(1 << 18), "Error: "),
    ]);
}

#[test]
fn nesting_as_deep_as_the_parser_goes_is_laid_out() {
    check(vec![fmt("deep", format!("a = {}{}", "[\n".repeat(200), "]\n".repeat(200)), "")]);
}
