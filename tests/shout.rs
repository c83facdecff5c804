//! `shout`: says the artifact's description in capitals.
//!
//! Unaware of templates and of the other post-processors.

use std::sync::Arc;

use async_trait::async_trait;

use packer::component::config::Settings;
use packer::component::{Artifact, Builtin, Keep, PostProcessor, Prepared, Processed, Result, RunCx};
use packer::settings;

pub static KIND: Builtin<dyn PostProcessor> = Builtin {
    name: "shout",
    about: "Says the artifact's description in capitals.",
    plugin: None,
    schema: Config::schema,
    prepare: |value, cx| {
        Ok(Prepared { component: Box::new(Shout { config: Config::decode(value, cx)? }), warnings: Vec::new() })
    },
};

settings! {
    /// Settings of the `shout` post-processor.
    pub struct Config {
        /// What stands behind the description.
        pub mark: String = "!".to_owned(),
    }
}

struct Shout {
    config: Config,
}

#[async_trait]
impl PostProcessor for Shout {
    async fn process(&self, cx: &RunCx, input: Arc<dyn Artifact>) -> Result<Option<Processed>> {
        cx.say(format!("{}{}", input.describe().to_uppercase(), self.config.mark));
        Ok(Some(Processed { artifact: input, keep_input: Keep::Always }))
    }
}
