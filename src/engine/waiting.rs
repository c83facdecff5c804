//! After an interrupt: says which builds are still cleaning up.
//!
//! Knows only their names.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use crate::ui::Ui;

/// How long builds may clean up before anybody is told: most need less. By then a second interrupt counts.
const QUIET: Duration = Duration::from_millis(1200);
/// How long it takes until people are told again.
const AGAIN: Duration = Duration::from_secs(10);
/// How many builds are named.
const NAMED: usize = 5;

/// The builds at work, by their position. Cheap to clone.
#[derive(Clone, Default)]
pub struct AtWork(Arc<Mutex<BTreeMap<usize, Arc<str>>>>);

impl AtWork {
    /// Notes that a build starts.
    pub fn starts(&self, index: usize, build: &Arc<str>) {
        self.lock().insert(index, Arc::clone(build));
    }

    /// Notes that a build is over.
    pub fn ends(&self, index: usize) {
        self.lock().remove(&index);
    }

    /// Waits for the interrupt, then says from time to time what is waited for, until nothing is.
    pub async fn tell(self, ui: Arc<Ui>, interrupt: CancellationToken) {
        interrupt.cancelled().await;
        tokio::time::sleep(QUIET).await;
        while let Some(text) = self.text() {
            ui.say(text);
            tokio::time::sleep(AGAIN).await;
        }
    }

    fn text(&self) -> Option<String> {
        let builds = self.lock();
        let names: Vec<&str> = builds.values().take(NAMED).map(|name| &**name).collect();
        let more = match builds.len().saturating_sub(NAMED) {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        (!builds.is_empty()).then(|| {
            format!(
                "Waiting for builds that are still cleaning up: {}{more}. A second interrupt ends the program at once; \
                 \"packer cleanup\" undoes what is left then",
                names.join(", ")
            )
        })
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<usize, Arc<str>>> {
        self.0.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_few_builds_are_named_and_the_rest_is_counted() {
        let at_work = AtWork::default();
        assert_eq!(at_work.text(), None);
        for (index, name) in ["z", "y", "x", "w", "v", "u", "t"].into_iter().enumerate() {
            at_work.starts(index, &name.into());
        }
        at_work.ends(1);
        let text = at_work.text().unwrap();
        assert!(
            text.starts_with("Waiting for builds that are still cleaning up: z, x, w, v, u and 1 more. "),
            "{text}"
        );
    }
}
