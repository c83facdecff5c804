//! Installed plugins: which there are, and whether they may be used.
//!
//! Starts no process and knows no template; running plugins is a part of its own.

mod discover;

pub use discover::discover;
