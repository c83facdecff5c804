//! Builds machine images from Packer templates: HCL text to manifest, in one binary.
//!
//! Modules in reading order; each may import only what stands above it (`docs/architecture.md`, section 4).

pub mod builders;
pub mod cli;
pub mod communicators;
pub mod component;
pub mod containers;
pub mod diagnostics;
pub mod engine;
pub mod eval;
pub mod functions;
pub mod gotemplate;
pub mod host;
pub mod journal;
pub mod log;
pub mod plan;
pub mod plugin;
pub mod post_processors;
pub mod provisioners;
pub mod secrets;
pub mod syntax;
pub mod template;
pub mod ui;
pub mod value;

use std::ffi::OsString;
use std::process::ExitCode;

/// Runs the program with its words (the first is its own name) in `host`.
pub fn run(words: Vec<OsString>, host: host::Host) -> ExitCode {
    let _ = (words, host);
    ExitCode::SUCCESS
}
