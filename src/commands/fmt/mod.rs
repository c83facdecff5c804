//! `packer fmt`: formats templates and variable files, and says which.
//!
//! Needs no registry and no runtime. How text is laid out, `syntax::format` knows.

mod diff;
mod file;
mod paths;
mod place;
#[cfg(test)]
mod tests;

use std::io::{Read, Write, stdin};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use file::Became;
use paths::Found;

use super::{Session, exit};
use crate::cli;
use crate::diagnostics::{Diagnostic, Diagnostics, FileId};
use crate::host::Host;
use crate::syntax;

/// What becomes of files that are not laid out as they should be.
#[derive(Clone, Copy)]
struct Wishes {
    /// They are written.
    write: bool,
    /// The difference is shown.
    diff: bool,
}

/// What standard input is called where it is shown.
const INPUT: &str = "<stdin>";

/// Formats all that the words name. What cannot be read is told at the end, and the rest is formatted (FMT-8).
pub fn run(args: &cli::Fmt, session: &Session) -> u8 {
    let wishes = Wishes { write: args.write && !args.check, diff: args.diff };
    let found = paths::find(&args.paths, args.recursive, wishes.write, &session.host);
    let became = format_all(&found, wishes, &session.host);
    let mut report = Report { session, wishes, problems: Diagnostics::new(), has_changes: false };
    for (one, became) in found.into_iter().zip(became) {
        match one {
            Found::Input => report.format_input(),
            Found::File(path) => report.tell(&path, became.unwrap_or(Became::Same)),
            Found::Unreadable(problem) => report.problems.push(*problem),
        }
    }
    session.show(&report.problems);
    match (report.problems.has_errors(), args.check && report.has_changes) {
        (true, _) => exit::FAILURE,
        (false, true) => exit::UNFORMATTED,
        (false, false) => exit::OK,
    }
}

/// Formats the files among `found`, several at a time; gives what became of each in their order.
fn format_all(found: &[Found], wishes: Wishes, host: &Host) -> Vec<Option<Became>> {
    let all: Mutex<Vec<Option<Became>>> = Mutex::new(found.iter().map(|_| None).collect());
    let next = AtomicUsize::new(0);
    let work = || {
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            match found.get(index) {
                Some(Found::File(path)) => {
                    let became = file::format(path, wishes, host);
                    all.lock().unwrap_or_else(PoisonError::into_inner)[index] = Some(became);
                }
                Some(Found::Input | Found::Unreadable(_)) => {}
                None => return,
            }
        }
    };
    // How many there may be is read from files.
    let most = if found.len() > 1 { std::thread::available_parallelism().map_or(1, usize::from) } else { 1 };
    let threads = most.min(found.len());
    std::thread::scope(|scope| {
        for _ in 1..threads {
            // Where no more threads can be had, this one does the work.
            let _ = std::thread::Builder::new().spawn_scoped(scope, work);
        }
        work();
    });
    all.into_inner().unwrap_or_else(PoisonError::into_inner)
}

/// What is told, on the way and at the end.
struct Report<'s> {
    session: &'s Session,
    wishes: Wishes,
    problems: Diagnostics,
    has_changes: bool,
}

impl Report<'_> {
    /// Tells what became of a file: its name when it is, or would be, changed (FMT-4).
    fn tell(&mut self, path: &str, became: Became) {
        match became {
            Became::Same => {}
            Became::Changed { diff } => self.changed(path, &diff),
            Became::ForOneAlone => {
                let became = file::write_in_place(path, self.wishes, &self.session.host);
                self.tell(path, became);
            }
            Became::Broken(bytes) => self.broken(path, path, bytes),
            Became::Failed(reason) => self.problems.push(problem(path, reason)),
        }
    }

    fn changed(&mut self, path: &str, diff: &str) {
        self.has_changes = true;
        self.print(&format!("{path}\n{diff}"));
    }

    /// Formats standard input to standard output. Text that should change is not printed when nothing is to be written
    /// (FMT-7).
    fn format_input(&mut self) {
        let mut bytes = Vec::new();
        if let Err(error) = stdin().lock().read_to_end(&mut bytes) {
            self.problems.push(problem("-", format!("Standard input cannot be read: {error}.")));
            return;
        }
        let Some((old, new)) = file::formatted(&bytes) else { return self.broken("-", INPUT, bytes) };
        let is_same = old == new;
        if is_same || self.wishes.write {
            self.print(&new);
        }
        self.has_changes |= !is_same;
    }

    /// Tells where the text is wrong.
    fn broken(&mut self, path: &str, name: &str, bytes: Vec<u8>) {
        let sources = &self.session.sources;
        let (id, mut said) = syntax::decode(name, bytes, sources);
        if !said.has_errors() {
            said.append(mistakes(id, self.session));
        }
        let errors = said.iter().filter(|one| one.severity == crate::diagnostics::Severity::Error).count();
        let count = if errors == 1 { "a mistake".to_owned() } else { format!("{errors} mistakes") };
        self.problems.push(problem(path, format!("Its text has {count}, told below, and was left as it is.")));
        self.problems.append(said);
    }

    /// Prints for programs: as it is, also where other output is in lines for them.
    fn print(&mut self, text: &str) {
        let mut out = self.session.output.clone();
        // What is lost is told when the session ends.
        let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    }
}

fn mistakes(id: FileId, session: &Session) -> Diagnostics {
    syntax::faults(id, &session.sources)
}

/// Says why the file at `path` is not formatted.
fn problem(path: &str, reason: impl Into<String>) -> Diagnostic {
    Diagnostic::error(format!("encountered an error while formatting {path}"), reason)
}
