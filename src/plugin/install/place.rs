//! Puts a binary and its checksum file in their places, both or none.
//!
//! Unaware of where the binary comes from. Both are written beside their places and journalled there.

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Result, anyhow};

use super::super::checksum::{self, Summing};
use super::super::file_name::FileName;
use super::super::source::Source;
use crate::component::{InstalledPlugin, RunCx, WholeFile, make_folders};
use crate::host::{explain, platform};

/// Where the binaries of one plugin go.
pub struct Place<'a> {
    /// The plugin folder.
    pub folder: &'a Path,
    /// Whose binaries.
    pub source: &'a Source,
    /// Whether one that is there already is installed again.
    pub force: bool,
}

/// A binary on its way to its place. Dropped before [`Placed::commit`], it is gone.
pub struct Placed {
    whole: WholeFile,
    /// As the plugin folder was given.
    path: PathBuf,
    file: Option<File>,
    sum: String,
}

impl Place<'_> {
    /// Returns where the binary called `name` stands.
    fn of(&self, name: &FileName) -> PathBuf {
        self.source.home(self.folder).join(name.to_string())
    }

    /// Whether a sound binary called `name` is there.
    pub async fn is_taken(&self, cx: &RunCx, name: &FileName) -> bool {
        let place = cx.host.absolute(self.of(name));
        let sound = move || {
            let may_run = std::fs::metadata(&place).is_ok_and(|facts| platform::is_program(&facts));
            may_run && checksum::check(&place).is_ok()
        };
        tokio::task::spawn_blocking(sound).await.unwrap_or_default()
    }

    /// Makes an empty file that will become the binary called `name`, and the folders that lead to it.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn begin(&self, cx: &RunCx, name: &FileName) -> Result<Placed> {
        let path = self.of(name);
        let home = self.source.home(self.folder);
        let failed =
            |reason: String| anyhow!("cannot write into the plugin folder {}: {reason}", self.folder.display());
        make_folders(&cx.host, &home).map_err(failed)?;
        let (whole, file) = WholeFile::create(cx, &cx.host.absolute(&path), 0o755)
            .map_err(|error| failed(explain("open", &path, &error)))?;
        platform::make_runnable(&file).map_err(|error| failed(explain("chmod", &path, &error)))?;
        Ok(Placed { whole, path, file: Some(file), sum: String::new() })
    }
}

impl Placed {
    /// Returns where the binary stands now.
    pub fn path(&self) -> &Path {
        self.whole.path()
    }

    /// Has `write` write the binary, on a thread of its own.
    ///
    /// # Errors
    /// Those of `write`.
    pub async fn fill(mut self, write: impl FnOnce(&mut dyn Write) -> Result<()> + Send + 'static) -> Result<Placed> {
        let file = self.file.take().ok_or_else(|| anyhow!("it was written before"))?;
        let written = tokio::task::spawn_blocking(move || {
            let mut out = Summing::new(std::io::BufWriter::with_capacity(1 << 16, file));
            write(&mut out)?;
            out.flush()?;
            // Closed here: a program that is open for writing cannot be started.
            anyhow::Ok(out.sum())
        });
        self.sum = written.await??;
        Ok(self)
    }

    /// Puts the binary and its checksum file in their places.
    ///
    /// # Errors
    /// When that cannot be done. A binary that stands there without its checksum file is not used, and goes with the next
    /// `packer cleanup`.
    pub fn commit(self, cx: &RunCx, name: &FileName) -> Result<InstalledPlugin> {
        let beside = checksum::beside(&self.path);
        let failed = |error| anyhow!("cannot install: {}", explain("open", &beside, &error));
        let (sums, mut file) = WholeFile::create(cx, &cx.host.absolute(&beside), 0o644).map_err(failed)?;
        file.write_all(self.sum.as_bytes()).map_err(failed)?;
        drop(file);
        self.whole.commit().map_err(|error| anyhow!("cannot install: {}", explain("rename", &self.path, &error)))?;
        sums.commit().map_err(|error| anyhow!("cannot install: {}", explain("rename", &beside, &error)))?;
        cx.journal.build_ended(&cx.speaker.build);
        Ok(InstalledPlugin { version: name.version.clone(), path: self.path })
    }
}
