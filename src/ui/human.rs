//! What an event says to people: the same text on a terminal and in machine-readable lines.
//!
//! Unaware of colours, time stamps and escapes.

use super::timings;
use super::{ArtifactInfo, BuildResult, BuildTiming, Event, Outcome, Speaker, StepKind, Stream};

/// A piece of what an event gives.
#[derive(Debug, PartialEq)]
pub enum Item<'e> {
    /// Something people read.
    Message(Message),
    /// A line that only programs read.
    Machine {
        /// The build, or nothing.
        target: &'e str,
        /// The type of the line.
        kind: &'e str,
        /// Its data.
        fields: Vec<String>,
    },
}

/// Something people read, without the end of its last line.
#[derive(Clone, Debug, PartialEq)]
pub struct Message {
    /// Where it comes from.
    pub stream: Stream,
    /// The number of the build that says it, prefix included; it has a colour and a time stamp. `None`: the program.
    pub build: Option<u32>,
    /// The text.
    pub text: String,
    /// Whether the answer follows on the same line.
    pub is_question: bool,
    /// Whether the program tells that something is done; shown in cyan (CLI-74).
    pub is_success: bool,
}

/// Returns what `event` says, in order.
///
/// # Source
/// CLI-64, CLI-65, CLI-71 … CLI-73, ENG-39, ENG-46 … ENG-55; cases `machine-readable`, `engine/output-of-one-build`.
pub fn items(event: &Event) -> Vec<Item<'_>> {
    match event {
        Event::RunStarted { .. } | Event::BuildStarted { .. } | Event::StepEnded { .. } | Event::Waited { .. } => {
            Vec::new()
        }
        Event::BuildNotStarted { build, number, error } => {
            let text = format!("Build '{build}' failed to acquire semaphore: {error}");
            vec![Item::Message(Message {
                stream: Stream::Error,
                build: Some(*number),
                text,
                is_question: false,
                is_success: false,
            })]
        }
        Event::StepStarted { speaker } => announced(speaker).into_iter().collect(),
        Event::Line { speaker, stream, text } => vec![spoken(speaker, *stream, prefixed(speaker, text))],
        Event::Question { speaker, text } => {
            let text = prefixed(speaker, text);
            let build = Some(speaker.number);
            vec![Item::Message(Message { stream: Stream::Say, build, text, is_question: true, is_success: false })]
        }
        Event::Text { stream, text } => vec![plain(*stream, text.clone())],
        Event::Success { text } => {
            let (stream, text) = (Stream::Say, text.clone());
            vec![Item::Message(Message { stream, build: None, text, is_question: false, is_success: true })]
        }
        // Two empty lines close a diagnostic (DIA-1), however many it came with.
        Event::Diagnostic { severity, text, .. } => {
            vec![plain(*severity, format!("{}\n\n", text.trim_end_matches('\n')))]
        }
        Event::Machine { target, kind, fields } => vec![Item::Machine { target, kind, fields: fields.clone() }],
        Event::BuildEnded { build, number, outcome, took, error, .. } => {
            let (stream, text) = match (outcome, error) {
                (Outcome::Ok, _) => (Stream::Say, format!("Build '{build}' finished after {took}.")),
                (_, error) => {
                    let error = error.as_deref().unwrap_or_default();
                    (Stream::Error, format!("Build '{build}' errored after {took}: {error}"))
                }
            };
            vec![Item::Message(Message { stream, build: Some(*number), text, is_question: false, is_success: false })]
        }
        Event::Timings { builds } => timings(builds),
        Event::RunEnded { interrupted, took, results, .. } => {
            let mut items = vec![say(format!("\n==> Wait completed after {took}"))];
            if *interrupted {
                items.push(say("Cleanly cancelled builds after being interrupted.".to_owned()));
            } else {
                errors(results, &mut items);
                artifacts(results, &mut items);
            }
            items
        }
    }
}

fn timings(builds: &[BuildTiming]) -> Vec<Item<'_>> {
    let mut items = vec![say("\n==> Where the time went:".to_owned())];
    for build in builds {
        items.extend(timings::fields(build).into_iter().map(|fields| machine(&build.build, "timing", fields)));
        items.extend(timings::lines(build).into_iter().map(say));
    }
    items
}

/// Returns `Running post-processor: …`; other steps speak for themselves.
fn announced(speaker: &Speaker) -> Option<Item<'_>> {
    let step = speaker.step.as_ref().filter(|step| step.kind == StepKind::PostProcessor)?;
    let (name, component) = (step.name.as_deref().unwrap_or_default(), &step.component);
    let text = if name == &**component {
        format!("Running post-processor: {component}")
    } else {
        format!("Running post-processor: {name} (type {component})")
    };
    // The build announces; the step's own lines carry its type (S-16).
    Some(spoken(speaker, Stream::Say, with_prefix(&speaker.build, &text)))
}

fn errors<'e>(results: &'e [BuildResult], items: &mut Vec<Item<'e>>) {
    let failed: Vec<_> = results.iter().filter_map(|r| Some((&r.build, r.error.as_ref()?))).collect();
    if failed.is_empty() {
        return;
    }
    items.push(machine("", "error-count", [failed.len().to_string()]));
    let headline = "\n==> Some builds didn't complete successfully and had errors:";
    items.push(plain(Stream::Error, headline.to_owned()));
    for (build, error) in failed {
        items.push(machine(build, "error", [error.clone()]));
        items.push(plain(Stream::Error, format!("--> {build}: {error}")));
    }
}

fn artifacts<'e>(results: &'e [BuildResult], items: &mut Vec<Item<'e>>) {
    let successful: Vec<_> = results.iter().filter(|result| !result.artifacts.is_empty()).collect();
    if successful.is_empty() {
        items.push(say("\n==> Builds finished but no artifacts were created.".to_owned()));
        return;
    }
    items.push(say("\n==> Builds finished. The artifacts of successful builds are:".to_owned()));
    for BuildResult { build, artifacts, .. } in successful {
        items.push(machine(build, "artifact-count", [artifacts.len().to_string()]));
        for (index, artifact) in artifacts.iter().enumerate() {
            let mut fact = |fields: &[&str]| {
                let fields = std::iter::once(index.to_string()).chain(fields.iter().map(|f| (*f).to_owned()));
                items.push(machine(build, "artifact", fields));
            };
            let text = match artifact {
                None => {
                    fact(&["nil"]);
                    "<nothing>"
                }
                Some(ArtifactInfo { builder_id, id, text, files }) => {
                    fact(&["builder-id", builder_id]);
                    fact(&["id", id]);
                    fact(&["string", text]);
                    fact(&["files-count", &files.len().to_string()]);
                    for (number, file) in files.iter().enumerate() {
                        fact(&["file", &number.to_string(), file]);
                    }
                    text
                }
            };
            fact(&["end"]);
            items.push(say(format!("--> {build}: {text}")));
        }
    }
}

fn machine<'e>(target: &'e str, kind: &'e str, fields: impl IntoIterator<Item = String>) -> Item<'e> {
    Item::Machine { target, kind, fields: fields.into_iter().collect() }
}

fn say<'e>(text: String) -> Item<'e> {
    plain(Stream::Say, text)
}

fn plain<'e>(stream: Stream, text: String) -> Item<'e> {
    Item::Message(Message { stream, build: None, text, is_question: false, is_success: false })
}

fn spoken<'e>(speaker: &Speaker, stream: Stream, text: String) -> Item<'e> {
    Item::Message(Message { stream, build: Some(speaker.number), text, is_question: false, is_success: false })
}

/// Returns `text` as the step of `speaker` says it.
fn prefixed(speaker: &Speaker, text: &str) -> String {
    match &speaker.step {
        Some(step) if step.kind == StepKind::PostProcessor => {
            with_prefix(&format!("{} ({})", speaker.build, step.component), text)
        }
        _ => with_prefix(&speaker.build, text),
    }
}

/// Returns `text` with `==> name: ` before every line, also before empty ones at its end; then white space at the
/// very end goes (CLI-71).
pub fn with_prefix(name: &str, text: &str) -> String {
    let mut message = String::with_capacity(text.len() + name.len() + 6);
    for (number, line) in text.split('\n').enumerate() {
        if number > 0 {
            message.push('\n');
        }
        message.extend(["==> ", name, ": ", line]);
    }
    message.truncate(message.trim_end().len());
    message
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::Step;

    fn texts(event: &Event) -> Vec<String> {
        let text = |item| match item {
            Item::Message(message) => Some(message.text),
            Item::Machine { .. } => None,
        };
        items(event).into_iter().filter_map(text).collect()
    }

    fn speaker(name: Option<&str>) -> Speaker {
        let name = name.map(Into::into);
        let step = Step { kind: StepKind::PostProcessor, component: "manifest".into(), name, index: 0 };
        Speaker { build: "b".into(), number: 0, step: Some(step) }
    }

    #[test]
    fn every_line_has_the_prefix_and_white_space_at_the_end_goes() {
        // CLI-71, case docker/run-command-that-fails
        assert_eq!(
            with_prefix("b", "one\n  two \nthree \n\n"),
            "==> b: one\n==> b:   two \n==> b: three \n==> b: \n==> b:"
        );
        assert_eq!(with_prefix("b", ""), "==> b:");
        let line = Event::Line { speaker: speaker(None), stream: Stream::Say, text: "x".into() };
        assert_eq!(texts(&line), ["==> b (manifest): x"]); // CLI-72
    }

    #[test]
    fn post_processors_are_announced_by_name_and_type() {
        // ENG-39, case post-processors/names-of-post-processors
        let text = |name| texts(&Event::StepStarted { speaker: speaker(name) }).remove(0);
        assert_eq!(text(None), "==> b: Running post-processor:  (type manifest)");
        assert_eq!(text(Some("upload")), "==> b: Running post-processor: upload (type manifest)");
        assert_eq!(text(Some("manifest")), "==> b: Running post-processor: manifest");
    }

    fn ended(interrupted: bool, results: Vec<BuildResult>) -> Vec<String> {
        texts(&Event::RunEnded { interrupted, took_ms: 2000, took: "2 seconds".into(), results })
    }

    fn result(build: &str, error: Option<&str>, artifacts: Vec<Option<ArtifactInfo>>) -> BuildResult {
        let outcome = if error.is_some() { Outcome::Failed } else { Outcome::Ok };
        BuildResult { build: build.into(), outcome, error: error.map(Into::into), artifacts }
    }

    #[test]
    fn the_summary_lists_errors_then_artifacts() {
        // ENG-48 … ENG-51
        let results = vec![result("a", None, vec![None]), result("b", Some("no"), vec![])];
        assert_eq!(
            ended(false, results).join("\n"),
            "\n==> Wait completed after 2 seconds\n\n\
             ==> Some builds didn't complete successfully and had errors:\n--> b: no\n\n\
             ==> Builds finished. The artifacts of successful builds are:\n--> a: <nothing>"
        );
        let nothing = ended(false, vec![result("a", None, vec![])]);
        assert_eq!(nothing[1], "\n==> Builds finished but no artifacts were created.");
    }

    #[test]
    fn an_interrupted_run_shows_no_lists() {
        // ENG-49
        let lines = ended(true, vec![result("b", Some("context canceled"), vec![])]);
        assert_eq!(lines[1..], ["Cleanly cancelled builds after being interrupted."]);
    }
}
