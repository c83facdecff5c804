//! The words of `packer console`.

use clap::Args;

use crate::cli::LookArgs;

/// The words of `packer console`.
#[derive(Args, Debug, Default)]
#[command(override_usage = "packer console [options] [TEMPLATE]", disable_help_flag = true)]
pub struct Console {
    #[command(flatten)]
    #[expect(missing_docs, reason = "the group says it")]
    pub look: LookArgs,
}
