//! What expressions evaluate to: cty's kinds, with null, unknown and the sensitive mark.
//!
//! Knows nothing of syntax; an error here has no place, the caller adds it.

pub mod console;
pub mod convert;
pub mod json;
mod number;
mod order;
pub mod overlay;
pub mod schema;
pub mod show;
mod types;

use std::collections::BTreeMap;
use std::sync::Arc;

pub use number::{Decimal, NotANumber, Number};
pub use types::{ObjectType, Type};

/// The members of a map or object, ordered by key (bytewise).
pub type Members = BTreeMap<Arc<str>, Value>;

/// A value with its mark.
#[derive(Clone, Debug, PartialEq)]
pub struct Value {
    data: Data,
    sensitive: bool,
}

/// What a value is. Texts are NFC; members are ordered by key; sets are sorted and hold nothing twice.
#[derive(Clone, Debug, PartialEq)]
pub enum Data {
    /// Absent, of a type.
    Null(Type),
    /// Not known yet, of a type.
    Unknown(Type),
    /// `true` or `false`.
    Bool(bool),
    /// A number.
    Number(Number),
    /// A text in NFC.
    String(Arc<str>),
    /// Elements of one type.
    List(Type, Arc<[Value]>),
    /// Elements of one type, sorted, none twice.
    Set(Type, Arc<[Value]>),
    /// Named elements of one type.
    Map(Type, Arc<Members>),
    /// Elements of their own types.
    Tuple(Arc<[Value]>),
    /// Named elements of their own types.
    Object(Arc<Members>),
}

impl From<Data> for Value {
    fn from(data: Data) -> Value {
        Value { data, sensitive: false }
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Value {
        Data::Bool(value).into()
    }
}

impl From<i64> for Value {
    fn from(value: i64) -> Value {
        Data::Number(Number::from(value)).into()
    }
}

impl From<Number> for Value {
    fn from(value: Number) -> Value {
        Data::Number(value).into()
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Value {
        Value::string(text)
    }
}

impl From<String> for Value {
    fn from(text: String) -> Value {
        Value::string(&text)
    }
}

impl Value {
    /// Makes a text, normalised to NFC (TYP-31).
    pub fn string(text: &str) -> Value {
        use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};
        let text: Arc<str> = if is_nfc_quick(text.chars()) == IsNormalized::Yes {
            text.into()
        } else {
            text.nfc().collect::<String>().into()
        };
        Data::String(text).into()
    }

    /// Makes an absent value of type `ty`.
    pub fn null(ty: Type) -> Value {
        Data::Null(ty).into()
    }

    /// Makes a value of type `ty` that is not known yet.
    pub fn unknown(ty: Type) -> Value {
        Data::Unknown(ty).into()
    }

    /// Makes a list; every item must be of type `element` (or null or unknown of it).
    pub fn list(element: Type, items: impl IntoIterator<Item = Value>) -> Value {
        Data::List(element, items.into_iter().collect()).into()
    }

    /// Makes a set, sorted and without doubles (TYP-24); every item must be of type `element`.
    pub fn set(element: Type, items: impl IntoIterator<Item = Value>) -> Value {
        Data::Set(element, order::sorted(items.into_iter().collect()).into()).into()
    }

    /// Makes a map; every member must be of type `element`.
    pub fn map(element: Type, members: impl IntoIterator<Item = (Arc<str>, Value)>) -> Value {
        Data::Map(element, Arc::new(members.into_iter().collect())).into()
    }

    /// Makes a tuple.
    pub fn tuple(items: impl IntoIterator<Item = Value>) -> Value {
        Data::Tuple(items.into_iter().collect()).into()
    }

    /// Makes an object.
    pub fn object(members: impl IntoIterator<Item = (Arc<str>, Value)>) -> Value {
        Data::Object(Arc::new(members.into_iter().collect())).into()
    }

    /// Returns what it is, whatever its mark.
    pub fn data(&self) -> &Data {
        &self.data
    }

    /// Whether it must not be shown. Whoever computes from a sensitive value marks the result.
    pub fn is_sensitive(&self) -> bool {
        self.sensitive
    }

    /// Marks it as sensitive when `sensitive` says so; a mark never goes away.
    pub fn sensitive(mut self, sensitive: bool) -> Value {
        self.sensitive |= sensitive;
        self
    }

    /// Whether it is null.
    pub fn is_null(&self) -> bool {
        matches!(self.data, Data::Null(_))
    }

    /// Whether it is known itself; its elements may still be unknown.
    pub fn is_known(&self) -> bool {
        !matches!(self.data, Data::Unknown(_))
    }

    /// Whether it and everything in it is known.
    pub fn is_wholly_known(&self) -> bool {
        match &self.data {
            Data::Unknown(_) => false,
            Data::List(_, items) | Data::Set(_, items) | Data::Tuple(items) => items.iter().all(Value::is_wholly_known),
            Data::Map(_, members) | Data::Object(members) => members.values().all(Value::is_wholly_known),
            _ => true,
        }
    }

    /// Returns the text, if it is a known text.
    pub fn as_str(&self) -> Option<&str> {
        match &self.data {
            Data::String(text) => Some(text),
            _ => None,
        }
    }

    /// Returns the bool, if it is a known bool.
    pub fn as_bool(&self) -> Option<bool> {
        match self.data {
            Data::Bool(value) => Some(value),
            _ => None,
        }
    }

    /// Returns the number, if it is a known number.
    pub fn as_number(&self) -> Option<&Number> {
        match &self.data {
            Data::Number(number) => Some(number),
            _ => None,
        }
    }

    /// Returns the elements of a known list, set or tuple.
    pub fn as_items(&self) -> Option<&[Value]> {
        match &self.data {
            Data::List(_, items) | Data::Set(_, items) | Data::Tuple(items) => Some(items),
            _ => None,
        }
    }

    /// Returns the members of a known map or object.
    pub fn as_members(&self) -> Option<&Members> {
        match &self.data {
            Data::Map(_, members) | Data::Object(members) => Some(members),
            _ => None,
        }
    }

    /// Returns its type; `Any` for a null or unknown of no type.
    pub fn ty(&self) -> Type {
        match &self.data {
            Data::Null(ty) | Data::Unknown(ty) => ty.clone(),
            Data::Bool(_) => Type::Bool,
            Data::Number(_) => Type::Number,
            Data::String(_) => Type::String,
            Data::List(element, _) => Type::list(element.clone()),
            Data::Set(element, _) => Type::set(element.clone()),
            Data::Map(element, _) => Type::map(element.clone()),
            Data::Tuple(items) => Type::Tuple(items.iter().map(Value::ty).collect()),
            Data::Object(members) => Type::object(members.iter().map(|(name, value)| (Arc::clone(name), value.ty()))),
        }
    }
}
