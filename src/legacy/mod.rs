//! Legacy JSON templates: text to a model, its variables to values, its builders to builds that can run.
//!
//! Knows components by their schemas alone, and neither the engine nor HCL.

pub mod fix;
mod model;
mod parse;
pub mod upgrade;

pub use model::{Builder, Note, Override, PostProcessor, Provisioner, Template, Text, Variable};
pub use parse::parse;
