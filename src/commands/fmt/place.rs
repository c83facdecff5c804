//! Puts a formatted text in the place of its file, which at no time holds half of it.
//!
//! Knows nothing of what is written.

use std::fs::{self, OpenOptions};
use std::io::{self, Seek, Write};
use std::path::Path;

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
    // The link stays, and what it leads to is replaced.
    let place = fs::canonicalize(place)?;
    let facts = fs::metadata(&place)?;
    if !facts.is_file() || platform::has_other_names(&facts) {
        return Ok(Written::NotYet);
    }
    // A file that may not be written is not to be replaced either.
    platform::check_writable(&place)?;
    let Some(folder) = place.parent() else { return Ok(Written::NotYet) };
    let mut beside = match tempfile::Builder::new().prefix(".packer-fmt-").tempfile_in(folder) {
        Ok(beside) => beside,
        Err(error) if is_refusal(&error) => return Ok(Written::NotYet),
        Err(error) => return Err(error),
    };
    if platform::keep_owner(beside.as_file(), &facts).is_err() {
        return Ok(Written::NotYet);
    }
    beside.write_all(text.as_bytes())?;
    beside.as_file().set_permissions(facts.permissions())?;
    match beside.persist(&place) {
        Ok(_) => Ok(Written::Whole),
        Err(refused) if is_refusal(&refused.error) => Ok(Written::NotYet),
        Err(refused) => Err(refused.error),
    }
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

/// Whether the place, and not the file, is why it failed.
fn is_refusal(error: &io::Error) -> bool {
    use io::ErrorKind::{CrossesDevices, PermissionDenied, ReadOnlyFilesystem, ResourceBusy};
    matches!(error.kind(), PermissionDenied | ResourceBusy | CrossesDevices | ReadOnlyFilesystem)
}
