//! `docker`: starts a container, has it provisioned, and makes an image or a tar of it.
//!
//! Knows no provisioner and no engine's protocol: settings in `config`, what is done in `steps`.

mod artifact;
mod config;
mod container;
mod finish;
mod run_command;
mod source;
mod steps;
#[cfg(test)]
mod tests;

pub use steps::KIND;
