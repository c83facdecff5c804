//! `packer version`: what scripts ask for, and our own name where a person reads.

use std::io::IsTerminal;

use super::{Session, exit};
use crate::cli;
use crate::host::VERSION;
use crate::ui::{Event, Stream};

/// Prints `Packer v1.16.0`; on a terminal, or with `-full`, our own name and version follow (CLI-62).
pub fn run(args: &cli::Version, session: &Session) -> u8 {
    for (kind, field) in [("version", VERSION), ("version-prelease", ""), ("version-commit", "")] {
        session.ui.emit(Event::Machine {
            target: String::new(),
            kind: kind.to_owned(),
            fields: vec![field.to_owned()],
        });
    }
    let mut text = format!("Packer v{VERSION}");
    if args.full || (std::io::stdout().is_terminal() && !session.machine_readable) {
        text += &format!("\npacker-rs v{}", env!("CARGO_PKG_VERSION"));
    }
    session.ui.emit(Event::Text { stream: Stream::Say, text });
    exit::OK
}
