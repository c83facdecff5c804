//! JSON text from values, and values from JSON text, with numbers of any size exact.
//!
//! Not the reader of templates written in JSON: that one keeps places.

use std::fmt::{self, Write};
use std::sync::Arc;

use super::{Data, Members, Number, Type, Value};

/// Brackets within brackets that are read; deeper ones are refused before they exhaust the stack.
const DEEPEST: usize = 512;

/// Why a value has no JSON text, or a text is no JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JsonError(String);

impl fmt::Display for JsonError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for JsonError {}

/// Returns `value` as compact JSON: keys sorted, numbers in full, `<`, `>` and `&` escaped so that it may stand in HTML.
///
/// # Errors
/// Something in it is unknown, or an infinity.
///
/// # Source
/// FN-74; case `functions/jsonencode-writes-compact-json`.
pub fn write(value: &Value) -> Result<String, JsonError> {
    let mut text = String::new();
    write_value(value, &mut text)?;
    Ok(text)
}

fn write_value(value: &Value, text: &mut String) -> Result<(), JsonError> {
    match value.data() {
        Data::Null(_) => text.push_str("null"),
        Data::Unknown(_) => return Err(JsonError("a value is not known yet".to_owned())),
        Data::Bool(value) => text.push_str(if *value { "true" } else { "false" }),
        Data::Number(number) if number.is_infinite() => {
            return Err(JsonError("JSON has no infinite numbers".to_owned()));
        }
        Data::Number(number) => text.push_str(&number.to_string()),
        Data::String(string) => write_string(string, text),
        Data::List(_, items) | Data::Set(_, items) | Data::Tuple(items) => {
            text.push('[');
            for (i, item) in items.iter().enumerate() {
                if i > 0 {
                    text.push(',');
                }
                write_value(item, text)?;
            }
            text.push(']');
        }
        Data::Map(_, members) | Data::Object(members) => {
            text.push('{');
            for (i, (key, member)) in members.iter().enumerate() {
                if i > 0 {
                    text.push(',');
                }
                write_string(key, text);
                text.push(':');
                write_value(member, text)?;
            }
            text.push('}');
        }
    }
    Ok(())
}

fn write_string(string: &str, text: &mut String) {
    text.push('"');
    for c in string.chars() {
        match c {
            '"' => text.push_str("\\\""),
            '\\' => text.push_str("\\\\"),
            '\n' => text.push_str("\\n"),
            '\r' => text.push_str("\\r"),
            '\t' => text.push_str("\\t"),
            '\x08' => text.push_str("\\b"),
            '\x0c' => text.push_str("\\f"),
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' | '\0'..='\x1f' => {
                let _ = write!(text, "\\u{:04x}", u32::from(c));
            }
            c => text.push(c),
        }
    }
    text.push('"');
}

/// Reads one JSON text: arrays become tuples, objects objects; of a key given twice the last counts.
///
/// # Errors
/// It is cut off (`EOF`), or is not JSON; the message says where, in bytes from 1.
///
/// # Source
/// FN-73; case `functions/jsondecode-keeps-types`.
pub fn read(text: &str) -> Result<Value, JsonError> {
    let mut reader = Reader { text, at: 0, depth: 0 };
    let value = reader.value()?;
    reader.skip_blanks();
    if reader.at < text.len() { Err(reader.unexpected("after the value")) } else { Ok(value) }
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
    depth: usize,
}

impl Reader<'_> {
    fn value(&mut self) -> Result<Value, JsonError> {
        self.skip_blanks();
        match self.peek()? {
            b'{' => self.nested(Reader::object),
            b'[' => self.nested(Reader::array),
            b'"' => Ok(Value::string(&self.string()?)),
            b'-' | b'0'..=b'9' => self.number(),
            b't' => self.word("true", true.into()),
            b'f' => self.word("false", false.into()),
            b'n' => self.word("null", Value::null(Type::Any)),
            _ => Err(self.unexpected("where a value should start")),
        }
    }

    fn nested(&mut self, read: fn(&mut Self) -> Result<Value, JsonError>) -> Result<Value, JsonError> {
        if self.depth == DEEPEST {
            return Err(JsonError(format!("it is nested deeper than {DEEPEST} levels")));
        }
        self.depth += 1;
        self.at += 1;
        let value = read(self);
        self.depth -= 1;
        value
    }

    fn array(&mut self) -> Result<Value, JsonError> {
        let mut items = Vec::new();
        self.skip_blanks();
        if self.take(b']')? {
            return Ok(Value::tuple(items));
        }
        loop {
            items.push(self.value()?);
            self.skip_blanks();
            if self.take(b']')? {
                return Ok(Value::tuple(items));
            }
            self.expect(b',', "after an array element")?;
        }
    }

    fn object(&mut self) -> Result<Value, JsonError> {
        let mut members = Members::new();
        self.skip_blanks();
        if self.take(b'}')? {
            return Ok(Value::object(members));
        }
        loop {
            self.skip_blanks();
            if self.peek()? != b'"' {
                return Err(self.unexpected("where a key should start"));
            }
            // Keys are texts like any other, and normalised as such.
            let key = Value::string(&self.string()?);
            self.skip_blanks();
            self.expect(b':', "after a key")?;
            let value = self.value()?;
            members.insert(Arc::from(key.as_str().unwrap_or_default()), value);
            self.skip_blanks();
            if self.take(b'}')? {
                return Ok(Value::object(members));
            }
            self.expect(b',', "after an object member")?;
        }
    }

    fn string(&mut self) -> Result<String, JsonError> {
        let mut string = String::new();
        self.at += 1;
        loop {
            let rest = &self.text[self.at..];
            let plain = rest.find(|c: char| c == '"' || c == '\\' || c < ' ').unwrap_or(rest.len());
            string.push_str(&rest[..plain]);
            self.at += plain;
            match self.peek()? {
                b'"' => {
                    self.at += 1;
                    return Ok(string);
                }
                b'\\' => string.push(self.escape()?),
                _ => return Err(self.unexpected("in a string")),
            }
        }
    }

    fn escape(&mut self) -> Result<char, JsonError> {
        self.at += 1;
        let c = match self.peek()? {
            b'"' => '"',
            b'\\' => '\\',
            b'/' => '/',
            b'b' => '\x08',
            b'f' => '\x0c',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => {
                self.at += 1;
                return self.unicode();
            }
            _ => return Err(self.unexpected("in an escape")),
        };
        self.at += 1;
        Ok(c)
    }

    /// Reads four digits, and a second escape when the first is half of a pair. A lone half is replaced.
    fn unicode(&mut self) -> Result<char, JsonError> {
        let first = self.four_digits()?;
        if (0xd800..0xdc00).contains(&first) && self.text[self.at..].starts_with("\\u") {
            let back = self.at;
            self.at += 2;
            let second = self.four_digits()?;
            if (0xdc00..0xe000).contains(&second) {
                let code = 0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00);
                return Ok(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
            }
            self.at = back;
        }
        Ok(char::from_u32(first).unwrap_or(char::REPLACEMENT_CHARACTER))
    }

    fn four_digits(&mut self) -> Result<u32, JsonError> {
        let mut code = 0;
        for _ in 0..4 {
            let digit = char::from(self.peek()?).to_digit(16).ok_or_else(|| self.unexpected("in an escape"))?;
            code = code * 16 + digit;
            self.at += 1;
        }
        Ok(code)
    }

    fn number(&mut self) -> Result<Value, JsonError> {
        let start = self.at;
        self.at += usize::from(self.text[start..].starts_with('-'));
        let whole = self.at;
        self.digits()?;
        if self.text[whole..self.at].len() > 1 && self.text[whole..].starts_with('0') {
            self.at = whole + 1;
            return Err(self.unexpected("after a leading zero"));
        }
        if self.text[self.at..].starts_with('.') {
            self.at += 1;
            self.digits()?;
        }
        if self.text[self.at..].starts_with(['e', 'E']) {
            self.at += 1;
            self.at += usize::from(self.text[self.at..].starts_with(['+', '-']));
            self.digits()?;
        }
        let number = Number::from_text(&self.text[start..self.at]);
        number.map(Value::from).ok_or_else(|| self.unexpected("in a number"))
    }

    fn digits(&mut self) -> Result<(), JsonError> {
        if !self.peek()?.is_ascii_digit() {
            return Err(self.unexpected("in a number"));
        }
        self.at += self.text[self.at..].bytes().take_while(u8::is_ascii_digit).count();
        Ok(())
    }

    fn word(&mut self, word: &str, value: Value) -> Result<Value, JsonError> {
        if self.text[self.at..].starts_with(word) {
            self.at += word.len();
            return Ok(value);
        }
        if word.starts_with(&self.text[self.at..]) {
            Err(JsonError("EOF".to_owned()))
        } else {
            Err(self.unexpected("where a value should start"))
        }
    }

    fn skip_blanks(&mut self) {
        self.at += self.text[self.at..].bytes().take_while(|c| matches!(c, b' ' | b'\t' | b'\n' | b'\r')).count();
    }

    fn peek(&self) -> Result<u8, JsonError> {
        self.text.as_bytes().get(self.at).copied().ok_or_else(|| JsonError("EOF".to_owned()))
    }

    fn take(&mut self, wanted: u8) -> Result<bool, JsonError> {
        let there = self.peek()? == wanted;
        self.at += usize::from(there);
        Ok(there)
    }

    fn expect(&mut self, wanted: u8, place: &str) -> Result<(), JsonError> {
        if self.take(wanted)? { Ok(()) } else { Err(self.unexpected(place)) }
    }

    /// The character itself may be part of a secret; its place is enough.
    fn unexpected(&self, place: &str) -> JsonError {
        JsonError(format!("invalid character {place}, at byte {}", self.at + 1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn again(text: &str) -> String {
        write(&read(text).unwrap_or_else(|e| panic!("{text}: {e}"))).unwrap()
    }

    #[test]
    fn texts_are_compact_sorted_and_exact() {
        // FN-73, FN-74
        assert_eq!(again(r#" { "b" : [ 1.50, -0.1e2 ,true,null ], "a":{} } "#), r#"{"a":{},"b":[1.5,-10,true,null]}"#);
        assert_eq!(again("12345678901234567890123"), "12345678901234567890123");
        assert_eq!(again(r#""<a href=\"x\">&\u2028\u0001""#), r#""\u003ca href=\"x\"\u003e\u0026\u2028\u0001""#);
        assert_eq!(again(r#""\ud83d\ude00 \u00e9 \ud800 x""#), "\"😀 é \u{fffd} x\"");
        assert_eq!(again(r#"{"a":1,"a":2}"#), r#"{"a":2}"#);
    }

    #[test]
    fn a_text_that_is_cut_says_eof() {
        // FN-73
        for text in ["", "{\"a\":", "[1", "\"x", "tr", "\"\\u00", "-", "1.", "{"] {
            assert_eq!(read(text).unwrap_err().to_string(), "EOF", "{text}");
        }
    }

    #[test]
    fn what_is_not_json_is_refused_with_its_place() {
        for text in ["{} x", "[1,]", "abc", "01", "+1", ".5", "'a'", "{a:1}", "[1 2]", "\"\n\"", "nulL", "\"\\x\""] {
            let message = read(text).unwrap_err().to_string();
            assert!(message.contains("at byte"), "{text}: {message}");
        }
    }

    #[test]
    fn infinite_unknown_and_bottomless_values_are_refused() {
        assert!(write(&Value::from(Number::infinity(false))).is_err());
        assert!(write(&Value::tuple([Value::unknown(Type::String)])).is_err());
        assert!(read(&"[".repeat(100_000)).unwrap_err().to_string().contains("nested deeper"));
    }
}
