//! The ways to a machine: settings that all builders share, and what speaks to the machine.
//!
//! Knows no builder: whoever starts a machine says which way it takes by default.

pub mod docker;
mod keys;
pub mod none;
pub mod settings;

use std::sync::Arc;

use anyhow::bail;

use crate::component::{BuildData, Communicator, Result, RunCx};

pub use settings::Settings;

/// Opens the connection that `settings` ask for.
///
/// A communicator that a builder brings itself is that builder's to open.
///
/// # Errors
/// For every communicator but `none`: this version cannot speak it yet.
pub async fn connect(settings: &Settings, _cx: &RunCx) -> Result<Arc<dyn Communicator>> {
    match settings.communicator.as_str() {
        "none" => Ok(Arc::new(none::NoMachine)),
        "ssh" => bail!(
            "cannot connect by SSH: the ssh communicator comes with a later version of this program. Until then, \
             communicator = \"none\" and a shell-local provisioner that calls ssh reach the machine"
        ),
        "winrm" => bail!("cannot connect by WinRM: the winrm communicator comes with a later version of this program"),
        other => bail!("cannot connect: this builder has no communicator {other:?}"),
    }
}

/// Returns what every builder with steps tells provisioners about the build, whatever its machine (S-9): its
/// `id`, the id of this run, and that no HTTP server runs. Builders add what they know beyond that.
pub fn build_data(cx: &RunCx, id: &str) -> BuildData {
    let marker = |what: &str| format!("ERR_HTTP_{what}_NOT_IMPLEMENTED_BY_BUILDER");
    [
        ("ID", id.to_owned()),
        ("PackerRunUUID", cx.host.run_id().to_owned()),
        ("PackerHTTPAddr", marker("ADDR")),
        ("PackerHTTPIP", marker("IP")),
        ("PackerHTTPPort", marker("PORT")),
    ]
    .into_iter()
    .map(|(name, value)| (name.into(), value.into()))
    .collect()
}
