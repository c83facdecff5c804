//! Work that blocks, on a thread of its own.
//!
//! Knows nothing of the work.

use std::time::Duration;

use anyhow::{Context, bail};

use super::{Result, RunCx};

/// How long interrupted work may take to notice it.
const NOTICES: Duration = Duration::from_secs(1);

/// Runs `work`, which looks at `cx.cancel` from time to time, on a thread of its own.
///
/// After an interrupt it is waited for no longer than a second: a read from a pipe that nobody writes to, or from a
/// server that is gone, notices nothing. What it has made by then stays in the journal.
///
/// # Errors
/// Those of `work`, and `context canceled`.
pub async fn on_its_own_thread<T: Send + 'static>(
    cx: &RunCx,
    work: impl FnOnce() -> Result<T> + Send + 'static,
) -> Result<T> {
    let mut work = tokio::task::spawn_blocking(work);
    tokio::select! {
        biased;
        done = &mut work => return done.context("cannot wait for the work to end")?,
        () = cx.cancel.cancelled() => {}
    }
    match tokio::time::timeout(NOTICES, work).await {
        Ok(done) => done.context("cannot wait for the work to end")?,
        Err(_) => bail!("context canceled"),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::channel;

    use super::*;
    use crate::component::fake;

    #[tokio::test]
    async fn work_that_notices_no_interrupt_is_left_alone() {
        let (cx, _) = fake::run_cx("/".as_ref());
        assert_eq!(on_its_own_thread(&cx, || Ok(5)).await.unwrap(), 5);
        let (end, ended) = channel::<()>();
        cx.cancel.cancel();
        let work = on_its_own_thread(&cx, move || Ok(ended.recv()?));
        assert_eq!(work.await.unwrap_err().to_string(), "context canceled");
        drop(end);
    }
}
