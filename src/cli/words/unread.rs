//! Words that nobody reads: those of commands that are only known by name.

use clap::Args;

/// Words that nobody reads.
#[derive(Args, Debug, Default)]
#[command(disable_help_flag = true)]
pub struct Unread {
    #[arg(num_args = 0.., hide = true)]
    #[expect(missing_docs, reason = "whatever stands there")]
    pub words: Vec<String>,
}
