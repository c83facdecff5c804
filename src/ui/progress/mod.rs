//! How far long work has come: counted by whoever does it, shown as bars where somebody looks.
//!
//! Knows no terminal; [`bars`] draws. Never part of the events: a bar is gone when its work is done.

mod bars;
mod counted;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

pub use bars::{AboveBars, Bars};
pub use counted::Counted;

/// Counts the bytes of one piece of work. Clones count the same; its bar goes with the last of them.
///
/// Counting costs one addition, and nothing at all where nobody looks.
#[derive(Clone, Default)]
pub struct Progress(Option<Arc<Counter>>);

/// What is known about a piece of work.
struct Counter {
    what: String,
    done: AtomicU64,
    /// 0: not known.
    total: AtomicU64,
}

impl Progress {
    fn new(what: String, total: u64) -> Progress {
        Progress(Some(Arc::new(Counter { what, done: AtomicU64::new(0), total: AtomicU64::new(total) })))
    }

    /// Counts `bytes` more.
    pub fn add(&self, bytes: u64) {
        if let Some(counter) = &self.0 {
            counter.done.fetch_add(bytes, Ordering::Relaxed);
        }
    }

    /// Tells that `done` of `total` bytes are done; 0: nobody knows how many there are.
    pub fn set(&self, done: u64, total: u64) {
        if let Some(counter) = &self.0 {
            counter.done.store(done, Ordering::Relaxed);
            counter.total.store(total, Ordering::Relaxed);
        }
    }

    /// Whether somebody looks; otherwise there is no need to find out how much there is to do.
    pub fn is_shown(&self) -> bool {
        self.0.is_some()
    }

    /// Returns a reader or writer that counts what passes through.
    pub fn counting<T>(&self, inner: T) -> Counted<T> {
        Counted::new(inner, self.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clones_count_together_and_nobody_counts_for_nobody() {
        let progress = Progress::new("x".into(), 9);
        progress.clone().add(3);
        progress.add(4);
        let counter = progress.0.as_ref().unwrap();
        assert_eq!((counter.done.load(Ordering::Relaxed), counter.total.load(Ordering::Relaxed)), (7, 9));
        progress.set(1, 2);
        assert_eq!((counter.done.load(Ordering::Relaxed), counter.total.load(Ordering::Relaxed)), (1, 2));
        let unseen = Progress::default();
        unseen.add(1);
        assert!(progress.is_shown() && !unseen.is_shown());
    }
}
