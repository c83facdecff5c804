//! The new file: there when it is whole, and then in the place of an old one.
//!
//! Knows nothing of what is written.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::Path;

use crate::component::{is_stream, make_folders, open_stream};
use crate::diagnostics::Diagnostic;
use crate::host::{Host, explain, platform};

/// Writes `text` to the file `output`; makes the folders on the way (UPG-1).
///
/// # Errors
/// What is in the way. A file that was there is as it was.
pub fn whole(output: &str, text: &str, host: &Host) -> Result<(), Box<Diagnostic>> {
    let failed = |reason: String| Box::new(Diagnostic::error("Cannot write the new template", format!("{reason}.")));
    let place = host.absolute(output);
    if let Some(folder) = Path::new(output).parent().filter(|folder| !folder.as_os_str().is_empty()) {
        make_folders(host, folder).map_err(failed)?;
    }
    write(&place, text).map_err(|error| failed(explain("open", output, &error)))
}

fn write(place: &Path, text: &str) -> io::Result<()> {
    if is_stream(place) {
        return open_stream(place)?.write_all(text.as_bytes());
    }
    let Ok(old) = fs::metadata(place) else { return beside(place, text, None) };
    if old.is_dir() {
        return Err(io::ErrorKind::IsADirectory.into());
    }
    if !old.is_file() || platform::has_other_names(&old) {
        return OpenOptions::new().write(true).truncate(old.is_file()).open(place)?.write_all(text.as_bytes());
    }
    platform::check_writable(place)?;
    // The link stays, and what it leads to is replaced.
    beside(&fs::canonicalize(place)?, text, Some(&old))
}

/// Writes a file beside `place` and puts it there.
fn beside(place: &Path, text: &str, old: Option<&fs::Metadata>) -> io::Result<()> {
    let folder = place.parent().unwrap_or(Path::new("/"));
    let make = |path: &Path| -> io::Result<File> {
        platform::with_mode(OpenOptions::new().write(true).create_new(true), 0o666).open(path)
    };
    let mut file = tempfile::Builder::new().prefix(".packer-upgrade-").make_in(folder, make)?;
    file.write_all(text.as_bytes())?;
    if let Some(old) = old {
        // An owner that cannot be kept is the price of a whole file.
        let _ = platform::keep_owner(file.as_file(), old);
        file.as_file().set_permissions(old.permissions())?;
    }
    file.persist(place).map(drop).map_err(|error| error.error)
}
