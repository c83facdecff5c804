//! The words of `packer version`.

use clap::Args;

/// The words of `packer version`.
#[derive(Args, Debug, Default)]
#[command(override_usage = "packer version [options]", disable_help_flag = true)]
pub struct Version {
    /// Print this program's own name and version too.
    #[arg(long)]
    pub full: bool,
    /// Whatever else stands there is ignored (CLI-10).
    #[arg(num_args = 0.., hide = true)]
    pub words: Vec<String>,
}
