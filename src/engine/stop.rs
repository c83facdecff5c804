//! What ends builds before their time: an interrupt, or with `-fail-fast` the failure of another build.
//!
//! Unaware of what builds do; they watch the token.

use std::sync::{Arc, OnceLock};

use tokio_util::sync::CancellationToken;

use super::INTERRUPTED;
use crate::component::OnError;

/// The end that all builds of a run share. Cheap to clone.
#[derive(Clone)]
pub struct Stop {
    interrupt: CancellationToken,
    token: CancellationToken,
    /// The build whose failure ended the others.
    culprit: Arc<OnceLock<Arc<str>>>,
}

impl Stop {
    /// Makes one that fires with `interrupt`.
    pub fn at(interrupt: &CancellationToken) -> Stop {
        Stop { interrupt: interrupt.clone(), token: interrupt.child_token(), culprit: Arc::default() }
    }

    /// Returns what every build watches.
    pub fn token(&self) -> &CancellationToken {
        &self.token
    }

    /// Whether builds are to end.
    pub fn is_here(&self) -> bool {
        self.token.is_cancelled()
    }

    /// Ends all builds because `build` has failed. The first one counts.
    pub fn because_of(&self, build: &Arc<str>) {
        if !self.is_here() {
            self.culprit.get_or_init(|| Arc::clone(build));
            self.token.cancel();
        }
    }

    /// Returns why builds end, as people read it in place of `error`.
    pub fn told(&self, error: String) -> String {
        match self.culprit.get().filter(|_| !self.interrupt.is_cancelled()) {
            None => error,
            // What a build says of an end that it was told says nothing more.
            Some(culprit) if [INTERRUPTED, "Build was cancelled."].contains(&error.as_str()) => because(culprit),
            Some(culprit) => format!("{}: {error}", because(culprit)),
        }
    }
}

fn because(culprit: &str) -> String {
    format!("cancelled because the build '{culprit}' failed")
}

/// Whether a build that ends badly leaves what it has made.
pub fn leaves_all(on_error: OnError) -> bool {
    matches!(on_error, OnError::Abort | OnError::RunCleanupProvisioner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_interrupt_hides_the_failure_that_came_before_it() {
        let interrupt = CancellationToken::new();
        let stop = Stop::at(&interrupt);
        stop.because_of(&"a".into());
        stop.because_of(&"b".into());
        assert_eq!(stop.told(INTERRUPTED.into()), "cancelled because the build 'a' failed");
        assert_eq!(stop.told("it is stuck".into()), "cancelled because the build 'a' failed: it is stuck");
        interrupt.cancel();
        assert_eq!(stop.told(INTERRUPTED.into()), INTERRUPTED);
    }
}
