//! The words of `packer explain`.

use clap::Args;

/// The words of `packer explain`.
#[derive(Args, Debug, Default)]
#[command(override_usage = "packer explain [options] [CODE]", disable_help_flag = true)]
pub struct Explain {
    /// Produce output for programs.
    #[arg(long)]
    pub machine_readable: bool,
    #[arg(num_args = 0.., hide = true)]
    #[expect(missing_docs, reason = "a code, or words of a message")]
    pub words: Vec<String>,
}
