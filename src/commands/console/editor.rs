//! Lines typed on a terminal: editing, history, completion of names, expressions over several lines.
//!
//! Unaware of what a line means; whoever answers tells which names there are.

use std::path::PathBuf;

use rustyline::completion::Completer;
use rustyline::error::ReadlineError;
use rustyline::highlight::{CmdKind, Highlighter, MatchingBracketHighlighter};
use rustyline::hint::Hinter;
use rustyline::history::DefaultHistory;
use rustyline::validate::{ValidationContext, ValidationResult, Validator};
use rustyline::{ColorMode, CompletionType, Config, Context, Editor, Helper};

use crate::commands::Session;
use crate::host::platform;
use crate::ui::Colours;

/// How many lines are kept.
const KEPT: usize = 1000;

/// What there is to know of the language that is typed.
pub trait Language {
    /// Returns the names that may stand at the end of `path`, which ends with a dot or is empty: `var.` gives names of
    /// variables.
    fn names(&self, path: &str) -> Vec<String>;

    /// Whether `text` goes on in the next line.
    fn is_open(&self, text: &str) -> bool;
}

/// What was typed.
pub enum Typed {
    /// A line, or several of one expression.
    Line(String),
    /// Nothing any more.
    Cleared,
    /// The end of the input.
    End,
}

/// Reads lines from the terminal.
pub struct Lines<'l> {
    editor: Editor<Help<'l>, DefaultHistory>,
    history: Option<PathBuf>,
}

impl<'l> Lines<'l> {
    /// Opens the terminal; `None` where lines cannot be edited on it.
    pub fn open(session: &Session, language: &'l dyn Language, commands: &'static [&'static str]) -> Option<Lines<'l>> {
        if session.host.env("TERM").is_none_or(|name| name.is_empty() || name == "dumb") {
            return None;
        }
        let is_plain = Colours::wanted(true, &session.host) == Colours::Plain;
        let config = Config::builder()
            .max_history_size(KEPT)
            .ok()?
            .history_ignore_dups(true)
            .ok()?
            .completion_type(CompletionType::List)
            .color_mode(if is_plain { ColorMode::Disabled } else { ColorMode::Enabled })
            .tab_stop(2)
            .build();
        let mut editor = Editor::with_config(config).ok()?;
        editor.set_helper(Some(Help { language, commands, brackets: MatchingBracketHighlighter::new() }));
        let history = session.host.state_dir().and_then(|folder| {
            platform::make_folders(&folder).ok()?;
            Some(folder.join("console_history"))
        });
        if let Some(path) = &history {
            // There is none the first time.
            let _ = editor.load_history(path);
        }
        Some(Lines { editor, history })
    }

    /// Waits for a line.
    pub fn next(&mut self) -> Typed {
        match self.editor.readline("> ") {
            Ok(line) => Typed::Line(line),
            Err(ReadlineError::Interrupted) => Typed::Cleared,
            // A terminal that is gone has no more to say.
            Err(_) => Typed::End,
        }
    }

    /// Remembers a line, also for the next time.
    pub fn remember(&mut self, line: &str) {
        let is_new = self.editor.add_history_entry(line).unwrap_or(false);
        if let Some(path) = self.history.as_ref().filter(|_| is_new) {
            // Where nothing can be kept, the lines of this time are still there.
            let _ = self.editor.append_history(path);
        }
    }
}

/// What helps while a line is typed.
struct Help<'l> {
    language: &'l dyn Language,
    commands: &'static [&'static str],
    brackets: MatchingBracketHighlighter,
}

impl Completer for Help<'_> {
    type Candidate = String;

    fn complete(&self, line: &str, at: usize, _cx: &Context<'_>) -> rustyline::Result<(usize, Vec<String>)> {
        Ok(completions(self.language, self.commands, &line[..at]))
    }
}

/// Returns where the name that is being typed at the end of `line` starts, and what it may become.
fn completions(language: &dyn Language, commands: &[&str], line: &str) -> (usize, Vec<String>) {
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.');
    let path = &line[line.trim_end_matches(is_part).len()..];
    let begun = &path[path.rfind('.').map_or(0, |dot| dot + 1)..];
    let start = line.len() - begun.len();
    let mut names = language.names(&path[..path.len() - begun.len()]);
    if line[..start].trim().is_empty() {
        names.extend(commands.iter().map(|name| (*name).to_owned()));
    }
    names.retain(|name| name.starts_with(begun));
    names.sort_unstable();
    names.dedup();
    (start, names)
}

impl Validator for Help<'_> {
    fn validate(&self, cx: &mut ValidationContext<'_>) -> rustyline::Result<ValidationResult> {
        Ok(match self.language.is_open(cx.input()) {
            true => ValidationResult::Incomplete,
            false => ValidationResult::Valid(None),
        })
    }
}

impl Highlighter for Help<'_> {
    fn highlight<'h>(&self, line: &'h str, at: usize) -> std::borrow::Cow<'h, str> {
        self.brackets.highlight(line, at)
    }

    fn highlight_char(&self, line: &str, at: usize, kind: CmdKind) -> bool {
        self.brackets.highlight_char(line, at, kind)
    }
}

impl Hinter for Help<'_> {
    type Hint = String;
}

impl Helper for Help<'_> {}

#[cfg(test)]
mod tests {
    use super::*;

    struct Known;

    impl Language for Known {
        fn names(&self, path: &str) -> Vec<String> {
            let names: &[&str] = match path {
                "" => &["upper(", "var", "hex("],
                "var." => &["region", "regions"],
                _ => &[],
            };
            names.iter().map(|name| (*name).to_owned()).collect()
        }

        fn is_open(&self, _text: &str) -> bool {
            false
        }
    }

    #[test]
    fn names_are_completed_where_they_stand_and_commands_at_the_start() {
        let of = |line: &str| completions(&Known, &["help", "exit"], line);
        assert_eq!(of("he"), (0, vec!["help".to_owned(), "hex(".to_owned()]));
        assert_eq!(of("[he"), (1, vec!["hex(".to_owned()]));
        assert_eq!(of("upper(var.reg"), (10, vec!["region".to_owned(), "regions".to_owned()]));
        assert_eq!(of("\"ä ${v"), (6, vec!["var".to_owned()]));
        assert_eq!(of("nothing."), (8, Vec::new()));
    }
}
