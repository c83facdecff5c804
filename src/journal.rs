//! The undo journal: what a run must undo is written down before it is made.
//!
//! Knows no engine and undoes nothing itself: an entry names its kind, and `packer cleanup` has the table of
//! those who undo it.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

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

/// The journal of this run. Cheap to share; every write is on disk before the call returns.
#[derive(Default)]
pub struct Journal {}

impl Journal {
    /// Makes a journal that writes nothing (tests, read-only homes).
    pub fn none() -> Arc<Journal> {
        Arc::new(Journal::default())
    }

    /// Writes down that `undo` is about to become necessary; returns once it is on disk.
    ///
    /// A journal that cannot be written has warned once when it was opened; the build goes on without it.
    pub fn begin(self: &Arc<Self>, undo: Undo) -> Entry {
        let _ = undo;
        Entry { journal: Arc::clone(self), id: 0 }
    }
}

/// One open entry. Dropping it leaves it open: then it is undone by `packer cleanup`.
#[must_use = "an entry stays open until it is closed"]
pub struct Entry {
    #[expect(dead_code, reason = "skeleton")]
    journal: Arc<Journal>,
    #[expect(dead_code, reason = "skeleton")]
    id: u64,
}

impl Entry {
    /// Closes the entry: what it names is gone, or belongs to the user now (handed over as an artifact).
    pub fn close(self) {}
}
