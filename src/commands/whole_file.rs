//! Files that commands write: there when they are whole, and then in the place of an old one.
//!
//! Knows nothing of what is written, and keeps no journal: builds have `component::WholeFile`.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::Path;

use crate::component::{is_stream, open_stream};
use crate::host::platform;

/// Writes `text` to the file at `place` (absolute), in a folder that is there.
///
/// Links stay, and so do mode, owner and further names of a file that is replaced. A pipe or a device is written as it is.
///
/// # Errors
/// When it cannot be written. A file that was there is as it was, unless it has further names.
pub fn write(place: &Path, text: &[u8]) -> io::Result<()> {
    if is_stream(place) {
        return open_stream(place)?.write_all(text);
    }
    let Ok(old) = fs::metadata(place) else { return beside(place, text, None) };
    if old.is_dir() {
        return Err(io::ErrorKind::IsADirectory.into());
    }
    if !old.is_file() || platform::has_other_names(&old) {
        return OpenOptions::new().write(true).truncate(old.is_file()).open(place)?.write_all(text);
    }
    platform::check_writable(place)?;
    // The link stays, and what it leads to is replaced.
    beside(&fs::canonicalize(place)?, text, Some(&old))
}

/// Writes a file beside `place` and puts it there.
fn beside(place: &Path, text: &[u8], old: Option<&fs::Metadata>) -> io::Result<()> {
    let folder = place.parent().unwrap_or(Path::new("/"));
    let make = |path: &Path| -> io::Result<File> {
        platform::with_mode(OpenOptions::new().write(true).create_new(true), 0o666).open(path)
    };
    let mut file = tempfile::Builder::new().prefix(".packer-").make_in(folder, make)?;
    file.write_all(text)?;
    if let Some(old) = old {
        // An owner that cannot be kept is the price of a whole file.
        let _ = platform::keep_owner(file.as_file(), old);
        file.as_file().set_permissions(old.permissions())?;
        // The old text goes when the new one is on the disk.
        file.as_file().sync_all()?;
    }
    file.persist(place).map(drop).map_err(|error| error.error)
}
