//! The words of `packer execute`, which programs start and people do not.

use clap::Args;

/// What the name of a component begins with.
const KINDS: [&str; 4] = ["builder", "post-processor", "provisioner", "datasource"];

/// The words of `packer execute`.
#[derive(Args, Debug, Default)]
#[command(override_usage = "packer execute [options] PLUGIN", disable_help_flag = true)]
pub struct Execute {
    /// Speak in protocol buffers.
    #[arg(long)]
    pub protobuf: bool,
    #[arg(num_args = 0.., hide = true)]
    #[expect(missing_docs, reason = "the one component")]
    pub words: Vec<String>,
}

impl Execute {
    /// Whether the words are the name of one component: `packer-builder-file`.
    pub fn names_component(&self) -> bool {
        let [word] = &self.words[..] else { return false };
        KINDS.iter().any(|kind| {
            let (_, rest) = word.split_once(&format!("packer-{kind}-")).unwrap_or_default();
            !rest.is_empty()
        })
    }
}
