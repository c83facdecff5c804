//! The events that explain a run, in the log.
//!
//! Repeats what people read only where they do not see both: in a log that is a file.

use std::sync::Arc;

use super::human::{Item, items};
use super::{Event, Outcome, Record, Sink, Speaker, StepKind, Stream};
use crate::log::Log;

/// Writes starts and ends of builds and steps to the log, and to a file also what was shown.
///
/// # Source
/// CLI-77, CLI-92: what a component does stands behind `packer-KIND-TYPE plugin:`, what was shown behind `ui:` or
/// `ui error:`.
pub struct LogView(Arc<Log>);

impl LogView {
    /// Makes a view that writes to `log`.
    pub fn new(log: Arc<Log>) -> LogView {
        LogView(log)
    }

    /// Writes what was shown, without colours.
    fn shown(&self, event: &Event) {
        for item in items(event) {
            match item {
                Item::Message(message) if message.stream == Stream::Error => self.0.write("ui error:", &message.text),
                Item::Message(message) => self.0.write("ui:", &message.text),
                Item::Machine { target, kind, fields } => {
                    self.0.write("machine readable:", &format!("{target},{kind},{}", fields.join(",")));
                }
            }
        }
    }

    fn ended(&self, start: &str, what: &str, outcome: Outcome, took_ms: u64, error: Option<&str>) {
        let error = error.unwrap_or_default();
        let (level, text) = match outcome {
            Outcome::Ok => ("[INFO]", format!("{what} ends well after {took_ms} ms")),
            Outcome::Failed => ("[ERROR]", format!("{what} fails after {took_ms} ms: {error}")),
            Outcome::Cancelled => ("[INFO]", format!("{what} is cancelled after {took_ms} ms: {error}")),
        };
        self.0.write(&format!("{start}{level}"), &text);
    }
}

impl Sink for LogView {
    fn receive(&mut self, record: &Record<'_>) {
        let log = &self.0;
        let told = |speaker: &Speaker, text: &str| {
            log.write(&format!("{}[INFO]", plugin(speaker)), &format!("{} {text}", described(speaker)));
        };
        match record.event {
            Event::RunStarted { builds } => {
                log.info(&format!("run {} starts: {} build(s): {}", record.run, builds.len(), builds.join(", ")));
            }
            Event::BuildStarted { build, .. } => log.info(&format!("build '{build}' starts")),
            Event::BuildNotStarted { build, error, .. } => {
                log.info(&format!("build '{build}' does not start: {error}"));
            }
            Event::StepStarted { speaker } => told(speaker, "starts"),
            Event::StepEnded { speaker, outcome, took_ms, error } => {
                self.ended(&plugin(speaker), &described(speaker), *outcome, *took_ms, error.as_deref());
            }
            Event::BuildEnded { build, outcome, took_ms, error, .. } => {
                self.ended("", &format!("build '{build}'"), *outcome, *took_ms, error.as_deref());
            }
            Event::RunEnded { interrupted, took_ms, .. } => {
                let how = if *interrupted { "was interrupted" } else { "ends" };
                log.info(&format!("run {} {how} after {took_ms} ms", record.run));
            }
            Event::Question { speaker, text } => told(speaker, &format!("asks: {text}")),
            Event::Waited { speaker, reason, took_ms } => {
                told(speaker, &format!("spent {took_ms} ms {}", reason.words()));
            }
            Event::Line { .. }
            | Event::Text { .. }
            | Event::Success { .. }
            | Event::Diagnostic { .. }
            | Event::Machine { .. }
            | Event::Timings { .. } => {}
        }
        if log.repeats_output() {
            self.shown(record.event);
        }
    }
}

/// Returns who is at work, as plugins are named in logs.
fn plugin(speaker: &Speaker) -> String {
    let Some(step) = &speaker.step else { return String::new() };
    let kind = match step.kind {
        StepKind::Builder => "builder",
        StepKind::Provisioner | StepKind::ErrorCleanupProvisioner => "provisioner",
        StepKind::PostProcessor => "post-processor",
    };
    format!("packer-{kind}-{} plugin: ", step.component)
}

fn described(speaker: &Speaker) -> String {
    let Some(step) = &speaker.step else { return format!("build '{}'", speaker.build) };
    let name = step.name.as_ref().map(|name| format!(" {name:?}")).unwrap_or_default();
    format!("build '{}': {} {}{name}", speaker.build, step.kind.word(), step.index)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::Host;
    use crate::secrets::Secrets;
    use crate::ui::recorder::{Shared, one_of_each};
    use crate::ui::{SCHEMA, Step};

    fn logged(events: &[Event]) -> Vec<String> {
        let out = Shared::default();
        let (host, secrets) = (Host::fixed("/".as_ref(), &[]), Arc::<Secrets>::default());
        let mut view = LogView::new(Arc::new(Log::new(host, secrets, Some(Box::new(out.clone())))));
        for event in events {
            view.receive(&Record { schema: SCHEMA, run: "r", at_ms: 1, event });
        }
        let text = out.text();
        text.lines().skip(1).map(|line| line.strip_prefix("2026/01/02 03:04:05 ").unwrap().to_owned()).collect()
    }

    #[test]
    fn components_speak_as_plugins_and_a_file_has_what_was_shown() {
        // CLI-92
        let step = Step { kind: StepKind::Provisioner, component: "shell-local".into(), name: None, index: 0 };
        let speaker = Speaker { build: "a".into(), number: 0, step: Some(step) };
        let (stream, text) = (Stream::Error, "one\ntwo".to_owned());
        let error = Some("no".to_owned());
        let lines = logged(&[
            Event::Line { speaker: speaker.clone(), stream, text },
            Event::StepEnded { speaker, outcome: Outcome::Failed, took_ms: 7, error },
        ]);
        let want = [
            "ui error: ==> a: one",
            "ui error: ==> a: two",
            "packer-provisioner-shell-local plugin: [ERROR] build 'a': provisioner 0 fails after 7 ms: no",
        ];
        assert_eq!(lines, want);
    }

    #[test]
    fn every_line_tells_its_time_and_who_speaks() {
        for line in logged(&one_of_each()) {
            let known = ["[INFO] ", "[ERROR] ", "packer-", "ui: ", "ui:", "ui error: ", "machine readable: "];
            assert!(known.iter().any(|start| line.starts_with(start)), "{line:?}");
        }
    }
}
