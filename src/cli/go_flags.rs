//! Flags as Go programs take them: `-x`, `--x`, `-x=v`, `-x v`, and none behind the first other word.
//!
//! Rewrites them into the form that clap reads; which flags there are, clap's definition says.

use std::error::Error;
use std::num::IntErrorKind;

use clap::ArgAction;
use clap::error::{ContextKind, ContextValue, ErrorKind};

use crate::diagnostics::did_you_mean;

/// Lets a flag that is simply on or off take a value too, in any of Go's words: `-force`, `-force=F` (CLI-8).
pub fn as_in_go(flag: clap::Arg) -> clap::Arg {
    if !matches!(flag.get_action(), ArgAction::SetTrue) {
        return flag;
    }
    let flag = if flag.get_default_values().is_empty() { flag.default_value("false") } else { flag };
    flag.action(ArgAction::Set).num_args(0..=1).default_missing_value("true").value_parser(boolean)
}

/// Rewrites `words` into `--name=value` words, then `--`, then what are not flags.
///
/// # Errors
/// In Go's words, for a flag that does not exist or lacks its value.
///
/// # Source
/// CLI-8.
pub fn rewrite(command: &clap::Command, words: &[String]) -> Result<Vec<String>, String> {
    let mut rewritten = Vec::new();
    let mut rest = words.iter();
    while let Some(word) = rest.as_slice().first() {
        if word == "--" {
            rest.next();
            break;
        }
        let Some(flag) = word.strip_prefix("--").or_else(|| word.strip_prefix('-')).filter(|flag| !flag.is_empty())
        else {
            break;
        };
        rest.next();
        let (name, value) = flag.split_once('=').map_or((flag, None), |(name, value)| (name, Some(value)));
        if name.is_empty() || name.starts_with('-') {
            return Err(format!("bad flag syntax: {word}"));
        }
        let Some(definition) =
            command.get_arguments().find(|arg| arg.get_long() == Some(name) && !is_taken_out(command, arg))
        else {
            return Err(unknown(command, name));
        };
        let takes_value = definition.get_num_args().is_none_or(|count| count.min_values() > 0);
        let value = match value {
            Some(value) => value,
            None if takes_value => rest.next().ok_or_else(|| format!("flag needs an argument: -{name}"))?,
            None => "true",
        };
        rewritten.push(format!("--{name}={value}"));
    }
    rewritten.push("--".to_owned());
    rewritten.extend(rest.cloned());
    Ok(rewritten)
}

fn unknown(command: &clap::Command, name: &str) -> String {
    if name == "machine-readable" {
        return format!(
            "flag provided but not defined: -{name}\nWrite -machine-readable, once; it may stand anywhere."
        );
    }
    let flags = command.get_arguments().filter(|flag| !flag.is_hide_set()).filter_map(clap::Arg::get_long);
    let hint = did_you_mean(name, flags).map(|near| format!("\nDid you mean -{near}?"));
    format!("flag provided but not defined: -{name}{}", hint.unwrap_or_default())
}

/// Whether the flag is taken out of the words before they get here, and is only defined for the help: what is left
/// over of it (`-machine-readable=true`, a second one) is no flag (CLI-18). `build` alone takes it, and does nothing.
fn is_taken_out(command: &clap::Command, arg: &clap::Arg) -> bool {
    arg.get_id() == "machine_readable" && command.get_name() != "build"
}

/// Returns clap's complaint about the words of `command` in Go's words: `invalid value "x" for flag -y: why`.
pub fn complaint(command: &clap::Command, error: &clap::Error) -> String {
    let text = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => text.clone(),
        _ => String::new(),
    };
    let argument = text(ContextKind::InvalidArg);
    let flag = argument.split(['=', ' ', '[']).next().unwrap_or_default().trim_start_matches('-');
    let is_bool = |flag: &str| {
        let definition = command.get_arguments().find(|arg| arg.get_long() == Some(flag));
        definition.is_some_and(|arg| arg.get_num_args().is_some_and(|count| count.min_values() == 0))
    };
    match (error.kind(), error.source()) {
        (ErrorKind::ValueValidation, Some(reason)) if is_bool(flag) => {
            format!("invalid boolean value {:?} for -{flag}: {reason}", text(ContextKind::InvalidValue))
        }
        (ErrorKind::InvalidValue, _) if is_bool(flag) => {
            format!("invalid boolean value \"\" for -{flag}: parse error")
        }
        (ErrorKind::ValueValidation, Some(reason)) => {
            format!("invalid value {:?} for flag -{flag}: {reason}", text(ContextKind::InvalidValue))
        }
        (ErrorKind::InvalidValue, _) => format!("invalid value \"\" for flag -{flag}: a value is needed"),
        _ => error.to_string().lines().next().unwrap_or_default().to_owned(),
    }
}

/// Parses a bool as Go's flags do.
///
/// # Errors
/// `parse error` for anything else.
pub fn boolean(text: &str) -> Result<bool, String> {
    match text {
        "1" | "t" | "T" | "true" | "TRUE" | "True" => Ok(true),
        "0" | "f" | "F" | "false" | "FALSE" | "False" => Ok(false),
        _ => Err("parse error".to_owned()),
    }
}

/// Parses a whole number as Go's flags do: decimal, `0x`, `0o`, `0b`, with a sign.
///
/// # Errors
/// `parse error` for anything else, `value out of range` for what is too large.
pub fn integer(text: &str) -> Result<i64, String> {
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => (-1, digits),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    if !underscores_part_digits(digits) {
        return Err("parse error".to_owned());
    }
    let lower = digits.to_ascii_lowercase().replace('_', "");
    let (digits, base) = match lower.as_str() {
        hex if hex.starts_with("0x") => (&hex[2..], 16),
        octal if octal.starts_with("0o") => (&octal[2..], 8),
        binary if binary.starts_with("0b") => (&binary[2..], 2),
        octal if octal.len() > 1 && octal.starts_with('0') => (&octal[1..], 8),
        decimal => (decimal, 10),
    };
    if digits.starts_with(['+', '-']) {
        return Err("parse error".to_owned());
    }
    let too_large = || "value out of range".to_owned();
    match i128::from_str_radix(digits, base) {
        Ok(number) => i64::try_from(sign * number).map_err(|_| too_large()),
        Err(error) if *error.kind() == IntErrorKind::PosOverflow => Err(too_large()),
        Err(_) => Err("parse error".to_owned()),
    }
}

/// Whether each underscore stands between two digits; a base like `0x` counts as one.
fn underscores_part_digits(digits: &str) -> bool {
    let parts: Vec<&str> = digits.split('_').collect();
    parts.len() == 1 || parts.iter().all(|part| !part.is_empty())
}
