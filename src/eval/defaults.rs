//! Defaults of optional attributes, filled in before a value is converted.
//!
//! Knows no type syntax, and no type: it only mirrors the places where one says `optional`.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::value::{Data, Members, Value};

/// The defaults inside a type, in its shape.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Defaults {
    /// None at all.
    #[default]
    None,
    /// The same for every element of a list, set or map.
    Elements(Box<Defaults>),
    /// One for each place of a tuple.
    Tuple(Vec<Defaults>),
    /// By attribute; those without any are left out.
    Object(BTreeMap<Arc<str>, OptionalDefault>),
}

/// The default of one attribute and those inside of it.
#[derive(Clone, Debug, PartialEq)]
pub struct OptionalDefault {
    /// Taken when the attribute is missing or null; already of the attribute's type.
    pub value: Option<Value>,
    /// Filled into a value that is there.
    pub inner: Defaults,
}

impl Defaults {
    /// Makes the defaults of a list, set or map.
    pub fn elements(inner: Defaults) -> Defaults {
        if inner == Defaults::None { Defaults::None } else { Defaults::Elements(Box::new(inner)) }
    }

    /// Makes the defaults of a tuple.
    pub fn tuple(places: Vec<Defaults>) -> Defaults {
        if places.iter().all(|inner| *inner == Defaults::None) { Defaults::None } else { Defaults::Tuple(places) }
    }

    /// Makes the defaults of an object.
    pub fn object(mut attributes: BTreeMap<Arc<str>, OptionalDefault>) -> Defaults {
        attributes.retain(|_, default| default.value.is_some() || default.inner != Defaults::None);
        if attributes.is_empty() { Defaults::None } else { Defaults::Object(attributes) }
    }
}

/// Returns `value` with the defaults filled in; null as a whole stays null (HCL-28).
///
/// A list, set or map comes back as tuple or object, since what was filled in may have changed an element's type:
/// convert the result to the type that the defaults came with.
pub fn apply_defaults(defaults: &Defaults, value: &Value) -> Value {
    let applied = match (defaults, value.data()) {
        (Defaults::Elements(inner), Data::List(_, items) | Data::Set(_, items) | Data::Tuple(items)) => {
            Value::tuple(items.iter().map(|item| apply_defaults(inner, item)))
        }
        (Defaults::Elements(inner), Data::Map(_, members) | Data::Object(members)) => {
            Value::object(members.iter().map(|(name, member)| (Arc::clone(name), apply_defaults(inner, member))))
        }
        (Defaults::Tuple(places), Data::Tuple(items) | Data::List(_, items)) => {
            let place = |index: usize| places.get(index).unwrap_or(&Defaults::None);
            let items: Vec<Value> =
                items.iter().enumerate().map(|(index, item)| apply_defaults(place(index), item)).collect();
            match value.data() {
                Data::List(element, _) => Value::list(element.clone(), items),
                _ => Value::tuple(items),
            }
        }
        (Defaults::Object(attributes), Data::Map(_, members) | Data::Object(members)) => {
            Value::object(fill(attributes, members))
        }
        _ => value.clone(),
    };
    applied.sensitive(value.is_sensitive())
}

fn fill(attributes: &BTreeMap<Arc<str>, OptionalDefault>, members: &Members) -> Members {
    let mut filled = members.clone();
    for (name, default) in attributes {
        let given = members.get(name).filter(|member| !member.is_null());
        let value = match given {
            Some(given) => Some(apply_defaults(&default.inner, given)),
            None => default.value.clone(),
        };
        if let Some(value) = value {
            filled.insert(Arc::clone(name), value);
        }
    }
    filled
}
