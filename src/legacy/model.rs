//! A legacy JSON template as it is written: its parts with their places, every text raw.
//!
//! Knows no component, renders nothing and fills in no default: what is not written is not here.

use std::time::Duration;

use crate::diagnostics::{FileId, Span};
use crate::syntax::json::{Member, Node};

/// A template whose structure holds.
#[derive(Clone, Debug, PartialEq)]
pub struct Template {
    /// Its text.
    pub file: FileId,
    /// `description`.
    pub description: Option<Text>,
    /// `min_packer_version`.
    pub min_packer_version: Option<Text>,
    /// Members of the root whose names start with an underscore, in text order.
    pub notes: Vec<Note>,
    /// `comments`: a list of objects of texts, as written.
    pub comments: Option<Node>,
    /// `push`: accepted and of no meaning.
    pub push: Option<Node>,
    /// `variables`, in text order.
    pub variables: Vec<Variable>,
    /// `sensitive-variables`; a name here may be that of no variable.
    pub sensitive: Vec<Text>,
    /// `builders`, in text order; their names differ.
    pub builders: Vec<Builder>,
    /// `provisioners`, in text order.
    pub provisioners: Vec<Provisioner>,
    /// `error-cleanup-provisioner`.
    pub clean_up: Option<Provisioner>,
    /// `post-processors`, chain by chain; one that stands alone is a chain of one, an empty one may be among them.
    pub chains: Vec<Vec<PostProcessor>>,
}

/// A text with its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Text {
    /// Escapes of JSON decoded, `{{ }}` as written.
    pub text: String,
    /// Where it stands, quotes included.
    pub span: Span,
}

/// A comment at the root.
#[derive(Clone, Debug, PartialEq)]
pub struct Note {
    /// Its name, with the underscore.
    pub name: Text,
    /// What it says.
    pub text: Text,
}

/// A user variable.
#[derive(Clone, Debug, PartialEq)]
pub struct Variable {
    /// Its name.
    pub name: Text,
    /// Its default; `None`: it is `null`, and a value is required (JSON-9).
    pub default: Option<Text>,
}

/// A builder.
#[derive(Clone, Debug, PartialEq)]
pub struct Builder {
    /// `type`.
    pub kind: Text,
    /// `name`; `None` when it is absent or empty.
    pub name: Option<Text>,
    /// All other members, in text order.
    pub options: Vec<Member>,
    /// The whole object.
    pub span: Span,
}

/// A provisioner.
#[derive(Clone, Debug, PartialEq)]
pub struct Provisioner {
    /// `type`.
    pub kind: Text,
    /// `only`: names of builders, as they are written.
    pub only: Vec<Text>,
    /// `except`.
    pub except: Vec<Text>,
    /// `override`: options by names of builders, in text order.
    pub overrides: Vec<Override>,
    /// `pause_before`; zero when absent.
    pub pause_before: Duration,
    /// `timeout`; zero when absent.
    pub timeout: Duration,
    /// `max_retries`: a whole number, or a text that becomes one.
    pub max_retries: Option<Text>,
    /// All other members, in text order.
    pub options: Vec<Member>,
    /// The whole object.
    pub span: Span,
}

/// What a provisioner does otherwise for one builder.
#[derive(Clone, Debug, PartialEq)]
pub struct Override {
    /// The builder's name.
    pub builder: Text,
    /// Options that take the place of the provisioner's.
    pub options: Vec<Member>,
}

/// A post-processor.
#[derive(Clone, Debug, PartialEq)]
pub struct PostProcessor {
    /// `type`.
    pub kind: Text,
    /// `name`; `None` when it is absent or empty.
    pub name: Option<Text>,
    /// `only`: names of builders, as they are written.
    pub only: Vec<Text>,
    /// `except`.
    pub except: Vec<Text>,
    /// `keep_input_artifact`.
    pub keep_input_artifact: Option<bool>,
    /// All other members, in text order.
    pub options: Vec<Member>,
    /// The whole of it.
    pub span: Span,
}

impl Builder {
    /// Returns the name as it is written, which is the type's when there is none (JSON-19).
    pub fn raw_name(&self) -> &str {
        &self.name.as_ref().unwrap_or(&self.kind).text
    }
}

impl PostProcessor {
    /// Returns the name by which the command line knows it (JSON-29).
    pub fn raw_name(&self) -> &str {
        &self.name.as_ref().unwrap_or(&self.kind).text
    }
}

impl Template {
    /// Whether the variable `name` is sensitive.
    pub fn is_sensitive(&self, name: &str) -> bool {
        self.sensitive.iter().any(|one| one.text == name)
    }
}
