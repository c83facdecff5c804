//! `packer plugins required`: lists what a template requires, and the installed binaries that satisfy it.

use super::{NOTHING_REQUIRED, Session, at_work, exit, find, folder, list, open_for_requirements};
use crate::cli;
use crate::plugin::Wanted;

/// Lists one requirement a line: local name, source, constraint, and paths by ascending version, the last of which is
/// the one in use (INI-14).
pub fn run(args: &cli::PluginsRequired, session: &Session) -> u8 {
    let template = open_for_requirements(&args.template[0], &args.common, session);
    let Some(template) = template else { return exit::FAILURE };
    let folder = folder(session);
    if template.requirements().is_empty() {
        list(NOTHING_REQUIRED, session);
        return exit::OK;
    }
    at_work(session, async |_| {
        for requirement in template.requirements() {
            let (source, constraints) = (&requirement.source, &requirement.constraints);
            let wanted =
                Wanted { source: Some(source), constraints: Some(constraints), spoken: true, ..Wanted::default() };
            let Some(found) = find(&folder, wanted, session).await else { return exit::FAILURE };
            let mut line = format!("{} {source} {:?}", requirement.local_name, constraints.to_string());
            for plugin in &found.usable {
                line += &format!(" {}", plugin.path.display());
            }
            list(line, session);
        }
        exit::OK
    })
}
