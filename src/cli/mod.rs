//! Words to arguments: the commands, their flags, and Go's rules for writing them.
//!
//! No side effects: records what was typed. Knows nothing of templates, files or terminals.

pub mod complete;
mod go_flags;
mod groups;
mod help;
mod man;
mod page;
#[cfg(test)]
mod tests;
mod words;

use std::path::Path;

use clap::{CommandFactory, FromArgMatches, Parser};

pub use groups::{Common, ConfigType, Evaluation, Language, OnErrorArg, OutputArg, Select, Variables};
pub use words::{
    Build, Cleanup, Completion, Console, Execute, Explain, FIXERS, Fix, Fmt, Hcl2Upgrade, Init, Inspect, LookArgs, Man,
    Plugins, PluginsCommand, PluginsInstall, PluginsInstalled, PluginsRemove, PluginsRequired, Unread, Validate,
    VerifyAttestation, Version,
};

/// The shells that there are completion scripts for.
pub const SHELLS: [&str; 5] = ["bash", "elvish", "fish", "powershell", "zsh"];

/// What is done to the files of shells (CLI-94).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is what its name says")]
pub enum Autocomplete {
    Install,
    Uninstall,
}

/// What the words ask for.
#[derive(Debug)]
#[expect(clippy::large_enum_variant, reason = "a run of the program has one, and takes it apart at once")]
pub enum Request {
    /// Add completion to the files of shells, or take it out.
    Autocomplete(Autocomplete),
    /// The words contradict each other; exit 1.
    Contradiction(String),
    /// Run a command.
    Run(Command),
    /// Print this text; the flag says whether it was asked for (exit 0) or there was no such command (127).
    GeneralHelp(String, bool),
    /// Print the help of a command that was asked for.
    Help(String),
    /// The words do not fit the command: complaint, then or after its usage; exit 1 (CLI-8, CLI-11, CLI-13, CLI-14).
    Misuse {
        /// What is wrong, if it can be said.
        complaint: Option<String>,
        /// Who says it, and what comes first.
        manner: Manner,
        /// The help of the command.
        usage: String,
    },
}

/// Who tells that words do not fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Manner {
    /// Nobody in particular: for people in either mode, the complaint in front.
    Plain,
    /// The command, for programs too: its usage, then the complaint.
    UsageFirst,
    /// The command, for programs too: the complaint, then its usage.
    ComplaintFirst,
}

/// The words, read.
#[derive(Debug)]
pub struct Words {
    /// Whether `-machine-readable` stood anywhere (CLI-18).
    pub machine_readable: bool,
    /// What to do.
    pub request: Request,
}

/// The commands. A new one is one line here, its words in `words`, and one file in `commands`.
#[derive(Parser, Debug)]
#[command(
    name = "packer",
    no_binary_name = true,
    disable_help_flag = true,
    disable_help_subcommand = true,
    disable_version_flag = true
)]
pub enum Command {
    /// make images of a template
    ///
    /// Runs the builds of a template: makes the machines, provisions them, post-processes what comes out. Builds run
    /// side by side; one that fails does not stop the others. TEMPLATE is a file that ends in .pkr.hcl or .pkr.json, a
    /// folder with such files, or a JSON template; - reads a JSON template from the standard input.
    Build(Build),
    /// undo what killed runs left behind
    ///
    /// Undoes what runs that were killed have left behind: containers, images, temporary files. Touches nothing else,
    /// and leaves runs alone that still live. A second call has nothing to do.
    Cleanup(Cleanup),
    /// print what completes packer's words in a shell
    ///
    /// Prints a script that has a shell complete commands, flags, files, and the names of builds and variables, which it reads
    /// from the template on the line. The script itself says how it is loaded.
    Completion(Completion),
    /// try expressions with the values of a template
    ///
    /// Evaluates expressions with the values of a template: variables, locals, path, packer and all functions. On a
    /// terminal it answers line by line; of a pipe it shows the last line's result. TEMPLATE is a file that ends in
    /// .pkr.hcl or .pkr.json, a folder with such files, or a JSON template, with which texts with {{ }} are rendered;
    /// without one -config-type tells the language.
    Console(Console),
    /// tell what an error or a warning means
    ///
    /// Tells what a code, or the first line of a message, means: how it comes about, what to do, with a wrong and a right
    /// example. Without words it lists all codes. With PACKER_ERROR_CODES=1 in the environment, every message tells its
    /// code.
    Explain(Explain),
    /// run a component on its own
    #[command(hide = true)]
    Execute(Execute),
    /// repair a JSON template that is written for an older version
    ///
    /// Prints a template with what older versions took replaced by what this one takes; the file itself is not changed.
    /// What is printed is then checked, and the exit code is 1 when something is still wrong with it. TEMPLATE is a file
    /// with a JSON template.
    Fix(Fix),
    /// format template files
    ///
    /// Formats templates (.pkr.hcl) and variable files (.pkrvars.hcl), writes them, and names those that it has changed. TEMPLATE is a
    /// file, a folder, or - for the standard input, which is formatted to the standard output; there may be several.
    Fmt(Fmt),
    /// make an HCL template of a JSON template
    ///
    /// Writes an HCL template that means the same as a JSON template. The old file is not changed.
    #[command(name = "hcl2_upgrade")]
    Hcl2Upgrade(Hcl2Upgrade),
    /// install the plugins that a template requires
    ///
    /// Installs the plugins that the required_plugins blocks of a template ask for, where none that fits is installed and this
    /// program has none of its own inside. TEMPLATE is a file that ends in .pkr.hcl or .pkr.json, or a folder with such files.
    Init(Init),
    /// show what a template is made of
    ///
    /// Shows what a template is made of: its variables and locals with their values, and the sources, provisioners and
    /// post-processors of each build. Nothing is built. TEMPLATE is a file that ends in .pkr.hcl or .pkr.json, a folder
    /// with such files, or a JSON template.
    Inspect(Inspect),
    /// print a man page
    ///
    /// Prints the man page of a command, or of the program: packer man build | man -l -
    Man(Man),
    /// look after installed plugins
    ///
    /// Lists, installs and removes plugins. packer init installs those that a template requires.
    #[command(alias = "plugin")]
    Plugins(Plugins),
    /// list what an image is made of
    #[command(name = "sbom-generate", hide = true, override_usage = "packer sbom-generate [options] <path>")]
    SbomGenerate(Unread),
    /// check a template without building it
    ///
    /// Checks a template: its syntax, its variables, and the settings of every component it uses. Nothing is built. Exit
    /// code 0 when it is valid, 1 otherwise. TEMPLATE is a file that ends in .pkr.hcl or .pkr.json, a folder with such
    /// files, or a JSON template; - reads a JSON template from the standard input.
    Validate(Validate),
    /// check the attestation of an artifact
    ///
    /// Checks who has signed a statement about an artifact, and what it says. It is part of no version of this program yet.
    #[command(name = "verify-attestation")]
    VerifyAttestation(VerifyAttestation),
    /// print the version
    ///
    /// Prints the version that this program answers to; on a terminal, or with -full, also its own name and version.
    Version(Version),
}

/// Returns the one definition of commands and flags: parsing, help and pages are made of it.
fn definition() -> clap::Command {
    fn as_in_go(command: clap::Command) -> clap::Command {
        let names: Vec<String> = command.get_subcommands().map(|one| one.get_name().to_owned()).collect();
        // Of a flag that stands there twice the last one counts.
        let command = command.args_override_self(true).mut_args(go_flags::as_in_go);
        names.into_iter().fold(command, |command, name| command.mut_subcommand(name, as_in_go))
    }
    as_in_go(Command::command())
}

/// Returns what could stand at a place of a line, by name.
pub fn complete(line: &complete::Line, names: &dyn complete::Names) -> Vec<complete::Proposal> {
    complete::proposals(&definition(), line, names)
}

/// Returns what the protocol of `COMP_LINE` answers to a line (CLI-94).
pub fn complete_as_packer(line: &str) -> Vec<String> {
    complete::answers(&definition(), line)
}

/// Returns the man page of the command with this path, `[]` for the whole program; `None` when there is no such command.
pub fn man_page(path: &[&str]) -> Option<String> {
    man::page(&definition(), path)
}

/// Returns `docs/commands.md`.
pub fn commands_page() -> String {
    page::page(&definition())
}

/// Reads the program's words, without its own name.
pub fn parse(mut words: Vec<String>) -> Words {
    let machine_readable = match words.iter().position(|word| word == "-machine-readable") {
        Some(at) => {
            words.remove(at);
            true
        }
        None => false,
    };
    Words { machine_readable, request: request(&words) }
}

fn request(words: &[String]) -> Request {
    let program = definition();
    let at = words.iter().position(|word| !word.starts_with('-') || word == "--");
    let (front, rest) = words.split_at(at.unwrap_or(words.len()));
    let asks = |names: &[&str]| front.iter().any(|word| names.contains(&word.as_str()));
    if asks(&["-v", "-version", "--version"]) {
        return Request::Run(Command::Version(Version::default()));
    }
    let before_dashes = words.iter().take_while(|word| *word != "--");
    let asks_for =
        |flag: &str| before_dashes.clone().any(|word| word.trim_start_matches('-') == flag && word.starts_with('-'));
    let asks_for_help_alone = rest.is_empty() && asks(&["-h", "-help", "--help"]);
    match (asks_for("autocomplete-install"), asks_for("autocomplete-uninstall")) {
        _ if asks_for_help_alone => {}
        (true, true) => {
            let complaint = "Cannot both install and uninstall completion: give one of the two flags.";
            return Request::Contradiction(complaint.to_owned());
        }
        (true, false) => return Request::Autocomplete(Autocomplete::Install),
        (false, true) => return Request::Autocomplete(Autocomplete::Uninstall),
        (false, false) => {}
    }
    let Some(Named { path, command, words }) = named(&program, rest) else {
        return Request::GeneralHelp(help::general(&program), asks_for_help_alone);
    };
    let usage = help::of(command);
    let before_dashes = words.iter().take_while(|word| *word != "--");
    if asks(&["-h", "-help", "--help"])
        || before_dashes.clone().any(|word| ["-h", "-help", "--help"].contains(&word.as_str()))
    {
        return Request::Help(usage);
    }
    if !front.is_empty() {
        let (path, front) = (path.join(" "), front.join(" "));
        let complaint =
            format!("Flags stand before the command: {front}\nWrite them behind it: packer {path} {front} …");
        return Request::Misuse { complaint: Some(complaint), manner: Manner::Plain, usage };
    }
    // The name of a group alone is no command, nor is one with a name that it does not have (CLI-17).
    if command.has_subcommands() {
        return Request::Misuse { complaint: None, manner: Manner::Plain, usage };
    }
    // Whatever stands behind `version` is ignored, also what looks like a flag (CLI-10).
    if command.get_name() == "version" && words.iter().all(|word| !word.trim_start_matches('-').starts_with("full")) {
        return Request::Run(Command::Version(Version::default()));
    }
    // These know no flags: what looks like one is a word like any other.
    let words = match ["sbom-generate", "installed", "remove"].contains(&command.get_name()) {
        true => Ok([&["--".to_owned()], words].concat()),
        false => go_flags::rewrite(command, words),
    };
    match words.and_then(|words| parse_command(&program, command, &path, words)) {
        Ok(parsed) => check(parsed, usage),
        Err(complaint) => Request::Misuse { complaint: Some(complaint), manner: Manner::UsageFirst, usage },
    }
}

/// A command that words name.
struct Named<'a> {
    /// Its name, behind that of its group if it has one.
    path: Vec<&'a str>,
    command: &'a clap::Command,
    /// What stands behind the name.
    words: &'a [String],
}

fn named<'a>(program: &'a clap::Command, words: &'a [String]) -> Option<Named<'a>> {
    let mut named = Named { path: Vec::new(), command: program, words };
    while let Some((name, words)) = named.words.split_first()
        && let Some(command) = named.command.find_subcommand(name)
    {
        named.path.push(command.get_name());
        named = Named { command, words, ..named };
    }
    (!named.path.is_empty()).then_some(named)
}

fn parse_command(
    program: &clap::Command,
    command: &clap::Command,
    path: &[&str],
    words: Vec<String>,
) -> Result<Command, String> {
    let all = path.iter().map(|&name| name.to_owned()).chain(words);
    let matches = program.clone().try_get_matches_from(all).map_err(|error| go_flags::complaint(command, &error))?;
    Command::from_arg_matches(&matches).map_err(|error| error.to_string())
}

/// Checks how many words the command takes (CLI-14).
fn check(command: Command, usage: String) -> Request {
    let mut manner = Manner::UsageFirst;
    let (fits, words) = match &command {
        Command::Build(Build { template, .. })
        | Command::Validate(Validate { template, .. })
        | Command::Fix(Fix { template, .. })
        | Command::Hcl2Upgrade(Hcl2Upgrade { template, .. })
        | Command::Init(Init { template, .. })
        | Command::VerifyAttestation(VerifyAttestation { attestation: template, .. }) => {
            (template.len() == 1 && !is_nameless(template), template)
        }

        Command::Completion(Completion { words }) => {
            let complaint = match &words[..] {
                [shell] if SHELLS.contains(&shell.as_str()) => return Request::Run(command),
                [shell] => Some(format!("There is no script for {shell:?}: the shells are {}.", SHELLS.join(", "))),
                _ => None,
            };
            return Request::Misuse { complaint, manner, usage };
        }
        Command::Execute(execute) => (execute.names_component(), &execute.words),
        Command::Fmt(Fmt { paths, .. }) => (!paths.is_empty(), paths),
        Command::Cleanup(Cleanup { words, .. }) => (words.is_empty(), words),
        Command::Plugins(plugins) => match &plugins.command {
            PluginsCommand::Install(PluginsInstall { words, .. }) => {
                if words.is_empty() || words.len() > 2 {
                    let complaint = format!(
                        "One plugin has to be named, and at most one version constraint; there are {} words.",
                        words.len()
                    );
                    return Request::Misuse { complaint: Some(complaint), manner: Manner::ComplaintFirst, usage };
                }
                (true, words)
            }
            PluginsCommand::Remove(PluginsRemove { words }) => {
                manner = Manner::Plain;
                if let [path, _] = &words[..]
                    && Path::new(path).is_absolute()
                {
                    let complaint = "A path names one binary: there can be no version constraint beside it.";
                    return Request::Misuse { complaint: Some(complaint.to_owned()), manner, usage };
                }
                ((1..=2).contains(&words.len()), words)
            }
            PluginsCommand::Required(PluginsRequired { template, .. }) => {
                manner = Manner::Plain;
                (template.len() == 1 && !is_nameless(template), template)
            }
            PluginsCommand::Installed(_) => return Request::Run(command),
        },
        // Two templates count as none (CLI-14).
        Command::Console(Console { look }) | Command::Inspect(Inspect { look, .. }) => {
            (!is_nameless(&look.template), &look.template)
        }
        Command::Explain(_) | Command::Man(_) | Command::SbomGenerate(_) | Command::Version(_) => {
            return Request::Run(command);
        }
    };
    if fits {
        return Request::Run(command);
    }
    let complaint = match is_nameless(words) {
        true => Some("The name of the template is empty.".to_owned()),
        false => misplaced_flag(words),
    };
    Request::Misuse { complaint, manner, usage }
}

/// Whether a template is meant whose name is empty, as that of a variable which is not set.
fn is_nameless(words: &[String]) -> bool {
    matches!(words, [name] if name.is_empty())
}

fn misplaced_flag(words: &[String]) -> Option<String> {
    let flag = words.iter().skip(1).find(|word| word.starts_with('-') && word.len() > 1)?;
    Some(format!("{flag} stands behind the template, where it is not a flag: write it in front of {:?}.", words[0]))
}
