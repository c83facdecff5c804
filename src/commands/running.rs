//! What commands run on when they wait for something: a runtime, and the signals that end it (CLI-89).
//!
//! Knows nothing of what is done. Commands that wait for nothing need none of this.

use std::time::Duration;

use tokio_util::sync::CancellationToken;
use tokio_util::task::AbortOnDropHandle;

use super::{Session, exit};
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

/// Does `work` on this thread and `more`, until it ends or a signal comes. `None` after a signal, and
/// after saying why nothing could be begun.
///
/// Nothing that `work` makes may outlive a signal but what is undone when it is dropped.
pub fn until_signalled<T>(
    more: usize,
    session: &Session,
    work: impl AsyncFnOnce(&CancellationToken) -> T,
) -> Option<T> {
    block_on(more, session, async {
        let (cancel, _nothing_made) = cancelled_by_signals(session, exit::FAILURE)?;
        let done = cancel.run_until_cancelled(work(&cancel)).await?;
        // What was asked for while files were read is only seen now.
        (!cancel.is_cancelled()).then_some(done)
    })?
}

/// Runs `work` to its end, on this thread and `more` for what it spawns; `None` after saying why it could not be begun.
/// What blocks a thread of its own by then is left behind.
pub fn block_on<T>(more: usize, session: &Session, work: impl Future<Output = T>) -> Option<T> {
    let mut builder = match more {
        0 => tokio::runtime::Builder::new_current_thread(),
        _ => tokio::runtime::Builder::new_multi_thread(),
    };
    if more > 0 {
        builder.worker_threads(more);
    }
    let started = builder.enable_all().build();
    let runtime =
        started.map_err(|error| session.ui.error(format!("cannot start what waiting needs: {error}"))).ok()?;
    let answer = runtime.block_on(work);
    runtime.shutdown_background();
    Some(answer)
}
