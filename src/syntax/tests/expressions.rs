//! Operators, calls, steps behind values, collections.

use super::*;

#[test]
fn operators_bind_in_their_order() {
    // HCL-108
    assert_eq!(tree("1 + 2 * 3 - 4"), "(Subtract (Add 1 (Multiply 2 3)) 4)");
    assert_eq!(tree("a || b && !c"), "(Or a (And b (Not c)))");
    assert_eq!(tree("1 < 2 == true"), "(Equal (Less 1 2) true)");
    assert_eq!(tree("5 - -2 % 3"), "(Subtract 5 (Modulo (Negate 2) 3))");
    assert_eq!(tree("-a.b[0]"), "(Negate a.b[0])");
    assert_eq!(tree("a || b ? 1 : c ? 2 : 3"), "(if (Or a b) 1 (if c 2 3))");
}

#[test]
fn steps_follow_any_value() {
    assert_eq!(tree("a.b[\"c\"].0[d]"), "a.b['c'].0[d]");
    assert_eq!(tree("{ a = 1 }.a"), "{a=1}.a");
    assert_eq!(tree("f(1)[0].x"), "f(1)[0].x");
    assert_eq!(wrong("x.1.0"), ["1:3 Invalid legacy index syntax"]);
    assert_eq!(wrong("x."), ["1:3 Invalid attribute name"]);
}

#[test]
fn splats_take_the_steps_that_belong_to_each_element() {
    // HCL-109
    assert_eq!(tree("a.*.b.0[1]"), "a.*<.b.0>[1]");
    assert_eq!(tree("a[*].b[0].c"), "a[*]<.b[0].c>");
    assert_eq!(tree("a[*].b[*].c"), "a[*]<.b[*]<.c>>");
    assert_eq!(tree("null[*]"), "null[*]<>");
    assert_eq!(wrong("a.*.b.*.c"), ["1:7 Nested splat expression not allowed"]);
}

#[test]
fn calls_take_commas_spread_and_namespaces() {
    assert_eq!(tree("f()"), "f()");
    assert_eq!(tree("a::b (1,\n 2,\n)"), "a::b(1 2)");
    assert_eq!(tree("max([1]...)"), "max([1])...");
    assert_eq!(wrong("max([1]..., 2)"), ["1:11 Missing closing parenthesis"]);
    assert_eq!(wrong("upper(\"a\" \"b\")"), ["1:11 Missing argument separator"]);
    assert_eq!(wrong("a::b"), ["1:1 Missing open parenthesis"]);
}

#[test]
fn object_keys_are_words_texts_numbers_or_in_parentheses() {
    let text = "{ a = 1, \"b c\" : 2\n (d) = 3\n 5 = 4, true : 6\n\n for = 7, l.k = 8, }";
    assert_eq!(tree(text), "{a=1 <'b c'>=2 <(d)>=3 <5>=4 true=6 for=7 <l.k>=8}");
    assert_eq!(wrong("{ a }"), ["1:5 Missing attribute value"]);
    assert_eq!(wrong("{ a = 1 b = 2 }"), ["1:9 Missing attribute separator"]);
    assert_eq!(wrong("{ a = 1"), ["1:1 Unterminated object constructor expression"]);
}

#[test]
fn for_makes_tuples_and_objects() {
    assert_eq!(tree("[for x in [1, 2] : x if x > 1]"), "for x [1 2] x if (Greater x 1)");
    assert_eq!(tree("{for k, v in m :\n v => k...\n if true}"), "for k,v m v=>k... if true");
    let summary = "Invalid 'for' expression";
    assert_eq!(wrong("[for x in [1] : x => 1]"), [format!("1:19 {summary}")]);
    assert_eq!(wrong("{ for x in [1] : x }"), [format!("1:20 {summary}")]);
    assert_eq!(wrong("[for 1 in [1] : 1]"), [format!("1:6 {summary}")]);
    assert_eq!(wrong("[for x of [1] : x]"), [format!("1:8 {summary}")]);
    assert_eq!(wrong("[for a in [1] a]"), [format!("1:15 {summary}")]);
}

#[test]
fn an_expression_must_be_whole() {
    assert_eq!(wrong("0x10"), ["1:2 Extra characters after expression"]);
    assert_eq!(wrong("1_000"), ["1:2 Extra characters after expression"]);
    assert_eq!(wrong(".5"), ["1:1 Invalid expression"]);
    assert_eq!(wrong(""), ["1:1 Invalid expression"]);
    assert_eq!(wrong("true ? 1"), ["1:6 Missing false expression in conditional"]);
    assert_eq!(wrong("(1"), ["1:3 Unbalanced parentheses"]);
    let index = "Missing close bracket on index";
    assert_eq!(wrong("a[1"), [format!("1:4 {index}")]);
    // Case diagnostics/incomplete-expressions.
    assert_eq!(complaints("x = a[1 2\n"), [format!("1:9 {index}"), format!("2:1 {index}")]);
}

#[test]
fn line_ends_mean_nothing_in_brackets_and_bare_expressions() {
    assert_eq!(tree("1\n+\n2"), "(Add 1 2)");
    assert_eq!(tree("[\n1\n,\n[\n]\n]"), "[1 []]");
    assert_eq!(complaints("x = 1\n+ 2\n"), ["2:1 Argument or block definition required"]);
    assert_eq!(complaints("x = {\n a = 1 +\n 2\n}"), ["2:9 Invalid expression"]);
}

#[test]
fn spans_reach_from_first_to_last_character() {
    let text = " f(1)[a] + (b) ? c : d.e[*] ";
    let sources = SourceMap::default();
    let id = sources.add("t", text);
    let expr = parse_expression(id, &sources).0;
    assert_eq!(&text[expr.span.range()], text.trim());
    let ExprKind::Conditional(parts) = expr.kind else { panic!("no conditional") };
    assert_eq!((&text[parts.condition.span.range()], &text[parts.otherwise.span.range()]), ("f(1)[a] + (b)", "d.e[*]"));
}
