//! Man pages, from the one definition of the flags.
//!
//! Writes plain man macros, and only what they need escaped.

use super::help::{commands_of, options_of, paragraphs_of};

/// Returns the page of the command with this path, `[]` for the whole program; `None` when there is no such command.
pub fn page(program: &clap::Command, path: &[&str]) -> Option<String> {
    let mut command = program;
    for name in path {
        command = command.find_subcommand(name).filter(|command| !command.is_hide_set())?;
    }
    let name = std::iter::once("packer").chain(path.iter().copied()).collect::<Vec<_>>().join("-");
    let version = env!("CARGO_PKG_VERSION");
    let about = match path {
        [] => "build machine images from templates".to_owned(),
        _ => command.get_about().map(ToString::to_string).unwrap_or_default(),
    };
    let mut page = format!(".TH {} 1 \"\" \"packer\\-rs {version}\" \"Packer\"\n", escaped(&name.to_uppercase()));
    page += &format!(".SH NAME\n{} \\- {}\n.SH SYNOPSIS\n", escaped(&name), line(&about));
    page += &match path {
        [] => "packer [\\-\\-version] [\\-\\-help] <command> [<args>]\n".to_owned(),
        _ => {
            let usage = command.clone().render_usage().to_string();
            line(usage.trim().trim_start_matches("Usage: ")) + "\n"
        }
    };
    page += ".SH DESCRIPTION\n";
    if path.is_empty() {
        page += "Runs Packer templates: makes machine images from one source for many platforms.\n";
    }
    for (index, paragraph) in paragraphs_of(command).iter().enumerate() {
        page += &format!("{}{}\n", if index == 0 { "" } else { ".PP\n" }, line(paragraph));
    }
    if let Some(more) = command.get_after_help() {
        let lines = more.to_string().lines().map(|text| format!("\\&{}\n", escaped(text))).collect::<String>();
        page += &format!(".PP\n.nf\n{lines}.fi\n");
    }
    let options = options_of(command);
    if !options.is_empty() {
        page += ".SH OPTIONS\nA flag takes one dash or two, and its value behind = or as the next word.\n";
        page += "Flags stand in front of the template.\n";
    }
    for (flag, about) in options {
        page += &format!(".TP\n\\fB{}\\fR\n{}\n", escaped(&flag), line(&about));
    }
    let commands = commands_of(command);
    if !commands.is_empty() {
        page += ".SH COMMANDS\n";
    }
    for (inner, about) in &commands {
        page += &format!(".TP\n\\fB{}\\fR(1)\n{}\n", escaped(&format!("{name}-{inner}")), line(about));
    }
    page += ".SH EXIT STATUS\n0 when all went well, 1 when something failed, 2 after a crash, 127 without a command.\n";
    page += ".SH SEE ALSO\n";
    page += &match path.split_last() {
        None => "The folder docs of the program's sources.\n".to_owned(),
        Some((_, [])) => "\\fBpacker\\fR(1)\n".to_owned(),
        Some((_, group)) => format!("\\fBpacker\\-{}\\fR(1)\n", escaped(&group.join("-"))),
    };
    Some(page)
}

/// Returns `text` as one line of a page that no macro starts by accident.
fn line(text: &str) -> String {
    let text = escaped(&text.split_whitespace().collect::<Vec<_>>().join(" "));
    if text.starts_with(['.', '\'']) { format!("\\&{text}") } else { text }
}

fn escaped(text: &str) -> String {
    text.replace('\\', "\\e").replace('-', "\\-").replace('\'', "\\(aq")
}
