//! `packer console`: expressions in, values out.
//!
//! Unaware of what an expression means: the template's values evaluate it. `editor` reads what is typed on a terminal.

mod editor;

use std::io::{BufRead, ErrorKind, IsTerminal, Write, stdin, stdout};

use editor::{Language, Lines, Typed};

use super::templates::{self, Looked, open_to_look};
use super::{Session, exit, inspect};
use crate::cli;
use crate::diagnostics::render::wrapped;
use crate::diagnostics::{Diagnostic, did_you_mean};
use crate::functions;
use crate::host::platform;
use crate::legacy;
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
const FUNCTION_HELP: &str = "\n  help NAME  tells what a function does, with examples\n";
const KEYS: &str = "
Tab completes names, the arrow keys bring back earlier lines. An open bracket or
a heredoc goes on in the next line. Ctrl-C clears what is typed, Ctrl-D leaves.";

/// What is said of a line that cannot be read; the next ones still are.
const NOT_UTF8: &str = "A line of the input is no UTF-8 text, and is left out.";

/// What can be typed beside expressions.
const COMMANDS: &[&str] = &["exit", "help", "variables"];

const JSON_HELP: &str = "\
Type a text to see what a template makes of it: {{user `name`}}, {{upper `text`}}, …

  variables  shows all variables with their values
  help       shows this
  exit       leaves, as does the end of the input";

/// Reads expressions until the input ends. Of a pipe only the last line's result is shown, and one line that fails makes
/// the command fail; of a terminal or a file every line is answered, and none fails it (CON-2 … CON-4).
pub fn run(args: &cli::Console, session: &Session) -> u8 {
    let values = match open_to_look(&args.look, session) {
        Some(Looked::Hcl(template)) => templates::look(&template, &args.look, session).map(Box::new).map(Values::Hcl),
        Some(Looked::Json(template)) => Some(Values::Json(template.console())),
        None => None,
    };
    let Some(values) = values else { return exit::FAILURE };
    let console = Console { values, session };
    if platform::input_is_pipe() {
        return console.pipe();
    }
    let is_typed = stdin().is_terminal() && session.is_watched();
    match is_typed.then(|| Lines::open(session, &console.values, COMMANDS)).flatten() {
        Some(lines) => console.typed(lines),
        None => console.lines(),
    }
}

/// What evaluates a line.
enum Values {
    /// An expression of HCL.
    Hcl(Box<Look>),
    /// A text with `{{ }}`.
    Json(legacy::Console),
}

struct Console<'s> {
    values: Values,
    session: &'s Session,
}

impl Console<'_> {
    fn pipe(&self) -> u8 {
        let mut last = String::new();
        let mut code = exit::OK;
        for line in stdin().lock().lines() {
            let line = match line {
                Ok(line) => line,
                Err(error) if error.kind() == ErrorKind::InvalidData => {
                    self.session.show(&Diagnostic::error("Invalid character encoding", NOT_UTF8).into());
                    (last, code) = (String::new(), exit::FAILURE);
                    continue;
                }
                Err(error) => {
                    self.session.ui.error(format!("cannot read the input: {error}"));
                    return exit::FAILURE;
                }
            };
            // There is nobody to leave: the end of the input ends it.
            let answer = if line.trim() == "exit" { Some(String::new()) } else { self.answer(line.trim()) };
            if answer.is_none() {
                code = exit::FAILURE;
            }
            last = answer.unwrap_or_default();
        }
        self.show(Stream::Message, last);
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
            let line = match lines.next() {
                Some(Ok(line)) => line,
                Some(Err(error)) if error.kind() == ErrorKind::InvalidData => {
                    self.session.show(&Diagnostic::error("Invalid character encoding", NOT_UTF8).into());
                    self.show(Stream::Say, String::new());
                    continue;
                }
                Some(Err(_)) | None => return exit::OK,
            };
            if line == "exit" {
                return exit::OK;
            }
            // A line that fails has an empty answer.
            self.show(Stream::Say, self.answer(&line).unwrap_or_default());
        }
    }

    fn typed(&self, mut lines: Lines<'_>) -> u8 {
        let (what, more) = match self.values {
            Values::Hcl(_) => ("an expression to see its value", FUNCTION_HELP),
            Values::Json(_) => ("a text to see what a template makes of it", "\n"),
        };
        self.show(Stream::Say, format!("Type {what}, or help. Ctrl-D leaves."));
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
                ["help"] => self.answer("help").map(|help| format!("{help}{more}{KEYS}")),
                ["help", name] if matches!(self.values, Values::Hcl(_)) => {
                    Some(explained(name.trim_end_matches(['(', ')'])))
                }
                _ => self.answer(line.trim()),
            };
            if let Some(text) = answer {
                self.show(Stream::Say, text);
            }
        }
    }

    /// Returns what the line gives; `None` after errors, which were shown.
    fn answer(&self, line: &str) -> Option<String> {
        match (line, &self.values) {
            ("", _) => Some(String::new()),
            ("help", Values::Hcl(_)) => Some(HELP.to_owned()),
            ("help", Values::Json(_)) => Some(JSON_HELP.to_owned()),
            ("variables", Values::Hcl(look)) => Some(inspect::values(look)),
            ("variables", Values::Json(console)) => {
                let lines = console.values.iter().map(|(name, value)| format!("{name}: {value},\n"));
                Some(format!("\n{}", lines.collect::<String>()))
            }
            (_, Values::Hcl(look)) => {
                let (value, diagnostics) = look.evaluate(line);
                self.session.show(&diagnostics);
                value.map(|value| render(&value))
            }
            (_, Values::Json(console)) => match console.render(line) {
                Ok(text) => Some(text),
                Err(reason) => {
                    // Its severity is not set where scripts know it from, and it fails nothing (CON-9).
                    let text = format!("???????: Interpolation error\n\n{}\n\n", wrapped(&reason));
                    self.session.ui.emit(Event::Text { stream: Stream::Say, text });
                    Some(String::new())
                }
            },
        }
    }

    fn show(&self, stream: Stream, text: String) {
        self.session.ui.emit(Event::Text { stream, text });
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

impl Language for Values {
    fn names(&self, path: &str) -> Vec<String> {
        match self {
            Values::Hcl(look) => {
                let parts: Vec<&str> = path.split('.').filter(|part| !part.is_empty()).collect();
                look.names(&parts)
            }
            Values::Json(console) if path.is_empty() => console.names(),
            Values::Json(_) => Vec::new(),
        }
    }

    fn is_open(&self, text: &str) -> bool {
        match self {
            Values::Hcl(_) => syntax::is_open(text),
            Values::Json(_) => text.matches("{{").count() > text.matches("}}").count(),
        }
    }
}
