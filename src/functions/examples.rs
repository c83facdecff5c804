//! Every example of every function, evaluated: documentation that is wrong does not pass.
//!
//! Tests only.

use std::path::Path;

use super::Table;
use super::table::all;
use crate::diagnostics::{Diagnostics, SourceMap};
use crate::eval::{Functions, Scope, evaluate, no_variables};
use crate::host::Host;
use crate::syntax::parse_expression;
use crate::value::{Value, json};

/// Evaluates `expression` without variables, in a world that stands still.
fn value_of(expression: &str, functions: &dyn Functions) -> Result<Value, Diagnostics> {
    let sources = SourceMap::default();
    let id = sources.add("example", expression);
    let (tree, mut problems) = parse_expression(id, &sources);
    let value = evaluate(&tree, &Scope::new(no_variables(), functions), &mut problems);
    if problems.has_errors() { Err(problems) } else { Ok(value) }
}

fn table() -> Table {
    Table::new(Host::fixed(Path::new("/"), &[("HOME", "/home/me")]), ".")
}

#[test]
fn every_example_gives_what_it_says() {
    let table = table();
    for function in all() {
        for (expression, expected) in function.examples {
            let got = value_of(expression, &table).unwrap_or_else(|problems| panic!("{expression}: {problems:?}"));
            let wanted = value_of(expected, &table).unwrap_or_else(|problems| panic!("{expected}: {problems:?}"));
            // A list and a tuple look alike in an example.
            let alike = json::write(&got).is_ok_and(|text| json::write(&wanted) == Ok(text));
            assert!(alike || got.equals(&wanted) == Some(true), "{expression} gives {got:?}, not {expected}");
        }
    }
}

#[test]
fn almost_every_function_has_an_example() {
    let without: Vec<&str> = all().filter(|f| f.examples.is_empty()).map(|f| f.name).collect();
    // What these give depends on what is on the disk or a server.
    let expected =
        ["file", "filebase64", "templatefile", "vault", "consul_key", "aws_secretsmanager", "aws_secretsmanager_raw"];
    assert_eq!(without, expected);
}

#[test]
fn wrong_calls_name_the_parameter_or_the_reason() {
    // FN-3
    for (expression, expected) in [
        ("upper(null)", "Invalid value for \"str\" parameter: argument must not be null."),
        ("abs(\"x\")", "Invalid value for \"num\" parameter: a number is required."),
        ("sum([])", "Invalid value for \"list\" parameter: cannot sum an empty list."),
        ("max()", "Call to function \"max\" failed: must pass at least one number."),
        ("convert([\"x\"], list(number))", "Call to function \"convert\" failed: element 0: a number is required."),
        ("jsondecode(\"[1\")", "Call to function \"jsondecode\" failed: EOF."),
    ] {
        let problems = value_of(expression, &table()).expect_err("it fails");
        let details: Vec<&str> = problems.iter().map(|problem| problem.detail.as_str()).collect();
        assert_eq!(details, [expected], "{expression}");
    }
}

#[test]
fn a_try_that_fails_lists_every_reason() {
    // FN-109
    let problems = value_of("try([][0], {}.x)", &table()).expect_err("it fails");
    let detail = &problems.iter().next().expect("there is one").detail;
    assert!(detail.contains("no expression succeeded"), "{detail}");
    assert_eq!(detail.matches("\n- ").count(), 2, "{detail}");
}
