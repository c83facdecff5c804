//! The words of `packer validate`.

use clap::Args;

use crate::cli::{Evaluation, Language, Select, Variables};

/// The words of `packer validate`.
#[derive(Args, Debug, Default)]
#[command(override_usage = "packer validate [options] TEMPLATE", disable_help_flag = true)]
pub struct Validate {
    /// Execute data sources; without it what they would give is unknown.
    #[arg(long)]
    pub evaluate_datasources: bool,
    /// Only read the files and their variables; look at no component.
    #[arg(long)]
    pub syntax_only: bool,
    /// Do not use installed plugins whose version is a pre-release.
    #[arg(long)]
    pub ignore_prerelease_plugins: bool,
    /// Do not warn about values in variable files that no variable is declared for.
    #[arg(long)]
    pub no_warn_undeclared_var: bool,
    /// Print one JSON object instead of messages: what is wrong, with places and codes; docs/validate.schema.json tells
    /// the fields.
    #[arg(long)]
    pub json: bool,
    /// Produce output for programs.
    #[arg(long)]
    pub machine_readable: bool,
    /// Also write what is wrong to this file as SARIF 2.1.0, which services for code scanning read.
    #[arg(long, value_name = "FILE")]
    pub sarif: Option<String>,
    #[command(flatten)]
    #[expect(missing_docs, reason = "the group says it")]
    pub evaluation: Evaluation,
    #[command(flatten)]
    #[expect(missing_docs, reason = "the group says it")]
    pub language: Language,
    #[command(flatten)]
    #[expect(missing_docs, reason = "the group says it")]
    pub select: Select,
    #[command(flatten)]
    #[expect(missing_docs, reason = "the group says it")]
    pub variables: Variables,
    #[arg(num_args = 0.., hide = true)]
    #[expect(missing_docs, reason = "the one template")]
    pub template: Vec<String>,
}
