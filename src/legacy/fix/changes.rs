//! What a fixer has changed: two values, compared.
//!
//! Knows no fixer. Shows no value: one may be a password.

use serde_json::{Map, Value};

/// One change, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Where, as a JSON pointer: `/builders/0/type`. After a renaming, where it was.
    pub pointer: String,
    /// What has become of it.
    pub what: What,
}

/// What has become of a value.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is what its name says")]
pub enum What {
    Added,
    Removed,
    Changed,
    /// The same value, under this name in the same object.
    RenamedTo(String),
}

impl std::fmt::Display for Change {
    fn fmt(&self, to: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.what {
            What::Added => write!(to, "{} is added", self.pointer),
            What::Removed => write!(to, "{} is removed", self.pointer),
            What::Changed => write!(to, "{} is changed", self.pointer),
            What::RenamedTo(name) => write!(to, "{} is renamed to {name}", self.pointer),
        }
    }
}

/// Returns the innermost changes from `before` to `after`, in the order of their pointers.
pub fn between(before: &Value, after: &Value) -> Vec<Change> {
    let mut changes = Vec::new();
    compare(before, after, &mut String::new(), &mut changes);
    changes.sort_by(|a, b| a.pointer.cmp(&b.pointer));
    changes
}

fn compare(before: &Value, after: &Value, pointer: &mut String, changes: &mut Vec<Change>) {
    match (before, after) {
        (Value::Object(before), Value::Object(after)) => objects(before, after, pointer, changes),
        (Value::Array(before), Value::Array(after)) if before.len() == after.len() => {
            for (index, (before, after)) in before.iter().zip(after).enumerate() {
                at(pointer, &index.to_string(), |pointer| compare(before, after, pointer, changes));
            }
        }
        _ if before == after => {}
        _ => changes.push(Change { pointer: pointer.clone(), what: What::Changed }),
    }
}

fn objects(before: &Map<String, Value>, after: &Map<String, Value>, pointer: &mut String, changes: &mut Vec<Change>) {
    let mut added: Vec<_> = after.iter().filter(|(name, _)| !before.contains_key(*name)).collect();
    for (name, old) in before {
        let what = match after.get(name) {
            Some(new) => {
                at(pointer, name, |pointer| compare(old, new, pointer, changes));
                continue;
            }
            None => match added.iter().position(|(_, new)| *new == old) {
                Some(found) => What::RenamedTo(added.remove(found).0.clone()),
                None => What::Removed,
            },
        };
        at(pointer, name, |pointer| changes.push(Change { pointer: pointer.clone(), what }));
    }
    for (name, _) in added {
        at(pointer, name, |pointer| changes.push(Change { pointer: pointer.clone(), what: What::Added }));
    }
}

/// Does `work` one step further.
fn at(pointer: &mut String, name: &str, work: impl FnOnce(&mut String)) {
    let length = pointer.len();
    pointer.push('/');
    pointer.push_str(&name.replace('~', "~0").replace('/', "~1"));
    work(pointer);
    pointer.truncate(length);
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn changes_are_told_with_their_innermost_place() {
        let before = json!({"builders": [{"type": "x", "old": 5, "gone": true, "a/b": {"t": 1}, "list": [1]}]});
        let after = json!({"builders": [{"type": "y", "new": 5, "more": null, "a/b": {"t": 2}, "list": [1, 2]}]});
        let told: Vec<_> = between(&before, &after).iter().map(Change::to_string).collect();
        let wanted = [
            "/builders/0/a~1b/t is changed",
            "/builders/0/gone is removed",
            "/builders/0/list is changed",
            "/builders/0/more is added",
            "/builders/0/old is renamed to new",
            "/builders/0/type is changed",
        ];
        assert_eq!(told, wanted);
    }
}
