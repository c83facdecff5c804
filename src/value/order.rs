//! Which values are equal, and which comes first in a set (TYP-14, TYP-24).
//!
//! Knows nothing of conversion: `"1"` and `1` are different here. Marks play no part.

use std::cmp::Ordering;

use super::show::quote;
use super::{Data, Members, Type, Value};

impl Value {
    /// Whether both are equal as `==` has it; `None` when that depends on something unknown.
    ///
    /// Nothing is converted, so an unknown text is no number: values of different types are different, and a tuple never equals a list. Null equals null.
    pub fn equals(&self, other: &Value) -> Option<bool> {
        match (&self.data, &other.data) {
            (Data::Null(_), Data::Null(_)) => Some(true),
            (Data::Unknown(_), Data::Unknown(_) | Data::Null(_)) | (Data::Null(_), Data::Unknown(_)) => None,
            (Data::Unknown(unknown), _) => may_be(unknown, other),
            (_, Data::Unknown(unknown)) => may_be(unknown, self),
            (Data::Bool(a), Data::Bool(b)) => Some(a == b),
            (Data::Number(a), Data::Number(b)) => Some(a == b),
            (Data::String(a), Data::String(b)) => Some(a == b),
            (Data::Tuple(a), Data::Tuple(b)) => equal_items(a, b),
            (Data::List(a_type, a), Data::List(b_type, b)) | (Data::Set(a_type, a), Data::Set(b_type, b)) => {
                if same_element(a_type, b_type) {
                    equal_items(a, b)
                } else {
                    Some(false)
                }
            }
            (Data::Object(a), Data::Object(b)) => equal_members(a, b),
            (Data::Map(a_type, a), Data::Map(b_type, b)) => {
                if same_element(a_type, b_type) {
                    equal_members(a, b)
                } else {
                    Some(false)
                }
            }
            _ => Some(false),
        }
    }

    /// Compares for a fixed order: texts bytewise, numbers by value, false before true, longer after its own beginning;
    /// null comes behind what is there, unknown last.
    pub fn order(&self, other: &Value) -> Ordering {
        match (&self.data, &other.data) {
            (Data::Bool(a), Data::Bool(b)) => a.cmp(b),
            (Data::Number(a), Data::Number(b)) => a.cmp(b),
            (Data::String(a), Data::String(b)) => a.cmp(b),
            (Data::Null(a), Data::Null(b)) | (Data::Unknown(a), Data::Unknown(b)) => a.cmp(b),
            (Data::List(_, a), Data::List(_, b))
            | (Data::Set(_, a), Data::Set(_, b))
            | (Data::Tuple(a), Data::Tuple(b)) => {
                let items = a.iter().zip(b.iter()).map(|(a, b)| a.order(b));
                items.fold(Ordering::Equal, Ordering::then).then(a.len().cmp(&b.len()))
            }
            (Data::Map(_, a), Data::Map(_, b)) | (Data::Object(a), Data::Object(b)) => {
                let pairs = a.iter().zip(b.iter());
                let members = pairs.map(|((a_key, a), (b_key, b))| a_key.cmp(b_key).then_with(|| a.order(b)));
                members.fold(Ordering::Equal, Ordering::then).then(a.len().cmp(&b.len()))
            }
            (a, b) => rank(a).cmp(&rank(b)),
        }
    }
}

/// Sorts `items` and drops doubles. What is not wholly known is no double of anything.
///
/// Collections come in the order of the texts that the reference makes of them for this purpose, which shows wherever a
/// template walks through a set of objects or lists.
pub fn sorted(items: Vec<Value>) -> Vec<Value> {
    let mut keyed: Vec<(String, Value)> = items.into_iter().map(|item| (sort_key(&item), item)).collect();
    keyed.sort_by(|(a_key, a), (b_key, b)| {
        let keys = if a_key.is_empty() || b_key.is_empty() { Ordering::Equal } else { a_key.cmp(b_key) };
        keys.then_with(|| a.order(b))
    });
    let items = keyed.into_iter().map(|(_, item)| item);
    let mut unique: Vec<Value> = Vec::new();
    for item in items {
        match unique.last_mut() {
            Some(last) if last.order(&item) == Ordering::Equal && item.is_wholly_known() => {
                // Of two equal values one may be marked; what stays must not lose that.
                last.sensitive |= item.sensitive;
            }
            _ => unique.push(item),
        }
    }
    unique
}

/// Returns the text that places a collection among others; empty for what has an order of its own.
fn sort_key(value: &Value) -> String {
    let mut key = String::new();
    if value.as_items().is_some() || value.as_members().is_some() {
        write_key(value, &mut key);
    }
    key
}

fn write_key(value: &Value, key: &mut String) {
    let mut each = |brackets: [char; 2], items: &mut dyn Iterator<Item = &Value>| {
        key.push(brackets[0]);
        for item in items {
            write_key(item, key);
            key.push(';');
        }
        key.push(brackets[1]);
    };
    match &value.data {
        Data::Unknown(_) => key.push('?'),
        Data::Null(_) => key.push('~'),
        Data::Bool(truth) => key.push(if *truth { 'T' } else { 'F' }),
        Data::Number(number) => key.push_str(&number.to_string()),
        Data::String(text) => key.push_str(&quote(text)),
        Data::List(_, items) | Data::Set(_, items) => each(['[', ']'], &mut items.iter()),
        Data::Tuple(items) => each(['<', '>'], &mut items.iter()),
        Data::Object(members) => each(['<', '>'], &mut members.values()),
        Data::Map(_, members) => {
            key.push('{');
            for (name, member) in members.iter() {
                key.push_str(&quote(name));
                key.push(':');
                write_key(member, key);
                key.push(';');
            }
            key.push('}');
        }
    }
}

fn rank(data: &Data) -> u8 {
    match data {
        Data::Bool(_) => 0,
        Data::Number(_) => 1,
        Data::String(_) => 2,
        Data::List(..) => 3,
        Data::Set(..) => 4,
        Data::Map(..) => 5,
        Data::Tuple(_) => 6,
        Data::Object(_) => 7,
        Data::Null(_) => 8,
        Data::Unknown(_) => 9,
    }
}

/// An `Any` stands for whatever there is, such as in a list without elements.
fn same_element(a: &Type, b: &Type) -> bool {
    a == b || a.has_any() || b.has_any()
}

/// One difference that is known decides, whatever else is unknown.
fn all(equalities: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    let mut result = Some(true);
    for equality in equalities {
        match equality {
            Some(false) => return Some(false),
            Some(true) => {}
            None => result = None,
        }
    }
    result
}

/// Returns `Some(false)` when a value of the type `unknown` cannot be `known`, which is not null.
fn may_be(unknown: &Type, known: &Value) -> Option<bool> {
    (!may_be_same(unknown, &known.ty())).then_some(false)
}

/// Whether both can turn out to be one type.
fn may_be_same(a: &Type, b: &Type) -> bool {
    match (a, b) {
        (Type::Any, _) | (_, Type::Any) => true,
        (Type::List(a), Type::List(b)) | (Type::Set(a), Type::Set(b)) | (Type::Map(a), Type::Map(b)) => {
            may_be_same(a, b)
        }
        (Type::Tuple(a), Type::Tuple(b)) => a.len() == b.len() && a.iter().zip(&**b).all(|(a, b)| may_be_same(a, b)),
        (Type::Object(a), Type::Object(b)) => {
            let names = a.attributes.keys().eq(b.attributes.keys());
            names && a.attributes.values().zip(b.attributes.values()).all(|(a, b)| may_be_same(a, b))
        }
        _ => a == b,
    }
}

fn equal_items(a: &[Value], b: &[Value]) -> Option<bool> {
    if a.len() != b.len() { Some(false) } else { all(a.iter().zip(b).map(|(a, b)| a.equals(b))) }
}

fn equal_members(a: &Members, b: &Members) -> Option<bool> {
    if a.len() != b.len() || !a.keys().eq(b.keys()) {
        return Some(false);
    }
    all(a.values().zip(b.values()).map(|(a, b)| a.equals(b)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::Number;

    #[test]
    fn equality_never_converts() {
        // TYP-12, TYP-14
        assert_eq!(Value::from("1").equals(&Value::from(1)), Some(false));
        assert_eq!(Value::from(1).equals(&Number::from_text("1.0").unwrap().into()), Some(true));
        let tuple = Value::tuple([Value::from("a")]);
        let list = Value::list(Type::String, [Value::from("a")]);
        assert_eq!(tuple.equals(&list), Some(false));
        assert_eq!(tuple.equals(&tuple.clone().sensitive(true)), Some(true));
    }

    #[test]
    fn null_equals_null_and_unknown_is_undecided() {
        let unknown = Value::unknown(Type::String);
        assert_eq!(Value::null(Type::Any).equals(&Value::null(Type::String)), Some(true));
        assert_eq!(Value::null(Type::Any).equals(&Value::from("x")), Some(false));
        assert_eq!(unknown.equals(&Value::from("x")), None);
        let (a, b) = (Value::tuple([unknown.clone(), 1.into()]), Value::tuple([unknown, 2.into()]));
        assert_eq!(a.equals(&b), Some(false));
        assert_eq!(a.equals(&a), None);
    }

    #[test]
    fn sets_are_sorted_and_hold_nothing_twice() {
        // TYP-24
        let texts = ["b", "a", "B", "10", "9", "ä", "", "a"].map(Value::from);
        let set = Value::set(Type::String, texts);
        let shown: Vec<&str> = set.as_items().unwrap().iter().filter_map(Value::as_str).collect();
        assert_eq!(shown, ["", "10", "9", "B", "a", "b", "ä"]);
        let bools = Value::set(Type::Bool, [true, false, true].map(Value::from));
        assert_eq!(bools.as_items().unwrap(), [Value::from(false), Value::from(true)]);
    }

    #[test]
    fn a_marked_double_marks_what_stays() {
        let set = Value::set(Type::String, [Value::from("a"), Value::from("a").sensitive(true)]);
        assert!(set.as_items().unwrap()[0].is_sensitive());
    }
}
