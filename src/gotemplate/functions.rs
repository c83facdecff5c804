//! The functions of `{{ }}`: their arguments, and what those that Packer adds to Go's tell.
//!
//! Knows no syntax: who calls says where.

use std::sync::Arc;

use jiff::tz::TimeZone;

use super::value::Val;
use super::{Engine, Fields, PLACEHOLDER, builtins, layout, stores};
use crate::host::VERSION;

/// What an argument has to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Anything.
    Any,
    /// A text.
    Text,
    /// A whole number.
    Int,
}

impl Kind {
    /// Returns Go's name of it.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Any => "interface {}",
            Kind::Text => "string",
            Kind::Int => "int",
        }
    }
}

/// Which arguments a function takes.
#[derive(Clone, Copy)]
pub struct Signature {
    /// Those that have to be there.
    pub fixed: &'static [Kind],
    /// What all further ones are; `None`: there may be none.
    pub rest: Option<Kind>,
}

/// The functions that Packer adds to Go's.
pub const OWN: &[&str] = &[
    "aws_secretsmanager",
    "aws_secretsmanager_raw",
    "build",
    "build_name",
    "build_type",
    "consul_key",
    "env",
    "isotime",
    "lower",
    "packer_version",
    "pwd",
    "replace",
    "replace_all",
    "split",
    "strftime",
    "template_dir",
    "timestamp",
    "upper",
    "user",
    "uuid",
    "vault",
];

/// Whether there is a function of this name.
pub fn is_function(name: &str) -> bool {
    signature(name).is_some()
}

/// Returns the arguments of the function `name`.
pub fn signature(name: &str) -> Option<Signature> {
    use Kind::{Any, Int, Text};
    let (fixed, rest): (&[Kind], _) = match name {
        "and" | "or" | "eq" | "index" | "slice" | "call" => (&[Any], Some(Any)),
        "not" | "len" => (&[Any], None),
        "ne" | "lt" | "le" | "gt" | "ge" => (&[Any, Any], None),
        "html" | "js" | "urlquery" | "print" | "println" => (&[], Some(Any)),
        "printf" => (&[Text], Some(Any)),
        "build_name" | "build_type" | "packer_version" | "pwd" | "template_dir" | "timestamp" | "uuid" => (&[], None),
        "build" | "consul_key" | "env" | "lower" | "strftime" | "upper" | "user" | "aws_secretsmanager_raw" => {
            (&[Text], None)
        }
        "sed" | "vault" => (&[Text, Text], None),
        "isotime" | "aws_secretsmanager" => (&[], Some(Text)),
        "replace" => (&[Text, Text, Int, Text], None),
        "replace_all" => (&[Text, Text, Text], None),
        "split" => (&[Text, Text, Int], None),
        _ => return None,
    };
    Some(Signature { fixed, rest })
}

/// The values of variables while others are still being found.
pub trait Variables {
    /// Returns the value of `name`, as far as it is known.
    fn get(&self, name: &str) -> Option<Arc<str>>;
}

/// What functions and fields of one rendering tell.
pub struct Context<'a> {
    /// Who builds what, where, since when.
    pub engine: &'a Engine,
    /// What `{{ .Name }}` sees.
    pub fields: &'a Fields,
    /// The variables, where the text is the value of one.
    pub variables: Option<&'a dyn Variables>,
}

impl Context<'_> {
    /// Whether the text is the value of a variable.
    pub fn is_for_variables(&self) -> bool {
        self.variables.is_some()
    }

    /// Returns what `{{ .name }}` is.
    pub fn field(&self, name: &str) -> Option<Val> {
        self.fields.values.get(name).map(Val::of)
    }

    /// Returns all fields, by name.
    pub fn data(&self) -> Vec<(&str, Val)> {
        self.fields.values.iter().map(|(name, value)| (name.as_str(), Val::of(value))).collect()
    }

    /// Prints `{{ . }}`.
    pub fn print_data(&self, out: &mut String) {
        let members = self.data().into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        Val::Map(Arc::new(members)).print(out);
    }

    /// Calls a function with arguments that suit its signature.
    ///
    /// # Errors
    /// What is wrong, without its place.
    pub fn call(&self, name: &str, args: &[Val]) -> Result<Val, String> {
        let engine = self.engine;
        let host = &engine.host;
        let time = || host.started().to_zoned(TimeZone::UTC).datetime();
        let secret = |get: &dyn Fn() -> Result<String, String>, refusal: &str| match self.variables {
            Some(_) => get().map(|text| Val::text(&text)),
            None => Err(refusal.to_owned()),
        };
        match name {
            "build_name" => self.of_build(name, &engine.build_name),
            "build_type" => self.of_build(name, &engine.build_type),
            "packer_version" => Ok(Val::text(VERSION)),
            "pwd" => Ok(Val::text(&host.cwd().to_string_lossy())),
            "template_dir" => match &engine.legacy {
                Some(legacy) => Ok(Val::text(&legacy.template_dir)),
                None => Err("template path not available".to_owned()),
            },
            "timestamp" => Ok(Val::text(&host.started().as_second().to_string())),
            "uuid" => Ok(Val::text(&time_ordered_uuid(host.now().as_second()))),
            "isotime" => match args {
                [] => Ok(Val::text(&layout::go(time(), "2006-01-02T15:04:05Z07:00"))),
                [layout] => Ok(Val::text(&layout::go(time(), text(layout)))),
                _ => Err("too many values, 1 needed: the layout".to_owned()),
            },
            "strftime" => Ok(Val::text(&layout::strftime(time(), text(&args[0])))),
            "build" => self.build(text(&args[0])),
            "user" => self.user(text(&args[0])),
            "env" => {
                secret(&|| Ok(host.env(text(&args[0])).unwrap_or_default().to_owned()), "env vars are not allowed here")
            }
            "consul_key" => secret(&|| stores::consul(host, text(&args[0])), "consul_key is not allowed here"),
            "vault" => secret(
                &|| stores::vault(host, text(&args[0]), text(&args[1])),
                "Vault vars are only allowed in the variables section",
            ),
            "aws_secretsmanager" => secret(
                &|| match args {
                    [name] => stores::aws(host, text(name), ""),
                    [name, key] => stores::aws(host, text(name), text(key)),
                    _ => Err("one or two arguments are needed: the name of a secret, and a key in it".to_owned()),
                },
                "AWS Secrets Manager is only allowed in the variables section",
            ),
            "aws_secretsmanager_raw" => secret(
                &|| stores::aws_raw(host, text(&args[0])),
                "AWS Secrets Manager is only allowed in the variables section",
            ),
            "sed" => Err("sed is not available; use replace or replace_all instead".to_owned()),
            "upper" => Ok(Val::text(&text(&args[0]).chars().map(upper).collect::<String>())),
            "lower" => {
                let lower = |letter: char| letter.to_lowercase().next().unwrap_or(letter);
                Ok(Val::text(&text(&args[0]).chars().map(lower).collect::<String>()))
            }
            "split" => split(text(&args[0]), text(&args[1]), int(&args[2])),
            "replace" => Ok(replace(text(&args[3]), text(&args[0]), text(&args[1]), int(&args[2]))),
            "replace_all" => Ok(replace(text(&args[2]), text(&args[0]), text(&args[1]), -1)),
            _ => builtins::call(name, args),
        }
    }

    fn of_build(&self, name: &str, text: &str) -> Result<Val, String> {
        if text.is_empty() { Err(format!("{name} not available")) } else { Ok(Val::text(text)) }
    }

    /// Gives what the build knows. What it will only know later is left as a field (JSON-39).
    fn build(&self, key: &str) -> Result<Val, String> {
        match self.field(key) {
            Some(Val::Text(text)) if text.ends_with(PLACEHOLDER) => Ok(Val::text(&format!("{{{{.{key}}}}}"))),
            Some(value) => Ok(value),
            None => Err(format!("loaded data, but couldnt find {key} in it.")),
        }
    }

    /// Gives a user variable; where all are known, one that is not there is empty (JSON-17).
    fn user(&self, name: &str) -> Result<Val, String> {
        if let Some(variables) = self.variables {
            return variables.get(name).map(Val::Text).ok_or_else(|| format!("{UNSET}{name}"));
        }
        match &self.engine.legacy {
            Some(legacy) => Ok(legacy.user.get(name).map_or_else(|| Val::text(""), |value| Val::Text(value.clone()))),
            None => Err(format!("only JSON templates have user variables; in HCL2, write ${{var.{name}}}")),
        }
    }
}

/// How the complaint begins that a variable has no value yet.
pub const UNSET: &str = "Error: variable not set: ";

/// Returns the text of an argument whose signature says that it is one.
fn text(value: &Val) -> &str {
    if let Val::Text(text) = value { text } else { "" }
}

fn int(value: &Val) -> i64 {
    if let Val::Int(number) = value { *number } else { 0 }
}

/// Go maps letter by letter: what would become several letters stays (`ß`).
fn upper(letter: char) -> char {
    let mut upper = letter.to_uppercase();
    match (upper.next(), upper.next()) {
        (Some(one), None) => one,
        _ => letter,
    }
}

/// Splits into letters when `separator` is empty, as Go does.
fn pieces<'a>(whole: &'a str, separator: &str) -> Vec<&'a str> {
    if separator.is_empty() {
        whole.char_indices().map(|(at, letter)| &whole[at..at + letter.len_utf8()]).collect()
    } else {
        whole.split(separator).collect()
    }
}

fn split(whole: &str, separator: &str, index: i64) -> Result<Val, String> {
    let pieces = pieces(whole, separator);
    let piece = usize::try_from(index).ok().and_then(|index| pieces.get(index));
    piece.map(|piece| Val::text(piece)).ok_or_else(|| {
        format!(
            "there is no piece {index}: splitting {whole:?} at {separator:?} gives {} pieces, counted from 0",
            pieces.len()
        )
    })
}

/// Replaces the first `count` places, all when it is negative; an empty `old` stands before every letter and at the end.
fn replace(whole: &str, old: &str, new: &str, count: i64) -> Val {
    match usize::try_from(count) {
        Ok(count) => Val::text(&whole.replacen(old, new, count)),
        Err(_) => Val::text(&whole.replace(old, new)),
    }
}

/// An id whose order is that of time: 32 bits of seconds, the rest by chance (JSON-46).
fn time_ordered_uuid(seconds: i64) -> String {
    let mut bytes = *uuid::Uuid::new_v4().as_bytes();
    let seconds = u32::try_from(seconds & 0xffff_ffff).expect("32 bits fit");
    bytes[..4].copy_from_slice(&seconds.to_be_bytes());
    uuid::Uuid::from_bytes(bytes).to_string()
}
