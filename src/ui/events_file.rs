//! `-events=FILE`: every event as a line of JSON, for programs.
//!
//! Knows no text for people. The file grows as the run goes on; cut anywhere, its whole lines are valid.

use std::fs::File;
use std::io::{self, Write};
use std::path::Path;

use super::{Record, Sink};

/// Writes each record as one line of JSON, at once.
pub struct EventsFile {
    /// How people know the file.
    name: String,
    out: Option<Box<dyn Write + Send>>,
    problem: Option<String>,
}

impl EventsFile {
    /// Makes the file at `path`, or empties it.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn create(path: &Path) -> io::Result<EventsFile> {
        Ok(EventsFile::new(path.display().to_string(), Box::new(File::create(path)?)))
    }

    /// Makes a view that writes to `out`, which people know as `name`.
    pub fn new(name: String, out: Box<dyn Write + Send>) -> EventsFile {
        EventsFile { name, out: Some(out), problem: None }
    }
}

impl Sink for EventsFile {
    fn receive(&mut self, record: &Record<'_>) {
        let Some(out) = &mut self.out else { return };
        let mut line = serde_json::to_vec(record).expect("an event is plain JSON");
        line.push(b'\n');
        if let Err(error) = out.write_all(&line).and_then(|()| out.flush()) {
            // Nothing may follow a line that was cut short.
            self.out = None;
            self.problem = Some(format!("cannot write all events to {:?}: {error}", self.name));
        }
    }

    fn finish(&mut self) -> Option<String> {
        self.problem.take()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::recorder::{Shared, one_of_each};
    use crate::ui::{Event, SCHEMA};

    fn receive(view: &mut EventsFile, event: &Event) {
        view.receive(&Record { schema: SCHEMA, run: "r", at_ms: 7, event });
    }

    #[test]
    fn each_event_is_one_line_with_its_envelope() {
        let out = Shared::default();
        let mut view = EventsFile::new("e".into(), Box::new(out.clone()));
        let events = one_of_each();
        events.iter().for_each(|event| receive(&mut view, event));
        let text = out.text();
        assert_eq!(text.lines().count(), events.len());
        for line in text.lines() {
            let value: serde_json::Value = serde_json::from_str(line).unwrap();
            assert_eq!((&value["schema"], &value["run"], &value["at_ms"]), (&1.into(), &"r".into(), &7.into()));
        }
        assert_eq!(view.finish(), None);
    }

    #[test]
    fn a_full_disk_is_told_at_the_end() {
        let mut view = EventsFile::create(Path::new("/dev/full")).unwrap();
        one_of_each().iter().for_each(|event| receive(&mut view, event));
        assert!(view.finish().unwrap().starts_with("cannot write all events to \"/dev/full\""));
    }
}
