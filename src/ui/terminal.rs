//! The view for people: lines with colours and time stamps on standard output.
//!
//! Does not look whether a terminal is there: pipes get colours as well (CLI-69).

use std::collections::HashMap;
use std::io::Write;
use std::sync::Arc;

use super::human::{Item, Message, items};
use super::{Event, Record, Sink, Stream};
use crate::host::Host;

/// The colours of builds, in turn: green, cyan, magenta, yellow, blue (CLI-68).
const BUILD_COLOURS: [u8; 5] = [32, 36, 35, 33, 34];
const RED: u8 = 31;

/// Which colours are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Colours {
    /// All.
    Shown,
    /// None, but the banner that would tell whose colour is whose is still printed (`PACKER_NO_COLOR`).
    Plain,
    /// None, and no banner (`-color=false`).
    Off,
}

impl Colours {
    /// Returns what `-color` and the environment ask for (CLI-26, CLI-69).
    pub fn wanted(color_flag: bool, host: &Host) -> Colours {
        match (color_flag, host.env_filled("PACKER_NO_COLOR")) {
            (false, _) => Colours::Off,
            (true, Some(_)) => Colours::Plain,
            (true, None) => Colours::Shown,
        }
    }
}

/// Writes what happens as people read it.
pub struct Terminal {
    host: Host,
    colours: Colours,
    timestamps: bool,
    /// `None` once nobody reads any more.
    out: Option<Box<dyn Write + Send>>,
    by_build: HashMap<Arc<str>, u8>,
}

impl Terminal {
    /// Makes a view that writes to `out`. `timestamps` is `-timestamp-ui`.
    pub fn new(host: Host, colours: Colours, timestamps: bool, out: Box<dyn Write + Send>) -> Terminal {
        Terminal { host, colours, timestamps, out: Some(out), by_build: HashMap::new() }
    }

    fn write(&mut self, text: &str) {
        if let Some(out) = &mut self.out
            && out.write_all(text.as_bytes()).and_then(|()| out.flush()).is_err()
        {
            // Whoever read has gone away (`| head`); the build goes on without an audience.
            self.out = None;
        }
    }

    fn coloured(&self, code: u8, text: &str) -> String {
        match self.colours {
            Colours::Shown => format!("\x1b[1;{code}m{text}\x1b[0m"),
            Colours::Plain | Colours::Off => text.to_owned(),
        }
    }

    fn show(&self, message: Message) -> String {
        let mut text = message.text;
        if let Some(build) = &message.build {
            if self.timestamps {
                text = format!("{}: {text}", stamp(&self.host));
            }
            let own = || self.by_build.get(build).copied().unwrap_or(BUILD_COLOURS[0]);
            text = self.coloured(if message.stream == Stream::Error { RED } else { own() }, &text);
        }
        text.push(if message.is_question { ' ' } else { '\n' });
        text
    }
}

impl Sink for Terminal {
    fn receive(&mut self, record: &Record<'_>) {
        if let Event::RunStarted { builds } = record.event {
            let mut banner = String::new();
            for (build, code) in builds.iter().zip(BUILD_COLOURS.into_iter().cycle()) {
                self.by_build.insert(Arc::clone(build), code);
                banner += &self.coloured(code, &format!("{build}: output will be in this color."));
                banner.push('\n');
            }
            if self.colours != Colours::Off {
                self.write(&(banner + "\n"));
            }
        }
        let mut text = String::new();
        for item in items(record.event) {
            if let Item::Message(message) = item {
                text += &self.show(message);
            }
        }
        if !text.is_empty() {
            self.write(&text);
        }
    }
}

/// Returns the time now in RFC 3339, local: `2026-11-20T13:55:19Z` (CLI-32).
pub fn stamp(host: &Host) -> String {
    let now = host.local_now();
    let format = if now.offset().is_zero() { "%Y-%m-%dT%H:%M:%SZ" } else { "%Y-%m-%dT%H:%M:%S%:z" };
    now.strftime(format).to_string()
}

#[cfg(test)]
mod tests {
    use std::io;
    use std::sync::Mutex;

    use super::*;
    use crate::secrets::Secrets;
    use crate::ui::recorder::Shared;
    use crate::ui::{Outcome, Speaker, Ui};

    fn shown(colours: Colours, timestamps: bool, events: Vec<Event>) -> String {
        let host = Host::fixed("/".as_ref(), &[]);
        let out = Shared::default();
        let terminal = Terminal::new(host.clone(), colours, timestamps, Box::new(out.clone()));
        let ui = Ui::new(host, Arc::new(Secrets::default()), vec![Box::new(terminal)]);
        events.into_iter().for_each(|event| ui.emit(event));
        out.text()
    }

    fn line(stream: Stream, build: &str) -> Event {
        Event::Line { speaker: Speaker { build: build.into(), step: None }, stream, text: "one\ntwo".into() }
    }

    fn ended(error: Option<&str>) -> Event {
        let outcome = if error.is_some() { Outcome::Failed } else { Outcome::Ok };
        let error = error.map(Into::into);
        Event::BuildEnded { build: "b".into(), outcome, took_ms: 1, took: "1 millisecond".into(), error }
    }

    #[test]
    fn builds_have_colours_in_turn_and_errors_are_red() {
        // CLI-68, CLI-70, CLI-73, case engine/colours
        let start = Event::RunStarted { builds: vec!["a".into(), "b".into()] };
        let text = shown(Colours::Shown, false, vec![start, line(Stream::Say, "b"), ended(None), ended(Some("no"))]);
        assert_eq!(
            text,
            "\x1b[1;32ma: output will be in this color.\x1b[0m\n\x1b[1;36mb: output will be in this color.\x1b[0m\n\n\
             \x1b[1;36m==> b: one\n==> b: two\x1b[0m\n\x1b[1;36mBuild 'b' finished after 1 millisecond.\x1b[0m\n\
             \x1b[1;31mBuild 'b' errored after 1 millisecond: no\x1b[0m\n"
        );
    }

    #[test]
    fn without_colours_the_banner_depends_on_who_asked() {
        // CLI-26, CLI-69, case engine/no-color-variable
        let events = || vec![Event::RunStarted { builds: vec!["a".into()] }, line(Stream::Error, "a")];
        assert_eq!(
            shown(Colours::Plain, false, events()),
            "a: output will be in this color.\n\n==> a: one\n==> a: two\n"
        );
        assert_eq!(shown(Colours::Off, false, events()), "==> a: one\n==> a: two\n");
        let world = |value| Host::fixed("/".as_ref(), &[("PACKER_NO_COLOR", value)]);
        assert_eq!(Colours::wanted(true, &world("")), Colours::Shown);
        assert_eq!(Colours::wanted(true, &world("1")), Colours::Plain);
        assert_eq!(Colours::wanted(false, &world("1")), Colours::Off);
    }

    #[test]
    fn stamps_stand_inside_the_colour_on_the_first_line_of_what_builds_say() {
        // CLI-32, case engine/timestamp-ui
        let own = Event::Text { stream: Stream::Say, text: "own".into() };
        let text = shown(Colours::Shown, true, vec![line(Stream::Say, "a"), own]);
        assert_eq!(text, "\x1b[1;32m2026-01-02T03:04:05Z: ==> a: one\n==> a: two\x1b[0m\nown\n");
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
        let (host, tries) = (Host::fixed("/".as_ref(), &[]), Arc::new(Mutex::new(0)));
        let terminal = Terminal::new(host.clone(), Colours::Off, false, Box::new(Gone(Arc::clone(&tries))));
        let ui = Ui::new(host, Arc::new(Secrets::default()), vec![Box::new(terminal)]);
        ui.say("one");
        ui.say("two");
        assert_eq!(*tries.lock().unwrap(), 1);
    }
}
