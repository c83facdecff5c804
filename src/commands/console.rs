//! `packer console`: expressions in, values out.
//!
//! Unaware of what an expression means: the template's values evaluate it. `editor` reads what is typed on a terminal.

mod editor;

use std::io::{BufRead, IsTerminal, Write, stdin, stdout};

use editor::{Language, Lines, Typed};

use super::{Session, exit, inspect, open_to_look};
use crate::cli;
use crate::diagnostics::did_you_mean;
use crate::functions;
use crate::host::platform;
use crate::syntax;
use crate::template::Look;
use crate::ui::{Event, Stream};
use crate::value::console::render;

const HELP: &str = "\
Type an expression to see its value: var.name, local.name, upper(\"text\"), …

  variables  shows all variables and locals with their values
  help       shows this
  exit       leaves, as does the end of the input";

/// What else there is on a terminal.
const HELP_ON_A_TERMINAL: &str = "
  help NAME  tells what a function does, with examples

Tab completes names, the arrow keys bring back earlier lines. An expression with an open bracket, or a heredoc, goes on in
the next line. Ctrl-C clears what is typed, Ctrl-D leaves.";

/// What can be typed beside expressions.
const COMMANDS: &[&str] = &["exit", "help", "variables"];

/// Reads expressions until the input ends. Of a pipe only the last line's result is shown, and one line that fails makes
/// the command fail; of a terminal or a file every line is answered, and none fails it (CON-2 … CON-4).
pub fn run(args: &cli::Console, session: &Session) -> u8 {
    let Some(template) = open_to_look(&args.look, session) else { return exit::FAILURE };
    let Some(look) = super::look(&template, &args.look, session) else { return exit::FAILURE };
    let console = Console { look, session };
    if platform::input_is_pipe() {
        return console.pipe();
    }
    let is_typed = stdin().is_terminal() && session.is_watched();
    match is_typed.then(|| Lines::open(session, &console.look, COMMANDS)).flatten() {
        Some(lines) => console.typed(lines),
        None => console.lines(),
    }
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

    fn typed(&self, mut lines: Lines<'_>) -> u8 {
        self.show("Type an expression to see its value, or help. Ctrl-D leaves.".to_owned());
        loop {
            let line = match lines.next() {
                Typed::Line(line) => line,
                Typed::Cleared => continue,
                Typed::End => return exit::OK,
            };
            let is_secret = *self.session.secrets.mask(&line) != *line;
            // What is remembered lies in a file.
            if !line.trim().is_empty() && !is_secret {
                lines.remember(&line);
            }
            let answer = match line.split_whitespace().collect::<Vec<_>>()[..] {
                [] => continue,
                ["exit" | "quit"] => return exit::OK,
                ["help"] => Some(format!("{HELP}\n{HELP_ON_A_TERMINAL}")),
                ["help", name] => Some(explained(name.trim_end_matches(['(', ')']))),
                _ => self.answer(&line),
            };
            if let Some(text) = answer {
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

/// Returns what the function `name` does.
fn explained(name: &str) -> String {
    match functions::all().find(|function| function.name == name) {
        Some(function) => function.explained(),
        None => {
            let near = did_you_mean(name, functions::all().map(|function| function.name));
            let hint = near.map(|near| format!(" Did you mean {near:?}?")).unwrap_or_default();
            format!("There is no function named {name:?}.{hint}")
        }
    }
}

impl Language for Look {
    fn names(&self, path: &str) -> Vec<String> {
        let parts: Vec<&str> = path.split('.').filter(|part| !part.is_empty()).collect();
        Look::names(self, &parts)
    }

    fn is_open(&self, text: &str) -> bool {
        syntax::is_open(text)
    }
}
