//! Everything that happens, as events; the only place that makes lines for people or programs.
//!
//! Unaware of builders and templates: an event is plain data, and a view turns it into text.

mod event;
mod events_file;
mod grouped;
mod human;
mod log_view;
mod machine_readable;
mod mask;
mod paint;
mod prefixed;
mod progress;
mod quiet;
#[cfg(test)]
pub mod recorder;
mod terminal;
mod timings;
mod tty;

use std::io;
use std::sync::{Arc, Mutex, MutexGuard};

use crate::host::Host;
use crate::secrets::Secrets;

pub use event::{
    ArtifactInfo, BuildResult, BuildTiming, Event, Outcome, Record, SCHEMA, Speaker, Step, StepKind, StepTiming,
    Stream, WaitReason,
};
pub use events_file::EventsFile;
pub use grouped::Grouped;
pub use log_view::LogView;
pub use machine_readable::MachineReadable;
pub use paint::{Colours, Paint};
pub use prefixed::Prefixed;
pub use progress::{AboveBars, Bars, Counted, Progress};
pub use quiet::Quiet;
pub use terminal::Terminal;
pub use timings::Timings;

/// A view of the stream.
pub trait Sink: Send {
    /// Takes one record. Called by one thread at a time, in the order things happened.
    fn receive(&mut self, record: &Record<'_>);

    /// Answers a question in the place of people; `None`: they are asked.
    fn answer(&mut self, _question: &str) -> Option<io::Result<String>> {
        None
    }

    /// Called when nothing more will come. Returns why the view is not whole, for views that are meant to be kept.
    fn finish(&mut self) -> Option<String> {
        None
    }
}

/// Where everybody sends events to. Masks secrets, adds the envelope, and passes them to each view in turn.
pub struct Ui {
    host: Host,
    secrets: Arc<Secrets>,
    sinks: Mutex<Vec<Box<dyn Sink>>>,
    /// Held while people are asked: one question at a time.
    asking: tokio::sync::Mutex<()>,
    /// Where somebody looks how far things have come.
    bars: Option<Bars>,
}

impl Ui {
    /// Makes a hub with its views.
    pub fn new(host: Host, secrets: Arc<Secrets>, sinks: Vec<Box<dyn Sink>>) -> Ui {
        Ui { host, secrets, sinks: Mutex::new(sinks), asking: tokio::sync::Mutex::default(), bars: None }
    }

    /// Returns the same hub with bars for long work.
    pub fn with_bars(self, bars: Option<Bars>) -> Ui {
        Ui { bars, ..self }
    }

    /// Begins to show how far the work called `what` has come; 0: nobody knows how many bytes there are.
    pub fn progress(&self, speaker: &Speaker, what: &str, total: u64) -> Progress {
        let Some(bars) = &self.bars else { return Progress::default() };
        bars.progress(self.secrets.mask(&format!("{}: {what}", speaker.build)).into_owned(), total)
    }

    /// Returns what must not be shown.
    pub fn secrets(&self) -> &Arc<Secrets> {
        &self.secrets
    }

    /// Passes `event` on to every view.
    pub fn emit(&self, event: Event) {
        let event = mask::masked(event, &self.secrets);
        let mut sinks = self.sinks();
        // Read under the lock, so that the times of one stream never go back.
        let at_ms = u64::try_from(self.host.elapsed().as_millis()).unwrap_or(u64::MAX);
        let record = Record { schema: SCHEMA, run: self.host.run_id(), at_ms, event: &event };
        for sink in sinks.iter_mut() {
            sink.receive(&record);
        }
    }

    /// Says something in the name of the program.
    pub fn say(&self, text: impl Into<String>) {
        self.emit(Event::Text { stream: Stream::Say, text: text.into() });
    }

    /// Tells in the name of the program that something is done.
    pub fn success(&self, text: impl Into<String>) {
        self.emit(Event::Success { text: text.into() });
    }

    /// Complains in the name of the program.
    pub fn error(&self, text: impl Into<String>) {
        self.emit(Event::Text { stream: Stream::Error, text: text.into() });
    }

    /// Shows `question` under the build's name and waits for a line from the terminal; gives it without its end.
    ///
    /// Dropping the future takes the question back. Questions of several builds wait for each other.
    ///
    /// # Errors
    /// Without a terminal, and in machine-readable mode, at once; and when the terminal goes away.
    pub async fn ask(&self, speaker: &Speaker, question: &str) -> io::Result<String> {
        let _turn = self.asking.lock().await;
        let asked = Event::Question { speaker: speaker.clone(), text: question.to_owned() };
        let answer = self.sinks().iter_mut().find_map(|sink| sink.answer(&self.secrets.mask(question)));
        if let Some(answer) = answer {
            if answer.is_ok() {
                self.emit(asked);
            }
            return answer;
        }
        let terminal = tty::Tty::open()?;
        self.emit(asked);
        let began = self.host.elapsed();
        let answer = terminal.read_line().await;
        let took_ms = u64::try_from((self.host.elapsed() - began).as_millis()).unwrap_or(u64::MAX);
        self.emit(Event::Waited { speaker: speaker.clone(), reason: WaitReason::Question, took_ms });
        answer
    }

    /// Ends the stream. Returns what is to be said about views that could not be kept whole, such as an events
    /// file on a full disk.
    pub fn finish(&self) -> Vec<String> {
        self.bars.iter().for_each(Bars::end);
        self.sinks().iter_mut().filter_map(|sink| sink.finish()).collect()
    }

    fn sinks(&self) -> MutexGuard<'_, Vec<Box<dyn Sink>>> {
        self.sinks.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }
}

/// Returns the JSON schema of one line of an events file, indented.
pub fn schema() -> String {
    let schema = schemars::schema_for!(Record<'static>);
    serde_json::to_string_pretty(&schema).expect("a schema is plain JSON")
}

#[cfg(test)]
mod tests {
    use super::recorder::Recorder;
    use super::*;

    fn speaker() -> Speaker {
        Speaker { build: "null.a".into(), number: 0, step: None }
    }

    #[test]
    fn every_text_passes_through_the_secrets() {
        let recorder = Recorder::default();
        let secrets = Arc::new(Secrets::default());
        secrets.register("hush");
        let ui = Ui::new(Host::fixed("/".as_ref(), &[]), secrets, vec![Box::new(recorder.clone())]);
        let speaker = Speaker { build: "null.hush".into(), number: 0, step: None };
        ui.emit(Event::Line { speaker, stream: Stream::Say, text: "a hush b".into() });
        assert_eq!(recorder.lines(), ["==> null.<sensitive>: a <sensitive> b"]);
    }

    #[tokio::test]
    async fn a_view_may_answer_in_the_place_of_people() {
        let (ui, recorder) = Recorder::with_ui();
        assert_eq!(ui.ask(&speaker(), "Why?").await.unwrap_err().to_string(), "no available tty");
        assert!(recorder.events().is_empty());
        recorder.will_answer(&["because"]);
        assert_eq!(ui.ask(&speaker(), "Why?").await.unwrap(), "because");
        assert!(matches!(&recorder.events()[..], [Event::Question { text, .. }] if text == "Why?"));
    }

    #[test]
    fn every_sort_of_event_fits_the_schema() {
        let schema = serde_json::from_str(&schema()).unwrap();
        let validator = jsonschema::validator_for(&schema).unwrap();
        for event in recorder::one_of_each() {
            let record = Record { schema: SCHEMA, run: "r", at_ms: 5, event: &event };
            let value = serde_json::to_value(&record).unwrap();
            assert!(validator.is_valid(&value), "{value:#}");
            assert!(value["event"].is_string(), "{value:#}");
        }
        assert!(!validator.is_valid(&serde_json::json!({ "event": "line" })));
    }
}
