//! The log, for people who debug templates: `PACKER_LOG`, `PACKER_LOG_PATH`.
//!
//! Never holds the result of a command, and never goes to standard output.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, Write};
use std::sync::{Arc, Mutex, MutexGuard};

use jiff::Timestamp;

use crate::host::{Host, VERSION};
use crate::secrets::Secrets;

/// The log of one run.
pub struct Log {
    host: Host,
    secrets: Arc<Secrets>,
    out: Option<Mutex<Box<dyn Write + Send>>>,
    is_on_stderr: bool,
    recent: Mutex<VecDeque<(Timestamp, String)>>,
}

/// How many of the last lines are kept at hand for a crash report, also when nothing is written.
const RECENT: usize = 100;

impl Log {
    /// Opens the log that the environment asks for: the file `PACKER_LOG_PATH` (emptied first), else standard error
    /// when `PACKER_LOG` is neither empty nor `0`, else none. Its first line names the versions.
    ///
    /// # Errors
    /// When the file cannot be made, in a sentence.
    ///
    /// # Source
    /// CLI-77, CLI-78, CLI-92; cases `engine/log-on-standard-error`, `engine/log-to-a-file`.
    pub fn open(host: &Host, secrets: &Arc<Secrets>) -> Result<Arc<Log>, String> {
        let out: Option<Box<dyn Write + Send>> = match host.env_filled("PACKER_LOG_PATH") {
            Some(path) => {
                let file = File::create(host.absolute(path));
                Some(Box::new(file.map_err(|error| {
                    let why = crate::host::explain("open", path, &error);
                    format!("cannot write the log that PACKER_LOG_PATH asks for: {why}")
                })?))
            }
            None if wants_stderr(host) => Some(Box::new(io::stderr())),
            None => None,
        };
        let is_on_stderr = out.is_some() && host.env_filled("PACKER_LOG_PATH").is_none();
        Ok(Arc::new(Log { is_on_stderr, ..Log::new(host.clone(), Arc::clone(secrets), out) }))
    }

    /// Makes a log that writes to `out`; `None`: nothing is written.
    pub fn new(host: Host, secrets: Arc<Secrets>, out: Option<Box<dyn Write + Send>>) -> Log {
        let (out, recent) = (out.map(Mutex::new), Mutex::default());
        let log = Log { host, secrets, out, is_on_stderr: false, recent };
        let (os, arch, own) = (std::env::consts::OS, std::env::consts::ARCH, env!("CARGO_PKG_VERSION"));
        log.info(&format!("Packer version: {VERSION} [packer-rs {own} {os} {arch}]"));
        log
    }

    /// Whether it is written where people may be looking at something else.
    pub fn is_on_stderr(&self) -> bool {
        self.is_on_stderr
    }

    /// Whether it repeats what people see: on standard error that would be seen twice.
    pub fn repeats_output(&self) -> bool {
        self.out.is_some() && !self.is_on_stderr
    }

    /// Writes something that helps to understand a run.
    pub fn info(&self, text: &str) {
        self.write("[INFO]", text);
    }

    /// Writes something that went wrong.
    pub fn error(&self, text: &str) {
        self.write("[ERROR]", text);
    }

    /// Returns the last lines, oldest first.
    pub fn recent(&self) -> Vec<String> {
        self.lines().iter().map(|(time, line)| self.dated(*time, line)).collect()
    }

    fn dated(&self, time: Timestamp, line: &str) -> String {
        format!("{} {line}", self.host.local(time).strftime("%Y/%m/%d %H:%M:%S"))
    }

    fn lines(&self) -> MutexGuard<'_, VecDeque<(Timestamp, String)>> {
        self.recent.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }

    /// Writes lines that all begin with `start`: a level, or who speaks.
    pub fn write(&self, start: &str, text: &str) {
        let time = self.host.now();
        let mut lines = String::new();
        for line in self.secrets.mask(text).lines() {
            let line = format!("{start} {line}");
            // What nobody reads is not dated: the time zone would have to be looked up for it.
            if self.out.is_some() {
                lines.extend([&self.dated(time, &line), "\n"]);
            }
            let mut recent = self.lines();
            if recent.len() == RECENT {
                recent.pop_front();
            }
            recent.push_back((time, line));
        }
        let Some(out) = &self.out else { return };
        let mut out = out.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        // A log that cannot be written must not stop what it is about.
        let _ = out.write_all(lines.as_bytes()).and_then(|()| out.flush());
    }
}

fn wants_stderr(host: &Host) -> bool {
    host.env_filled("PACKER_LOG").is_some_and(|value| value != "0")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_have_the_known_shape_and_no_secrets() {
        // CLI-92, CLI-93
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("p.log"), "old text").unwrap();
        let host = Host::fixed(dir.path(), &[("PACKER_LOG_PATH", "p.log")]);
        let secrets = Arc::new(Secrets::default());
        secrets.register("hush");
        Log::open(&host, &secrets).unwrap().error("one hush\ntwo");
        let text = std::fs::read_to_string(dir.path().join("p.log")).unwrap();
        let (first, rest) = text.split_once('\n').unwrap();
        assert!(first.starts_with("2026/01/02 03:04:05 [INFO] Packer version: 1.16.0 "));
        assert_eq!(rest, "2026/01/02 03:04:05 [ERROR] one <sensitive>\n2026/01/02 03:04:05 [ERROR] two\n");
    }

    #[test]
    fn the_environment_decides_whether_there_is_a_log() {
        // CLI-77
        for (value, on) in [("", false), ("0", false), ("1", true), ("yes", true)] {
            let host = Host::fixed("/".as_ref(), &[("PACKER_LOG", value)]);
            assert_eq!(wants_stderr(&host), on, "{value:?}");
        }
        let host = Host::fixed("/".as_ref(), &[("PACKER_LOG_PATH", "/nowhere/p.log")]);
        assert!(Log::open(&host, &Arc::default()).err().unwrap().contains("no such file or directory"));
    }

    #[test]
    fn the_last_lines_are_at_hand_also_when_nothing_is_written() {
        let log = Log::new(Host::fixed("/".as_ref(), &[]), Arc::default(), None);
        (0..RECENT + 3).for_each(|number| log.info(&format!("line {number}")));
        let lines = log.recent();
        assert_eq!((lines.len(), lines[0].ends_with(" [INFO] line 3")), (RECENT, true), "{lines:?}");
    }
}
