//! Who is told how a long call of the engine goes on.
//!
//! Knows no engine.

use std::collections::HashMap;

use crate::component::{Progress, RunCx};

/// Takes what an engine reports while it works.
pub trait Listener: Send {
    /// Takes a line, without its end.
    fn line(&mut self, text: String);
    /// Takes how many bytes of a layer are on the other side by now.
    fn layer(&mut self, _layer: &str, _done: u64, _total: u64) {}
}

/// Lines alone.
impl<F: FnMut(String) + Send> Listener for F {
    fn line(&mut self, text: String) {
        self(text);
    }
}

/// Says the lines, and shows all layers together as one bar.
pub struct Transfer<'a> {
    cx: &'a RunCx,
    progress: Progress,
    layers: HashMap<String, (u64, u64)>,
}

impl Transfer<'_> {
    /// Makes one for the work called `what`.
    pub fn new<'a>(cx: &'a RunCx, what: &str) -> Transfer<'a> {
        Transfer { cx, progress: cx.progress(what, 0), layers: HashMap::new() }
    }
}

impl Listener for Transfer<'_> {
    fn line(&mut self, text: String) {
        self.cx.say(text);
    }

    fn layer(&mut self, layer: &str, done: u64, total: u64) {
        if self.progress.is_shown() {
            self.layers.insert(layer.to_owned(), (done, total));
            let sum = |part: fn(&(u64, u64)) -> u64| self.layers.values().map(part).sum();
            self.progress.set(sum(|(done, _)| *done), sum(|(_, total)| *total));
        }
    }
}
