//! Asks a binary what it is: `BINARY describe` answers with one JSON object.
//!
//! The binary may be anything: it has a bounded time, and what it writes is read up to a limit.

use std::fmt;
use std::path::Path;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, anyhow, bail, ensure};
use serde::{Deserialize, Deserializer};
use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::process::{Child, Command};

use crate::component::hold_starts;
use crate::host::{Host, explain, platform};

/// How long a plugin may take to describe itself.
pub const PATIENCE: Duration = Duration::from_secs(30);
/// How long a description may be, in bytes.
const LONGEST: u64 = 1 << 20;
/// How much of what it complains is kept, in bytes.
const LAST_WORDS: usize = 8 << 10;
/// How long what it complained is read on once it has ended.
const HEARD_OUT: Duration = Duration::from_secs(1);
/// How many lines of that are shown, and how many letters of each.
const SHOWN: (usize, usize) = (5, 200);

/// What a plugin says of itself.
///
/// # Source
/// INI-13.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Description {
    /// Its version: `1.2.3`, `1.2.3-dev`.
    pub version: String,
    /// The interface it speaks: `x5.0`.
    pub api_version: String,
    /// Its builders.
    #[serde(deserialize_with = "null_is_empty")]
    pub builders: Vec<String>,
    /// Its provisioners.
    #[serde(deserialize_with = "null_is_empty")]
    pub provisioners: Vec<String>,
    /// Its post-processors.
    #[serde(deserialize_with = "null_is_empty")]
    pub post_processors: Vec<String>,
    /// Its data sources.
    #[serde(deserialize_with = "null_is_empty")]
    pub datasources: Vec<String>,
}

fn null_is_empty<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<String>, D::Error> {
    Ok(Option::deserialize(from)?.unwrap_or_default())
}

/// A binary has not said in time what it is.
#[derive(Debug)]
pub struct Hangs(String);

impl fmt::Display for Hangs {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

impl std::error::Error for Hangs {}

/// Returns what `binary` says of itself within `patience`. Dropping the future ends the binary.
///
/// # Errors
/// When it cannot be started, does not end in time ([`Hangs`]), fails, or answers something else; with its last words.
pub async fn describe(binary: &Path, host: &Host, patience: Duration) -> Result<Description> {
    let mut child = start(binary, host)?;
    let (Some(stdout), Some(mut stderr)) = (child.stdout.take(), child.stderr.take()) else {
        bail!("cannot read what it says");
    };
    let mut end = EndWithAll::of(&child);
    let (mut said, mut complained) = (Vec::new(), Vec::new());
    let talk = async {
        // One that goes on for ever is not waited for.
        let answer = async {
            stdout.take(LONGEST + 1).read_to_end(&mut said).await?;
            if said.len() as u64 > LONGEST { Ok(None) } else { child.wait().await.map(Some) }
        };
        let complaints = keep_end(&mut stderr, &mut complained);
        tokio::pin!(answer, complaints);
        let mut is_heard = false;
        let ended = loop {
            tokio::select! {
                ended = &mut answer => break ended,
                () = &mut complaints, if !is_heard => is_heard = true,
            }
        };
        if !is_heard && matches!(ended, Ok(Some(_))) {
            // What it has left running may hold its outputs open.
            let _ = tokio::time::timeout(HEARD_OUT, complaints).await;
        }
        ended
    };
    let ended = tokio::time::timeout(patience, talk).await;
    if matches!(ended, Ok(Ok(Some(_)))) {
        end.is_over();
    }
    drop(end);
    let failed = |what: String| anyhow!("{what}{}", last_words(&complained));
    match ended {
        Err(_) => {
            let text = format!("it did not answer within {} seconds", patience.as_secs_f32());
            Err(Hangs(text + &last_words(&complained)).into())
        }
        Ok(Err(error)) => Err(failed(format!("cannot read what it says: {error}"))),
        Ok(Ok(None)) => Err(failed(format!("its answer is longer than {} KiB", LONGEST >> 10))),
        Ok(Ok(Some(status))) if !status.success() => Err(failed(ended_badly(status))),
        Ok(Ok(Some(_))) => read(&said).map_err(|error| failed(format!("{error:#}"))),
    }
}

fn start(binary: &Path, host: &Host) -> Result<Child> {
    // A name without a folder is a file here, and no program to look for.
    let mut command = Command::new(host.absolute(binary));
    command
        .arg("describe")
        .env_clear()
        .envs(host.environment())
        .env("PACKER_RUN_UUID", host.run_id())
        .current_dir(host.cwd())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true);
    let _one_at_a_time = hold_starts();
    let started = platform::in_own_group(&mut command).spawn();
    started.map_err(|error| anyhow!("it cannot be started: {}", explain("exec", binary, &error)))
}

fn read(said: &[u8]) -> Result<Description> {
    let description: Description =
        serde_json::from_slice(said).context("its answer is not the description of a plugin")?;
    ensure!(!description.version.is_empty(), "its answer is not the description of a plugin: it tells no version");
    Ok(description)
}

fn ended_badly(status: ExitStatus) -> String {
    match platform::exit_code(status) {
        code @ 129.. if status.code().is_none() => format!("it was ended by signal {}", code - 128),
        code => format!("it ended with exit code {code}"),
    }
}

/// Reads to the end and keeps only that.
async fn keep_end(from: &mut (impl AsyncRead + Unpin), end: &mut Vec<u8>) {
    let mut piece = [0; 4096];
    while let Ok(count @ 1..) = from.read(&mut piece).await {
        end.extend_from_slice(&piece[..count]);
        let over = end.len().saturating_sub(LAST_WORDS);
        end.drain(..over);
    }
}

/// Returns the last lines of what it complained, as the end of a message; nothing when it was silent.
fn last_words(complained: &[u8]) -> String {
    let text = String::from_utf8_lossy(complained);
    let lines: Vec<String> = text
        .lines()
        .map(|line| line.chars().filter(|letter| !letter.is_control()).take(SHOWN.1).collect::<String>())
        .filter(|line| !line.trim().is_empty())
        .collect();
    let last = &lines[lines.len().saturating_sub(SHOWN.0)..];
    if last.is_empty() { String::new() } else { format!("; its last words:\n  {}", last.join("\n  ")) }
}

/// Ends a program with all that it has started, unless it is over by itself.
struct EndWithAll(Option<platform::Group>);

impl EndWithAll {
    fn of(child: &Child) -> EndWithAll {
        EndWithAll(Some(platform::Group::of(child)))
    }

    fn is_over(&mut self) {
        self.0 = None;
    }
}

impl Drop for EndWithAll {
    fn drop(&mut self) {
        if let Some(group) = &self.0 {
            group.kill();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn ask(script: &str, patience: Duration) -> Result<Description> {
        let folder = tempfile::tempdir().unwrap();
        let binary = folder.path().join("plugin");
        {
            let _nothing_starts = hold_starts();
            std::fs::write(&binary, format!("#!/bin/sh\n{script}\n")).unwrap();
        }
        let mode = std::os::unix::fs::PermissionsExt::from_mode(0o755);
        std::fs::set_permissions(&binary, mode).unwrap();
        let host = Host::fixed(folder.path(), &[("PATH", &std::env::var("PATH").unwrap())]);
        describe(Path::new("plugin"), &host, patience).await
    }

    #[tokio::test]
    async fn a_plugin_tells_what_it_is() {
        // INI-13
        let answer = r#"{"version":"1.0.0","api_version":"x5.0","builders":["a"],"provisioners":null,"more":1}"#;
        let description =
            ask(&format!("[ $1 = describe ] && echo '{answer}' && echo log >&2"), PATIENCE).await.unwrap();
        assert_eq!((&*description.version, &*description.api_version), ("1.0.0", "x5.0"));
        assert_eq!((description.builders, description.provisioners), (vec!["a".to_owned()], vec![]));
    }

    #[tokio::test]
    async fn one_that_dies_or_answers_otherwise_is_told_with_its_last_words() {
        let told = async |script: &str| format!("{:#}", ask(script, PATIENCE).await.unwrap_err());
        let dies = told("echo first >&2; printf '\\033[31mlast\\n' >&2; exit 3").await;
        assert_eq!(dies, "it ended with exit code 3; its last words:\n  first\n  [31mlast");
        assert_eq!(told("kill -9 $$").await, "it was ended by signal 9");
        assert!(told("echo no json").await.starts_with("its answer is not the description of a plugin: "));
        assert!(told("echo '{}'").await.contains("tells no version"));
        assert!(told("cat /dev/zero").await.contains("longer than 1024 KiB"));
    }

    #[tokio::test]
    async fn one_that_hangs_is_ended_with_all_that_it_has_started() {
        let folder = tempfile::tempdir().unwrap();
        let pid = folder.path().join("pid");
        let script = format!("echo why >&2; sleep 600 & echo $! > {}; wait", pid.display());
        let error = ask(&script, Duration::from_secs(1)).await.unwrap_err();
        let told = format!("{error:#}");
        assert_eq!(told, "it did not answer within 1 seconds; its last words:\n  why");
        assert!(error.is::<Hangs>());
        let pid = std::fs::read_to_string(pid).unwrap();
        let lives = || {
            let stat = std::fs::read_to_string(format!("/proc/{}/stat", pid.trim())).unwrap_or_default();
            !stat.is_empty() && !stat.contains(") Z ")
        };
        let gone = async {
            while lives() {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(PATIENCE, gone).await.unwrap();
    }
}
