//! Help texts, from the one definition of the flags, in the layout people know.

/// Width of a line of help.
const WIDTH: usize = 100;

/// Returns the list of commands (CLI-16).
pub fn general(program: &clap::Command) -> String {
    let usage = "Usage: packer [--version] [--help] <command> [<args>]\n\nAvailable commands are:\n";
    format!("{usage}{}\n", list(program))
}

/// Returns one line a command below `command`.
fn list(command: &clap::Command) -> String {
    let mut commands: Vec<(&str, String)> = command
        .get_subcommands()
        .filter(|command| !command.is_hide_set())
        .map(|command| (command.get_name(), command.get_about().map(ToString::to_string).unwrap_or_default()))
        .collect();
    commands.sort_unstable();
    let longest = commands.iter().map(|(name, _)| name.len()).max().unwrap_or_default();
    commands.into_iter().map(|(name, about)| format!("    {name:longest$}    {about}\n")).collect()
}

/// Returns the help of one command: usage, what it does, options by name.
pub fn of(command: &clap::Command) -> String {
    let usage = command.clone().render_usage().to_string();
    let mut text = usage.trim_end().to_owned() + "\n\n";
    // The first paragraph is the line in the list of commands.
    let about = command.get_long_about().or(command.get_about()).map(ToString::to_string).unwrap_or_default();
    let about = about.split_once("\n\n").map_or(about.as_str(), |(_, more)| more);
    for line in wrap(about, WIDTH - 2) {
        text += &format!("  {line}\n");
    }
    if let Some(more) = command.get_after_help() {
        text += &format!("\n{more}");
    }
    if command.has_subcommands() {
        text += &format!("\nSubcommands:\n{}", list(command));
    }
    let mut options: Vec<(String, String)> = command
        .get_arguments()
        .filter(|arg| !arg.is_hide_set())
        .filter_map(|arg| {
            let value = arg
                .get_value_names()
                .and_then(|names| names.first())
                .filter(|name| !is_upper_name(name, arg))
                .map(|v| format!("={v}"));
            let about = arg.get_help().map(ToString::to_string).unwrap_or_default();
            Some((format!("-{}{}", arg.get_long()?, value.unwrap_or_default()), about))
        })
        .collect();
    options.sort_unstable();
    if !options.is_empty() {
        text += "\nOptions:\n\n";
    }
    let longest = options.iter().map(|(flag, _)| flag.len()).max().unwrap_or_default() + 2;
    for (flag, about) in options {
        for (index, line) in wrap(&about, WIDTH - longest - 2).iter().enumerate() {
            let name = if index == 0 { flag.as_str() } else { "" };
            text += &format!("  {name:longest$}{line}\n");
        }
    }
    text
}

/// Whether clap made the name up from the flag's: a flag that is simply on or off shows no value.
fn is_upper_name(name: &str, arg: &clap::Arg) -> bool {
    name == arg.get_id().as_str().to_uppercase()
}

fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        let line = lines.last_mut().expect("there is always a line");
        if !line.is_empty() && line.chars().count() + 1 + word.chars().count() > width {
            lines.push(word.to_owned());
        } else {
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
    }
    lines
}
