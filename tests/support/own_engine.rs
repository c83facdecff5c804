//! A container engine of a test's own: its socket, its folders, no network; it ends with the test.
//!
//! Knows no build: starts, stops and kills the engine, and runs the client against it.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use super::docker::docker;

/// A `dockerd` that no other test sees. Everything that it has mounted and written goes with it.
pub struct OwnEngine {
    folder: tempfile::TempDir,
    process: Option<Child>,
}

impl OwnEngine {
    /// Starts one and gives it the image `packer-rs/base:1`, whose containers end at once when they are stopped.
    pub fn start() -> OwnEngine {
        let folder = tempfile::Builder::new().prefix("packer-engine-").tempdir().expect("a folder can be made");
        let mut engine = OwnEngine { folder, process: None };
        engine.up(&[]);
        engine.make_base();
        engine
    }

    fn make_base(&self) {
        let tar = self.path("base.tar").to_string_lossy().into_owned();
        let container = docker(&["create", "packer-rs/base:1", "/bin/sh"]);
        docker(&["export", "-o", &tar, &container]);
        docker(&["rm", &container]);
        self.docker(&["import", &tar, "import:1"]);
        std::fs::write(self.path("Dockerfile"), "FROM import:1\nSTOPSIGNAL KILL\n").expect("a file can be written");
        let file = self.path("Dockerfile").to_string_lossy().into_owned();
        let folder = tempfile::tempdir().expect("a folder can be made");
        self.docker(&["build", "-f", &file, "-t", "packer-rs/base:1", &folder.path().to_string_lossy()]);
        self.docker(&["save", "-o", &tar, "packer-rs/base:1"]);
        self.docker(&["rmi", "packer-rs/base:1", "import:1"]);
        self.load_base();
    }

    /// Brings the base image back, with the same id.
    pub fn load_base(&self) {
        self.docker(&["load", "-i", &self.path("base.tar").to_string_lossy()]);
    }

    /// Returns what DOCKER_HOST is set to.
    pub fn host(&self) -> String {
        format!("unix://{}", self.path("engine.sock").display())
    }

    /// Starts the engine with more `words` and waits until it answers.
    pub fn up(&mut self, words: &[&str]) {
        let log = std::fs::OpenOptions::new().append(true).create(true).open(self.path("log")).expect("a log");
        // A network of its own: without one, an engine that wants no bridge takes the other engine's away.
        let mut command = Command::new("unshare");
        // It ends also when the test is killed.
        command.args([
            "--net",
            "setpriv",
            "--pdeathsig",
            "TERM",
            "dockerd",
            "--bridge=none",
            "--iptables=false",
            "--ip6tables=false",
        ]);
        command.arg("--log-level=error");
        command.arg("--host").arg(self.host()).arg("--data-root").arg(self.path("data"));
        command.arg("--exec-root").arg(self.path("exec")).arg("--pidfile").arg(self.path("pid")).args(words);
        let log_too = log.try_clone().expect("a second handle");
        let path = format!("{}:/usr/sbin:/sbin", std::env::var("PATH").unwrap_or_default());
        command.env("PATH", path).stdin(Stdio::null()).stdout(log).stderr(log_too);
        self.process = Some(command.spawn().expect("unshare starts"));
        let began = Instant::now();
        while !self.client(&["version"]).output().expect("the docker client starts").status.success() {
            let log = std::fs::read_to_string(self.path("log")).unwrap_or_default();
            assert!(began.elapsed() < Duration::from_secs(60), "the engine does not start:\n{log}");
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// Sends `signal` (`TERM`, `KILL`, `STOP`, …) to the engine.
    pub fn signal(&self, signal: &str) {
        let process = self.process.as_ref().expect("it runs").id();
        Command::new("kill").args([format!("-{signal}"), process.to_string()]).status().expect("kill starts");
    }

    /// Ends the engine by `signal` and waits for it.
    pub fn down(&mut self, signal: &str) {
        self.signal(signal);
        self.process.take().expect("it runs").wait().expect("it ends");
        // Of an engine that was killed these stay, and its own containerd goes with it, but may be there as a zombie.
        for left in ["pid", "exec/containerd/containerd.pid"] {
            let _ = std::fs::remove_file(self.path(left));
        }
    }

    /// Runs the client and returns what it prints.
    pub fn docker(&self, words: &[&str]) -> String {
        let output = self.client(words).output().expect("the docker client starts");
        assert!(output.status.success(), "docker {words:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    }

    /// Returns all containers, images and their names, as text to compare.
    pub fn everything(&self) -> String {
        let images = self.docker(&["images", "-a", "--no-trunc", "--format", "{{.ID}} {{.Repository}}:{{.Tag}}"]);
        format!("{}\n{images}", self.docker(&["ps", "-a", "--format", "{{.Names}} {{.Status}}"]))
    }

    fn client(&self, words: &[&str]) -> Command {
        let mut command = Command::new("docker");
        command.env("DOCKER_HOST", self.host()).env("DOCKER_BUILDKIT", "0").args(words);
        command
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }
}

impl Drop for OwnEngine {
    fn drop(&mut self) {
        if let Some(mut process) = self.process.take() {
            let _ = Command::new("kill").arg(process.id().to_string()).status();
            let began = Instant::now();
            while matches!(process.try_wait(), Ok(None)) && began.elapsed() < Duration::from_secs(20) {
                std::thread::sleep(Duration::from_millis(20));
            }
            let _ = process.kill();
            let _ = process.wait();
        }
        end_all_of(self.folder.path());
        unmount_all_in(self.folder.path());
    }
}

/// Kills the processes that an engine which was killed itself has left: they name its folder in their arguments.
fn end_all_of(folder: &Path) {
    let folder = folder.to_string_lossy().into_owned();
    for process in std::fs::read_dir("/proc").into_iter().flatten().filter_map(Result::ok) {
        let words = std::fs::read(process.path().join("cmdline")).unwrap_or_default();
        let number = process.file_name().to_string_lossy().into_owned();
        if String::from_utf8_lossy(&words).contains(&folder) && number.chars().all(|digit| digit.is_ascii_digit()) {
            let _ = Command::new("kill").args(["-9", &number]).status();
        }
    }
}

fn unmount_all_in(folder: &Path) {
    let mounts = std::fs::read_to_string("/proc/self/mounts").unwrap_or_default();
    let places = mounts.lines().filter_map(|line| line.split(' ').nth(1));
    for place in places.filter(|place| Path::new(place).starts_with(folder)) {
        let _ = Command::new("umount").args(["-l", place]).status();
    }
}
