//! `-output=prefixed`: every line of a build begins with its name, so that `grep` finds all of them and no others.
//!
//! Knows no colours itself.

use std::io::Write;

use super::human::{Item, Message, items, with_prefix};
use super::paint::Paint;
use super::terminal::Lines;
use super::{Event, Record, Sink};

/// Writes each line as a message of its own: prefix, colour and stamp stand on all of them.
pub struct Prefixed {
    paint: Paint,
    out: Lines,
}

impl Prefixed {
    /// Makes a view that writes to `out`.
    pub fn new(paint: Paint, out: Box<dyn Write + Send>) -> Prefixed {
        Prefixed { paint, out: Lines::new(out) }
    }

    fn show(&self, message: &Message) -> String {
        let line = |line: &str| self.paint.show(&Message { text: line.to_owned(), ..message.clone() });
        message.text.split('\n').map(line).collect()
    }
}

impl Sink for Prefixed {
    fn receive(&mut self, record: &Record<'_>) {
        let mut text = String::new();
        if let Event::RunStarted { builds } = record.event {
            text = self.paint.banner(builds).unwrap_or_default();
        }
        for item in items(record.event) {
            let Item::Message(mut message) = item else { continue };
            if let Event::BuildEnded { build, .. } = record.event {
                message.text = with_prefix(build, &message.text);
            }
            if let (Event::RunEnded { results, .. }, Some(rest)) = (record.event, message.text.strip_prefix("--> ")) {
                // `--> name: text`, where the text may have several lines.
                let of = results.iter().find(|result| rest.starts_with(&format!("{}: ", result.build)));
                if let Some(result) = of {
                    let lines = rest[result.build.len() + 2..].split('\n');
                    let lines: Vec<_> = lines.map(|line| format!("--> {}: {line}", result.build)).collect();
                    message.text = lines.join("\n");
                }
            }
            text += &self.show(&message);
        }
        self.out.write(text);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::host::Host;
    use crate::secrets::Secrets;
    use crate::ui::recorder::Shared;
    use crate::ui::{BuildResult, Colours, Outcome, Speaker, Stream, Ui};

    fn shown(colours: Colours, timestamps: bool, event: Event) -> String {
        let (host, out) = (Host::fixed("/".as_ref(), &[]), Shared::default());
        let view = Prefixed::new(Paint::new(host.clone(), colours, timestamps), Box::new(out.clone()));
        Ui::new(host, Arc::new(Secrets::default()), vec![Box::new(view)]).emit(event);
        out.text()
    }

    #[test]
    fn every_line_of_an_error_carries_the_name() {
        let (outcome, took, error) = (Outcome::Failed, "T".to_owned(), Some("1 error(s):\n\n* no".to_owned()));
        let ended = Event::BuildEnded { build: "a".into(), number: 0, outcome, took_ms: 1, took, error: error.clone() };
        let text = shown(Colours::Off, false, ended);
        assert_eq!(text, "==> a: Build 'a' errored after T: 1 error(s):\n==> a: \n==> a: * no\n");
        let results = vec![BuildResult { build: "a".into(), outcome, error, artifacts: Vec::new() }];
        let text =
            shown(Colours::Off, false, Event::RunEnded { interrupted: false, took_ms: 1, took: "T".into(), results });
        assert!(text.contains("--> a: 1 error(s):\n--> a: \n--> a: * no\n"), "{text}");
    }

    #[test]
    fn every_line_has_its_colour_and_stamp() {
        let speaker = Speaker { build: "a".into(), number: 0, step: None };
        let text = shown(Colours::Shown, true, Event::Line { speaker, stream: Stream::Say, text: "1\n2".into() });
        let line = |text| format!("\x1b[1;32m2026-01-02T03:04:05Z: ==> a: {text}\x1b[0m\n");
        assert_eq!(text, line("1") + &line("2"));
    }
}
