//! Codes of mistakes in the syntax of the native language.
//!
//! What names and values mean is not looked at here.

use super::{Code, Example};

/// The codes of this family.
pub const CODES: &[Code] = &[
    Code {
        name: "invalid-character",
        summaries: &["Invalid character"],
        means: "A character stands where it has no meaning.",
        cause: "Single quotes, typographic quotes, semicolons and no-break spaces come from other languages or were \
                copied from a formatted page.",
        advice: "Write texts in straight double quotes, and end an argument with its line.",
        wrong: Example(
            r#"
            locals {
              name = 'web'
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
        name: "unsupported-operator",
        summaries: &["Unsupported operator"],
        means: "The language has no such operator.",
        cause: "Operators on bits are known from other languages; here &, |, ^ and ~ mean nothing by themselves.",
        advice: "Write && and || for logic, and the function pow for powers.",
        wrong: Example(
            r#"
            locals {
              both = true & false
            }
            "#,
        ),
        right: Example(
            r#"
            locals {
              both = true && false
            }
            "#,
        ),
    },
    Code {
        name: "unterminated-comment",
        summaries: &["Unterminated comment"],
        means: "A comment that starts with /* is never closed.",
        cause: "The closing */ was forgotten, so all the rest of the file would be a comment.",
        advice: "Close the comment with */, or write # at the start of each line.",
        wrong: Example(
            r#"
            locals {
              a = 1
            }
            /* not used any more
            "#,
        ),
        right: Example(
            r#"
            locals {
              a = 1
            }
            /* not used any more */
            "#,
        ),
    },
    Code {
        name: "argument-or-block-required",
        summaries: &["Argument or block definition required"],
        means: "Something stands in a body that is neither an argument nor a block.",
        cause: "The equals sign of an argument or the braces of a block were forgotten, or a brace is left over.",
        advice: "Write name = value for an argument, and name { … } for a block.",
        wrong: Example(
            r#"
            source "null" "a" {
              communicator
            }
            "#,
        ),
        right: Example(
            r#"
            source "null" "a" {
              communicator = "none"
            }
            "#,
        ),
    },
    Code {
        name: "invalid-argument-name",
        summaries: &["Invalid argument name"],
        means: "The name of an argument stands in quotes.",
        cause: "In JSON names are quoted; in this language only the keys of objects may be.",
        advice: "Write the name without quotes.",
        wrong: Example(
            r#"
            locals {
              "name" = "web"
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
        name: "argument-redefined",
        summaries: &["Attribute redefined", "Duplicate argument"],
        means: "An argument is set twice in the same body.",
        cause: "Lines were copied, or a nested source block sets again what its source has set.",
        advice: "Keep one of them; the message tells where the first one stands.",
        wrong: Example(
            r#"
            source "null" "a" {
              communicator = "none"
              communicator = "ssh"
            }
            "#,
        ),
        right: Example(
            r#"
            source "null" "a" {
              communicator = "none"
            }
            "#,
        ),
    },
    Code {
        name: "missing-newline",
        summaries: &["Missing newline after argument", "Missing newline after block definition"],
        means: "An argument or a block is followed by something else on its last line.",
        cause: "Two arguments were written on one line, or separated by a comma.",
        advice: "Begin a new line for each argument and each block.",
        wrong: Example(
            r#"
            locals {
              a = 1 b = 2
            }
            "#,
        ),
        right: Example(
            r#"
            locals {
              a = 1
              b = 2
            }
            "#,
        ),
    },
    Code {
        name: "invalid-block-definition",
        summaries: &["Invalid block definition"],
        means: "The beginning of a block cannot be read: its type, its labels, an opening brace.",
        cause: "The brace stands on the next line, or an equals sign stands before it.",
        advice: "Write type, labels and the opening brace on one line, without an equals sign.",
        wrong: Example(
            r#"
            source "null" "a"
            {
              communicator = "none"
            }
            "#,
        ),
        right: Example(
            r#"
            source "null" "a" {
              communicator = "none"
            }
            "#,
        ),
    },
    Code {
        name: "single-line-block",
        summaries: &["Invalid single-argument block definition"],
        means: "A block that has something on the line of its opening brace is not closed on that line.",
        cause: "A block on one line holds one argument and nothing else.",
        advice: "Close the brace on the same line, or begin a new line behind the opening brace.",
        wrong: Example(
            r#"
            variable "name" { type = string, default = "web" }
            "#,
        ),
        right: Example(
            r#"
            variable "name" {
              type    = string
              default = "web"
            }
            "#,
        ),
    },
    Code {
        name: "unclosed-block",
        summaries: &["Unclosed configuration block"],
        means: "The file ends while a block is still open.",
        cause: "A closing brace is missing, in this block or in one inside it.",
        advice: "Compare the indentation with the braces, starting at the block that the message names.",
        wrong: Example(
            r#"
            source "null" "a" {
              communicator = "none"
            "#,
        ),
        right: Example(
            r#"
            source "null" "a" {
              communicator = "none"
            }
            "#,
        ),
    },
    Code {
        name: "missing-separator",
        summaries: &["Missing item separator", "Missing attribute separator", "Missing argument separator"],
        means: "Two items of a list, an object or a call are not separated.",
        cause: "A comma was forgotten, often at the end of a line of a list.",
        advice: "Put a comma between the items; in objects a line end does, too.",
        wrong: Example(
            r#"
            locals {
              names = ["a" "b"]
            }
            "#,
        ),
        right: Example(
            r#"
            locals {
              names = ["a", "b"]
            }
            "#,
        ),
    },
    Code {
        name: "invalid-object-item",
        summaries: &["Missing attribute value", "Missing key/value separator"],
        means: "An item of an object is not a key and a value.",
        cause: "The equals sign or the value was forgotten, or braces stand where a list in brackets was meant.",
        advice: "Write key = value for every item, and [ … ] for a list.",
        wrong: Example(
            r#"
            locals {
              tags = { owner }
            }
            "#,
        ),
        right: Example(
            r#"
            locals {
              tags = { owner = "me" }
            }
            "#,
        ),
    },
    Code {
        name: "unclosed-bracket",
        summaries: &[
            "Unterminated tuple constructor expression",
            "Unterminated object constructor expression",
            "Unbalanced parentheses",
            "Missing close bracket on index",
            "Missing close bracket on splat index",
            "Missing closing parenthesis",
        ],
        means: "A bracket, brace or parenthesis of an expression is not closed.",
        cause: "The closing one was forgotten, or another one closes first.",
        advice: "Close what the message points at.",
        wrong: Example(
            r#"
            locals {
              sum = (1 + 2
            }
            "#,
        ),
        right: Example(
            r#"
            locals {
              sum = (1 + 2)
            }
            "#,
        ),
    },
    Code {
        name: "invalid-expression",
        summaries: &["Invalid expression", "Extra characters after expression"],
        means: "No value can be read here.",
        cause: "A value is missing behind an equals sign or an operator, or starts with something that cannot start one.",
        advice: "Write the value; texts need quotes.",
        wrong: Example(
            r#"
            locals {
              name =
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
        name: "missing-false-expression",
        summaries: &["Missing false expression in conditional"],
        means: "A conditional has a value for one case only.",
        cause: "The language has no if without else: an expression always has a value.",
        advice: "Write a colon and a second value; null stands for nothing.",
        wrong: Example(
            r#"
            locals {
              name = true ? "web"
            }
            "#,
        ),
        right: Example(
            r#"
            locals {
              name = true ? "web" : null
            }
            "#,
        ),
    },
    Code {
        name: "invalid-for",
        summaries: &["Invalid 'for' expression"],
        means: "A for expression is not written as one.",
        cause: "The colon, the word in, or in braces the key with => is missing.",
        advice: "Write [for x in list : x] for a list, and {for k, v in map : k => v} for an object.",
        wrong: Example(
            r#"
            locals {
              upper = { for name in ["a", "b"] : upper(name) }
            }
            "#,
        ),
        right: Example(
            r#"
            locals {
              upper = { for name in ["a", "b"] : name => upper(name) }
            }
            "#,
        ),
    },
    Code {
        name: "invalid-attribute-name",
        summaries: &["Invalid attribute name"],
        means: "Behind a dot there is no name.",
        cause: "The name is missing, in quotes, or computed.",
        advice: "Write the name behind the dot, and anything else in brackets: object[\"the key\"].",
        wrong: Example(
            r#"
            locals {
              tags  = { owner = "me" }
              owner = local.tags."owner"
            }
            "#,
        ),
        right: Example(
            r#"
            locals {
              tags  = { owner = "me" }
              owner = local.tags["owner"]
            }
            "#,
        ),
    },
    Code {
        name: "legacy-index",
        summaries: &["Invalid legacy index syntax"],
        means: "Numbers behind dots are not written as indexes can be.",
        cause: "The old form list.0 knows whole numbers alone, and list.1.0 reads as a fraction.",
        advice: "Write indexes in brackets.",
        wrong: Example(
            r#"
            locals {
              rows = [[1, 2], [3, 4]]
              last = local.rows.1.1
            }
            "#,
        ),
        right: Example(
            r#"
            locals {
              rows = [[1, 2], [3, 4]]
              last = local.rows[1][1]
            }
            "#,
        ),
    },
    Code {
        name: "nested-splat",
        summaries: &["Nested splat expression not allowed"],
        means: "A .* stands behind another one.",
        cause: "The form with a dot takes plain attributes of each element, and nothing more.",
        advice: "Use [*] for both.",
        wrong: Example(
            r#"
            locals {
              disks = [{ parts = [{ size = 1 }] }]
              sizes = local.disks.*.parts.*.size
            }
            "#,
        ),
        right: Example(
            r#"
            locals {
              disks = [{ parts = [{ size = 1 }] }]
              sizes = local.disks[*].parts[*].size
            }
            "#,
        ),
    },
    Code {
        name: "invalid-function-name",
        summaries: &["Missing function name", "Missing open parenthesis"],
        means: "A name with :: is not followed by a call.",
        cause: "Only functions have names with ::, and a call has parentheses.",
        advice: "Call a function by its plain name: upper(\"a\").",
        wrong: Example(
            r#"
            locals {
              name = core::upper
            }
            "#,
        ),
        right: Example(
            r#"
            locals {
              name = upper("a")
            }
            "#,
        ),
    },
    Code {
        name: "nesting-too-deep",
        summaries: &["Nesting too deep", "JSON nested too deeply", "Value nested too deeply"],
        means: "Blocks, brackets or operators are nested deeper than this program follows.",
        cause: "Such texts are generated by programs, or made to break others.",
        advice: "Give parts of the expression a name in locals.",
        wrong: Example(""),
        right: Example(""),
    },
];
