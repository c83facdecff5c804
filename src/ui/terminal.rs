//! The view for people: what happens, as it happens.
//!
//! Knows no colours itself.

use std::io::Write;

use super::human::{Item, items};
use super::paint::Paint;
use super::{Event, Record, Sink};

/// Where lines go, until nobody reads them any more.
pub struct Lines(Option<Box<dyn Write + Send>>);

impl Lines {
    /// Makes lines go to `out`.
    pub fn new(out: Box<dyn Write + Send>) -> Lines {
        Lines(Some(out))
    }

    /// Writes `text` at once.
    pub fn write(&mut self, text: impl AsRef<[u8]>) {
        let text = text.as_ref();
        if let Some(out) = &mut self.0
            && !text.is_empty()
            && out.write_all(text).and_then(|()| out.flush()).is_err()
        {
            // Whoever read has gone away (`| head`); the build goes on without an audience.
            self.0 = None;
        }
    }
}

/// Writes what happens as people read it.
pub struct Terminal {
    paint: Paint,
    out: Lines,
}

impl Terminal {
    /// Makes a view that writes to `out`.
    pub fn new(paint: Paint, out: Box<dyn Write + Send>) -> Terminal {
        Terminal { paint, out: Lines::new(out) }
    }
}

impl Sink for Terminal {
    fn receive(&mut self, record: &Record<'_>) {
        let mut text = String::new();
        if let Event::RunStarted { builds } = record.event {
            text = self.paint.banner(builds).unwrap_or_default();
        }
        for item in items(record.event) {
            if let Item::Message(message) = item {
                text += &self.paint.show(&message);
            }
        }
        self.out.write(text);
    }
}

#[cfg(test)]
mod tests {
    use std::io;
    use std::sync::{Arc, Mutex};

    use super::*;
    use crate::host::Host;
    use crate::secrets::Secrets;
    use crate::ui::recorder::Shared;
    use crate::ui::{Colours, Outcome, Speaker, Stream, Ui};

    fn ui(out: Box<dyn Write + Send>) -> Ui {
        let host = Host::fixed("/".as_ref(), &[]);
        let terminal = Terminal::new(Paint::new(host.clone(), Colours::Plain, false), out);
        Ui::new(host, Arc::new(Secrets::default()), vec![Box::new(terminal)])
    }

    #[test]
    fn a_run_reads_as_it_happens() {
        // CLI-70, CLI-71, CLI-73
        let out = Shared::default();
        let ui = ui(Box::new(out.clone()));
        let speaker = Speaker { build: "a".into(), number: 0, step: None };
        ui.emit(Event::RunStarted { builds: vec!["a".into()] });
        ui.emit(Event::Line { speaker, stream: Stream::Say, text: "one\ntwo".into() });
        let (outcome, took, error) = (Outcome::Failed, "1 millisecond".into(), Some("no".into()));
        ui.emit(Event::BuildEnded { build: "a".into(), number: 0, outcome, took_ms: 1, took, error });
        let want = "a: output will be in this color.\n\n==> a: one\n==> a: two\n\
                    Build 'a' errored after 1 millisecond: no\n";
        assert_eq!(out.text(), want);
    }

    #[test]
    fn a_reader_that_goes_away_is_not_an_error() {
        struct Gone(Arc<Mutex<u32>>);
        impl Write for Gone {
            fn write(&mut self, _: &[u8]) -> io::Result<usize> {
                *self.0.lock().unwrap() += 1;
                Err(io::ErrorKind::BrokenPipe.into())
            }
            fn flush(&mut self) -> io::Result<()> {
                Ok(())
            }
        }
        let tries = Arc::new(Mutex::new(0));
        let ui = ui(Box::new(Gone(Arc::clone(&tries))));
        ui.say("one");
        ui.say("two");
        assert_eq!(*tries.lock().unwrap(), 1);
    }
}
