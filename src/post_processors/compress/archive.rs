//! The tar archive: base names, owners and modes, no times, so that the same files give the same bytes.
//!
//! Unaware of compression: writes into what it is given.

use std::io::{self, Write};

use anyhow::Result;

use super::Input;
use crate::host::platform;

/// Writes `inputs` as a GNU tar archive into `to` and gives that back (PP-compress-9).
///
/// # Errors
/// When a file cannot be read or the archive cannot be written.
pub fn write<W: Write>(inputs: impl Iterator<Item = Input>, to: W) -> Result<W> {
    let mut archive = tar::Builder::new(to);
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
        for (list, id, is_user) in [("/etc/passwd", user, true), ("/etc/group", group, false)] {
            let Some(name) = name_of(list, id) else { continue };
            // A name too long for its field is left out; the number says it as well.
            let _ = if is_user { header.set_username(&name) } else { header.set_groupname(&name) };
        }
        let name = input.name().file_name().unwrap_or_default().to_owned();
        let mut reader = io::BufReader::with_capacity(256 << 10, &mut file);
        archive.append_data(&mut header, name, &mut reader).map_err(|error| input.failed(&error))?;
    }
    Ok(archive.into_inner()?)
}

/// Returns the name that the list of users or groups has for `id`.
fn name_of(list: &str, id: u32) -> Option<String> {
    let text = std::fs::read_to_string(list).ok()?;
    text.lines().find_map(|line| {
        let mut fields = line.split(':');
        let name = fields.next()?;
        (fields.nth(1)?.parse() == Ok(id)).then(|| name.to_owned())
    })
}
