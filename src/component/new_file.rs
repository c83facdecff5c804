//! Files that appear whole or not at all: written beside their place and renamed.
//!
//! Knows nothing of what is written.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use anyhow::anyhow;
use tokio::fs::{File, OpenOptions};
use tokio::io::AsyncWriteExt;

use super::{Result, RunCx};
use crate::host::explain;
use crate::journal::{Entry, Undo};

/// A file that is being written. Dropped before [`NewFile::finish`], it leaves what was there as it was.
pub struct NewFile {
    /// Where to write.
    pub file: File,
    place: PathBuf,
    shown: String,
    beside: Option<(PathBuf, Entry)>,
}

impl NewFile {
    /// Opens a file that will stand at `shown`, a path against the working folder; its folders are made.
    ///
    /// A new file gets `mode`, an old one keeps its own; a link stays one. Pipes and devices are written directly.
    ///
    /// # Errors
    /// In the words of [`explain`], with the path as it was given.
    pub async fn create(cx: &RunCx, shown: &str, mode: u32) -> Result<NewFile> {
        let place = cx.host.absolute(shown);
        let place = tokio::fs::canonicalize(&place).await.unwrap_or(place);
        let old = tokio::fs::metadata(&place).await.ok();
        if old.as_ref().is_some_and(|old| !old.is_file()) {
            let file = OpenOptions::new().write(true).open(&place).await;
            let file = file.map_err(|error| anyhow!(explain("open", shown, &error)))?;
            return Ok(NewFile { file, place, shown: shown.to_owned(), beside: None });
        }
        let folder = place.parent().unwrap_or(Path::new("/"));
        tokio::fs::create_dir_all(folder).await.map_err(|error| {
            let shown = Path::new(shown).parent().unwrap_or(folder);
            anyhow!(explain("mkdir", shown, &error))
        })?;
        let name = place.file_name().unwrap_or_default().to_string_lossy();
        let beside = folder.join(format!(".{name}.{}", cx.host.random_number()));
        let entry = cx.begin(Undo::new("file", [("path", beside.to_string_lossy().into_owned())]));
        let mode = old.map_or(mode, |old| old.permissions().mode() & 0o7777);
        match OpenOptions::new().write(true).create_new(true).mode(mode).open(&beside).await {
            Ok(file) => Ok(NewFile { file, place, shown: shown.to_owned(), beside: Some((beside, entry)) }),
            Err(error) => {
                entry.close();
                Err(anyhow!(explain("open", shown, &error)))
            }
        }
    }

    /// Puts the file in its place.
    ///
    /// # Errors
    /// When the last bytes cannot be written or the name cannot be taken.
    pub async fn finish(mut self) -> Result<()> {
        self.file.flush().await.map_err(|error| anyhow!(explain("write", &self.shown, &error)))?;
        if let Some((beside, _)) = &self.beside {
            let renamed = tokio::fs::rename(beside, &self.place).await;
            renamed.map_err(|error| anyhow!(explain("rename", &self.shown, &error)))?;
        }
        if let Some((_, entry)) = self.beside.take() {
            entry.close();
        }
        Ok(())
    }
}

impl Drop for NewFile {
    fn drop(&mut self) {
        if let Some((beside, entry)) = self.beside.take()
            && std::fs::remove_file(beside).is_ok()
        {
            entry.close();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::component::fake;

    #[tokio::test]
    async fn an_old_file_stays_until_the_new_one_is_whole() {
        let folder = tempfile::tempdir().unwrap();
        let (cx, _) = fake::run_cx(folder.path());
        let place = folder.path().join("f");
        std::fs::write(&place, "old").unwrap();
        let mut new = NewFile::create(&cx, "f", 0o600).await.unwrap();
        new.file.write_all(b"new").await.unwrap();
        drop(new);
        assert_eq!(std::fs::read(&place).unwrap(), b"old");
        let mut new = NewFile::create(&cx, "f", 0o600).await.unwrap();
        new.file.write_all(b"new").await.unwrap();
        new.finish().await.unwrap();
        assert_eq!(std::fs::read(&place).unwrap(), b"new");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
