//! Functions with regular expressions, in the syntax people know from Go (RE2).
//!
//! The engine is a crate; here its syntax is brought to the one that templates are written in.

use std::sync::Arc;

use ::regex::{Captures, Regex};

use super::Shape::{Any, ListOfAny, String as Text};
use super::{Function, Looks, MOST_PARTS, bad, check_length, failed, param, text};
use crate::eval::CallError;
use crate::value::{Type, Value};

/// The functions of this family.
pub const FUNCTIONS: &[Function] = &[
    Function {
        name: "regex",
        params: &[param("pattern", Text), param("string", Text)],
        rest: None,
        returns: Any,
        looks: Looks::Deep,
        call: |_cx, args| {
            let (regex, shape) = compiled(text(args, 0), 0)?;
            match regex.captures(text(args, 1)) {
                Some(captures) => Ok(shape.value(&captures)),
                None => failed("pattern did not match any part of the given string"),
            }
        },
        about: "The first match of `pattern`: a text, a tuple if it has groups, an object if they have names; without a match an error.",
        examples: &[
            (r#"regex("[a-z]+", "53aaabbb23")"#, r#""aaabbb""#),
            (r#"regex("(a)(b)?", "a")"#, r#"["a", null]"#),
            (r#"regex("(?P<major>\\d+)\\.", "v1.16").major"#, r#""1""#),
        ],
    },
    Function {
        name: "regexall",
        params: &[param("pattern", Text), param("string", Text)],
        rest: None,
        returns: ListOfAny,
        looks: Looks::Deep,
        call: |_cx, args| {
            let (regex, shape) = compiled(text(args, 0), 0)?;
            let found = regex.captures_iter(text(args, 1)).take(MOST_PARTS + 1);
            let matches: Vec<Value> = found.map(|captures| shape.value(&captures)).collect();
            if matches.len() > MOST_PARTS {
                return failed(format!("there are more than {MOST_PARTS} matches"));
            }
            Ok(Value::list(shape.ty(), matches))
        },
        about: "A list of all that `regex` would find; empty without a match.",
        examples: &[(r#"regexall("[a-z]+", "12ab34cd")"#, r#"["ab", "cd"]"#), (r#"regexall("z", "abc")"#, "[]")],
    },
    Function {
        name: "regex_replace",
        params: &[param("str", Text), param("pattern", Text), param("replace", Text)],
        rest: None,
        returns: Text,
        looks: Looks::Deep,
        call: |_cx, args| {
            let regex = pattern(text(args, 1)).or_else(failed)?;
            let replacement = with_whole_names(text(args, 2));
            let mut length = text(args, 0).len();
            let replaced = regex.replace_all(text(args, 0), |captures: &Captures| {
                let mut expanded = String::new();
                // Beyond the limit nothing more is made, and the result is not used.
                if check_length(length).is_ok() {
                    captures.expand(&replacement, &mut expanded);
                    length = length.saturating_add(expanded.len());
                }
                expanded
            });
            let replaced = Value::from(replaced.as_ref());
            check_length(length).map(|()| replaced)
        },
        about: "`str` with each match replaced; `$1`, `${1}` and `$name` in `replace` stand for groups, `$$` for a dollar sign.",
        examples: &[
            (r#"regex_replace("2026-01-02T03:04:05Z", "[- TZ:]", "")"#, r#""20260102030405""#),
            (r#"regex_replace("-ab-axxb-", "a(x*)b", "[$1]")"#, r#""-[]-[xx]-""#),
            (r#"regex_replace("abc", "b*", "-")"#, r#""-a-c-""#),
            (r#"regex_replace("abc", "(b)", "$${1}é$1é")"#, r#""abéc""#),
        ],
    },
];

/// What a match of a pattern is, after its groups.
enum Groups {
    None,
    Numbered(usize),
    Named(Vec<Arc<str>>),
}

impl Groups {
    fn ty(&self) -> Type {
        match self {
            Groups::None => Type::String,
            Groups::Numbered(count) => Type::tuple(vec![Type::String; *count]),
            Groups::Named(names) => Type::object(names.iter().map(|name| (Arc::clone(name), Type::String))),
        }
    }

    fn value(&self, captures: &Captures) -> Value {
        let group =
            |found: Option<::regex::Match>| found.map_or_else(|| Value::null(Type::String), |m| m.as_str().into());
        match self {
            Groups::None => group(captures.get(0)),
            Groups::Numbered(count) => Value::tuple((1..=*count).map(|i| group(captures.get(i)))),
            Groups::Named(names) => {
                Value::object(names.iter().map(|name| (Arc::clone(name), group(captures.name(name)))))
            }
        }
    }
}

/// Compiles the pattern that argument `index` is, and tells what a match of it is.
fn compiled(text: &str, index: usize) -> Result<(Regex, Groups), CallError> {
    let regex = pattern(text).or_else(|reason| bad(index, reason))?;
    let groups = regex.captures_len() - 1;
    let names: Vec<Arc<str>> = regex.capture_names().flatten().map(Arc::from).collect();
    match (groups, names.len()) {
        (0, _) => Ok((regex, Groups::None)),
        (_, 0) => Ok((regex, Groups::Numbered(groups))),
        (groups, named) if groups == named => Ok((regex, Groups::Named(names))),
        _ => bad(index, "invalid regexp pattern: cannot mix both named and unnamed capture groups"),
    }
}

/// Compiles a pattern.
///
/// # Errors
/// It is none, or RE2 does not have it.
fn pattern(pattern: &str) -> Result<Regex, String> {
    if let Some(reason) = unsupported(pattern) {
        return Err(format!("invalid regexp pattern: {reason}"));
    }
    Regex::new(&translated(pattern)).map_err(|error| {
        // The crate draws the pattern with a marker; its last line says what is wrong.
        let text = error.to_string();
        let reason = text.lines().last().unwrap_or_default();
        format!("invalid regexp pattern: {}", reason.trim_start_matches("error: "))
    })
}

/// Puts braces around the names of groups in a replacement: they may have letters of any script.
fn with_whole_names(replacement: &str) -> String {
    let mut out = String::with_capacity(replacement.len());
    let mut rest = replacement;
    while let Some(at) = rest.find('$') {
        out.push_str(&rest[..=at]);
        rest = &rest[at + 1..];
        if let Some(after) = rest.strip_prefix('$') {
            out.push('$');
            rest = after;
            continue;
        }
        let braced = rest.strip_prefix('{');
        let name = braced.unwrap_or(rest);
        let end = name.find(|c: char| c != '_' && !c.is_alphanumeric()).unwrap_or(name.len());
        if end == 0 || braced.is_some() && !name[end..].starts_with('}') {
            // No name: the sign stands for itself.
            out.push('$');
            continue;
        }
        out.extend(["{", &name[..end], "}"]);
        rest = &name[end + usize::from(braced.is_some())..];
    }
    out + rest
}

/// Returns what RE2 does not have and the crate would take, if anything.
fn unsupported(pattern: &str) -> Option<&'static str> {
    let mut letters = pattern.chars().peekable();
    let (mut in_class, mut repeated, mut group) = (false, false, false);
    while let Some(c) = letters.next() {
        let next = letters.peek().copied();
        let was_repeated = std::mem::take(&mut repeated);
        let after_group = std::mem::take(&mut group);
        match c {
            '\\' => {
                if matches!(next, Some('u' | 'U')) {
                    return Some("invalid escape sequence");
                }
                let is_named = letters.clone().nth(1) == Some('{');
                if matches!(next, Some('p' | 'P'))
                    && is_named
                    && letters.clone().take_while(|c| *c != '}').any(|c| c == '=')
                {
                    return Some("invalid character class range");
                }
                if next == Some('Q') {
                    return None;
                }
                letters.next();
            }
            '[' => in_class = true,
            ']' => in_class = false,
            _ if in_class => {}
            '(' => group = true,
            '{' if is_too_often(letters.clone()) => return Some("invalid repeat count"),
            '?' if after_group => {
                let flags: String = letters.clone().take_while(|c| c.is_ascii_alphabetic() || *c == '-').collect();
                if !flags.starts_with('P') && flags.contains(['x', 'u', 'R']) {
                    return Some("invalid or unsupported Perl syntax");
                }
            }
            '*' | '+' if was_repeated => return Some("invalid nested repetition operator"),
            '*' | '+' | '?' => repeated = !was_repeated,
            _ => {}
        }
    }
    None
}

/// Whether what follows a brace is a count above the most that RE2 repeats.
fn is_too_often(rest: impl Iterator<Item = char>) -> bool {
    let counts: String = rest.take_while(|c| *c != '}').collect();
    counts.split(',').any(|count| count.parse::<u32>().is_ok_and(|count| count > 1000))
}

/// Brings a pattern of RE2 to the crate's syntax: `\d`, `\w`, `\s`, `\b` mean ASCII, `\Q…\E` quotes, and a bracket,
/// `&&`, `--` or `~~` within brackets is nothing but characters.
fn translated(pattern: &str) -> String {
    let mut out = String::with_capacity(pattern.len() + 16);
    let mut rest = pattern;
    let mut in_class = false;
    while let Some(c) = rest.chars().next() {
        let mut length = c.len_utf8();
        match c {
            '\\' => {
                let (shown, taken) = escape(rest, in_class);
                out.push_str(&shown);
                length = taken;
            }
            '[' if in_class && rest.starts_with("[:") && rest.contains(":]") => {
                length = rest.find(":]").map_or(1, |end| end + 2);
                out.push_str(&rest[..length]);
            }
            '[' if in_class => out.push_str("\\["),
            '[' => {
                in_class = true;
                out.push('[');
                // A closing bracket that comes first is a character.
                for prefix in ["^]", "]", "^"] {
                    if rest[1..].starts_with(prefix) {
                        out.push_str(&prefix.replace(']', "\\]"));
                        length += prefix.len();
                        break;
                    }
                }
            }
            '{' if !in_class && !is_repetition(rest) => out.push_str("\\{"),
            ']' if in_class => {
                in_class = false;
                out.push(']');
            }
            '&' | '~' if in_class => out.extend(['\\', c]),
            '-' if in_class && rest.starts_with("--") => {
                // At the start the first is the character, else the second.
                let starts = out.ends_with('[') || out.ends_with("[^");
                out.push_str(if starts { "\\--" } else { "-\\-" });
                length = 2;
            }
            c => out.push(c),
        }
        rest = &rest[length..];
    }
    out
}

/// Whether `rest` starts with a count such as `{2}`, `{2,}` or `{2,3}`; any other brace is a character.
fn is_repetition(rest: &str) -> bool {
    let Some((counts, _)) = rest[1..].split_once('}') else { return false };
    let (least, most) = counts.split_once(',').unwrap_or((counts, ""));
    !least.is_empty() && [least, most].iter().all(|count| count.bytes().all(|b| b.is_ascii_digit()))
}

/// Translates the escape that `rest` starts with; also returns how many bytes it has.
fn escape(rest: &str, in_class: bool) -> (String, usize) {
    let Some(letter) = rest[1..].chars().next() else { return ("\\".to_owned(), 1) };
    let length = 1 + letter.len_utf8();
    let set = match letter {
        'd' => "0-9",
        'D' => "^0-9",
        'w' => "0-9A-Za-z_",
        'W' => "^0-9A-Za-z_",
        's' => "\\t\\n\\f\\r ",
        'S' => "^\\t\\n\\f\\r ",
        'b' if !in_class => return ("(?-u:\\b)".to_owned(), length),
        'p' | 'P' | 'x' if rest[2..].starts_with('{') => {
            // These braces are not a count.
            let end = rest.find('}').map_or(rest.len(), |end| end + 1);
            let negated = rest[2..end].strip_prefix("{^").filter(|_| letter != 'x');
            let other = if letter == 'p' { 'P' } else { 'p' };
            return (negated.map_or(rest[..end].to_owned(), |class| format!("\\{other}{{{class}")), end);
        }
        // Not the start and end of a word, as in the crate.
        '<' | '>' => return (letter.to_string(), length),
        '0'..='7' if letter == '0' || rest[2..].starts_with(|c| ('0'..='7').contains(&c)) => {
            let digits = rest[2..].bytes().take(2).take_while(|b| (b'0'..=b'7').contains(b)).count();
            let code = u32::from_str_radix(&rest[1..2 + digits], 8).unwrap_or(0);
            return (format!("\\x{{{code:x}}}"), 2 + digits);
        }
        'Q' if !in_class => {
            let text = &rest[2..];
            let end = text.find("\\E");
            let quoted = &text[..end.unwrap_or(text.len())];
            return (::regex::escape(quoted), 2 + quoted.len() + end.map_or(0, |_| 2));
        }
        _ => return (rest[..length].to_owned(), length),
    };
    (format!("[{set}]"), length)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(pattern: &str, text: &str) -> bool {
        compiled(pattern, 0).map(|(regex, _)| regex.is_match(text)).unwrap_or_else(|e| panic!("{pattern}: {e:?}"))
    }

    #[test]
    fn classes_mean_ascii_and_brackets_hold_characters() {
        // FN-36: RE2
        for (pattern, text, expected) in [
            (r"^\d$", "٣", false),
            (r"^\w+$", "é", false),
            (r"^[\d.]+$", "1.5", true),
            (r"^[^\d]$", "x", true),
            (r"^[\D]$", "x", true),
            (r"^[[a]$", "[", true),
            (r"^[]a]$", "]", true),
            (r"^[^]]$", "]", false),
            (r"^[[:alpha:]_]+$", "ab_", true),
            (r"^[a&&b]+$", "&ab", true),
            (r"^[+--]+$", "+,-", true),
            (r"^[--/]+$", "-./", true),
            (r"^\Qa.b\E+$", "a.bb", true),
            (r"\bfoo\b", "a foo b", true),
            (r"\\d", r"\d", true),
            (r"\p{Greek}", "α", true),
            ("^a{,2}{$", "a{,2}{", true),
            (r"^\07\x41$", "\u{7}A", true),
            (r"^\101\<\>$", "A<>", true),
            (r"^\p{^Greek}\P{^Greek}$", "aα", true),
            (r"^a{1000}$", "a", false),
        ] {
            assert_eq!(matches(pattern, text), expected, "{pattern} on {text}");
        }
    }

    #[test]
    fn patterns_that_are_wrong_or_not_supported_are_refused() {
        for pattern in [
            "(",
            "[a",
            "a(?=b)",
            r"(a)\1",
            "(?P<a>x)(y)",
            "\\",
            "x**",
            "a++",
            "a{1001}",
            "a{1,2000}",
            r"\1",
            r"\8",
            "(?x)a",
            r"\u0041",
        ] {
            assert!(matches!(compiled(pattern, 1), Err(CallError::Argument(1, _))), "{pattern}");
        }
    }
}
