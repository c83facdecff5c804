//! Files that appear under their names only when they are whole, or not at all.
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
    cx: RunCx,
    place: PathBuf,
    temporary: Option<(PathBuf, Entry)>,
}

impl WholeFile {
    /// Makes an empty file that will stand at `place` (absolute), with `mode` less the process's mask, or the mode and
    /// the owner of the file that it replaces.
    ///
    /// Links are followed. What is no regular file (a device, a pipe) is written as it is, and so is a file that may
    /// be written in a folder that takes no new ones.
    ///
    /// # Errors
    /// When it cannot be made; the folder must be there. A file that may not be written is not replaced either.
    pub fn create(cx: &RunCx, place: &Path, mode: u32) -> io::Result<(WholeFile, File)> {
        let cx = cx.clone();
        if is_stream(place) {
            return Ok((WholeFile { cx, place: place.to_owned(), temporary: None }, open_stream(place)?));
        }
        let place = followed(place);
        let old = match fs::metadata(&place) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            facts => facts.ok(),
        };
        if old.as_ref().is_some_and(fs::Metadata::is_dir) {
            return Err(io::ErrorKind::IsADirectory.into());
        }
        if old.as_ref().is_some_and(|old| !old.is_file()) {
            let file = OpenOptions::new().write(true).open(&place)?;
            return Ok((WholeFile { cx, place, temporary: None }, file));
        }
        if old.is_some() {
            platform::check_writable(&place)?;
        }
        let mode = old.as_ref().map_or(mode, platform::mode);
        match make_beside(&cx, &place, mode) {
            Ok((temporary, entry, file)) => {
                let whole = WholeFile { cx, place, temporary: Some((temporary, entry)) };
                if let Some(old) = &old {
                    // An owner that cannot be kept is the price of a whole file; the process's mask is not.
                    let _ = platform::keep_owner(&file, old);
                    file.set_permissions(old.permissions())?;
                }
                Ok((whole, file))
            }
            Err(error) if old.is_some() && is_refusal(&error) => {
                let file = OpenOptions::new().read(true).write(true).truncate(true).open(&place)?;
                Ok((WholeFile { cx, place, temporary: None }, file))
            }
            Err(error) => Err(error),
        }
    }

    /// Returns where the file stands until it is put in its place.
    pub fn path(&self) -> &Path {
        self.temporary.as_ref().map_or(&self.place, |(path, _)| path)
    }

    /// Puts the file in its place; an older one there gives way now. A new one goes away again should the run be
    /// killed before the build is over; one that replaces another stays, since the user counts on its name.
    ///
    /// # Errors
    /// When it cannot be put there; then it is gone.
    pub fn commit(mut self) -> io::Result<()> {
        let Some((temporary, _)) = &self.temporary else { return Ok(()) };
        let is_new = fs::symlink_metadata(&self.place).is_err();
        let facts = fs::symlink_metadata(temporary)?;
        let entry = is_new.then(|| self.cx.begin(Undo::this_file(&self.place, &facts)));
        match fs::rename(temporary, &self.place) {
            Ok(()) => {}
            // A file that another is mounted on, or somebody else's in a sticky folder, can be written all the same.
            Err(error) if !is_new && is_refusal(&error) => {
                let mut to = OpenOptions::new().write(true).truncate(true).open(&self.place).map_err(|_| error)?;
                io::copy(&mut File::open(temporary)?, &mut to)?;
                // Dropped, it takes what stands beside with it.
                return Ok(());
            }
            Err(error) => {
                entry.into_iter().for_each(Entry::gone);
                return Err(error);
            }
        }
        if let Some((_, entry)) = self.temporary.take() {
            entry.gone();
        }
        if let Some(entry) = entry {
            self.cx.hand_over(entry);
        }
        Ok(())
    }
}

/// Whether the place, and not the file, is why a file could not be replaced: it may be written where it is.
pub fn is_refusal(error: &io::Error) -> bool {
    use io::ErrorKind::{CrossesDevices, PermissionDenied, ReadOnlyFilesystem, ResourceBusy};
    matches!(error.kind(), PermissionDenied | ResourceBusy | CrossesDevices | ReadOnlyFilesystem)
}

/// Whether `place` (absolute) names what a process has open, such as its output, or a device: nothing that could be
/// replaced or removed as files are.
pub fn is_stream(place: &Path) -> bool {
    place.starts_with("/proc") || (place.starts_with("/dev") && !place.starts_with("/dev/shm"))
}

/// Opens such a place to write behind what is there: it may lead to a file that others write to as well.
///
/// # Errors
/// When it cannot be opened.
pub fn open_stream(place: &Path) -> io::Result<File> {
    platform::own_output(place).unwrap_or_else(|| OpenOptions::new().append(true).open(place))
}

/// Returns where `place` leads to through links, also when nothing is there yet.
fn followed(place: &Path) -> PathBuf {
    let mut place = place.to_owned();
    // As often as the system itself follows them.
    for _ in 0..40 {
        if let Ok(place) = fs::canonicalize(&place) {
            return place;
        }
        let Ok(next) = fs::read_link(&place) else { break };
        place = place.parent().unwrap_or(Path::new("/")).join(next);
    }
    place
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

/// Makes an empty file at `place` (absolute) unless something is there: then `None`. The entry undoes this file and
/// no other, whenever the run is killed: it has a name of its own first, and is known before it gets this one.
///
/// # Errors
/// When it cannot be made; the folder must be there.
pub fn make_new_file(cx: &RunCx, place: &Path, mode: u32) -> io::Result<Option<(File, Entry)>> {
    let (temporary, its_entry, file) = make_beside(cx, place, mode)?;
    let named = file.metadata().and_then(|facts| {
        let entry = cx.begin(Undo::this_file_up_to(place, &facts, 0));
        match give_name(&temporary, place) {
            Ok(()) => Ok(Some(entry)),
            Err(error) => {
                entry.gone();
                if error.kind() == io::ErrorKind::AlreadyExists { Ok(None) } else { Err(error) }
            }
        }
    });
    match fs::remove_file(&temporary) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {}
        _ => its_entry.gone(),
    }
    Ok(named?.map(|entry| (file, entry)))
}

/// Gives the file at `from` the name `to` unless that is taken.
fn give_name(from: &Path, to: &Path) -> io::Result<()> {
    match fs::hard_link(from, to) {
        // Some file systems know no second names.
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => match fs::symlink_metadata(to) {
            Ok(_) => Err(io::ErrorKind::AlreadyExists.into()),
            Err(_) => fs::rename(from, to),
        },
        answer => answer,
    }
}

/// How much of a name goes into that of its temporary file: systems take 255 bytes.
const LONGEST_NAME: usize = 240;

/// Makes an empty file in the folder of `place`, under a name that nobody else uses.
fn make_beside(cx: &RunCx, place: &Path, mode: u32) -> io::Result<(PathBuf, Entry, File)> {
    let name = place.file_name().unwrap_or_default().to_string_lossy();
    let end = (0..=LONGEST_NAME.min(name.len())).rev().find(|end| name.is_char_boundary(*end)).unwrap_or_default();
    let temporary = place.with_file_name(format!(".{}.{}", &name[..end], cx.host.random_number()));
    let entry = cx.begin(Undo::file(&temporary));
    // Readable as well: the zip writer goes back to complete its headers.
    match platform::with_mode(OpenOptions::new().read(true).write(true).create_new(true), mode).open(&temporary) {
        Ok(file) => Ok((temporary, entry, file)),
        Err(error) => {
            entry.gone();
            Err(error)
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
    use crate::journal::{Journal, undo_local};
    use std::io::Write;

    /// Undoes what a context's run has left, as if it were killed now.
    fn kill(cx: RunCx) {
        let host = cx.host.clone();
        drop(cx);
        for mut run in Journal::left_behind(&host).unwrap() {
            for (id, undo) in run.entries() {
                undo_local(&undo).unwrap();
                run.undone(id).unwrap();
            }
            run.finish().unwrap();
        }
    }

    fn write(cx: &RunCx, place: &Path, text: &str) -> WholeFile {
        let (whole, mut file) = WholeFile::create(cx, place, 0o600).unwrap();
        file.write_all(text.as_bytes()).unwrap();
        whole
    }

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
        drop(write(&cx, &place, "new"));
        assert_eq!(fs::read_to_string(&place).unwrap(), "old");
        write(&cx, &place, "new").commit().unwrap();
        assert_eq!(fs::read_to_string(&place).unwrap(), "new");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn links_are_followed_also_when_they_lead_nowhere_yet() {
        let folder = tempfile::tempdir().unwrap();
        let cx = fake::run_cx(folder.path()).0;
        fs::create_dir(folder.path().join("d")).unwrap();
        std::os::unix::fs::symlink("d/b", folder.path().join("a")).unwrap();
        for text in ["first", "second"] {
            write(&cx, &folder.path().join("a"), text).commit().unwrap();
            assert!(folder.path().join("a").is_symlink());
            assert_eq!(fs::read_to_string(folder.path().join("d/b")).unwrap(), text);
        }
        std::os::unix::fs::symlink("loop", folder.path().join("loop")).unwrap();
        assert!(WholeFile::create(&cx, &folder.path().join("loop"), 0o600).is_err());
        assert_eq!(
            fs::read_dir(folder.path()).unwrap().count() + fs::read_dir(folder.path().join("d")).unwrap().count(),
            4
        );
    }

    #[test]
    fn the_mode_of_the_old_file_is_kept_to_the_bit() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let (cx, place) = (fake::run_cx(folder.path()).0, folder.path().join("a"));
        fs::write(&place, "old").unwrap();
        for mode in [0o666, 0o777, 0o640] {
            fs::set_permissions(&place, fs::Permissions::from_mode(mode)).unwrap();
            write(&cx, &place, "new").commit().unwrap();
            assert_eq!(platform::mode(&fs::metadata(&place).unwrap()), mode);
        }
    }

    #[test]
    fn devices_are_written_as_they_are_and_stay() {
        let folder = tempfile::tempdir().unwrap();
        let cx = fake::run_cx(folder.path()).0;
        write(&cx, Path::new("/dev/null"), "x").commit().unwrap();
        let link = folder.path().join("link");
        std::os::unix::fs::symlink("/dev/null", &link).unwrap();
        write(&cx, &link, "x").commit().unwrap();
        assert!(!fs::metadata("/dev/null").unwrap().is_file() && link.is_symlink());
        assert!(is_stream(Path::new("/dev/stdout")) && !is_stream(Path::new("/dev/shm/a")));
    }

    #[test]
    fn a_name_as_long_as_names_may_be_is_no_trouble() {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join(format!("{}a", "é".repeat(127)));
        write(&fake::run_cx(folder.path()).0, &place, "x").commit().unwrap();
        assert_eq!(fs::read_to_string(&place).unwrap(), "x");
    }

    #[test]
    fn a_new_file_goes_with_a_killed_run_and_one_that_replaced_another_stays() {
        let (folder, state) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let journalled = || fake::journalled_cx(folder.path(), state.path());
        let place = folder.path().join("a");
        let cx = journalled();
        write(&cx, &place, "of a killed run").commit().unwrap();
        kill(cx);
        assert!(!place.exists());
        let cx = journalled();
        write(&cx, &place, "of a run that went well").commit().unwrap();
        cx.journal.build_ended(&cx.speaker.build);
        kill(cx);
        let cx = journalled();
        write(&cx, &place, "newer").commit().unwrap();
        std::mem::forget(write(&cx, &place, "half"));
        kill(cx);
        assert_eq!(fs::read_to_string(&place).unwrap(), "newer");
    }

    #[test]
    fn a_name_that_is_taken_is_not_taken_away_from_its_file() {
        let (folder, state) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let place = folder.path().join("lock");
        let cx = fake::journalled_cx(folder.path(), state.path());
        drop(make_new_file(&cx, &place, 0o600).unwrap().unwrap());
        assert!(make_new_file(&cx, &place, 0o600).unwrap().is_none());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
        kill(cx);
        assert!(!place.exists());
        fs::write(&place, "").unwrap();
        let cx = fake::journalled_cx(folder.path(), state.path());
        assert!(make_new_file(&cx, &place, 0o600).unwrap().is_none());
        kill(cx);
        assert!(place.exists());
    }
}
