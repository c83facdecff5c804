//! The words of `packer init`.

use clap::Args;

use crate::cli::Common;

/// The words of `packer init`.
#[derive(Args, Debug, Default)]
#[command(override_usage = "packer init [options] TEMPLATE", disable_help_flag = true)]
pub struct Init {
    /// Install plugins again that are there already.
    #[arg(long)]
    pub force: bool,
    /// Install the newest versions that the template allows, also where an older one is there.
    #[arg(long)]
    pub upgrade: bool,
    #[command(flatten)]
    #[expect(missing_docs, reason = "the group says it")]
    pub common: Common,
    #[arg(num_args = 0.., hide = true)]
    #[expect(missing_docs, reason = "the one template")]
    pub template: Vec<String>,
}
