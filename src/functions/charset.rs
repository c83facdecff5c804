//! Text in other character sets: `textencodebase64`, `textdecodebase64`.
//!
//! The tables of the sets are a crate's; here are their names, and the sets that the web has redefined.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use encoding_rs::Encoding;

use super::Shape::String as Text;
use super::{Function, Looks, bad, param, text};
use crate::eval::CallError;
use crate::value::Value;

/// The functions of this family.
pub const FUNCTIONS: &[Function] = &[
    Function {
        name: "textencodebase64",
        params: &[param("string", Text), param("encoding", Text)],
        rest: None,
        returns: Text,
        looks: Looks::Deep,
        call: |_cx, args| {
            let set = named(args)?;
            let bytes = set.encode(text(args, 0));
            bytes.map_or_else(
                || {
                    bad(
                        0,
                        format!("the given string contains characters that cannot be represented in {}", text(args, 1)),
                    )
                },
                |bytes| Ok(STANDARD.encode(bytes).into()),
            )
        },
        about: "The bytes of `string` in a character set, in base64. Sets have the names that are registered for the internet: \
                `UTF-16LE`, `windows-1252`, `ISO-8859-1`, `Shift_JIS` and so on, in any case.",
        examples: &[
            (r#"textencodebase64("Hi", "UTF-16LE")"#, r#""SABpAA==""#),
            (r#"textencodebase64("ä€", "windows-1252")"#, r#""5IA=""#),
        ],
    },
    Function {
        name: "textdecodebase64",
        params: &[param("source", Text), param("encoding", Text)],
        rest: None,
        returns: Text,
        looks: Looks::Deep,
        call: |_cx, args| {
            let set = named(args)?;
            let Some(bytes) = super::encoding::unpacked(text(args, 0)) else { return bad(0, "it is not base64") };
            set.decode(&bytes).map_or_else(
                || bad(0, format!("the given string contains symbols that are not defined for {}", text(args, 1))),
                |text| Ok(text.into()),
            )
        },
        about: "The text whose bytes in a character set `source` holds in base64.",
        examples: &[(r#"textdecodebase64("SABpAA==", "UTF-16LE")"#, r#""Hi""#)],
    },
];

/// A character set.
#[derive(Clone, Copy)]
enum Set {
    Ascii,
    /// The first 256 characters as they are.
    Latin1,
    /// As Latin 1, but six letters are Turkish.
    Latin5,
    Utf8,
    /// Whether the high byte comes first, and whether a mark tells so.
    Utf16 {
        big: bool,
        marked: bool,
    },
    Other(&'static Encoding),
}

/// The letters of Latin 5 where Latin 1 has others.
const TURKISH: [(u8, char); 6] = [(0xd0, 'Ğ'), (0xdd, 'İ'), (0xde, 'Ş'), (0xf0, 'ğ'), (0xfd, 'ı'), (0xfe, 'ş')];

/// Registered names that the crate does not know, or knows as something else; the others it has.
const NAMES: &[(&[&str], &str)] = &[
    (&["extended_unix_code_packed_format_for_japanese"], "euc-jp"),
    (&["cp936", "ms936", "windows-936", "csgbk"], "gbk"),
    (&["csgb18030"], "gb18030"),
    (&["cskoi8u"], "koi8-u"),
    (&["csiso2022jp"], "iso-2022-jp"),
    (&["csiso885913"], "iso-8859-13"),
    (&["csiso885914", "iso-celtic", "iso-ir-199", "iso_8859-14", "iso_8859-14:1998", "l8", "latin8"], "iso-8859-14"),
    (&["csiso885915", "iso_8859-15", "latin-9"], "iso-8859-15"),
    (&["csiso885916", "iso-ir-226", "iso_8859-16", "iso_8859-16:2001", "l10", "latin10"], "iso-8859-16"),
    (&["iso_8859-10:1992", "latin6", "l6", "iso-ir-157"], "iso-8859-10"),
    (&["cp866", "csibm866", "866"], "ibm866"),
    (&["cswindows1250"], "windows-1250"),
    (&["cswindows1251"], "windows-1251"),
    (&["cswindows1252"], "windows-1252"),
    (&["cswindows1253"], "windows-1253"),
    (&["cswindows1254"], "windows-1254"),
    (&["cswindows1255"], "windows-1255"),
    (&["cswindows1256"], "windows-1256"),
    (&["cswindows1257"], "windows-1257"),
    (&["cswindows1258"], "windows-1258"),
    (&["cswindows874"], "windows-874"),
];

fn named(args: &[Value]) -> Result<Set, CallError> {
    let name = text(args, 1);
    Set::named(&name.to_lowercase())
        .map_or_else(|| bad(1, format!("{name:?} is not a supported IANA encoding name or alias")), Ok)
}

impl Set {
    fn named(name: &str) -> Option<Set> {
        Some(match name {
            "us-ascii" | "ansi_x3.4-1968" | "ansi_x3.4-1986" | "cp367" | "csascii" | "ibm367" | "iso-ir-6"
            | "iso646-us" | "iso_646.irv:1991" | "us" => Set::Ascii,
            "iso-8859-1" | "iso_8859-1" | "iso_8859-1:1987" | "iso-ir-100" | "latin1" | "l1" | "cp819" | "ibm819"
            | "csisolatin1" => Set::Latin1,
            "iso-8859-9" | "iso_8859-9" | "iso_8859-9:1989" | "iso-ir-148" | "latin5" | "l5" | "csisolatin5" => {
                Set::Latin5
            }
            "utf-8" | "csutf8" => Set::Utf8,
            "utf-16" | "csutf16" => Set::Utf16 { big: true, marked: true },
            "utf-16be" | "csutf16be" => Set::Utf16 { big: true, marked: false },
            "utf-16le" | "csutf16le" => Set::Utf16 { big: false, marked: false },
            // These are names on the web only, where they mean more than what is registered.
            "ascii" | "iso-8859-11" | "tis-620" | "gb2312" | "utf8" | "sjis" => return None,
            name => {
                let known = NAMES.iter().find(|(others, _)| others.contains(&name)).map_or(name, |(_, known)| known);
                let encoding = Encoding::for_label_no_replacement(known.as_bytes())?;
                // What the crate calls so is what the web does with such a name.
                if encoding == encoding_rs::UTF_8 || encoding == encoding_rs::X_USER_DEFINED {
                    return None;
                }
                Set::Other(encoding)
            }
        })
    }

    /// Returns the bytes of `text`; `None` if a character has none.
    fn encode(self, text: &str) -> Option<Vec<u8>> {
        let units = |big: bool| {
            text.encode_utf16().flat_map(move |unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() })
        };
        match self {
            Set::Ascii => text.is_ascii().then(|| text.as_bytes().to_vec()),
            Set::Latin1 => text.chars().map(|c| u8::try_from(u32::from(c)).ok()).collect(),
            Set::Latin5 => text.chars().map(turkish_byte).collect(),
            Set::Utf8 => Some(text.as_bytes().to_vec()),
            Set::Utf16 { big, marked } => {
                let mark: &[u8] = if marked { &[0xfe, 0xff] } else { &[] };
                Some(mark.iter().copied().chain(units(big)).collect())
            }
            Set::Other(encoding) => {
                let (bytes, _, lost) = encoding.encode(text);
                (!lost).then(|| bytes.into_owned())
            }
        }
    }

    /// Returns the text that `bytes` stand for; `None` if some stand for nothing.
    fn decode(self, bytes: &[u8]) -> Option<String> {
        let text = match self {
            Set::Ascii => bytes.is_ascii().then(|| String::from_utf8_lossy(bytes).into_owned()),
            Set::Latin1 => Some(bytes.iter().map(|byte| char::from(*byte)).collect()),
            Set::Latin5 => Some(bytes.iter().map(|byte| turkish(*byte)).collect()),
            Set::Utf8 => std::str::from_utf8(bytes).ok().map(str::to_owned),
            Set::Utf16 { big, marked } => {
                let (big, bytes) = match bytes {
                    [0xfe, 0xff, rest @ ..] if marked => (true, rest),
                    [0xff, 0xfe, rest @ ..] if marked => (false, rest),
                    bytes => (big, bytes),
                };
                utf16(bytes, big)
            }
            Set::Other(encoding) => encoding
                .decode_without_bom_handling_and_without_replacement(bytes)
                .map(std::borrow::Cow::into_owned)
                // The web takes a byte that is not defined for a control character.
                .filter(|text| !encoding.name().starts_with("windows") || !text.contains(is_upper_control)),
        };
        text.filter(|text| !text.contains('\u{fffd}'))
    }
}

fn is_upper_control(c: char) -> bool {
    matches!(c, '\u{80}'..='\u{9f}')
}

fn turkish(byte: u8) -> char {
    TURKISH.iter().find(|(at, _)| *at == byte).map_or(char::from(byte), |(_, letter)| *letter)
}

fn turkish_byte(c: char) -> Option<u8> {
    match TURKISH.iter().find(|(_, letter)| *letter == c) {
        Some((byte, _)) => Some(*byte),
        None => u8::try_from(u32::from(c)).ok().filter(|byte| turkish(*byte) == c),
    }
}

fn utf16(bytes: &[u8], big: bool) -> Option<String> {
    let (pairs, rest) = bytes.as_chunks::<2>();
    let units = pairs.iter().map(|pair| if big { u16::from_be_bytes(*pair) } else { u16::from_le_bytes(*pair) });
    let text: Result<String, _> = char::decode_utf16(units).collect();
    text.ok().filter(|_| rest.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(name: &str) -> Set {
        Set::named(name).unwrap_or_else(|| panic!("{name}"))
    }

    #[test]
    fn sets_have_their_registered_names_and_meaning() {
        // FN-75
        for (name, text, bytes) in [
            ("utf-16", "Hi", &[0xfe, 0xff, 0, b'H', 0, b'i'][..]),
            ("utf-16be", "😀", &[0xd8, 0x3d, 0xde, 0]),
            ("latin1", "ä", &[0xe4]),
            ("l5", "ğä", &[0xf0, 0xe4]),
            ("iso-8859-2", "ž", &[0xbe]),
            ("shift_jis", "日", &[0x93, 0xfa]),
            ("cp936", "日", &[0xc8, 0xd5]),
            ("cp866", "Я", &[0x9f]),
        ] {
            assert_eq!(set(name).encode(text).as_deref(), Some(bytes), "{name}");
            assert_eq!(set(name).decode(bytes).as_deref(), Some(text), "{name}");
        }
        for name in ["not-a-charset", "", "utf8", "sjis", "utf-32", "ascii", "unicode-1-1-utf-8"] {
            assert!(Set::named(name).is_none(), "{name}");
        }
    }

    #[test]
    fn what_a_set_does_not_have_is_refused() {
        // FN-75, FN-76
        for (name, text) in [("latin1", "€"), ("us-ascii", "ä"), ("l5", "ð"), ("shift_jis", "😀")] {
            assert_eq!(set(name).encode(text), None, "{name}");
        }
        for (name, bytes) in [
            ("windows-1252", &[0x81][..]),
            ("utf-8", &[0xff]),
            ("utf-16le", b"a"),
            ("utf-16le", &[0, 0xd8]),
            ("us-ascii", &[0x81]),
        ] {
            assert_eq!(set(name).decode(bytes), None, "{name}");
        }
        assert_eq!(set("iso-8859-1").decode(&[0x81]).as_deref(), Some("\u{81}"));
    }
}
