//! The types that a field of settings may have: what each is in a template, and how it is read.
//!
//! Knows no component, and nothing of structs but that they are blocks.

use std::collections::BTreeMap;
use std::time::Duration;

use super::{Block, BlockSet, Blocks, LateText, Reader, SecretText, Setting, Settings, Shape};
use crate::component::duration;
use crate::value::schema::Nesting;
use crate::value::{Type, Value};

impl Setting for String {
    fn shape() -> Shape {
        Shape::Attribute(Type::String, false)
    }
    fn read(value: &Value, reader: &mut Reader<'_>) -> Option<String> {
        let text = text_of(value, reader)?;
        reader.rendered(text)
    }
}

impl Setting for LateText {
    fn shape() -> Shape {
        Shape::Attribute(Type::String, true)
    }
    fn read(value: &Value, reader: &mut Reader<'_>) -> Option<LateText> {
        let text = text_of(value, reader)?;
        if let Err(reason) = reader.engine.check(&text) {
            reader.problem(format!("Error parsing {}: {reason}", reader.name()));
            return None;
        }
        Some(LateText(text))
    }
}

impl Setting for SecretText {
    fn shape() -> Shape {
        String::shape()
    }
    fn read(value: &Value, reader: &mut Reader<'_>) -> Option<SecretText> {
        let text = String::read(value, reader)?;
        reader.cx.secrets.register_typed(&text);
        Some(SecretText(text))
    }
    fn is_secret() -> bool {
        true
    }
}

impl Setting for bool {
    fn shape() -> Shape {
        Shape::Attribute(Type::Bool, false)
    }
    fn read(value: &Value, reader: &mut Reader<'_>) -> Option<bool> {
        let read = value.as_bool();
        if read.is_none() {
            reader.problem("A bool is needed here: true or false.");
        }
        read
    }
}

macro_rules! whole_numbers {
    ($($ty:ty),*) => { $(
        impl Setting for $ty {
            fn shape() -> Shape {
                Shape::Attribute(Type::Number, false)
            }
            fn read(value: &Value, reader: &mut Reader<'_>) -> Option<$ty> {
                // A legacy template may bring a fraction, which is cut off (JSON-33).
                let number = value.as_number().map(|n| if reader.cx.legacy { n.trunc() } else { n.clone() });
                let read = number.and_then(|n| n.as_i64()).and_then(|n| <$ty>::try_from(n).ok());
                if read.is_none() {
                    reader.problem(format!("A whole number from {} to {} is needed here.", <$ty>::MIN, <$ty>::MAX));
                }
                read
            }
        }
    )* };
}
whole_numbers!(i32, i64, u16, u32);

impl Setting for Duration {
    fn shape() -> Shape {
        Shape::Attribute(Type::String, false)
    }
    fn read(value: &Value, reader: &mut Reader<'_>) -> Option<Duration> {
        // A bare number of a legacy template counts nanoseconds (JSON-34).
        if let Some(count) = value.as_number().and_then(|number| number.as_i64())
            && reader.cx.legacy
        {
            return Some(Duration::from_nanos(u64::try_from(count).unwrap_or_default()));
        }
        let text = String::read(value, reader)?;
        duration::parse(&text)
            .map_err(|reason| {
                reader.problem(format!("{reason}. A duration is a number with a unit, such as \"90s\" or \"1h30m\"."))
            })
            .ok()
    }
}

impl<T: Setting> Setting for Option<T> {
    fn shape() -> Shape {
        T::shape()
    }
    fn read(value: &Value, reader: &mut Reader<'_>) -> Option<Option<T>> {
        T::read(value, reader).map(Some)
    }
    fn is_secret() -> bool {
        T::is_secret()
    }
}

impl<T: Setting> Setting for Vec<T> {
    fn shape() -> Shape {
        let (element, late) = attribute_of::<T>();
        Shape::Attribute(Type::list(element), late)
    }
    fn read(value: &Value, reader: &mut Reader<'_>) -> Option<Vec<T>> {
        let items = value.as_items().unwrap_or(std::slice::from_ref(value));
        let mut whole = true;
        let mut read = Vec::with_capacity(items.len());
        for (index, item) in items.iter().enumerate().filter(|(_, item)| !item.is_null()) {
            match reader.within(index.to_string(), |reader| T::read(item, reader)) {
                Some(item) => read.push(item),
                None => whole = false,
            }
        }
        whole.then_some(read)
    }
}

impl<T: Setting> Setting for BTreeMap<String, T> {
    fn shape() -> Shape {
        let (element, late) = attribute_of::<T>();
        Shape::Attribute(Type::map(element), late)
    }
    fn read(value: &Value, reader: &mut Reader<'_>) -> Option<BTreeMap<String, T>> {
        let Some(members) = value.as_members() else {
            reader.problem("A map is needed here: { name = value }.");
            return None;
        };
        let mut whole = true;
        let mut read = BTreeMap::new();
        let is_late = attribute_of::<T>().1;
        for (name, member) in members.iter().filter(|(_, member)| !member.is_null()) {
            let read_member = |reader: &mut Reader<'_>| {
                // Names are rendered as their values are, and when they are (JSON-31).
                let key = if is_late { name.to_string() } else { reader.rendered(name.to_string())? };
                Some((key, T::read(member, reader)?))
            };
            match reader.within(&**name, read_member) {
                Some((key, member)) => {
                    read.insert(key, member);
                }
                None => whole = false,
            }
        }
        whole.then_some(read)
    }
}

impl<T: Settings> Setting for Block<T> {
    fn shape() -> Shape {
        Shape::Block(T::schema(), Nesting::Single)
    }
    fn read(value: &Value, reader: &mut Reader<'_>) -> Option<Block<T>> {
        Some(Block(Some(T::read(value, reader))))
    }
}

impl<T: Settings> Setting for Blocks<T> {
    fn shape() -> Shape {
        Shape::Block(T::schema(), Nesting::List)
    }
    fn read(value: &Value, reader: &mut Reader<'_>) -> Option<Blocks<T>> {
        Some(Blocks(read_blocks(value, reader)))
    }
}

impl<T: Settings> Setting for BlockSet<T> {
    fn shape() -> Shape {
        Shape::Block(T::schema(), Nesting::Set)
    }
    fn read(value: &Value, reader: &mut Reader<'_>) -> Option<BlockSet<T>> {
        Some(BlockSet(read_blocks(value, reader)))
    }
}

fn read_blocks<T: Settings>(value: &Value, reader: &mut Reader<'_>) -> Vec<T> {
    let items = value.as_items().unwrap_or(std::slice::from_ref(value));
    items.iter().enumerate().map(|(i, item)| reader.within(i.to_string(), |reader| T::read(item, reader))).collect()
}

fn attribute_of<T: Setting>() -> (Type, bool) {
    match T::shape() {
        Shape::Attribute(ty, late) => (ty, late),
        Shape::Block(..) => unreachable!("a list or map of blocks is declared as Blocks or BlockSet"),
    }
}

/// Returns the text of a value that the schema made a text; legacy templates may still bring numbers and bools.
fn text_of(value: &Value, reader: &mut Reader<'_>) -> Option<String> {
    match crate::value::convert::convert(value, &Type::String) {
        Ok(text) => text.as_str().map(str::to_owned),
        Err(error) => {
            reader.problem(error.message);
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::component::config::test_cx;

    // JSON-31; case gotemplate/map-keys-are-rendered
    #[test]
    fn names_in_a_map_are_rendered_unless_its_values_are_late() {
        let map = Value::map(Type::String, [("{{upper `k`}}".into(), "{{lower `V`}}".into())]);
        let cx = test_cx();
        let early = BTreeMap::<String, String>::read(&map, &mut Reader::new(&cx)).unwrap();
        assert_eq!(early, BTreeMap::from([("K".to_owned(), "v".to_owned())]));
        let late = BTreeMap::<String, LateText>::read(&map, &mut Reader::new(&cx)).unwrap();
        assert_eq!(late.keys().collect::<Vec<_>>(), ["{{upper `k`}}"]);
        let broken = Value::map(Type::String, [("{{nothing}}".into(), "x".into())]);
        let mut reader = Reader::new(&cx);
        assert!(BTreeMap::<String, String>::read(&broken, &mut reader).is_none());
        assert_eq!(reader.into_problems().0[0].setting, ["{{nothing}}"]);
    }
}
