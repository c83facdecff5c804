//! The words of `packer build`.

use clap::Args;

use crate::cli::{Evaluation, Language, OnErrorArg, OutputArg, Select, Variables, go_flags, groups};

/// The words of `packer build`.
#[derive(Args, Debug, Default)]
#[command(override_usage = "packer build [options] TEMPLATE", disable_help_flag = true)]
pub struct Build {
    /// Show colours or not. (Default: true)
    #[arg(long, value_name = "false", default_value = "true")]
    pub color: bool,
    /// Run one build after the other and stop for Enter after each step.
    #[arg(long)]
    pub debug: bool,
    /// Tell by the exit code what went wrong: 10 no build to run, 11 the template, 12 a build, 13 a time limit,
    /// 130 an interrupt.
    #[arg(long)]
    pub detailed_exitcode: bool,
    /// Also write every event as one JSON object a line to this file; docs/events.md tells the fields.
    #[arg(long, value_name = "FILE")]
    pub events: Option<String>,
    /// End the other builds as soon as one has failed.
    #[arg(long)]
    pub fail_fast: bool,
    /// Replace results of earlier builds.
    #[arg(long)]
    pub force: bool,
    /// Do not use installed plugins whose version is a pre-release.
    #[arg(long)]
    pub ignore_prerelease_plugins: bool,
    /// Produce output for programs: time, target, type and data, separated by commas.
    #[arg(long)]
    pub machine_readable: bool,
    /// What a failed build does with what it has made: cleanup (the default), abort, ask or run-cleanup-provisioner.
    #[arg(long, value_name = "cleanup", value_parser = groups::on_error)]
    pub on_error: Option<OnErrorArg>,
    /// For logs: each build in one piece when it is over (grouped), its name on every line (prefixed), or only errors and
    /// results (quiet).
    #[arg(long, value_name = "grouped", value_parser = groups::output)]
    pub output: Option<OutputArg>,
    /// How many builds may run at the same time; 0 means all. (Default: 0)
    #[arg(long, value_name = "1", default_value = "0", value_parser = go_flags::integer, allow_hyphen_values = true)]
    pub parallel_builds: i64,
    /// At the end, tell where the time went, by build and step.
    #[arg(long)]
    pub timings: bool,
    /// Leave out the provisioners that HCP Packer enforces; there are none without it.
    #[arg(long)]
    pub skip_enforcement: bool,
    /// Put the time in front of every line of a build.
    #[arg(long)]
    pub timestamp_ui: bool,
    /// Warn about values in variable files that no variable is declared for.
    #[arg(long)]
    pub warn_on_undeclared_var: bool,
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
