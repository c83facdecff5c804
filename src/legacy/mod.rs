//! Legacy JSON templates: text to a model, its variables to values, its builders to builds that can run.
//!
//! Knows components by their schemas alone, and neither the engine nor HCL.

mod check;
mod deferred;
pub mod fix;
mod look;
mod model;
mod open;
mod parse;
mod plan;
pub mod upgrade;
mod variables;
mod weak;

pub use look::{Console, Look};
pub use model::{Builder, Note, Override, PostProcessor, Provisioner, Template, Text, Variable};
pub use open::{Given, Legacy, OpenOptions, STDIN};
pub use parse::parse;
pub use plan::Ready;
