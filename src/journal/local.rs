//! Undoes what needs nothing but this machine's file system: files and folders.
//!
//! Unaware of who made them.

use std::fs::{self, Metadata};
use std::io;
use std::path::Path;

use super::{Undo, temporary};
use crate::host::explain;

impl Undo {
    /// Undoes whatever file is at `path` (absolute): for names that nobody else uses.
    pub fn file(path: &Path) -> Undo {
        Undo::new("file", [("path", path.display().to_string())])
    }

    /// Undoes the file that `facts` are of, once it is at `path` (absolute). Another file there, made before or
    /// later, is left alone.
    pub fn this_file(path: &Path, facts: &Metadata) -> Undo {
        Undo::new("file", [("path", path.display().to_string()), ("is", identity(facts))])
    }

    /// As [`Undo::this_file`], as long as nobody has made it longer than `size` bytes.
    pub fn this_file_up_to(path: &Path, facts: &Metadata, size: u64) -> Undo {
        let mut undo = Undo::this_file(path, facts);
        undo.what.insert("size".to_owned(), size.to_string().into());
        undo
    }

    /// Undoes a folder with all that is in it.
    pub fn folder(path: &Path) -> Undo {
        Undo::new("temp-dir", [("path", path.display().to_string())])
    }
}

/// Returns what tells a file from every other that was or will be at the same place: its number, and when it was
/// made, because numbers are used again.
fn identity(facts: &Metadata) -> String {
    #[cfg(unix)]
    let number = std::os::unix::fs::MetadataExt::ino(facts);
    #[cfg(not(unix))]
    let number = 0;
    let made = facts.created().ok().and_then(|time| time.duration_since(std::time::UNIX_EPOCH).ok());
    format!("{number} of {}", made.unwrap_or_default().as_nanos())
}

/// Undoes what needs nothing but this machine: kind `file` and kind `temp-dir`, each with the fact `path`
/// (absolute), and the files of kind `scripts`. What is gone already counts as undone. Returns whether the kind is one of these.
///
/// # Errors
/// What keeps the file or folder from being removed.
pub fn undo_local(undo: &Undo) -> io::Result<bool> {
    let path = Path::new(undo.fact("path"));
    // A relative path would mean another file here than it did in the run that wrote it.
    let removed = match undo.kind.as_str() {
        "file" | "temp-dir" if !path.is_absolute() => {
            return Err(io::Error::other(format!("the journal names no absolute path but {path:?}")));
        }
        "file" if is_somebody_elses(undo, path) => return Ok(true),
        "file" => fs::remove_file(path),
        "temp-dir" => fs::remove_dir_all(path),
        temporary::SCRIPTS => return temporary::undo(undo).map(|()| true),
        _ => return Ok(false),
    };
    match removed {
        Err(error) if error.kind() != io::ErrorKind::NotFound && !temporary::is_not_there(path) => {
            Err(io::Error::new(error.kind(), explain("remove", path, &error)))
        }
        _ => Ok(true),
    }
}

/// Whether the file at `path` is not the one that `undo` means, or not it alone.
fn is_somebody_elses(undo: &Undo, path: &Path) -> bool {
    let Ok(facts) = fs::symlink_metadata(path) else { return false };
    let is = undo.fact("is");
    let size = undo.fact("size").parse().unwrap_or(u64::MAX);
    !is.is_empty() && (is != identity(&facts) || facts.len() > size)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_and_folders_are_undone_once_and_again() {
        let dir = tempfile::tempdir().unwrap();
        let (one, many) = (dir.path().join("one"), dir.path().join("many"));
        fs::write(&one, "").unwrap();
        fs::create_dir_all(many.join("deep")).unwrap();
        for undo in [Undo::file(&one), Undo::folder(&many)] {
            assert!(undo_local(&undo).unwrap());
            assert!(undo_local(&undo).unwrap());
        }
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 0);
        assert!(!undo_local(&Undo::new("docker-container", [])).unwrap());
        assert!(undo_local(&Undo::file(Path::new("relative"))).is_err());
    }

    #[test]
    fn a_file_that_took_the_place_of_ours_or_holds_more_is_left_alone() {
        let dir = tempfile::tempdir().unwrap();
        let place = dir.path().join("f");
        fs::write(&place, "ours").unwrap();
        let facts = fs::metadata(&place).unwrap();
        undo_local(&Undo::this_file_up_to(&place, &facts, 3)).unwrap();
        assert!(place.exists());
        fs::rename(&place, dir.path().join("g")).unwrap();
        fs::write(&place, "theirs").unwrap();
        undo_local(&Undo::this_file(&place, &facts)).unwrap();
        assert!(place.exists());
        fs::rename(dir.path().join("g"), &place).unwrap();
        undo_local(&Undo::this_file_up_to(&place, &facts, 4)).unwrap();
        assert!(!place.exists());
    }
}
