//! Codes of mistakes in variables, locals and data sources, and in the values that variables get from outside.
//!
//! What is wrong in an expression itself is `expressions`'.

use super::{Code, Example};

/// The codes of this family.
pub const CODES: &[Code] = &[
    Code {
        name: "unset-variable",
        summaries: &["Unset variable {}"],
        means: "A variable has neither a value nor a default.",
        cause: "Without a default a variable must be given a value in every run.",
        advice: "Use -var 'NAME=…', a variable file, or the environment variable PKR_VAR_NAME; or give it a default.",
        wrong: Example(
            r#"
            variable "name" {
              type = string
            }
            "#,
        ),
        right: Example(
            r#"
            # $ packer validate -var 'name=web' .
            variable "name" {
              type = string
            }
            "#,
        ),
    },
    Code {
        name: "duplicate-variable",
        summaries: &["Duplicate variable"],
        means: "Two variables have the same name.",
        cause: "All files of a folder are one template, so names are shared between them.",
        advice: "Keep one declaration, or rename one of them.",
        wrong: Example(
            r#"
            variable "name" {
              default = "web"
            }
            variable "name" {
              default = "db"
            }
            "#,
        ),
        right: Example(
            r#"
            variable "name" {
              default = "web"
            }
            "#,
        ),
    },
    Code {
        name: "invalid-name",
        summaries: &[
            "Invalid variable name",
            "Invalid local name",
            "Invalid data resource name",
            "Invalid data source name",
        ],
        means: "A name has characters that names cannot have.",
        cause: "Names start with a letter or an underscore; letters, digits, underscores and dashes follow.",
        advice: "Rename it.",
        wrong: Example(
            r#"
            variable "1st" {
              default = "web"
            }
            "#,
        ),
        right: Example(
            r#"
            variable "first" {
              default = "web"
            }
            "#,
        ),
    },
    Code {
        name: "invalid-type",
        summaries: &["Invalid type specification"],
        means: "The type of a variable is not written as a type.",
        cause: "Types are words without quotes, and list, set, map, object and tuple name what is in them.",
        advice: "Write string, number, bool, any, list(string), map(number), object({ name = string }) or tuple([string]).",
        wrong: Example(
            r#"
            variable "names" {
              type    = list
              default = []
            }
            "#,
        ),
        right: Example(
            r#"
            variable "names" {
              type    = list(string)
              default = []
            }
            "#,
        ),
    },
    Code {
        name: "invalid-default",
        summaries: &["Invalid default value for variable", "Invalid default value for optional attribute"],
        means: "A default does not fit the type that stands beside it.",
        cause: "The default or the type was changed without the other.",
        advice: "Change one of them; null fits every type.",
        wrong: Example(
            r#"
            variable "count" {
              type    = number
              default = "many"
            }
            "#,
        ),
        right: Example(
            r#"
            variable "count" {
              type    = number
              default = 3
            }
            "#,
        ),
    },
    Code {
        name: "invalid-variable-value",
        summaries: &["Invalid value for variable"],
        means: "A value from outside does not fit the type of its variable.",
        cause: "Values of -var and of the environment are texts for variables of type string, else expressions.",
        advice: "Give a value of the type; lists and objects are written as in a template: -var 'names=[\"a\"]'.",
        wrong: Example(
            r#"
            # $ packer validate -var 'count=[]' .
            variable "count" {
              type = number
            }
            "#,
        ),
        right: Example(
            r#"
            # $ packer validate -var 'count=3' .
            variable "count" {
              type = number
            }
            "#,
        ),
    },
    Code {
        name: "validation-failed",
        summaries: &["Invalid value for {} variable"],
        means: "A value does not pass a validation rule of its variable.",
        cause: "The template allows only some values; its own message says which.",
        advice: "Give another value, or change the rule that the message names.",
        wrong: Example(
            r#"
            # $ packer validate -var 'name=db' .
            variable "name" {
              type = string
              validation {
                condition     = length(var.name) > 2
                error_message = "The name needs three letters."
              }
            }
            "#,
        ),
        right: Example(
            r#"
            # $ packer validate -var 'name=web' .
            variable "name" {
              type = string
              validation {
                condition     = length(var.name) > 2
                error_message = "The name needs three letters."
              }
            }
            "#,
        ),
    },
    Code {
        name: "invalid-validation-rule",
        summaries: &[
            "Invalid validation error message",
            "Invalid variable validation condition",
            "Invalid variable validation result",
            "Invalid reference in variable validation",
        ],
        means: "A validation rule cannot be used.",
        cause: "Its condition must look at its own variable alone and be true or false, its message be a sentence.",
        advice: "Refer to var.NAME in the condition; start the message with a capital letter and end it with a full stop.",
        wrong: Example(
            r#"
            variable "name" {
              default = "web"
              validation {
                condition     = length(var.name) > 2
                error_message = "too short"
              }
            }
            "#,
        ),
        right: Example(
            r#"
            variable "name" {
              default = "web"
              validation {
                condition     = length(var.name) > 2
                error_message = "The name is too short."
              }
            }
            "#,
        ),
    },
    Code {
        name: "undeclared-argument-variable",
        summaries: &["Undefined -var variable"],
        means: "-var gives a value to a variable that the template does not declare.",
        cause: "The name is misspelt, or the declaration is missing.",
        advice: "Mend the name, or declare the variable.",
        wrong: Example(
            r#"
            # $ packer validate -var 'nmae=web' .
            variable "name" {
              default = "db"
            }
            "#,
        ),
        right: Example(
            r#"
            # $ packer validate -var 'name=web' .
            variable "name" {
              default = "db"
            }
            "#,
        ),
    },
    Code {
        name: "undeclared-variable",
        summaries: &["Undefined variable"],
        means: "A variable file gives a value to a variable that the template does not declare; this is a warning.",
        cause: "The name is misspelt, or the file is shared by several templates.",
        advice: "Mend the name, declare the variable, or pass -no-warn-undeclared-var.",
        wrong: Example(
            r#"
            variable "name" {
              default = "db"
            }
            # file: values.auto.pkrvars.hcl
            nmae = "web"
            "#,
        ),
        right: Example(
            r#"
            variable "name" {
              default = "db"
            }
            # file: values.auto.pkrvars.hcl
            name = "web"
            "#,
        ),
    },
    Code {
        name: "variable-file-format",
        summaries: &["Could not guess format of {}"],
        means: "The name of a variable file does not tell its format.",
        cause: "Variable files end in .hcl or in .json.",
        advice: "Rename the file, for example to NAME.pkrvars.hcl.",
        wrong: Example(
            r#"
            # $ packer validate -var-file=values.txt .
            variable "name" {
              default = "db"
            }
            # file: values.txt
            name = "web"
            "#,
        ),
        right: Example(
            r#"
            # $ packer validate -var-file=values.pkrvars.hcl .
            variable "name" {
              default = "db"
            }
            # file: values.pkrvars.hcl
            name = "web"
            "#,
        ),
    },
    Code {
        name: "unreadable-variable-file",
        summaries: &["Failed to read file", "Failed to open file"],
        means: "A variable file cannot be read.",
        cause: "It is not there, it is a folder, or you may not read it. Paths count from the working directory.",
        advice: "Check the path behind -var-file.",
        wrong: Example(
            r#"
            # $ packer validate -var-file=values.hcl .
            variable "name" {
              default = "db"
            }
            "#,
        ),
        right: Example(
            r#"
            # $ packer validate -var-file=values.hcl .
            variable "name" {
              default = "db"
            }
            # file: values.hcl
            name = "web"
            "#,
        ),
    },
    Code {
        name: "block-in-variable-file",
        summaries: &["Variable declaration in a .pkrvar file", "Unexpected block in a variable file"],
        means: "A variable file holds a block.",
        cause: "Declarations and values were taken for one another: a variable file holds lines name = value alone.",
        advice: "Move the block into a file that ends in .pkr.hcl, and assign the value here.",
        wrong: Example(
            r#"
            # $ packer validate -var-file=values.hcl .
            variable "name" {
              default = "db"
            }
            # file: values.hcl
            variable "name" {
              default = "web"
            }
            "#,
        ),
        right: Example(
            r#"
            # $ packer validate -var-file=values.hcl .
            variable "name" {
              default = "db"
            }
            # file: values.hcl
            name = "web"
            "#,
        ),
    },
    Code {
        name: "duplicate-local",
        summaries: &["Duplicate local definition"],
        means: "Two locals have the same name.",
        cause: "All locals and local blocks of all files of a folder share their names.",
        advice: "Keep one of them, or rename one.",
        wrong: Example(
            r#"
            locals {
              name = "web"
            }
            local "name" {
              expression = "db"
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
        name: "circular-values",
        summaries: &["failed to prepare execution graph", "Max {} recursion depth exceeded."],
        means: "Values need each other in a circle, so none of them can come first.",
        cause: "A local refers to itself, if only through others.",
        advice: "Break the circle that the message names; a third local may hold what both need.",
        wrong: Example(
            r#"
            locals {
              a = "${local.b}-1"
              b = "${local.a}-2"
            }
            "#,
        ),
        right: Example(
            r#"
            locals {
              a = "web-1"
              b = "${local.a}-2"
            }
            "#,
        ),
    },
    Code {
        name: "data-source-failed",
        summaries: &["Datasource.Execute failed: {}", "Incorrect value of a data source", "empty value"],
        means: "A data source could not give its values.",
        cause: "What it asks is not there, refuses, or answers with something else.",
        advice: "The message tells the reason; packer validate asks data sources only with -evaluate-datasources.",
        wrong: Example(""),
        right: Example(""),
    },
];
