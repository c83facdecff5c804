//! A file that appears under its name only when it is whole.
//!
//! Unaware of what is written: it is made beside its place, journalled, and put there at the end.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

use super::RunCx;
use crate::host::{Host, explain, platform};
use crate::journal::{Entry, Undo};

/// A file being written. Dropped before [`WholeFile::commit`], it is gone, and what stood in its place stays.
pub struct WholeFile {
    place: PathBuf,
    temporary: Option<(PathBuf, Entry)>,
}

impl WholeFile {
    /// Makes an empty file that will stand at `place` (absolute), with `mode` less the process's mask, or the mode of
    /// the file that it replaces.
    ///
    /// Links are followed, and what is no regular file (a device, a pipe) is written as it is.
    ///
    /// # Errors
    /// When it cannot be made; the folder must be there.
    pub fn create(cx: &RunCx, place: &Path, mode: u32) -> io::Result<(WholeFile, File)> {
        let place = fs::canonicalize(place).unwrap_or_else(|_| place.to_owned());
        let old = fs::metadata(&place).ok();
        if old.as_ref().is_some_and(fs::Metadata::is_dir) {
            return Err(io::ErrorKind::IsADirectory.into());
        }
        if old.as_ref().is_some_and(|old| !old.is_file()) {
            let file = OpenOptions::new().write(true).open(&place)?;
            return Ok((WholeFile { place, temporary: None }, file));
        }
        let mode = old.map_or(mode, |old| platform::mode(&old));
        let name = place.file_name().unwrap_or_default().to_string_lossy();
        let temporary = place.with_file_name(format!(".{name}.{}", cx.host.random_number()));
        let entry = cx.begin(Undo::new("file", [("path", temporary.display().to_string())]));
        // Readable as well: the zip writer goes back to complete its headers.
        match platform::with_mode(OpenOptions::new().read(true).write(true).create_new(true), mode).open(&temporary) {
            Ok(file) => Ok((WholeFile { place, temporary: Some((temporary, entry)) }, file)),
            Err(error) => {
                entry.gone();
                Err(error)
            }
        }
    }

    /// Puts the file in its place; an older one there gives way now.
    ///
    /// # Errors
    /// When it cannot be renamed; then it is gone.
    pub fn commit(mut self) -> io::Result<()> {
        if let Some((temporary, _)) = &self.temporary {
            fs::rename(temporary, &self.place)?;
            if let Some((_, entry)) = self.temporary.take() {
                entry.gone();
            }
        }
        Ok(())
    }
}

impl Drop for WholeFile {
    fn drop(&mut self) {
        // A file that cannot be removed stays in the journal.
        if let Some((temporary, entry)) = self.temporary.take()
            && fs::remove_file(&temporary).is_ok()
        {
            entry.gone();
        }
    }
}

/// Makes `folder`, a path as the template says it, with all that lead to it; mode 0755 less the process's mask.
///
/// # Errors
/// In the words that scripts know, with the folder that is in the way: `mkdir out: not a directory`.
pub fn make_folders(host: &Host, folder: &Path) -> Result<(), String> {
    let place = host.absolute(folder);
    let Err(error) = platform::make_folders(&place) else { return Ok(()) };
    let is_no_folder = |path: &&Path| !host.absolute(path).is_dir();
    let ancestors: Vec<&Path> = folder.ancestors().filter(|path| !path.as_os_str().is_empty()).collect();
    let first = ancestors.into_iter().rev().find(is_no_folder).unwrap_or(folder);
    match host.absolute(first).exists() {
        true => Err(explain("mkdir", first, &io::ErrorKind::NotADirectory.into())),
        false => Err(explain("mkdir", first, &error)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::component::fake;
    use std::io::Write;

    #[test]
    fn what_is_in_the_way_of_a_folder_is_named_as_the_template_says_it() {
        let folder = tempfile::tempdir().unwrap();
        let host = Host::fixed(folder.path(), &[]);
        make_folders(&host, Path::new("a/b/c")).unwrap();
        make_folders(&host, Path::new("")).unwrap();
        fs::write(folder.path().join("a/f"), "").unwrap();
        assert_eq!(make_folders(&host, Path::new("a/f/g")).unwrap_err(), "mkdir a/f: not a directory");
        assert_eq!(make_folders(&host, Path::new("a/f")).unwrap_err(), "mkdir a/f: not a directory");
        assert_eq!(platform::mode(&fs::metadata(folder.path().join("a/b")).unwrap()) & 0o022, 0);
    }

    #[test]
    fn an_unfinished_file_leaves_the_old_one_alone() {
        let folder = tempfile::tempdir().unwrap();
        let (cx, place) = (fake::run_cx(folder.path()).0, folder.path().join("a"));
        fs::write(&place, "old").unwrap();
        let (whole, mut file) = WholeFile::create(&cx, &place, 0o600).unwrap();
        file.write_all(b"new").unwrap();
        drop(whole);
        assert_eq!(fs::read_to_string(&place).unwrap(), "old");
        let (whole, mut file) = WholeFile::create(&cx, &place, 0o600).unwrap();
        file.write_all(b"new").unwrap();
        whole.commit().unwrap();
        assert_eq!(fs::read_to_string(&place).unwrap(), "new");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
