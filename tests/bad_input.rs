//! Hostile and broken templates: each ends with a word about it, soon and in little memory, and never in a crash.
//!
//! Bounds are processor time and memory of the program alone, so that a busy machine does not matter. A build without
//! optimisation may take ten times as long; `PACKER=FILE` checks another program, and strictly: a release build.

use std::process::Stdio;
use std::time::Duration;

use crate::support::sandbox::{PACKER, Sandbox};

mod deep;
mod large;
mod layout;
mod legacy;
mod paths;
mod values;

/// Seconds of processor time that one case may take in a release build.
const SECONDS: f64 = 1.0;
/// KiB of memory that one case may have for data.
const MEMORY: u32 = 256 << 10;
/// Bytes that one case may print.
const OUTPUT: usize = 4 << 20;

/// One template, and what is to be said about it.
struct Case {
    name: &'static str,
    /// Name of the file, which stands for its format.
    file: &'static str,
    text: String,
    words: &'static [&'static str],
    /// Part of the output; an empty one says that the template is fine.
    says: &'static str,
}

impl Case {
    /// A native template that is to be refused by `validate`, with `says` among what is said.
    fn hcl(name: &'static str, text: impl Into<String>, says: &'static str) -> Case {
        Case { name, file: "t.pkr.hcl", text: text.into(), words: &["validate", "t.pkr.hcl"], says }
    }

    /// The same in JSON.
    fn json(name: &'static str, text: impl Into<String>, says: &'static str) -> Case {
        Case { name, file: "t.pkr.json", text: text.into(), words: &["validate", "t.pkr.json"], says }
    }

    /// An expression that is to be refused, as the value of a local.
    fn local(name: &'static str, expression: impl std::fmt::Display, says: &'static str) -> Case {
        Case::hcl(name, format!("locals {{\n  x = {expression}\n}}\n{BUILD}"), says)
    }
}

/// What makes a template whole.
const BUILD: &str = "source \"null\" \"n\" {\n  communicator = \"none\"\n}\nbuild {\n  sources = [\"null.n\"]\n}\n";

/// Runs all `cases`, and tells of those that fail.
fn check(cases: Vec<Case>) {
    let wanted = std::env::var("CASE").unwrap_or_default();
    let mut report = String::new();
    for case in cases.into_iter().filter(|case| case.name.contains(&wanted)) {
        let sandbox = Sandbox::new().file(case.file, &case.text);
        if let Err(reason) = run(&sandbox, case.words, case.says) {
            report += &format!("{}: {reason}\n", case.name);
        }
    }
    assert!(report.is_empty(), "\n{report}");
}

/// Runs the program in `sandbox` within the bounds.
fn run(sandbox: &Sandbox, words: &[&str], says: &str) -> Result<(), String> {
    let other = std::env::var("PACKER").ok();
    let strict = is_strict();
    let most = if strict { SECONDS } else { SECONDS * 10.0 };
    // The shell sets the bounds, and tells what the program took; what would never end is ended after twice its time.
    let script = format!("ulimit -d {MEMORY}; ulimit -t {:.0}; \"$@\"; code=$?; times >&2; exit $code", most * 2.0);
    let like = sandbox.packer([]);
    let mut command = std::process::Command::new("sh");
    command.args(["-c", &script, "sh", other.as_deref().unwrap_or(PACKER)]).args(words);
    command.current_dir(sandbox.work()).stdin(Stdio::null()).env_clear();
    command.envs(like.get_envs().filter_map(|(name, value)| value.map(|value| (name, value))));
    let ran = command.output().expect("a shell starts");
    let (stdout, stderr) = (String::from_utf8_lossy(&ran.stdout), String::from_utf8_lossy(&ran.stderr));
    let last = stderr.lines().last().unwrap_or_default();
    let took: Duration = last.split(' ').filter_map(seconds).sum();
    let start = |text: &str| text.chars().take(300).collect::<String>();
    if stderr.lines().count() != 2 {
        return Err(format!("standard error has {:?} after {took:?}", start(&stderr)));
    }
    let code = if says.is_empty() { 0 } else { 1 };
    if ran.status.code() != Some(code) || !stdout.contains(says) {
        return Err(format!("{}, without {says:?}: {:?}", ran.status, start(&stdout)));
    }
    if stdout.len() > OUTPUT {
        return Err(format!("{} bytes were printed: {:?}", stdout.len(), start(&stdout)));
    }
    if took.as_secs_f64() > most { Err(format!("took {took:?}")) } else { Ok(()) }
}

/// Whether the program is a release build.
fn is_strict() -> bool {
    std::env::var_os("PACKER").is_some() || !cfg!(debug_assertions)
}

/// Reads `0m1.25s`.
fn seconds(text: &str) -> Option<Duration> {
    let (minutes, seconds) = text.strip_suffix('s')?.split_once('m')?;
    Some(Duration::from_secs(minutes.parse::<u64>().ok()? * 60) + Duration::from_secs_f64(seconds.parse().ok()?))
}
