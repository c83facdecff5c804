//! Help texts, from the one definition of the flags, in the layout people know.

/// Width of a line of help.
const WIDTH: usize = 100;

/// Returns the list of commands (CLI-16).
pub fn general(program: &clap::Command) -> String {
    let usage = "Usage: packer [--version] [--help] <command> [<args>]\n\nAvailable commands are:\n";
    format!("{usage}{}\n", list(program))
}

/// Returns the help of one command: usage, what it does, options by name.
pub fn of(command: &clap::Command) -> String {
    let usage = command.clone().render_usage().to_string();
    let mut text = usage.trim_end().to_owned() + "\n";
    for paragraph in paragraphs_of(command) {
        text.push('\n');
        wrap(&paragraph, WIDTH - 2).iter().for_each(|line| text += &format!("  {line}\n"));
    }
    if let Some(more) = command.get_after_help() {
        text += &format!("\n{more}");
    }
    if command.has_subcommands() {
        text += &format!("\nSubcommands:\n{}", list(command));
    }
    let options = options_of(command);
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

/// Returns the commands below `command` that help lists, with the line about each, by name.
pub fn commands_of(command: &clap::Command) -> Vec<(String, String)> {
    let listed = command.get_subcommands().filter(|command| !command.is_hide_set());
    let mut commands: Vec<(String, String)> = listed
        .map(|one| (one.get_name().to_owned(), one.get_about().map(ToString::to_string).unwrap_or_default()))
        .collect();
    commands.sort_unstable();
    commands
}

/// Returns what a command does, without the line in the list of commands, which is the first paragraph.
pub fn paragraphs_of(command: &clap::Command) -> Vec<String> {
    let about = command.get_long_about().or(command.get_about()).map(ToString::to_string).unwrap_or_default();
    let about = about.split_once("\n\n").map_or(about.as_str(), |(_, more)| more);
    about.split("\n\n").filter(|paragraph| !paragraph.is_empty()).map(str::to_owned).collect()
}

/// Returns the flags of a command that help lists, each with its kind of value and what it is about, by name.
pub fn options_of(command: &clap::Command) -> Vec<(String, String)> {
    let mut options: Vec<(String, String)> = command
        .get_arguments()
        .filter(|arg| !arg.is_hide_set())
        .filter_map(|arg| {
            let value = value_of(arg).map(|value| format!("={value}"));
            let about = arg.get_help().map(ToString::to_string).unwrap_or_default();
            Some((format!("-{}{}", arg.get_long()?, value.unwrap_or_default()), about))
        })
        .collect();
    options.sort_unstable();
    options
}

/// Returns what stands for the value of a flag; one that is simply on or off shows none.
pub fn value_of(flag: &clap::Arg) -> Option<&str> {
    let name = flag.get_value_names()?.first()?;
    // clap makes one up from the flag's own name.
    (*name != flag.get_id().as_str().to_uppercase()).then_some(name)
}

/// Returns one line a command below `command`.
fn list(command: &clap::Command) -> String {
    let commands = commands_of(command);
    let longest = commands.iter().map(|(name, _)| name.len()).max().unwrap_or_default();
    commands.into_iter().map(|(name, about)| format!("    {name:longest$}    {about}\n")).collect()
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
