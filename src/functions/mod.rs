//! The functions of templates: one table, one file per family.
//!
//! Knows nothing of where a call stands: `eval` counts and converts the arguments before, and adds the place to an error.

mod charset;
mod collection;
mod crypto;
mod csv;
mod datetime;
mod encoding;
#[cfg(test)]
mod examples;
mod fileset;
mod filesystem;
mod float;
mod format;
mod lazy;
mod network;
mod number;
mod regex;
mod secret_stores;
mod string;
mod table;
mod template_file;
mod types;
mod yaml;

use std::path::PathBuf;

use crate::eval::CallError;
use crate::host::Host;
use crate::value::{Type, Value};

pub use table::{Table, VariableDefaults, all, markdown};

/// One function: what it takes and gives, what it does, and examples that are tested.
pub struct Function {
    /// Its name in templates.
    pub name: &'static str,
    /// The fixed parameters.
    pub params: &'static [Param],
    /// The parameter that takes all further arguments.
    pub rest: Option<Param>,
    /// What the result is, as far as the arguments do not decide.
    pub returns: Shape,
    /// How deep it looks, and so what may be unknown in its arguments.
    pub looks: Looks,
    /// Does the work; arguments are of the shapes that the parameters say.
    pub call: fn(&Cx, &[Value]) -> Result<Value, CallError>,
    /// A sentence or two for the docs.
    pub about: &'static str,
    /// Expressions with what they give, both as text.
    pub examples: &'static [(&'static str, &'static str)],
}

/// How deep a function looks into its arguments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Looks {
    /// At everything in them: with one unknown part in them the result is unknown.
    Deep,
    /// Only at the outermost value; parts are moved about as they are, unknown ones too.
    Shallow,
    /// At one argument after the other, until it has what it wants: those behind may be unknown.
    InTurn,
    /// At expressions: it evaluates its arguments itself.
    Lazily,
}

/// A parameter.
#[derive(Clone, Copy, Debug)]
pub struct Param {
    /// Its name, which error texts show.
    pub name: &'static str,
    /// What an argument is converted to.
    pub shape: Shape,
    /// Whether null may be given.
    pub null: bool,
}

/// The types that parameters and results have; a `Type` cannot stand in a constant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is what its name says")]
pub enum Shape {
    Any,
    Bool,
    Number,
    String,
    ListOfAny,
    ListOfBool,
    ListOfString,
    SetOfAny,
    SetOfString,
}

impl Shape {
    /// Returns the type.
    pub fn ty(self) -> Type {
        match self {
            Shape::Any => Type::Any,
            Shape::Bool => Type::Bool,
            Shape::Number => Type::Number,
            Shape::String => Type::String,
            Shape::ListOfAny => Type::list(Type::Any),
            Shape::ListOfBool => Type::list(Type::Bool),
            Shape::ListOfString => Type::list(Type::String),
            Shape::SetOfAny => Type::set(Type::Any),
            Shape::SetOfString => Type::set(Type::String),
        }
    }
}

/// What a function may know of the world.
pub struct Cx {
    /// Clock, environment, folders.
    pub host: Host,
    /// The template's folder as given (`path.root`); relative files are looked for here (FN-8).
    pub base_dir: PathBuf,
    /// Whether the call stands in a file that `templatefile` renders.
    pub in_template_file: bool,
}

/// Makes a parameter.
const fn param(name: &'static str, shape: Shape) -> Param {
    Param { name, shape, null: false }
}

/// Makes a parameter that takes null, too.
const fn nullable(name: &'static str, shape: Shape) -> Param {
    Param { name, shape, null: true }
}

/// Says that argument `index` does not do.
fn bad<T>(index: usize, reason: impl Into<String>) -> Result<T, CallError> {
    Err(CallError::Argument(index, reason.into()))
}

/// Says that the call as a whole cannot be done.
fn failed<T>(reason: impl Into<String>) -> Result<T, CallError> {
    Err(CallError::Failed(reason.into()))
}

/// The most bytes of a text that a function makes out of smaller ones.
const LONGEST_TEXT: usize = 64 << 20;

/// The most parts that a function cuts a text into.
const MOST_PARTS: usize = 1 << 20;

/// Refuses a text of `length` bytes when it is longer than a value may be.
fn check_length(length: usize) -> Result<(), CallError> {
    if length > LONGEST_TEXT {
        return failed(format!("the result would have more than {} MiB", LONGEST_TEXT >> 20));
    }
    Ok(())
}

/// Returns argument `index`, a text.
fn text(args: &[Value], index: usize) -> &str {
    args.get(index).and_then(Value::as_str).unwrap_or_default()
}

/// Returns argument `index`, a whole number that fits 64 bits; if it is none, the call as a whole fails.
fn whole(args: &[Value], index: usize) -> Result<i64, CallError> {
    whole_argument(args, index).or_else(|_| failed(format!("argument {} must be a whole number of 64 bits", index + 1)))
}

/// As [`whole`], but it is the argument that does not do.
fn whole_argument(args: &[Value], index: usize) -> Result<i64, CallError> {
    let number = args.get(index).and_then(Value::as_number).and_then(crate::value::Number::as_i64);
    number.map_or_else(|| bad(index, "a whole number is required"), Ok)
}

/// Returns the elements of argument `index`, a list, set or tuple; none if it is nothing of the kind.
fn items(args: &[Value], index: usize) -> &[Value] {
    args.get(index).and_then(Value::as_items).unwrap_or_default()
}

/// Makes a list of texts.
fn texts<T: AsRef<str>>(texts: impl IntoIterator<Item = T>) -> Value {
    Value::list(Type::String, texts.into_iter().map(|text| Value::string(text.as_ref())))
}

/// Makes a world without files and variables for tests of one function.
#[cfg(test)]
fn standing_still() -> Cx {
    Cx { host: Host::fixed(std::path::Path::new("/"), &[]), base_dir: PathBuf::new(), in_template_file: false }
}
