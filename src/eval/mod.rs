//! Tree and scope to value.
//!
//! Opens no file and runs no component. A problem becomes a diagnostic with its place, and the value
//! unknown, so that one evaluation reports all of them.

mod call;
mod decode;
mod defaults;
mod dynamic;
mod expr;
mod fault;
mod for_expr;
mod marks;
mod operators;
mod references;
mod scope;
mod setting_span;
mod splat;
mod template;
#[cfg(test)]
mod testing;
mod traversal;
mod type_expr;

pub use decode::{decode, implied_type};
pub use defaults::{Defaults, OptionalDefault, apply_defaults};
pub use dynamic::{Expanded, blocks};
pub use expr::evaluate;
pub use marks::{is_sensitive_within, placeholder};
pub use references::{Reference, Step, references, references_of_body};
pub use scope::{CallError, Functions, LazyArgument, NoFunctions, Parameter, Scope, Signature, no_variables};
pub use setting_span::setting_span;
pub use type_expr::{type_expression, type_expression_plain};
