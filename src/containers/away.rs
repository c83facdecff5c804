//! An engine that goes away, or falls silent, while something has to be undone.
//!
//! Knows neither what is undone nor how: waits for the engine, and gives up in time.

use std::time::Duration;

use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::ContainerEngine;
use crate::component::{Result, RunCx};

/// How long an engine that is away is waited for: as long as one takes to start again.
const AWAY: Duration = Duration::from_secs(10);
/// How long a greeting may take; engines answer it at once, whatever they are at.
const GREETING: Duration = Duration::from_secs(5);
/// The same when people wait for the end of an interrupted run.
const HURRIED: Duration = Duration::from_millis(1_200);
/// Between two greetings.
const PAUSE: Duration = Duration::from_millis(200);

/// Makes `attempt`s until one succeeds, or fails although the engine answers. While it is away it is waited for, up to
/// ten seconds, and about one when the run is interrupted.
///
/// # Errors
/// That of the last attempt; when there was no answer at all, that.
pub async fn until_back<T, F: Future<Output = Result<T>>>(
    engine: &dyn ContainerEngine,
    cx: &RunCx,
    attempt: impl Fn() -> F,
) -> Result<T> {
    let (mut tries, mut waited) = (0, false);
    loop {
        tries += 1;
        let done = unless_silent(engine, &cx.cancel, attempt()).await;
        let error = match done {
            Some(Ok(done)) => return Ok(done),
            Some(Err(error)) => error,
            None => anyhow::anyhow!("the container engine does not answer"),
        };
        let hint = "\"packer cleanup\" undoes it when the engine is back";
        if greets(engine, &cx.cancel).await {
            // It may have come back a moment after the attempt.
            if waited || tries > 1 {
                return Err(error);
            }
            tokio::time::sleep(PAUSE).await;
            continue;
        }
        if waited || cx.cancel.is_cancelled() {
            return Err(error.context(hint));
        }
        waited = true;
        cx.error(format!("The container engine is away. Waiting up to {} seconds for it...", AWAY.as_secs()));
        if !comes_back(engine, &cx.cancel).await {
            return Err(error.context(hint));
        }
    }
}

/// Waits for `work`, but no longer than the engine answers greetings; `None` when it does not.
pub async fn unless_silent<T>(
    engine: &dyn ContainerEngine,
    cancel: &CancellationToken,
    work: impl Future<Output = T>,
) -> Option<T> {
    tokio::pin!(work);
    tokio::select! {
        biased;
        done = &mut work => Some(done),
        () = falls_silent(engine, cancel) => None,
    }
}

/// Ends when the engine does not answer greetings.
async fn falls_silent(engine: &dyn ContainerEngine, cancel: &CancellationToken) {
    if engine.runs_programs() {
        // A program that hangs is asked to end with the call.
        return std::future::pending().await;
    }
    loop {
        if !greets(engine, cancel).await && (cancel.is_cancelled() || !greets(engine, cancel).await) {
            return;
        }
        cancel.run_until_cancelled(tokio::time::sleep(GREETING)).await;
        tokio::time::sleep(PAUSE).await;
    }
}

/// Whether the engine answers a greeting soon; sooner once the run is interrupted.
async fn greets(engine: &dyn ContainerEngine, cancel: &CancellationToken) -> bool {
    if cancel.is_cancelled() {
        return engine.answers(HURRIED).await;
    }
    match cancel.run_until_cancelled(engine.answers(GREETING)).await {
        Some(answers) => answers,
        None => engine.answers(HURRIED).await,
    }
}

async fn comes_back(engine: &dyn ContainerEngine, cancel: &CancellationToken) -> bool {
    let until = Instant::now() + AWAY;
    while Instant::now() < until && !cancel.is_cancelled() {
        if greets(engine, cancel).await {
            return true;
        }
        cancel.run_until_cancelled(tokio::time::sleep(PAUSE)).await;
    }
    false
}
