//! Codes of mistakes in sources, builds, and the components they use.
//!
//! What holds for all blocks is `blocks`'.

use super::{Code, Example};

/// The codes of this family.
pub const CODES: &[Code] = &[
    Code {
        name: "missing-source",
        summaries: &["missing source reference"],
        means: "A build uses no source.",
        cause: "A build says what is done to the machines that its sources make, so it needs one at least.",
        advice: "Name the sources in sources = [\"TYPE.NAME\"], or in source blocks.",
        wrong: Example(
            r#"
            source "null" "a" {
              communicator = "none"
            }
            build {
              name = "web"
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
        name: "invalid-source-reference",
        summaries: &["Invalid source reference"],
        means: "A text does not name a source.",
        cause: "A source is named by its type and its name.",
        advice: "Write \"TYPE.NAME\" or \"source.TYPE.NAME\".",
        wrong: Example(
            r#"
            source "null" "a" {
              communicator = "none"
            }
            build {
              sources = ["a"]
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
        name: "unknown-source",
        summaries: &["Unknown source {}"],
        means: "A build uses a source that the template does not define.",
        cause: "Type or name is misspelt, or the file with the source is not a part of the template.",
        advice: "Define the source, or use one of those that the message lists.",
        wrong: Example(
            r#"
            source "null" "web" {
              communicator = "none"
            }
            build {
              sources = ["null.wbe"]
            }
            "#,
        ),
        right: Example(
            r#"
            source "null" "web" {
              communicator = "none"
            }
            build {
              sources = ["null.web"]
            }
            "#,
        ),
    },
    Code {
        name: "duplicate-source",
        summaries: &["Duplicate source block"],
        means: "Two sources have the same type and name.",
        cause: "All files of a folder are one template, so names are shared between them.",
        advice: "Rename one of them.",
        wrong: Example(
            r#"
            source "null" "a" {
              communicator = "none"
            }
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
            source "null" "b" {
              communicator = "none"
            }
            "#,
        ),
    },
    Code {
        name: "unknown-component",
        summaries: &[
            "Unknown source type {}",
            "Unknown provisioner type {}",
            "Unknown error-cleanup-provisioner type {}",
            "Unknown post-processor type {}",
            "Unknown data type {}",
        ],
        means: "There is no component of this type.",
        cause: "The type is misspelt, or part of a plugin that the template does not require.",
        advice: "Mend the name; docs/components.md lists what is built in. Or require the plugin as the message shows, and run \
                 packer init.",
        wrong: Example(
            r#"
            source "null" "a" {
              communicator = "none"
            }
            build {
              sources = ["null.a"]
              provisioner "shel-local" {
                inline = ["echo hello"]
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
        name: "invalid-settings",
        summaries: &[
            "Failed to prepare build: {}",
            "Failed preparing {}-block {} {}",
            "Failed to prepare data source: \"{}.{}\"",
        ],
        means: "A component refuses its settings, though each is of the right type.",
        cause: "A setting is missing, has a value that means nothing, or does not go with another one.",
        advice: "Do what the message says; docs/components.md tells what each setting means.",
        wrong: Example(
            r#"
            source "null" "a" {
              communicator = "none"
            }
            build {
              sources = ["null.a"]
              provisioner "shell-local" {
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
        name: "settings-warning",
        summaries: &["Warning when preparing build: {}", "Warning when preparing data source: \"{}.{}\""],
        means: "A component accepts its settings, but one of them will not do what it seems to; this is a warning.",
        cause: "A setting has no effect beside another one, or is out of date.",
        advice: "Do what the message says.",
        wrong: Example(""),
        right: Example(""),
    },
    Code {
        name: "unusable-component",
        summaries: &["Cannot use the component {}"],
        means: "A component cannot be started at all.",
        cause: "What it needs on this machine is not there.",
        advice: "The message tells the reason.",
        wrong: Example(""),
        right: Example(""),
    },
    Code {
        name: "duplicate-error-cleanup",
        summaries: &["Only one error-cleanup-provisioner is allowed"],
        means: "A build has two error-cleanup-provisioners.",
        cause: "It runs once, when a provisioner has failed.",
        advice: "Put all commands into one of them.",
        wrong: Example(
            r#"
            source "null" "a" {
              communicator = "none"
            }
            build {
              sources = ["null.a"]
              error-cleanup-provisioner "shell-local" {
                inline = ["echo one"]
              }
              error-cleanup-provisioner "shell-local" {
                inline = ["echo two"]
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
              error-cleanup-provisioner "shell-local" {
                inline = ["echo one", "echo two"]
              }
            }
            "#,
        ),
    },
    Code {
        name: "only-and-except",
        summaries: &["only one of 'only' or 'except' may be specified"],
        means: "A block has both only and except.",
        cause: "It runs either in the builds that only names, or in all but those that except names.",
        advice: "Keep one of the two.",
        wrong: Example(
            r#"
            source "null" "a" {
              communicator = "none"
            }
            build {
              sources = ["null.a"]
              provisioner "shell-local" {
                only   = ["null.a"]
                except = ["null.b"]
                inline = ["echo hello"]
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
                only   = ["null.a"]
                inline = ["echo hello"]
              }
            }
            "#,
        ),
    },
    Code {
        name: "invalid-duration",
        summaries: &["Failed to parse {} duration"],
        means: "A text cannot be read as a duration.",
        cause: "A duration is a number with a unit: ns, us, ms, s, m or h.",
        advice: "Write the unit: \"90s\", \"1h30m\".",
        wrong: Example(
            r#"
            source "null" "a" {
              communicator = "none"
            }
            build {
              sources = ["null.a"]
              provisioner "shell-local" {
                pause_before = "10 seconds"
                inline       = ["echo hello"]
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
                pause_before = "10s"
                inline       = ["echo hello"]
              }
            }
            "#,
        ),
    },
    Code {
        name: "invalid-override",
        summaries: &["provisioner's override block must be an HCL object"],
        means: "The override of a provisioner is not an object of objects.",
        cause: "It gives other settings for some sources, by their names.",
        advice: "Write override = { NAME = { SETTING = VALUE } }.",
        wrong: Example(
            r#"
            source "null" "a" {
              communicator = "none"
            }
            build {
              sources = ["null.a"]
              provisioner "shell-local" {
                inline   = ["echo hello"]
                override = "echo a"
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
                inline   = ["echo hello"]
                override = { a = { inline = ["echo a"] } }
              }
            }
            "#,
        ),
    },
    Code {
        name: "invalid-pattern",
        summaries: &["Invalid {} pattern {}: {}"],
        means: "A value of -only or -except cannot be read as a pattern of names.",
        cause: "A bracket is not closed, or empty.",
        advice: "Use * for any text and ? for any character; a backslash takes what follows literally.",
        wrong: Example(
            r#"
            # $ packer validate -only=null.[ .
            source "null" "a" {
              communicator = "none"
            }
            build {
              sources = ["null.a"]
            }
            "#,
        ),
        right: Example(
            r#"
            # $ packer validate -only=null.* .
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
        name: "nothing-selected",
        summaries: &[
            "an 'only' option was passed, but not all matches were found for the given build.",
            "an 'except' option was passed, but did not match any build.",
        ],
        means: "A value of -only or -except is the name of no build; this is a warning.",
        cause: "A build is called TYPE.NAME, and BUILD.TYPE.NAME when its block has a name.",
        advice: "Use one of the names that the message lists, or a pattern such as '*.NAME'.",
        wrong: Example(
            r#"
            # $ packer validate -only=a .
            source "null" "a" {
              communicator = "none"
            }
            build {
              sources = ["null.a"]
            }
            "#,
        ),
        right: Example(
            r#"
            # $ packer validate -only=null.a .
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
        name: "no-builds",
        summaries: &["No builds to run"],
        means: "After -only and -except no build is left.",
        cause: "The options name builds that are not there, or leave all of them out.",
        advice: "Change the options; packer inspect lists the builds.",
        wrong: Example(
            r#"
            # $ packer build -except=null.a .
            source "null" "a" {
              communicator = "none"
            }
            build {
              sources = ["null.a"]
            }
            "#,
        ),
        right: Example(
            r#"
            # $ packer build -only=null.a .
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
        name: "hcp-packer",
        summaries: &["Cannot publish to HCP Packer"],
        means: "The template wants its builds to be recorded in HCP Packer, which this program does not do yet.",
        cause: "It has an hcp_packer_registry block, or the environment asks for it.",
        advice: "Take the block away, or set HCP_PACKER_REGISTRY=off.",
        wrong: Example(""),
        right: Example(""),
    },
    Code {
        name: "invalid-hcp-block",
        summaries: &[
            "Invalid bucket_name",
            "Invalid description",
            "Only one hcp_packer_registry is allowed",
            "hcp_packer_registry inside a build block",
            "labels beside bucket_labels",
            "labels of hcp_packer_registry",
        ],
        means: "An hcp_packer_registry block is not as it should be.",
        cause: "A template has one such block, outside of its builds, with short plain names.",
        advice: "Do what the message says.",
        wrong: Example(""),
        right: Example(""),
    },
    Code {
        name: "no-journal",
        summaries: &["Nothing can be undone after a kill"],
        means: "The run cannot write down what it makes, so packer cleanup could not undo it; this is a warning.",
        cause: "The folder for such records cannot be written.",
        advice: "Make the folder writable that the message names, or go on if you can tidy up by hand.",
        wrong: Example(""),
        right: Example(""),
    },
];
