//! `shell`: uploads scripts to the machine and runs them there.
//!
//! Knows no connection; what a script is and how its variables are written is `component::shell`'s.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{anyhow, bail};
use async_trait::async_trait;

use super::Kind;
use crate::component::config::{LateText, Settings as _};
use crate::component::lines::Lines;
use crate::component::{
    BuildData, Command, Communicator, Exit, NotSupported, PrepareCx, Prepared, Problems, Provisioner, Result, RunCx,
    Upload, duration, shell,
};
use crate::host::explain;
use crate::value::Value;

/// The provisioner `shell`.
pub const KIND: Kind = Kind {
    name: "shell",
    about: "Uploads scripts to the machine and runs them there.",
    plugin: None,
    schema: Config::schema,
    prepare,
};

/// How long to wait between two attempts to start something.
const RETRY_PAUSE: Duration = Duration::from_secs(2);
/// How a script is run, and how with a file of variables.
const EXECUTE: [&str; 2] =
    ["chmod +x {{.Path}}; {{.Vars}} {{.Path}}", "chmod +x {{.Path}}; . {{.EnvVarFile}} && {{.Path}}"];
/// How a variable is written, and how in a file of variables.
const VARIABLE: [&str; 2] = ["%s='%s' ", "export %s='%s'\n"];

crate::settings! {
    /// Settings of the `shell` provisioner.
    struct Config {
        /// Lines of one script.
        inline: Vec<String>,
        /// A script file.
        script: String,
        /// Script files, run in order.
        scripts: Vec<String>,
        /// Exit codes that count as success; `[0]` when unset.
        valid_exit_codes: Vec<i64>,
        /// Variables for the script: `["NAME=value"]`.
        environment_vars: Vec<String>,
        /// Variables for the script; wins over `environment_vars`.
        env: BTreeMap<String, String>,
        /// How one variable is written: name and value take the place of the two `%s`. Unset: `%s='%s' `, and in a
        /// file `export %s='%s'`.
        env_var_format: String,
        /// Uploads the script as it is; otherwise line ends become those of Unix.
        binary: bool,
        /// Where the script is put on the machine; wins over `remote_folder` and `remote_file`.
        remote_path: String,
        /// Folder on the machine; `/tmp` when unset.
        remote_folder: String,
        /// Name of the script on the machine; `script_` and a number when unset.
        remote_file: String,
        /// How the script is run. `{{ .Path }}` is the script, `{{ .Vars }}` the assignments, `{{ .EnvVarFile }}` the file
        /// of variables. Unset: `chmod +x {{.Path}}; {{.Vars}} {{.Path}}`.
        execute_command: LateText,
        /// What stands behind `#!` in the first line of an inline script; `/bin/sh -e` when unset.
        inline_shebang: String,
        /// Puts the variables in a file that the script's shell reads.
        use_env_var_file: bool,
        /// How long to try to start the script; 5 minutes when unset.
        start_retry_timeout: Duration,
        /// Waits this long after the last script.
        pause_after: Duration,
        /// Leaves the script on the machine.
        skip_clean: bool,
        /// The machine may break the connection while a script runs, as when it restarts.
        expect_disconnect: bool,
    }
}

fn prepare(settings: &Value, cx: &PrepareCx) -> Result<Prepared<dyn Provisioner>, Problems> {
    let mut config = Config::decode(settings, cx)?;
    let mut problems = Problems::default();
    if !config.script.is_empty() && !config.scripts.is_empty() {
        problems.add("Only one of script or scripts can be specified.");
    }
    if !config.script.is_empty() {
        config.scripts = vec![std::mem::take(&mut config.script)];
    }
    match (config.scripts.is_empty(), config.inline.is_empty()) {
        (true, true) => problems.add("Either a script file or inline script must be specified."),
        (false, false) => problems.add("Only a script file or an inline script can be specified, not both."),
        _ => {}
    }
    shell::check_scripts(&cx.host, &config.scripts, &mut problems);
    shell::check_variables(&config.environment_vars, &mut problems);
    config.fill(cx);
    problems.or(Prepared { component: Box::new(Shell { config, pause: RETRY_PAUSE }), warnings: Vec::new() })
}

impl Config {
    fn fill(&mut self, cx: &PrepareCx) {
        let or = |text: &mut String, usual: &str| {
            if text.is_empty() {
                usual.clone_into(text);
            }
        };
        let with_file = usize::from(self.use_env_var_file);
        or(&mut self.execute_command.0, EXECUTE[with_file]);
        or(&mut self.env_var_format, VARIABLE[with_file]);
        or(&mut self.remote_folder, "/tmp");
        or(&mut self.remote_file, &format!("script_{}.sh", cx.host.random_number()));
        let path = format!("{}/{}", self.remote_folder, self.remote_file);
        or(&mut self.remote_path, &path);
        if self.start_retry_timeout.is_zero() {
            self.start_retry_timeout = Duration::from_secs(300);
        }
    }
}

struct Shell {
    config: Config,
    pause: Duration,
}

#[async_trait]
impl Provisioner for Shell {
    async fn provision(&self, cx: &RunCx, machine: &Arc<dyn Communicator>, data: &BuildData) -> Result<()> {
        let run = Run { cx, machine: machine.as_ref(), config: &self.config, pause: self.pause };
        let variables = shell::variables(cx, data, &self.config.environment_vars, &self.config.env)?;
        let assignments = shell::assignments(&variables, &self.config.env_var_format);
        let mut variables_file = String::new();
        if self.config.use_env_var_file {
            variables_file = format!("{}/varfile_{}.sh", self.config.remote_folder, cx.host.random_number());
            run.upload_variables(&variables_file, &assignments).await?;
        }
        let path = &self.config.remote_path;
        let fields = shell::fields(data, &[("Vars", &assignments), ("Path", path), ("EnvVarFile", &variables_file)]);
        let execute = &self.config.execute_command.0;
        for script in self.scripts(cx, data)? {
            cx.say(format!("Provisioning with shell script: {}", script.name(cx)));
            let bytes = script.bytes(cx, self.config.binary).await?;
            let line = shell::render(cx, execute, &fields)
                .map_err(|reason| anyhow!("cannot render execute_command, {execute:?}: {reason}"))?;
            run.execute(&bytes, line).await?;
            if !self.config.skip_clean {
                run.remove(path).await?;
            }
        }
        if !self.config.skip_clean {
            // Sent without a file as well, then with nothing to remove (P-shell-26).
            run.remove(&variables_file).await?;
        }
        if !self.config.pause_after.is_zero() {
            cx.say(format!("Pausing {} after this provisioner...", duration::compact(self.config.pause_after)));
            run.wait(self.config.pause_after).await?;
        }
        Ok(())
    }
}

/// One script, before it is uploaded.
enum Script<'a> {
    /// A file, as the template names it.
    File(&'a str),
    /// Text with its first line, under the number that its file would have; none is made.
    Inline(String, u64),
}

impl Script<'_> {
    fn name(&self, cx: &RunCx) -> String {
        match self {
            Script::File(path) => (*path).to_owned(),
            Script::Inline(_, number) => cx.host.temp_dir().join(format!("packer-shell{number}")).display().to_string(),
        }
    }

    async fn bytes(&self, cx: &RunCx, binary: bool) -> Result<Vec<u8>> {
        let bytes = match self {
            Script::File(path) => tokio::fs::read(cx.host.absolute(path))
                .await
                .map_err(|error| anyhow!("Error opening shell script: {}", explain("open", path, &error)))?,
            Script::Inline(text, _) => text.as_bytes().to_vec(),
        };
        Ok(if binary { bytes } else { unix_line_ends(bytes) })
    }
}

/// Takes away every carriage return in front of a line end (P-shell-22).
fn unix_line_ends(mut bytes: Vec<u8>) -> Vec<u8> {
    let mut kept = 0;
    for index in 0..bytes.len() {
        if bytes[index] == b'\r' && bytes.get(index + 1) == Some(&b'\n') {
            continue;
        }
        bytes[kept] = bytes[index];
        kept += 1;
    }
    bytes.truncate(kept);
    bytes
}

impl Shell {
    fn scripts(&self, cx: &RunCx, data: &BuildData) -> Result<Vec<Script<'_>>> {
        if self.config.inline.is_empty() {
            return Ok(self.config.scripts.iter().map(|path| Script::File(path)).collect());
        }
        let text = shell::inline_text(cx, &self.config.inline, data)?;
        let text = match self.config.inline_shebang.as_str() {
            // A first line that names its interpreter is left alone unless the user asks for another (P-shell-20).
            "" if text.starts_with("#!") => text,
            "" => format!("#!/bin/sh -e\n{text}"),
            shebang => format!("#!{shebang}\n{text}"),
        };
        Ok(vec![Script::Inline(text, cx.host.random_number())])
    }
}

/// What the parts of one run need.
struct Run<'a> {
    cx: &'a RunCx,
    machine: &'a dyn Communicator,
    config: &'a Config,
    pause: Duration,
}

impl Run<'_> {
    async fn upload_variables(&self, path: &str, assignments: &str) -> Result<()> {
        let started = Instant::now();
        while let Err(error) = self.try_upload_variables(path, assignments).await {
            self.again_or(started, error).await?;
        }
        Ok(())
    }

    async fn try_upload_variables(&self, path: &str, assignments: &str) -> Result<()> {
        self.upload(path, assignments.as_bytes(), Some(0o600))
            .await
            .map_err(|error| worded("Error uploading envVarFile", error))?;
        if !self.machine.sets_modes() {
            self.quietly(format!("chmod 0600 {path}"))
                .await
                .map_err(|error| worded("Error chmodding script file to 0600 in remote machine", error))?;
        }
        Ok(())
    }

    /// Runs one script; only failures to start it are tried again (P-shell-23).
    async fn execute(&self, script: &[u8], line: String) -> Result<()> {
        let started = Instant::now();
        let exit = loop {
            match self.try_execute(script, &line).await {
                Ok(exit) => break exit,
                Err(error) => self.again_or(started, error).await?,
            }
        };
        if self.cx.cancel.is_cancelled() {
            bail!("context canceled");
        }
        match exit {
            Exit::Code(code) => shell::check_exit_code(code, &self.config.valid_exit_codes),
            Exit::Disconnected if self.config.expect_disconnect => Ok(()),
            Exit::Disconnected => bail!(
                "Script disconnected unexpectedly. If the machine was to break the connection, as when it restarts, set \
                 expect_disconnect = true in this provisioner"
            ),
        }
    }

    async fn try_execute(&self, script: &[u8], line: &str) -> Result<Exit> {
        let path = &self.config.remote_path;
        let mode = self.machine.sets_modes().then_some(0o755);
        self.upload(path, script, mode).await.map_err(|error| worded("Error uploading script", error))?;
        if mode.is_none() {
            // How this ends does not matter: the script says itself when it cannot be run.
            self.quietly(format!("chmod 0755 {path}"))
                .await
                .map_err(|error| worded("Error chmodding script file to 0755 in remote machine", error))?;
        }
        let (mut output, mut errors) = (Lines::output(self.cx), Lines::errors(self.cx));
        self.machine.run(self.cx, Command { line: line.to_owned() }, &mut output, &mut errors).await
    }

    /// Removes a file from the machine. A machine that restarts is waited for.
    async fn remove(&self, path: &str) -> Result<()> {
        let started = Instant::now();
        loop {
            match self.quietly(format!("rm -f {path}")).await {
                Ok(Exit::Code(0)) => return Ok(()),
                Ok(Exit::Code(_)) => bail!("Error removing temporary script at {path}!"),
                Ok(Exit::Disconnected) => {
                    self.again_or(started, anyhow!("Disconnect while removing temporary script.")).await?;
                }
                Err(error) => {
                    let what = format!("Error removing temporary script at {path}");
                    self.again_or(started, worded(&what, error)).await?;
                }
            }
        }
    }

    async fn upload(&self, path: &str, mut bytes: &[u8], mode: Option<u32>) -> Result<()> {
        let size = bytes.len() as u64;
        self.machine.upload(self.cx, path, Upload { source: &mut bytes, size, mode, modified: None }).await
    }

    async fn quietly(&self, line: String) -> Result<Exit> {
        self.machine.run(self.cx, Command { line }, &mut tokio::io::sink(), &mut tokio::io::sink()).await
    }

    /// Waits before the next attempt, or gives up with `error`: when time is up, and when it would never help.
    async fn again_or(&self, started: Instant, error: anyhow::Error) -> Result<()> {
        if self.cx.cancel.is_cancelled() {
            bail!("context canceled");
        }
        if error.is::<NotSupported>() || started.elapsed() > self.config.start_retry_timeout {
            return Err(error);
        }
        self.wait(self.pause).await
    }

    async fn wait(&self, length: Duration) -> Result<()> {
        tokio::select! {
            () = tokio::time::sleep(length) => Ok(()),
            () = self.cx.cancel.cancelled() => bail!("context canceled"),
        }
    }
}

/// Puts `what` in front of an error; one that can never change stays one.
fn worded(what: &str, error: anyhow::Error) -> anyhow::Error {
    let text = format!("{what}: {error:#}");
    if error.is::<NotSupported>() { NotSupported(text).into() } else { anyhow!(text) }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::component::fake::{self, Answer, Machine};
    use crate::value::Type;

    fn texts(items: &[&str]) -> Value {
        Value::list(Type::String, items.iter().map(|item| Value::from(*item)))
    }

    fn decode(folder: &Path, members: &[(&str, Value)]) -> Config {
        let value = Value::object(members.iter().map(|(name, value)| ((*name).into(), value.clone())));
        let cx = fake::prepare_cx(folder);
        let mut config = Config::decode(&value, &cx).unwrap_or_else(|problems| panic!("{problems:?}"));
        config.fill(&cx);
        config
    }

    async fn run(folder: &Path, machine: &Arc<Machine>, members: &[(&str, Value)]) -> Result<()> {
        run_and_listen(folder, machine, members).await.0
    }

    async fn run_and_listen(
        folder: &Path,
        machine: &Arc<Machine>,
        members: &[(&str, Value)],
    ) -> (Result<()>, Vec<String>) {
        let shell = Shell { config: decode(folder, members), pause: Duration::ZERO };
        let machine: Arc<dyn Communicator> = Arc::clone(machine) as _;
        let (cx, said) = fake::run_cx(folder);
        (shell.provision(&cx, &machine, &BuildData::default()).await, said.lines())
    }

    fn inline(lines: &[&str]) -> [(&'static str, Value); 2] {
        [("inline", texts(lines)), ("remote_path", "/opt/s".into())]
    }

    const RUN: &str = "run chmod +x /opt/s; PACKER_BUILDER_TYPE='fake' PACKER_BUILD_NAME='n'  /opt/s";

    #[tokio::test]
    async fn a_script_is_uploaded_run_and_removed() {
        // P-shell-12, P-shell-23, P-shell-26
        let machine = Machine::answering([]);
        run(Path::new("/"), &machine, &inline(&["a", "b"])).await.unwrap();
        let asked = ["upload /opt/s -", "run chmod 0755 /opt/s", RUN, "run rm -f /opt/s", "run rm -f "];
        assert_eq!(machine.asked(), asked);
        assert_eq!(machine.uploads.lock().unwrap()[0], b"#!/bin/sh -e\na\nb\n");
    }

    #[tokio::test]
    async fn a_script_is_named_before_its_output_and_pauses_after_it() {
        // P-shell-16, P-shell-19
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("a.sh"), "").unwrap();
        let machine = Machine::answering([Answer::Exits(Exit::Code(0)), Answer::Prints("one\ntwo")]);
        let settings = [("scripts", texts(&["a.sh"])), ("pause_after", "1ms".into())];
        let (result, said) = run_and_listen(folder.path(), &machine, &settings).await;
        result.unwrap();
        let lines = ["Provisioning with shell script: a.sh", "one", "two", "Pausing 1ms after this provisioner..."];
        assert_eq!(said, lines.map(|line| format!("==> fake.n: {line}")));
    }

    #[tokio::test]
    async fn variables_may_travel_in_a_file() {
        // P-shell-14, P-shell-27
        let machine = Machine::answering([]);
        let more =
            [("use_env_var_file", true.into()), ("env", Value::map(Type::String, [("A".into(), "it's".into())]))];
        run(Path::new("/"), &machine, &[inline(&["x"]).as_slice(), &more].concat()).await.unwrap();
        let asked = machine.asked();
        let file = asked[0].strip_prefix("upload ").unwrap().strip_suffix(" 600").unwrap();
        assert!(file.starts_with("/tmp/varfile_") && file.ends_with(".sh"), "{file}");
        assert_eq!(asked[1], format!("run chmod 0600 {file}"));
        assert_eq!(asked[4], format!("run chmod +x /opt/s; . {file} && /opt/s"));
        assert_eq!(asked[6], format!("run rm -f {file}"));
        let text = String::from_utf8(machine.uploads.lock().unwrap()[0].clone()).unwrap();
        assert_eq!(text.lines().next(), Some(r#"export A='it'"'"'s'"#));
    }

    #[tokio::test]
    async fn a_failed_start_is_tried_again_and_a_bad_exit_is_not() {
        // P-shell-23, P-shell-24
        let ok = || Answer::Exits(Exit::Code(0));
        let machine = Machine::answering([ok(), Answer::Fails("no session"), ok(), Answer::Exits(Exit::Code(7))]);
        machine.upload_errors.lock().unwrap().push_back(anyhow!("no room"));
        let error = run(Path::new("/"), &machine, &inline(&["x"])).await.unwrap_err();
        let text = "Script exited with non-zero exit status: 7. Allowed exit codes are: [0]";
        assert_eq!(error.to_string(), text);
        assert_eq!(machine.asked().iter().filter(|line| line.starts_with("upload")).count(), 3);
        assert_eq!(machine.asked().last().unwrap(), RUN);
    }

    #[tokio::test]
    async fn what_can_never_work_is_not_tried_again() {
        // C-none-2
        let machine = Machine::answering([]);
        machine.upload_errors.lock().unwrap().push_back(NotSupported("no uploads".to_owned()).into());
        let error = run(Path::new("/"), &machine, &inline(&["x"])).await.unwrap_err();
        assert_eq!(error.to_string(), "Error uploading script: no uploads");
        assert_eq!(machine.asked().len(), 1);
    }

    #[tokio::test]
    async fn only_an_expected_disconnect_is_fine() {
        // P-shell-18, P-shell-25
        let gone = || Machine::answering([Answer::Exits(Exit::Code(0)), Answer::Exits(Exit::Disconnected)]);
        let codes = Value::list(Type::Number, [0.into(), 2_300_218.into()]);
        let machine = gone();
        let more = ("valid_exit_codes", codes);
        let error = run(Path::new("/"), &machine, &[inline(&["x"]).as_slice(), &[more]].concat()).await.unwrap_err();
        assert!(error.to_string().starts_with("Script disconnected unexpectedly. "));
        let more = ("expect_disconnect", true.into());
        run(Path::new("/"), &gone(), &[inline(&["x"]).as_slice(), &[more]].concat()).await.unwrap();
    }

    #[tokio::test]
    async fn line_ends_become_those_of_unix_unless_binary() {
        // P-shell-22
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("dos.sh"), "a\r\nb\rc\r\n\r\n").unwrap();
        for (binary, bytes) in [(false, "a\nb\rc\n\n"), (true, "a\r\nb\rc\r\n\r\n")] {
            let machine = Machine::answering([]);
            let settings = [("scripts", texts(&["dos.sh"])), ("binary", binary.into())];
            run(folder.path(), &machine, &settings).await.unwrap();
            assert_eq!(machine.uploads.lock().unwrap()[0], bytes.as_bytes());
        }
    }

    #[test]
    fn mistakes_are_told_at_once() {
        // P-shell-29
        let problems = |members: &[(&str, Value)]| {
            let value = Value::object(members.iter().map(|(name, value)| ((*name).into(), value.clone())));
            let problems = prepare(&value, &fake::prepare_cx(Path::new("/"))).err().unwrap_or_default();
            problems.0.into_iter().map(|problem| problem.detail).collect::<Vec<_>>()
        };
        assert_eq!(problems(&[]), ["Either a script file or inline script must be specified."]);
        let all = [("inline", texts(&["x"])), ("script", "no/a".into()), ("scripts", texts(&["no/b"]))];
        assert_eq!(
            problems(&all),
            [
                "Only one of script or scripts can be specified.",
                "Only a script file or an inline script can be specified, not both.",
                "Bad script 'no/a': stat no/a: no such file or directory",
            ]
        );
    }
}
