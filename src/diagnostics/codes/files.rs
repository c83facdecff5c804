//! Codes of mistakes in what stands around a template: its files, its versions, its plugins.
//!
//! Variable files are `variables`'.

use super::{Code, Example};

/// The codes of this family.
pub const CODES: &[Code] = &[
    Code {
        name: "unreadable-file",
        summaries: &[""],
        means: "The template, or one of its files, cannot be read.",
        cause: "The path is misspelt, it is a link that leads nowhere, or you may not read the file.",
        advice: "Check the path; it counts from the working directory.",
        wrong: Example(
            r#"
            # $ packer validate gone.pkr.hcl
            locals {
              a = 1
            }
            "#,
        ),
        right: Example(
            r#"
            # $ packer validate t.pkr.hcl
            locals {
              a = 1
            }
            "#,
        ),
    },
    Code {
        name: "file-too-large",
        summaries: &["File too large"],
        means: "A file is larger than this program can point into.",
        cause: "A template may have 4 GB at most.",
        advice: "Keep data in files that file(…) reads, and templates small.",
        wrong: Example(""),
        right: Example(""),
    },
    Code {
        name: "no-template-files",
        summaries: &["Could not find any config file in {}"],
        means: "A folder holds no template.",
        cause: "Only files directly in it count whose names end in .pkr.hcl or .pkr.json.",
        advice: "Give the folder that holds the files, or rename them.",
        wrong: Example(
            r#"
            # $ packer validate .
            # file: template.hcl
            locals {
              a = 1
            }
            "#,
        ),
        right: Example(
            r#"
            # $ packer validate .
            # file: template.pkr.hcl
            locals {
              a = 1
            }
            "#,
        ),
    },
    Code {
        name: "not-formatted",
        summaries: &["encountered an error while formatting {}", "Cannot read hcl directory"],
        means: "A file could not be formatted, or a folder not be looked into.",
        cause: "The file holds mistakes, its name ends in neither .pkr.hcl nor .pkrvars.hcl, or it cannot be read or \
                written.",
        advice: "Mend what is told. The file is as it was, and all others were formatted.",
        wrong: Example(
            r#"
            # $ packer fmt template.hcl
            # file: template.hcl
            a=1
            "#,
        ),
        right: Example(
            r#"
            # $ packer fmt template.pkr.hcl
            # file: template.pkr.hcl
            a=1
            "#,
        ),
    },
    Code {
        name: "unsupported-packer-version",
        summaries: &["Unsupported Packer Core version"],
        means: "The template asks for a version of Packer that this program does not behave as.",
        cause: "Its required_version excludes it.",
        advice: "Use a version that fits, or change the constraint if you know that the template works.",
        wrong: Example(
            r#"
            packer {
              required_version = ">= 99.0.0"
            }
            "#,
        ),
        right: Example(
            r#"
            packer {
              required_version = ">= 1.7.0"
            }
            "#,
        ),
    },
    Code {
        name: "invalid-version-constraint",
        summaries: &["Invalid version constraint"],
        means: "A text cannot be read as a constraint on versions.",
        cause: "A constraint is an operator and a version; several are separated by commas.",
        advice: "Write something such as \">= 1.2.0, < 2.0.0\" or \"~> 1.2\".",
        wrong: Example(
            r#"
            packer {
              required_version = "latest"
            }
            "#,
        ),
        right: Example(
            r#"
            packer {
              required_version = "~> 1.7"
            }
            "#,
        ),
    },
    Code {
        name: "invalid-plugin-requirement",
        summaries: &[
            "Invalid plugin requirement",
            "Invalid required_plugins syntax",
            "Invalid required_plugins object",
            "No version constraint was set",
            "No source was set",
            "Invalid source",
            "Invalid plugin local name",
        ],
        means: "An entry of required_plugins cannot be used.",
        cause: "An entry is an object with a source and a version, both fixed texts.",
        advice: "Write it as in the example; the source is a host, a namespace and a name.",
        wrong: Example(
            r#"
            packer {
              required_plugins {
                docker = ">= 1.0.0"
              }
            }
            "#,
        ),
        right: Example(
            r#"
            packer {
              required_plugins {
                docker = {
                  source  = "github.com/hashicorp/docker"
                  version = ">= 1.0.0"
                }
              }
            }
            "#,
        ),
    },
    Code {
        name: "duplicate-plugin",
        summaries: &["Duplicate required_plugin.{} block"],
        means: "Two entries of required_plugins have the same local name.",
        cause: "Several files of a folder require the same plugin.",
        advice: "Require it once, with all constraints in one entry.",
        wrong: Example(
            r#"
            packer {
              required_plugins {
                docker = {
                  source  = "github.com/hashicorp/docker"
                  version = ">= 1.0.0"
                }
              }
            }
            packer {
              required_plugins {
                docker = {
                  source  = "github.com/hashicorp/docker"
                  version = "< 2.0.0"
                }
              }
            }
            "#,
        ),
        right: Example(
            r#"
            packer {
              required_plugins {
                docker = {
                  source  = "github.com/hashicorp/docker"
                  version = ">= 1.0.0, < 2.0.0"
                }
              }
            }
            "#,
        ),
    },
    Code {
        name: "missing-plugins",
        summaries: &["Missing plugins"],
        means: "The template requires plugins that are neither built in nor installed, or not in a version that fits.",
        cause: "They were not installed on this machine, or cannot be used: the message tells why.",
        advice: "Run packer init with the template; what is not on github.com is installed with packer plugins install \
                 -path. Or use components that are built in (docs/components.md).",
        wrong: Example(
            r#"
            packer {
              required_plugins {
                happycloud = {
                  source  = "github.com/example/happycloud"
                  version = ">= 2.7.0"
                }
              }
            }
            "#,
        ),
        right: Example(
            r#"
            packer {
              required_plugins {
                docker = {
                  source  = "github.com/hashicorp/docker"
                  version = ">= 1.0.0"
                }
              }
            }
            "#,
        ),
    },
    Code {
        name: "installed-plugin",
        summaries: &["Cannot run an installed plugin"],
        means: "A component belongs to a plugin that is installed, and this program does not run plugins yet.",
        cause: "No component of it is built in, or the version constraint leaves the built-in one out.",
        advice: "Where components of the plugin are built in, allow their version in required_plugins: then they answer.",
        wrong: Example(""),
        right: Example(""),
    },
    Code {
        name: "plugin-removal",
        summaries: &["Not an installed plugin", "Cannot remove the plugin"],
        means: "The path of a plugin's file was given to packer plugins remove, and the file stays.",
        cause: "The file is not below the plugin folder, is not there, or may not be removed by this user.",
        advice: "Name the file as packer plugins installed shows it, or give the plugin's source instead, such as \
                 github.com/hashicorp/docker.",
        wrong: Example(""),
        right: Example(""),
    },
];
