//! The scripts of a run on this machine, all under one entry a folder.
//!
//! Unaware of what is in them: gives out names, and removes what stands there in the end.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, MutexGuard};

use super::{Journal, Undo};
use crate::host::explain;

/// The kind of the entry; who undoes it also ends the processes of the run that it names.
pub const SCRIPTS: &str = "scripts";

/// The folders that a run has temporary files in.
pub type Folders = BTreeMap<PathBuf, Folder>;

/// One folder with temporary files of a run.
pub struct Folder {
    /// The entry's.
    pub id: u64,
    /// How the names of these files start, and no others.
    start: String,
    /// How many there are.
    pub count: usize,
}

/// The name of a temporary file. What stands there goes when this is dropped.
pub struct TemporaryFile {
    journal: Arc<Journal>,
    folder: PathBuf,
    path: PathBuf,
}

impl TemporaryFile {
    /// Returns where to make the file; nothing is there yet.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

/// Whether nothing stands at `path`, not even a link that leads nowhere.
pub fn is_not_there(path: &Path) -> bool {
    fs::symlink_metadata(path).is_err_and(|error| error.kind() == io::ErrorKind::NotFound)
}

impl Drop for TemporaryFile {
    fn drop(&mut self) {
        // Where nothing may be written not even a missing file can be removed.
        let is_gone = fs::remove_file(&self.path).is_ok() || is_not_there(&self.path);
        // One that cannot be removed keeps the entry open.
        if is_gone && let Some(folder) = self.journal.temporary().get_mut(&self.folder) {
            folder.count -= 1;
        }
    }
}

impl Journal {
    /// Gives out the name of a temporary file: `<name><two numbers><end>` in `folder` (absolute).
    ///
    /// The first number is the run's, so one entry covers every file that the run makes in this folder, and it is on
    /// disk when the first name is given out. `number` makes random numbers of at most ten digits.
    pub fn temporary_file(
        self: &Arc<Self>,
        folder: PathBuf,
        name: &str,
        end: &str,
        number: impl Fn() -> u64,
    ) -> TemporaryFile {
        let mut folders = self.temporary();
        let entry = folders.entry(folder.clone()).or_insert_with(|| {
            // Longer than any name that another program makes of one number.
            let start = format!("{name}{:010}", number());
            let id = self.place.as_ref().map_or(0, |place| {
                let path = folder.display().to_string();
                let facts = [("run", place.run.clone()), ("folder", path), ("start", start.clone())];
                self.write_begin(place, "", Undo::new(SCRIPTS, facts))
            });
            Folder { id, start, count: 0 }
        });
        entry.count += 1;
        let path = folder.join(format!("{}{:010}{end}", entry.start, number()));
        drop(folders);
        TemporaryFile { journal: Arc::clone(self), folder, path }
    }

    /// Locked before the journal's own state where both are.
    pub fn temporary(&self) -> MutexGuard<'_, Folders> {
        self.temporary.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }
}

/// Removes the files in the fact `folder` whose names are the fact `start` and another digit; folders stay.
///
/// # Errors
/// What keeps one of them from being removed; the others are gone all the same.
pub fn undo(undo: &Undo) -> io::Result<()> {
    let (folder, start) = (Path::new(undo.fact("folder")), undo.fact("start"));
    // Anything shorter could be the start of a name that another program made.
    if !folder.is_absolute() || start.trim_start_matches(|letter: char| !letter.is_ascii_digit()).len() < 10 {
        return Err(io::Error::other(format!("the journal does not say which files in {folder:?} are temporary")));
    }
    let failed = |path: &Path, error: &io::Error| io::Error::new(error.kind(), explain("remove", path, error));
    let files = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        files => files.map_err(|error| failed(folder, &error))?,
    };
    let mut answer = Ok(());
    for file in files {
        let file = file.map_err(|error| failed(folder, &error))?;
        let name = file.file_name();
        let rest = name.to_str().and_then(|name| name.strip_prefix(start));
        if rest.is_some_and(|rest| rest.starts_with(|letter: char| letter.is_ascii_digit()))
            && file.file_type().is_ok_and(|kind| !kind.is_dir())
            && let Err(error) = fs::remove_file(file.path())
            && error.kind() != io::ErrorKind::NotFound
        {
            answer = Err(failed(&file.path(), &error));
        }
    }
    answer
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;
    use crate::host::Host;

    fn journal(folder: &Path) -> (Arc<Journal>, Host) {
        let host = Host::fixed(folder, &[("PACKER_STATE_DIR", folder.join("state").to_str().unwrap())]);
        (Journal::open(&host).0, host)
    }

    /// Returns 7, 8, 9, …
    fn numbers() -> impl Fn() -> u64 {
        let last = Cell::new(6);
        move || {
            last.set(last.get() + 1);
            last.get()
        }
    }

    #[test]
    fn all_temporary_files_of_a_run_have_one_entry() {
        let folder = tempfile::tempdir().unwrap();
        let (journal, host) = journal(folder.path());
        let number = numbers();
        let file = |end: &str| journal.temporary_file(folder.path().to_owned(), "s", end, &number);
        let (first, second) = (file(""), file(".py"));
        assert_eq!(second.path(), folder.path().join("s00000000070000000009.py"));
        fs::write(first.path(), "").unwrap();
        let path = host.state_dir().unwrap().join("runs").join(format!("{}.ndjson", host.run_id()));
        assert_eq!(fs::read_to_string(&path).unwrap().lines().count(), 2);
        drop((first, second));
        journal.end();
        assert!(!path.exists());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn only_files_of_that_run_are_undone() {
        let folder = tempfile::tempdir().unwrap();
        let others = ["s0000000007", "s0000000007x", "s00000000081", "xs00000000071"];
        for name in others.iter().chain(&["s00000000071", "s00000000072.py"]) {
            fs::write(folder.path().join(name), "").unwrap();
        }
        fs::create_dir(folder.path().join("s00000000073")).unwrap();
        let entry = |start: &str| {
            Undo::new(SCRIPTS, [("folder", folder.path().display().to_string()), ("start", start.to_owned())])
        };
        undo(&entry("s0000000007")).unwrap();
        let mut left: Vec<_> = fs::read_dir(folder.path()).unwrap().map(|f| f.unwrap().file_name()).collect();
        left.sort();
        assert_eq!(left, ["s0000000007", "s00000000073", "s0000000007x", "s00000000081", "xs00000000071"]);
        assert!(undo(&entry("s00000")).is_err() && undo(&entry("")).is_err());
    }
}
