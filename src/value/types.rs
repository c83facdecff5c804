//! Types of values, and their names in error texts.

use std::collections::BTreeMap;
use std::sync::Arc;

/// The type of a value.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Type {
    /// Not known yet; as a constraint: anything.
    #[default]
    Any,
    /// `bool`.
    Bool,
    /// `number`.
    Number,
    /// `string`.
    String,
    /// `list(T)`.
    List(Arc<Type>),
    /// `set(T)`.
    Set(Arc<Type>),
    /// `map(T)`.
    Map(Arc<Type>),
    /// `tuple([T, …])`.
    Tuple(Arc<[Type]>),
    /// `object({ name = T, … })`; names in `optional` may be missing.
    Object(Arc<ObjectType>),
}

/// The attributes of an object type.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct ObjectType {
    /// Every attribute, ordered by name.
    pub attributes: BTreeMap<Arc<str>, Type>,
    /// Those that `optional(…)` allows to be missing; defaults are kept beside the type.
    pub optional: std::collections::BTreeSet<Arc<str>>,
}

impl Type {
    /// Makes `list(element)`.
    pub fn list(element: Type) -> Type {
        Type::List(Arc::new(element))
    }

    /// Makes `set(element)`.
    pub fn set(element: Type) -> Type {
        Type::Set(Arc::new(element))
    }

    /// Makes `map(element)`.
    pub fn map(element: Type) -> Type {
        Type::Map(Arc::new(element))
    }

    /// Makes an object type without optional attributes.
    pub fn object(attributes: impl IntoIterator<Item = (Arc<str>, Type)>) -> Type {
        Type::Object(Arc::new(ObjectType { attributes: attributes.into_iter().collect(), ..ObjectType::default() }))
    }
}
