//! Texts that servers have answered, kept so that they need not send them again.
//!
//! Only a help: what cannot be read or written is as if it were not there.

use std::io::Write;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::host::platform;

/// A folder of answers; without one nothing is kept.
#[derive(Clone, Debug, Default)]
pub struct Cache(Option<PathBuf>);

/// An answer and the tag that its server knows it by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Remembered {
    /// What was asked for.
    pub url: String,
    /// The server's tag of it.
    pub tag: String,
    /// The text.
    pub body: String,
}

impl Cache {
    /// Keeps answers in `folder`, which need not be there yet.
    pub fn in_folder(folder: Option<PathBuf>) -> Cache {
        Cache(folder)
    }

    /// Returns the answer of last time.
    pub fn read(&self, url: &str) -> Option<Remembered> {
        let text = std::fs::read(self.place(url)?).ok()?;
        serde_json::from_slice(&text).ok().filter(|remembered: &Remembered| remembered.url == url)
    }

    /// Keeps an answer. Nobody else may read it: it may have been given for a token.
    pub fn write(&self, answer: &Remembered) {
        // What cannot be kept is asked for again.
        let _ = self.try_write(answer);
    }

    fn try_write(&self, answer: &Remembered) -> Option<()> {
        let place = self.place(&answer.url)?;
        let folder = place.parent()?;
        platform::make_folders(folder).ok()?;
        // Two runs at a time each write a whole file.
        let mut file = tempfile::NamedTempFile::new_in(folder).ok()?;
        file.write_all(&serde_json::to_vec(answer).ok()?).ok()?;
        file.persist(place).ok()?;
        Some(())
    }

    fn place(&self, url: &str) -> Option<PathBuf> {
        Some(self.0.as_ref()?.join(format!("{}.json", hex::encode(Sha256::digest(url)))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_kept_whole_or_not_at_all() {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::in_folder(Some(folder.path().join("a/b")));
        let answer = Remembered { url: "http://x/y".into(), tag: "\"1\"".into(), body: "text".into() };
        assert_eq!(cache.read("http://x/y"), None);
        cache.write(&answer);
        assert_eq!(cache.read("http://x/y"), Some(answer.clone()));
        assert_eq!(cache.read("http://x/z"), None);
        std::fs::write(cache.place("http://x/y").unwrap(), "{").unwrap();
        assert_eq!(cache.read("http://x/y"), None);
        let blocked = Cache::in_folder(Some(cache.place("http://x/y").unwrap()));
        blocked.write(&answer);
        assert_eq!(blocked.read("http://x/y"), None);
        Cache::default().write(&answer);
    }
}
