//! The words of `packer cleanup`.

use clap::Args;

/// The words of `packer cleanup`.
#[derive(Args, Debug, Default)]
#[command(override_usage = "packer cleanup [options]", disable_help_flag = true)]
pub struct Cleanup {
    /// Only list what would be undone.
    #[arg(long)]
    pub list: bool,
    #[arg(num_args = 0.., hide = true)]
    #[expect(missing_docs, reason = "none is wanted")]
    pub words: Vec<String>,
}
