//! Colours and time stamps: how a message looks to people.
//!
//! Unaware of where it goes, and of whether a terminal is there: pipes get colours as well (CLI-69).

use std::sync::Arc;

use super::Stream;
use super::human::Message;
use crate::host::Host;

/// The colours of builds, in turn: green, cyan, magenta, yellow, blue (CLI-68).
const BUILD_COLOURS: [u8; 5] = [32, 36, 35, 33, 34];
const RED: u8 = 31;
const CYAN: u8 = 36;

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

/// How messages look.
#[derive(Clone)]
pub struct Paint {
    host: Host,
    colours: Colours,
    timestamps: bool,
}

impl Paint {
    /// Makes one. `timestamps` is `-timestamp-ui`.
    pub fn new(host: Host, colours: Colours, timestamps: bool) -> Paint {
        Paint { host, colours, timestamps }
    }

    /// Returns the lines that tell which build has which colour, by position: builds of one name have each their own
    /// (CLI-70). `None` where nobody wants to know.
    pub fn banner(&self, builds: &[Arc<str>]) -> Option<String> {
        let line =
            |(build, number)| self.coloured(of_build(number), &format!("{build}: output will be in this color."));
        let lines: Vec<String> = builds.iter().zip(0..).map(line).collect();
        (self.colours != Colours::Off).then(|| lines.join("\n") + "\n\n")
    }

    /// Returns `message` as people see it, its end included.
    pub fn show(&self, message: &Message) -> String {
        let mut text = match message.build {
            None if message.is_success => self.coloured(CYAN, &message.text),
            None => message.text.clone(),
            Some(number) => {
                let code = if message.stream == Stream::Error { RED } else { of_build(number) };
                match self.timestamps {
                    true => self.coloured(code, &format!("{}: {}", stamp(&self.host), message.text)),
                    false => self.coloured(code, &message.text),
                }
            }
        };
        text.push(if message.is_question { ' ' } else { '\n' });
        text
    }

    fn coloured(&self, code: u8, text: &str) -> String {
        match self.colours {
            Colours::Shown => format!("\x1b[1;{code}m{text}\x1b[0m"),
            Colours::Plain | Colours::Off => text.to_owned(),
        }
    }
}

/// Returns the colour of the build at position `number`.
fn of_build(number: u32) -> u8 {
    BUILD_COLOURS[number as usize % BUILD_COLOURS.len()]
}

/// Returns the time now in RFC 3339, local: `2026-11-20T13:55:19Z` (CLI-32).
pub fn stamp(host: &Host) -> String {
    let now = host.local_now();
    let format = if now.offset().is_zero() { "%Y-%m-%dT%H:%M:%SZ" } else { "%Y-%m-%dT%H:%M:%S%:z" };
    now.strftime(format).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(stream: Stream, build: Option<u32>, text: &str) -> Message {
        Message { stream, build, text: text.to_owned(), is_question: false, is_success: false }
    }

    fn paint(colours: Colours, timestamps: bool) -> Paint {
        Paint::new(Host::fixed("/".as_ref(), &[]), colours, timestamps)
    }

    #[test]
    fn builds_have_colours_in_turn_also_those_of_one_name_and_errors_are_red() {
        // CLI-68, CLI-70, HCL-67, case engine/colours
        let paint = paint(Colours::Shown, false);
        let banner = paint.banner(&["a".into(), "a".into()]).unwrap();
        let line = |code| format!("\x1b[1;{code}ma: output will be in this color.\x1b[0m\n");
        assert_eq!(banner, format!("{}{}\n", line(32), line(36)));
        let shown = |stream, number| paint.show(&message(stream, Some(number), "one\ntwo"));
        assert_eq!(shown(Stream::Say, 1), "\x1b[1;36mone\ntwo\x1b[0m\n");
        assert_eq!(shown(Stream::Say, 5), "\x1b[1;32mone\ntwo\x1b[0m\n");
        assert_eq!(shown(Stream::Error, 1), "\x1b[1;31mone\ntwo\x1b[0m\n");
        // CLI-74
        let done = Message { is_success: true, ..message(Stream::Say, None, "done") };
        assert_eq!(paint.show(&done), "\x1b[1;36mdone\x1b[0m\n");
        // ENG-55
        assert_eq!(paint.show(&message(Stream::Error, None, "x")), "x\n");
    }

    #[test]
    fn without_colours_the_banner_depends_on_who_asked() {
        // CLI-26, CLI-69, case engine/no-color-variable
        let banner = |colours| paint(colours, false).banner(&["a".into()]);
        assert_eq!(banner(Colours::Plain).as_deref(), Some("a: output will be in this color.\n\n"));
        assert_eq!(banner(Colours::Off), None);
        let world = |value| Host::fixed("/".as_ref(), &[("PACKER_NO_COLOR", value)]);
        assert_eq!(Colours::wanted(true, &world("")), Colours::Shown);
        assert_eq!(Colours::wanted(true, &world("1")), Colours::Plain);
        assert_eq!(Colours::wanted(false, &world("1")), Colours::Off);
    }

    #[test]
    fn stamps_stand_inside_the_colour_on_the_first_line_of_what_builds_say() {
        // CLI-32, case engine/timestamp-ui
        let paint = paint(Colours::Shown, true);
        let text = paint.show(&message(Stream::Say, Some(0), "one\ntwo"));
        assert_eq!(text, "\x1b[1;32m2026-01-02T03:04:05Z: one\ntwo\x1b[0m\n");
        assert_eq!(paint.show(&message(Stream::Say, None, "own")), "own\n");
    }
}
