//! A template as the fixers see it: the objects of its components, whatever else is in it.
//!
//! Knows no option of a component.

use serde_json::{Map, Value};

/// An object of JSON.
pub type Object = Map<String, Value>;

/// One step on the way to a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Into the member of an object.
    Name(String),
    /// Into the item of a list, counted from zero.
    Item(usize),
}

impl From<&str> for Step {
    fn from(name: &str) -> Step {
        Step::Name(name.to_owned())
    }
}

impl From<usize> for Step {
    fn from(index: usize) -> Step {
        Step::Item(index)
    }
}

/// What keeps a template from being fixed, each with the way to it.
#[derive(Debug, Default)]
pub struct Problems(pub Vec<(Vec<Step>, String)>);

impl Problems {
    /// Adds one.
    pub fn add(&mut self, path: impl IntoIterator<Item = Step>, text: impl Into<String>) {
        self.0.push((path.into_iter().collect(), text.into()));
    }
}

/// The root of a template, in which the lists of components are lists.
pub struct Parts(pub Object);

impl Parts {
    /// Looks at the lists; what is no list, or holds what is no component, is a problem. One provisioner that is in no
    /// list is put in one.
    pub fn of(mut root: Object, problems: &mut Problems) -> Parts {
        match of_mut(&mut root, "builders") {
            Some(Value::Array(builders)) => {
                for (index, builder) in builders.iter().enumerate() {
                    if !builder.is_object() && !builder.is_null() {
                        problems.add(["builders".into(), index.into()], "A builder is an object.");
                    }
                }
            }
            Some(Value::Null) => {}
            Some(_) => problems.add(["builders".into()], "The builders are a list of objects."),
            // The reference writes it so, and programs may read it (FIX-3).
            None => _ = root.insert("builders".to_owned(), Value::Null),
        }
        if let Some(provisioners) = of_mut(&mut root, "provisioners") {
            let is_one = match &provisioners {
                Value::Array(_) | Value::Null => false,
                Value::Object(members) => !members.is_empty(),
                _ => true,
            };
            if is_one {
                *provisioners = Value::Array(vec![provisioners.take()]);
            }
        }
        match of_mut(&mut root, "post-processors") {
            Some(Value::Array(_) | Value::Null) | None => {}
            Some(_) => problems.add(
                ["post-processors".into()],
                "The post-processors are a list: of types, of objects, and of lists of both.",
            ),
        }
        Parts(root)
    }

    /// Iterates over all builders.
    pub fn builders(&mut self) -> impl Iterator<Item = &mut Object> {
        objects(&mut self.0, "builders").map(|(_, builder)| builder)
    }

    /// Iterates over the builders of these types.
    pub fn builders_of(&mut self, is_one: impl Fn(&str) -> bool) -> impl Iterator<Item = &mut Object> {
        self.numbered_builders_of(is_one).map(|(_, builder)| builder)
    }

    /// Iterates over the builders of these types, with their places in the list.
    pub fn numbered_builders_of(
        &mut self,
        is_one: impl Fn(&str) -> bool,
    ) -> impl Iterator<Item = (usize, &mut Object)> {
        objects(&mut self.0, "builders").filter(move |(_, builder)| kind(builder).is_some_and(&is_one))
    }

    /// Iterates over the provisioners, with their places in the list.
    pub fn provisioners(&mut self) -> impl Iterator<Item = (usize, &mut Object)> {
        objects(&mut self.0, "provisioners")
    }

    /// Whether there is anything under that name.
    pub fn has_post_processors(&mut self) -> bool {
        of_mut(&mut self.0, "post-processors").is_some_and(|value| !value.is_null())
    }

    /// Iterates over the post-processors that are objects, those in chains too.
    pub fn post_processors(&mut self) -> impl Iterator<Item = &mut Object> {
        self.numbered_post_processors().map(|(_, post_processor)| post_processor)
    }

    /// Iterates over the post-processors of a type.
    pub fn post_processors_of(&mut self, wanted: &str) -> impl Iterator<Item = &mut Object> {
        self.numbered_post_processors_of(wanted).map(|(_, post_processor)| post_processor)
    }

    /// Iterates over the post-processors of a type, with the ways to them.
    pub fn numbered_post_processors_of(&mut self, wanted: &str) -> impl Iterator<Item = (Vec<Step>, &mut Object)> {
        self.numbered_post_processors().filter(move |(_, post_processor)| kind(post_processor) == Some(wanted))
    }

    fn numbered_post_processors(&mut self) -> impl Iterator<Item = (Vec<Step>, &mut Object)> {
        items(&mut self.0, "post-processors").flat_map(|(index, entry)| {
            let path = vec!["post-processors".into(), index.into()];
            match entry {
                Value::Object(one) => vec![(path, one)],
                Value::Array(chain) => {
                    let inner = chain.iter_mut().enumerate();
                    let with_path = |index: usize| path.iter().cloned().chain([index.into()]).collect();
                    inner.filter_map(|(index, one)| Some((with_path(index), one.as_object_mut()?))).collect()
                }
                _ => Vec::new(),
            }
        })
    }
}

/// Returns the member of the root, whatever the case of its letters (JSON-3); one that is written so comes first.
fn of_mut<'a>(root: &'a mut Object, name: &str) -> Option<&'a mut Value> {
    let written = match root.contains_key(name) {
        true => name.to_owned(),
        false => root.keys().find(|key| key.eq_ignore_ascii_case(name))?.clone(),
    };
    root.get_mut(&written)
}

fn items<'a>(root: &'a mut Object, name: &str) -> impl Iterator<Item = (usize, &'a mut Value)> {
    of_mut(root, name).and_then(Value::as_array_mut).into_iter().flatten().enumerate()
}

fn objects<'a>(root: &'a mut Object, name: &str) -> impl Iterator<Item = (usize, &'a mut Object)> {
    items(root, name).filter_map(|(index, item)| Some((index, item.as_object_mut()?)))
}

fn kind(component: &Object) -> Option<&str> {
    component.get("type").and_then(Value::as_str)
}

/// Whether it is a builder of Amazon's.
pub fn is_amazon(kind: &str) -> bool {
    kind.starts_with("amazon-")
}

/// An option that is called otherwise today.
pub struct Rename {
    /// The name it had.
    pub old: &'static str,
    /// The name it has.
    pub new: &'static str,
}

impl Rename {
    /// Renames a value that `fits`; one with the new name gives way.
    pub fn over(&self, object: &mut Object, fits: fn(&Value) -> bool) {
        if object.get(self.old).is_some_and(fits)
            && let Some(value) = object.remove(self.old)
        {
            object.insert(self.new.to_owned(), value);
        }
    }

    /// Renames a value that `fits`; where one has the new name, that one stays and this one goes.
    pub fn if_free(&self, object: &mut Object, fits: fn(&Value) -> bool) {
        if object.get(self.old).is_some_and(fits)
            && let Some(value) = object.remove(self.old)
        {
            object.entry(self.new).or_insert(value);
        }
    }

    /// Renames a value that `fits`; where one has the new name, that one stays and this one goes even if it does not.
    pub fn or_drop(&self, object: &mut Object, fits: fn(&Value) -> bool) {
        if object.contains_key(self.new) {
            object.remove(self.old);
        } else {
            self.over(object, fits);
        }
    }
}
