//! What commands run on when they wait for something: a runtime, and the signals that end it (CLI-89).
//!
//! Knows nothing of what is done. Commands that wait for nothing need none of this.

use std::time::Duration;

use anyhow::Context;
use tokio_util::sync::CancellationToken;
use tokio_util::task::AbortOnDropHandle;

use super::Session;
use crate::engine;

/// Watches the signals that end a command; `None` after saying why they cannot be watched.
///
/// As long as nothing is made yet, and the second value is kept, the program ends with `code` when nobody has noticed
/// the first one: whoever reads a file from a pipe or a server that is gone looks at no token.
pub fn cancelled_by_signals(session: &Session, code: u8) -> Option<(CancellationToken, AbortOnDropHandle<()>)> {
    let watched = engine::cancelled_by_signals(&session.ui);
    let cancel = watched.map_err(|error| session.ui.error(format!("cannot watch signals: {error}"))).ok()?;
    let fired = cancel.clone();
    let nothing_made = tokio::spawn(async move {
        fired.cancelled().await;
        tokio::time::sleep(NOTICED).await;
        std::process::exit(code.into());
    });
    Some((cancel, AbortOnDropHandle::new(nothing_made)))
}

/// How long an interrupt may stay unnoticed before anything is made.
const NOTICED: Duration = Duration::from_secs(1);

/// Runs `work` to its end. What blocks a thread of its own by then is left behind.
pub fn run_async<T>(runtime: tokio::runtime::Runtime, work: impl Future<Output = T>) -> T {
    let answer = runtime.block_on(work);
    runtime.shutdown_background();
    answer
}

/// Starts what async work runs on, with `threads` workers; one means this thread alone.
pub fn runtime(threads: usize) -> anyhow::Result<tokio::runtime::Runtime> {
    let mut builder = match threads {
        1 => tokio::runtime::Builder::new_current_thread(),
        _ => tokio::runtime::Builder::new_multi_thread(),
    };
    if threads > 1 {
        builder.worker_threads(threads);
    }
    builder.enable_all().build().context("cannot start the runtime")
}
