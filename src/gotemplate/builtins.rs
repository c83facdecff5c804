//! Go's own functions: comparing, indexing, escaping, printing (JSON-58).
//!
//! Knows neither `and` nor `or`, which do not look at all of their arguments.

use std::cmp::Ordering;

use super::value::Val;
use super::{format, verbs};
use crate::value::show::is_visible;

/// Calls the function `name`.
///
/// # Errors
/// In Go's words.
pub fn call(name: &str, args: &[Val]) -> Result<Val, String> {
    let text = |text: String| Ok(Val::Text(text.into()));
    match name {
        "not" => Ok(Val::Bool(!args[0].is_true())),
        "eq" => equals_any(args).map(Val::Bool),
        "ne" => equals(&args[0], &args[1]).map(|equal| Val::Bool(!equal)),
        "lt" => order(args).map(|order| Val::Bool(order == Some(Ordering::Less))),
        "le" => order(args).map(|order| Val::Bool(matches!(order, Some(Ordering::Less | Ordering::Equal)))),
        "gt" => order(args).map(|order| Val::Bool(order == Some(Ordering::Greater))),
        "ge" => order(args).map(|order| Val::Bool(matches!(order, Some(Ordering::Greater | Ordering::Equal)))),
        "len" => len(&args[0]),
        "index" => index_all(&args[0], &args[1..]),
        "slice" => slice(args),
        "html" => text(gotmpl::html_escape(&plain(args))),
        "js" => text(js(&plain(args))),
        "urlquery" => text(gotmpl::url_encode(&plain(args))),
        "print" => text(format::print(args)),
        "println" => text(format::println(args)),
        "printf" => match &args[0] {
            Val::Text(layout) => text(verbs::printf(layout, &args[1..])),
            _ => Err("the format is no text".to_owned()),
        },
        "call" => match &args[0] {
            Val::Nothing => Err("call of nil".to_owned()),
            other => Err(format!("non-function {} of type {}", verbs::printf("%#v", &args[..1]), other.type_name())),
        },
        _ => Err(format!("{name:?} is not a defined function")),
    }
}

/// Returns the arguments as escaping takes them: one text, or what `print` makes of them.
fn plain(args: &[Val]) -> String {
    let shown = |arg: &Val| if let Val::Nothing = arg { Val::text("<no value>") } else { arg.clone() };
    format::print(&args.iter().map(shown).collect::<Vec<_>>())
}

/// Writes a text so that it can stand in quotes of JavaScript.
fn js(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '\\' | '\'' | '"' => out.extend(['\\', letter]),
            '<' | '>' | '&' | '=' => out += &format!("\\u{:04X}", u32::from(letter)),
            _ if is_visible(letter) => out.push(letter),
            _ => out += &format!("\\u{:04X}", u32::from(letter)),
        }
    }
    out
}

fn equals_any(args: &[Val]) -> Result<bool, String> {
    let [first, others @ ..] = args else { return Err("missing argument for comparison".to_owned()) };
    if others.is_empty() {
        return Err("missing argument for comparison".to_owned());
    }
    for other in others {
        if equals(first, other)? {
            return Ok(true);
        }
    }
    Ok(false)
}

fn equals(left: &Val, right: &Val) -> Result<bool, String> {
    match (left, right) {
        (Val::Nothing, Val::Nothing) => Ok(true),
        (Val::Nothing, _) | (_, Val::Nothing) => Ok(false),
        (Val::Bool(a), Val::Bool(b)) => Ok(a == b),
        (Val::Int(a), Val::Int(b)) => Ok(a == b),
        (Val::Byte(a), Val::Byte(b)) => Ok(a == b),
        (Val::Int(a), Val::Byte(b)) | (Val::Byte(b), Val::Int(a)) => Ok(*a == i64::from(*b)),
        (Val::Float(a), Val::Float(b)) | (Val::Imaginary(a), Val::Imaginary(b)) => Ok(a == b),
        (Val::Text(a), Val::Text(b)) => Ok(a == b),
        (Val::List(_) | Val::Map(_) | Val::Data, _) | (_, Val::List(_) | Val::Map(_) | Val::Data) => {
            Err(format!("non-comparable type {}: {}", left.printed(), left.type_name()))
        }
        (a, b) => Err(unlike(a, b)),
    }
}

fn unlike(a: &Val, b: &Val) -> String {
    format!("incompatible types for comparison: {} and {}", a.type_name(), b.type_name())
}

fn order(args: &[Val]) -> Result<Option<Ordering>, String> {
    match (&args[0], &args[1]) {
        (Val::Int(a), Val::Int(b)) => Ok(Some(a.cmp(b))),
        (Val::Byte(a), Val::Byte(b)) => Ok(Some(a.cmp(b))),
        (Val::Int(a), Val::Byte(b)) => Ok(Some(a.cmp(&i64::from(*b)))),
        (Val::Byte(a), Val::Int(b)) => Ok(Some(i64::from(*a).cmp(b))),
        (Val::Float(a), Val::Float(b)) => Ok(a.partial_cmp(b)),
        (Val::Text(a), Val::Text(b)) => Ok(Some(a.cmp(b))),
        (a, b) if !is_basic(a) || !is_basic(b) => Err("invalid type for comparison".to_owned()),
        (Val::Bool(_), Val::Bool(_)) | (Val::Imaginary(_), Val::Imaginary(_)) => {
            Err("invalid type for comparison".to_owned())
        }
        (a, b) => Err(unlike(a, b)),
    }
}

fn is_basic(value: &Val) -> bool {
    matches!(value, Val::Bool(_) | Val::Int(_) | Val::Byte(_) | Val::Float(_) | Val::Imaginary(_) | Val::Text(_))
}

fn len(value: &Val) -> Result<Val, String> {
    let count = match value {
        Val::Text(text) => text.len(),
        Val::List(items) => items.len(),
        Val::Map(members) => members.len(),
        Val::Nothing => return Err("reflect: call of reflect.Value.Type on zero Value".to_owned()),
        other => return Err(format!("len of type {}", other.type_name())),
    };
    Ok(Val::Int(i64::try_from(count).unwrap_or(i64::MAX)))
}

fn index_all(whole: &Val, keys: &[Val]) -> Result<Val, String> {
    if let Val::Nothing = whole {
        return Err("index of untyped nil".to_owned());
    }
    let mut value = whole.clone();
    for key in keys {
        value = index(&value, key)?;
    }
    Ok(value)
}

fn index(value: &Val, key: &Val) -> Result<Val, String> {
    let position = |length: usize, what: &str| match &whole_number(key) {
        Val::Int(at) => match usize::try_from(*at) {
            Ok(at) if at < length => Ok(at),
            // Go looks at the one behind the last, too.
            Ok(at) if at == length => Err(format!("reflect: {what} index out of range")),
            _ => Err(format!("index out of range: {at}")),
        },
        Val::Nothing => Err("cannot index slice/array with nil".to_owned()),
        other => Err(format!("cannot index slice/array with type {}", other.type_name())),
    };
    match value {
        Val::Text(text) => position(text.len(), "string").map(|at| Val::Byte(text.as_bytes()[at])),
        Val::List(items) => position(items.len(), "slice").map(|at| items[at].clone()),
        Val::Map(members) => match key {
            Val::Text(name) => Ok(members.get(&**name).cloned().unwrap_or(Val::Nothing)),
            other => Err(format!("value has type {}; should be string", other.type_name())),
        },
        Val::Nothing => Err("index of untyped nil".to_owned()),
        other => Err(format!("can't index item of type {}", other.type_name())),
    }
}

/// Returns a byte as the number that it is.
fn whole_number(value: &Val) -> Val {
    if let Val::Byte(byte) = value { Val::Int(i64::from(*byte)) } else { value.clone() }
}

fn slice(args: &[Val]) -> Result<Val, String> {
    let length = match &args[0] {
        Val::Text(text) => text.len(),
        Val::List(items) => items.len(),
        Val::Nothing => return Err("slice of untyped nil".to_owned()),
        other => return Err(format!("can't slice item of type {}", other.type_name())),
    };
    match (args.len(), &args[0]) {
        (5.., _) => return Err(format!("too many slice indexes: {}", args.len() - 1)),
        (4, Val::Text(_)) => return Err("cannot 3-index slice a string".to_owned()),
        _ => {}
    }
    let mut bounds = [0, length, length];
    for (place, bound) in bounds.iter_mut().zip(&args[1..]) {
        *place = match whole_number(bound) {
            Val::Int(at) => match usize::try_from(at).ok().filter(|at| *at <= length) {
                Some(at) => at,
                None => return Err(format!("index out of range: {at}")),
            },
            Val::Nothing => return Err("cannot index slice/array with nil".to_owned()),
            other => return Err(format!("cannot index slice/array with type {}", other.type_name())),
        };
    }
    let [from, to, most] = bounds;
    if from > to {
        return Err(format!("invalid slice index: {from} > {to}"));
    }
    if to > most {
        return Err(format!("invalid slice index: {to} > {most}"));
    }
    match &args[0] {
        Val::Text(text) => Ok(Val::text(&String::from_utf8_lossy(&text.as_bytes()[from..to]))),
        Val::List(items) => Ok(Val::List(items[from..to].into())),
        _ => Ok(Val::Nothing),
    }
}
