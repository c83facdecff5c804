//! The rules of the layout, and what no text may break.

use proptest::prelude::*;

use super::format;
use crate::diagnostics::SourceMap;
use crate::syntax::lexer::{Kind, scan_meaning};
use crate::syntax::parse;

/// Lays out each left text and compares it with the right one.
fn check(cases: &[(&str, &str)]) {
    for (text, want) in cases {
        assert_eq!(format(text), *want, "of {text:?}");
        assert_eq!(format(want), *want, "the second time");
    }
}

#[test]
fn operators_commas_and_brackets_have_their_spaces() {
    // FMT-14, FMT-15
    check(&[
        ("a=1+2*-3", "a = 1 + 2 * -3"),
        ("a=b?- 1:! c", "a = b ? -1 : !c"),
        ("a=f ( 1,[2 ,3] ... )", "a = f(1, [2, 3]...)"),
        ("a=b . c [ 0 ] . d.*.e", "a = b.c[0].d.*.e"),
        ("a={b=1,c:2}", "a = { b = 1, c : 2 }"),
        ("a=[for x in [y]:x]", "a = [for x in [y] : x]"),
        ("a=core :: f (1)", "a = core::f(1)"),
        ("b   \"x\"  y{}", "b \"x\" y {}"),
        ("a=/*c*/1/*d*/\n", "a = /*c*/ 1 /*d*/\n"),
    ]);
}

#[test]
fn lines_move_in_by_the_brackets_they_leave_open() {
    // FMT-10
    check(&[
        ("a {\nb {\n}\n  }\n", "a {\n  b {\n  }\n}\n"),
        ("a=[{\nb=1\n},{\nc=1\n}]\n", "a = [{\n  b = 1\n  }, {\n  c = 1\n}]\n"),
        ("a=f({\nb=1\n}\n)\n", "a = f({\n  b = 1\n  }\n)\n"),
        ("]\n}\na=1\n", "]\n}\na = 1\n"),
    ]);
}

#[test]
fn equals_signs_and_comments_of_neighbours_stand_below_each_other() {
    // FMT-11, FMT-12, FMT-13
    check(&[
        ("a=1\nlonger=2\n\nb=3\n", "a      = 1\nlonger = 2\n\nb = 3\n"),
        ("a=1\nbb=[\n]\nccc=3\n", "a = 1\nbb = [\n]\nccc = 3\n"),
        ("a=<<E\n x\nE\nbb=1\n", "a  = <<E\n x\nE\nbb = 1\n"),
        ("a=1 # x\nbb=22 // y\n", "a  = 1  # x\nbb = 22 // y\n"),
        ("b{# x\na=1# y", "b {     # x\n  a = 1 # y"),
        ("日本=1\nä\u{301}=2\nabc=3\n", "日本  = 1\nä\u{301}   = 2\nabc = 3\n"),
    ]);
}

#[test]
fn texts_comments_and_line_ends_stay() {
    // FMT-16, FMT-17
    check(&[
        ("a=\"x  ${ b }%{ if c ~}  y%{endif}\"", "a = \"x  ${b}%{if c~}  y%{endif}\""),
        ("a=\"${ {b=1}.b }\"", "a = \"${ { b = 1 }.b}\""),
        ("a=<<-E\n  x ${ b }  \n\tE  \nb=1", "a = <<-E\n  x ${b}  \n\tE  \nb = 1"),
        ("  #  x  \r\n\ta=1\r\n", "#  x  \r\na = 1\r\n"),
        ("\n\n  \na=1  \n\n  ", "\n\n\na = 1\n\n  "),
        ("", ""),
        ("  ", "  "),
    ]);
    assert_eq!(format("\u{feff}a=1"), "a = 1");
    assert_eq!(format("a=1\n\t\t"), "a = 1\n  ");
}

#[test]
fn numbers_and_points_are_not_joined_to_other_numbers() {
    check(&[
        ("a=b.0 . 1", "a = b.0 .1"),
        ("a=1 . e5", "a = 1 .e5"),
        ("a=b . 0 . c", "a = b.0.c"),
        ("a=f(1 ...)", "a = f(1...)"),
    ]);
}

#[test]
fn a_line_of_megabytes_moves_no_others() {
    let text = format!("{}=1\n{}", "a".repeat(1 << 20), "b=1\n".repeat(1000));
    let laid_out = format(&text);
    assert!(laid_out.ends_with("\nb = 1\nb = 1\n") && laid_out.len() < 2 << 20);
}

const BLANKS: [&str; 8] = ["", "", "", " ", "  ", "\t", " /* c */ ", "  "];
const ENDS: [&str; 6] = ["\n", "\n\n", " \n", "\r\n", " # c\n", "  // d \n"];
const PARTS: [&str; 10] =
    ["x", "é", "for", "1.5e3", "\"a  b\"", "\"${ x }%{if x}y%{ endif }\"", "<<E\n  ${ x }\nE\n", "null", "x.*.y", "-1"];

const OPERATORS: [&str; 12] = ["+", "-", "*", "/", "%", "==", "!=", "<", ">=", "&&", "||", "."];
const AROUND: [(&str, &str); 6] = [("(", ")"), ("f(", ")"), ("[", "]"), ("x [", "]"), ("{ k =", "}"), ("\"${", "}\"")];

fn blank() -> impl Strategy<Value = &'static str> {
    prop::sample::select(&BLANKS[..])
}

fn end() -> impl Strategy<Value = &'static str> {
    prop_oneof![3 => blank().boxed(), 1 => prop::sample::select(&ENDS[..]).boxed()]
}

/// Expressions, spaced in every way.
fn expression() -> impl Strategy<Value = String> {
    let leaf = prop::sample::select(&PARTS[..]).prop_map(str::to_owned);
    leaf.prop_recursive(4, 24, 3, |inner| {
        let binary = (inner.clone(), blank(), prop::sample::select(&OPERATORS[..]), blank(), inner.clone());
        let around = (prop::sample::select(&AROUND[..]), end(), inner.clone(), end());
        let list = (prop::collection::vec((inner.clone(), end()), 0..4), blank());
        prop_oneof![
            binary.prop_map(|(a, b, c, d, e)| [&a, b, c, d, &e].concat()),
            around.prop_map(|((open, close), a, b, c)| [open, a, &b, c, close].concat()),
            list.prop_map(|(all, blank)| all
                .iter()
                .fold(format!("[{blank}"), |text, (one, end)| text + one + end + ",")
                + "]"),
            (blank(), inner.clone()).prop_map(|(a, b)| ["!", a, &b].concat()),
            (inner.clone(), blank(), inner.clone(), inner)
                .prop_map(|(a, b, c, d)| [&a, b, "?", b, &c, b, ":", b, &d].concat()),
        ]
    })
}

fn body() -> impl Strategy<Value = String> {
    let line = (blank(), blank(), expression(), prop::sample::select(&ENDS[..]));
    let line = line.prop_map(|(a, b, value, end)| [a, "name", b, "=", b, &value, end].concat());
    let lines = prop::collection::vec(line, 0..5).prop_map(|lines| lines.concat());
    lines.prop_recursive(3, 12, 3, |inner| {
        (inner.clone(), end(), inner, blank())
            .prop_map(|(a, b, c, d)| [&a, "block  \"x\"", d, "{", b, "\n", &c, d, "}\n"].concat())
    })
}

/// Returns the tokens that mean something.
fn tokens(text: &str) -> Vec<(Kind, &str)> {
    scan_meaning(text).into_iter().map(|token| (token.kind, token.text(text))).collect()
}

fn is_template(text: &str) -> bool {
    let sources = SourceMap::default();
    let id = sources.add("t", text);
    !parse(id, &sources).1.has_errors()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn templates_keep_their_tokens_and_are_done_after_once(text in body()) {
        // FMT-18
        if is_template(&text) {
            let once = format(&text);
            prop_assert_eq!(tokens(&text), tokens(&once));
            prop_assert_eq!(format(&once), once);
        }
    }

    #[test]
    fn any_text_keeps_all_but_its_blanks(text in crate::syntax::tests::soup::soup()) {
        let squeezed = |text: &str| text.replace([' ', '\t', '\u{feff}'], "");
        prop_assert_eq!(squeezed(&format(&text)), squeezed(&text));
    }
}
