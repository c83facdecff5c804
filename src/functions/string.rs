//! Functions on text.
//!
//! Where the reference counts characters it means grapheme clusters.

use unicode_segmentation::UnicodeSegmentation;

use super::Shape::{Bool, ListOfString, Number, String as Text};
use super::{Function, Looks, MOST_PARTS, bad, check_length, failed, items, param, text, texts, whole};
use crate::value::Value;

/// The functions of this family.
pub const FUNCTIONS: &[Function] = &[
    Function {
        name: "upper",
        params: &[param("str", Text)],
        rest: None,
        returns: Text,
        looks: Looks::Deep,
        call: |_cx, args| Ok(one_to_one(text(args, 0), upper).into()),
        about: "`str` in capitals; letters whose capital is more than one letter stay.",
        examples: &[
            (r#"upper("hello")"#, r#""HELLO""#),
            (r#"upper("straße")"#, r#""STRAßE""#),
            ("upper(1.5)", r#""1.5""#),
        ],
    },
    Function {
        name: "lower",
        params: &[param("str", Text)],
        rest: None,
        returns: Text,
        looks: Looks::Deep,
        call: |_cx, args| Ok(one_to_one(text(args, 0), lower).into()),
        about: "`str` in small letters, letter by letter.",
        examples: &[
            (r#"lower("HELLO ÄRGER")"#, r#""hello ärger""#),
            (r#"lower("ΟΔΟΣ")"#, r#""οδοσ""#),
            (r#"lower("İ")"#, r#""i""#),
        ],
    },
    Function {
        name: "title",
        params: &[param("str", Text)],
        rest: None,
        returns: Text,
        looks: Looks::Deep,
        call: |_cx, args| Ok(title(text(args, 0)).into()),
        about: "`str` with the first letter of each word as a capital; letters, digits and underscores make words.",
        examples: &[(r#"title("d'e foo-bar a_b 1x")"#, r#""D'E Foo-Bar A_b 1x""#), (r#"title("hELLO")"#, r#""HELLO""#)],
    },
    Function {
        name: "trim",
        params: &[param("str", Text), param("cutset", Text)],
        rest: None,
        returns: Text,
        looks: Looks::Deep,
        call: |_cx, args| Ok(text(args, 0).trim_matches(|c| text(args, 1).contains(c)).into()),
        about: "`str` without the characters of `cutset` at both ends.",
        examples: &[(r#"trim("?!hello?!", "!?")"#, r#""hello""#), (r#"trim("abc", "")"#, r#""abc""#)],
    },
    Function {
        name: "trimspace",
        params: &[param("str", Text)],
        rest: None,
        returns: Text,
        looks: Looks::Deep,
        call: |_cx, args| Ok(text(args, 0).trim().into()),
        about: "`str` without white space at both ends.",
        examples: &[(r#"trimspace("  hello\n")"#, r#""hello""#)],
    },
    Function {
        name: "trimprefix",
        params: &[param("str", Text), param("prefix", Text)],
        rest: None,
        returns: Text,
        looks: Looks::Deep,
        call: |_cx, args| Ok(text(args, 0).strip_prefix(text(args, 1)).unwrap_or(text(args, 0)).into()),
        about: "`str` without `prefix` at its start, removed once.",
        examples: &[(r#"trimprefix("aab", "a")"#, r#""ab""#), (r#"trimprefix("b", "a")"#, r#""b""#)],
    },
    Function {
        name: "trimsuffix",
        params: &[param("str", Text), param("suffix", Text)],
        rest: None,
        returns: Text,
        looks: Looks::Deep,
        call: |_cx, args| Ok(text(args, 0).strip_suffix(text(args, 1)).unwrap_or(text(args, 0)).into()),
        about: "`str` without `suffix` at its end, removed once.",
        examples: &[(r#"trimsuffix("a.iso", ".iso")"#, r#""a""#)],
    },
    Function {
        name: "chomp",
        params: &[param("str", Text)],
        rest: None,
        returns: Text,
        looks: Looks::Deep,
        call: |_cx, args| Ok(text(args, 0).trim_end_matches(['\r', '\n']).into()),
        about: "`str` without the line ends at its end.",
        examples: &[(r#"chomp("hello\n\r\n\r")"#, r#""hello""#), (r#"chomp("hello \n")"#, r#""hello ""#)],
    },
    Function {
        name: "indent",
        params: &[param("spaces", Number), param("str", Text)],
        rest: None,
        returns: Text,
        looks: Looks::Deep,
        call: |_cx, args| {
            let spaces = match usize::try_from(whole(args, 0)?) {
                Err(_) => return failed("the number of spaces must not be negative"),
                Ok(spaces) if spaces > 1 << 16 => return failed("that many spaces are not reasonable"),
                Ok(spaces) => spaces,
            };
            check_length(text(args, 1).len() + text(args, 1).matches('\n').count() * spaces)?;
            Ok(text(args, 1).replace('\n', &format!("\n{}", " ".repeat(spaces))).into())
        },
        about: "`str` with `spaces` spaces before every line but the first, empty ones too.",
        examples: &[(r#"indent(2, "a\n\nc")"#, r#""a\n  \n  c""#)],
    },
    Function {
        name: "replace",
        params: &[param("str", Text), param("substr", Text), param("replace", Text)],
        rest: None,
        returns: Text,
        looks: Looks::Deep,
        call: |_cx, args| {
            let (text, part, other) = (text(args, 0), text(args, 1), text(args, 2));
            let count = text.matches(part).count();
            check_length((text.len() - count * part.len()).saturating_add(count.saturating_mul(other.len())))?;
            Ok(text.replace(part, other).into())
        },
        about: "`str` with every `substr` replaced; nothing in it is a pattern.",
        examples: &[
            (r#"replace("1 + 2 + 3", "+", "-")"#, r#""1 - 2 - 3""#),
            (r#"replace("abc", "", "-")"#, r#""-a-b-c-""#),
            (r#"replace("hello", "/l+/", "x")"#, r#""hello""#),
        ],
    },
    Function {
        name: "split",
        params: &[param("separator", Text), param("str", Text)],
        rest: None,
        returns: ListOfString,
        looks: Looks::Deep,
        call: |_cx, args| {
            let (separator, text) = (text(args, 0), text(args, 1));
            if text.matches(separator).take(MOST_PARTS + 1).count() > MOST_PARTS {
                return failed(format!("there are more than {MOST_PARTS} parts"));
            }
            Ok(if separator.is_empty() { texts(text.chars().map(String::from)) } else { texts(text.split(separator)) })
        },
        about: "The parts of `str` between the separators; an empty separator gives single characters.",
        examples: &[
            (r#"split(",", ",a,,b")"#, r#"["", "a", "", "b"]"#),
            (r#"split("", "abc")"#, r#"["a", "b", "c"]"#),
            (r#"split(".", "")"#, r#"[""]"#),
        ],
    },
    Function {
        name: "join",
        params: &[param("separator", Text), param("lists", ListOfString)],
        rest: Some(param("lists", ListOfString)),
        returns: Text,
        looks: Looks::Deep,
        call: |_cx, args| {
            let mut parts = Vec::new();
            for (index, list) in args.iter().enumerate().skip(1) {
                for (place, item) in list.as_items().unwrap_or_default().iter().enumerate() {
                    match item.as_str() {
                        Some(part) => parts.push(part),
                        None => return bad(index, format!("element {place} is null; cannot concatenate null values")),
                    }
                }
            }
            let separators = parts.len().saturating_mul(text(args, 0).len());
            check_length(separators.saturating_add(parts.iter().map(|part| part.len()).sum()))?;
            Ok(parts.join(text(args, 0)).into())
        },
        about: "The elements of all lists as one text, with `separator` between them.",
        examples: &[(r#"join("-", ["a"], ["b", 1])"#, r#""a-b-1""#), (r#"join(",", [])"#, r#""""#)],
    },
    Function {
        name: "substr",
        params: &[param("str", Text), param("offset", Number), param("length", Number)],
        rest: None,
        returns: Text,
        looks: Looks::Deep,
        call: |_cx, args| Ok(substr(text(args, 0), whole(args, 1)?, whole(args, 2)?).into()),
        about: "The part of `str` from `offset` (from the end when negative) of `length` characters; a negative length means the rest, and so does zero behind a negative offset.",
        examples: &[
            (r#"substr("hello world", 1, 4)"#, r#""ello""#),
            (r#"substr("hello", -3, 2)"#, r#""ll""#),
            (r#"substr("hello", 2, -1)"#, r#""llo""#),
        ],
    },
    Function {
        name: "strcontains",
        params: &[param("str", Text), param("substr", Text)],
        rest: None,
        returns: Bool,
        looks: Looks::Deep,
        call: |_cx, args| Ok(text(args, 0).contains(text(args, 1)).into()),
        about: "Whether `substr` occurs in `str`.",
        examples: &[(r#"strcontains("hello", "ell")"#, "true"), (r#"strcontains("", "x")"#, "false")],
    },
    Function {
        name: "startswith",
        params: &[param("str", Text), param("prefix", Text)],
        rest: None,
        returns: Bool,
        looks: Looks::Deep,
        call: |_cx, args| Ok(text(args, 0).starts_with(text(args, 1)).into()),
        about: "Whether `str` starts with `prefix`.",
        examples: &[(r#"startswith("hello", "he")"#, "true"), (r#"startswith("hello", "")"#, "true")],
    },
    Function {
        name: "endswith",
        params: &[param("str", Text), param("suffix", Text)],
        rest: None,
        returns: Bool,
        looks: Looks::Deep,
        call: |_cx, args| Ok(text(args, 0).ends_with(text(args, 1)).into()),
        about: "Whether `str` ends with `suffix`.",
        examples: &[(r#"endswith("a.iso", ".iso")"#, "true"), (r#"endswith("a", "b")"#, "false")],
    },
    Function {
        name: "strrev",
        params: &[param("str", Text)],
        rest: None,
        returns: Text,
        looks: Looks::Deep,
        call: |_cx, args| Ok(text(args, 0).graphemes(true).rev().collect::<String>().into()),
        about: "`str` backwards; combined characters stay whole.",
        examples: &[(r#"strrev("hello")"#, r#""olleh""#), (r#"strrev("a👍🏽b")"#, r#""b👍🏽a""#)],
    },
    Function {
        name: "sort",
        params: &[param("list", ListOfString)],
        rest: None,
        returns: ListOfString,
        looks: Looks::Deep,
        call: |_cx, args| {
            let mut sorted: Vec<Value> = items(args, 0).to_vec();
            if let Some(place) = sorted.iter().position(Value::is_null) {
                return failed(format!("element {place} is null; all elements must be non-null"));
            }
            sorted.sort_by(Value::order);
            Ok(Value::list(crate::value::Type::String, sorted))
        },
        about: "The elements as text, in the order of their bytes.",
        examples: &[("sort([3, 10, 2])", r#"["10", "2", "3"]"#), (r#"sort(["b", "B", "a"])"#, r#"["B", "a", "b"]"#)],
    },
];

fn one_to_one(text: &str, map: fn(char) -> char) -> String {
    text.chars().map(map).collect()
}

/// Returns the capital of `c` where that is one letter.
fn upper(c: char) -> char {
    let mut mapped = c.to_uppercase();
    match (mapped.next(), mapped.next()) {
        (Some(single), None) => single,
        _ => c,
    }
}

/// Returns the form of `c` at the start of a word: pairs of letters have one of their own.
fn title_case(c: char) -> char {
    match c {
        'Ǆ' | 'ǆ' => 'ǅ',
        'Ǉ' | 'ǉ' => 'ǈ',
        'Ǌ' | 'ǌ' => 'ǋ',
        'Ǳ' | 'ǳ' => 'ǲ',
        'ǅ' | 'ǈ' | 'ǋ' | 'ǲ' => c,
        c => upper(c),
    }
}

fn lower(c: char) -> char {
    // The one letter whose small form std spells with a combining dot.
    if c == 'İ' {
        return 'i';
    }
    let mut mapped = c.to_lowercase();
    match (mapped.next(), mapped.next()) {
        (Some(single), None) => single,
        _ => c,
    }
}

fn title(text: &str) -> String {
    let mut in_word = false;
    let letters = text.chars().map(|c| {
        let starts = !in_word;
        // ASCII has its own list; beyond it only white space parts words.
        in_word = if c.is_ascii() {
            c.is_ascii_alphanumeric() || c == '_'
        } else {
            c.is_alphanumeric() || !c.is_whitespace()
        };
        if starts && in_word { title_case(c) } else { c }
    });
    letters.collect()
}

fn substr(text: &str, offset: i64, length: i64) -> String {
    let clusters: Vec<&str> = text.graphemes(true).collect();
    let total = i64::try_from(clusters.len()).unwrap_or(i64::MAX);
    let start = if offset < 0 { total.saturating_add(offset).max(0) } else { offset.min(total) };
    let rest = length < 0 || (length == 0 && offset < 0);
    let end = if rest { total } else { start.saturating_add(length).min(total) };
    let range = usize::try_from(start).unwrap_or(0)..usize::try_from(end).unwrap_or(0);
    clusters[range].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn substr_counts_from_both_ends() {
        // FN-41
        assert_eq!(substr("hello world", -5, 3), "wor");
        assert_eq!(substr("hello world", -5, 0), "world");
        assert_eq!(substr("hello", 2, 0), "");
        assert_eq!(substr("hello", 9, 1), "");
        assert_eq!(substr("hello", -9, 2), "he");
        assert_eq!(substr("a👍🏽b", 1, 1), "👍🏽");
        assert_eq!(substr("hello", i64::MIN, i64::MAX), "hello");
    }

    #[test]
    fn texts_that_explode_are_refused() {
        let long = "a".repeat(100_000);
        let call = |name: &str, args: &[Value]| {
            let function = FUNCTIONS.iter().find(|function| function.name == name).unwrap();
            (function.call)(&crate::functions::standing_still(), args)
        };
        let list = Value::list(crate::value::Type::String, vec!["x".into(); 1000]);
        assert!(call("replace", &[long.as_str().into(), "a".into(), long.as_str().into()]).is_err());
        assert!(call("join", &[long.as_str().into(), list]).is_err());
        assert!(call("indent", &[65536.into(), "\n".repeat(2000).into()]).is_err());
        assert!(call("split", &["".into(), "a".repeat(2 << 20).into()]).is_err());
    }

    #[test]
    fn words_start_with_capitals() {
        // FN-42
        assert_eq!(title("d'e foo-bar a_b x.y 1x"), "D'E Foo-Bar A_b X.Y 1x");
        assert_eq!(title("élan ñandú"), "Élan Ñandú");
    }
}
