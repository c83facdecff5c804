//! The words of `packer fix`.

use clap::Args;

use crate::cli::Common;

/// The words of `packer fix`.
#[derive(Args, Debug)]
#[command(override_usage = "packer fix [options] TEMPLATE", disable_help_flag = true)]
pub struct Fix {
    /// Check the repaired template before it is printed. (Default: true)
    #[arg(long, value_name = "false", default_value = "true")]
    pub validate: bool,
    #[command(flatten)]
    #[expect(missing_docs, reason = "the group says it")]
    pub common: Common,
    #[arg(num_args = 0.., hide = true)]
    #[expect(missing_docs, reason = "the one template")]
    pub template: Vec<String>,
}
