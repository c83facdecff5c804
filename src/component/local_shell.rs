//! Runs scripts on this machine: what the provisioner and the post-processor `shell-local` share.
//!
//! Knows neither of the two; whoever calls gives the build data.

use std::collections::BTreeMap;
use std::fs::OpenOptions;
use std::io::{self, Write};
use std::path::Path;

use anyhow::anyhow;

use super::config::{LateText, Settings as _};
use super::{BuildData, PrepareCx, Problem, Problems, Result, RunCx, local_process, shell};
use crate::host::{explain, platform, shortest_path};
use crate::journal::TemporaryFile;
use crate::value::Value;

/// What runs a script when nothing else is said.
const EXECUTE: [&str; 3] = ["/bin/sh", "-c", "{{.Vars}} {{.Script}}"];
/// How a variable is written when nothing else is said.
const VARIABLE: &str = "%s='%s' ";
/// Variables that a shell heeds, or sets, itself.
const READ_BY_SHELLS: [&str; 24] = [
    "_",
    "CDPATH",
    "COLUMNS",
    "ENV",
    "EUID",
    "FUNCNAME",
    "GROUPS",
    "HISTFILE",
    "IFS",
    "LANG",
    "LINENO",
    "LINES",
    "MAILPATH",
    "OLDPWD",
    "OPTARG",
    "OPTIND",
    "PATH",
    "POSIXLY_CORRECT",
    "PPID",
    "PS4",
    "PWD",
    "SHELLOPTS",
    "SHLVL",
    "UID",
];
/// How the names of variables start that a shell, or a library in it, heeds at its start.
const READ_BY_LIBRARIES: [&str; 7] = ["BASH", "DYLD_", "GCONV_", "GLIBC_", "LC_", "LD_", "MALLOC_"];
/// The systems that `only_on` may name.
const SYSTEMS: [&str; 6] = ["darwin", "freebsd", "linux", "openbsd", "solaris", "windows"];

crate::settings! {
    /// Settings of `shell-local`.
    pub struct Settings {
        /// One command; an older way to write an `inline` of one line.
        pub command: String,
        /// Lines of one script.
        pub inline: Vec<String>,
        /// A script file; it must be executable and say in its first line what runs it.
        pub script: String,
        /// Script files, run in order.
        pub scripts: Vec<String>,
        /// The program and its arguments that run a script; `{{ .Vars }}` are the assignments, `{{ .Script }}` is the
        /// script's path. Unset: `["/bin/sh", "-c", "{{.Vars}} {{.Script}}"]`.
        pub execute_command: Vec<LateText>,
        /// What stands behind `#!` in the first line of an inline script; `/bin/sh -e` when unset.
        pub inline_shebang: String,
        /// Variables for the script: `["NAME=value"]`.
        pub environment_vars: Vec<String>,
        /// Variables for the script; wins over `environment_vars`.
        pub env: BTreeMap<String, String>,
        /// How one variable is written in `{{ .Vars }}`: name and value take the place of the two `%s`.
        /// Unset: `%s='%s' `.
        pub env_var_format: String,
        /// Exit codes that count as success; `[0]` when unset.
        pub valid_exit_codes: Vec<i64>,
        /// Runs on these systems only: darwin, freebsd, linux, openbsd, solaris, windows.
        pub only_on: Vec<String>,
        /// How the name of the inline script's file ends: `.py`.
        pub tempfile_extension: String,
        /// For templates that run on Windows alone: an error elsewhere.
        pub use_linux_pathing: bool,
    }
}

/// Scripts that are ready to run.
pub struct LocalShell {
    settings: Settings,
}

impl LocalShell {
    /// Checks settings.
    ///
    /// # Errors
    /// All that is wrong with them (P-local-13).
    pub fn prepare(value: &Value, cx: &PrepareCx) -> Result<LocalShell, Problems> {
        let mut settings = Settings::decode(value, cx)?;
        let mut problems = Problems::default();
        let given = [
            !settings.command.is_empty(),
            !settings.inline.is_empty(),
            !settings.script.is_empty(),
            !settings.scripts.is_empty(),
        ];
        match given.into_iter().filter(|is_given| *is_given).count() {
            0 => problems.add("Command, Inline, Script and Scripts options cannot all be empty."),
            1 => {}
            _ => problems.add(
                "You may only specify one of the following options: Command, Inline, Script or Scripts. Please \
                 consolidate these options in your config.",
            ),
        }
        if settings.use_linux_pathing {
            let text = "use_linux_pathing turns the drives of Windows into folders such as /mnt/c, and no path here has a \
                        drive: leave it out.";
            problems.push(Problem::of("use_linux_pathing", text));
        }
        if !settings.command.is_empty() {
            settings.inline = vec![std::mem::take(&mut settings.command)];
        }
        if !settings.script.is_empty() {
            settings.scripts = vec![std::mem::take(&mut settings.script)];
        }
        shell::check_scripts(&cx.host, &settings.scripts, &mut problems);
        shell::check_variables(&settings.environment_vars, &mut problems);
        for name in settings.only_on.iter().filter(|name| !SYSTEMS.contains(&name.as_str())) {
            let names = SYSTEMS.join(", ");
            let text = format!("Invalid OS specified in only_on: '{name}'\nSupported OS names: {names}");
            problems.push(Problem::of("only_on", text));
        }
        if settings.use_linux_pathing && !settings.inline.is_empty() {
            let text = "Scripts for the Windows Subsystem for Linux must be files: use script or scripts, not inline or \
                        command, beside use_linux_pathing.";
            problems.push(Problem::of("use_linux_pathing", text));
        }
        if settings.inline_shebang.is_empty() {
            "/bin/sh -e".clone_into(&mut settings.inline_shebang);
        }
        if settings.env_var_format.is_empty() {
            VARIABLE.clone_into(&mut settings.env_var_format);
        }
        if settings.execute_command.is_empty() {
            settings.execute_command = EXECUTE.map(LateText::from).to_vec();
        }
        problems.or(LocalShell { settings })
    }

    /// Returns the same with a lone text as `execute_command` run by a shell (P-local-17).
    pub fn with_one_command_for_a_shell(mut self) -> LocalShell {
        let command = &mut self.settings.execute_command;
        if command.len() == 1 {
            command.splice(0..0, ["sh".into(), "-c".into()]);
        }
        self
    }

    /// Whether scripts are run as they are when nothing else is said.
    fn is_usual(&self) -> bool {
        let words = self.settings.execute_command.iter().map(|word| word.0.as_str());
        words.eq(EXECUTE) && self.settings.env_var_format == VARIABLE
    }

    /// Runs the scripts one after another until one fails.
    ///
    /// # Errors
    /// `Script exited with non-zero exit status: …`; `Error executing script: …` when it could not be started or was
    /// cut off.
    pub async fn run(&self, cx: &RunCx, data: &BuildData) -> Result<()> {
        let system = if cfg!(target_os = "macos") { "darwin" } else { std::env::consts::OS };
        if !self.settings.only_on.is_empty() && !self.settings.only_on.iter().any(|name| name == system) {
            cx.say("Skipping shell-local due to runtime OS");
            return Ok(());
        }
        if self.settings.inline.is_empty() {
            // Covers the processes of the scripts; nothing is made under this name.
            let _covered = cx.temporary_file("packer-shell", "");
            for script in &self.settings.scripts {
                let path = shortest_path(&cx.host.absolute(script).to_string_lossy());
                self.run_script(cx, data, script, Path::new(&path)).await?;
            }
            return Ok(());
        }
        let shebang = &self.settings.inline_shebang;
        let text = format!("#!{shebang}\n{}", shell::inline_text(cx, &self.settings.inline, data)?);
        let script = write_script(cx, &text, &self.settings.tempfile_extension)?;
        self.run_script(cx, data, &script.path().to_string_lossy(), script.path()).await
    }

    async fn run_script(&self, cx: &RunCx, data: &BuildData, name: &str, path: &Path) -> Result<()> {
        let mut variables = shell::variables(cx, data, &self.settings.environment_vars, &self.settings.env)?;
        let marks = local_process::marks(cx, &variables);
        let mut environment = if self.is_usual() { take_plain(&mut variables) } else { BTreeMap::new() };
        let assignments = shell::assignments(&variables, &self.settings.env_var_format);
        let path = path.to_string_lossy();
        let fields = shell::fields(data, &[("Vars", &assignments), ("Script", &path), ("Command", &path)]);
        let mut words = Vec::new();
        for word in &self.settings.execute_command {
            let word =
                shell::render(cx, &word.0, &fields).map_err(|reason| anyhow!("Error processing command: {reason}"))?;
            words.push(word);
        }
        // They would be part of the command, and rendered with it.
        for value in environment.values_mut().filter(|value| value.contains("{{")) {
            let rendered = shell::render(cx, value, &fields);
            *value = rendered.map_err(|reason| anyhow!("Error processing command: {reason}"))?;
        }
        cx.say(format!("Running local shell script: {name}"));
        let cut_off = || anyhow!("Error executing script: {path}\n\nPlease see output above for more information.");
        // The reason is not said: what stands above is all that scripts which read this text expect.
        let process = local_process::start(cx, &words, environment, marks).map_err(|_| cut_off())?;
        let status = process.watch(cx).await.ok_or_else(cut_off)?;
        shell::check_exit_code(platform::exit_code(status), &self.settings.valid_exit_codes)
    }
}

/// Takes the variables out that a shell passes on from its environment just as it does from an assignment in front of
/// the script. What stays behind would do something to that shell, or is no name to it.
///
/// Everybody on this machine can read a command, and nobody else the environment.
fn take_plain(variables: &mut BTreeMap<String, String>) -> BTreeMap<String, String> {
    let is_plain = |name: &str| {
        let is_name = name.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '_')
            && !name.starts_with(|letter: char| letter.is_ascii_digit());
        is_name && !READ_BY_SHELLS.contains(&name) && !READ_BY_LIBRARIES.iter().any(|start| name.starts_with(start))
    };
    let (plain, rest) = std::mem::take(variables).into_iter().partition(|(name, _)| is_plain(name));
    *variables = rest;
    plain
}

/// Makes an inline script a file.
fn write_script(cx: &RunCx, text: &str, extension: &str) -> Result<TemporaryFile> {
    let dot = if extension.is_empty() || extension.starts_with('.') { "" } else { "." };
    let script = cx.temporary_file("packer-shell", &format!("{dot}{extension}"));
    let failed = |action: &str, error: &io::Error| {
        anyhow!("cannot write the inline script: {}", explain(action, script.path(), error))
    };
    let _nothing_starts = local_process::hold_starts();
    let opened = platform::with_mode(OpenOptions::new().write(true).create_new(true), 0o700).open(script.path());
    let mut file = opened.map_err(|error| failed("open", &error))?;
    file.write_all(text.as_bytes()).map_err(|error| failed("write", &error))?;
    Ok(script)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::component::fake;
    use crate::value::Type;

    fn texts(items: &[&str]) -> Value {
        Value::list(Type::String, items.iter().map(|item| Value::from(*item)))
    }

    fn prepare(folder: &Path, members: &[(&str, Value)]) -> Result<LocalShell, Vec<String>> {
        let value = Value::object(members.iter().map(|(name, value)| ((*name).into(), value.clone())));
        LocalShell::prepare(&value, &fake::prepare_cx(folder))
            .map_err(|problems| problems.0.into_iter().map(|problem| problem.detail).collect())
    }

    /// Runs a script, and returns how it ended and what it said behind its name.
    async fn run(members: &[(&str, Value)]) -> (Result<()>, Vec<String>) {
        let folder = tempfile::tempdir().unwrap();
        let (cx, said) = fake::run_cx(folder.path());
        let shell = prepare(folder.path(), members).unwrap_or_else(|problems| panic!("{problems:?}"));
        let result = shell.run(&cx, &BuildData::from([("ID".into(), "7".into())])).await;
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "the script is gone");
        let mut lines = said.lines().into_iter().map(|line| line.replace("==> fake.n: ", ""));
        assert!(lines.next().unwrap().starts_with("Running local shell script: /"));
        (result, lines.collect())
    }

    #[tokio::test]
    async fn inline_lines_are_one_script_that_stops_at_the_first_failure() {
        // P-local-2, P-local-4, P-local-11
        let lines = texts(&["X=5", "echo $X $PACKER_BUILD_NAME $OUTER", "stat -c %a $0 >&2", "false", "echo no"]);
        let (result, out) = run(&[("inline", lines)]).await;
        assert_eq!(out, ["5 n from outside", "700"]);
        let text = "Script exited with non-zero exit status: 1. Allowed exit codes are: [0]";
        assert_eq!(result.unwrap_err().to_string(), text);
    }

    #[tokio::test]
    async fn no_value_is_seen_in_the_list_of_processes() {
        // P-local-3: the usual command is the same to the script.
        let env = Value::map(Type::String, [("SECRET".into(), "it's\n 1=2 é".into()), ("a.b".into(), "x".into())]);
        let inline =
            texts(&["tr '\\0' ' ' < /proc/$PPID/cmdline | sed 's:/[^ ]*/packer.*:PATH:'; echo", "echo \"$SECRET\""]);
        let plain =
            Value::map(Type::String, [("SECRET".into(), "it's\n 1=2 é".into()), ("PATH".into(), "/bin".into())]);
        let (result, out) = run(&[("inline", inline.clone()), ("env", plain)]).await;
        result.unwrap();
        assert_eq!(out, ["/bin/sh -c PATH='/bin'  PATH", "it's", " 1=2 é"]);
        let (result, _) = run(&[("inline", inline), ("env", env)]).await;
        let text = "Script exited with non-zero exit status: 127. Allowed exit codes are: [0]";
        assert_eq!(result.unwrap_err().to_string(), text);
    }

    #[tokio::test]
    async fn execute_command_is_a_list_of_words_with_build_data() {
        // P-local-3
        let words = texts(&["sh", "-c", "echo \"$0\" \"$1\"", "{{.ID}}", "a b; {{.Vars}}"]);
        let (result, out) = run(&[("inline", texts(&["true"])), ("execute_command", words)]).await;
        result.unwrap();
        assert_eq!(out, ["7 a b; PACKER_BUILDER_TYPE='fake' PACKER_BUILD_NAME='n'"]);
    }

    #[tokio::test]
    async fn inline_lines_are_rendered_until_they_no_longer_change() {
        // HCL-98: once when prepared, and again when run.
        let (result, out) = run(&[("inline", texts(&["echo '{{ `{{` }} .Names }}' {{ `{{` }} .ID }}"]))]).await;
        result.unwrap();
        assert_eq!(out, ["<no value> 7"]);
        let folder = tempfile::tempdir().unwrap();
        let shell = prepare(folder.path(), &[("inline", texts(&["true", "{{ `{{` }} x"]))]).unwrap();
        let error = shell.run(&fake::run_cx(folder.path()).0, &BuildData::default()).await.unwrap_err();
        assert_eq!(error.to_string(), "template: root:1: function \"x\" not defined");
    }

    #[tokio::test]
    async fn a_program_that_is_not_there_and_a_signal_are_failures() {
        // P-local-12
        let (result, _) = run(&[("inline", texts(&["true"])), ("execute_command", texts(&["/no/such"]))]).await;
        let text = result.unwrap_err().to_string();
        assert!(text.starts_with("Error executing script: /"), "{text}");
        assert!(text.ends_with("\n\nPlease see output above for more information."), "{text}");
        let (result, _) = run(&[("command", "kill -9 $$".into())]).await;
        assert!(result.unwrap_err().to_string().contains("status: 137."));
    }

    #[tokio::test]
    async fn a_cancelled_script_goes_with_all_that_it_has_started() {
        let folder = tempfile::tempdir().unwrap();
        let (cx, _) = fake::run_cx(folder.path());
        let shell = prepare(folder.path(), &[("inline", texts(&["sleep 60 &", "touch began", "wait"]))]).unwrap();
        let cancel = async {
            while !folder.path().join("began").exists() {
                tokio::task::yield_now().await;
            }
            cx.cancel.cancel();
        };
        let data = BuildData::default();
        let (result, ()) = tokio::join!(shell.run(&cx, &data), cancel);
        assert!(result.unwrap_err().to_string().starts_with("Error executing script: "));
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn exactly_one_sort_of_script_is_needed() {
        // P-local-13
        let folder = Path::new("/");
        let problems = |members: &[(&str, Value)]| prepare(folder, members).err().unwrap_or_default();
        assert_eq!(problems(&[]), ["Command, Inline, Script and Scripts options cannot all be empty."]);
        let both = problems(&[("inline", texts(&["x"])), ("scripts", texts(&["no/such.sh"]))]);
        assert!(both[0].starts_with("You may only specify one of the following options"));
        assert_eq!(both[1], "Bad script 'no/such.sh': stat no/such.sh: no such file or directory");
        let odd = problems(&[("command", "x".into()), ("only_on", texts(&["beos"]))]);
        assert!(odd[0].starts_with("Invalid OS specified in only_on: 'beos'\nSupported OS names: darwin, "));
    }
}
