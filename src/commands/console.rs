//! `packer console`: expressions in, values out.
//!
//! Unaware of what an expression means: the template's values evaluate it.

use std::io::{BufRead, IsTerminal, Write, stdin, stdout};

use super::{Session, exit, inspect, open_to_look};
use crate::cli;
use crate::host::platform;
use crate::template::Look;
use crate::ui::{Event, Stream};
use crate::value::console::render;

const HELP: &str = "\
Type an expression to see its value: var.name, local.name, upper(\"text\"), …

  variables  shows all variables and locals with their values
  help       shows this
  exit       leaves, as does the end of the input";

/// Reads expressions until the input ends. Of a pipe only the last line's result is shown, and one line that fails makes
/// the command fail; of a terminal or a file every line is answered, and none fails it (CON-2 … CON-4).
pub fn run(args: &cli::Console, session: &Session) -> u8 {
    let Some(template) = open_to_look(&args.look, session) else { return exit::FAILURE };
    let Some(look) = super::look(&template, &args.look, session) else { return exit::FAILURE };
    let console = Console { look, session };
    if platform::input_is_pipe() { console.pipe() } else { console.lines() }
}

struct Console<'s> {
    look: Look,
    session: &'s Session,
}

impl Console<'_> {
    fn pipe(&self) -> u8 {
        let mut last = String::new();
        let mut code = exit::OK;
        for line in stdin().lock().lines() {
            let line = match line {
                Ok(line) => line,
                Err(error) => {
                    self.session.ui.error(format!("cannot read the input: {error}"));
                    return exit::FAILURE;
                }
            };
            // There is nobody to leave: the end of the input ends it.
            let answer = if line.trim() == "exit" { Some(String::new()) } else { self.answer(&line) };
            match answer {
                Some(text) => last = text,
                None => code = exit::FAILURE,
            }
        }
        if code == exit::OK || !last.is_empty() {
            self.show(last);
        }
        code
    }

    fn lines(&self) -> u8 {
        let is_terminal = stdin().is_terminal();
        let mut lines = stdin().lock().lines();
        loop {
            if is_terminal {
                // A prompt is no message: it has no line end and concerns nobody but who types.
                let _ = stdout().write_all(b"> ").and_then(|()| stdout().flush());
            }
            let Some(Ok(line)) = lines.next() else { return exit::OK };
            if line.trim() == "exit" {
                return exit::OK;
            }
            if let Some(text) = self.answer(&line) {
                self.show(text);
            }
        }
    }

    /// Returns what the line gives; `None` after errors, which were shown.
    fn answer(&self, line: &str) -> Option<String> {
        match line.trim() {
            "" => Some(String::new()),
            "help" => Some(HELP.to_owned()),
            "variables" => Some(inspect::values(&self.look)),
            _ => {
                let (value, diagnostics) = self.look.evaluate(line);
                self.session.show(&diagnostics);
                value.map(|value| render(&value))
            }
        }
    }

    fn show(&self, text: String) {
        self.session.ui.emit(Event::Text { stream: Stream::Message, text });
    }
}
