//! The events that explain a run, in the log.
//!
//! Leaves out what people have read already: the lines of builds and of the program.

use std::sync::Arc;

use super::{Event, Outcome, Record, Sink, Speaker};
use crate::log::Log;

/// Writes starts and ends of builds and steps to the log.
pub struct LogView(Arc<Log>);

impl LogView {
    /// Makes a view that writes to `log`.
    pub fn new(log: Arc<Log>) -> LogView {
        LogView(log)
    }
}

impl Sink for LogView {
    fn receive(&mut self, record: &Record<'_>) {
        if !self.0.is_on() {
            return;
        }
        let log = &self.0;
        match record.event {
            Event::RunStarted { builds } => {
                log.info(&format!("run {} starts: {} build(s): {}", record.run, builds.len(), builds.join(", ")));
            }
            Event::BuildStarted { build, .. } => log.info(&format!("build '{build}' starts")),
            Event::StepStarted { speaker } => log.info(&format!("{} starts", described(speaker))),
            Event::StepEnded { speaker, outcome, took_ms, error } => {
                self.ended(&described(speaker), *outcome, *took_ms, error.as_deref());
            }
            Event::BuildEnded { build, outcome, took_ms, error, .. } => {
                self.ended(&format!("build '{build}'"), *outcome, *took_ms, error.as_deref());
            }
            Event::RunEnded { interrupted, took_ms, .. } => {
                let how = if *interrupted { "was interrupted" } else { "ends" };
                log.info(&format!("run {} {how} after {took_ms} ms", record.run));
            }
            Event::Question { speaker, text } => log.info(&format!("{} asks: {text}", described(speaker))),
            Event::Waited { speaker, reason, took_ms } => {
                log.info(&format!("{} spent {took_ms} ms {}", described(speaker), reason.words()));
            }
            Event::Timings { .. } => {}
            Event::Line { .. } | Event::Text { .. } | Event::Diagnostic { .. } | Event::Machine { .. } => {}
        }
    }
}

impl LogView {
    fn ended(&self, what: &str, outcome: Outcome, took_ms: u64, error: Option<&str>) {
        let error = error.unwrap_or_default();
        match outcome {
            Outcome::Ok => self.0.info(&format!("{what} ends well after {took_ms} ms")),
            Outcome::Failed => self.0.error(&format!("{what} fails after {took_ms} ms: {error}")),
            Outcome::Cancelled => self.0.info(&format!("{what} is cancelled after {took_ms} ms: {error}")),
        }
    }
}

fn described(speaker: &Speaker) -> String {
    let Some(step) = &speaker.step else { return format!("build '{}'", speaker.build) };
    let kind = step.kind.word();
    let name = step.name.as_ref().map(|name| format!(" {name:?}")).unwrap_or_default();
    format!("build '{}': {kind} {} ({}){name}", speaker.build, step.index, step.component)
}
