//! `-output=grouped`: what a build says in one piece, when it is over.
//!
//! Knows no colours itself. What the program says, and questions, are shown at once.

use std::collections::HashMap;
use std::io::{self, Read, Seek, Write};
use std::path::PathBuf;

use tempfile::SpooledTempFile;

use super::human::{Item, Message, items};
use super::paint::Paint;
use super::terminal::Lines;
use super::{Event, Record, Sink};
use crate::host::Host;

/// What a build may say before it goes to a temporary file, in bytes.
const HELD: usize = 256 << 10;

/// The lines around a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Marks {
    /// For people.
    Plain,
    /// GitHub Actions folds what stands between its commands.
    GitHub,
    /// GitLab folds what stands between its sections.
    GitLab,
}

impl Marks {
    fn of(host: &Host) -> Marks {
        let is_true = |name| host.env(name) == Some("true");
        match (is_true("GITHUB_ACTIONS"), is_true("GITLAB_CI")) {
            (true, _) => Marks::GitHub,
            (_, true) => Marks::GitLab,
            _ => Marks::Plain,
        }
    }

    fn start(self, host: &Host, group: &Group) -> String {
        let (name, number) = (&group.name, group.number);
        match self {
            Marks::Plain => format!(">>> {name}\n"),
            Marks::GitHub => format!("::group::{name}\n"),
            Marks::GitLab => {
                format!("\x1b[0Ksection_start:{}:build_{number}[collapsed=true]\r\x1b[0K{name}\n", now(host))
            }
        }
    }

    fn end(self, host: &Host, group: &Group) -> String {
        match self {
            Marks::Plain => format!("<<< {}\n", group.name),
            Marks::GitHub => "::endgroup::\n".to_owned(),
            Marks::GitLab => format!("\x1b[0Ksection_end:{}:build_{}\r\x1b[0K\n", now(host), group.number),
        }
    }
}

fn now(host: &Host) -> i64 {
    host.now().as_second()
}

/// What a build has said so far.
struct Group {
    name: String,
    number: u32,
    held: SpooledTempFile,
}

/// Holds what each build says until it is over.
pub struct Grouped {
    host: Host,
    paint: Paint,
    marks: Marks,
    folder: PathBuf,
    names: Vec<String>,
    groups: HashMap<u32, Group>,
    out: Lines,
}

impl Grouped {
    /// Makes a view that writes to `out`. What is too long to be held in memory goes to a file without a name in the
    /// folder for temporary files.
    pub fn new(host: Host, paint: Paint, out: Box<dyn Write + Send>) -> Grouped {
        let (marks, folder, out) = (Marks::of(&host), host.absolute(host.temp_dir()), Lines::new(out));
        Grouped { host, paint, marks, folder, names: Vec::new(), groups: HashMap::new(), out }
    }

    /// Adds to what the build at position `number` has said.
    fn hold(&mut self, number: u32, text: &str) {
        let group = self.groups.entry(number).or_insert_with(|| {
            let name = self.names.get(number as usize).cloned().unwrap_or_default();
            Group { name, number, held: tempfile::spooled_tempfile_in(HELD, &self.folder) }
        });
        if let Err(error) = group.held.write_all(text.as_bytes()) {
            // A full disk must not cost output: what is there is shown now, with what could not be added.
            let reason = format!("(not held any longer: {error})\n");
            self.show(number);
            self.out.write(reason + text);
        }
    }

    /// Shows what a build has said, if anything.
    fn show(&mut self, number: u32) {
        let Some(mut group) = self.groups.remove(&number) else { return };
        self.out.write(self.marks.start(&self.host, &group));
        if let Err(error) = copy(&mut group.held, &mut self.out) {
            self.out.write(format!("(what was said here cannot be read back: {error})\n"));
        }
        self.out.write(self.marks.end(&self.host, &group));
    }

    fn show_all(&mut self) {
        let mut numbers: Vec<u32> = self.groups.keys().copied().collect();
        numbers.sort_unstable();
        numbers.into_iter().for_each(|number| self.show(number));
    }
}

/// Writes what is held, from its start, piece by piece.
fn copy(held: &mut SpooledTempFile, out: &mut Lines) -> io::Result<()> {
    held.rewind()?;
    let mut piece = vec![0; HELD.min(64 << 10)];
    loop {
        match held.read(&mut piece)? {
            0 => return Ok(()),
            count => out.write(&piece[..count]),
        }
    }
}

impl Sink for Grouped {
    fn receive(&mut self, record: &Record<'_>) {
        match record.event {
            Event::RunStarted { builds } => {
                self.names = builds.iter().map(|build| (**build).to_owned()).collect();
                self.out.write(self.paint.banner(builds).unwrap_or_default());
            }
            // How it ended stands below its group, where it is seen when the group is folded.
            Event::BuildEnded { number, .. } => self.show(*number),
            // What belongs to a build that crashed.
            Event::RunEnded { .. } => self.show_all(),
            _ => {}
        }
        for item in items(record.event) {
            let Item::Message(message) = item else { continue };
            let text = self.paint.show(&message);
            match (&message, record.event) {
                (
                    Message { build: Some(number), is_question: false, .. },
                    Event::Line { .. } | Event::StepStarted { .. },
                ) => {
                    self.hold(*number, &text);
                }
                (Message { build: Some(number), is_question: true, .. }, _) => {
                    // Whoever answers has to know what led there.
                    self.show(*number);
                    self.out.write(text);
                }
                _ => self.out.write(text),
            }
        }
    }

    fn finish(&mut self) -> Option<String> {
        self.show_all();
        None
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::secrets::Secrets;
    use crate::ui::recorder::Shared;
    use crate::ui::{Colours, Outcome, Speaker, Stream, Ui};

    fn ui(environment: &[(&str, &str)]) -> (Ui, Shared) {
        let (host, out) = (Host::fixed("/".as_ref(), environment), Shared::default());
        let paint = Paint::new(host.clone(), Colours::Off, false);
        let view = Grouped::new(host.clone(), paint, Box::new(out.clone()));
        let ui = Ui::new(host, Arc::new(Secrets::default()), vec![Box::new(view)]);
        ui.emit(Event::RunStarted { builds: vec!["a".into(), "a".into()] });
        (ui, out)
    }

    fn line(number: u32, text: &str) -> Event {
        let speaker = Speaker { build: "a".into(), number, step: None };
        Event::Line { speaker, stream: Stream::Say, text: text.into() }
    }

    fn ended(number: u32) -> Event {
        let (outcome, took) = (Outcome::Ok, "1 second".into());
        Event::BuildEnded { build: "a".into(), number, outcome, took_ms: 1, took, error: None }
    }

    #[test]
    fn what_two_builds_of_one_name_say_does_not_mix() {
        let (ui, out) = ui(&[]);
        [line(0, "1"), line(1, "x"), line(0, "2")].into_iter().for_each(|event| ui.emit(event));
        ui.say("own");
        assert_eq!(out.text(), "own\n");
        [ended(0), line(1, "y"), ended(1)].into_iter().for_each(|event| ui.emit(event));
        let done = "Build 'a' finished after 1 second.\n";
        let want = format!("own\n>>> a\n==> a: 1\n==> a: 2\n<<< a\n{done}>>> a\n==> a: x\n==> a: y\n<<< a\n{done}");
        assert_eq!(out.text(), want);
    }

    #[test]
    fn ci_systems_get_the_marks_they_fold_at() {
        let text = |name| {
            let (ui, out) = ui(&[(name, "true")]);
            [line(0, "1"), ended(0)].into_iter().for_each(|event| ui.emit(event));
            out.text().split("Build 'a'").next().unwrap().to_owned()
        };
        assert_eq!(text("GITHUB_ACTIONS"), "::group::a\n==> a: 1\n::endgroup::\n");
        let lab = "\x1b[0Ksection_start:1767323045:build_0[collapsed=true]\r\x1b[0Ka\n==> a: 1\n\
                   \x1b[0Ksection_end:1767323045:build_0\r\x1b[0K\n";
        assert_eq!(text("GITLAB_CI"), lab);
    }

    #[test]
    fn what_is_too_long_for_memory_comes_back_whole() {
        let folder = tempfile::tempdir().unwrap();
        let (ui, out) = ui(&[("TMPDIR", &folder.path().to_string_lossy())]);
        let text = "x".repeat(HELD / 2);
        (0..5).for_each(|_| ui.emit(line(0, &text)));
        assert_eq!(out.text(), "");
        ui.emit(ended(0));
        assert_eq!(out.text().matches(&text).count(), 5);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[test]
    fn where_nothing_can_be_spilled_it_is_shown_at_once() {
        let (ui, out) = ui(&[("TMPDIR", "/no/such/folder")]);
        ui.emit(line(0, "first"));
        ui.emit(line(0, &"x".repeat(HELD)));
        assert!(out.text().starts_with(">>> a\n==> a: first\n<<< a\n(not held any longer: "));
        assert!(out.text().ends_with("xxx\n"));
    }

    #[test]
    fn a_build_that_never_ended_is_shown_before_the_summary() {
        let (ui, out) = ui(&[]);
        ui.emit(line(0, "1"));
        ui.emit(Event::RunEnded { interrupted: true, took_ms: 1, took: "T".into(), results: Vec::new() });
        assert!(out.text().starts_with(">>> a\n==> a: 1\n<<< a\n\n==> Wait completed after T\n"));
    }

    #[test]
    fn a_question_comes_behind_what_led_there() {
        let (ui, out) = ui(&[]);
        ui.emit(line(0, "1"));
        let speaker = Speaker { build: "a".into(), number: 0, step: None };
        ui.emit(Event::Question { speaker, text: "Why?".into() });
        assert_eq!(out.text(), ">>> a\n==> a: 1\n<<< a\n==> a: Why? ");
    }
}
