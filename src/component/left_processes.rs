//! Finds and ends what scripts have left running on this machine.
//!
//! Unaware of scripts: a process is known by the variables it was started with, which every process below a script
//! inherits; `PACKER_RUN_UUID` says of which run it is. No number of a process is written down, since numbers are
//! used again.

use std::sync::Mutex;

use tokio::process::Child;

use super::Result;
use crate::host::Host;
use crate::journal::Undo;

/// What is sent to processes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signal {
    /// Asks to end.
    Terminate,
    /// Ends.
    Kill,
}

/// The marks of the programs that run now.
static RUNNING: Mutex<Vec<Vec<String>>> = Mutex::new(Vec::new());

/// A running program with all that it has started: the processes of its group, and those that have left it (daemons)
/// but carry its marks in their environment and are younger than it. Two programs with the same marks that run at once
/// cannot be told apart by them; then only the group counts.
pub struct Offspring {
    marks: Vec<String>,
    group: Option<u32>,
    began: u64,
    outside: processes::Held,
}

impl Offspring {
    /// Returns what `child`, which leads a group, starts. `marks` are variables of its environment: `NAME=value`.
    pub fn of(child: &Child, marks: Vec<String>) -> Offspring {
        running().push(marks.clone());
        let mut offspring = Offspring { marks, group: child.id(), began: 0, outside: processes::Held::default() };
        offspring.began = offspring.began();
        offspring
    }
}

impl Drop for Offspring {
    fn drop(&mut self) {
        let mut running = running();
        if let Some(index) = running.iter().position(|marks| *marks == self.marks) {
            running.swap_remove(index);
        }
    }
}

fn running() -> std::sync::MutexGuard<'static, Vec<Vec<String>>> {
    RUNNING.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
}

/// Undoes the journalled scripts of a run: ends its processes, and removes the files that they are in.
///
/// # Errors
/// When a process cannot be ended, or the file not removed.
pub async fn undo_scripts(undo: &Undo, host: &Host) -> Result<()> {
    let run = undo.fact("run");
    if !run.is_empty() {
        anyhow::ensure!(
            host.env("PACKER_RUN_UUID") != Some(run),
            "cannot end the processes of the run {run:?} from inside it; do it from another shell"
        );
        processes::end(run).await?;
    }
    crate::journal::undo_local(undo)?;
    Ok(())
}

/// Looks at the processes of this machine.
#[cfg(target_os = "linux")]
mod processes {
    use std::collections::{BTreeMap, BTreeSet};
    use std::fs;
    use std::time::Duration;

    use rustix::event::{PollFd, PollFlags, Timespec};
    use rustix::fd::OwnedFd;
    use rustix::process::{Pid, PidfdFlags, pidfd_open, pidfd_send_signal};

    use super::super::Result;
    use super::{Offspring, Signal};

    /// What `/proc/N/stat` tells.
    struct Facts {
        group: u32,
        /// In the system's ticks since it was started.
        began: u64,
        /// Not when it has ended and nobody has taken notice yet.
        lives: bool,
    }

    /// Returns the facts of a process that is there.
    fn facts(number: i32) -> Option<Facts> {
        let text = fs::read_to_string(format!("/proc/{number}/stat")).ok()?;
        // The name in front, in parentheses, may hold anything.
        let fields: Vec<&str> = text.rsplit_once(')')?.1.split_whitespace().collect();
        let lives = !matches!(*fields.first()?, "Z" | "X");
        Some(Facts { group: fields.get(2)?.parse().ok()?, began: fields.get(19)?.parse().ok()?, lives })
    }

    /// Whether the process was started with all of `marks` in its environment.
    fn has_marks(number: i32, marks: &[String]) -> bool {
        let environment = fs::read(format!("/proc/{number}/environ")).unwrap_or_default();
        let variables: Vec<&[u8]> = environment.split(|byte| *byte == 0).collect();
        marks.iter().all(|mark| variables.contains(&mark.as_bytes()))
    }

    /// Returns handles of the processes that are `wanted`, by their numbers. What a handle is of stays the same,
    /// whatever happens to its number.
    fn find(wanted: impl Fn(i32) -> bool) -> impl Iterator<Item = (i32, OwnedFd)> {
        let listing = fs::read_dir("/proc").into_iter().flatten().flatten();
        let numbers = listing.filter_map(|folder| folder.file_name().to_str()?.parse().ok());
        numbers.filter_map(move |number: i32| {
            if !wanted(number) {
                return None;
            }
            let process = pidfd_open(Pid::from_raw(number)?, PidfdFlags::empty()).ok()?;
            // Looked at again, because only now the number is bound to one process.
            wanted(number).then_some((number, process))
        })
    }

    /// Whether the process is neither dead nor waiting to be taken notice of.
    fn lives(process: &OwnedFd) -> bool {
        let mut wait = [PollFd::new(process, PollFlags::IN)];
        rustix::event::poll(&mut wait, Some(&Timespec::default())).is_ok_and(|ended| ended == 0)
    }

    /// Processes that were found, until they have ended. One that is dying has no environment any more, and is not
    /// found again: it is held by its handle.
    #[derive(Default)]
    pub struct Held(BTreeMap<i32, OwnedFd>);

    impl Held {
        /// Adds those that are `wanted`, and drops those that have ended.
        fn update(&mut self, wanted: impl Fn(i32) -> bool) {
            self.0.retain(|_, process| lives(process));
            let known: BTreeSet<i32> = self.0.keys().copied().collect();
            self.0.extend(find(|number| !known.contains(&number) && wanted(number)));
        }

        fn send(&self, signal: Signal) {
            let signal = match signal {
                Signal::Terminate => rustix::process::Signal::TERM,
                Signal::Kill => rustix::process::Signal::KILL,
            };
            for process in self.0.values() {
                // One that has ended meanwhile is what is wanted.
                let _ = pidfd_send_signal(process, signal);
            }
        }
    }

    impl Offspring {
        /// Returns when its program began; 0 once that has ended and was waited for.
        pub fn began(&self) -> u64 {
            self.group.and_then(|group| facts(i32::try_from(group).ok()?)).map_or(0, |facts| facts.began)
        }

        /// Whether one of its processes lives, or takes its time to die.
        pub fn lives(&mut self) -> bool {
            self.look_outside();
            let in_group = |number| facts(number).is_some_and(|facts| facts.lives && Some(facts.group) == self.group);
            !self.outside.0.is_empty() || find(in_group).next().is_some()
        }

        /// Sends `signal` to those that have left the group.
        pub fn signal_those_outside_the_group(&mut self, signal: Signal) {
            self.look_outside();
            self.outside.send(signal);
        }

        fn look_outside(&mut self) {
            // Another script with the same marks cannot be told from this one.
            let is_alone = super::running().iter().filter(|marks| **marks == self.marks).count() <= 1;
            let is_later = |facts: Facts| facts.lives && Some(facts.group) != self.group && facts.began >= self.began;
            let wanted = |number| is_alone && facts(number).is_some_and(is_later) && has_marks(number, &self.marks);
            self.outside.update(wanted);
        }
    }

    /// Asks the processes of `run` to end, and ends those that do not.
    pub async fn end(run: &str) -> Result<()> {
        const PAUSE: Duration = Duration::from_millis(50);
        let mark = [format!("PACKER_RUN_UUID={run}")];
        let mut processes = Held::default();
        // Five seconds to end in, as when a build is interrupted, and as many for the system to clear up.
        for round in 0..200 {
            processes.update(|number| has_marks(number, &mark));
            if processes.0.is_empty() {
                return Ok(());
            }
            match round {
                0 => processes.send(Signal::Terminate),
                100.. => processes.send(Signal::Kill),
                _ => {}
            }
            tokio::time::sleep(PAUSE).await;
        }
        anyhow::bail!("processes of the run {run:?} do not end; look for PACKER_RUN_UUID in /proc/*/environ")
    }
}

/// Where processes cannot be looked at, only groups are ended.
#[cfg(not(target_os = "linux"))]
mod processes {
    use super::super::Result;
    use super::{Offspring, Signal};

    /// Nobody.
    #[derive(Default)]
    pub struct Held;

    impl Offspring {
        /// Returns nothing of use.
        pub fn began(&self) -> u64 {
            0
        }

        /// Whether one of its processes lives, as far as one can know here.
        pub fn lives(&mut self) -> bool {
            false
        }

        /// Reaches nobody.
        pub fn signal_those_outside_the_group(&mut self, _signal: Signal) {}
    }

    /// Ends nothing.
    pub async fn end(_run: &str) -> Result<()> {
        Ok(())
    }
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
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("script01234567899");
        std::fs::write(&file, "").unwrap();
        let path = folder.path().display().to_string();
        let facts = [("run", "run-of-a-test".to_owned()), ("folder", path), ("start", "script0123456789".to_owned())];
        let undo = Undo::new(crate::journal::SCRIPTS, facts);
        // It becomes this process's child that must be waited for, so that it goes.
        let host = Host::real();
        let (ended, undone) = tokio::join!(ours.wait(), undo_scripts(&undo, &host));
        undone.unwrap();
        assert_eq!(ended.unwrap().signal(), Some(15));
        assert!(!file.exists() && other.try_wait().unwrap().is_none());
        undo_scripts(&undo, &host).await.unwrap();
        assert!(undo_scripts(&undo, &host.with_variable("PACKER_RUN_UUID", "run-of-a-test")).await.is_err());
    }
}
