//! Codes of `packer fix` and `packer hcl2_upgrade`.
//!
//! What is wrong with the JSON itself stands with the templates in JSON.

use super::{Code, Example};

/// The codes of this family.
pub const CODES: &[Code] = &[
    Code {
        name: "cannot-fix",
        summaries: &["Cannot fix the template"],
        means: "A fixer came upon a value that it cannot write as it is written today.",
        cause: "The value is of another type than its option ever took.",
        advice: "Mend the value at the place that is shown; then fix the template again.",
        wrong: Example(
            r#"
            # $ packer fix t.json
            # file: t.json
            { "builders": [{ "type": "amazon-ebs", "ssh_private_ip": "perhaps" }] }
            "#,
        ),
        right: Example(
            r#"
            # $ packer fix t.json
            # file: t.json
            { "builders": [{ "type": "amazon-ebs", "ssh_private_ip": "true" }] }
            "#,
        ),
    },
    Code {
        name: "unwritable-file",
        summaries: &["Cannot write the new template"],
        means: "The new template cannot be put where it is to stand.",
        cause: "Something else has that name, the folder takes no new files, or the disk is full.",
        advice: "Give another place with -output-file; a file that was there is as it was.",
        wrong: Example(
            r#"
            # $ packer hcl2_upgrade -output-file=t.json/new.pkr.hcl t.json
            # file: t.json
            { "builders": [{ "type": "null", "communicator": "none" }] }
            "#,
        ),
        right: Example(
            r#"
            # $ packer hcl2_upgrade -output-file=new.pkr.hcl t.json
            # file: t.json
            { "builders": [{ "type": "null", "communicator": "none" }] }
            "#,
        ),
    },
];
