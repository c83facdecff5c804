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

    /// Makes `tuple([…])`.
    pub fn tuple(elements: impl IntoIterator<Item = Type>) -> Type {
        Type::Tuple(elements.into_iter().collect())
    }

    /// Returns how people call a value of this type: `list of string`, `object`, `dynamic`.
    pub fn friendly(&self) -> String {
        self.named("dynamic", "dynamic")
    }

    /// Returns how people call what a constraint asks for: as [`Type::friendly`], but `Any` is `any type`, and
    /// within a collection `any single type`.
    pub fn friendly_constraint(&self) -> String {
        self.named("any type", "any single type")
    }

    /// Returns it as templates write it: `list(string)`, `object({ a = optional(number) })`.
    pub fn written(&self) -> String {
        let of = |kind: &str, element: &Type| format!("{kind}({})", element.written());
        match self {
            Type::Any => "any".to_owned(),
            Type::Bool | Type::Number | Type::String => self.friendly(),
            Type::List(element) => of("list", element),
            Type::Set(element) => of("set", element),
            Type::Map(element) => of("map", element),
            Type::Tuple(elements) => {
                let elements: Vec<String> = elements.iter().map(Type::written).collect();
                format!("tuple([{}])", elements.join(", "))
            }
            Type::Object(object) if object.attributes.is_empty() => "object({})".to_owned(),
            Type::Object(object) => {
                let attribute = |(name, ty): (&Arc<str>, &Type)| match object.optional.contains(name) {
                    true => format!("{name} = optional({})", ty.written()),
                    false => format!("{name} = {}", ty.written()),
                };
                let attributes: Vec<String> = object.attributes.iter().map(attribute).collect();
                format!("object({{ {} }})", attributes.join(", "))
            }
        }
    }

    fn named(&self, any: &str, any_element: &str) -> String {
        let of = |kind: &str, element: &Type| format!("{kind} of {}", element.named(any_element, any_element));
        match self {
            Type::Any => any.to_owned(),
            Type::Bool => "bool".to_owned(),
            Type::Number => "number".to_owned(),
            Type::String => "string".to_owned(),
            Type::List(element) => of("list", element),
            Type::Set(element) => of("set", element),
            Type::Map(element) => of("map", element),
            Type::Tuple(_) => "tuple".to_owned(),
            Type::Object(_) => "object".to_owned(),
        }
    }

    /// Whether `Any` stands somewhere in it, so that only a value can tell what is meant.
    pub fn has_any(&self) -> bool {
        match self {
            Type::Any => true,
            Type::Bool | Type::Number | Type::String => false,
            Type::List(element) | Type::Set(element) | Type::Map(element) => element.has_any(),
            Type::Tuple(elements) => elements.iter().any(Type::has_any),
            Type::Object(object) => object.attributes.values().any(Type::has_any),
        }
    }

    /// Returns the type that values of this constraint have: nothing in it is optional any more.
    pub fn without_optional(&self) -> Type {
        match self {
            Type::Any | Type::Bool | Type::Number | Type::String => self.clone(),
            Type::List(element) => Type::list(element.without_optional()),
            Type::Set(element) => Type::set(element.without_optional()),
            Type::Map(element) => Type::map(element.without_optional()),
            Type::Tuple(elements) => Type::tuple(elements.iter().map(Type::without_optional)),
            Type::Object(object) => {
                Type::object(object.attributes.iter().map(|(name, ty)| (Arc::clone(name), ty.without_optional())))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_written_as_in_templates() {
        let attributes = [("a".into(), Type::Number), ("b".into(), Type::list(Type::Any))].into();
        let object = ObjectType { attributes, optional: ["a".into()].into() };
        let ty = Type::tuple([Type::Object(Arc::new(object)), Type::map(Type::Bool), Type::object([])]);
        let text = "tuple([object({ a = optional(number), b = list(any) }), map(bool), object({})])";
        assert_eq!(ty.written(), text);
    }

    #[test]
    fn types_have_names_people_read() {
        assert_eq!(Type::list(Type::map(Type::String)).friendly(), "list of map of string");
        assert_eq!(Type::set(Type::Any).friendly(), "set of dynamic");
        assert_eq!(Type::set(Type::Any).friendly_constraint(), "set of any single type");
        assert_eq!(Type::Any.friendly_constraint(), "any type");
        assert_eq!(Type::tuple([Type::Bool]).friendly(), "tuple");
    }
}
