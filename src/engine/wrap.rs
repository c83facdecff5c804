//! What is put around a provisioner: pause, time limit, retries.
//!
//! Knows nothing of what the provisioner does, nor what its failure means for the build.

use std::sync::Arc;
use std::time::Duration;

use anyhow::anyhow;

use super::INTERRUPTED;
use super::guard::guarded_step;
use crate::component::{BuildData, Communicator, Result, RunCx, duration::compact};
use crate::plan::ProvisionStep;
use crate::ui::WaitReason;
use crate::value::show::quote;

/// Runs a provisioner, and again after a failure as often as its template allows.
///
/// # Errors
/// That of the first attempt, when all failed: later ones often fail of what the first left behind. After an
/// interrupt at once.
///
/// # Source
/// ENG-19 … ENG-23; cases `engine/retries-until-it-works`, `engine/retries-used-up`,
/// `engine/timeout-of-a-provisioner`. Other than the reference, a time limit counts also after a pause, and attempts
/// after one that was cut off really run.
pub async fn run(cx: &RunCx, step: &ProvisionStep, machine: &Arc<dyn Communicator>, data: &BuildData) -> Result<()> {
    let mut first = None;
    for left in (0..=step.wrap.max_retries.max(0)).rev() {
        match attempt(cx, step, machine, data).await {
            Ok(()) => return Ok(()),
            Err(error) if cx.cancel.is_cancelled() => return Err(error),
            Err(error) => first.get_or_insert(error),
        };
        if left > 0
            && let Some(error) = &first
        {
            let error = quote(&format!("{error:#}"));
            cx.say(format!("Provisioner failed with {error}, retrying with {left} trie(s) left"));
        }
    }
    if step.wrap.max_retries != 0 {
        cx.say("retry limit reached.");
    }
    Err(first.unwrap_or_else(|| anyhow!("the provisioner was not run at all")))
}

/// Pauses, then runs the provisioner once within its time limit.
async fn attempt(cx: &RunCx, step: &ProvisionStep, machine: &Arc<dyn Communicator>, data: &BuildData) -> Result<()> {
    if !step.wrap.pause_before.is_zero() {
        cx.say(format!("Pausing {} before the next provisioner...", compact(step.wrap.pause_before)));
        let began = cx.host.elapsed();
        tokio::select! {
            () = tokio::time::sleep(step.wrap.pause_before) => {}
            () = cx.cancel.cancelled() => return Err(anyhow!(INTERRUPTED)),
        }
        cx.waited(WaitReason::Pause, cx.host.elapsed() - began);
    }
    let began = cx.host.elapsed();
    let answer = limited(cx, step, machine, data).await;
    if answer.is_err() && step.wrap.max_retries > 0 {
        cx.waited(WaitReason::Retry, cx.host.elapsed() - began);
    }
    answer
}

/// Runs the provisioner once, within its time limit if it has one.
async fn limited(cx: &RunCx, step: &ProvisionStep, machine: &Arc<dyn Communicator>, data: &BuildData) -> Result<()> {
    match step.wrap.timeout.filter(|limit| !limit.is_zero()) {
        None => once(cx, step, machine, data).await,
        Some(limit) => within(limit, cx, step, machine, data).await,
    }
}

/// An attempt that its time limit has ended. Reads as what it failed of.
#[derive(Debug)]
pub struct TimeLimit(String);

impl std::fmt::Display for TimeLimit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for TimeLimit {}

async fn within(
    limit: Duration,
    cx: &RunCx,
    step: &ProvisionStep,
    machine: &Arc<dyn Communicator>,
    data: &BuildData,
) -> Result<()> {
    cx.say(format!("Setting a {} timeout for the next provisioner...", compact(limit)));
    // A token of this attempt alone: the next one starts afresh.
    let limited = cx.with_cancel(cx.cancel.child_token());
    let work = once(&limited, step, machine, data);
    tokio::pin!(work);
    tokio::select! {
        // What is done counts, also when the time is over by now.
        biased;
        answer = &mut work => return answer,
        () = tokio::time::sleep(limit) => {}
    }
    cx.error("Cancelling provisioner after a timeout...");
    limited.cancel.cancel();
    // It is given the time to end its commands and remove what it made.
    let failed = match work.await {
        Err(error) => format!("{error:#}"),
        Ok(()) => format!("the provisioner was not done after {}", compact(limit)),
    };
    Err(TimeLimit(failed).into())
}

/// Prepares the provisioner with what is known now, and runs it (ENG-12).
async fn once(cx: &RunCx, step: &ProvisionStep, machine: &Arc<dyn Communicator>, data: &BuildData) -> Result<()> {
    guarded_step("the provisioner", cx, async {
        let provisioner = step.provisioner.prepare(data).await?;
        provisioner.provision(cx, machine, data).await
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::EngineOptions;
    use crate::engine::fake::{Act, Fake};
    use crate::plan::Wrap;

    async fn text(wrap: Wrap, acts: &[Act]) -> String {
        let fake = Fake::new();
        fake.run([fake.build("b").wrapped(wrap, acts).done()], EngineOptions::default()).await;
        fake.text().split("\n\n==> Wait").next().unwrap().to_owned()
    }

    #[tokio::test]
    async fn each_attempt_has_its_pause_and_each_retry_repeats_the_first_error() {
        // ENG-23, case engine/retries-until-it-works
        let wrap = Wrap { max_retries: 4, pause_before: Duration::from_millis(1), ..Wrap::default() };
        let acts = [Act::Fail("one"), Act::Fail("two"), Act::Say("three")];
        let pause = "==> b: Pausing 1ms before the next provisioner...\n";
        let retry = "==> b: Provisioner failed with \"one\", retrying with";
        let want = format!(
            "{pause}{retry} 4 trie(s) left\n{pause}{retry} 3 trie(s) left\n{pause}==> b: three\n\
             Build 'b' finished after <time>."
        );
        assert_eq!(text(wrap, &acts).await, want);
    }

    #[tokio::test]
    async fn when_all_attempts_failed_the_first_error_counts() {
        // ENG-23, case engine/retries-used-up
        let wrap = Wrap { max_retries: 1, ..Wrap::default() };
        let text = text(wrap, &[Act::Fail("one"), Act::Fail("two")]).await;
        let want = "==> b: Provisioner failed with \"one\", retrying with 1 trie(s) left\n==> b: retry limit reached.\n\
                    Build 'b' errored after <time>: one";
        assert_eq!(text, want);
    }

    #[tokio::test]
    async fn a_negative_count_of_retries_allows_none() {
        let wrap = Wrap { max_retries: -1, ..Wrap::default() };
        let text = text(wrap, &[Act::Fail("one"), Act::Say("two")]).await;
        assert_eq!(text, "==> b: retry limit reached.\nBuild 'b' errored after <time>: one");
    }

    #[tokio::test]
    async fn a_time_limit_cuts_the_attempt_off_and_the_next_one_really_runs() {
        // ENG-22, and better than ENG-23
        let wrap = Wrap { max_retries: 1, timeout: Some(Duration::from_millis(2)), ..Wrap::default() };
        let text = text(wrap, &[Act::WaitForCancel("cut off"), Act::Say("done")]).await;
        let setting = "==> b: Setting a 2ms timeout for the next provisioner...\n";
        let want = format!(
            "{setting}==> b: Cancelling provisioner after a timeout...\n\
             ==> b: Provisioner failed with \"cut off\", retrying with 1 trie(s) left\n\
             {setting}==> b: done\nBuild 'b' finished after <time>."
        );
        assert_eq!(text, want);
    }

    #[tokio::test]
    async fn the_time_limit_counts_from_the_end_of_the_pause() {
        // better than ENG-19, case engine/pause-before-switches-timeout-off
        let (pause_before, timeout) = (Duration::from_millis(1), Some(Duration::from_millis(2)));
        let wrap = Wrap { pause_before, timeout, ..Wrap::default() };
        let text = text(wrap, &[Act::WaitForCancel("cut off")]).await;
        let want = "==> b: Pausing 1ms before the next provisioner...\n\
                    ==> b: Setting a 2ms timeout for the next provisioner...\n\
                    ==> b: Cancelling provisioner after a timeout...\nBuild 'b' errored after <time>: cut off";
        assert_eq!(text, want);
    }

    #[tokio::test]
    async fn an_interrupt_ends_retries_and_is_not_passed_over() {
        // ENG-23, ENG-24
        let wrap = Wrap { max_retries: 3, continue_on_error: true, ..Wrap::default() };
        let text = text(wrap, &[Act::Interrupt, Act::Say("again")]).await;
        assert_eq!(text.lines().next().unwrap(), "Build 'b' errored after <time>: context canceled");
    }

    #[tokio::test]
    async fn only_a_build_that_failed_of_a_time_limit_and_nothing_else_says_so() {
        for (acts, cleanup, by_time_limit) in [
            (&[Act::WaitForCancel("cut off")], &[][..], true),
            (&[Act::Fail("no")], &[], false),
            (&[Act::WaitForCancel("cut off")], &[Act::Fail("no")], false),
        ] {
            let fake = Fake::new();
            let wrap = Wrap { timeout: Some(Duration::from_millis(2)), ..Wrap::default() };
            let build = fake.build("b").wrapped(wrap, acts).cleanup(cleanup).done();
            let outcomes = fake.run([build], EngineOptions::default()).await;
            assert_eq!(outcomes[0].by_time_limit, by_time_limit, "{acts:?} {cleanup:?}");
        }
    }
}
