//! `docs/commands.md`: every command and flag, from the one definition.

use super::help::{commands_of, options_of, paragraphs_of};

const INTRODUCTION: &str = "\
# Commands

This page is printed from the program's own definition of its commands. A flag takes one dash or two, and its value
behind `=` or as the next word; one that is simply on or off takes a value only behind `=`. Flags stand in front of the
template. `-machine-readable` may stand anywhere. `packer COMMAND -h` and `packer man COMMAND` say the same as this page.
";

/// Returns the page.
pub fn page(program: &clap::Command) -> String {
    let mut page = INTRODUCTION.to_owned();
    for (name, about) in commands_of(program) {
        page += &format!("\n## {name}\n\n{}.\n", capitalized(&about));
        let command = program.find_subcommand(&name).expect("the name is one of a command");
        body(&mut page, command);
        for (inner, about) in commands_of(command) {
            page += &format!("\n### {name} {inner}\n\n{}.\n", capitalized(&about));
            body(&mut page, command.find_subcommand(&inner).expect("the name is one of a command"));
        }
    }
    page
}

fn body(page: &mut String, command: &clap::Command) {
    let usage = command.clone().render_usage().to_string();
    *page += &format!("\n```text\n{}\n```\n", usage.trim().trim_start_matches("Usage: "));
    for paragraph in paragraphs_of(command) {
        *page += &format!("\n{}\n", paragraph.split_whitespace().collect::<Vec<_>>().join(" "));
    }
    if let Some(more) = command.get_after_help() {
        *page += &format!("\n```text\n{}\n```\n", more.to_string().trim_end());
    }
    let options = options_of(command);
    if !options.is_empty() {
        *page += "\n| flag | |\n|---|---|\n";
    }
    for (flag, about) in options {
        let about = about.split_whitespace().collect::<Vec<_>>().join(" ").replace('|', "\\|");
        *page += &format!("| `{}` | {about} |\n", flag.replace('|', "\\|"));
    }
}

fn capitalized(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().collect::<String>() + letters.as_str()).unwrap_or_default()
}
