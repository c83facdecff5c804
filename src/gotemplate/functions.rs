//! The functions of `{{ }}` that Packer adds to Go's.
//!
//! Knows no syntax; a function's name is told to whoever locates its error.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use gotmpl::{FuncMap, Result, Value};
use jiff::tz::TimeZone;

use super::{Engine, Fields, failure, layout, value_of};
use crate::host::VERSION;

/// Names of Packer's functions, sorted.
pub const NAMES: &[&str] = &[
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
    "sed",
    "split",
    "strftime",
    "template_dir",
    "timestamp",
    "upper",
    "user",
    "uuid",
    "vault",
];

/// Names of Go's own functions (JSON-58), sorted.
pub const BUILTINS: &[&str] = &[
    "and", "call", "eq", "ge", "gt", "html", "index", "js", "le", "len", "lt", "ne", "not", "or", "print", "printf",
    "println", "slice", "urlquery",
];

/// Where a failing function leaves its name.
pub type Failed = Arc<Mutex<Option<String>>>;

type Body = Box<dyn Fn(&[Value]) -> Result<Value> + Send + Sync>;

/// Returns all of Packer's functions; one that fails leaves its name in `failed`.
pub fn all(engine: &Engine, fields: &Fields, failed: &Failed) -> FuncMap {
    let mut functions = FuncMap::new();
    for name in NAMES {
        let body = body(name, engine, fields);
        let failed = Arc::clone(failed);
        functions.insert(
            (*name).to_owned(),
            Arc::new(move |args: &[Value]| {
                body(args).inspect_err(|_| {
                    *failed.lock().expect("no function panics while it holds the lock") = Some((*name).to_owned());
                })
            }),
        );
    }
    functions
}

fn body(name: &'static str, engine: &Engine, fields: &Fields) -> Body {
    let host = engine.host.clone();
    let time = host.started().to_zoned(TimeZone::UTC).datetime();
    match name {
        "build_name" => constant(name, engine.build_name.clone()),
        "build_type" => constant(name, engine.build_type.clone()),
        "packer_version" => constant(name, VERSION.to_owned()),
        "pwd" => constant(name, host.cwd().display().to_string()),
        "timestamp" => {
            let seconds = host.started().as_second();
            Box::new(move |args| given::<0>(name, args).map(|_| Value::Int(seconds)))
        }
        "uuid" => Box::new(move |args| {
            given::<0>(name, args)?;
            Ok(text(&time_ordered_uuid(host.now().as_second())))
        }),
        "isotime" => Box::new(move |args| match args {
            [] => Ok(text(&layout::go(time, "2006-01-02T15:04:05Z07:00"))),
            [layout] => Ok(text(&layout::go(time, string(layout)?))),
            _ => Err(failure("error calling isotime: too many values, 1 needed: the layout")),
        }),
        "strftime" => Box::new(move |args| {
            let [format] = given(name, args)?;
            Ok(text(&layout::strftime(time, string(format)?)))
        }),
        "build" => {
            let data: BTreeMap<String, Value> =
                fields.values.iter().map(|(name, value)| (name.clone(), value_of(value))).collect();
            Box::new(move |args| {
                let [key] = given(name, args)?;
                let key = string(key)?;
                let missing = || failure(format!("error calling build: loaded data, but couldnt find {key} in it."));
                data.get(key).cloned().ok_or_else(missing)
            })
        }
        "template_dir" => refused(name, "template path not available"),
        "user" => refused(name, "test"),
        "env" => refused(name, "env vars are not allowed here"),
        "consul_key" => refused(name, "consul_key is not allowed here"),
        "vault" => refused(name, "Vault secrets are not allowed here, only as values of variables"),
        "aws_secretsmanager" | "aws_secretsmanager_raw" => {
            refused(name, "AWS Secrets Manager is not allowed here, only as the value of a variable")
        }
        "sed" => refused(name, "sed is not available; use replace or replace_all instead"),
        _ => on_texts(name),
    }
}

/// Functions that need nothing but their arguments.
fn on_texts(name: &'static str) -> Body {
    Box::new(move |args| match name {
        "upper" => {
            let [word] = given(name, args)?;
            Ok(text(&string(word)?.chars().map(upper).collect::<String>()))
        }
        "lower" => {
            let [word] = given(name, args)?;
            let lower = |letter: char| letter.to_lowercase().next().unwrap_or(letter);
            Ok(text(&string(word)?.chars().map(lower).collect::<String>()))
        }
        "split" => {
            let [whole, separator, index] = given(name, args)?;
            split(string(whole)?, string(separator)?, int(index)?)
        }
        "replace" => {
            let [old, new, count, whole] = given(name, args)?;
            Ok(text(&replace(string(whole)?, string(old)?, string(new)?, int(count)?)))
        }
        "replace_all" => {
            let [old, new, whole] = given(name, args)?;
            Ok(text(&replace(string(whole)?, string(old)?, string(new)?, -1)))
        }
        _ => unreachable!("every name in NAMES has a body"),
    })
}

fn constant(name: &'static str, value: String) -> Body {
    Box::new(move |args| given::<0>(name, args).map(|_| text(&value)))
}

/// A function that exists elsewhere only, or no more.
fn refused(name: &'static str, reason: &'static str) -> Body {
    Box::new(move |_| Err(failure(format!("error calling {name}: {reason}"))))
}

fn text(text: &str) -> Value {
    Value::String(text.into())
}

fn given<'a, const N: usize>(name: &str, args: &'a [Value]) -> Result<&'a [Value; N]> {
    args.try_into().map_err(|_| failure(format!("wrong number of args for {name}: want {N} got {}", args.len())))
}

fn string(value: &Value) -> Result<&str> {
    match value {
        Value::String(text) => Ok(text),
        Value::Nil => Err(failure("invalid value; expected string")),
        other => Err(failure(format!("wrong type for value; expected string; got {}", other.type_name()))),
    }
}

fn int(value: &Value) -> Result<i64> {
    match value {
        Value::Int(number) => Ok(*number),
        Value::Nil => Err(failure("invalid value; expected int")),
        other => Err(failure(format!("wrong type for value; expected int; got {}", other.type_name()))),
    }
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

fn split(whole: &str, separator: &str, index: i64) -> Result<Value> {
    let pieces = pieces(whole, separator);
    let piece = usize::try_from(index).ok().and_then(|index| pieces.get(index));
    piece.map(|piece| text(piece)).ok_or_else(|| {
        failure(format!(
            "error calling split: there is no piece {index}: splitting {whole:?} at {separator:?} gives {} pieces, \
             counted from 0",
            pieces.len()
        ))
    })
}

/// Replaces the first `count` places, all when it is negative; an empty `old` stands before every letter and at the end.
fn replace(whole: &str, old: &str, new: &str, count: i64) -> String {
    match usize::try_from(count) {
        Ok(count) => whole.replacen(old, new, count),
        Err(_) => whole.replace(old, new),
    }
}

/// An id whose order is that of time: 32 bits of seconds, the rest by chance (JSON-46).
fn time_ordered_uuid(seconds: i64) -> String {
    let mut bytes = *uuid::Uuid::new_v4().as_bytes();
    let seconds = u32::try_from(seconds & 0xffff_ffff).expect("32 bits fit");
    bytes[..4].copy_from_slice(&seconds.to_be_bytes());
    uuid::Uuid::from_bytes(bytes).to_string()
}
