//! Words to arguments: the commands, their flags, and Go's rules for writing them.
//!
//! No side effects: records what was typed. Knows nothing of templates, files or terminals.

mod go_flags;
mod groups;
mod help;
#[cfg(test)]
mod tests;
mod words;

use clap::{CommandFactory, FromArgMatches, Parser};

pub use groups::{ConfigType, Evaluation, Ignored, Language, OnErrorArg, OutputArg, Select, Variables};
pub use words::{Build, Cleanup, Console, Explain, FIXERS, Fix, Inspect, LookArgs, Validate, Version};

/// Commands of the reference that this version does not have.
const NOT_THERE_YET: &[&str] =
    &["execute", "fmt", "hcl2_upgrade", "init", "plugin", "plugins", "sbom-generate", "verify-attestation"];

/// What the words ask for.
#[derive(Debug)]
pub enum Request {
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
        /// Whether the complaint comes before the usage (flags in front of the command).
        complaint_first: bool,
        /// The help of the command.
        usage: String,
    },
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
    /// build image(s) from template
    ///
    /// Runs the builds of a template: makes the machines, provisions them, post-processes what comes out. Builds run
    /// side by side; one that fails does not stop the others. TEMPLATE is a file that ends in .pkr.hcl, or a folder
    /// with such files.
    Build(Build),
    /// undo what killed runs left behind
    ///
    /// Undoes what runs that were killed have left behind: containers, images, temporary files. Touches nothing else,
    /// and leaves runs alone that still live. A second call has nothing to do.
    Cleanup(Cleanup),
    /// creates a console for testing variable interpolation
    ///
    /// Evaluates expressions with the values of a template: variables, locals, path, packer and all functions. On a
    /// terminal it answers line by line; of a pipe it shows the last line's result. TEMPLATE is a file that ends in
    /// .pkr.hcl, or a folder with such files; without one -config-type tells the language.
    Console(Console),
    /// tell what an error or a warning means
    ///
    /// Tells what a code, or the first line of a message, means: how it comes about, what to do, with a wrong and a right
    /// example. Without words it lists all codes. With PACKER_ERROR_CODES=1 in the environment, every message tells its
    /// code.
    Explain(Explain),
    /// fixes templates from old versions of packer
    ///
    /// Shows a JSON template with everything that is spelt or called otherwise today written as it is now. The file
    /// itself stays as it is. What is shown is then checked, and the exit code is 1 when something is still wrong with it.
    Fix(Fix),
    /// see components of a template
    ///
    /// Shows what a template is made of: its variables and locals with their values, and the sources, provisioners and
    /// post-processors of each build. Nothing is built.
    Inspect(Inspect),
    /// check that a template is valid
    ///
    /// Checks a template, a file that ends in .pkr.hcl or a folder with such files: its syntax, its variables, and the settings of every component it uses. Nothing is built.
    /// Exit code 0 when it is valid, 1 otherwise.
    Validate(Validate),
    /// prints the Packer version
    ///
    /// Prints the version that this program answers to; on a terminal, or with -full, also its own name and version.
    Version(Version),
}

/// Returns the one definition of commands and flags: parsing, help and pages are made of it.
fn definition() -> clap::Command {
    let names: Vec<String> = Command::command().get_subcommands().map(|one| one.get_name().to_owned()).collect();
    names.into_iter().fold(Command::command(), |program, name| {
        program.mut_subcommand(name, |command| command.mut_args(go_flags::as_in_go))
    })
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
    let at = words.iter().position(|word| !word.starts_with('-') || ["-", "--"].contains(&word.as_str()));
    let (front, rest) = words.split_at(at.unwrap_or(words.len()));
    let asks = |names: &[&str]| front.iter().any(|word| names.contains(&word.as_str()));
    if asks(&["-v", "-version", "--version"]) {
        return Request::Run(Command::Version(Version::default()));
    }
    let Some((command, words)) =
        rest.split_first().and_then(|(name, words)| Some((program.find_subcommand(name)?, words)))
    else {
        let asked = rest.is_empty() && asks(&["-h", "-help", "--help"]);
        let mut text = help::general(&program);
        if let Some(name) = rest.first().filter(|name| NOT_THERE_YET.contains(&name.as_str())) {
            text += &format!("\nThere is no \"packer {name}\" yet: it comes with a later version of this program.\n");
            if name == "init" {
                text += "The components inside this program need no plugin; leave the step out.\n";
            }
        }
        return Request::GeneralHelp(text, asked);
    };
    let usage = help::of(command);
    let before_dashes = words.iter().take_while(|word| *word != "--");
    if asks(&["-h", "-help", "--help"])
        || before_dashes.clone().any(|word| ["-h", "-help", "--help"].contains(&word.as_str()))
    {
        return Request::Help(usage);
    }
    if !front.is_empty() {
        let name = command.get_name();
        let complaint = format!(
            "Flags stand before the command: {}\nWrite them behind it: packer {name} {} …",
            front.join(" "),
            front.join(" ")
        );
        return Request::Misuse { complaint: Some(complaint), complaint_first: true, usage };
    }
    // Whatever stands behind `version` is ignored, also what looks like a flag (CLI-10).
    if command.get_name() == "version" && words.iter().all(|word| !word.trim_start_matches('-').starts_with("full")) {
        return Request::Run(Command::Version(Version::default()));
    }
    match go_flags::rewrite(command, words).and_then(|words| parse_command(&program, command.get_name(), words)) {
        Ok(parsed) => check(parsed, usage),
        Err(complaint) => Request::Misuse { complaint: Some(complaint), complaint_first: false, usage },
    }
}

fn parse_command(program: &clap::Command, name: &str, words: Vec<String>) -> Result<Command, String> {
    let all = std::iter::once(name.to_owned()).chain(words);
    let matches = program.clone().try_get_matches_from(all).map_err(|error| go_flags::complaint(&error))?;
    Command::from_arg_matches(&matches).map_err(|error| error.to_string())
}

/// Checks how many words the command takes (CLI-14).
fn check(command: Command, usage: String) -> Request {
    let misplaced = |words: &[String]| {
        let flag = words.iter().skip(1).find(|word| word.starts_with('-') && word.len() > 1)?;
        Some(format!("{flag} stands behind the template, where it is not a flag: write it in front of {:?}.", words[0]))
    };
    let (fits, words) = match &command {
        Command::Build(build) => (build.template.len() == 1, build.template.as_slice()),
        Command::Validate(validate) => (validate.template.len() == 1, validate.template.as_slice()),
        Command::Fix(fix) => (fix.template.len() == 1, fix.template.as_slice()),
        Command::Cleanup(cleanup) => (cleanup.words.is_empty(), cleanup.words.as_slice()),
        // Two templates count as none (CLI-14).
        Command::Console(_) | Command::Explain(_) | Command::Inspect(_) | Command::Version(_) => (true, [].as_slice()),
    };
    if fits {
        Request::Run(command)
    } else {
        Request::Misuse { complaint: misplaced(words), complaint_first: false, usage }
    }
}
