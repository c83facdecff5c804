//! Codes of mistakes in legacy JSON templates.
//!
//! What their text must be as JSON stands with the templates of HCL in JSON.

use super::{Code, Example};

/// The codes of this family.
pub const CODES: &[Code] = &[
    Code {
        name: "legacy-structure",
        summaries: &["Invalid JSON template"],
        means: "A part of the template is not what it has to be: it is missing, stands there twice, is unknown, or is of \
                another kind.",
        cause: "A key of the root is misspelt, a component has no type, or a number stands where a text has to.",
        advice: "The message names the part and its line; all of them are told in one run.",
        wrong: Example(
            r#"
            # $ packer build t.json
            # file: t.json
            {
              "buidlers": [],
              "variables": { "count": 3 },
              "builders": [{ "communicator": "none" }]
            }
            "#,
        ),
        right: Example(
            r#"
            # $ packer build t.json
            # file: t.json
            {
              "variables": { "count": "3" },
              "builders": [{ "type": "null", "communicator": "none" }]
            }
            "#,
        ),
    },
    Code {
        name: "legacy-no-builder",
        summaries: &["Missing builder"],
        means: "The template has no builder, so there is nothing to build.",
        cause: "The list is empty, or its key is missing.",
        advice: "Add an object with a type to \"builders\".",
        wrong: Example(
            r#"
            # $ packer build t.json
            # file: t.json
            { "builders": [] }
            "#,
        ),
        right: Example(
            r#"
            # $ packer build t.json
            # file: t.json
            { "builders": [{ "type": "null", "communicator": "none" }] }
            "#,
        ),
    },
    Code {
        name: "legacy-builder-name",
        summaries: &["Unknown builder name", "Conflicting selection", "Invalid builder name"],
        means: "A name of a builder cannot be used: no builder has it, it is chosen in two ways, or it cannot be rendered.",
        cause: "In a template \"only\", \"except\" and \"override\" compare with the name as it is written, or the type where \
                there is none, not with what {{ }} makes of it.",
        advice: "Write the name just as the builder has it, and give \"only\" or \"except\", not both.",
        wrong: Example(
            r#"
            # $ packer build t.json
            # file: t.json
            {
              "builders": [{ "type": "null", "name": "web", "communicator": "none" }],
              "provisioners": [{ "type": "shell-local", "only": ["null"], "inline": ["true"] }]
            }
            "#,
        ),
        right: Example(
            r#"
            # $ packer build t.json
            # file: t.json
            {
              "builders": [{ "type": "null", "name": "web", "communicator": "none" }],
              "provisioners": [{ "type": "shell-local", "only": ["web"], "inline": ["true"] }]
            }
            "#,
        ),
    },
    Code {
        name: "legacy-version",
        summaries: &["Invalid min_packer_version", "Unsupported Packer version"],
        means: "The template is for a later version, or does not say a version.",
        cause: "\"min_packer_version\" is one version, without an operator.",
        advice: "Write three numbers with dots between them.",
        wrong: Example(
            r#"
            # $ packer build t.json
            # file: t.json
            {
              "min_packer_version": ">= 1.0",
              "builders": [{ "type": "null", "communicator": "none" }]
            }
            "#,
        ),
        right: Example(
            r#"
            # $ packer build t.json
            # file: t.json
            {
              "min_packer_version": "1.0.0",
              "builders": [{ "type": "null", "communicator": "none" }]
            }
            "#,
        ),
    },
    Code {
        name: "legacy-variable",
        summaries: &["Missing value for variable {}", "Failed to interpolate {}"],
        means: "A user variable has no value: none is given though its default is null, or its text cannot be rendered.",
        cause: "A variable that it uses is not declared, or variables need each other in a circle.",
        advice: "Give a value with -var or -var-file, or mend the text that the message shows.",
        wrong: Example(
            r#"
            # $ packer build t.json
            # file: t.json
            {
              "variables": { "name": "image-{{user `version`}}" },
              "builders": [{ "type": "null", "communicator": "none" }]
            }
            "#,
        ),
        right: Example(
            r#"
            # $ packer build t.json
            # file: t.json
            {
              "variables": { "name": "image-{{user `version`}}", "version": "2" },
              "builders": [{ "type": "null", "communicator": "none" }]
            }
            "#,
        ),
    },
    Code {
        name: "legacy-variable-file",
        summaries: &["Error reading variables"],
        means: "A variable file of a legacy template cannot be used.",
        cause: "It is not there, is no JSON, or holds something else than texts.",
        advice: "Write one object whose values are texts in double quotes.",
        wrong: Example(
            r#"
            # $ packer build -var-file=v.json t.json
            # file: v.json
            { "count": 3 }
            # file: t.json
            { "builders": [{ "type": "null", "communicator": "none" }] }
            "#,
        ),
        right: Example(
            r#"
            # $ packer build -var-file=v.json t.json
            # file: v.json
            { "count": "3" }
            # file: t.json
            { "builders": [{ "type": "null", "communicator": "none" }] }
            "#,
        ),
    },
];
