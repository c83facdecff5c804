//! Tree and scope to value.
//!
//! Opens no file and runs no component. A problem becomes a diagnostic with its place, and the value
//! unknown, so that one evaluation reports all of them.

mod scope;

pub use scope::{CallError, Functions, NoFunctions, Parameter, Scope, Signature, no_variables};
