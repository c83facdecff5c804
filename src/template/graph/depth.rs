//! How deep values may be nested: whoever goes through one later does so on a stack.
//!
//! A chain of locals that each put the one before into a list nests as deep as the chain is long.

use std::collections::HashSet;
use std::sync::Arc;

use crate::value::{Data, Value};

/// How deep a local's value may be nested.
pub const DEEPEST: usize = 1000;

/// Returns how many lists, maps and the like stand around the innermost value, at most one more than [`DEEPEST`].
///
/// Goes down level by level and looks at what stands in several places once, so neither depth nor sharing harm.
pub fn of(value: &Value) -> usize {
    let mut level = vec![value];
    for depth in 0..=DEEPEST {
        let mut seen = HashSet::new();
        let mut next = Vec::new();
        let mut is_nested = false;
        for value in level {
            match value.data() {
                Data::List(_, items) | Data::Set(_, items) | Data::Tuple(items) => {
                    is_nested = true;
                    if seen.insert(Arc::as_ptr(items).cast::<()>()) {
                        next.extend(items.iter());
                    }
                }
                Data::Map(_, members) | Data::Object(members) => {
                    is_nested = true;
                    if seen.insert(Arc::as_ptr(members).cast::<()>()) {
                        next.extend(members.values());
                    }
                }
                _ => {}
            }
        }
        if !is_nested {
            return depth;
        }
        level = next;
    }
    DEEPEST + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn depth_counts_what_stands_around_and_sharing_costs_nothing() {
        assert_eq!(of(&Value::from("x")), 0);
        assert_eq!(of(&Value::tuple([Value::object([]), Value::from(1)])), 2);
        let mut value = Value::from("x");
        for _ in 0..100 {
            value = Value::tuple([value.clone(), value]);
        }
        assert_eq!(of(&value), 100);
        for _ in 0..2000 {
            value = Value::tuple([value]);
        }
        assert_eq!(of(&value), DEEPEST + 1);
    }
}
