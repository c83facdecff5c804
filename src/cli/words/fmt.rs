//! The words of `packer fmt`.

use clap::Args;

use crate::cli::Common;

/// The words of `packer fmt`.
#[derive(Args, Debug)]
#[command(override_usage = "packer fmt [options] [TEMPLATE]", disable_help_flag = true)]
pub struct Fmt {
    /// Change nothing; exit code 3 tells that something would be changed.
    #[arg(long)]
    pub check: bool,
    /// Show what is changed, as a unified diff.
    #[arg(long)]
    pub diff: bool,
    /// Also format the files in folders below.
    #[arg(long)]
    pub recursive: bool,
    /// Whether to write the files; false only names them. (Default: true, but false with -check)
    #[arg(long, value_name = "false", default_value = "true")]
    pub write: bool,
    #[command(flatten)]
    #[expect(missing_docs, reason = "the group says it")]
    pub common: Common,
    #[arg(num_args = 0.., hide = true)]
    #[expect(missing_docs, reason = "files, folders, or - for the standard input")]
    pub paths: Vec<String>,
}
