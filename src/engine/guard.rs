//! Turns a crash inside a component into an error of that component.
//!
//! Knows nothing of what is guarded.

use std::any::Any;
use std::panic::AssertUnwindSafe;

use futures_util::FutureExt;

use crate::component::Result;

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

fn message(payload: &(dyn Any + Send)) -> &str {
    let text = payload.downcast_ref::<&str>().copied();
    text.or_else(|| payload.downcast_ref::<String>().map(String::as_str)).unwrap_or("no reason given")
}
