//! Removes a binary from the plugin folder.

use std::io;
use std::path::Path;

use super::checksum;

/// Removes the binary at `path`, and the checksum file beside it if there is one.
///
/// # Errors
/// When one of them cannot be removed.
pub fn remove(path: &Path) -> io::Result<()> {
    std::fs::remove_file(path)?;
    match std::fs::remove_file(checksum::beside(path)) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}
