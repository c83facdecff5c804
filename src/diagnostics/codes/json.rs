//! Codes of mistakes in templates and variable files in JSON.
//!
//! What holds for both languages stands with the native one.

use super::{Code, Example};

/// The codes of this family.
pub const CODES: &[Code] = &[
    Code {
        name: "invalid-json",
        summaries: &[
            "Unreadable JSON",
            "Invalid JSON",
            "Trailing comma",
            "Missing comma",
            "Mismatched brackets",
            "Unclosed {}",
            "Unterminated text",
            "Invalid text",
            "Invalid number",
            "Missing JSON value",
            "Invalid start of value",
            "Extraneous data after value",
            "Invalid object property name",
            "Missing property value colon",
        ],
        means: "The file is not written as JSON demands.",
        cause: "JSON knows no comments, no single quotes, no comma behind the last item, and quotes every name.",
        advice: "Mend what the message points at; a member named \"//\" may hold a comment.",
        wrong: Example(
            r#"
            # file: t.pkr.json
            {
              "locals": { "a": 1, }
            }
            "#,
        ),
        right: Example(
            r#"
            # file: t.pkr.json
            {
              "locals": { "a": 1 }
            }
            "#,
        ),
    },
    Code {
        name: "json-root",
        summaries: &["Root value must be object"],
        means: "The outermost value is not an object.",
        cause: "A template in JSON is an object of blocks, a variable file one of values.",
        advice: "Put braces around it, and give every value a name.",
        wrong: Example(
            r#"
            # file: t.pkr.json
            "locals"
            "#,
        ),
        right: Example(
            r#"
            # file: t.pkr.json
            { "locals": { "a": 1 } }
            "#,
        ),
    },
    Code {
        name: "json-block",
        summaries: &["Incorrect JSON value type", "Missing block label"],
        means: "A block is not written as an object, or lacks an object that names it.",
        cause: "In JSON each label of a block is a level of objects around it.",
        advice: "Write { \"source\": { \"TYPE\": { \"NAME\": { … } } } }, or arrays of such objects.",
        wrong: Example(
            r#"
            # file: t.pkr.json
            { "source": { "null": "a" } }
            "#,
        ),
        right: Example(
            r#"
            # file: t.pkr.json
            { "source": { "null": { "a": { "communicator": "none" } } } }
            "#,
        ),
    },
    Code {
        name: "duplicate-object-attribute",
        summaries: &["Duplicate object attribute"],
        means: "An object in JSON has two members of the same name.",
        cause: "Lines were copied.",
        advice: "Keep one of them.",
        wrong: Example(
            r#"
            # file: t.pkr.json
            { "locals": { "tags": { "owner": "me", "owner": "you" } } }
            "#,
        ),
        right: Example(
            r#"
            # file: t.pkr.json
            { "locals": { "tags": { "owner": "me" } } }
            "#,
        ),
    },
];
