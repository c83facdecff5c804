//! What templates give, and how Go words what is wrong with them: one table, recorded from the reference's console.
//!
//! Runs no component.

use super::*;

/// A text of a console whose only variable is `a`, and what comes of it.
const TABLE: &[(&str, &str)] = &[
    // JSON-53: literals, trim markers, comments
    (
        "{{1000000.0}} {{1234567.5}} {{0.00001}} {{100000.0}} {{1.50}} {{1e3}}",
        "1e+06 1.2345675e+06 1e-05 100000 1.5 1000",
    ),
    ("{{0x1F}} {{0b11}} {{017}} {{0o17}} {{1_0}} {{.5}} {{-.5}} {{1e-7}}", "31 3 15 15 10 0.5 -0.5 1e-07"),
    ("{{'\\u00e9'}} {{'\\x41'}} {{\"\\101\"}} {{'a'}} {{1i}} {{1.5i}}", "233 65 A 97 (0+1i) (0+1.5i)"),
    ("{{\"\\u00e9\\x41\"}} {{`a\\n`}} }} {{ \"}}\" }} {{`}}`}} {x}", "éA a\\n }} }} }} {x}"),
    ("{{true}} {{false}} {{- 1 -}} x{{/* c */}}a{{- /* d */ -}} b", "true false1xab"),
    // JSON-54: fields
    (
        "{{.}} {{$}} {{.A.B}} {{.A.B \"x\"}} {{$.X}} {{ $x := .Q }}[{{ $x.Z }}]",
        "<no value> <no value> <no value> <no value> <no value> [<no value>]",
    ),
    // JSON-56: pipelines
    ("{{user \"a\"|upper}} {{2 | split \"x;y;z\" \";\"}} {{split \"a,b\" \",\" 1e0}}", "VA z b"),
    // JSON-57: blocks and variables
    ("{{if true}}a{{else if false}}b{{else}}c{{end}}{{if eq 1 1 | not}}n{{else}}e{{end}}", "ae"),
    ("{{range $i := 3}}{{$i}}{{end}}{{range 0}}x{{else}}none{{end}}", "012none"),
    ("{{range 9}}{{if eq . 2}}{{continue}}{{end}}{{if gt . 4}}{{break}}{{end}}{{.}}{{end}}", "0134"),
    ("{{$x := 1}}{{if true}}{{$x = 2}}{{end}}{{$x}}{{if true}}{{$x := 3}}{{end}}{{$x}}", "22"),
    (
        "{{with 1}}{{.}}{{else}}x{{end}}{{with $v := \"q\"}}{{$v}}{{end}}{{with ``}}a{{else with `b`}}{{.}}{{end}}",
        "1qb",
    ),
    (
        "{{define \"x\"}}{{.}}{{end}}{{template \"x\" \"y\"}}{{template \"x\"}}{{block \"b\" \"d\"}}[{{.}}]{{end}}",
        "y<no value>[d]",
    ),
    // JSON-58: Go's functions
    (
        "{{print nil true}} {{print 1 2 \"a\" 3 \"b\" \"c\" 4.5 5}} {{println 1 \"a\" nil}}.",
        "<nil> true 1 2a3bc4.5 5 1 a <nil>\n.",
    ),
    (
        "{{printf \"%v %s %d\" nil nil \"x\"}} {{printf \"%s\"}} {{printf \"x\" 1}}",
        "<nil> %!s(<nil>) %!d(string=x) %!s(MISSING) x%!(EXTRA int=1)",
    ),
    (
        "{{printf \"%d %5.1f|%-4d|%+d|%x|%X|%o|%b|%c\" 3 2.25 7 8 255 255 8 5 65}} {{printf \"100%\"}}",
        "3   2.2|7   |+8|ff|FF|10|101|A 100%!(NOVERB)",
    ),
    ("{{or 0 \"\" nil}} {{and 1 0 2}} {{and \"a\" \"b\"}} {{not 0}}", "<no value> 0 b true"),
    ("{{eq \"a\" \"b\" \"a\"}} {{eq 'a' 97}} {{eq nil 1}} {{eq nil nil}} {{ne 1 2}}", "true true false true true"),
    ("{{gt 2.5 1.5}} {{ge \"b\" \"a\"}} {{le 1 1}} {{lt \"B\" \"a\"}}", "true true true true"),
    ("{{index \"abc\" 1}} {{slice \"abcdef\" 2}} {{slice \"abcdef\" 1 3}} {{len \"héllo\"}}", "98 cdef bc 6"),
    (
        "{{urlquery \"a b\" 1}} {{html \"<\" \">\"}} {{js \"'<>&=\\n\"}} {{html 1}} {{html nil}}",
        "a+b1 &lt;&gt; \\'\\u003C\\u003E\\u0026\\u003D\\u000A 1 &lt;no value&gt;",
    ),
    // JSON-60: what cannot be parsed
    ("a{{end}}", "!1: unexpected {{end}}"),
    ("a{{else}}", "!1: unexpected {{else}}"),
    ("{{if true}}", "!1: unexpected EOF"),
    ("{{if true}}{{else}}{{else}}{{end}}", "!1: expected end; found {{else}}"),
    ("{{upper `x` } }", "!1: unexpected \"}\" in operand"),
    ("x\n{{upper `x`", "!2: unclosed action"),
    ("{{upper `x\n", "!1: unterminated raw quoted string"),
    ("{{upper \"x", "!1: unterminated quoted string"),
    ("{{'", "!1: unterminated character constant"),
    ("{{'ab'}}", "!1: malformed character constant: 'ab'"),
    ("{{\"\\q\"}}", "!1: invalid syntax"),
    ("{{}}", "!1: missing value for command"),
    ("{{ | upper}}", "!1: unexpected \"|\" in command"),
    ("{{\"a\" | 1}}", "!1: non executable command in pipeline stage 2"),
    ("{{ ( 1 }}", "!1: unclosed left paren"),
    ("{{1a}}", "!1: bad number syntax: \"1a\""),
    ("{{09}}", "!1: integer overflow: \"09\""),
    ("{{ user x }}", "!1: function \"x\" not defined"),
    ("{{$x}}", "!1: undefined variable \"$x\""),
    ("{{upper#}}", "!1: bad character U+0023 '#'"),
    ("{{/* c */ }}", "!1: comment ends before closing delimiter"),
    ("{{/* c", "!1: unclosed comment"),
    ("{{break}}", "!1: {{break}} outside {{range}}"),
    ("{{`abc`.X}}", "!1: unexpected . after term \"`abc`\""),
    ("{{template x}}", "!1: unexpected \"x\" in template clause"),
    ("{{block \"b\"}}x{{end}}", "!1: missing value for block clause"),
    ("{{define \"q\"}}1{{end}}{{define \"q\"}}2{{end}}", "!1: template: multiple definition of template \"q\""),
    ("{{ if }}x{{end}}", "!1: missing value for if"),
    // JSON-60: what fails while it runs
    ("{{upper 1}}", "!1:8: executing \"root\" at <1>: expected string; found 1"),
    ("{{upper .X}}", "!1:8: executing \"root\" at <.X>: invalid value; expected string"),
    ("{{.X | upper}}", "!1:7: executing \"root\" at <upper>: invalid value; expected string"),
    ("{{1 | upper}}", "!1:6: executing \"root\" at <upper>: wrong type for value; expected string; got int"),
    ("{{split \"a\" \"b\" \"1\"}}", "!1:16: executing \"root\" at <\"1\">: expected integer; found \"1\""),
    ("{{user}}", "!1:2: executing \"root\" at <user>: wrong number of args for user: want 1 got 0"),
    ("{{and}}", "!1:2: executing \"root\" at <and>: wrong number of args for and: want at least 1 got 0"),
    (
        "{{eq 1 \"a\"}}",
        "!1:2: executing \"root\" at <eq 1 \"a\">: error calling eq: incompatible types for comparison: int and string",
    ),
    (
        "{{index \"abc\" 5}}",
        "!1:2: executing \"root\" at <index \"abc\" 5>: error calling index: index out of range: 5",
    ),
    ("{{if nil}}x{{end}}", "!1:5: executing \"root\" at <nil>: nil is not a command"),
    ("{{range \"abc\"}}x{{end}}", "!1:8: executing \"root\" at <\"abc\">: range can't iterate over abc"),
    ("{{template \"x\"}}", "!1:11: executing \"root\" at <{{template \"x\"}}>: template \"x\" not defined"),
    ("{{(upper `a`).X}}", "!1:9: executing \"root\" at <`a`>: can't evaluate field X in type string"),
    (
        "{{(upper \"a\") \"b\"}}",
        "!1:2: executing \"root\" at <(upper \"a\") \"b\">: can't give argument to non-function upper \"a\"",
    ),
    ("{{\"x\" \"y\"}}", "!1:2: executing \"root\" at <\"x\">: can't give argument to non-function \"x\""),
    ("x\ny {{ env `H` }}", "!2:5: executing \"root\" at <env `H`>: error calling env: env vars are not allowed here"),
    ("{{build_name}}", "!1:2: executing \"root\" at <build_name>: error calling build_name: build_name not available"),
    ("{{$x = 1}}", "!1:7: executing \"root\" at <1>: undefined variable: $x"),
    (
        "{{define \"x\"}}{{template \"x\"}}{{end}}{{template \"x\"}}",
        "!1:25: executing \"x\" at <{{template \"x\"}}>: exceeded maximum template depth (100)",
    ),
];

#[test]
fn the_table_holds() {
    let host = Host::fixed(std::path::Path::new("/work"), &[]);
    let user = HashMap::from([("a".into(), "va".into())]);
    let legacy = Some(Arc::new(Legacy { user, template_dir: "/work".to_owned() }));
    let engine = Engine { host, build_name: String::new(), build_type: String::new(), legacy };
    let mut wrong = Vec::new();
    for (text, wanted) in TABLE {
        let found = match engine.render(text, &Fields::default()) {
            Ok(text) => text,
            Err(reason) => reason.replacen("template: root:", "!", 1),
        };
        if found != *wanted {
            wrong.push(format!("{text}\n  wanted {wanted}\n  found  {found}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_runs_for_ever_is_ended() {
    let host = Host::fixed(std::path::Path::new("/"), &[]);
    let engine = Engine { host, build_name: String::new(), build_type: String::new(), legacy: None };
    for text in [
        "{{range 9000000000}}{{end}}",
        "{{range 3000}}{{range 3000}}{{end}}{{end}}",
        "{{define \"x\"}}{{template \"x\"}}{{template \"x\"}}{{end}}{{template \"x\"}}",
    ] {
        assert!(engine.render(text, &Fields::default()).is_err(), "{text}");
    }
    let deep = format!("{}1{}", "{{if 1}}".repeat(5000), "{{end}}".repeat(5000));
    assert!(engine.render(&deep, &Fields::default()).unwrap_err().contains("nested"));
    let deep = format!("{{{{{}1{}}}}}", "(".repeat(5000), ")".repeat(5000));
    assert!(engine.render(&deep, &Fields::default()).unwrap_err().contains("nested"));
}

#[test]
fn every_function_that_is_offered_for_completion_can_be_called() {
    for name in super::OWN {
        assert!(super::functions::is_function(name), "{name}");
    }
}
