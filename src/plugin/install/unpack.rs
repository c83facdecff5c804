//! Takes one file out of a zip archive, and nothing else.
//!
//! Makes no file itself, so no name in the archive can lead anywhere.

use std::fs::File;
use std::io::{self, Read, Write};

use anyhow::{Context, Result, bail, ensure};
use zip::ZipArchive;

/// How many files an archive may hold; a plugin's has three or four.
const MOST_FILES: usize = 10_000;

/// Writes the file called `name` from `archive` to `out`, at most `limit` bytes.
///
/// # Errors
/// When it is no archive, does not hold the file, or holds more than it may; when a name in it would lead out of the
/// folder it is unpacked in, whichever that is.
pub fn unpack(archive: File, name: &str, limit: u64, out: &mut dyn Write) -> Result<()> {
    let mut archive = ZipArchive::new(io::BufReader::new(archive)).context("it is no zip archive")?;
    ensure!(archive.len() <= MOST_FILES, "it holds more than {MOST_FILES} files");
    for name in archive.file_names_raw().map(String::from_utf8_lossy) {
        // Whoever makes such an archive means no good, so the rest of it is not wanted either.
        ensure!(!leads_elsewhere(&name), "it holds a file whose name leads elsewhere: {name:?}");
    }
    let mut entry = match archive.by_name(name) {
        Ok(entry) => entry,
        Err(zip::result::ZipError::FileNotFound) => bail!("it does not hold the file {name:?}"),
        Err(error) => return Err(error).context("it cannot be read"),
    };
    ensure!(entry.is_file(), "{name:?} in it is no file");
    let too_long = || format!("{name:?} in it is longer than {} MiB", limit.div_ceil(1 << 20));
    ensure!(entry.size() <= limit, too_long());
    // What the archive says of its own size may be a lie.
    let copied = io::copy(&mut (&mut entry).take(limit + 1), out).context("it cannot be unpacked")?;
    ensure!(copied <= limit, too_long());
    Ok(())
}

/// Whether a file of this name would not stand below the folder it is unpacked in, on any system.
fn leads_elsewhere(name: &str) -> bool {
    let starts_at_root = name.starts_with(['/', '\\']) || name.as_bytes().get(1) == Some(&b':');
    starts_at_root || name.contains('\0') || name.split(['/', '\\']).any(|part| part == "..")
}

#[cfg(test)]
mod tests {
    use std::io::Seek;

    use zip::write::SimpleFileOptions;

    use super::*;

    fn archive(files: &[(&str, &[u8])]) -> File {
        let mut writer = zip::ZipWriter::new(tempfile::tempfile().unwrap());
        for (name, content) in files {
            writer.start_file(*name, SimpleFileOptions::default()).unwrap();
            writer.write_all(content).unwrap();
        }
        let mut file = writer.finish().unwrap();
        file.rewind().unwrap();
        file
    }

    fn take(files: &[(&str, &[u8])], limit: u64) -> Result<String, String> {
        let mut out = Vec::new();
        let unpacked = unpack(archive(files), "plugin", limit, &mut out);
        unpacked.map_err(|error| format!("{error:#}"))?;
        Ok(String::from_utf8(out).unwrap())
    }

    #[test]
    fn one_file_is_taken_and_the_others_are_left() {
        assert_eq!(take(&[("LICENSE", b"free"), ("plugin", b"a program")], 99).unwrap(), "a program");
        assert!(take(&[("LICENSE", b"free")], 99).unwrap_err().contains("does not hold"));
        let mut none = tempfile::tempfile().unwrap();
        none.write_all(b"no archive").unwrap();
        assert!(unpack(none, "plugin", 9, &mut Vec::new()).is_err());
    }

    #[test]
    fn a_name_that_leads_elsewhere_spoils_the_archive() {
        // NEW-87
        for name in ["../evil", "/etc/evil", "a/../../evil", "..\\evil", "C:evil"] {
            let told = take(&[(name, b"x"), ("plugin", b"a program")], 99).unwrap_err();
            assert!(told.contains("leads elsewhere"), "{name}: {told}");
        }
    }

    #[test]
    fn what_unpacks_to_more_than_it_may_is_refused() {
        let told = take(&[("plugin", &[0; 3 << 20])], 1 << 20).unwrap_err();
        assert_eq!(told, "\"plugin\" in it is longer than 1 MiB");
    }
}
