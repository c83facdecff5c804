//! Files, blocks, arguments, and what is said about wrong ones.

use super::*;

/// Returns the file, which must be right, and its sources.
fn file(text: &str) -> (File, SourceMap) {
    let sources = SourceMap::default();
    let id = sources.add("t", text);
    let (file, found) = parse(id, &sources);
    assert_eq!(shown(&found, &sources), [""; 0]);
    (file, sources)
}

#[test]
fn blocks_hold_labels_arguments_and_blocks() {
    let text = "source \"null\" a-b {\n  x = 1 # c\n  inner {}\n}\nbuild { y = 2 }\n";
    let (file, _) = file(text);
    let source = &file.body.blocks[0];
    assert_eq!(source.labels.iter().map(|l| &*l.text).collect::<Vec<_>>(), ["null", "a-b"]);
    assert_eq!(&text[source.header.range()], "source \"null\" a-b");
    assert_eq!(&text[source.span.range()], &text[..text.find("\nbuild").unwrap()]);
    assert_eq!(&text[source.body.span.unwrap().range()], "{\n  x = 1 # c\n  inner {}\n}");
    assert_eq!(&text[source.body.attributes[0].span.range()], "x = 1");
    assert_eq!(&text[source.body.blocks[0].span.range()], "inner {}");
    assert_eq!(&text[file.body.blocks[1].span.range()], "build { y = 2 }");
}

#[test]
fn byte_order_mark_and_windows_line_ends_are_accepted() {
    let (file, _) = file("\u{feff}locals {\r\n  x = 1\r\n}\r\n");
    assert_eq!(file.body.blocks[0].body.attributes.len(), 1);
}

#[test]
fn headers_name_the_outermost_block() {
    // DIA-2
    let text = "a = 1\nbuild {\n  source \"x\" {\n  }\n}\nb = 2";
    let (file, sources) = file(text);
    let header = |part: &str| sources.get(file.id).header_at(text.find(part).unwrap());
    assert_eq!(header("\"x\"").as_deref(), Some("build"));
    assert_eq!((header("a ="), header("b =")), (None, None));
}

#[test]
fn an_argument_given_twice_names_the_first_place() {
    // DIA-16
    let sources = SourceMap::default();
    let id =
        sources.add("t.pkr.hcl", "source \"null\" \"a\" {\n  communicator = \"none\"\n  communicator = \"none\"\n}\n");
    let (file, found) = parse(id, &sources);
    assert_eq!(shown(&found, &sources), ["3:3 Attribute redefined"]);
    assert!(found.iter().next().unwrap().detail.contains("t.pkr.hcl:2,3-15"));
    assert_eq!(file.body.blocks[0].body.attributes.len(), 1);
}

#[test]
fn an_argument_given_twice_is_found_among_many() {
    let lines: String = (0..40).map(|n| format!("a{n} = {n}\n")).collect();
    let sources = SourceMap::default();
    let id = sources.add("t", format!("{lines}a2 = 1\na39 = 1\n"));
    let (file, found) = parse(id, &sources);
    assert_eq!(shown(&found, &sources), ["41:1 Attribute redefined", "42:1 Attribute redefined"]);
    assert_eq!(file.body.attributes.len(), 40);
}

#[test]
fn a_file_that_is_wrong_everywhere_is_not_kept() {
    let sources = SourceMap::default();
    let id = sources.add("t", "a \"${b}\" {\n}\n".repeat(3000));
    let (file, found) = parse(id, &sources);
    assert_eq!((found.len(), found.left_out()), (1000, 2000));
    assert!(file.body.blocks.len() <= 1001, "{}", file.body.blocks.len());
}

#[test]
fn a_text_takes_little_room() {
    assert_eq!((size_of::<TemplatePart>(), size_of::<ExprKind>(), size_of::<Expr>()), (32, 24, 40));
}

#[test]
fn a_block_of_one_line_is_closed_on_its_line() {
    // DIA-17
    let sources = SourceMap::default();
    let id = sources.add("t.pkr.hcl", "build { sources = [\"null.a\"]\n}\n");
    let found = parse(id, &sources).1;
    let text = crate::diagnostics::render::render(found.iter().next().unwrap(), &sources);
    let want = "Error: Invalid single-argument block definition\n\n  on t.pkr.hcl line 1, in build:\n   1: build { sources \
                = [\"null.a\"]\n   2: }\n\n";
    assert!(text.starts_with(want), "{text}");
    assert_eq!(found.len(), 1);
}

#[test]
fn a_block_of_one_line_holds_one_argument_and_no_block() {
    // HCL-104
    let single = "Invalid single-argument block definition";
    assert_eq!(complaints("v { a = 1, b = 2 }"), [format!("1:10 {single}")]);
    assert_eq!(complaints("v { a = 1 b = 2 }"), [format!("1:11 {single}")]);
    assert_eq!(
        complaints("v { b \"x\" { a = 1 } }\nw { a = }"),
        [format!("1:5 {single}"), "2:9 Invalid expression".into()]
    );
}

#[test]
fn what_is_no_argument_and_no_block_is_said_once() {
    // DIA-31
    let required = "Argument or block definition required";
    assert_eq!(complaints("locals"), [format!("1:1 {required}")]);
    assert_eq!(
        complaints("l {\n x : 1\n x 1\n 1x = 1\n}"),
        [format!("2:2 {required}"), format!("3:2 {required}"), format!("4:2 {required}"),]
    );
    assert_eq!(complaints("l {\n \"x\" = 1\n}\n}"), ["2:2 Invalid argument name".into(), format!("4:1 {required}")]);
    assert_eq!(complaints("l {\n x =\n y = = 1\n}"), ["2:5 Invalid expression", "3:6 Invalid expression"]);
}

#[test]
fn a_block_needs_its_brace_on_its_line() {
    assert_eq!(complaints("source \"a\"\n{\n x = 1\n}\n"), ["1:11 Invalid block definition"]);
    assert_eq!(complaints("source \"a\" = 1\n"), ["1:12 Invalid block definition"]);
    assert_eq!(complaints("a {} b {}\n"), ["1:6 Missing newline after block definition"]);
    assert_eq!(complaints("v \"a-${1}\" {}\n"), ["1:8 Invalid string literal"]);
}

#[test]
fn an_open_block_is_named_at_its_header() {
    // DIA-33
    assert_eq!(complaints("build {\n  source \"x\" {\n    y = 1\n"), ["2:3 Unclosed configuration block"]);
    assert_eq!(complaints("build { y = 1"), ["1:1 Unclosed configuration block"]);
}

#[test]
fn characters_that_mean_nothing_are_explained() {
    // DIA-29, DIA-32
    assert_eq!(complaints("x = 'text'"), ["1:5 Invalid character", "1:5 Invalid expression"]);
    assert_eq!(complaints("x = `text`"), ["1:5 Invalid character", "1:5 Invalid expression"]);
    assert_eq!(complaints("x = 1;"), ["1:6 Invalid character", "1:6 Missing newline after argument"]);
    assert_eq!(complaints("x = “c”"), ["1:5 Invalid character", "1:7 Invalid character", "1:5 Invalid expression"]);
    assert_eq!(complaints("x = 1 & 2"), ["1:7 Unsupported operator", "1:7 Missing newline after argument"]);
    assert_eq!(complaints("x = 1 /* open"), ["1:7 Unterminated comment", "1:7 Missing newline after argument"]);
}

#[test]
fn reading_goes_on_after_a_forgotten_bracket() {
    assert_eq!(complaints("l {\n  x = [1, 2\n}\ny =\n"), ["3:1 Missing item separator", "4:4 Invalid expression"]);
    assert_eq!(complaints("x = [1, 2\ny = 3\nz =\n"), ["2:1 Missing item separator", "3:4 Invalid expression"]);
    assert_eq!(complaints("x = {\n a 1\n}\ny =\n"), ["2:4 Missing key/value separator", "4:4 Invalid expression"]);
    assert_eq!(
        complaints("l { x = upper(\"a\" }\ny =\n"),
        ["1:19 Missing argument separator", "2:4 Invalid expression"]
    );
}

#[test]
fn deep_nesting_is_refused_and_not_followed() {
    let many = 100_000;
    for (open, close) in [
        ("[", "]"),
        ("(", ")"),
        ("{a=", "}"),
        ("-", ""),
        ("f(", ")"),
        ("\"${", "}\""),
        ("a[", "]"),
        ("1+", ""),
        ("a?b:", ""),
        ("a[*].", ""),
    ] {
        let text = format!("x = {}1{}\ny =\n", open.repeat(many), close.repeat(many));
        assert_eq!(complaints(&text)[0][1..].split_once(' ').unwrap().1, "Nesting too deep", "{open}");
    }
    let blocks = complaints(&format!("{}{}", "a {\n".repeat(many), "}\n".repeat(many)));
    assert_eq!(blocks[0].split_once(' ').unwrap().1, "Nesting too deep");
}
