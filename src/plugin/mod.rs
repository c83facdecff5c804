//! Plugins: which are installed, whether they may be used, and how others come to be.
//!
//! Knows no template; running the components of a plugin is a part of its own.

mod checksum;
mod describe;
mod discover;
#[cfg(test)]
pub mod fake;
mod file_name;
mod install;
mod remove;
mod source;

pub use discover::{Found, Installed, Refused, Wanted, discover};
pub use install::{Installer, NotInstalled, PLACES, TOKEN, install_binary};
pub use remove::remove;
pub use source::{Source, is_label};
