//! The shape of a block: which arguments and nested blocks it takes, and what they mean.
//!
//! Shared by `eval` (decodes a body by it), components (declare it) and plugins (send it).

use super::Type;

/// The arguments and nested blocks of a body.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Schema {
    /// In the order they were declared.
    pub attributes: Vec<AttributeSchema>,
    /// In the order they were declared.
    pub blocks: Vec<BlockSchema>,
}

/// One argument.
#[derive(Clone, Debug, PartialEq)]
pub struct AttributeSchema {
    /// Its name.
    pub name: String,
    /// What it is converted to.
    pub ty: Type,
    /// Whether the body must give it. Most components check that themselves, in their own words.
    pub required: bool,
    /// A sentence or more for the docs.
    pub about: String,
    /// The value when absent, as text for the docs; `None`: empty.
    pub default: Option<String>,
    /// Rendered when the component runs, not when it is prepared.
    pub late: bool,
    /// Its text is never shown.
    pub secret: bool,
}

/// One type of nested block.
#[derive(Clone, Debug, PartialEq)]
pub struct BlockSchema {
    /// The block's type.
    pub name: String,
    /// What it holds.
    pub schema: Schema,
    /// How often it may stand there and what that gives.
    pub nesting: Nesting,
    /// A sentence or more for the docs.
    pub about: String,
}

/// What repeated blocks make.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nesting {
    /// At most one block: an object, null when absent.
    Single,
    /// Any number: a list of objects in text order.
    List,
    /// Any number: a set of objects; doubles count once, order does not matter.
    Set,
}

impl Schema {
    /// Returns the argument called `name`.
    pub fn attribute(&self, name: &str) -> Option<&AttributeSchema> {
        self.attributes.iter().find(|a| a.name == name)
    }

    /// Returns the block type called `name`.
    pub fn block(&self, name: &str) -> Option<&BlockSchema> {
        self.blocks.iter().find(|b| b.name == name)
    }

    /// Adds all of `other` behind what is here.
    pub fn extend(&mut self, other: Schema) {
        self.attributes.extend(other.attributes);
        self.blocks.extend(other.blocks);
    }
}
