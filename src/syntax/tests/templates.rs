//! Quoted texts, heredocs, directives, bare templates.

use super::*;

#[test]
fn escapes_are_decoded() {
    // HCL-105
    assert_eq!(tree(r#""a\nb\t\"\\\u00e9\U0001F600""#), "'a\nb\t\"\\é😀'");
    assert_eq!(tree(r#""$${x} $ $$ $x %%{y} %""#), "'${x} $ $$ $x %{y} %'");
    assert_eq!(tree(r#""e\u0301""#), "'é'");
    assert_eq!(tree(r#""""#), "''");
}

#[test]
fn wrong_escapes_are_named_one_by_one() {
    let invalid = "Invalid escape sequence";
    let found = complaints("x = \"a\\qb\\u12\\ud800\"\n");
    assert_eq!(found, [format!("1:7 {invalid}"), format!("1:10 {invalid}"), format!("1:14 {invalid}")]);
}

#[test]
fn interpolations_nest() {
    assert_eq!(tree(r#""x${"y${"z"}"}""#), "'x${'y${'z'}'}'");
    assert_eq!(tree("\"${\n{ a = 1 }\n}\""), "'${{a=1}}'");
    assert_eq!(complaints("x = \"$ ${} y\""), ["1:10 Invalid expression"]);
    assert_eq!(complaints("x = \"${upper(\"a\"}\""), ["1:17 Missing argument separator"]);
    assert_eq!(complaints("x = \"${a b}\""), ["1:10 Extra characters after interpolation expression"]);
}

#[test]
fn a_forgotten_quote_is_named_with_its_lines() {
    // DIA-28
    let (multi, open) = ("Invalid multi-line string", "Unterminated template string");
    let found = complaints("l {\n  x = \"abc\n}\n");
    assert_eq!(found, [format!("2:7 {multi}"), format!("3:1 {multi}"), format!("2:7 {open}")]);
    assert_eq!(complaints("x = \"one\ntwo\"\n"), [format!("1:5 {multi}"), format!("1:5 {open}")]);
    let after = complaints("x = \"abc\ny = \"d\"\nz =\n");
    let (first, second) = (format!("1:5 {multi}"), format!("2:8 {multi}"));
    assert_eq!(after, [first, format!("1:5 {open}"), "3:4 Invalid expression".into(), second]);
    let inner = complaints("l {\n  x = \"${upper(\"a\")\"\n}\n");
    assert_eq!(inner, [format!("2:20 {multi}"), format!("3:1 {multi}"), format!("2:20 {open}")]);
}

#[test]
fn heredocs_keep_text_and_strip_common_indentation() {
    // HCL-106
    assert_eq!(text_of("x = <<EOT\n  two\n\"q\" \\n $${k}\nEOT\n"), "  two\n\"q\" \\n ${k}\n");
    assert_eq!(text_of("x = <<-X\n      deep\n    less\n\n      deep\n    X\n"), "  deep\nless\n\n  deep\n");
    assert_eq!(text_of("x = <<-X\n\ttab\n\t\ttwo\n\tX\n"), "tab\n\ttwo\n");
    assert_eq!(text_of("x = <<-X\n    ${a}\n      next\n    X\n"), "${a}\n  next\n");
    assert_eq!(text_of("x = <<-X\n  a\n${b}\n  X\n"), "  a\n${b}\n");
    assert_eq!(text_of("x = <<X\nX\n"), "");
    assert_eq!(text_of("x = <<X\nXY\n    X\n"), "XY\n");
}

#[test]
fn an_open_heredoc_is_named_at_the_end_of_the_file() {
    // DIA-34
    assert_eq!(complaints("l {\n  x = <<E\ntext\n E and\n}\n"), ["6:1 Unterminated template string"]);
}

#[test]
fn tilde_strips_white_space_of_its_line_in_heredocs() {
    // HCL-107
    assert_eq!(tree(r#""a\n\n  ${~ "b" ~}\n\n c""#), "'a${'b'}c'");
    let text = "x = <<E\nlist:\n%{ for x in l ~}\n  - ${x}\n%{ endfor ~}\nend\nE\n";
    assert_eq!(text_of(text), "list:\n%for x l<  - ${x}\n>end\n");
    assert_eq!(text_of("x = <<E\n%{~ for x in l }\n  - ${x}\n%{~ endfor }\nE\n"), "%for x l<\n  - ${x}>\n");
}

#[test]
fn directives_nest() {
    assert_eq!(tree(r#""%{ if a }b%{ else }c%{ endif }d""#), "'%if a<b|c>d'");
    let text = r#""%{for i, x in l}%{if x}${i}%{endif}%{endfor}""#;
    assert_eq!(tree(text), "'%for i,x l<%if x<${i}|>>'");
}

#[test]
fn directives_without_partner_are_named() {
    assert_eq!(complaints("x = \"%{ for a in [1] }no end\""), ["1:29 Unexpected end of template"]);
    assert_eq!(complaints("x = \"%{ if true }yes\""), ["1:21 Unexpected end of template"]);
    assert_eq!(complaints("x = \"%{ endif }\""), ["1:6 Unexpected endif directive"]);
    assert_eq!(complaints("x = \"%{ else }\""), ["1:6 Unexpected else directive"]);
    assert_eq!(complaints("x = \"%{ for a in b }%{ endif }\""), ["1:21 Unexpected endif directive"]);
    assert_eq!(complaints("x = \"%{ nothing }\""), ["1:9 Invalid template directive"]);
}

#[test]
fn a_bare_template_needs_no_quotes() {
    let sources = SourceMap::default();
    let id = sources.add("t", "a \"${b}\"\n%{ if c }\\n%{ endif }\n");
    let (expr, found) = parse_template(id, &sources);
    assert!(found.is_empty());
    assert_eq!(short(&expr), "'a \"${b}\"\n%if c<\\n|>\n'");
    let id = sources.add("t", "");
    assert_eq!(short(&parse_template(id, &sources).0), "''");
    let id = sources.add("t", "a ${b");
    assert_eq!(shown(&parse_template(id, &sources).1, &sources).len(), 1);
}
