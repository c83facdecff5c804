//! Completion of words in shells: what they ask, what they are told, and the scripts that have them ask.
//!
//! Which words there are says [`cli::complete`](crate::cli::complete). Whoever asks is never told of an error: nothing
//! is proposed then.

mod names;
mod rc_files;
mod split;

use std::io::{self, Write};

use super::{Session, exit};
use crate::cli::complete::{Line, Proposal};
use crate::cli::{self, Autocomplete};
use crate::host::{Host, platform};
use names::TemplateNames;

/// The first word of what the scripts ask.
const QUESTION: &str = "__complete";

/// Prints the script for a shell.
pub fn run(args: &cli::Completion, session: &Session) -> u8 {
    let script = match args.words.first().map(String::as_str) {
        Some("bash") => include_str!("scripts/packer.bash"),
        Some("zsh") => include_str!("scripts/packer.zsh"),
        Some("fish") => include_str!("scripts/packer.fish"),
        Some("elvish") => include_str!("scripts/packer.elv"),
        _ => include_str!("scripts/packer.ps1"),
    };
    session.ui.say(script.trim_end());
    exit::OK
}

/// Answers a shell, if one asks; `words` are those behind the program's name.
///
/// # Source
/// CLI-94 for `COMP_LINE`; the rest is ours.
pub fn answer(words: &[String], host: &Host) -> Option<u8> {
    let text = if let Some(line) = host.env_filled("COMP_LINE") {
        let point = host.env("COMP_POINT").and_then(|point| point.parse::<usize>().ok());
        let line = point.and_then(|point| line.get(..point)).unwrap_or(line);
        cli::complete_as_packer(line).iter().map(|word| format!("{word}\n")).collect()
    } else {
        let (question, asked) = words.split_first()?;
        if question != QUESTION {
            return None;
        }
        proposed(asked, host).unwrap_or_default()
    };
    // Who has gone away wants no answer.
    let _ = io::stdout().write_all(text.as_bytes());
    Some(exit::OK)
}

/// Returns the answer in the form that the script of the shell reads; `None` for what no script asks.
fn proposed(asked: &[String], host: &Host) -> Option<String> {
    let (shell, asked) = asked.split_first()?;
    let names = TemplateNames::new(host);
    if shell == "bash" {
        let [breaks, front, back] = asked else { return None };
        let (line, typed) = split::line(front, back);
        let keep = split::kept(&typed, breaks);
        let answers = cli::complete(&line, &names).into_iter();
        return Some(answers.map(|one| format!("{}\n", split::for_bash(&one, keep, &typed))).collect());
    }
    let (count, words) = asked.split_first()?;
    let count: usize = count.parse().ok()?;
    let before = words.get(..count)?.to_vec();
    let current = words.get(count).cloned().unwrap_or_default();
    // PowerShell leaves out a word that is empty.
    let current = if shell == "powershell" { current.trim_start_matches('=').to_owned() } else { current };
    let after = words.get(count + 1..).unwrap_or_default().to_vec();
    let line = Line { before, current, after };
    let shown = |one: Proposal| match shell.as_str() {
        "zsh" | "elvish" => format!("{}{}\t{}\n", if one.is_open { 'o' } else { 'c' }, one.text, one.about),
        _ if one.about.is_empty() => format!("{}\n", one.text),
        _ => format!("{}\t{}\n", one.text, one.about),
    };
    Some(cli::complete(&line, &names).into_iter().map(shown).collect())
}

/// Adds completion to the files of the shells that the user has, or takes it out again (CLI-94).
pub fn autocomplete(what: Autocomplete, session: &Session) -> u8 {
    let host = &session.host;
    let program = match std::env::current_exe() {
        Ok(program) => program,
        Err(error) => {
            session.ui.error(format!("cannot tell where this program stands: {error}"));
            return exit::FAILURE;
        }
    };
    // `HOME` is only asked where the user is not in the database.
    let Some(home) = platform::home_in_user_database().or_else(|| host.home()) else {
        session.ui.error("Cannot find the files of your shells: no home folder is known. Set HOME.");
        return exit::FAILURE;
    };
    let config = host.env_filled("XDG_CONFIG_HOME").map_or_else(|| home.join(".config"), Into::into);
    match rc_files::change(what, &home, &config, &program) {
        Ok(()) => exit::OK,
        Err(reasons) => {
            session.ui.error(reasons.join("\n"));
            exit::FAILURE
        }
    }
}
