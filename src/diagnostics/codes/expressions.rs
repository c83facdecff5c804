//! Codes of mistakes in values: names, functions, operators, collections.
//!
//! How expressions are written is `syntax`'s.

use super::{Code, Example};

/// The codes of this family.
pub const CODES: &[Code] = &[
    Code {
        name: "unknown-variable",
        summaries: &["Unknown variable"],
        means: "An expression starts with a name that means nothing here.",
        cause: "Variables are read as var.NAME and locals as local.NAME; a plain word is often a text without its quotes.",
        advice: "Write var. or local. before the name, or quotes around the text.",
        wrong: Example(
            r#"
            locals {
              name = web
            }
            "#,
        ),
        right: Example(
            r#"
            locals {
              name = "web"
            }
            "#,
        ),
    },
    Code {
        name: "variables-not-allowed",
        summaries: &["Variables not allowed"],
        means: "An expression that must be constant uses a variable.",
        cause: "Defaults of variables and values in variable files are read before any other value is known.",
        advice: "Compute the value in a local, which may use variables, and use that.",
        wrong: Example(
            r#"
            variable "name" {
              default = "web"
            }
            variable "title" {
              default = "the ${var.name}"
            }
            "#,
        ),
        right: Example(
            r#"
            variable "name" {
              default = "web"
            }
            locals {
              title = "the ${var.name}"
            }
            "#,
        ),
    },
    Code {
        name: "unknown-function",
        summaries: &["Call to unknown function"],
        means: "There is no function of this name, or it may not be called here.",
        cause: "The name is misspelt, or the call stands in the default of a variable, where only env may be called.",
        advice: "Look the name up in docs/functions.md; move calls from defaults to locals.",
        wrong: Example(
            r#"
            locals {
              name = uper("web")
            }
            "#,
        ),
        right: Example(
            r#"
            locals {
              name = upper("web")
            }
            "#,
        ),
    },
    Code {
        name: "argument-count",
        summaries: &["Not enough function arguments", "Too many function arguments"],
        means: "A function is called with too few or too many arguments.",
        cause: "An argument was forgotten, or several values are given where one list is taken.",
        advice: "Look at the parameters of the function in docs/functions.md.",
        wrong: Example(
            r#"
            locals {
              name = join("-")
            }
            "#,
        ),
        right: Example(
            r#"
            locals {
              name = join("-", ["a", "b"])
            }
            "#,
        ),
    },
    Code {
        name: "invalid-function-argument",
        summaries: &["Invalid function argument"],
        means: "A function cannot use one of its arguments.",
        cause: "The argument is of the wrong type, null, or a value that the function refuses.",
        advice: "Give what the message asks for; the function convert makes another type of it: convert(5, string).",
        wrong: Example(
            r#"
            locals {
              name = upper(["web"])
            }
            "#,
        ),
        right: Example(
            r#"
            locals {
              name = upper("web")
            }
            "#,
        ),
    },
    Code {
        name: "function-failed",
        summaries: &["Error in function call"],
        means: "A function could not do its work, though its arguments are of the right types.",
        cause: "A file is missing, a text is not of the form that the function reads, or no argument of try has a value.",
        advice: "Mend what the message tells; try(…, fallback) gives another value where failing is fine.",
        wrong: Example(
            r#"
            locals {
              value = try({}.name, [][0])
            }
            "#,
        ),
        right: Example(
            r#"
            locals {
              value = try({}.name, [][0], "fallback")
            }
            "#,
        ),
    },
    Code {
        name: "invalid-spread",
        summaries: &["Invalid expanding argument value"],
        means: "The value before ... cannot be spread into arguments.",
        cause: "Only lists, sets and tuples have elements in a row.",
        advice: "Give a list, or take the dots away.",
        wrong: Example(
            r#"
            locals {
              most = max("123"...)
            }
            "#,
        ),
        right: Example(
            r#"
            locals {
              most = max([1, 2, 3]...)
            }
            "#,
        ),
    },
    Code {
        name: "unsupported-attribute",
        summaries: &["Unsupported attribute"],
        means: "A value has no attribute of this name.",
        cause: "The name of a variable, a local or a member is misspelt, or the value is a list, whose elements have it.",
        advice: "Declare what is missing, mend the name, or write list[*].name to get it of every element.",
        wrong: Example(
            r#"
            variable "image" {
              default = "web"
            }
            locals {
              name = var.imgae
            }
            "#,
        ),
        right: Example(
            r#"
            variable "image" {
              default = "web"
            }
            locals {
              name = var.image
            }
            "#,
        ),
    },
    Code {
        name: "missing-map-element",
        summaries: &["Missing map element"],
        means: "A map has no element with this key.",
        cause: "The key is misspelt, or the map was given from outside with other keys.",
        advice: "Use lookup(map, key, default) where the key may be absent.",
        wrong: Example(
            r#"
            variable "tags" {
              type    = map(string)
              default = { owner = "me" }
            }
            locals {
              stage = var.tags.stage
            }
            "#,
        ),
        right: Example(
            r#"
            variable "tags" {
              type    = map(string)
              default = { owner = "me" }
            }
            locals {
              stage = lookup(var.tags, "stage", "test")
            }
            "#,
        ),
    },
    Code {
        name: "invalid-index",
        summaries: &["Invalid index"],
        means: "There is no element at this index, or it is no index of such a value.",
        cause: "Positions count from 0, the list is shorter than expected, or the value has no order.",
        advice: "Check the length with length(…); take the last element with list[length(list) - 1].",
        wrong: Example(
            r#"
            locals {
              names = ["a", "b"]
              last  = local.names[2]
            }
            "#,
        ),
        right: Example(
            r#"
            locals {
              names = ["a", "b"]
              last  = local.names[1]
            }
            "#,
        ),
    },
    Code {
        name: "null-value",
        summaries: &[
            "Attempt to get attribute from null value",
            "Attempt to index null value",
            "Splat of null value",
            "Iteration over null value",
        ],
        means: "Something is to be taken out of a null.",
        cause: "A variable has null as its default, or an optional attribute was left out.",
        advice: "Give a value, or test for null first; try(x.name, \"\") does both.",
        wrong: Example(
            r#"
            variable "names" {
              type    = list(string)
              default = null
            }
            locals {
              upper = [for name in var.names : upper(name)]
            }
            "#,
        ),
        right: Example(
            r#"
            variable "names" {
              type    = list(string)
              default = []
            }
            locals {
              upper = [for name in var.names : upper(name)]
            }
            "#,
        ),
    },
    Code {
        name: "not-iterable",
        summaries: &["Iteration over non-iterable value"],
        means: "A value has no elements to go through.",
        cause: "A text, number or bool stands where a list, set, map, tuple or object is needed.",
        advice: "Put brackets around a single value; cut a text with split.",
        wrong: Example(
            r#"
            locals {
              upper = [for name in "a,b" : upper(name)]
            }
            "#,
        ),
        right: Example(
            r#"
            locals {
              upper = [for name in split(",", "a,b") : upper(name)]
            }
            "#,
        ),
    },
    Code {
        name: "duplicate-key",
        summaries: &["Duplicate object key"],
        means: "A for expression gives the same key twice.",
        cause: "Two elements have the value that the key is made of.",
        advice: "Make the key of something unique, or gather the values of each key with ... behind the value.",
        wrong: Example(
            r#"
            locals {
              by_length = { for word in ["a", "b"] : length(word) => word }
            }
            "#,
        ),
        right: Example(
            r#"
            locals {
              by_length = { for word in ["a", "b"] : length(word) => word... }
            }
            "#,
        ),
    },
    Code {
        name: "invalid-key",
        summaries: &["Invalid object key", "Incorrect key type", "Null value as key", "Ambiguous attribute key"],
        means: "A value cannot be the key of an object.",
        cause: "Keys are texts; null, lists and objects are not, and a key with dots needs parentheses or quotes.",
        advice: "Put an expression in parentheses: { (var.name) = 1 }, and a text in quotes.",
        wrong: Example(
            r#"
            locals {
              key  = "owner"
              tags = { local.key = "me" }
            }
            "#,
        ),
        right: Example(
            r#"
            locals {
              key  = "owner"
              tags = { (local.key) = "me" }
            }
            "#,
        ),
    },
    Code {
        name: "invalid-operand",
        summaries: &["Invalid operand"],
        means: "An operator cannot work with the value at one of its sides.",
        cause: "Arithmetic and comparisons take numbers, logic takes bools; + does not join texts.",
        advice: "Convert the value, or join texts with \"${a}${b}\".",
        wrong: Example(
            r#"
            locals {
              name = "web" + "-1"
            }
            "#,
        ),
        right: Example(
            r#"
            locals {
              first = "web"
              name  = "${local.first}-1"
            }
            "#,
        ),
    },
    Code {
        name: "operation-failed",
        summaries: &["Operation failed"],
        means: "An operation on two numbers has no result.",
        cause: "Zero was divided by zero, or infinity by itself.",
        advice: "Test the divisor first: x == 0 ? 0 : y / x.",
        wrong: Example(
            r#"
            locals {
              part = 0 / 0
            }
            "#,
        ),
        right: Example(
            r#"
            locals {
              part = 1 / 2
            }
            "#,
        ),
    },
    Code {
        name: "invalid-condition",
        summaries: &["Incorrect condition type", "Null condition"],
        means: "The condition of a conditional is neither true nor false.",
        cause: "A number, a text or a null was written where other languages take any value.",
        advice: "Compare it with something: var.count > 0, var.name != \"\".",
        wrong: Example(
            r#"
            locals {
              count = 2
              many  = local.count ? "yes" : "no"
            }
            "#,
        ),
        right: Example(
            r#"
            locals {
              count = 2
              many  = local.count > 1 ? "yes" : "no"
            }
            "#,
        ),
    },
    Code {
        name: "inconsistent-conditional",
        summaries: &["Inconsistent conditional result types"],
        means: "The two results of a conditional have types that no type holds both of.",
        cause: "One is a list or an object, the other a single value, or their members differ in type.",
        advice: "Make both the same kind of value, or use null for the missing one.",
        wrong: Example(
            r#"
            locals {
              names = true ? ["a"] : "none"
            }
            "#,
        ),
        right: Example(
            r#"
            locals {
              names = true ? ["a"] : []
            }
            "#,
        ),
    },
    Code {
        name: "invalid-interpolation",
        summaries: &["Invalid template interpolation value"],
        means: "A value in ${…} cannot become a part of a text.",
        cause: "It is null, a list, or an object.",
        advice: "Join a list with join(\", \", list), show a value with jsonencode, and test for null first.",
        wrong: Example(
            r#"
            locals {
              names = ["a", "b"]
              text  = "names: ${local.names}"
            }
            "#,
        ),
        right: Example(
            r#"
            locals {
              names = ["a", "b"]
              text  = "names: ${join(", ", local.names)}"
            }
            "#,
        ),
    },
    Code {
        name: "invalid-number",
        summaries: &["Invalid number literal"],
        means: "A number is too large or too small to be computed with.",
        cause: "Its exponent has too many digits.",
        advice: "Write a smaller one, or a text in quotes.",
        wrong: Example(""),
        right: Example(""),
    },
];
