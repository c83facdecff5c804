//! `shell-local`: runs scripts on this machine, beside the one that is built.
//!
//! Does not touch the machine it is handed; the running itself is `component::local_shell`'s.

use std::sync::Arc;

use async_trait::async_trait;

use super::Kind;
use crate::component::config::Settings as _;
use crate::component::local_shell::{LocalShell, Settings};
use crate::component::{BuildData, Communicator, PrepareCx, Prepared, Problems, Provisioner, Result, RunCx};
use crate::value::Value;

/// The provisioner `shell-local`.
pub const KIND: Kind = Kind {
    name: "shell-local",
    about: "Runs scripts on this machine, beside the one that is built.",
    plugin: None,
    schema: Settings::schema,
    prepare,
};

fn prepare(settings: &Value, cx: &PrepareCx) -> Result<Prepared<dyn Provisioner>, Problems> {
    let shell = LocalShell::prepare(settings, cx)?;
    Ok(Prepared { component: Box::new(ShellLocal(shell)), warnings: Vec::new() })
}

struct ShellLocal(LocalShell);

#[async_trait]
impl Provisioner for ShellLocal {
    async fn provision(&self, cx: &RunCx, _machine: &Arc<dyn Communicator>, data: &BuildData) -> Result<()> {
        self.0.run(cx, data).await
    }
}
