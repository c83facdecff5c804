//! The words of `packer completion`.

use clap::Args;

/// The words of `packer completion`.
#[derive(Args, Debug, Default)]
#[command(override_usage = "packer completion bash|zsh|fish|elvish|powershell", disable_help_flag = true)]
pub struct Completion {
    #[arg(num_args = 0.., hide = true)]
    #[expect(missing_docs, reason = "the one shell")]
    pub words: Vec<String>,
}
