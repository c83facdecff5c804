//! What `console` and `inspect` share.

use clap::Args;

use crate::cli::{Evaluation, Language, Select, Variables};

/// What `console` and `inspect` share.
#[derive(Args, Debug, Default)]
pub struct LookArgs {
    /// Produce output for programs.
    #[arg(long)]
    pub machine_readable: bool,
    #[command(flatten)]
    #[expect(missing_docs, reason = "the group says it")]
    pub language: Language,
    #[command(flatten)]
    #[expect(missing_docs, reason = "the group says it")]
    pub evaluation: Evaluation,
    #[command(flatten)]
    #[expect(missing_docs, reason = "accepted, and without a meaning here")]
    pub select: Select,
    #[command(flatten)]
    #[expect(missing_docs, reason = "the group says it")]
    pub variables: Variables,
    #[arg(num_args = 0.., hide = true)]
    #[expect(missing_docs, reason = "the one template, if any")]
    pub template: Vec<String>,
}
