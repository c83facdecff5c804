//! One program on this machine: its output is passed on, and a cancelled run ends it with all that it has started.
//!
//! Knows nothing of scripts; whoever calls says what to start.

use std::collections::BTreeMap;
use std::io;
use std::process::{ExitStatus, Stdio};
use std::sync::{Mutex, MutexGuard};
use std::time::Duration;

use tokio::process::{Child, Command};

use super::RunCx;
use super::left_processes::{Offspring, Signal};
use super::lines::Lines;
use crate::host::platform;

/// How long a program may take to end after it was asked to.
const GRACE: Duration = Duration::from_secs(5);
/// How long the pipes of a killed program are read on.
const LAST_WORDS: Duration = Duration::from_secs(1);
/// How long killed processes may take to be gone.
const BURIAL: Duration = Duration::from_secs(5);
/// How often it is looked for processes that still live.
const LOOK: Duration = Duration::from_millis(50);

/// Held while a script is written and while a process starts. A process that starts while another script is open
/// for writing holds that file until it is itself replaced, and the script cannot be run meanwhile ("text file busy").
static WRITING_OR_STARTING: Mutex<()> = Mutex::new(());

/// Keeps programs from being started as long as the answer lives: for those who write one.
pub fn hold_starts() -> MutexGuard<'static, ()> {
    WRITING_OR_STARTING.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
}

/// Returns what the environments of all processes below a script have in common: the run's id, and of the script's
/// `variables` those that name the build.
pub fn marks(cx: &RunCx, variables: &BTreeMap<String, String>) -> Vec<String> {
    let of_build = ["PACKER_BUILD_NAME", "PACKER_BUILDER_TYPE"].into_iter();
    let of_build = of_build.filter_map(|name| Some(format!("{name}={}", variables.get(name)?)));
    [format!("PACKER_RUN_UUID={}", cx.host.run_id())].into_iter().chain(of_build).collect()
}

/// A program that runs.
pub struct LocalProcess {
    child: Child,
    offspring: Offspring,
}

/// Starts the program `words[0]`, with `environment` besides that of this process, in a group of its own. `marks` are
/// the variables that it and what it starts are known by.
///
/// # Errors
/// When it cannot be started.
pub fn start(
    cx: &RunCx,
    words: &[String],
    environment: BTreeMap<String, String>,
    marks: Vec<String>,
) -> io::Result<LocalProcess> {
    let (program, arguments) = words.split_first().expect("execute_command is not empty");
    let _one_at_a_time = hold_starts();
    let mut command = Command::new(program);
    command
        .args(arguments)
        .env_clear()
        .envs(cx.host.environment())
        .env("PACKER_RUN_UUID", cx.host.run_id())
        .envs(environment)
        .current_dir(cx.host.cwd())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true);
    // A group of its own, so that a cancelled program goes with all that it has started.
    let child = platform::in_own_group(&mut command).spawn()?;
    let offspring = Offspring::of(&child, marks);
    Ok(LocalProcess { child, offspring })
}

impl LocalProcess {
    /// Passes the output on and waits for the end; `None` when the run was cancelled first: then it and all that it
    /// has started were asked to end, and ended after five seconds.
    ///
    /// The end is there when the program has ended and nobody holds its output open any more, as in the reference.
    pub async fn watch(mut self, cx: &RunCx) -> Option<ExitStatus> {
        let group = platform::Group::of(&self.child);
        let (mut output, mut errors) = (self.child.stdout.take()?, self.child.stderr.take()?);
        let work = async {
            let (mut said, mut complained) = (Lines::output(cx), Lines::errors(cx));
            // Where both have something to say the output goes first: what a script writes to it and then complains about
            // stays in that order.
            let (_, _, status) = tokio::join!(
                biased;
                tokio::io::copy(&mut output, &mut said),
                tokio::io::copy(&mut errors, &mut complained),
                self.child.wait()
            );
            status.ok()
        };
        tokio::pin!(work);
        tokio::select! {
            status = &mut work => return status,
            () = cx.cancel.cancelled() => {}
        }
        group.ask_to_end();
        self.offspring.signal_those_outside_the_group(Signal::Terminate);
        let mut is_read = false;
        let ended = async {
            (&mut work).await;
            is_read = true;
            // What ignores the signal, with its output elsewhere, outlives the program.
            while self.offspring.lives() {
                tokio::time::sleep(LOOK).await;
            }
        };
        if tokio::time::timeout(GRACE, ended).await.is_err() {
            group.kill();
            self.offspring.signal_those_outside_the_group(Signal::Kill);
            if !is_read {
                let _ = tokio::time::timeout(LAST_WORDS, &mut work).await;
            }
            let _ = tokio::time::timeout(BURIAL, bury(&mut self.offspring)).await;
        }
        None
    }
}

/// Waits until killed processes are gone: the system takes its time over those that hold much.
async fn bury(offspring: &mut Offspring) {
    while offspring.lives() {
        // One that was just being started was not to be seen by the signal before.
        offspring.signal_those_outside_the_group(Signal::Kill);
        tokio::time::sleep(LOOK).await;
    }
}
