//! Functions between text and its encodings: JSON, base64, URLs.
//!
//! The formats themselves stand in `value::json` and in crates.

use std::io::Write;

use base64::Engine;
use base64::alphabet;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig, STANDARD};

use super::Shape::{Any, String as Text};
use super::{Function, Looks, failed, nullable, param, text};
use crate::value::json;

/// The functions of this family.
pub const FUNCTIONS: &[Function] = &[
    Function {
        name: "jsonencode",
        params: &[nullable("val", Any)],
        rest: None,
        returns: Text,
        looks: Looks::Deep,
        call: |_cx, args| json::write(&args[0]).map_or_else(|error| failed(error.to_string()), |text| Ok(text.into())),
        about: "`val` as compact JSON: keys sorted, numbers in full, `<`, `>` and `&` escaped.",
        examples: &[
            (r#"jsonencode({ b = 1, a = [true, null, "x"] })"#, r#""{\"a\":[true,null,\"x\"],\"b\":1}""#),
            (r#"jsonencode("<é>")"#, r#""\"\\u003cé\\u003e\"""#),
        ],
    },
    Function {
        name: "jsondecode",
        params: &[param("str", Text)],
        rest: None,
        returns: Any,
        looks: Looks::Deep,
        call: |_cx, args| json::read(text(args, 0)).or_else(|error| failed(error.to_string())),
        about: "The value that the JSON text `str` stands for; numbers are exact.",
        examples: &[
            (r#"jsondecode("{\"a\": 1, \"b\": [true, null]}")"#, "{ a = 1, b = [true, null] }"),
            (r#""=${jsondecode("12345678901234567890123")}""#, r#""=12345678901234567890123""#),
        ],
    },
    Function {
        name: "base64encode",
        params: &[param("str", Text)],
        rest: None,
        returns: Text,
        looks: Looks::Deep,
        call: |_cx, args| Ok(STANDARD.encode(text(args, 0)).into()),
        about: "The bytes of `str` in base64.",
        examples: &[(r#"base64encode("Hello World")"#, r#""SGVsbG8gV29ybGQ=""#)],
    },
    Function {
        name: "base64decode",
        params: &[param("str", Text)],
        rest: None,
        returns: Text,
        looks: Looks::Deep,
        call: |_cx, args| {
            let Some(bytes) = unpacked(text(args, 0)) else {
                return failed("it is not base64 in the standard alphabet, with padding");
            };
            match String::from_utf8(bytes) {
                Ok(text) => Ok(text.into()),
                Err(_) => failed("the result of decoding it is not valid UTF-8"),
            }
        },
        about: "The text whose bytes `str` holds in base64; line ends in it do no harm.",
        examples: &[
            (r#"base64decode("SGVsbG8gV29ybGQ=")"#, r#""Hello World""#),
            (r#"base64decode("SGVs\nbG8=")"#, r#""Hello""#),
        ],
    },
    Function {
        name: "base64gzip",
        params: &[param("str", Text)],
        rest: None,
        returns: Text,
        looks: Looks::Deep,
        call: |_cx, args| {
            let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
            match packer.write_all(text(args, 0).as_bytes()).and_then(|()| packer.finish()) {
                Ok(packed) => Ok(STANDARD.encode(packed).into()),
                Err(error) => failed(format!("cannot compress it: {error}")),
            }
        },
        about: "The bytes of `str`, compressed by gzip, in base64.",
        examples: &[(r#"substr(base64gzip("hello"), 0, 4)"#, r#""H4sI""#)],
    },
    Function {
        name: "urlencode",
        params: &[param("str", Text)],
        rest: None,
        returns: Text,
        looks: Looks::Deep,
        call: |_cx, args| Ok(query_escaped(text(args, 0)).into()),
        about: "`str` as it may stand in the query of a URL; a space becomes `+`.",
        examples: &[(r#"urlencode("a/b c~é")"#, r#""a%2Fb+c~%C3%A9""#)],
    },
];

/// Reads base64 as Go does: line ends in it and loose bits at its end do no harm.
pub fn unpacked(text: &str) -> Option<Vec<u8>> {
    const LOOSE: GeneralPurpose =
        GeneralPurpose::new(&alphabet::STANDARD, GeneralPurposeConfig::new().with_decode_allow_trailing_bits(true));
    let packed: String = text.chars().filter(|c| !matches!(c, '\r' | '\n')).collect();
    LOOSE.decode(packed).ok()
}

fn query_escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => escaped.push(byte.into()),
            b' ' => escaped.push('+'),
            byte => escaped.push_str(&format!("%{byte:02X}")),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::CallError;
    use crate::value::Value;

    fn call(name: &str, argument: impl Into<Value>) -> Result<Value, CallError> {
        let function = FUNCTIONS.iter().find(|function| function.name == name).expect("the function is here");
        let cx = crate::functions::standing_still();
        (function.call)(&cx, &[argument.into()])
    }

    #[test]
    fn what_is_not_text_in_base64_is_refused() {
        // FN-69
        for packed in ["SGVsbG8", "_-8=", "/w=="] {
            assert!(matches!(call("base64decode", packed), Err(CallError::Failed(_))), "{packed}");
        }
        assert_eq!(call("base64decode", ""), Ok("".into()));
    }

    #[test]
    fn cut_json_says_eof() {
        // FN-73
        assert_eq!(call("jsondecode", "[1"), Err(CallError::Failed("EOF".to_owned())));
    }

    #[test]
    fn queries_are_escaped_byte_by_byte() {
        // FN-77
        assert_eq!(query_escaped("a/b?c=d&e+f#g"), "a%2Fb%3Fc%3Dd%26e%2Bf%23g");
        assert_eq!(query_escaped("☃ é'!*()"), "%E2%98%83+%C3%A9%27%21%2A%28%29");
    }
}
