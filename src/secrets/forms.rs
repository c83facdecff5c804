//! The forms in which a secret may be met: as it stands, in quotes, in a URL, in base64, in hexadecimal digits.
//!
//! Knows no secret by itself. Forms that are the text itself cost nothing: doubles count once.

use std::collections::HashSet;
use std::fmt::Write;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};

use super::LEAST;

/// A longer text is hidden as it stands and in quotes only. Each of its lines is a text of its own.
const LONGEST: usize = 16 << 10;

/// After how many characters programs begin a new line of base64: OpenSSL and MIME.
const LINES: [usize; 2] = [64, 76];

/// What stays as it is in URLs beside letters, digits and `-_.~`, by who writes them: everything encoded, paths
/// (Python), `encodeURIComponent` (JavaScript), path segments and user names (Go).
const KEPT: [&str; 5] = ["", "/", "!'()*", "$&+=:@", "$&+,;="];

/// Adds all forms of `text` to `forms`.
pub fn add(text: &str, forms: &mut HashSet<String>) {
    forms.insert(text.to_owned());
    // Errors name texts in quotes, with a backslash before what would end them.
    let quoted = format!("{text:?}");
    forms.insert(quoted[1..quoted.len() - 1].to_owned());
    if (LEAST..=LONGEST).contains(&text.len()) {
        quotes(text, forms);
        urls(text, forms);
        base64(text.as_bytes(), forms);
        forms.insert(hex::encode(text));
        forms.insert(hex::encode_upper(text));
    }
}

/// Adds what stands between the quotes of Go, JSON and shells; how a character reads does not depend on its neighbours.
pub fn quotes(text: &str, forms: &mut HashSet<String>) {
    let each = |escape: &dyn Fn(char, &mut String)| {
        let mut escaped = String::with_capacity(text.len());
        text.chars().for_each(|c| escape(c, &mut escaped));
        escaped
    };
    forms.insert(each(&go));
    for [html, slash, ascii] in [[false; 3], [true, false, false], [false, true, false], [false, false, true]] {
        forms.insert(each(&|c, to| json(c, html, slash, ascii, to)));
    }
    forms.insert(text.replace('\'', r"'\''"));
    forms.insert(text.replace('\'', r#"'"'"'"#));
    // What a shell wants escaped between double quotes.
    forms.insert(each(&|c, to| {
        if matches!(c, '"' | '\\' | '$' | '`') {
            to.push('\\');
        }
        to.push(c);
    }));
}

/// Writes `c` as Go's `%q` does.
fn go(c: char, to: &mut String) {
    match c {
        '"' | '\\' => to.extend(['\\', c]),
        '\n' => *to += r"\n",
        '\r' => *to += r"\r",
        '\t' => *to += r"\t",
        '\x07' => *to += r"\a",
        '\x08' => *to += r"\b",
        '\x0b' => *to += r"\v",
        '\x0c' => *to += r"\f",
        '\0'..' ' | '\x7f' => hexadecimal(r"\x", 2, u32::from(c), to),
        _ => to.push(c),
    }
}

/// Writes `c` as JSON: `html` without what browsers would take for tags (Go), `slash` with escaped slashes (PHP),
/// `ascii` with nothing but ASCII (Python).
fn json(c: char, html: bool, slash: bool, ascii: bool, to: &mut String) {
    match c {
        '"' | '\\' => to.extend(['\\', c]),
        '/' if slash => *to += r"\/",
        '<' | '>' | '&' | '\u{2028}' | '\u{2029}' if html => hexadecimal(r"\u", 4, u32::from(c), to),
        '\n' => *to += r"\n",
        '\r' => *to += r"\r",
        '\t' => *to += r"\t",
        '\x08' => *to += r"\b",
        '\x0c' => *to += r"\f",
        '\0'..' ' => hexadecimal(r"\u", 4, u32::from(c), to),
        _ if ascii && !c.is_ascii() => {
            for unit in c.encode_utf16(&mut [0; 2]) {
                hexadecimal(r"\u", 4, u32::from(*unit), to);
            }
        }
        _ => to.push(c),
    }
}

/// Writes `prefix` and `code` with `digits` digits, letters small.
fn hexadecimal(prefix: &str, digits: usize, code: u32, to: &mut String) {
    write!(to, "{prefix}{code:0digits$x}").expect("a String takes everything");
}

/// Adds how the text reads in a URL, whoever wrote it, with large and small hexadecimal digits.
fn urls(text: &str, forms: &mut HashSet<String>) {
    for kept in KEPT {
        forms.insert(percent(text, kept, false));
        forms.insert(percent(text, kept, true));
    }
    for small in [false, true] {
        forms.insert(percent(text, "", small).replace("%20", "+"));
    }
}

fn percent(text: &str, kept: &str, small: bool) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        let c = char::from(byte);
        if c.is_ascii_alphanumeric() || "-_.~".contains(c) || (c.is_ascii() && kept.contains(c)) {
            encoded.push(c);
        } else if small {
            write!(encoded, "%{byte:02x}").expect("a String takes everything");
        } else {
            write!(encoded, "%{byte:02X}").expect("a String takes everything");
        }
    }
    encoded
}

/// Adds base64 in both alphabets, with and without padding, in lines, and what of it is the same wherever the text
/// stands in a longer one.
fn base64(text: &[u8], forms: &mut HashSet<String>) {
    for alphabet in [STANDARD, URL_SAFE] {
        let whole = alphabet.encode(text);
        forms.insert(whole.trim_end_matches('=').to_owned());
        for length in LINES.into_iter().filter(|length| *length < whole.len()) {
            let lines = whole.as_bytes().chunks(length).filter(|line| line.len() >= LEAST);
            forms.extend(lines.map(|line| String::from_utf8_lossy(line).into_owned()));
        }
        forms.insert(whole);
        for before in 0..3 {
            let shifted = alphabet.encode([&[0; 2][..before], text].concat());
            // Six bits a character: those that hold a bit of what comes before or behind are left out.
            let (first, end) = ((before * 8).div_ceil(6), (before + text.len()) * 8 / 6);
            forms.insert(shifted[first..end].to_owned());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Secrets;
    use super::*;

    const SECRET: &str = "pa<s>s/wö?r'd \"&\\";

    fn masked(text: &str) -> String {
        let secrets = Secrets::default();
        secrets.register(SECRET);
        secrets.mask(text).into_owned()
    }

    #[test]
    fn quoted_forms_are_hidden() {
        for form in [
            r#"pa<s>s/wö?r'd \"&\\"#,
            r#"pa\u003cs\u003es/wö?r'd \"\u0026\\"#,
            r#"pa<s>s\/wö?r'd \"&\\"#,
            r#"pa<s>s/w\u00f6?r'd \"&\\"#,
            r#"pa<s>s/wö?r'\''d "&\"#,
        ] {
            assert_eq!(masked(&format!("x {form} y")), "x <sensitive> y", "{form}");
        }
    }

    #[test]
    fn url_forms_are_hidden() {
        for form in [
            "pa%3Cs%3Es%2Fw%C3%B6%3Fr%27d%20%22%26%5C",
            "pa%3cs%3es%2fw%c3%b6%3fr%27d%20%22%26%5c",
            "pa%3Cs%3Es%2Fw%C3%B6%3Fr%27d+%22%26%5C",
            "pa%3Cs%3Es/w%C3%B6%3Fr%27d%20%22%26%5C",
            "pa%3Cs%3Es%2Fw%C3%B6%3Fr'd%20%22%26%5C",
            "pa%3Cs%3Es%2Fw%C3%B6%3Fr%27d%20%22&%5C",
        ] {
            assert_eq!(masked(&format!("?q={form}#")), "?q=<sensitive>#", "{form}");
        }
    }

    #[test]
    fn base64_is_hidden_wherever_the_secret_stands_in_the_text() {
        assert_eq!(masked(&STANDARD.encode(SECRET)), "<sensitive>");
        assert_eq!(masked(URL_SAFE.encode(SECRET).trim_end_matches('=')), "<sensitive>");
        for before in ["", "u", "us", "use", "user:"] {
            let shown = masked(&STANDARD.encode(format!("{before}{SECRET}, and more")));
            let (start, end) = shown.split_once("<sensitive>").expect(before);
            // No more than the characters that the secret shares with its neighbours.
            assert!(start.len() <= before.len() * 8 / 6 + 1 && end.len() <= 16, "{shown}");
        }
    }

    #[test]
    fn base64_in_lines_is_hidden() {
        let secret = "0123456789".repeat(12);
        let secrets = Secrets::default();
        secrets.register(&secret);
        let encoded = STANDARD.encode(&secret);
        for length in LINES {
            for line in encoded.as_bytes().chunks(length) {
                assert_eq!(secrets.mask(std::str::from_utf8(line).unwrap()), "<sensitive>");
            }
        }
    }

    #[test]
    fn hexadecimal_digits_are_hidden() {
        assert_eq!(
            masked(&format!("{} {}", hex::encode(SECRET), hex::encode_upper(SECRET))),
            "<sensitive> <sensitive>"
        );
    }

    #[test]
    fn a_plain_secret_has_few_forms() {
        let mut forms = HashSet::new();
        add("hunter2", &mut forms);
        assert_eq!(forms.len(), 8, "{forms:?}");
    }
}
