//! `packer fix`: a JSON template as it is written today, or what has to change for that.
//!
//! Never writes the file. What each fixer does is in `legacy::fix`.

use super::findings::{Note, Range};
use super::{Session, exit};
use crate::cli;
use crate::diagnostics::{Diagnostics, FileId};
use crate::host::explain;
use crate::legacy::{self, fix};
use crate::syntax;

/// Shows the fixed template, or with `-explain` what is fixed (FIX-1 … FIX-4).
pub fn run(args: &cli::Fix, session: &Session) -> u8 {
    let path = args.template.first().map(String::as_str).unwrap_or_default();
    let Some(bytes) = read(path, session) else { return exit::FAILURE };
    let (id, problems) = syntax::decode(path, bytes, &session.sources);
    let shown = if problems.has_errors() { Err(problems) } else { show(id, path, args, session) };
    match shown {
        Ok(()) => exit::OK,
        Err(problems) => {
            session.show(&problems);
            exit::FAILURE
        }
    }
}

/// Reads the file; `None` after saying, in lines that scripts know, why that cannot be (FIX-1).
fn read(path: &str, session: &Session) -> Option<Vec<u8>> {
    let place = session.host.absolute(path);
    if path.ends_with(".pkr.hcl") || path.ends_with(".pkr.json") || place.is_dir() {
        session.ui.error("packer fix only works with JSON files for now.");
        return None;
    }
    let failed = |error| session.ui.error(format!("Error opening template: {}", explain("open", path, &error)));
    std::fs::read(place).map_err(failed).ok()
}

fn show(id: FileId, path: &str, args: &cli::Fix, session: &Session) -> Result<(), Diagnostics> {
    if args.explain {
        session.ui.say(explanation(&fix::needed(id, &session.sources)?, path));
        return Ok(());
    }
    let text = fix::fixed(id, &session.sources)?;
    // Its variables may hold passwords, which no log and no crash report is to repeat. Programs want lines of their own.
    if session.machine_readable {
        session.ui.say(text.as_str())
    } else {
        session.print(&text)
    };
    if args.validate { check(text, path, session) } else { Ok(()) }
}

/// Checks the fixed template, as far as that needs no component (FIX-4).
fn check(text: String, path: &str, session: &Session) -> Result<(), Diagnostics> {
    let id = session.sources.add(format!("fixed {path}"), text);
    let (template, mut problems) = legacy::parse(id, &session.sources);
    let verb = match &template {
        Some(template) => {
            problems.append(template.check_names());
            "failed to validate"
        }
        None => "fails to parse",
    };
    if !problems.has_errors() {
        return Ok(());
    }
    session.ui.error(format!(
        "Error! Fixed template {verb}, for these reasons; mend them in the template that was to be fixed.\n"
    ));
    Err(problems)
}

/// Returns what `packer fix` would change in the legacy template at `path`, which was read before: it may be a pipe, which
/// is empty then. Nothing where it could not be read.
pub fn notes(path: &str, session: &Session) -> Vec<Note> {
    let Some(id) = session.sources.named(if path == "-" { legacy::STDIN } else { path }) else { return Vec::new() };
    let Ok(fixes) = fix::needed(id, &session.sources) else { return Vec::new() };
    if fixes.is_empty() {
        return Vec::new();
    }
    let places = fix::Places::of(id, &session.sources);
    let note = |fixer: &str, change: &fix::changes::Change| Note {
        source: fixer.to_owned(),
        text: session.secrets.mask(&format!("{}: {change}. \"packer fix\" does it.", about(fixer))).into_owned(),
        range: Some(Range::of(places.at(&change.pointer), &session.sources, &session.secrets)),
    };
    fixes.iter().flat_map(|fix| fix.changes.iter().map(|change| note(fix.fixer, change))).collect()
}

fn about(fixer: &str) -> &'static str {
    cli::FIXERS.iter().find(|(name, _)| *name == fixer).map(|(_, about)| *about).unwrap_or_default()
}

/// Returns what the fixers change, each with what it is for.
fn explanation(fixes: &[fix::Fix], path: &str) -> String {
    if fixes.is_empty() {
        return format!("Nothing in {path} needs to be fixed.");
    }
    let one = |fix: &fix::Fix| {
        let changes: String = fix.changes.iter().map(|change| format!("\n  {change}")).collect();
        format!("{}: {}{changes}", fix.fixer, about(fix.fixer))
    };
    fixes.iter().map(one).collect::<Vec<_>>().join("\n\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_help_lists_the_fixers_that_there_are() {
        // CLI-56, FIX-2
        let run: Vec<_> = fix::ALL.iter().map(|fixer| fixer.name).collect();
        let listed: Vec<_> = cli::FIXERS.iter().map(|(name, _)| *name).collect();
        assert_eq!(listed, run);
    }
}
