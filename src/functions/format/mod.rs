//! `format` and `formatlist`: text with verbs, in the manner of C and Go.
//!
//! Knows how values are written, not where they come from.

#[cfg(test)]
mod tests;

use dashu_int::ops::UnsignedAbs;
use unicode_segmentation::UnicodeSegmentation;

use super::Shape::{Any, ListOfString, String as Text};
use super::{Function, Looks, bad, failed, param, text};
use crate::eval::CallError;
use crate::value::convert::convert;
use crate::value::{Data, Decimal, Number, Type, Value, json};

/// Wider or longer than this no verb makes a text.
const WIDEST: usize = 1 << 16;

/// The functions of this family.
pub const FUNCTIONS: &[Function] = &[
    Function {
        name: "format",
        params: &[param("format", Text)],
        rest: Some(super::nullable("args", Any)),
        returns: Text,
        looks: Looks::Deep,
        call: |_cx, args| {
            if args.iter().any(is_plain_null) {
                return Ok(Value::unknown(Type::Any));
            }
            write(text(args, 0), &args[1..]).map(Value::from)
        },
        about: "`format` with each verb replaced by an argument: `%s` text, `%d` `%b` `%o` `%x` whole numbers, `%f` `%e` `%g` \
                numbers, `%t` bools, `%q` quoted text, `%v` anything, `%#v` JSON; with flags, width, precision and `[n]` \
                directly before the verb.",
        examples: &[
            (r#"format("Hello, %s!", "Ander")"#, r#""Hello, Ander!""#),
            (r#"format("%05d|%-5d|%x", 42, 42, 255)"#, r#""00042|42   |ff""#),
            (r#"format("%.2f %v %v", 3.14159, 999999, 1000000)"#, r#""3.14 999999 1e+06""#),
            (r#"format("%[2]s %[1]s", "a", "b")"#, r#""b a""#),
        ],
    },
    Function {
        name: "formatlist",
        params: &[param("format", Text)],
        rest: Some(super::nullable("args", Any)),
        returns: ListOfString,
        looks: Looks::Deep,
        call: |_cx, args| match args.iter().any(is_plain_null) {
            true => Ok(Value::unknown(Type::Any)),
            false => lines(text(args, 0), &args[1..]),
        },
        about: "As `format`, once for each element of the lists among the arguments, which must be of one length.",
        examples: &[(r#"formatlist("%s=%d", ["a", "b"], 7)"#, r#"["a=7", "b=7"]"#), (r#"formatlist("%s", [])"#, "[]")],
    },
];

/// Whether it is a null of no type; as in the reference (FN-7), one among the arguments leaves the result open.
fn is_plain_null(value: &Value) -> bool {
    matches!(value.data(), Data::Null(Type::Any))
}

fn lines(format: &str, args: &[Value]) -> Result<Value, CallError> {
    let mut first: Option<(usize, usize)> = None;
    for (index, length) in args.iter().enumerate().filter_map(|(i, arg)| Some((i + 1, arg.as_items()?.len()))) {
        match first {
            None => first = Some((index, length)),
            Some((other, wanted)) if wanted != length => {
                let reason = format!(
                    "argument {index} has length {length}, which is inconsistent with argument {other} of length {wanted}"
                );
                return bad(index, reason);
            }
            Some(_) => {}
        }
    }
    let count = first.map_or(1, |(_, length)| length);
    let line = |row: usize| {
        let args: Vec<Value> = args.iter().map(|arg| arg.as_items().map_or(arg, |items| &items[row]).clone()).collect();
        write(format, &args).map(Value::from)
    };
    let lines = (0..count).map(|row| {
        line(row).or_else(|(CallError::Failed(e) | CallError::Argument(_, e))| {
            failed(format!("error on format iteration {row}: {e}"))
        })
    });
    Ok(Value::list(Type::String, lines.collect::<Result<Vec<_>, _>>()?))
}

/// One verb with what stands between it and its percent sign.
#[derive(Default)]
struct Verb<'f> {
    /// From the percent sign to the letter, for messages.
    raw: &'f str,
    offset: usize,
    letter: char,
    sharp: bool,
    space: bool,
    plus: bool,
    minus: bool,
    zero: bool,
    width: usize,
    precision: Option<usize>,
}

impl Verb<'_> {
    fn unsupported(&self, reason: &str) -> String {
        format!("unsupported value for {:?} at {}: {reason}", self.raw, self.offset)
    }
}

/// Returns `format` with its verbs replaced.
fn write(format: &str, args: &[Value]) -> Result<String, CallError> {
    let (mut out, mut rest, mut offset) = (String::new(), format, 0);
    let (mut next, mut highest) = (1, 0);
    while let Some(at) = rest.find('%') {
        out.push_str(&rest[..at]);
        offset += at;
        rest = &rest[at..];
        if rest.starts_with("%%") {
            out.push('%');
            (rest, offset) = (&rest[2..], offset + 2);
            continue;
        }
        let (verb, index, length) = parse(rest, offset).or_else(failed)?;
        let index = index.unwrap_or(next);
        let Some(value) = args.get(index - 1) else {
            let (raw, total) = (verb.raw, args.len());
            return failed(format!(
                "not enough arguments for {raw:?} at {offset}: need index {index} but have {total} total"
            ));
        };
        out.push_str(&replace(&verb, value).or_else(failed)?);
        (next, highest) = (index + 1, highest.max(index));
        (rest, offset) = (&rest[length..], offset + length);
    }
    out.push_str(rest);
    match args.len() {
        given if given <= highest => Ok(out),
        // The format itself is argument 0.
        _ if highest == 0 => bad(1, "too many arguments; no verbs in format string"),
        _ => bad(highest + 1, format!("too many arguments; only {highest} used by format string")),
    }
}

/// Reads the verb that `text` starts with; also returns its argument's index, if given, and its length in bytes.
fn parse(text: &str, offset: usize) -> Result<(Verb<'_>, Option<usize>, usize), String> {
    let mut verb = Verb { offset, ..Verb::default() };
    let mut at = 1;
    for flag in text[1..].chars() {
        match flag {
            '#' => verb.sharp = true,
            ' ' => verb.space = true,
            '+' => verb.plus = true,
            '-' => verb.minus = true,
            '0' => verb.zero = true,
            _ => break,
        }
        at += 1;
    }
    verb.width = digits(text, &mut at)?.unwrap_or(0);
    if text[at..].starts_with('.') {
        at += 1;
        verb.precision = Some(digits(text, &mut at)?.unwrap_or(0));
    }
    let mut index = None;
    if text[at..].starts_with('[') {
        let start = at + 1;
        at = start;
        let number = digits(text, &mut at)?.filter(|number| *number > 0);
        if number.is_none() || !text[at..].starts_with(']') {
            return Err(format!("an argument index such as [1] is required at offset {}", offset + start));
        }
        index = number;
        at += 1;
    }
    let Some(letter) = text[at..].chars().next() else {
        return Err(format!("the format string ends within the verb {text:?} at offset {offset}"));
    };
    if !letter.is_ascii_alphabetic() {
        return Err(format!("unrecognized format character {letter:?} at offset {}", offset + at));
    }
    let length = at + letter.len_utf8();
    (verb.letter, verb.raw) = (letter, &text[..length]);
    Ok((verb, index, length))
}

fn digits(text: &str, at: &mut usize) -> Result<Option<usize>, String> {
    let digits = &text[*at..*at + text[*at..].bytes().take_while(u8::is_ascii_digit).count()];
    *at += digits.len();
    if digits.is_empty() {
        return Ok(None);
    }
    match digits.parse() {
        Ok(number) if number <= WIDEST => Ok(Some(number)),
        _ => Err(format!("{digits} is too large for a width, precision or index")),
    }
}

fn replace(verb: &Verb, value: &Value) -> Result<String, String> {
    if value.is_null() && verb.letter == 'v' {
        return Ok(pad(verb, "null"));
    }
    if value.is_null() {
        return Err(verb.unsupported("null value cannot be formatted"));
    }
    match verb.letter {
        'v' if verb.sharp => Ok(pad(verb, &json::write(value).map_err(|e| verb.unsupported(&e.to_string()))?)),
        'v' => match (value.as_number(), value.as_items(), value.as_members()) {
            // Signs, blanks in place of them, and precisions are for verbs of numbers and texts.
            (Some(number), ..) => {
                let plain = Verb { raw: verb.raw, letter: 'g', ..Verb::default() };
                Ok(pad(verb, &general(&plain, number)))
            }
            (_, None, None) => replace(&Verb { letter: 's', raw: verb.raw, precision: None, ..*verb }, value),
            _ => Ok(pad(verb, &json::write(value).map_err(|e| verb.unsupported(&e.to_string()))?)),
        },
        't' => {
            let value = convert(value, &Type::Bool).map_err(|e| verb.unsupported(&e.message))?;
            // As in the reference, a width means nothing here.
            Ok((if value.as_bool() == Some(true) { "true" } else { "false" }).to_owned())
        }
        's' | 'q' => {
            let value = convert(value, &Type::String).map_err(|e| verb.unsupported(&e.message))?;
            let mut shown = value.as_str().unwrap_or_default();
            if let Some(precision) = verb.precision.filter(|precision| *precision > 0) {
                let end = shown.grapheme_indices(true).nth(precision).map_or(shown.len(), |(at, _)| at);
                shown = &shown[..end];
            }
            let quoted = (verb.letter == 'q').then(|| json::write(&Value::from(shown)));
            let quoted = quoted.transpose().map_err(|e| verb.unsupported(&e.to_string()))?;
            Ok(pad(verb, quoted.as_deref().unwrap_or(shown)))
        }
        'b' | 'd' | 'o' | 'x' | 'X' => integer(verb, &number(verb, value)?),
        'e' | 'E' | 'f' | 'g' | 'G' => {
            let number = number(verb, value)?;
            Ok(match verb.letter {
                'g' | 'G' => general(verb, &number),
                'f' => fixed(verb, &number),
                _ => scientific(verb, &number),
            })
        }
        letter => Err(format!("unsupported format verb {letter:?} in {:?} at offset {}", verb.raw, verb.offset)),
    }
}

fn number(verb: &Verb, value: &Value) -> Result<Number, String> {
    let value = convert(value, &Type::Number).map_err(|e| verb.unsupported(&e.message))?;
    value.as_number().cloned().ok_or_else(|| verb.unsupported("a number is required"))
}

fn integer(verb: &Verb, number: &Number) -> Result<String, String> {
    let Some(whole) = number.as_integer() else { return Err(verb.unsupported("an integer is required")) };
    let (radix, prefix) = match verb.letter {
        'b' => (2, "0b"),
        'o' => (8, "0"),
        'x' => (16, "0x"),
        'X' => (16, "0X"),
        _ => (10, ""),
    };
    if number.is_zero() && verb.precision == Some(0) {
        // A zero without digits is nothing, not even wide.
        return Ok(String::new());
    }
    let mut digits = whole.unsigned_abs().in_radix(radix).to_string();
    if verb.letter == 'X' {
        digits.make_ascii_uppercase();
    }
    if let Some(missing) = verb.precision.and_then(|precision| precision.checked_sub(digits.len())) {
        digits.insert_str(0, &"0".repeat(missing));
    }
    let sign = sign(verb, number.is_negative() && !number.is_zero()).to_owned() + if verb.sharp { prefix } else { "" };
    Ok(pad_number(verb, &sign, &digits, verb.zero && verb.precision.is_none()))
}

/// Runs `write` on the digits of `number` and puts sign and padding around them.
fn with_sign(verb: &Verb, number: &Number, write: impl FnOnce(Decimal) -> String) -> String {
    match number.shortest().and(number.exact()) {
        Some(exact) => pad_number(verb, sign(verb, exact.negative), &write(exact), verb.zero),
        None => {
            let sign = if number.is_negative() { "-" } else { "+" };
            pad_number(verb, sign, "Inf", false)
        }
    }
}

fn fixed(verb: &Verb, number: &Number) -> String {
    with_sign(verb, number, |mut decimal| {
        let precision = verb.precision.unwrap_or(6);
        decimal.round(decimal.point.saturating_add(precision as i64));
        decimal.plain(Some(precision))
    })
}

fn scientific(verb: &Verb, number: &Number) -> String {
    with_sign(verb, number, |mut decimal| {
        let precision = verb.precision.unwrap_or(6);
        decimal.round(precision as i64 + 1);
        cased(verb, decimal.scientific(Some(precision)))
    })
}

fn general(verb: &Verb, number: &Number) -> String {
    let shortest = number.shortest();
    with_sign(verb, number, |mut decimal| {
        let Some(precision) = verb.precision else {
            return cased(verb, shortest.unwrap_or(decimal).general(6));
        };
        let precision = precision.max(1) as i64;
        decimal.round(precision);
        let digits = decimal.digits.len() as i64;
        let limit = if precision > digits && digits >= decimal.point { digits } else { precision };
        cased(verb, decimal.general(limit))
    })
}

fn cased(verb: &Verb, text: String) -> String {
    if verb.letter.is_ascii_uppercase() { text.to_ascii_uppercase() } else { text }
}

fn sign(verb: &Verb, negative: bool) -> &'static str {
    match (negative, verb.plus, verb.space) {
        (true, ..) => "-",
        (_, true, _) => "+",
        (.., true) => " ",
        _ => "",
    }
}

/// Fills up to the width; zeros go between sign and digits.
fn pad_number(verb: &Verb, sign: &str, digits: &str, zeros: bool) -> String {
    let missing = verb.width.saturating_sub(sign.len() + digits.len());
    // For a float, zeros in front win over filling up behind it.
    if zeros && (!verb.minus || !matches!(verb.letter, 'b' | 'd' | 'o' | 'x' | 'X')) {
        format!("{sign}{}{digits}", "0".repeat(missing))
    } else {
        pad(&Verb { zero: false, ..*verb }, &format!("{sign}{digits}"))
    }
}

/// Fills up to the width, counted in characters as people see them.
fn pad(verb: &Verb, text: &str) -> String {
    let missing = verb.width.saturating_sub(text.graphemes(true).count());
    match (verb.minus, verb.zero) {
        (true, true) => format!("{text}{}", "0".repeat(missing)),
        (true, false) => format!("{text}{}", " ".repeat(missing)),
        (_, true) => format!("{}{text}", "0".repeat(missing)),
        _ => format!("{}{text}", " ".repeat(missing)),
    }
}
