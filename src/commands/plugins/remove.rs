//! `packer plugins remove`: removes installed plugins with their checksum files.

use std::path::Path;

use super::{Session, at_work, exit, find, folder, list};
use crate::cli;
use crate::component::version::Constraints;
use crate::diagnostics::Diagnostic;
use crate::host::{explain, shortest_path};
use crate::plugin::{Wanted, remove};

/// Removes the binary at a path, or all that a source and a version constraint stand for (INI-17).
pub fn run(args: &cli::PluginsRemove, session: &Session) -> u8 {
    let named = &args.words[0];
    let folder = folder(session);
    if Path::new(named).is_absolute() {
        return remove_path(named, &folder, session);
    }
    let source = super::install::source(named, session);
    let constraints = match args.words.get(1) {
        None => Some(None),
        Some(text) => constraints(text, session).map(Some),
    };
    let (Some(source), Some(constraints)) = (source, constraints) else { return exit::FAILURE };
    at_work(session, async |_| {
        let wanted = Wanted { source: Some(&source), constraints: constraints.as_ref(), ..Wanted::default() };
        let Some(found) = find(&folder, wanted, session).await else { return exit::FAILURE };
        if found.usable.is_empty() {
            let constraint = constraints.as_ref().map(|constraints| format!(" {constraints}")).unwrap_or_default();
            session.ui.error(format!("No installed plugin found matching the plugin constraints {source}{constraint}"));
            return exit::FAILURE;
        }
        // All are tried.
        let left = found.usable.iter().filter(|plugin| !remove_one(&plugin.path, session)).count();
        if left == 0 { exit::OK } else { exit::FAILURE }
    })
}

/// Reads a version constraint; `None` after saying that it is none.
pub fn constraints(text: &str, session: &Session) -> Option<Constraints> {
    let constraints = Constraints::parse(text);
    if constraints.is_none() {
        session.ui.error(format!(
            "{text:?} is no version constraint. Write one or more versions with operators, separated by commas, such as \
             \">= 1.2.0, < 2.0.0\" or \"~> 1.2\"."
        ));
    }
    constraints
}

fn remove_path(named: &str, folder: &Path, session: &Session) -> u8 {
    let path = shortest_path(named);
    let place = session.host.absolute(folder);
    if !is_within(Path::new(&path), &place) {
        let detail = format!(
            "{named} is not below the plugin folder {}, so it is not removed. Set PACKER_PLUGIN_PATH if it is another one.",
            place.display()
        );
        session.show(&Diagnostic::error("Not an installed plugin", detail).into());
        return exit::FAILURE;
    }
    match remove(Path::new(&path)) {
        Ok(()) => {
            session.ui.say(named);
            exit::OK
        }
        Err(error) => {
            let reason = explain("remove", named, &error);
            session.show(&Diagnostic::error("Cannot remove the plugin", reason).into());
            exit::FAILURE
        }
    }
}

/// Whether the file stands below `folder`, whichever links lead to them.
fn is_within(file: &Path, folder: &Path) -> bool {
    let home = file.parent().unwrap_or(file);
    match (home.canonicalize(), folder.canonicalize()) {
        (Ok(home), Ok(folder)) => home.starts_with(folder),
        _ => file.starts_with(folder) && file != folder,
    }
}

/// Removes a binary and lists it; whether that could be done.
fn remove_one(path: &Path, session: &Session) -> bool {
    match remove(&session.host.absolute(path)) {
        Ok(()) => {
            list(path.display().to_string(), session);
            true
        }
        Err(error) => {
            session.ui.error(format!("cannot remove the plugin: {}", explain("remove", path, &error)));
            false
        }
    }
}
