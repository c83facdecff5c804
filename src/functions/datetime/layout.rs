//! The form of a date shown by example: how the second of January 2006, 15:04:05, would be written.
//!
//! Knows only times in UTC; what is no part of the example stays as it is.

use super::time::Time;

/// The parts of the example; of two that fit at one place the longer stands first.
const PARTS: [(&str, &str); 33] = [
    ("January", "%B"),
    ("Jan", "%b"),
    ("Monday", "%A"),
    ("Mon", "%a"),
    ("MST", "UTC"),
    ("2006", "%Y"),
    ("-07:00:00", "+00:00:00"),
    ("-070000", "+000000"),
    ("-07:00", "+00:00"),
    ("-0700", "+0000"),
    ("-07", "+00"),
    ("Z07:00:00", "Z"),
    ("Z070000", "Z"),
    ("Z07:00", "Z"),
    ("Z0700", "Z"),
    ("Z07", "Z"),
    ("002", "%j"),
    ("01", "%m"),
    ("02", "%d"),
    ("03", "%I"),
    ("04", "%M"),
    ("05", "%S"),
    ("06", "%y"),
    ("15", "%H"),
    ("PM", "%p"),
    ("pm", "%P"),
    ("__2", "%_3j"),
    ("_2", "%e"),
    ("1", "%-m"),
    ("2", "%-d"),
    ("3", "%-I"),
    ("4", "%-M"),
    ("5", "%-S"),
];

/// Returns `time`, which is in UTC, written like the example in `layout`.
///
/// # Source
/// FN-100.
pub fn write(layout: &str, time: &Time) -> String {
    let mut out = String::new();
    let mut rest = layout;
    while let Some(first) = rest.chars().next() {
        // `_2006` is an underscore and a year; `Janet` and `Monk` are words, not months and days.
        let fits = |name: &str| match name {
            "_2" => rest.starts_with(name) && !rest.starts_with("_2006"),
            "Jan" | "Mon" => rest.starts_with(name) && !rest[3..].starts_with(|c: char| c.is_ascii_lowercase()),
            _ => rest.starts_with(name),
        };
        if let Some((name, form)) = PARTS.iter().find(|(name, _)| fits(name)) {
            out.push_str(&time.clock.strftime(form).to_string());
            rest = &rest[name.len()..];
        } else if let Some((shown, length)) = fraction(rest, time) {
            out.push_str(&shown);
            rest = &rest[length..];
        } else {
            out.push(first);
            rest = &rest[first.len_utf8()..];
        }
    }
    out
}

/// Writes a fraction of a second: `.000` with zeros, `.999` without zeros at its end.
fn fraction(rest: &str, time: &Time) -> Option<(String, usize)> {
    let digits = rest.strip_prefix(['.', ','])?;
    let kind = digits.chars().next().filter(|c| matches!(c, '0' | '9'))?;
    let count = digits.chars().take_while(|c| *c == kind).count();
    if count > 9 || digits[count..].starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let all = format!("{:09}", time.clock.subsec_nanosecond());
    let shown = format!("{}{}", &rest[..1], &all[..count]);
    let shown = if kind == '9' { shown.trim_end_matches('0').trim_end_matches(['.', ',']).to_owned() } else { shown };
    Some((shown, 1 + count))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_written_like_the_example() {
        // FN-100
        let time = Time::parse("2026-01-02T03:04:05.25Z").unwrap();
        for (layout, expected) in [
            ("2006-01-02", "2026-01-02"),
            ("060102150405", "260102030405"),
            ("Mon Jan _2 15:04:05 MST 2006", "Fri Jan  2 03:04:05 UTC 2026"),
            ("Monday, January 2, 3:4:5 PM pm", "Friday, January 2, 3:4:5 AM am"),
            ("2006-01-02T15:04:05Z07:00", "2026-01-02T03:04:05Z"),
            ("15:04:05.000 -0700", "03:04:05.250 +0000"),
            ("05.999999", "05.25"),
            ("plain words", "plain words"),
            ("_2006 002", "_2026 002"),
            ("Janet é", "Janet é"),
        ] {
            assert_eq!(write(layout, &time), expected, "{layout}");
        }
    }
}
