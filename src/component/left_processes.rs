//! Ends what scripts of a killed run have left running on this machine.
//!
//! Unaware of scripts: a process of a run is known by the `PACKER_RUN_UUID` in the environment it was started with,
//! which every process below a script inherits. No number of a process is written down, since numbers are used again.

use super::Result;
use crate::host::Host;
use crate::journal::Undo;

/// The kind of a journalled script.
pub const SCRIPT: &str = "script";

/// Returns the undo of a script that is about to be run by the run `run`.
pub fn entry(run: &str) -> Undo {
    Undo::new(SCRIPT, [("run", run.to_owned())])
}

/// Ends the processes of the run in the fact `run`.
///
/// # Errors
/// When one of them cannot be ended, or this is one of them.
pub async fn undo_script(undo: &Undo, host: &Host) -> Result<()> {
    let run = undo.fact("run");
    if run.is_empty() {
        return Ok(());
    }
    anyhow::ensure!(
        host.env("PACKER_RUN_UUID") != Some(run),
        "cannot end the processes of the run {run:?} from inside it; do it from another shell"
    );
    end_processes(run).await
}

/// Asks the processes of `run` to end, and ends those that do not.
#[cfg(target_os = "linux")]
async fn end_processes(run: &str) -> Result<()> {
    use std::time::Duration;

    use rustix::process::{Signal, pidfd_send_signal};

    const PAUSE: Duration = Duration::from_millis(50);
    // Five seconds to end in, as when a build is interrupted, and one more for the system to clear up.
    for round in 0..120 {
        let processes = processes_of(run);
        if processes.is_empty() {
            return Ok(());
        }
        let signal = match round {
            0 => Signal::TERM,
            100.. => Signal::KILL,
            _ => {
                tokio::time::sleep(PAUSE).await;
                continue;
            }
        };
        for process in &processes {
            // One that has ended meanwhile is what is wanted.
            let _ = pidfd_send_signal(process, signal);
        }
        tokio::time::sleep(PAUSE).await;
    }
    anyhow::bail!("processes of the run {run:?} do not end; look for PACKER_RUN_UUID in /proc/*/environ")
}

/// Returns handles of the living processes that were started with the run's id. What a handle is of stays the same,
/// whatever happens to its number.
#[cfg(target_os = "linux")]
fn processes_of(run: &str) -> Vec<rustix::fd::OwnedFd> {
    use rustix::process::{Pid, PidfdFlags, pidfd_open};

    let mark = format!("PACKER_RUN_UUID={run}");
    let listing = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    let numbers = listing.filter_map(|folder| folder.file_name().to_str()?.parse().ok());
    let found = numbers.filter_map(|number: i32| {
        let has_mark = || {
            let environment = std::fs::read(format!("/proc/{number}/environ")).ok()?;
            environment.split(|byte| *byte == 0).any(|variable| variable == mark.as_bytes()).then_some(())
        };
        has_mark()?;
        let process = pidfd_open(Pid::from_raw(number)?, PidfdFlags::empty()).ok()?;
        // Looked at again, because only now the number is bound to one process.
        has_mark().map(|()| process)
    });
    found.collect()
}

#[cfg(not(target_os = "linux"))]
async fn end_processes(_run: &str) -> Result<()> {
    Ok(())
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;
    use std::os::unix::process::ExitStatusExt;

    #[tokio::test]
    async fn processes_of_the_run_are_ended_and_no_others() {
        let sleep = |run: &str| {
            let mut command = tokio::process::Command::new("sleep");
            command.arg("60").env("PACKER_RUN_UUID", run).kill_on_drop(true).spawn().unwrap()
        };
        let (mut ours, mut other) = (sleep("run-of-a-test"), sleep("run-of-a-test-too"));
        let undo = entry("run-of-a-test");
        // It becomes this process's child that must be waited for, so that it goes.
        let host = Host::real();
        let (ended, undone) = tokio::join!(ours.wait(), undo_script(&undo, &host));
        undone.unwrap();
        assert_eq!(ended.unwrap().signal(), Some(15));
        assert!(other.try_wait().unwrap().is_none());
        undo_script(&undo, &host).await.unwrap();
        assert!(undo_script(&undo, &host.with_variable("PACKER_RUN_UUID", "run-of-a-test")).await.is_err());
    }
}
