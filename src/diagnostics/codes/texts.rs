//! Codes of mistakes in the writing of texts: quotes, heredocs, escapes, `${…}` and `%{…}`.
//!
//! What else is wrong in the syntax is `syntax`'s.

use super::{Code, Example};

/// The codes of this family.
pub const CODES: &[Code] = &[
    Code {
        name: "unterminated-text",
        summaries: &["Unterminated template string"],
        means: "A text in quotes or a heredoc has no end.",
        cause: "A closing quote was forgotten, or no line holds the word of the heredoc alone.",
        advice: "Close the quote on the line it was opened on; end a heredoc with its word on a line of its own.",
        wrong: Example(
            r#"
            locals {
              script = <<EOT
                echo hello
            }
            "#,
        ),
        right: Example(
            r#"
            locals {
              script = <<EOT
                echo hello
              EOT
            }
            "#,
        ),
    },
    Code {
        name: "multi-line-text",
        summaries: &["Invalid multi-line string"],
        means: "A text in quotes goes on in the next line.",
        cause: "Texts in quotes hold one line; often only the closing quote was forgotten.",
        advice: "Close the quote, write \\n for a line end, or use a heredoc (<<EOT) for several lines.",
        wrong: Example(
            r#"
            locals {
              script = "echo one
              echo two"
            }
            "#,
        ),
        right: Example(
            r#"
            locals {
              script = <<-EOT
                echo one
                echo two
              EOT
            }
            "#,
        ),
    },
    Code {
        name: "invalid-heredoc",
        summaries: &["Invalid heredoc"],
        means: "Behind << there is no word that could end the heredoc.",
        cause: "A heredoc starts with << or <<- and a word, with nothing else on that line, not even a comment.",
        advice: "Write a word directly behind <<, begin the text in the next line, and end it with the word alone.",
        wrong: Example(
            r#"
            locals {
              script = << EOT
                echo hello
              EOT
            }
            "#,
        ),
        right: Example(
            r#"
            locals {
              script = <<EOT
                echo hello
              EOT
            }
            "#,
        ),
    },
    Code {
        name: "invalid-escape",
        summaries: &["Invalid escape sequence"],
        means: "A backslash in a text is followed by something that makes no escape.",
        cause: "Paths of Windows and regular expressions have backslashes, which must be doubled in quotes.",
        advice: "Write \\\\ for a backslash, or use a heredoc, in which backslashes stand for themselves.",
        wrong: Example(
            r#"
            locals {
              folder = "C:\Program Files"
            }
            "#,
        ),
        right: Example(
            r#"
            locals {
              folder = "C:\\Program Files"
            }
            "#,
        ),
    },
    Code {
        name: "unclosed-interpolation",
        summaries: &[
            "Extra characters after interpolation expression",
            "Extra characters in template control sequence",
        ],
        means: "In ${…} or %{…} something stands behind what could have been its end.",
        cause: "The closing brace or an operator was forgotten.",
        advice: "Close the brace behind the expression; a literal ${ is written $${.",
        wrong: Example(
            r#"
            locals {
              name = "web-${1 2}"
            }
            "#,
        ),
        right: Example(
            r#"
            locals {
              name = "web-${1}-${2}"
            }
            "#,
        ),
    },
    Code {
        name: "invalid-directive",
        summaries: &["Invalid template directive", "Unexpected {} directive", "Unexpected end of template"],
        means: "The %{…} parts of a text do not make whole conditions and loops.",
        cause: "A keyword is misspelt, or an endif or endfor is missing or left over.",
        advice: "Close each %{ if } with %{ endif } and each %{ for } with %{ endfor }; a literal %{ is written %%{.",
        wrong: Example(
            r#"
            locals {
              text = "%{ if true }yes"
            }
            "#,
        ),
        right: Example(
            r#"
            locals {
              text = "%{ if true }yes%{ endif }"
            }
            "#,
        ),
    },
    Code {
        name: "label-not-fixed",
        summaries: &["Invalid string literal"],
        means: "A label of a block is computed.",
        cause: "Labels are names, which are read before any value is known.",
        advice: "Write a fixed label; for a computed name of a build use the argument name.",
        wrong: Example(
            r#"
            source "null" "${upper("a")}" {
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
        name: "not-utf-eight",
        summaries: &["Invalid character encoding", "Unreadable template"],
        means: "The file is not UTF-8 text.",
        cause: "An editor has saved it in another encoding, or it is no text at all.",
        advice: "Save it as UTF-8, or convert it, for example with iconv.",
        wrong: Example(""),
        right: Example(""),
    },
];
