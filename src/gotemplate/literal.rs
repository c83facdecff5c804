//! Go's constants: texts in quotes, characters, numbers.
//!
//! Knows no template.

use super::tree::Number;

/// Returns what a text in double or back quotes holds.
pub fn text(quoted: &str) -> Option<String> {
    let inside = quoted.get(1..quoted.len().checked_sub(1)?)?;
    if quoted.starts_with('`') {
        return Some(inside.replace('\r', ""));
    }
    let mut bytes = Vec::with_capacity(inside.len());
    let mut rest = inside;
    while let Some((unit, length)) = unit(rest, '"') {
        match unit {
            Unit::Letter(letter) => bytes.extend(letter.encode_utf8(&mut [0; 4]).as_bytes()),
            Unit::Byte(byte) => bytes.push(byte),
        }
        rest = &rest[length..];
    }
    rest.is_empty().then(|| String::from_utf8_lossy(&bytes).into_owned())
}

/// Returns the character that stands between single quotes.
pub fn character(quoted: &str) -> Option<char> {
    let inside = quoted.get(1..quoted.len().checked_sub(1)?)?;
    let (unit, length) = unit(inside, '\'')?;
    let letter = match unit {
        Unit::Letter(letter) => letter,
        Unit::Byte(byte) => char::from(byte),
    };
    (length == inside.len()).then_some(letter)
}

enum Unit {
    Letter(char),
    Byte(u8),
}

/// Reads one character or escape; gives its length as well.
fn unit(rest: &str, quote: char) -> Option<(Unit, usize)> {
    let first = rest.chars().next()?;
    if first != '\\' {
        return Some((Unit::Letter(first), first.len_utf8()));
    }
    let escape = rest[1..].chars().next()?;
    let number = |from: usize, digits: usize, radix: u32| {
        let text = rest.get(from..from + digits)?;
        let valid = text.bytes().all(|b| char::from(b).is_digit(radix));
        u32::from_str_radix(text, radix).ok().filter(|_| valid)
    };
    let letter = match escape {
        'a' => '\u{7}',
        'b' => '\u{8}',
        'f' => '\u{c}',
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'v' => '\u{b}',
        '\\' => '\\',
        '\'' | '"' if escape == quote => escape,
        'x' => return Some((Unit::Byte(u8::try_from(number(2, 2, 16)?).ok()?), 4)),
        '0'..='7' => return Some((Unit::Byte(u8::try_from(number(1, 3, 8)?).ok()?), 4)),
        'u' => return Some((Unit::Letter(char::from_u32(number(2, 4, 16)?)?), 6)),
        'U' => return Some((Unit::Letter(char::from_u32(number(2, 8, 16)?)?), 10)),
        _ => return None,
    };
    Some((Unit::Letter(letter), 2))
}

/// Returns the number that `text` writes.
pub fn number(text: &str) -> Option<Number> {
    if let Some(imaginary) = text.strip_suffix('i').filter(|rest| !rest.to_ascii_lowercase().contains("0x")) {
        return float(imaginary).map(Number::Imaginary);
    }
    let is_float = text.contains(['.', 'e', 'E']);
    integer(text).map(Number::Int).or_else(|| float(text).filter(|_| is_float).map(Number::Float))
}

fn integer(text: &str) -> Option<i64> {
    let negative = text.starts_with('-');
    let digits = text.trim_start_matches(['+', '-']);
    if digits.ends_with('_') || digits.contains("__") {
        return None;
    }
    let lower = digits.to_ascii_lowercase().replace('_', "");
    let (radix, digits) = match lower.get(..2) {
        Some("0x") => (16, &lower[2..]),
        Some("0o") => (8, &lower[2..]),
        Some("0b") => (2, &lower[2..]),
        _ if lower.len() > 1 && lower.starts_with('0') => (8, &lower[1..]),
        _ => (10, &lower[..]),
    };
    if digits.starts_with(['+', '-']) {
        return None;
    }
    let number = i128::from_str_radix(digits, radix).ok()?;
    i64::try_from(if negative { -number } else { number }).ok()
}

fn float(text: &str) -> Option<f64> {
    let plain = text.replace('_', "");
    // Rust knows words that Go does not.
    let is_plain = plain.bytes().all(|b| b.is_ascii_digit() || b"+-.eE".contains(&b));
    let has_digit = plain.bytes().any(|b| b.is_ascii_digit());
    let number: f64 = plain.parse().ok().filter(|_| is_plain && has_digit)?;
    number.is_finite().then_some(number)
}
