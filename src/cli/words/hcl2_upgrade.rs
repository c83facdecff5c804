//! The words of `packer hcl2_upgrade`.

use clap::Args;

use crate::cli::Common;

/// The words of `packer hcl2_upgrade`.
#[derive(Args, Debug)]
#[command(override_usage = "packer hcl2_upgrade [options] TEMPLATE", disable_help_flag = true)]
pub struct Hcl2Upgrade {
    /// Compare what both templates would run, and fail when that is not the same.
    #[arg(long)]
    pub check: bool,
    /// File to write. (Default: TEMPLATE.pkr.hcl)
    #[arg(long, value_name = "path")]
    pub output_file: Option<String>,
    /// Explain the new template in comments.
    #[arg(long)]
    pub with_annotations: bool,
    #[command(flatten)]
    #[expect(missing_docs, reason = "the group says it")]
    pub common: Common,
    #[arg(num_args = 0.., hide = true)]
    #[expect(missing_docs, reason = "the one template")]
    pub template: Vec<String>,
}
