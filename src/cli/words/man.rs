//! The words of `packer man`.

use clap::Args;

/// The words of `packer man`.
#[derive(Args, Debug, Default)]
#[command(override_usage = "packer man [COMMAND]", disable_help_flag = true)]
pub struct Man {
    #[arg(num_args = 0.., hide = true)]
    #[expect(missing_docs, reason = "the one command, if any")]
    pub words: Vec<String>,
}
