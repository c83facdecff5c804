//! Codes of mistakes in blocks: which arguments, blocks and labels there may be.
//!
//! What sources and builds need beyond that stands with them.

use super::{Code, Example};

/// The codes of this family.
pub const CODES: &[Code] = &[
    Code {
        name: "unsupported-argument",
        summaries: &["Unsupported argument"],
        means: "The block has no argument of this name.",
        cause: "The name is misspelt, belongs to another component, or is that of a block, which takes no equals sign.",
        advice: "Look the name up in the documentation of the block; docs/components.md lists what components take.",
        wrong: Example(
            r#"
            source "null" "a" {
              comunicator = "none"
            }
            build {
              sources = ["null.a"]
            }
            "#,
        ),
        right: Example(
            r#"
            source "null" "a" {
              communicator = "none"
            }
            build {
              sources = ["null.a"]
            }
            "#,
        ),
    },
    Code {
        name: "unsupported-block",
        summaries: &["Unsupported block type"],
        means: "No block of this type may stand here.",
        cause: "The type is misspelt, the block belongs elsewhere, or it is an argument, which takes an equals sign.",
        advice: "Look at the block around it; a template itself holds packer, variable, variables, local, locals, data, \
                 source and build blocks.",
        wrong: Example(
            r#"
            variabel "name" {
              default = "web"
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
        name: "missing-argument",
        summaries: &["Missing required argument"],
        means: "An argument that the block needs is missing, or null.",
        cause: "It was forgotten, or its value is null, which counts as absent.",
        advice: "Add the argument that the message names.",
        wrong: Example(
            r#"
            local "password" {
              sensitive = true
            }
            "#,
        ),
        right: Example(
            r#"
            local "password" {
              expression = "p4ss w0rd"
              sensitive  = true
            }
            "#,
        ),
    },
    Code {
        name: "missing-label",
        summaries: &["Missing {} for {}"],
        means: "A block has fewer labels than its type needs.",
        cause: "A source has a type and a name, a provisioner a type.",
        advice: "Write the labels in quotes between the type of the block and its opening brace.",
        wrong: Example(
            r#"
            source "null" {
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
        name: "extraneous-label",
        summaries: &["Extraneous label for {}"],
        means: "A block has more labels than its type takes.",
        cause: "A name was written as a label that is an argument, or that the block does not have.",
        advice: "Take the label away; a build gets its name from the argument name.",
        wrong: Example(
            r#"
            source "null" "a" {
              communicator = "none"
            }
            build "web" {
              sources = ["null.a"]
            }
            "#,
        ),
        right: Example(
            r#"
            source "null" "a" {
              communicator = "none"
            }
            build {
              name    = "web"
              sources = ["null.a"]
            }
            "#,
        ),
    },
    Code {
        name: "duplicate-block",
        summaries: &["Duplicate {} block"],
        means: "A block stands twice where it may stand once.",
        cause: "Its arguments were spread over two blocks.",
        advice: "Put all arguments into one.",
        wrong: Example(""),
        right: Example(""),
    },
    Code {
        name: "invalid-dynamic-block",
        summaries: &[
            "Incomplete dynamic block",
            "Duplicate content block",
            "Invalid dynamic block",
            "Invalid dynamic iterator name",
            "Invalid dynamic block labels",
            "Invalid dynamic block label",
        ],
        means: "A dynamic block is not written as one.",
        cause: "It needs a label, the type of blocks to make; for_each, what to go through; and content, what is made.",
        advice: "Write dynamic \"TYPE\" { for_each = … content { … } }; in content TYPE.value is the element.",
        wrong: Example(
            r#"
            source "null" "a" {
              communicator = "none"
            }
            build {
              sources = ["null.a"]
              dynamic "provisioner" {
                for_each = ["one", "two"]
                labels   = ["shell-local"]
              }
            }
            "#,
        ),
        right: Example(
            r#"
            source "null" "a" {
              communicator = "none"
            }
            build {
              sources = ["null.a"]
              dynamic "provisioner" {
                for_each = ["one", "two"]
                labels   = ["shell-local"]
                content {
                  inline = ["echo ${provisioner.value}"]
                }
              }
            }
            "#,
        ),
    },
    Code {
        name: "unsuitable-value",
        summaries: &["Unsuitable value type"],
        means: "An argument that Packer itself reads has a value of the wrong type.",
        cause: "The value does not convert to what the argument takes, is null, or is not known yet.",
        advice: "Give it a plain value of the type that the message tells.",
        wrong: Example(
            r#"
            variable "name" {
              type        = string
              description = ["a", "name"]
              default     = "web"
            }
            "#,
        ),
        right: Example(
            r#"
            variable "name" {
              type        = string
              description = "a name"
              default     = "web"
            }
            "#,
        ),
    },
    Code {
        name: "wrong-argument-type",
        summaries: &["Incorrect attribute value type"],
        means: "The value of a component's argument is of the wrong type.",
        cause: "Often a single text stands where a list of texts is needed, or the other way round.",
        advice: "Give a value of the type that the message tells; [\"…\"] makes a list of one text.",
        wrong: Example(
            r#"
            source "null" "a" {
              communicator = "none"
            }
            build {
              sources = ["null.a"]
              provisioner "shell-local" {
                inline = "echo hello"
              }
            }
            "#,
        ),
        right: Example(
            r#"
            source "null" "a" {
              communicator = "none"
            }
            build {
              sources = ["null.a"]
              provisioner "shell-local" {
                inline = ["echo hello"]
              }
            }
            "#,
        ),
    },
    Code {
        name: "missing-build-block",
        summaries: &["Missing build block"],
        means: "The template has no build block, so there is nothing to build.",
        cause: "A source alone is not built: a build says which sources are used, and what happens to them.",
        advice: "Add a build block that names the source; or check a part of a template with -syntax-only.",
        wrong: Example(
            r#"
            source "null" "a" {
              communicator = "none"
            }
            "#,
        ),
        right: Example(
            r#"
            source "null" "a" {
              communicator = "none"
            }
            build {
              sources = ["null.a"]
            }
            "#,
        ),
    },
];
