//! `-output=quiet`: errors, questions, and the results at the end.
//!
//! Knows no colours itself.

use std::io::Write;

use super::human::{Item, items};
use super::paint::Paint;
use super::terminal::Lines;
use super::{Event, Record, Sink, Stream};

/// Writes only what nobody may miss.
pub struct Quiet {
    paint: Paint,
    out: Lines,
}

impl Quiet {
    /// Makes a view that writes to `out`.
    pub fn new(paint: Paint, out: Box<dyn Write + Send>) -> Quiet {
        Quiet { paint, out: Lines::new(out) }
    }
}

impl Sink for Quiet {
    fn receive(&mut self, record: &Record<'_>) {
        let is_result = matches!(record.event, Event::RunEnded { .. } | Event::Timings { .. });
        let mut text = String::new();
        for item in items(record.event) {
            if let Item::Message(message) = item
                && (is_result || message.is_question || message.stream == Stream::Error)
            {
                text += &self.paint.show(&message);
            }
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
    use crate::ui::{Colours, Outcome, Speaker, Ui};

    #[test]
    fn only_errors_and_results_are_shown() {
        let (host, out) = (Host::fixed("/".as_ref(), &[]), Shared::default());
        let view = Quiet::new(Paint::new(host.clone(), Colours::Shown, false), Box::new(out.clone()));
        let ui = Ui::new(host, Arc::new(Secrets::default()), vec![Box::new(view)]);
        let speaker = Speaker { build: "a".into(), number: 0, step: None };
        ui.emit(Event::RunStarted { builds: vec!["a".into()] });
        ui.say("own");
        for (stream, text) in [(Stream::Say, "fine"), (Stream::Error, "bad")] {
            ui.emit(Event::Line { speaker: speaker.clone(), stream, text: text.into() });
        }
        let (outcome, took) = (Outcome::Ok, "T".to_owned());
        ui.emit(Event::BuildEnded {
            build: "a".into(),
            number: 0,
            outcome,
            took_ms: 1,
            took: took.clone(),
            error: None,
        });
        ui.emit(Event::RunEnded { interrupted: false, took_ms: 1, took, results: Vec::new() });
        let want = "\x1b[1;31m==> a: bad\x1b[0m\n\n==> Wait completed after T\n\n\
                    ==> Builds finished but no artifacts were created.\n";
        assert_eq!(out.text(), want);
    }
}
