//! The undo journal: what a run must undo is written down before it is made.
//!
//! Knows no engine: an entry names its kind, and
//! `packer cleanup` has the table of those who undo it.

mod fault;
mod left;
mod local;
mod temporary;

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard};

use serde::{Deserialize, Serialize};

use crate::host::{Host, explain, platform};

pub use fault::fault_point;
pub use left::Run;
pub use local::undo_local;
pub use temporary::{SCRIPTS, TemporaryFile};

/// Version of the file's lines.
const FORMAT: u32 = 1;

/// What has to be undone: a kind (`temp-dir`, `file`, `docker-container`, …) and what that kind needs to know.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Undo {
    /// Which undoer is asked.
    pub kind: String,
    /// What it needs: names, paths, addresses. Never a secret.
    pub what: serde_json::Map<String, serde_json::Value>,
}

impl Undo {
    /// Makes an undo of `kind` with named facts.
    pub fn new(kind: &str, what: impl IntoIterator<Item = (&'static str, String)>) -> Undo {
        Undo {
            kind: kind.to_owned(),
            what: what.into_iter().map(|(name, fact)| (name.to_owned(), fact.into())).collect(),
        }
    }

    /// Returns the fact `name`, or nothing.
    pub fn fact(&self, name: &str) -> &str {
        self.what.get(name).and_then(serde_json::Value::as_str).unwrap_or_default()
    }
}

/// One line of the file.
#[derive(Serialize, Deserialize)]
#[serde(tag = "line", rename_all = "kebab-case")]
enum Line {
    /// The first one: whose file this is.
    Run { format: u32, run: String, started: String, pid: u32 },
    /// Something is about to be made.
    Begin { id: u64, undo: Undo },
    /// It is gone, or somebody else's.
    Close { id: u64 },
}

/// Appends `line` in one write.
fn append(mut file: &File, line: &Line) -> io::Result<()> {
    let mut text = serde_json::to_vec(line)?;
    text.push(b'\n');
    file.write_all(&text)
}

/// Appends `line` and waits until it is on disk.
fn write_line(file: &File, line: &Line) -> io::Result<()> {
    append(file, line)?;
    file.sync_data()
}

/// The folder of all runs' files.
fn runs_dir(host: &Host) -> Option<PathBuf> {
    Some(host.state_dir()?.join("runs"))
}

/// The journal of this run. Cheap to share; every write is on disk before the call returns.
#[derive(Default)]
pub struct Journal {
    /// Where it is written; `None`: nowhere.
    place: Option<Place>,
    state: Mutex<State>,
    temporary: Mutex<temporary::Folders>,
}

/// The file, open from the start: a run that has used up its file descriptors can still write down what it makes.
struct Place {
    run: String,
    path: PathBuf,
    /// Its folder, where folders can be opened.
    folder: Option<File>,
}

#[derive(Default)]
struct State {
    /// Locked as long as the run lives.
    file: Option<File>,
    /// Zero: nothing was begun yet.
    last_id: u64,
    open: BTreeSet<u64>,
    /// Entries that somebody has at hand to undo them, each with its build.
    held: BTreeMap<u64, String>,
    /// Entries of what finished steps handed over, by build: they stay open until the build is over.
    handed_over: BTreeMap<String, Vec<u64>>,
    given_up: bool,
    warning: Option<String>,
}

impl Journal {
    /// Makes a journal that writes nothing (tests, read-only homes).
    pub fn none() -> Arc<Journal> {
        Arc::new(Journal::default())
    }

    /// Makes the journal of this run, `<state folder>/runs/<run id>.ndjson`.
    ///
    /// The second value warns that nothing can be written down: no state folder, or one that is read-only. Then
    /// the journal does nothing.
    pub fn open(host: &Host) -> (Arc<Journal>, Option<String>) {
        let Some(folder) = runs_dir(host) else {
            return (Journal::none(), Some(warning("neither PACKER_STATE_DIR, XDG_STATE_HOME nor HOME is set")));
        };
        let path = folder.join(format!("{}.ndjson", host.run_id()));
        let line = Line::Run {
            format: FORMAT,
            run: host.run_id().to_owned(),
            started: host.started().to_string(),
            pid: std::process::id(),
        };
        let created = fs::create_dir_all(&folder).and_then(|()| create(&path, &line));
        match created {
            Ok(file) => {
                let place = Place { run: host.run_id().to_owned(), path, folder: File::open(&folder).ok() };
                let state = State { file: Some(file), ..State::default() };
                (Arc::new(Journal { place: Some(place), state: Mutex::new(state), temporary: Mutex::default() }), None)
            }
            Err(error) => (Journal::none(), Some(warning(&explain("write", &path, &error)))),
        }
    }

    /// Writes down that `undo` is about to become necessary for `build`; returns once it is on disk.
    ///
    /// When it cannot be written, the build goes on without: see [`Journal::take_warning`].
    pub fn begin(self: &Arc<Self>, build: &str, undo: Undo) -> Entry {
        let id = self.place.as_ref().map_or(0, |place| self.write_begin(place, build, undo));
        Entry { journal: Arc::clone(self), id }
    }

    /// Returns what went wrong with writing, once.
    pub fn take_warning(&self) -> Option<String> {
        self.place.as_ref()?;
        self.lock().warning.take()
    }

    /// Ends the run: the file goes away when nothing is open in it. Dropping the journal does the same.
    pub fn end(&self) {
        let folders = std::mem::take(&mut *self.temporary());
        let mut state = self.lock();
        for folder in folders.values().filter(|folder| folder.count == 0) {
            state.close(folder.id);
        }
        if let Some(place) = &self.place
            && state.open.is_empty()
            && state.file.is_some()
        {
            // A file without open entries that stays does no harm: the next `packer cleanup` removes it.
            let _ = fs::remove_file(&place.path);
            state.file = None;
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }

    /// Returns the id of the new entry; 0 when it could not be written.
    fn write_begin(&self, place: &Place, build: &str, undo: Undo) -> u64 {
        let mut state = self.lock();
        if state.given_up {
            return 0;
        }
        fault_point("journal: before an entry");
        let id = state.last_id + 1;
        let Some(file) = &state.file else { return 0 };
        let written = write_line(file, &Line::Begin { id, undo }).and_then(|()| match &place.folder {
            // With the first entry the file's name must be on disk as well, not only its content.
            Some(folder) if state.last_id == 0 => folder.sync_all(),
            _ => Ok(()),
        });
        match written {
            Ok(()) => {
                state.last_id = id;
                state.open.insert(id);
                state.held.insert(id, build.to_owned());
                drop(state);
                fault_point("journal: after an entry");
                id
            }
            Err(error) => {
                state.given_up = true;
                state.warning = Some(warning(&explain("write", &place.path, &error)));
                0
            }
        }
    }

    /// Hands over what `build` has at hand now: its steps are not undone, because the user asked to look at what they
    /// made (`-on-error=abort`). What was dropped half-made stays for `packer cleanup`.
    pub fn hand_over_all(&self, build: &str) {
        let mut state = self.lock();
        let ids = state.held.iter().filter(|(_, held_by)| *held_by == build).map(|(id, _)| *id);
        let ids: Vec<u64> = ids.filter(|id| state.open.contains(id)).collect();
        state.handed_over.entry(build.to_owned()).or_default().extend(ids);
    }

    /// Closes what `build` has handed over. Called once people and programs have been told how the build ended: a
    /// run that is killed before that leaves nothing of it behind.
    pub fn build_ended(&self, build: &str) {
        let mut state = self.lock();
        if let Some(ids) = state.handed_over.remove(build) {
            state.close_all(&ids);
            state.sync();
        }
    }
}

impl State {
    /// Writes that `id` is closed. What stays open although it is gone costs a later `packer cleanup` one look, and
    /// nothing else.
    fn close(&mut self, id: u64) {
        if let Some(file) = &self.file
            && self.open.contains(&id)
        {
            fault_point("journal: before a close");
            if append(file, &Line::Close { id }).is_ok() {
                self.open.remove(&id);
            }
        }
    }

    /// Writes in one go that `ids` are closed, so that no kill leaves one half of a result.
    fn close_all(&mut self, ids: &[u64]) {
        let ids: Vec<u64> = ids.iter().copied().filter(|id| self.open.contains(id)).collect();
        let Some(mut file) = self.file.as_ref().filter(|_| !ids.is_empty()) else { return };
        fault_point("journal: before a build is closed");
        let lines = ids.iter().map(|id| serde_json::to_string(&Line::Close { id: *id }).map(|line| line + "\n"));
        if let Ok(text) = lines.collect::<Result<String, _>>()
            && file.write_all(text.as_bytes()).is_ok()
        {
            self.open.retain(|id| !ids.contains(id));
        }
    }

    fn sync(&self) {
        if let Some(file) = &self.file {
            // As above: an entry that seems open is looked at again.
            let _ = file.sync_data();
        }
    }
}

impl Drop for Journal {
    fn drop(&mut self) {
        self.end();
    }
}

/// Makes the file at `path`, takes its lock, and writes whose it is; that is on disk with the first entry.
fn create(path: &Path, whose: &Line) -> io::Result<File> {
    loop {
        let file = OpenOptions::new().create(true).append(true).open(path)?;
        file.lock()?;
        // Between the two calls a `packer cleanup` may have found the empty file and removed it.
        if platform::is_at(&file, path) {
            append(&file, whose)?;
            return Ok(file);
        }
    }
}

fn warning(reason: &str) -> String {
    format!(
        "The undo journal cannot be written: {reason}. Should this run be killed, \"packer cleanup\" cannot tell what \
         it has made. Set PACKER_STATE_DIR to a folder that can be written."
    )
}

/// One open entry. Dropping it leaves it open: then it is undone by `packer cleanup`.
#[must_use = "an entry stays open until it is closed"]
pub struct Entry {
    journal: Arc<Journal>,
    id: u64,
}

impl Entry {
    /// Closes the entry: what it names belongs to the user now, or is gone. Returns once that is on disk.
    pub fn close(self) {
        let mut state = self.journal.lock();
        state.close(self.id);
        state.sync();
    }

    /// Closes the entry: what it names is gone. Cheaper than [`Entry::close`], because nothing is lost when the
    /// machine fails before it is on disk: what is gone can be undone again.
    pub fn gone(self) {
        self.journal.lock().close(self.id);
    }

    /// Leaves the entry open until `build` is over: what it names is whole, and will be the user's then.
    pub fn hand_over(self, build: &str) {
        let mut state = self.journal.lock();
        if state.open.contains(&self.id) {
            state.handed_over.entry(build.to_owned()).or_default().push(self.id);
        }
    }
}

impl Drop for Entry {
    fn drop(&mut self) {
        self.journal.lock().held.remove(&self.id);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn host(state: &Path) -> Host {
        Host::fixed(state, &[("PACKER_STATE_DIR", state.to_str().unwrap())])
    }

    fn file(path: &Path) -> Undo {
        Undo::file(path)
    }

    #[test]
    fn a_run_that_makes_nothing_or_undoes_all_leaves_no_file() {
        let state = tempfile::tempdir().unwrap();
        let (journal, warning) = Journal::open(&host(state.path()));
        assert_eq!(warning, None);
        let entry = journal.begin("null.a", file(Path::new("/x")));
        assert_eq!(fs::read_dir(state.path().join("runs")).unwrap().count(), 1);
        entry.close();
        drop(journal);
        assert_eq!(fs::read_dir(state.path().join("runs")).unwrap().count(), 0);
    }

    #[test]
    fn a_living_run_is_left_alone_and_a_dead_one_is_found_with_its_newest_entry_first() {
        let state = tempfile::tempdir().unwrap();
        let host = host(state.path());
        let (journal, _) = Journal::open(&host);
        let first = journal.begin("null.a", file(Path::new("/first")));
        let second = journal.begin("null.a", file(Path::new("/second")));
        let third = journal.begin("null.a", file(Path::new("/third")));
        second.close();
        assert!(Journal::left_behind(&host).unwrap().is_empty());
        drop((first, third, journal));
        let runs = Journal::left_behind(&host).unwrap();
        let paths: Vec<_> = runs[0].entries().into_iter().map(|(_, undo)| undo.fact("path").to_owned()).collect();
        assert_eq!(paths, ["/third", "/first"]);
        assert_eq!(runs[0].id(), host.run_id());
    }

    #[test]
    fn a_journal_without_a_folder_warns_once_and_the_build_goes_on() {
        let (journal, warning) = Journal::open(&Host::fixed(Path::new("/"), &[]));
        assert!(warning.unwrap().contains("PACKER_STATE_DIR"));
        journal.begin("null.a", file(Path::new("/x"))).close();
        let state = tempfile::tempdir().unwrap();
        fs::write(state.path().join("runs"), "in the way").unwrap();
        let (journal, warning) = Journal::open(&host(state.path()));
        assert!(warning.unwrap().contains("cannot be written"));
        journal.begin("null.a", file(Path::new("/x"))).close();
        assert_eq!(journal.take_warning(), None);
    }

    #[test]
    fn what_a_build_hands_over_stays_open_until_the_build_is_over() {
        let state = tempfile::tempdir().unwrap();
        let (journal, _) = Journal::open(&host(state.path()));
        let content = || {
            let file = fs::read_dir(state.path().join("runs")).unwrap().next().unwrap().unwrap();
            fs::read_to_string(file.path()).unwrap()
        };
        journal.begin("null.a", file(Path::new("/a"))).hand_over("null.a");
        journal.begin("null.b", file(Path::new("/b"))).hand_over("null.b");
        let kept = journal.begin("null.a", file(Path::new("/temporary")));
        journal.build_ended("null.a");
        assert_eq!(content().matches("close").count(), 1);
        assert!(content().ends_with("{\"line\":\"close\",\"id\":1}\n"));
        journal.build_ended("null.b");
        kept.gone();
        assert_eq!(content().matches("close").count(), 3);
    }

    #[test]
    fn what_is_at_hand_is_handed_over_on_request_and_what_was_dropped_stays_open() {
        let state = tempfile::tempdir().unwrap();
        let host = host(state.path());
        let (journal, _) = Journal::open(&host);
        let at_hand = journal.begin("null.a", file(Path::new("/a")));
        drop(journal.begin("null.a", file(Path::new("/dropped"))));
        let of_another = journal.begin("null.b", file(Path::new("/b")));
        journal.hand_over_all("null.a");
        journal.build_ended("null.a");
        drop((at_hand, of_another, journal));
        let left = Journal::left_behind(&host).unwrap()[0].entries();
        let paths: Vec<_> = left.iter().map(|(_, undo)| undo.fact("path")).collect();
        assert_eq!(paths, ["/b", "/dropped"]);
    }
}
