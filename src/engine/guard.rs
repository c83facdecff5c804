//! Turns a crash inside a component into an error of that component.
//!
//! Knows nothing of what is guarded.

use std::any::Any;
use std::panic::AssertUnwindSafe;
use std::time::Duration;

use futures_util::FutureExt;

use crate::component::{Result, RunCx};

/// Runs `future`; a panic inside it becomes an error that names `what`, so that what was made is still undone and
/// other builds go on.
///
/// # Errors
/// Those of `future`, and its crash.
pub async fn guarded<T>(what: &str, future: impl Future<Output = Result<T>>) -> Result<T> {
    AssertUnwindSafe(future).catch_unwind().await.unwrap_or_else(|payload| {
        Err(anyhow::anyhow!(
            "{what} crashed: {}. This is a bug in this program; please report it with crash.log",
            message(&*payload)
        ))
    })
}

/// How long a step may take to end after an interrupt or its time limit: local scripts have five seconds, and clearing
/// up takes some more.
const ENDS: Duration = Duration::from_secs(15);

/// Runs `future` as [`guarded`] does, the work of one provisioner or post-processor. When it has not ended a while after
/// the interrupt it is left alone: whatever it waits for, an engine that hangs or a server that is gone, does not come.
/// What it has made is in the journal.
///
/// # Errors
/// Those of `future`, its crash, and that it did not end.
pub async fn guarded_step<T>(what: &str, cx: &RunCx, future: impl Future<Output = Result<T>>) -> Result<T> {
    ending_within(ENDS, what, cx, guarded(what, future)).await
}

async fn ending_within<T>(limit: Duration, what: &str, cx: &RunCx, work: impl Future<Output = Result<T>>) -> Result<T> {
    tokio::pin!(work);
    tokio::select! {
        biased;
        answer = &mut work => return answer,
        () = cx.cancel.cancelled() => {}
    }
    tokio::time::timeout(limit, work).await.unwrap_or_else(|_| {
        let seconds = limit.as_secs();
        cx.error(format!(
            "{what} does not end, and is left alone after {seconds} s; \"packer cleanup\" undoes the rest"
        ));
        Err(anyhow::anyhow!("{what} did not end within {seconds} s"))
    })
}

fn message(payload: &(dyn Any + Send)) -> &str {
    let text = payload.downcast_ref::<&str>().copied();
    text.or_else(|| payload.downcast_ref::<String>().map(String::as_str)).unwrap_or("no reason given")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::component::fake;

    #[tokio::test]
    async fn a_step_that_does_not_end_after_an_interrupt_is_left_alone() {
        let (cx, said) = fake::run_cx("/".as_ref());
        cx.cancel.cancel();
        let never = std::future::pending::<Result<()>>();
        let answer = ending_within(Duration::ZERO, "the provisioner", &cx, never).await;
        assert_eq!(answer.unwrap_err().to_string(), "the provisioner did not end within 0 s");
        assert!(said.lines()[0].contains("the provisioner does not end"), "{:?}", said.lines());
    }
}
