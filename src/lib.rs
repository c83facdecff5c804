//! Builds machine images from Packer templates: HCL text to manifest, in one binary.
//!
//! Modules in reading order, from what imports nothing to what may import everything (`docs/architecture.md`,
//! section 1; `tests/architecture.rs` has the rules).

// The ground: facts about the world and about texts.
pub mod cli;
pub mod diagnostics;
pub mod host;
pub mod network;
pub mod secrets;
pub mod stores;
pub mod value;

// Text to tree to value.
pub mod eval;
pub mod functions;
pub mod gotemplate;
pub mod syntax;

// What happens, and what must be undone.
pub mod journal;
pub mod log;
pub mod ui;

// What a component is, and the components.
pub mod builders;
pub mod communicators;
pub mod component;
pub mod containers;
pub mod data_sources;
pub mod plugin;
pub mod post_processors;
pub mod provisioners;

// A template to a plan, a plan to outcomes, and the commands around them.
pub mod commands;
pub mod engine;
pub mod legacy;
pub mod plan;
pub mod template;

use std::ffi::OsString;
use std::process::ExitCode;

/// Runs the program with its words (the first is its own name) in `host`.
pub fn run(words: Vec<OsString>, host: host::Host) -> ExitCode {
    commands::run(words, host, commands::registry()).into()
}
