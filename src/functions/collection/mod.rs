//! Functions on collections: `sequences` (lists, tuples), `keyed` (maps, objects), `sets`.
//!
//! Parts of arguments are moved about as they are: what is unknown or marked in them stays so.

mod keyed;
mod sequences;
mod sets;

pub use keyed::FUNCTIONS as KEYED;
pub use sequences::FUNCTIONS as SEQUENCES;
pub use sets::FUNCTIONS as SETS;

use crate::value::{Data, Type, Value};

/// Makes a list if `like` is a list or set, else a tuple.
fn sequence_like(like: &Value, items: impl IntoIterator<Item = Value>) -> Value {
    match like.data() {
        Data::List(element, _) | Data::Set(element, _) => Value::list(element.clone(), items),
        _ => Value::tuple(items),
    }
}

/// Returns the elements of a list or tuple, not of a set.
fn ordered(value: &Value) -> Option<&[Value]> {
    match value.data() {
        Data::List(_, items) | Data::Tuple(items) => Some(items),
        _ => None,
    }
}

/// Returns the type of the elements of a list or set.
fn element_type(value: &Value) -> Type {
    match value.data() {
        Data::List(element, _) | Data::Set(element, _) => element.clone(),
        _ => Type::Any,
    }
}
