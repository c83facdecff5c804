//! The real parts that tests need. A missing one is a failure in CI, and said aloud elsewhere; never a silent skip.

use std::io::Write;
use std::process::{Command, Stdio};

/// Whether a container engine answers.
///
/// # Panics
/// With `CI=true` and none there.
pub fn docker() -> bool {
    let answers = Command::new("docker")
        .arg("info")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|s| s.success());
    need("a running docker engine", answers)
}

/// Whether `program` is on PATH.
///
/// # Panics
/// With `CI=true` and without it.
pub fn program(program: &str) -> bool {
    let mut path = std::env::var_os("PATH").unwrap_or_default();
    path.push(":/usr/sbin:/sbin");
    need(program, std::env::split_paths(&path).any(|folder| folder.join(program).is_file()))
}

/// Whether a file system can be mounted in a namespace of its own.
///
/// # Panics
/// With `CI=true` and where it cannot.
pub fn mounts() -> bool {
    let mount = ["-m", "mount", "-t", "tmpfs", "tmpfs", "/mnt"];
    let output = Command::new("unshare").args(mount).stdout(Stdio::null()).stderr(Stdio::null()).status();
    need("the right to mount", output.is_ok_and(|status| status.success()))
}

/// Whether the file `path` is there.
///
/// # Panics
/// With `CI=true` and without it.
pub fn file(path: &str) -> bool {
    need(path, std::path::Path::new(path).is_file())
}

/// Whether file systems may be mounted and an engine started.
///
/// # Panics
/// With `CI=true` and without it.
pub fn root() -> bool {
    let user = Command::new("id").arg("-u").output().expect("id starts");
    need("root", user.stdout == b"0\n")
}

fn need(part: &str, there: bool) -> bool {
    if !there {
        assert!(
            std::env::var("CI").as_deref() != Ok("true"),
            "{part} is missing; tests/run installs and starts what the tests need"
        );
        let _ = writeln!(
            std::io::stderr(),
            "NOT RUN: {part} is missing; tests/run installs and starts what the tests need"
        );
    }
    there
}
