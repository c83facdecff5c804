//! `packer plugins installed`: lists the binaries that may be used.

use super::{Session, at_work, exit, find, folder, list};
use crate::plugin::Wanted;

/// Lists them by plugin and version, each with its path (INI-15).
pub fn run(session: &Session) -> u8 {
    let folder = folder(session);
    at_work(session, async |_| {
        let Some(found) = find(&folder, Wanted::default(), session).await else { return exit::FAILURE };
        found.usable.iter().for_each(|plugin| list(plugin.path.display().to_string(), session));
        exit::OK
    })
}
