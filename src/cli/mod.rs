//! Words to arguments: the commands, their flags, and Go's rules for writing them.
//!
//! No side effects: records what was typed. Knows nothing of templates, files or terminals.

mod go_flags;
mod groups;
mod help;
#[cfg(test)]
mod tests;

use clap::{Args, CommandFactory, FromArgMatches, Parser};

pub use groups::{ConfigType, Evaluation, Language, OnErrorArg, OutputArg, Select, Variables};

/// Commands of the reference that this version does not have.
const NOT_THERE_YET: &[&str] =
    &["execute", "fix", "fmt", "hcl2_upgrade", "init", "plugin", "plugins", "sbom-generate", "verify-attestation"];

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

/// The commands. A new one is one line here and one file in `commands`.
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

/// The words of `packer build`.
#[derive(Args, Debug, Default)]
#[command(override_usage = "packer build [options] TEMPLATE", disable_help_flag = true)]
pub struct Build {
    /// Show colours or not. (Default: true)
    #[arg(long, value_name = "false", action = clap::ArgAction::Set, num_args = 0..=1, default_value = "true", default_missing_value = "true", value_parser = go_flags::boolean)]
    pub color: bool,
    /// Run one build after the other and stop for Enter after each step.
    #[arg(long, action = clap::ArgAction::Set, num_args = 0..=1, default_value = "false", default_missing_value = "true", value_parser = go_flags::boolean)]
    pub debug: bool,
    /// Tell by the exit code what went wrong: 10 no build to run, 11 the template, 12 a build, 13 a time limit,
    /// 130 an interrupt.
    #[arg(long, action = clap::ArgAction::Set, num_args = 0..=1, default_value = "false", default_missing_value = "true", value_parser = go_flags::boolean)]
    pub detailed_exitcode: bool,
    /// Also write every event as one JSON object a line to this file; docs/events.md tells the fields.
    #[arg(long, value_name = "FILE")]
    pub events: Option<String>,
    /// End the other builds as soon as one has failed.
    #[arg(long, action = clap::ArgAction::Set, num_args = 0..=1, default_value = "false", default_missing_value = "true", value_parser = go_flags::boolean)]
    pub fail_fast: bool,
    /// Replace results of earlier builds.
    #[arg(long, action = clap::ArgAction::Set, num_args = 0..=1, default_value = "false", default_missing_value = "true", value_parser = go_flags::boolean)]
    pub force: bool,
    /// Do not use installed plugins whose version is a pre-release.
    #[arg(long, action = clap::ArgAction::Set, num_args = 0..=1, default_value = "false", default_missing_value = "true", value_parser = go_flags::boolean)]
    pub ignore_prerelease_plugins: bool,
    /// Produce output for programs: time, target, type and data, separated by commas.
    #[arg(long, action = clap::ArgAction::Set, num_args = 0..=1, default_value = "false", default_missing_value = "true", value_parser = go_flags::boolean)]
    pub machine_readable: bool,
    /// What a failed build does with what it has made: cleanup (the default), abort, ask or run-cleanup-provisioner.
    #[arg(long, value_name = "cleanup", value_parser = groups::on_error)]
    pub on_error: Option<OnErrorArg>,
    /// For logs: each build in one piece when it is over (grouped), its name on every line (prefixed), or only errors and
    /// results (quiet).
    #[arg(long, value_name = "grouped", value_parser = groups::output)]
    pub output: Option<OutputArg>,
    /// How many builds may run at the same time; 0 means all. (Default: 0)
    #[arg(long, value_name = "1", default_value = "0", value_parser = go_flags::integer, allow_hyphen_values = true)]
    pub parallel_builds: i64,
    /// At the end, tell where the time went, by build and step.
    #[arg(long, action = clap::ArgAction::Set, num_args = 0..=1, default_value = "false", default_missing_value = "true", value_parser = go_flags::boolean)]
    pub timings: bool,
    /// Leave out the provisioners that HCP Packer enforces; there are none without it.
    #[arg(long, action = clap::ArgAction::Set, num_args = 0..=1, default_value = "false", default_missing_value = "true", value_parser = go_flags::boolean)]
    pub skip_enforcement: bool,
    /// Put the time in front of every line of a build.
    #[arg(long, action = clap::ArgAction::Set, num_args = 0..=1, default_value = "false", default_missing_value = "true", value_parser = go_flags::boolean)]
    pub timestamp_ui: bool,
    /// Warn about values in variable files that no variable is declared for.
    #[arg(long, action = clap::ArgAction::Set, num_args = 0..=1, default_value = "false", default_missing_value = "true", value_parser = go_flags::boolean)]
    pub warn_on_undeclared_var: bool,
    #[command(flatten)]
    #[expect(missing_docs, reason = "the group says it")]
    pub evaluation: Evaluation,
    #[command(flatten)]
    #[expect(missing_docs, reason = "the group says it")]
    pub select: Select,
    #[command(flatten)]
    #[expect(missing_docs, reason = "the group says it")]
    pub variables: Variables,
    #[arg(num_args = 0.., hide = true)]
    #[expect(missing_docs, reason = "the one template")]
    pub template: Vec<String>,
}

/// The words of `packer validate`.
#[derive(Args, Debug, Default)]
#[command(override_usage = "packer validate [options] TEMPLATE", disable_help_flag = true)]
pub struct Validate {
    /// Execute data sources; without it what they would give is unknown.
    #[arg(long, action = clap::ArgAction::Set, num_args = 0..=1, default_value = "false", default_missing_value = "true", value_parser = go_flags::boolean)]
    pub evaluate_datasources: bool,
    /// Only read the files and their variables; look at no component.
    #[arg(long, action = clap::ArgAction::Set, num_args = 0..=1, default_value = "false", default_missing_value = "true", value_parser = go_flags::boolean)]
    pub syntax_only: bool,
    /// Do not use installed plugins whose version is a pre-release.
    #[arg(long, action = clap::ArgAction::Set, num_args = 0..=1, default_value = "false", default_missing_value = "true", value_parser = go_flags::boolean)]
    pub ignore_prerelease_plugins: bool,
    /// Do not warn about values in variable files that no variable is declared for.
    #[arg(long, action = clap::ArgAction::Set, num_args = 0..=1, default_value = "false", default_missing_value = "true", value_parser = go_flags::boolean)]
    pub no_warn_undeclared_var: bool,
    /// Produce output for programs.
    #[arg(long, action = clap::ArgAction::Set, num_args = 0..=1, default_value = "false", default_missing_value = "true", value_parser = go_flags::boolean)]
    pub machine_readable: bool,
    #[command(flatten)]
    #[expect(missing_docs, reason = "the group says it")]
    pub evaluation: Evaluation,
    #[command(flatten)]
    #[expect(missing_docs, reason = "the group says it")]
    pub select: Select,
    #[command(flatten)]
    #[expect(missing_docs, reason = "the group says it")]
    pub variables: Variables,
    #[arg(num_args = 0.., hide = true)]
    #[expect(missing_docs, reason = "the one template")]
    pub template: Vec<String>,
}

/// The words of `packer inspect`.
#[derive(Args, Debug, Default)]
#[command(override_usage = "packer inspect [options] TEMPLATE", disable_help_flag = true)]
pub struct Inspect {
    #[command(flatten)]
    #[expect(missing_docs, reason = "the group says it")]
    pub look: LookArgs,
}

/// The words of `packer console`.
#[derive(Args, Debug, Default)]
#[command(override_usage = "packer console [options] [TEMPLATE]", disable_help_flag = true)]
pub struct Console {
    #[command(flatten)]
    #[expect(missing_docs, reason = "the group says it")]
    pub look: LookArgs,
}

/// What `console` and `inspect` share.
#[derive(Args, Debug, Default)]
pub struct LookArgs {
    /// Produce output for programs.
    #[arg(long, action = clap::ArgAction::Set, num_args = 0..=1, default_value = "false", default_missing_value = "true", value_parser = go_flags::boolean)]
    pub machine_readable: bool,
    #[command(flatten)]
    #[expect(missing_docs, reason = "the group says it")]
    pub language: Language,
    #[command(flatten)]
    #[expect(missing_docs, reason = "the group says it")]
    pub evaluation: Evaluation,
    #[command(flatten)]
    #[expect(missing_docs, reason = "the group says it")]
    pub variables: Variables,
    #[arg(num_args = 0.., hide = true)]
    #[expect(missing_docs, reason = "the one template, if any")]
    pub template: Vec<String>,
}

/// The words of `packer explain`.
#[derive(Args, Debug, Default)]
#[command(override_usage = "packer explain [options] [CODE]", disable_help_flag = true)]
pub struct Explain {
    /// Produce output for programs.
    #[arg(long, action = clap::ArgAction::Set, num_args = 0..=1, default_value = "false", default_missing_value = "true", value_parser = go_flags::boolean)]
    pub machine_readable: bool,
    #[arg(num_args = 0.., hide = true)]
    #[expect(missing_docs, reason = "a code, or words of a message")]
    pub words: Vec<String>,
}

/// The words of `packer cleanup`.
#[derive(Args, Debug, Default)]
#[command(override_usage = "packer cleanup [options]", disable_help_flag = true)]
pub struct Cleanup {
    /// Only list what would be undone.
    #[arg(long, action = clap::ArgAction::Set, num_args = 0..=1, default_value = "false", default_missing_value = "true", value_parser = go_flags::boolean)]
    pub list: bool,
    #[arg(num_args = 0.., hide = true)]
    #[expect(missing_docs, reason = "none is wanted")]
    pub words: Vec<String>,
}

/// The words of `packer version`.
#[derive(Args, Debug, Default)]
#[command(override_usage = "packer version [options]", disable_help_flag = true)]
pub struct Version {
    /// Print this program's own name and version too.
    #[arg(long, action = clap::ArgAction::Set, num_args = 0..=1, default_value = "false", default_missing_value = "true", value_parser = go_flags::boolean)]
    pub full: bool,
    /// Whatever else stands there is ignored (CLI-10).
    #[arg(num_args = 0.., hide = true)]
    pub words: Vec<String>,
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
    let program = Command::command();
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
