//! The flags and words of each command, one file a command.
//!
//! Says what may be typed, not what it does.

mod build;
mod cleanup;
mod completion;
mod console;
mod execute;
mod explain;
mod fix;
mod fmt;
mod hcl2_upgrade;
mod init;
mod inspect;
mod look;
mod man;
mod plugins;
mod unread;
mod validate;
mod verify_attestation;
mod version;

pub use build::Build;
pub use cleanup::Cleanup;
pub use completion::Completion;
pub use console::Console;
pub use execute::Execute;
pub use explain::Explain;
pub use fix::{FIXERS, Fix};
pub use fmt::Fmt;
pub use hcl2_upgrade::Hcl2Upgrade;
pub use init::Init;
pub use inspect::Inspect;
pub use look::LookArgs;
pub use man::Man;
pub use plugins::{Plugins, PluginsCommand, PluginsInstall, PluginsInstalled, PluginsRemove, PluginsRequired};
pub use unread::Unread;
pub use validate::Validate;
pub use verify_attestation::VerifyAttestation;
pub use version::Version;
