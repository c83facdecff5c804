//! `printf`: flags, widths, precisions, places of arguments and verbs, as Go's package fmt has them.
//!
//! Knows no template.

use std::iter::repeat_n;

use super::format::{exponent, float, float_of};
use super::value::Val;
use crate::value::show::{is_visible, quote};

/// A larger width or precision is none.
const MOST: usize = 1_000_000;

/// Prints `args` by `format`. What does not fit is told in the text itself: `%!d(string=x)`.
pub fn printf(format: &str, args: &[Val]) -> String {
    let mut out = String::new();
    let mut rest = format;
    let (mut next, mut reordered) = (0, false);
    while let Some((before, behind)) = rest.split_once('%') {
        out.push_str(before);
        let mut one = Directive { rest: behind, args, next, reordered: false, misplaced: false, named: false };
        let mut verb = Verb::default();
        one.flags(&mut verb);
        one.place();
        one.sizes(&mut verb, &mut out);
        let Some(letter) = one.rest.chars().next() else {
            out.push_str("%!(NOVERB)");
            return finish(out, one.next, reordered || one.reordered, args);
        };
        rest = &one.rest[letter.len_utf8()..];
        (next, reordered) = (one.next, reordered | one.reordered);
        match args.get(next) {
            _ if letter == '%' => out.push('%'),
            _ if one.misplaced => out += &format!("%!{letter}(BADINDEX)"),
            None => out += &format!("%!{letter}(MISSING)"),
            Some(arg) => {
                if matches!(letter, 'v' | 'w') {
                    (verb.source, verb.sharp, verb.plus) = (verb.sharp, false, false);
                }
                verb.print(arg, letter, &mut out);
                next += 1;
            }
        }
    }
    out.push_str(rest);
    finish(out, next, reordered, args)
}

/// Tells of arguments that no verb has taken.
fn finish(mut out: String, next: usize, reordered: bool, args: &[Val]) -> String {
    if !reordered && next < args.len() {
        let extra: Vec<String> = args[next..].iter().map(|arg| typed(arg, arg.printed())).collect();
        out += &format!("%!(EXTRA {})", extra.join(", "));
    }
    out
}

fn typed(arg: &Val, printed: String) -> String {
    if matches!(arg, Val::Nothing) { printed } else { format!("{}={printed}", arg.type_name()) }
}

/// What stands between a percent sign and its verb.
struct Directive<'f> {
    rest: &'f str,
    args: &'f [Val],
    /// Position of the argument that is next.
    next: usize,
    /// Whether a position was written.
    reordered: bool,
    /// Whether one was written that is none.
    misplaced: bool,
    /// Whether a position was written just now.
    named: bool,
}

impl Directive<'_> {
    fn eat(&mut self, letter: char) -> bool {
        let rest = self.rest.strip_prefix(letter);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    fn flags(&mut self, verb: &mut Verb) {
        loop {
            match self.rest.as_bytes().first() {
                Some(b'#') => verb.sharp = true,
                Some(b'0') => verb.zero = true,
                Some(b'+') => verb.plus = true,
                Some(b'-') => verb.minus = true,
                Some(b' ') => verb.space = true,
                _ => return,
            }
            self.rest = &self.rest[1..];
        }
    }

    /// Reads the position of an argument: `[2]`.
    fn place(&mut self) {
        self.named = false;
        let Some(inside) = self.rest.strip_prefix('[') else { return };
        self.reordered = true;
        let Some((digits, rest)) = inside.split_once(']') else {
            (self.misplaced, self.rest) = (true, inside);
            return;
        };
        self.rest = rest;
        match digits.parse::<usize>() {
            Ok(place) if (1..=self.args.len()).contains(&place) => (self.next, self.named) = (place - 1, true),
            _ => self.misplaced = true,
        }
    }

    fn sizes(&mut self, verb: &mut Verb, out: &mut String) {
        if self.eat('*') {
            let width = self.size_of_argument();
            verb.width = width.map(i64::unsigned_abs).and_then(|width| usize::try_from(width).ok());
            if width.is_some_and(|width| width < 0) {
                (verb.minus, verb.zero) = (true, false);
            }
            out.push_str(if width.is_none() { "%!(BADWIDTH)" } else { "" });
        } else {
            verb.width = self.digits();
            self.misplaced |= self.named && verb.width.is_some();
        }
        // A point at the end is a verb that there is not.
        if self.rest.len() > 1 && self.eat('.') {
            self.misplaced |= self.named;
            self.place();
            if self.eat('*') {
                let precision = self.size_of_argument();
                verb.precision = precision.and_then(|precision| usize::try_from(precision).ok());
                out.push_str(if verb.precision.is_none() { "%!(BADPREC)" } else { "" });
            } else {
                verb.precision = Some(self.digits().unwrap_or(0));
            }
        }
        if !self.named {
            self.place();
        }
    }

    fn size_of_argument(&mut self) -> Option<i64> {
        self.named = false;
        let arg = self.args.get(self.next)?;
        self.next += 1;
        match arg {
            Val::Byte(byte) => Some(i64::from(*byte)),
            Val::Int(number) if number.unsigned_abs() <= MOST as u64 => Some(*number),
            _ => None,
        }
    }

    fn digits(&mut self) -> Option<usize> {
        let length = self.rest.bytes().take_while(u8::is_ascii_digit).count();
        let (digits, rest) = self.rest.split_at(length);
        self.rest = rest;
        digits.parse().ok().filter(|number| *number <= MOST)
    }
}

/// How one value is written.
#[derive(Clone, Copy, Default)]
struct Verb {
    sharp: bool,
    /// `%#v`: as it is written in Go.
    source: bool,
    zero: bool,
    plus: bool,
    minus: bool,
    space: bool,
    width: Option<usize>,
    precision: Option<usize>,
}

impl Verb {
    fn print(self, arg: &Val, letter: char, out: &mut String) {
        match (arg, letter) {
            (_, 'T') => self.pad(self.cut(arg.type_name()), out),
            (Val::Nothing, 'v') => self.pad("<nil>", out),
            (Val::Bool(flag), 't' | 'v') => self.pad(if *flag { "true" } else { "false" }, out),
            (Val::Int(number), _) => self.int(arg, *number, letter, out),
            (Val::Byte(byte), 'v') if self.source => self.pad(&format!("{byte:#x}"), out),
            (Val::Byte(byte), _) => self.int(arg, i64::from(*byte), letter, out),
            (Val::Float(number), 'v' | 'b' | 'g' | 'G' | 'x' | 'X' | 'e' | 'E' | 'f' | 'F') => {
                self.float(*number, letter, out);
            }
            (Val::Imaginary(number), 'v' | 'b' | 'g' | 'G' | 'x' | 'X' | 'e' | 'E' | 'f' | 'F') => {
                out.push('(');
                self.float(0.0, letter, out);
                Verb { plus: true, ..self }.float(*number, letter, out);
                out.push_str("i)");
            }
            (Val::Text(text), 'v') if self.source => self.pad(&quote(self.cut(text)), out),
            (Val::Text(text), 's' | 'v') => self.pad(self.cut(text), out),
            (Val::Text(text), 'q') => self.quoted(self.cut(text), out),
            (Val::Text(text), 'x' | 'X') => self.hex(text.as_bytes(), letter == 'X', out),
            (Val::List(items), _) => {
                out.push('[');
                for (index, item) in items.iter().enumerate() {
                    out.push_str(if index > 0 { " " } else { "" });
                    self.print(item, letter, out);
                }
                out.push(']');
            }
            (Val::Map(members), _) => {
                out.push_str("map[");
                for (index, (name, value)) in members.iter().enumerate() {
                    out.push_str(if index > 0 { " " } else { "" });
                    self.print(&Val::text(name), letter, out);
                    out.push(':');
                    self.print(value, letter, out);
                }
                out.push(']');
            }
            _ => self.misfit(arg, letter, out),
        }
    }

    fn misfit(self, arg: &Val, letter: char, out: &mut String) {
        let mut printed = String::new();
        match arg {
            Val::Nothing | Val::Data => printed.push_str("<nil>"),
            _ => self.print(arg, 'v', &mut printed),
        }
        *out += &format!("%!{letter}({})", typed(arg, printed));
    }

    /// Adds `text` with blanks, or noughts, to its width in letters.
    fn pad(self, text: &str, out: &mut String) {
        let missing = self.width.unwrap_or(0).saturating_sub(text.chars().count());
        if self.minus {
            out.push_str(text);
            out.extend(repeat_n(' ', missing));
        } else {
            out.extend(repeat_n(if self.zero { '0' } else { ' ' }, missing));
            out.push_str(text);
        }
    }

    fn cut(self, text: &str) -> &str {
        let end = self.precision.and_then(|letters| text.char_indices().nth(letters));
        end.map_or(text, |(end, _)| &text[..end])
    }

    fn quoted(self, text: &str, out: &mut String) {
        let is_raw = |text: &str| text.chars().all(|c| c == '\t' || (c != '`' && !c.is_control() && c != '\u{feff}'));
        match text {
            _ if self.sharp && is_raw(text) => self.pad(&format!("`{text}`"), out),
            _ if self.plus => self.pad(&ascii(&quote(text)), out),
            _ => self.pad(&quote(text), out),
        }
    }

    fn hex(self, bytes: &[u8], is_upper: bool, out: &mut String) {
        let bytes = &bytes[..self.precision.unwrap_or(bytes.len()).min(bytes.len())];
        let digits = |byte: &u8| if is_upper { format!("{byte:02X}") } else { format!("{byte:02x}") };
        let pieces: Vec<String> = bytes.iter().map(digits).collect();
        let prefix = if !self.sharp || bytes.is_empty() {
            ""
        } else if is_upper {
            "0X"
        } else {
            "0x"
        };
        let between = if self.space { format!(" {prefix}") } else { String::new() };
        self.pad(&format!("{prefix}{}", pieces.join(&between)), out);
    }

    fn int(self, arg: &Val, number: i64, letter: char, out: &mut String) {
        let size = number.unsigned_abs();
        let (digits, prefix) = match letter {
            'v' | 'd' => (size.to_string(), ""),
            'b' => (format!("{size:b}"), "0b"),
            'o' | 'O' => (format!("{size:o}"), "0"),
            'x' => (format!("{size:x}"), "0x"),
            'X' => (format!("{size:X}"), "0X"),
            'c' => return self.pad(&letter_of(number).to_string(), out),
            'q' => return self.character(letter_of(number), out),
            'U' => return self.code_point(number as u64, out),
            _ => return self.misfit(arg, letter, out),
        };
        let sign = self.sign(number < 0);
        let by_zero = self.width.filter(|_| self.zero && !self.minus && self.precision.is_none());
        let least = self.precision.or(by_zero.map(|width| width.saturating_sub(sign.len()))).unwrap_or(0);
        let plain = Verb { zero: false, ..self };
        if self.precision == Some(0) && number == 0 {
            return plain.pad("", out);
        }
        let mut text = "0".repeat(least.saturating_sub(digits.len())) + &digits;
        if self.sharp && !(prefix == "0" && text.starts_with('0')) {
            text.insert_str(0, prefix);
        }
        if letter == 'O' {
            text.insert_str(0, "0o");
        }
        plain.pad(&format!("{sign}{text}"), out);
    }

    fn sign(self, is_negative: bool) -> &'static str {
        match (is_negative, self.plus, self.space) {
            (true, ..) => "-",
            (false, true, _) => "+",
            (false, false, true) => " ",
            _ => "",
        }
    }

    fn character(self, letter: char, out: &mut String) {
        let text = quote(&letter.to_string());
        let inside = text[1..text.len() - 1].replace("\\\"", "\"").replace('\'', "\\'");
        let text = format!("'{inside}'");
        self.pad(if self.plus { ascii(&text) } else { text }.as_str(), out);
    }

    fn code_point(self, number: u64, out: &mut String) {
        let mut text = format!("U+{number:0digits$X}", digits = self.precision.unwrap_or(4).max(4));
        let letter = u32::try_from(number).ok().and_then(char::from_u32);
        if let Some(letter) = letter.filter(|letter| self.sharp && is_visible(*letter)) {
            text += &format!(" '{letter}'");
        }
        Verb { zero: false, ..self }.pad(&text, out);
    }

    fn float(self, number: f64, letter: char, out: &mut String) {
        let size = number.abs();
        let digits = match (letter, self.precision) {
            _ if !number.is_finite() => float(size).trim_start_matches('+').to_owned(),
            ('v' | 'g' | 'G', precision) => float_of(size, precision),
            ('e' | 'E', precision) => exponent(&format!("{size:.*e}", precision.unwrap_or(6))),
            ('f' | 'F', precision) => format!("{size:.*}", precision.unwrap_or(6)),
            ('b', _) => binary(size),
            (_, precision) => hexadecimal(size, precision),
        };
        let digits =
            if self.sharp && letter != 'b' && number.is_finite() { self.filled(&digits, letter) } else { digits };
        let digits = if matches!(letter, 'E' | 'G' | 'X') { digits.to_uppercase() } else { digits };
        let sign = match self.sign(number.is_sign_negative() && !number.is_nan()) {
            "" if number.is_infinite() => "+",
            sign => sign,
        };
        let length = sign.len() + digits.len();
        let zero = self.zero && number.is_finite();
        match self.width {
            Some(width) if zero && !self.minus && !sign.is_empty() && width > length => {
                *out += &format!("{sign}{}{digits}", "0".repeat(width - length));
            }
            _ => Verb { zero, ..self }.pad(&format!("{sign}{digits}"), out),
        }
    }
}

impl Verb {
    /// Adds to the digits of a float a point, and the noughts that `#` asks for.
    fn filled(self, digits: &str, letter: char) -> String {
        let is_hex = matches!(letter, 'x' | 'X');
        let mut wanted = if matches!(letter, 'v' | 'g' | 'G' | 'x') { self.precision.unwrap_or(6) } else { 0 };
        let end = digits.find(if is_hex { 'p' } else { 'e' }).unwrap_or(digits.len());
        let (number, power) = digits.split_at(end);
        let counted = number.trim_start_matches(['0', '.']);
        wanted = wanted.saturating_sub(counted.chars().filter(|letter| *letter != '.').count());
        let has_point = number.contains('.');
        wanted = wanted.saturating_sub(usize::from(!has_point && number == "0"));
        format!("{number}{}{}{power}", if has_point { "" } else { "." }, "0".repeat(wanted))
    }
}

fn letter_of(number: i64) -> char {
    u32::try_from(number).ok().and_then(char::from_u32).unwrap_or(char::REPLACEMENT_CHARACTER)
}

/// Writes what is no ASCII as `\u00e4`.
fn ascii(text: &str) -> String {
    let mut out = String::new();
    for letter in text.chars() {
        match u32::from(letter) {
            _ if letter.is_ascii() => out.push(letter),
            code if code < 0x1_0000 => out += &format!("\\u{code:04x}"),
            code => out += &format!("\\U{code:08x}"),
        }
    }
    out
}

/// Takes a double apart: its whole mantissa, and the power of two that belongs to it.
fn parts(number: f64) -> (u64, i64) {
    let bits = number.to_bits();
    let (fraction, power) = (bits & ((1 << 52) - 1), i64::try_from(bits >> 52 & 0x7ff).unwrap_or(0));
    if power == 0 { (fraction, -1074) } else { (fraction | 1 << 52, power - 1075) }
}

fn binary(number: f64) -> String {
    let (mantissa, power) = parts(number);
    format!("{mantissa}p{power:+}")
}

fn hexadecimal(number: f64, precision: Option<usize>) -> String {
    let (mantissa, power) = parts(number);
    let (mut mantissa, mut power) = if mantissa == 0 { (0, -52) } else { (mantissa, power) };
    while mantissa != 0 && mantissa < 1 << 52 {
        (mantissa, power) = (mantissa << 1, power - 1);
    }
    if let Some(digits) = precision.filter(|digits| *digits < 13) {
        let cut = 4 * (13 - digits);
        let (kept, rest, half) = (mantissa >> cut, mantissa & ((1 << cut) - 1), 1 << (cut - 1));
        mantissa = (kept + u64::from(rest > half || (rest == half && kept % 2 == 1))) << cut;
        if mantissa >> 53 != 0 {
            (mantissa, power) = (mantissa >> 1, power + 1);
        }
    }
    let all = format!("{:013x}", mantissa & ((1 << 52) - 1));
    let digits = match precision {
        Some(digits) => format!("{all:0<digits$}")[..digits].to_owned(),
        None => all.trim_end_matches('0').to_owned(),
    };
    let point = if digits.is_empty() { "" } else { "." };
    let power = power + 52;
    let sign = if power < 0 { '-' } else { '+' };
    format!("0x{}{point}{digits}p{sign}{:02}", mantissa >> 52, power.abs())
}
