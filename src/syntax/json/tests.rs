//! JSON in templates and variable files: what is read, where it stands, what is wrong.

use super::*;
use crate::syntax::ast::{ExprKind, TemplatePart};

fn read_text(text: &str) -> (Body, Vec<(usize, String)>) {
    let sources = SourceMap::default();
    let id = sources.add("v.json", text);
    let (body, diagnostics) = parse_values(id, &sources);
    let line = |d: &Diagnostic| sources.get(id).position(d.span.unwrap().start as usize).line;
    (body, diagnostics.iter().map(|d| (line(d), d.summary.clone())).collect())
}

fn template(text: &str) -> (File, Vec<Diagnostic>) {
    let sources = SourceMap::default();
    let id = sources.add("t.pkr.json", text);
    let (file, diagnostics) = parse(id, &sources);
    (file, diagnostics.into_iter().collect())
}

#[test]
fn members_become_arguments_with_literal_texts_and_comments_go() {
    // CLI-52, HCL-4
    let (body, problems) = read_text("{ \"//\": 1, \"s\": \"${x} \\u00e9\",\n \"n\": -1.50, \"l\": [true, null, {}] }");
    assert!(problems.is_empty(), "{problems:?}");
    let names: Vec<&str> = body.attributes.iter().map(|a| &*a.name.text).collect();
    assert_eq!(names, ["s", "n", "l"]);
    let ExprKind::Template(template) = &body.attributes[0].expr.kind else { panic!("a text") };
    assert!(matches!(&template.parts[..], [TemplatePart::Literal(text, _)] if &**text == "${x} é"));
}

#[test]
fn what_cannot_be_read_is_reported_at_its_line() {
    // CLI-50
    for (text, lines) in [
        ("{\n \"n\": 1\n \"m\": 2\n}", &[3, 4, 1][..]),
        ("[1]", &[1]),
        ("\"n\"", &[1]),
        ("", &[1]),
        ("{\"a\":\n tru}", &[2]),
        ("{\"a\": {\n\"b\": 1,\n}}", &[2]),
        ("{\"a\": 1,\n \"a\": 2}", &[2]),
    ] {
        let (_, problems) = read_text(text);
        assert_eq!(problems.iter().map(|p| p.0).collect::<Vec<_>>(), lines, "{text:?}: {problems:?}");
    }
}

#[test]
fn one_run_tells_every_mistake_of_a_file() {
    let text = "{\n // no\n 'a': 01,\n b: [1 2],\n \"c\" = tru,\n \"d\": {\"e\": 1,},\n \"f\": \"\\q\"\n";
    let (_, problems) = read_text(text);
    let lines: Vec<usize> = problems.iter().map(|p| p.0).collect();
    assert_eq!(lines, [2, 3, 3, 4, 4, 5, 5, 6, 7, 1], "{problems:?}");
}

#[test]
fn places_inside_a_text_are_those_of_the_file() {
    let text = "{ \"a\": \"t\\t\\u00e9 ${x.y}\" }";
    let (file, problems) = template(text);
    assert!(problems.is_empty(), "{problems:?}");
    let ExprKind::Template(read) = &file.body.attributes[0].expr.kind else { panic!("a text") };
    let Some(TemplatePart::Interpolation(expr)) = read.parts.get(1) else { panic!("{read:?}") };
    assert_eq!(&text[expr.span.range()], "x.y");
    let text = "{ \"a\": \"\\\"\\n${upper(}\" }";
    let (file, problems) = template(text);
    assert!(problems.is_empty(), "who evaluates it tells: {problems:?}");
    let ExprKind::Unread(problems) = &file.body.attributes[0].expr.kind else { panic!("no template") };
    assert_eq!(&text[problems.iter().next().unwrap().span.unwrap().range()], "}");
}

#[test]
fn blocks_may_be_objects_or_arrays_at_any_level() {
    // HCL-4
    let text = "{ \"s\": [{ \"t\": { \"a\": {}, \"b\": [{}, {\"//\": 1, \"x\": 2}] } }, { \"u\": { \"c\": null } }], \"y\": 1 }";
    let (file, _) = template(text);
    let mut problems = Diagnostics::new();
    let body = file.body.unfolded(&|kind| (kind == "s").then_some(2), &mut problems);
    assert!(problems.is_empty());
    let label = |block: &crate::syntax::ast::Block| {
        block.labels.iter().map(|l| l.text.to_string()).collect::<Vec<_>>().join(".")
    };
    assert_eq!(body.blocks.iter().map(label).collect::<Vec<_>>(), ["t.a", "t.b", "t.b"]);
    assert_eq!(body.blocks[2].body.attributes.len(), 1);
    assert_eq!(body.attributes.len(), 1);
}

#[test]
fn what_is_no_block_is_reported() {
    for (text, summary) in [
        ("{ \"s\": 5 }", "Incorrect JSON value type"),
        ("{ \"s\": {} }", "Missing block label"),
        ("{ \"s\": { \"t\": [1] } }", "Incorrect JSON value type"),
        ("{ \"y\": 1, \"y\": 2 }", "Duplicate argument"),
    ] {
        let mut problems = Diagnostics::new();
        template(text).0.body.unfolded(&|kind| (kind == "s").then_some(1), &mut problems);
        assert_eq!(problems.iter().map(|p| &*p.summary).collect::<Vec<_>>(), [summary], "{text}");
    }
}

#[test]
fn what_breaks_off_anywhere_is_reported_however_much_is_wrong() {
    // Twenty mistakes end the reading in the middle of whatever the next one is; a text may end in its escape.
    let many = "'a'\n".repeat(19);
    for end in ["'b", "\"b\" = 1", "01", "tru", "# c", "/* c", "\"\\", "\"a\\é", "{\"a\"=", "['b' 'c']"] {
        let text = format!("[{many}{end}");
        assert!(read_text(&text).1.len() > 15, "{text}");
        assert!(!read_text(end).1.is_empty() && !read_text(&format!("{{{end}")).1.is_empty(), "{end}");
    }
}
