//! The flags and words of each command, one file a command.
//!
//! Says what may be typed, not what it does.

mod build;
mod cleanup;
mod console;
mod explain;
mod fix;
mod inspect;
mod look;
mod validate;
mod version;

pub use build::Build;
pub use cleanup::Cleanup;
pub use console::Console;
pub use explain::Explain;
pub use fix::{FIXERS, Fix};
pub use inspect::Inspect;
pub use look::LookArgs;
pub use validate::Validate;
pub use version::Version;
