//! Puts a formatted text in the place of its file, which at no time holds half of it.
//!
//! Knows nothing of what is written.

use std::borrow::Cow;
use std::fs::{self, Metadata, OpenOptions};
use std::io::{self, Seek, Write};
use std::path::Path;

use crate::component::is_refusal;
use crate::host::platform;

/// How far it came.
#[derive(Debug, PartialEq, Eq)]
pub enum Written {
    /// The file holds the new text.
    Whole,
    /// The file is untouched: it cannot be replaced by another one, so it has to be written where it is.
    NotYet,
}

/// Replaces the file that `place` (absolute) leads to by one with this `text`, mode and owner the same. Who reads
/// meanwhile reads the old text or the new one.
///
/// # Errors
/// When it may not be written, or there is no room.
pub fn replace(place: &Path, text: &str) -> io::Result<Written> {
    let (mut place, mut facts) = (Cow::from(place), fs::symlink_metadata(place)?);
    if facts.is_symlink() {
        // The link stays, and what it leads to is replaced.
        place = fs::canonicalize(&place)?.into();
        facts = fs::metadata(&place)?;
    }
    if !facts.is_file() || platform::has_other_names(&facts) {
        return Ok(Written::NotYet);
    }
    // A file that may not be written is not to be replaced either.
    platform::check_writable(&place)?;
    let Some(folder) = place.parent() else { return Ok(Written::NotYet) };
    let mut beside = match beside_in(folder, &facts) {
        Ok(beside) => beside,
        Err(error) if is_refusal(&error) => return Ok(Written::NotYet),
        Err(error) => return Err(error),
    };
    if platform::keep_owner(beside.as_file(), &facts).is_err() {
        return Ok(Written::NotYet);
    }
    beside.write_all(text.as_bytes())?;
    if beside.as_file().metadata()?.permissions() != facts.permissions() {
        beside.as_file().set_permissions(facts.permissions())?;
    }
    match beside.persist(&place) {
        Ok(_) => Ok(Written::Whole),
        Err(refused) if is_refusal(&refused.error) => Ok(Written::NotYet),
        Err(refused) => Err(refused.error),
    }
}

/// Makes an empty file in `folder`, with the mode of the one that it is to replace if the process's mask lets it. It goes
/// again unless it is put in its place.
fn beside_in(folder: &Path, facts: &Metadata) -> io::Result<tempfile::NamedTempFile> {
    tempfile::Builder::new().prefix(".packer-fmt-").permissions(facts.permissions()).tempfile_in(folder)
}

/// Writes `text` into what `place` (absolute) leads to, which holds `old`. If that fails, it holds `old` again.
///
/// # Errors
/// When it may not be written, or there is no room.
pub fn overwrite(place: &Path, old: &str, text: &str) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).open(place)?;
    if !file.metadata()?.is_file() {
        return file.write_all(text.as_bytes());
    }
    let length = |text: &str| u64::try_from(text.len()).unwrap_or(u64::MAX);
    let written = file.write_all(text.as_bytes()).and_then(|()| file.set_len(length(text)));
    if written.is_err() {
        // There was room for it before. The first reason is the one to tell.
        let _ = file.rewind().and_then(|()| file.write_all(old.as_bytes())).and_then(|()| file.set_len(length(old)));
    }
    written
}
