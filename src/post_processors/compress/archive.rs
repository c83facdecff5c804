//! The tar archive: base names, owners and modes, no times, so that the same files give the same bytes.
//!
//! Unaware of compression: writes into what it is given.

use std::io::{self, Write};

use anyhow::Result;

use super::job::Input;
use crate::host::platform;

/// Writes `inputs` as a GNU tar archive into `to` and gives that back (PP-compress-9).
///
/// # Errors
/// When a file cannot be read or the archive cannot be written.
pub fn write<W: Write>(inputs: impl Iterator<Item = Input>, to: W) -> Result<W> {
    let mut archive = tar::Builder::new(to);
    let (users, groups) = (Names::read("/etc/passwd"), Names::read("/etc/group"));
    for mut input in inputs {
        let (mut file, facts) = input.open()?;
        let mut header = tar::Header::new_gnu();
        header.set_entry_type(tar::EntryType::Regular);
        header.set_size(facts.len());
        header.set_mode(platform::mode(&facts));
        header.set_mtime(0);
        let (user, group) = platform::owner(&facts);
        header.set_uid(user.into());
        header.set_gid(group.into());
        // A name too long for its field is left out; the number says it as well.
        let _ = users.of(user).map(|name| header.set_username(name));
        let _ = groups.of(group).map(|name| header.set_groupname(name));
        let name = input.name().file_name().unwrap_or_default().to_owned();
        let mut reader = io::BufReader::with_capacity(256 << 10, &mut file);
        archive.append_data(&mut header, name, &mut reader).map_err(|error| input.failed(&error))?;
    }
    Ok(archive.into_inner()?)
}

/// The list of users, or that of groups.
struct Names(String);

impl Names {
    /// Reads the list; one that cannot be read has no names.
    fn read(list: &str) -> Names {
        Names(std::fs::read_to_string(list).unwrap_or_default())
    }

    /// Returns the name that the list has for `id`.
    fn of(&self, id: u32) -> Option<&str> {
        self.0.lines().find_map(|line| {
            let mut fields = line.split(':');
            let name = fields.next()?;
            (fields.nth(1)?.parse() == Ok(id)).then_some(name)
        })
    }
}
