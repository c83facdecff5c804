//! A view for tests: keeps what happened and answers questions as it was told to.
//!
//! Shows nothing.

use std::collections::VecDeque;
use std::io::{self, Write};
use std::sync::{Arc, Mutex};

use super::human::{Item, items};
use super::{
    ArtifactInfo, BuildResult, BuildTiming, Event, Outcome, Record, Sink, Speaker, Step, StepKind, StepTiming, Stream,
    Ui, WaitReason,
};
use crate::host::Host;
use crate::secrets::Secrets;

/// Keeps what happened. Clones share what they keep.
#[derive(Clone, Default)]
pub struct Recorder(Arc<Mutex<Kept>>);

#[derive(Default)]
struct Kept {
    events: Vec<Event>,
    answers: VecDeque<String>,
}

impl Recorder {
    /// Makes a hub with a recorder as its only view.
    pub fn with_ui() -> (Arc<Ui>, Recorder) {
        let recorder = Recorder::default();
        let host = Host::fixed("/".as_ref(), &[]);
        let ui = Ui::new(host, Arc::new(Secrets::default()), vec![Box::new(recorder.clone())]);
        (Arc::new(ui), recorder)
    }

    /// Answers the next questions with these lines; without any it answers that there is no terminal.
    pub fn will_answer(&self, answers: &[&str]) {
        self.0.lock().unwrap().answers.extend(answers.iter().map(|answer| (*answer).to_owned()));
    }

    /// Returns everything that happened.
    pub fn events(&self) -> Vec<Event> {
        self.0.lock().unwrap().events.clone()
    }

    /// Returns what people would have read, without colours, one entry a line.
    pub fn lines(&self) -> Vec<String> {
        let mut lines = Vec::new();
        for event in self.events() {
            for item in items(&event) {
                if let Item::Message(message) = item {
                    lines.extend(message.text.split('\n').map(str::to_owned));
                }
            }
        }
        lines
    }
}

impl Sink for Recorder {
    fn receive(&mut self, record: &Record<'_>) {
        self.0.lock().unwrap().events.push(record.event.clone());
    }

    fn answer(&mut self, _question: &str) -> Option<io::Result<String>> {
        let answer = self.0.lock().unwrap().answers.pop_front();
        Some(answer.ok_or_else(|| io::Error::other("no available tty")))
    }
}

/// A place to write to that can be read afterwards.
#[derive(Clone, Default)]
pub struct Shared(Arc<Mutex<Vec<u8>>>);

impl Shared {
    /// Returns what was written.
    pub fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

impl Write for Shared {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Returns one event of every sort, with every optional field; the word `word` stands in every text.
pub fn one_of_each() -> Vec<Event> {
    let text = || "a word".to_owned();
    let build: Arc<str> = "word".into();
    let name = Some(Arc::clone(&build));
    let step = Step { kind: StepKind::Provisioner, component: Arc::clone(&build), name, index: 1 };
    let waits = [(WaitReason::Retry, 1)].into();
    let steps = vec![StepTiming { step: step.clone(), took_ms: 1, own_ms: 1, waits }];
    let timing = BuildTiming { build: Arc::clone(&build), number: 0, turn_ms: 1, took_ms: 1, steps };
    let speaker = Speaker { build: Arc::clone(&build), number: 0, step: Some(step) };
    let artifact = ArtifactInfo { builder_id: text(), id: text(), text: text(), files: vec![text()] };
    let (outcome, error) = (Outcome::Failed, Some(text()));
    let artifacts = vec![Some(artifact), None];
    let results = vec![BuildResult { build: Arc::clone(&build), outcome, error: error.clone(), artifacts }];
    vec![
        Event::RunStarted { builds: vec![Arc::clone(&build)] },
        Event::BuildStarted { build: Arc::clone(&build), number: 0 },
        Event::BuildNotStarted { build: Arc::clone(&build), number: 0, error: text() },
        Event::StepStarted { speaker: speaker.clone() },
        Event::StepEnded { speaker: speaker.clone(), outcome, took_ms: 1, error: error.clone() },
        Event::Line { speaker: speaker.clone(), stream: Stream::Error, text: text() },
        Event::Question { speaker: speaker.clone(), text: text() },
        Event::Waited { speaker, reason: WaitReason::Pause, took_ms: 1 },
        Event::Text { stream: Stream::Message, text: text() },
        Event::Success { text: text() },
        Event::Machine { target: text(), kind: "kind".into(), fields: vec![text()] },
        Event::Diagnostic { severity: Stream::Error, text: text(), codes: vec!["unsupported-argument"] },
        Event::BuildEnded { build, number: 0, outcome, took_ms: 1, took: "1 millisecond".into(), error },
        Event::RunEnded { interrupted: false, took_ms: 1, took: "1 millisecond".into(), results },
        Event::Timings { builds: vec![timing] },
    ]
}
