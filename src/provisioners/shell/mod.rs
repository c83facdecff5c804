//! `shell`: uploads scripts to the machine and runs them there.
//!
//! Knows no connection; what a script is and how its variables are written is `component::shell`'s.

mod run;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use anyhow::anyhow;
use async_trait::async_trait;

use super::Kind;
use crate::component::config::{LateText, Settings as _};
use crate::component::{
    BuildData, Communicator, PrepareCx, Prepared, Problems, Provisioner, Result, RunCx, duration, shell,
};
use crate::host::explain;
use crate::value::Value;
use run::Run;

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
            let line =
                shell::render(cx, execute, &fields).map_err(|reason| anyhow!("Error processing command: {reason}"))?;
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

#[cfg(test)]
mod tests;
