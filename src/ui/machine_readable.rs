//! `-machine-readable`: one line a message, for programs (CLI-63 … CLI-67).
//!
//! Asks nobody, has no colours and no banner.

use std::io::{self, Write};

use super::human::{Item, Message, items};
use super::paint::stamp;
use super::terminal::Lines;
use super::{Record, Sink, Stream};
use crate::host::Host;

/// Writes what happens as lines of `unix-seconds,target,type,data…`.
pub struct MachineReadable {
    host: Host,
    timestamps: bool,
    out: Lines,
}

impl MachineReadable {
    /// Makes a view that writes to `out`. `timestamps` is `-timestamp-ui`: the texts of builds carry a stamp.
    pub fn new(host: Host, timestamps: bool, out: Box<dyn Write + Send>) -> MachineReadable {
        MachineReadable { host, timestamps, out: Lines::new(out) }
    }

    fn fields(&self, message: Message) -> Vec<String> {
        let kind = match message.stream {
            Stream::Say => "say",
            Stream::Error => "error",
            Stream::Message => "message",
        };
        let text = match message.build {
            Some(_) if self.timestamps => format!("{}: {}", stamp(&self.host), message.text),
            _ => message.text,
        };
        vec![kind.to_owned(), text]
    }
}

impl Sink for MachineReadable {
    fn receive(&mut self, record: &Record<'_>) {
        // Counted from the start of the run, so that a clock that is set back does not show.
        let at = self.host.started().as_millisecond() / 1000 + i64::try_from(record.at_ms / 1000).unwrap_or(0);
        let mut lines = String::new();
        for item in items(record.event) {
            let (target, kind, fields) = match item {
                Item::Message(message) => ("", "ui", self.fields(message)),
                Item::Machine { target, kind, fields } => (target, kind, fields),
            };
            lines += &format!("{at},{},{kind}", escaped(target));
            for field in fields {
                lines.push(',');
                lines += &escaped(&field);
            }
            lines.push('\n');
        }
        self.out.write(lines);
    }

    fn answer(&mut self, _question: &str) -> Option<io::Result<String>> {
        Some(Err(io::Error::other("machine-readable UI can't ask")))
    }
}

/// Returns `field` without anything that would end it or its line (CLI-63).
fn escaped(field: &str) -> String {
    field.replace(',', "%!(PACKER_COMMA)").replace('\n', "\\n").replace('\r', "\\r")
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::secrets::Secrets;
    use crate::ui::recorder::Shared;
    use crate::ui::{ArtifactInfo, BuildResult, Event, Outcome, Speaker, Ui};

    fn shown(timestamps: bool, event: Event) -> Vec<String> {
        let host = Host::fixed("/".as_ref(), &[]);
        let out = Shared::default();
        let view = MachineReadable::new(host.clone(), timestamps, Box::new(out.clone()));
        Ui::new(host, Arc::new(Secrets::default()), vec![Box::new(view)]).emit(event);
        out.text().lines().map(|line| line.split_once(',').unwrap().1.to_owned()).collect()
    }

    #[test]
    fn commas_and_line_ends_are_written_in_words() {
        // CLI-63, case machine-readable/commas-and-newlines
        let text = "one, two\r\nthree".to_owned();
        assert_eq!(
            shown(false, Event::Text { stream: Stream::Message, text }),
            [",ui,message,one%!(PACKER_COMMA) two\\r\\nthree"]
        );
    }

    #[test]
    fn stamps_are_part_of_the_text() {
        // CLI-32, case machine-readable/no-colours-no-banner
        let speaker = Speaker { build: "a".into(), number: 0, step: None };
        let line = Event::Line { speaker, stream: Stream::Say, text: "hi".into() };
        assert_eq!(shown(true, line), [",ui,say,2026-01-02T03:04:05Z: ==> a: hi"]);
    }

    #[test]
    fn the_lines_for_programs_stand_between_those_for_people() {
        // CLI-65, case machine-readable/successful-build
        let info = ArtifactInfo {
            builder_id: "packer.file".into(),
            id: "File".into(),
            text: "Stored file: f".into(),
            files: vec!["f".into()],
        };
        let result = BuildResult { build: "b".into(), outcome: Outcome::Ok, error: None, artifacts: vec![Some(info)] };
        let event = Event::RunEnded { interrupted: false, took_ms: 1, took: "T".into(), results: vec![result] };
        let want = ",ui,say,\\n==> Wait completed after T
,ui,say,\\n==> Builds finished. The artifacts of successful builds are:
b,artifact-count,1
b,artifact,0,builder-id,packer.file
b,artifact,0,id,File
b,artifact,0,string,Stored file: f
b,artifact,0,files-count,1
b,artifact,0,file,0,f
b,artifact,0,end
,ui,say,--> b: Stored file: f";
        assert_eq!(shown(false, event).join("\n"), want);
    }
}
