//! What runs that were killed have left behind.
//!
//! Undoes nothing: hands out the open entries and takes note of what is undone.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use super::{Journal, Line, Undo, fault_point, runs_dir, write_line};
use crate::host::{Host, platform};

/// The journal of a run that is dead. While this lives no other program can take it up.
pub struct Run {
    id: String,
    started: String,
    path: PathBuf,
    /// Locked.
    file: File,
    open: Vec<(u64, Undo)>,
}

impl Journal {
    /// Returns the journals of runs that are dead, oldest first; those of living runs are left alone.
    ///
    /// # Errors
    /// When the folder cannot be read; that there is none is not an error.
    pub fn left_behind(host: &Host) -> io::Result<Vec<Run>> {
        let Some(folder) = runs_dir(host) else { return Ok(Vec::new()) };
        let listing = match fs::read_dir(&folder) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            listing => listing?,
        };
        let mut runs = Vec::new();
        for file in listing {
            let path = file?.path();
            if path.extension().is_some_and(|extension| extension == "ndjson")
                && let Some(run) = Run::take_up(&path)?
            {
                runs.push(run);
            }
        }
        runs.sort_by(|a, b| (&a.started, &a.id).cmp(&(&b.started, &b.id)));
        Ok(runs)
    }
}

impl Run {
    /// Reads the journal at `path`; `None` when its run lives, or the file has gone meanwhile.
    fn take_up(path: &Path) -> io::Result<Option<Run>> {
        let mut file = match OpenOptions::new().read(true).append(true).open(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            file => file?,
        };
        match file.try_lock() {
            Err(TryLockError::WouldBlock) => return Ok(None),
            Err(TryLockError::Error(error)) => return Err(error),
            Ok(()) => {}
        }
        if !platform::is_at(&file, path) {
            return Ok(None);
        }
        let mut text = Vec::new();
        file.read_to_end(&mut text)?;
        let name = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
        let mut run = Run { id: name, started: String::new(), path: path.to_owned(), file, open: Vec::new() };
        run.replay(&text);
        if !text.is_empty() && !text.ends_with(b"\n") {
            // So that what is appended now does not become part of the torn line.
            run.file.write_all(b"\n")?;
        }
        Ok(Some(run))
    }

    /// Applies the lines of the file. A line that was cut short was never acted upon, so it is passed over.
    fn replay(&mut self, text: &[u8]) {
        for line in text.split(|byte| *byte == b'\n') {
            match serde_json::from_slice(line) {
                Ok(Line::Run { run, started, .. }) => (self.id, self.started) = (run, started),
                Ok(Line::Begin { id, undo }) => self.open.push((id, undo)),
                Ok(Line::Close { id }) => self.open.retain(|(open, _)| *open != id),
                Err(_) => {}
            }
        }
    }

    /// Returns the run's id.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Returns when it started (RFC 3339, UTC); empty when the file was cut before that.
    pub fn started(&self) -> &str {
        &self.started
    }

    /// Returns the open entries with their numbers, newest first: the order to undo them in.
    pub fn entries(&self) -> Vec<(u64, Undo)> {
        self.open.iter().rev().cloned().collect()
    }

    /// Takes note that `entry` is undone; returns once that is on disk.
    ///
    /// # Errors
    /// When it cannot be written; then the entry stays open.
    pub fn undone(&mut self, entry: u64) -> io::Result<()> {
        fault_point("cleanup: before a close");
        write_line(&self.file, &Line::Close { id: entry })?;
        self.open.retain(|(open, _)| *open != entry);
        Ok(())
    }

    /// Removes the file if nothing is open in it, and returns whether that was so.
    ///
    /// # Errors
    /// When it cannot be removed.
    pub fn finish(self) -> io::Result<bool> {
        if self.open.is_empty() {
            fs::remove_file(&self.path)?;
        }
        Ok(self.open.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn left(content: &str) -> (tempfile::TempDir, Host) {
        let state = tempfile::tempdir().unwrap();
        fs::create_dir(state.path().join("runs")).unwrap();
        fs::write(state.path().join("runs/r.ndjson"), content).unwrap();
        let host = Host::fixed(state.path(), &[("PACKER_STATE_DIR", state.path().to_str().unwrap())]);
        (state, host)
    }

    const WHOLE: &str = concat!(
        r#"{"line":"run","format":1,"run":"r","started":"2026-01-02T03:04:05Z","pid":7}"#,
        "\n",
        r#"{"line":"begin","id":1,"undo":{"kind":"file","what":{"path":"/a"}}}"#,
        "\n",
        r#"{"line":"begin","id":2,"undo":{"kind":"file","what":{"path":"/b"}}}"#,
        "\n",
        r#"{"line":"close","id":2}"#,
        "\n"
    );

    #[test]
    fn a_file_cut_anywhere_is_read_up_to_its_last_whole_line() {
        for cut in 0..=WHOLE.len() {
            let (_state, host) = left(&WHOLE[..cut]);
            let mut runs = Journal::left_behind(&host).unwrap();
            let mut run = runs.remove(0);
            let begun = WHOLE[..cut].matches("}}}").count();
            let closed = usize::from(WHOLE[..cut].contains(r#""id":2}"#));
            assert_eq!(run.entries().len(), begun - closed, "cut at {cut}");
            for (entry, _) in run.entries() {
                run.undone(entry).unwrap();
            }
            assert!(run.finish().unwrap());
        }
    }

    #[test]
    fn what_was_undone_stays_undone_and_the_second_call_finds_nothing() {
        let (_state, host) = left(&WHOLE[..WHOLE.len() - 10]);
        let mut run = Journal::left_behind(&host).unwrap().remove(0);
        let newest = run.entries()[0].0;
        run.undone(newest).unwrap();
        assert!(!run.finish().unwrap());
        let mut run = Journal::left_behind(&host).unwrap().remove(0);
        assert_eq!(run.entries().len(), 1);
        run.undone(1).unwrap();
        assert!(run.finish().unwrap());
        assert!(Journal::left_behind(&host).unwrap().is_empty());
    }
}
