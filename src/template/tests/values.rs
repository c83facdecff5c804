//! Variables and locals.

use super::*;

/// Returns the text that `expression` has in a build of a template with `text`.
fn value(sandbox: &Sandbox) -> String {
    let plan = sandbox.plan(".");
    assert_eq!(sandbox.told(&plan.diagnostics), [""; 0]);
    plan.builds[0].settings.as_members().unwrap()["host"].as_str().unwrap_or("null").to_owned()
}

fn with(expression: &str, text: &str) -> String {
    format!("{text}\nsource \"null\" \"a\" {{ host = {expression} }}\nbuild {{ sources = [\"null.a\"] }}\n")
}

#[test]
fn the_last_value_of_a_variable_wins() {
    // CLI-46, CLI-47
    let text = with("join", "variable \"x\" { default = \"default\" }").replace("= join", "= var.x");
    let files = [("t.pkr.hcl", &*text), ("z.auto.pkrvars.hcl", "x = \"auto\""), ("one.json", "{ \"x\": \"file\" }")];
    let all = || Sandbox::new(&files).env("PKR_VAR_x", "environment");
    assert_eq!(value(&Sandbox::new(&files[..1])), "default");
    assert_eq!(value(&Sandbox::new(&files[..1]).env("PKR_VAR_x", "environment")), "environment");
    assert_eq!(value(&all()), "auto");
    assert_eq!(value(&all().var_file("one.json")), "file");
    assert_eq!(value(&all().var("x", "first").var("x", "last").var_file("one.json")), "last");
}

#[test]
fn texts_are_literal_for_texts_numbers_and_open_types_and_expressions_for_others() {
    // CLI-48
    let text = with(
        "\"${var.s}|${var.o}|${var.n + 1}|${var.l[1]}|${var.b ? \"yes\" : \"no\"}\"",
        "variable \"s\" { type = string }\nvariable \"o\" {}\nvariable \"n\" { type = number }\n\
         variable \"l\" { type = list(string) }\nvariable \"b\" { type = bool }\n",
    );
    let sandbox = Sandbox::new(&[("t.pkr.hcl", &text)])
        .var("s", "\"${x}\" = 1")
        .var("o", "[1]")
        .var("n", "007.50")
        .var("l", "[\"a\", 2]")
        .var("b", "1==1");
    assert_eq!(value(&sandbox), "\"${x}\" = 1|[1]|8.5|2|yes");
}

#[test]
fn values_that_do_not_fit_are_told_where_they_stand() {
    // CLI-48, CLI-50, CLI-51, HCL-31
    let text = "variable \"n\" {\n  default = 1\n}\nvariable \"l\" {\n  type = list(string)\n  default = []\n}\n\
                variable \"d\" {\n  type = number\n  default = \"abc\"\n}\n";
    let files = [
        ("t.pkr.hcl", text),
        ("v.hcl", "n = 2\n\nn2 = 1\n"),
        ("w.hcl", "variable \"x\" {}\n"),
        ("x.json", "{\n\"n\": \"x\"}"),
    ];
    let sandbox = Sandbox::new(&files).var("l", "a").var("nope", "1").env("PKR_VAR_n", "one");
    let sandbox = ["v.hcl", "w.hcl", "x.json", "gone.hcl", "odd.txt"].into_iter().fold(sandbox, Sandbox::var_file);
    assert_eq!(
        sandbox.problems("t.pkr.hcl"),
        [
            "E t.pkr.hcl:10 Invalid default value for variable",
            "E <value for var.n from env>:1 Invalid value for variable",
            "E w.hcl:1 Variable declaration in a .pkrvar file",
            "E x.json:2 Invalid value for variable",
            "E <value for var.l from arguments>:1 Variables not allowed",
            "E Failed to read file",
            "E Could not guess format of odd.txt",
            "E Undefined -var variable",
        ]
    );
}

#[test]
fn an_untyped_variable_takes_the_type_of_its_default() {
    // HCL-23, HCL-32, HCL-34
    let declared = "variable \"t\" { default = [1] }\nvariable \"o\" { default = [] }\nvariables { s = [] }\n\
                    variable \"n\" { default = null }\n";
    let text = format!("{declared}{BUILD}");
    let told =
        |name: &str, value: &str| Sandbox::new(&[("t.pkr.hcl", &text)]).var(name, value).problems("t.pkr.hcl").len();
    assert_eq!([told("t", "[\"7\"]"), told("t", "[\"q\"]"), told("t", "[1, 2]")], [0, 1, 1]);
    assert_eq!([told("o", "anything"), told("s", "[]"), told("s", "[1]"), told("n", "x")], [0, 0, 1, 0]);
}

#[test]
fn optional_attributes_get_their_defaults() {
    // HCL-28
    let text = with(
        "\"${var.o.a}${var.o.b}\"",
        "variable \"o\" { type = object({ a = string, b = optional(string, \"dflt\") }) }",
    );
    assert_eq!(value(&Sandbox::new(&[("t.pkr.hcl", &text)]).var("o", "{ a = \"x-\" }")), "x-dflt");
}

#[test]
fn a_default_may_ask_the_environment_and_nothing_else() {
    // HCL-29, HCL-30
    let text = with("var.x", "variable \"x\" { default = \"at ${env(\"PLACE\")}\" }");
    assert_eq!(value(&Sandbox::new(&[("t.pkr.hcl", &text)]).env("PLACE", "home")), "at home");
    let text = "variable \"a\" {\n  default = var.b\n}\nvariable \"b\" {\n  default = upper(\"x\")\n}\n";
    let told: Vec<String> = problems(text).iter().map(|p| p[..13].to_owned()).collect();
    assert_eq!(told, ["E t.pkr.hcl:2", "E t.pkr.hcl:5"]);
}

#[test]
fn declarations_that_cannot_be_read_are_told() {
    // HCL-22 … HCL-27
    let text = "variable \"x\" {\n  typ = string\n}\nvariable \"1x\" {}\nvariable \"y\" {\n  type = strin\n}\n\
                variable \"y\" {}\nvariables {\n  y = 1\n  b {}\n}\n";
    assert_eq!(
        problems(text),
        [
            "E t.pkr.hcl:2 Unsupported argument",
            "E t.pkr.hcl:4 Invalid variable name",
            "E t.pkr.hcl:6 Invalid type specification",
            "E t.pkr.hcl:8 Duplicate variable",
            "E t.pkr.hcl:10 Duplicate variable",
            "E t.pkr.hcl:11 Unsupported block type",
        ]
    );
}

#[test]
fn every_rule_is_checked_against_the_value_that_counts() {
    // HCL-36 … HCL-40
    let rule =
        |condition: &str| format!("validation {{\n condition = {condition}\n error_message = \"Too small.\"\n}}\n");
    let text = format!(
        "variable \"n\" {{\ndefault = 1\n{}{}}}\nvariable \"u\" {{}}{BUILD}",
        rule("var.n > 5"),
        rule("var.n > 6")
    );
    let sandbox = || Sandbox::new(&[("t.pkr.hcl", &text)]);
    let invalid = "Invalid value for default variable";
    assert_eq!(
        sandbox().problems("t.pkr.hcl"),
        [
            format!("E t.pkr.hcl:2 {invalid}"),
            format!("E t.pkr.hcl:2 {invalid}"),
            "E t.pkr.hcl:12 Unset variable \"u\"".to_owned()
        ]
    );
    assert!(sandbox().var("n", "7").var("u", "x").problems("t.pkr.hcl").is_empty());
    let told = sandbox().var("n", "6").var("u", "x").problems("t.pkr.hcl");
    assert_eq!(told, ["E <value for var.n from arguments>:1 Invalid value for cmd variable"]);
}

#[test]
fn a_rule_speaks_of_its_own_variable_in_a_sentence() {
    // HCL-36, HCL-37, HCL-39
    let text = "variable \"a\" {\n default = 1\n validation {\n condition = var.b == local.x\n error_message = \"no\"\n }\n validation {}\n}\n";
    assert_eq!(
        problems(text),
        [
            "E t.pkr.hcl:4 Invalid reference in variable validation",
            "E t.pkr.hcl:4 Invalid variable validation condition",
            "E t.pkr.hcl:4 Invalid reference in variable validation",
            "E t.pkr.hcl:5 Invalid validation error message",
            "E t.pkr.hcl:7 Missing required argument",
            "E t.pkr.hcl:7 Missing required argument",
        ]
    );
}

#[test]
fn undeclared_names_in_files_are_ignored_unless_asked() {
    // CLI-49, DIA-45
    let files = [("t.pkr.hcl", BUILD), ("v.pkrvars.hcl", "stray = [{}]\n")];
    let mut sandbox = Sandbox::new(&files).var_file("v.pkrvars.hcl").env("PKR_VAR_nobody", "x");
    assert!(sandbox.problems("t.pkr.hcl").is_empty());
    sandbox.options.warn_undeclared = true;
    assert_eq!(sandbox.problems("t.pkr.hcl"), ["W Undefined variable"]);
}

#[test]
fn locals_come_after_those_they_need_in_any_file() {
    // HCL-41, HCL-44, HCL-45
    let text = with(
        "local.last",
        "locals { last = \"${local.middle}+${local.single}\" }\nlocal \"single\" { expression = 1 }\n",
    );
    let other =
        "locals { middle = \"${var.in}-${packer.version}-${path.root}\" }\nvariable \"in\" { default = \"v\" }\n";
    assert_eq!(value(&Sandbox::new(&[("t.pkr.hcl", &text), ("a.pkr.hcl", other)])), "v-1.16.0-.+1");
}

#[test]
fn cycles_and_missing_locals_are_named_and_the_rest_is_evaluated() {
    // HCL-46, HCL-47
    let text = format!(
        "locals {{\n a = local.b\n b = local.c\n c = local.a\n d = local.d\n e = local.nope\n f = var.zz\n g = local.f\n}}{BUILD}"
    );
    let sandbox = Sandbox::new(&[("t.pkr.hcl", &text)]);
    let diagnostics = sandbox.plan("t.pkr.hcl").diagnostics;
    let graph = "failed to prepare execution graph";
    assert_eq!(
        sandbox.told(&diagnostics),
        [
            format!("E t.pkr.hcl:2 {graph}"),
            format!("E t.pkr.hcl:5 {graph}"),
            format!("E t.pkr.hcl:6 {graph}"),
            "E t.pkr.hcl:7 Unsupported attribute".to_owned(),
        ]
    );
    let details: Vec<&str> = diagnostics.iter().take(2).map(|d| d.detail.lines().nth(2).unwrap()).collect();
    assert_eq!(details, ["Cycle: local.a, local.b, local.c", "Self reference: local.d"]);
    let missing = diagnostics.iter().nth(2).unwrap();
    assert!(missing.detail.starts_with("local.e needs local.nope, and"), "{missing:?}");
}

#[test]
fn only_the_value_that_counts_is_hidden() {
    // TYP-42, case inspect/hcl2-sensitive-values-are-hidden
    let text = format!("variable \"s\" {{\n default = \"by-default\"\n sensitive = true\n}}{BUILD}");
    let sandbox = Sandbox::new(&[("t.pkr.hcl", &text)]).env("PKR_VAR_s", "from-env").var("s", "chosen");
    assert_eq!(sandbox.problems("t.pkr.hcl"), [""; 0]);
    assert_eq!(sandbox.secrets.mask("by-default from-env chosen"), "by-default from-env <sensitive>");
}

#[test]
fn mistakes_in_definitions_of_locals_are_told() {
    // HCL-41 … HCL-43
    let text = "locals {\n a = 1\n b {}\n}\nlocal \"a\" { expression = 2 }\nlocal \"1x\" { expression = 1 }\nlocal \"c\" {\n value = 1\n}\n";
    assert_eq!(
        problems(text),
        [
            "E t.pkr.hcl:3 Unsupported block type",
            "E t.pkr.hcl:5 Duplicate local definition",
            "E t.pkr.hcl:6 Invalid local name",
            "E t.pkr.hcl:7 Missing required argument",
            "E t.pkr.hcl:8 Unsupported argument",
        ]
    );
}

#[test]
fn texts_of_sensitive_variables_and_locals_are_masked() {
    // HCL-51, TYP-48
    let text = format!(
        "variable \"v\" {{\n default = {{ key = \"hunter2\", n = 4711 }}\n sensitive = true\n}}\n\
         variable \"w\" {{\n type = string\n sensitive = true\n}}\n\
         local \"l\" {{\n expression = [\"inner\", 5]\n sensitive = true\n}}{BUILD}"
    );
    let sandbox = Sandbox::new(&[("t.pkr.hcl", &text)]).var("w", "outer");
    assert!(sandbox.problems("t.pkr.hcl").is_empty());
    assert_eq!(sandbox.secrets.mask("key hunter2 4711 inner outer"), "key <sensitive> 4711 <sensitive> <sensitive>");
}

#[test]
fn independent_mistakes_of_one_stage_come_together() {
    // HCL-7, HCL-101
    let text = "locals {\n  one = var.one\n}\nvariable \"v\" {\n  default = 5\n  validation {\n    condition = var.v > 10\n    \
                error_message = \"Small.\"\n  }\n}\nsource \"null\" \"a\" {}\nbuild {\n  sources = [\"null.a\"]\n  provisioner \"two\" {}\n}\n\
                build {\n  sources = [\"null.missing\"]\n}\n";
    assert_eq!(
        problems(text),
        [
            "E t.pkr.hcl:2 Unsupported attribute",
            "E t.pkr.hcl:5 Invalid value for default variable",
            "E t.pkr.hcl:14 Unknown provisioner type \"two\"",
            "E t.pkr.hcl:17 Unknown source null.missing",
        ]
    );
}

#[test]
fn what_is_computed_from_a_sensitive_value_is_masked() {
    // TYP-42; the reference shows it (TYP-43).
    let text = format!(
        "variable \"s\" {{\n default = \"hunter2-pass\"\n sensitive = true\n}}\n\
         variable \"m\" {{\n default = {{ username = \"first-name\" }}\n sensitive = true\n}}\n\
         locals {{\n sum = sha256(var.s)\n shout = upper(\"x ${{var.s}}\")\n again = local.parts[*].text\n\
         parts = [for part in split(\"-\", var.s) : {{ text = strrev(part) }}]\n json = jsonencode({{ p = title(var.s) }})\n\
         size = length(var.s)\n open = \"public ${{var.s}}\"\n names = keys(var.m)\n list = concat([\"apt-get update\"], [var.s])\n\
         joined = join(\" && \", local.list)\n chosen = var.s == \"x\" ? \"one way\" : \"other way\"\n}}{BUILD}"
    );
    let sandbox = Sandbox::new(&[("t.pkr.hcl", &text)]);
    assert!(sandbox.problems("t.pkr.hcl").is_empty());
    let sum = hex::encode(<sha2::Sha256 as sha2::Digest>::digest("hunter2-pass"));
    let shown = sandbox.secrets.mask(&format!("{sum} X HUNTER2-PASS 2retnuh Hunter2-Pass hunter2")).into_owned();
    assert_eq!(shown, "<sensitive> <sensitive> <sensitive> <sensitive> <sensitive>");
    for public in ["12", "public", "username", "apt-get update", " && ", "one way", "other way", "pass ssap"] {
        assert_eq!(sandbox.secrets.mask(public), public);
    }
}

#[test]
fn a_sensitive_value_is_masked_wherever_it_comes_from() {
    // HCL-51, TYP-47
    let declare = |name: &str, more: &str| format!("variable \"{name}\" {{\n sensitive = true\n{more}\n}}\n");
    let text = [
        declare("env", "type = string"),
        declare("file", "type = list(string)"),
        declare("words", "type = map(string)"),
        declare("nested", "default = { a = [{ b = \"from-nested\" }], none = null, empty = \"\", on = true }"),
        declare("none", "type = string\n default = null"),
        BUILD.to_owned(),
    ];
    let sandbox = Sandbox::new(&[("t.pkr.hcl", &text.concat()), ("v.pkrvars.hcl", "file = [\"from-file\"]\n")])
        .env("PKR_VAR_env", "from-env")
        .var_file("v.pkrvars.hcl")
        .var("words", "{ k = \"from-words\" }");
    assert_eq!(sandbox.problems("t.pkr.hcl"), [""; 0]);
    let shown = sandbox.secrets.mask("from-env from-file from-words from-nested null true k").into_owned();
    assert_eq!(shown, "<sensitive> <sensitive> <sensitive> <sensitive> null true k");
}

#[test]
fn only_texts_that_count_are_masked() {
    // HCL-51: numbers and bools are not, whichever way they come; a default that another value replaces is not.
    let text = format!(
        "variable \"n\" {{\n type = number\n sensitive = true\n}}\nvariable \"b\" {{\n default = true\n sensitive = true\n}}\n\
         variable \"l\" {{\n type = list(number)\n sensitive = true\n}}\n\
         variable \"s\" {{\n default = \"packer\"\n sensitive = true\n}}{BUILD}"
    );
    let sandbox = Sandbox::new(&[("t.pkr.hcl", &text)]).env("PKR_VAR_n", "4711").var("b", "false");
    let sandbox = sandbox.var("l", "[4712]").var("s", "hunter2");
    assert_eq!(sandbox.problems("t.pkr.hcl"), [""; 0]);
    assert_eq!(sandbox.secrets.mask("4711 false [4712] packer hunter2"), "4711 false [4712] packer <sensitive>");
}

#[test]
fn a_sensitive_value_that_cannot_be_read_is_masked() {
    let text = format!(
        "variable \"n\" {{\n type = number\n sensitive = true\n}}\n\
         variable \"l\" {{\n type = list(string)\n sensitive = true\n}}{BUILD}"
    );
    let sandbox = Sandbox::new(&[("t.pkr.hcl", &text)]).var("n", "no-number").var("l", "[no-list");
    assert!(!sandbox.problems("t.pkr.hcl").is_empty());
    assert_eq!(sandbox.secrets.mask("no-number [no-list"), "<sensitive> <sensitive>");
}

#[test]
fn marks_change_nothing_that_is_compared() {
    let text = "variable \"s\" {\n sensitive = true\n default = \"b\"\n}\nlocals {\n one = [\"a\", \"b\"]\n\
                two = [\"a\", var.s]\n}\n";
    for condition in [
        "local.one == local.two",
        "{ k = var.s } == { k = \"b\" }",
        "!(local.one != local.two)",
        "contains(local.one, var.s) && contains([local.one], local.two)",
        "index(local.two, \"b\") == 1",
        "length(distinct([\"b\", var.s, \"b\"])) == 1",
        "length(setunion([\"b\"], [var.s])) == 1",
        "setintersection([\"b\"], [var.s]) == setunion([\"b\"], [\"b\"])",
        "lookup({ b = 7 }, var.s, 8) == 7",
        "{ b = 7 }[var.s] == 7",
        "sort([var.s, \"a\"]) == sort(local.one)",
        "coalesce(\"\", var.s) == \"b\"",
        "merge({ a = var.s }, { a = \"b\" }) == { a = \"b\" }",
        "length(convert([var.s, \"b\"], set(string))) == 1",
        "{ for k in [var.s, \"b\"] : k => 1... } == { b = [1, 1] }",
        "zipmap([var.s], [1]) == { b = 1 }",
    ] {
        let text = format!("{text}locals {{\n wrong = {condition} ? [] : [1][9]\n}}\n{BUILD}");
        assert_eq!(Sandbox::new(&[("t.pkr.hcl", &text)]).problems("t.pkr.hcl"), [""; 0], "{condition}");
    }
}
