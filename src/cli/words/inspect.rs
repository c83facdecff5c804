//! The words of `packer inspect`.

use clap::Args;

use crate::cli::LookArgs;

/// The words of `packer inspect`.
#[derive(Args, Debug, Default)]
#[command(override_usage = "packer inspect TEMPLATE", disable_help_flag = true)]
pub struct Inspect {
    /// Print one JSON object instead: every part with its place and its values; docs/inspect.schema.json tells the fields.
    #[arg(long)]
    pub json: bool,
    #[command(flatten)]
    #[expect(missing_docs, reason = "the group says it")]
    pub look: LookArgs,
}
