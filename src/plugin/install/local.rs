//! Installs a binary at hand: `plugins install --path`.
//!
//! Asks nobody but the binary.

use std::fs::File;
use std::path::Path;

use anyhow::{Context, Result, anyhow, bail, ensure};

use super::super::describe;
use super::super::file_name::{Api, FileName};
use super::super::source::Source;
use super::place::Place;
use crate::component::version::Version;
use crate::component::{InstalledPlugin, RunCx};
use crate::host::explain;

/// Copies the plugin at `binary` into `folder`, as one of `source`, under the name that follows from what it says of
/// itself; one that is there gives way.
///
/// # Errors
/// When it is no plugin, or neither a release nor a version under development; when it cannot be copied.
///
/// # Source
/// INI-16.
pub async fn install_binary(cx: &RunCx, folder: &Path, source: &Source, binary: &Path) -> Result<InstalledPlugin> {
    let place = cx.host.absolute(binary);
    let facts = std::fs::metadata(&place).map_err(|error| anyhow!("{}", explain("stat", binary, &error)))?;
    ensure!(facts.is_file(), "it is no file");
    let described = describe::describe(binary, &cx.host, describe::PATIENCE).await?;
    let Some(mut version) = Version::parse(&described.version) else {
        bail!("it says of itself that it is version {:?}, and that is none", described.version);
    };
    ensure!(
        ["", "dev"].contains(&version.pre_release.as_str()),
        "it says of itself that it is version {}; only releases (1.0.0) and versions under development (1.0.0-dev) can be \
         installed",
        described.version
    );
    version.metadata.clear();
    let api = Api::parse(&described.api_version).ok_or_else(|| {
        anyhow!("it says of itself that it speaks the interface {:?}, and that is none", described.api_version)
    })?;
    let name = FileName { name: source.name().to_owned(), version, api };
    let placed = Place { folder, source, force: true }.begin(cx, &name)?;
    let copied = placed.fill(move |out| {
        std::io::copy(&mut File::open(place)?, out).context("it cannot be copied")?;
        Ok(())
    });
    copied.await?.commit(cx, &name)
}
