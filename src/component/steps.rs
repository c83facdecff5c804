//! Runs the steps of a long builder in order and undoes them in reverse, as `-on-error` and `-debug` say.
//!
//! Unaware of what the steps make; `S` is that builder's own typed state, not a bag.

use std::sync::Arc;

use async_trait::async_trait;

use super::{BuildData, Communicator, Hook, OnError, Result, RunCx};
use crate::value::show::quote;

/// One undoable step.
#[async_trait]
pub trait Step<S: Send>: Send {
    /// Returns the name people see when it fails; the reference's type name (X-17).
    fn name(&self) -> &'static str;
    /// Does it. What has been made so far is in `state`, so that `undo` finds it also after a failure.
    async fn run(&mut self, cx: &RunCx, state: &mut S) -> Result<()>;
    /// Undoes it; called for every step that was started. May replace `ending.error`.
    async fn undo(&mut self, _cx: &RunCx, _state: &mut S, _ending: &mut Ending) {}
    /// Whether `-on-error=run-cleanup-provisioner` undoes it all the same.
    fn is_provisioning(&self) -> bool {
        false
    }
}

/// How the steps ended, for those who undo them.
#[derive(Debug, Default)]
pub struct Ending {
    /// The first error.
    pub error: Option<anyhow::Error>,
    /// Whether the run was interrupted.
    pub cancelled: bool,
    /// Whether a step failed by itself, not because of an interrupt.
    pub failed: bool,
}

impl Ending {
    /// Whether the steps came to a bad end.
    pub fn is_bad(&self) -> bool {
        self.error.is_some() || self.cancelled
    }
}

/// Runs `steps` in order, then undoes those that were started, in reverse.
///
/// # Errors
/// The first error; `Build was cancelled.` when interrupted without one (S-3).
///
/// # Source
/// S-1 … S-7, ENG-32 … ENG-37.
pub async fn run_steps<S: Send>(cx: &RunCx, mut steps: Vec<Box<dyn Step<S> + '_>>, state: &mut S) -> Result<()> {
    let mut ending = Ending::default();
    let (mut started, mut done) = (0, 0);
    let mut aborted = cx.options.on_error != OnError::Cleanup && cx.options.on_error != OnError::Ask;
    for step in &mut steps {
        if cx.cancel.is_cancelled() {
            break;
        }
        started += 1;
        let is_done = loop {
            let Err(error) = step.run(cx, state).await else { break true };
            let asks = cx.options.on_error == OnError::Ask;
            if asks {
                cx.error(format!("{error:#}"));
            }
            ending.failed |= !cx.cancel.is_cancelled();
            ending.error.get_or_insert(error);
            if !asks || cx.cancel.is_cancelled() {
                break false;
            }
            match ask(cx, step.name()).await {
                Choice::Retry => {}
                choice => {
                    aborted = choice == Choice::Abort;
                    break false;
                }
            }
        };
        // The pauses belong to steps that came to a good end; a retry that did go on, though the build will fail.
        if !is_done || cx.cancel.is_cancelled() {
            break;
        }
        if cx.options.debug {
            pause(cx, &format!("Pausing after run of step '{}'.", step.name())).await;
        }
        done += 1;
    }
    ending.cancelled = cx.cancel.is_cancelled();
    undo(cx, &mut steps[..started], done, state, &mut ending, aborted).await;
    match ending.error {
        Some(error) => Err(error),
        None if ending.cancelled => Err(anyhow::anyhow!("Build was cancelled.")),
        None => Ok(()),
    }
}

/// Undoes `steps`, of which the first `done` came to a good end.
async fn undo<S: Send>(
    cx: &RunCx,
    steps: &mut [Box<dyn Step<S> + '_>],
    done: usize,
    state: &mut S,
    ending: &mut Ending,
    abort: bool,
) {
    let mut announced = false;
    if abort && ending.is_bad() {
        cx.hand_over_all();
    }
    for (index, step) in steps.iter_mut().enumerate().rev() {
        if cx.options.debug && index < done {
            pause(cx, &format!("Pausing before cleanup of step '{}'.", step.name())).await;
        }
        let runs_anyway = cx.options.on_error == OnError::RunCleanupProvisioner && step.is_provisioning();
        if !abort || !ending.is_bad() || runs_anyway {
            step.undo(cx, state, ending).await;
        } else if announced {
            cx.error(format!("aborted: skipping cleanup of step {:?}", step.name()));
        } else {
            announced = true;
            if let Some(error) = &ending.error {
                cx.error(format!("{error:#}"));
            }
            if ending.cancelled {
                cx.error("Interrupted, aborting...");
            } else {
                cx.error(format!("Step {:?} failed, aborting...", step.name()));
            }
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Choice {
    CleanUp,
    Abort,
    Retry,
}

/// Asks what to do about a failed step; without a terminal, or when interrupted meanwhile: clean up (S-6).
async fn ask(cx: &RunCx, step: &str) -> Choice {
    const QUESTION: &str =
        "[c] Clean up and exit, [a] abort without cleanup, or [r] retry step (build may fail even if retry succeeds)?";
    cx.say(format!("Step {step:?} failed"));
    loop {
        let line = tokio::select! {
            line = cx.ask(QUESTION) => line,
            () = cx.cancel.cancelled() => return Choice::CleanUp,
        };
        let Ok(line) = line else { return Choice::CleanUp };
        match line.trim().chars().next().map(|letter| letter.to_ascii_lowercase()) {
            None | Some('c') => return Choice::CleanUp,
            Some('a') => return Choice::Abort,
            Some('r') => return Choice::Retry,
            Some(_) => cx.say(format!("Incorrect input: {}", quote(line.trim()))),
        }
    }
}

/// Waits for Enter; without a terminal goes on at once (CLI-28).
pub async fn pause(cx: &RunCx, what: &str) {
    let question = format!("{what} Press enter to continue.");
    tokio::select! {
        _ = cx.ask(&question) => {}
        () = cx.cancel.cancelled() => {}
    }
}

/// A builder's state that has a machine once it is connected.
pub trait HasMachine: Send {
    /// Returns the machine, once there is one.
    fn machine(&self) -> Option<Arc<dyn Communicator>>;
    /// Returns what provisioners may know about the build.
    fn data(&self, cx: &RunCx) -> BuildData;
}

/// The step that every builder of machines shares: runs the provisioners, and the error-cleanup-provisioner
/// when an error is known by the time it is undone; an interrupt is none (ENG-29 … ENG-31).
pub struct Provision<'a> {
    /// The engine's side.
    pub hook: &'a dyn Hook,
}

#[async_trait]
impl<S: HasMachine> Step<S> for Provision<'_> {
    fn name(&self) -> &'static str {
        "StepProvision"
    }

    async fn run(&mut self, cx: &RunCx, state: &mut S) -> Result<()> {
        let Some(machine) = state.machine() else {
            anyhow::bail!(
                "No communicator found for provisioners! The builder has no connection to its machine, so its \
                 provisioners cannot run; set a communicator, or take the provisioners away"
            )
        };
        let data = state.data(cx);
        self.hook.provision(cx, machine, data).await
    }

    async fn undo(&mut self, cx: &RunCx, state: &mut S, ending: &mut Ending) {
        let Some(machine) = state.machine().filter(|_| ending.failed) else { return };
        cx.say("Provisioning step had errors: Running the cleanup provisioner, if present...");
        if let Err(second) = self.hook.clean_up(cx, machine, state.data(cx)).await {
            let first = ending.error.take().map(|error| format!("{error:#}")).unwrap_or_default();
            ending.error = Some(anyhow::anyhow!("Cleanup failed: {second:#}. Original Provisioning error: {first}"));
        }
    }

    fn is_provisioning(&self) -> bool {
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::component::fake;

    /// Fails as often as it is told to; keeps what it was asked.
    struct Told {
        name: &'static str,
        failures: usize,
    }

    #[async_trait]
    impl Step<Vec<String>> for Told {
        fn name(&self) -> &'static str {
            self.name
        }
        async fn run(&mut self, _cx: &RunCx, state: &mut Vec<String>) -> Result<()> {
            state.push(self.name.to_owned());
            if self.failures == 0 {
                return Ok(());
            }
            self.failures -= 1;
            anyhow::bail!("no {}", self.name)
        }
        async fn undo(&mut self, _cx: &RunCx, state: &mut Vec<String>, _ending: &mut Ending) {
            state.push(format!("-{}", self.name));
        }
    }

    /// Runs steps A, B and C, of which B fails `failures` times. Returns how, what was done and what was said.
    async fn run(
        on_error: OnError,
        debug: bool,
        failures: usize,
        answers: &[&str],
    ) -> (Result<()>, String, Vec<String>) {
        let (mut cx, said) = fake::run_cx("/".as_ref());
        (cx.options.on_error, cx.options.debug) = (on_error, debug);
        said.will_answer(answers);
        let step = |name, failures| Box::new(Told { name, failures }) as Box<dyn Step<_>>;
        let mut asked = Vec::new();
        let steps = vec![step("A", 0), step("B", failures), step("C", 0)];
        let answer = run_steps(&cx, steps, &mut asked).await;
        let lines = said.lines().into_iter().map(|line| line.replace("==> fake.n: ", "")).collect();
        (answer, asked.join(" "), lines)
    }

    #[tokio::test]
    async fn a_step_that_fails_is_undone_but_has_no_pauses() {
        // S-1, ENG-37
        let (answer, asked, said) = run(OnError::Cleanup, true, 1, &["", "", ""]).await;
        assert_eq!((answer.unwrap_err().to_string().as_str(), asked.as_str()), ("no B", "A B -B -A"));
        let pauses = ["Pausing after run of step 'A'.", "Pausing before cleanup of step 'A'."];
        assert_eq!(said, pauses.map(|text| format!("{text} Press enter to continue.")));
    }

    #[tokio::test]
    async fn a_retry_that_succeeds_goes_on_and_the_build_fails_all_the_same() {
        // ENG-35, S-6
        let (answer, asked, said) = run(OnError::Ask, false, 2, &["\u{1b}x", "R", "retry"]).await;
        assert_eq!(answer.unwrap_err().to_string(), "no B");
        assert_eq!(asked, "A B B B C -C -B -A");
        assert!(said.contains(&r#"Incorrect input: "\x1bx""#.to_owned()), "{said:?}");
    }

    #[tokio::test]
    async fn abort_leaves_all_steps_as_they_are() {
        // ENG-33, S-4
        let (_, asked, said) = run(OnError::Abort, false, 1, &[]).await;
        assert_eq!(asked, "A B");
        let skipped = r#"aborted: skipping cleanup of step "A""#;
        assert_eq!(said, ["no B", r#"Step "B" failed, aborting..."#, skipped]);
        assert_eq!(run(OnError::Abort, false, 0, &[]).await.1, "A B C -C -B -A");
        assert_eq!(run(OnError::Ask, false, 1, &["a"]).await.1, "A B");
        assert_eq!(run(OnError::Ask, false, 1, &[]).await.1, "A B -B -A");
    }
}
