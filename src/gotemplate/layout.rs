//! Times as texts: Go's layouts by example (`2006-01-02`) and strftime's verbs.
//!
//! Knows UTC only: every time here is the start of the run.

use jiff::civil::DateTime;

/// The elements of a layout, longest first where one begins like another.
const ELEMENTS: &[&str] = &[
    "January",
    "Jan",
    "Monday",
    "Mon",
    "MST",
    "2006",
    "-07:00:00",
    "-07:00",
    "-070000",
    "-0700",
    "-07",
    "Z07:00:00",
    "Z07:00",
    "Z070000",
    "Z0700",
    "Z07",
    "002",
    "01",
    "02",
    "03",
    "04",
    "05",
    "06",
    "__2",
    "_2",
    "15",
    "PM",
    "pm",
    "1",
    "2",
    "3",
    "4",
    "5",
];

/// Formats `time` by a Go layout; words that are no elements stay (JSON-42).
pub fn go(time: DateTime, layout: &str) -> String {
    let mut text = String::new();
    let mut rest = layout;
    'next: while let Some(letter) = rest.chars().next() {
        for element in ELEMENTS {
            // `_2006` is an underscore and a year, `Jan`uary-like words in lower case go on as words.
            let Some(behind) = rest.strip_prefix(element) else { continue };
            let word_goes_on =
                matches!(*element, "Jan" | "Mon") && behind.starts_with(|c: char| c.is_ascii_lowercase());
            let is_year = *element == "_2" && rest.starts_with("_2006");
            if !word_goes_on && !is_year {
                text += &format_element(time, element);
                rest = behind;
                continue 'next;
            }
        }
        if let Some(length) = fraction_length(rest) {
            text += &fraction(time, &rest[..length]);
            rest = &rest[length..];
        } else {
            text.push(letter);
            rest = &rest[letter.len_utf8()..];
        }
    }
    text
}

fn format_element(time: DateTime, element: &str) -> String {
    let half = if time.hour() < 12 { "AM" } else { "PM" };
    let hour = (time.hour() + 11) % 12 + 1;
    match element {
        "January" => time.strftime("%B").to_string(),
        "Jan" => time.strftime("%b").to_string(),
        "Monday" => time.strftime("%A").to_string(),
        "Mon" => time.strftime("%a").to_string(),
        "MST" => "UTC".to_owned(),
        "2006" => format!("{:04}", time.year()),
        "06" => format!("{:02}", time.year().rem_euclid(100)),
        "01" => format!("{:02}", time.month()),
        "1" => time.month().to_string(),
        "02" => format!("{:02}", time.day()),
        "_2" => format!("{:2}", time.day()),
        "2" => time.day().to_string(),
        "002" => format!("{:03}", time.day_of_year()),
        "__2" => format!("{:3}", time.day_of_year()),
        "15" => format!("{:02}", time.hour()),
        "03" => format!("{hour:02}"),
        "3" => hour.to_string(),
        "04" => format!("{:02}", time.minute()),
        "4" => time.minute().to_string(),
        "05" => format!("{:02}", time.second()),
        "5" => time.second().to_string(),
        "PM" => half.to_owned(),
        "pm" => half.to_ascii_lowercase(),
        zone if zone.starts_with('Z') => "Z".to_owned(),
        zone => zone.replace('-', "+").replace('7', "0"),
    }
}

/// Returns the length of `.000` or `,999` at the start of `rest`: a point or comma, one digit repeated, no digit after.
fn fraction_length(rest: &str) -> Option<usize> {
    let digits = rest.strip_prefix(['.', ','])?;
    let digit = digits.chars().next().filter(|digit| matches!(digit, '0' | '9'))?;
    let count = digits.chars().take_while(|next| *next == digit).count();
    (!digits[count..].starts_with(|next: char| next.is_ascii_digit())).then_some(1 + count)
}

fn fraction(time: DateTime, element: &str) -> String {
    let count = element.len() - 1;
    let mut digits = format!("{:09}", time.subsec_nanosecond());
    digits.extend(std::iter::repeat_n('0', count.saturating_sub(9)));
    digits.truncate(count);
    if element.ends_with('9') {
        digits.truncate(digits.trim_end_matches('0').len());
        if digits.is_empty() {
            return digits;
        }
    }
    format!("{}{digits}", &element[..1])
}

/// Formats `time` by the percent verbs that the reference knows; others stay (JSON-43).
pub fn strftime(time: DateTime, format: &str) -> String {
    let mut text = String::new();
    let mut letters = format.chars();
    while let Some(letter) = letters.next() {
        if letter != '%' {
            text.push(letter);
            continue;
        }
        match letters.next() {
            Some(verb @ ('a' | 'A' | 'b' | 'B' | 'd' | 'H' | 'I' | 'm' | 'M' | 'p' | 'S' | 'y' | 'Y')) => {
                text += &time.strftime(&format!("%{verb}")).to_string();
            }
            Some('L') => text += &format!(".{:03}", time.subsec_nanosecond() / 1_000_000),
            Some('z') => text += "+0000",
            Some('Z') => text += "UTC",
            Some('%') => text.push('%'),
            Some(other) => text.extend(['%', other]),
            None => text.push('%'),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn time() -> DateTime {
        date(2026, 2, 3).at(14, 5, 6, 789_000_000)
    }

    // JSON-42; case gotemplate/isotime-layouts
    #[test]
    fn layouts_are_written_as_an_example() {
        for (layout, wanted) in [
            ("2006-01-02T15:04:05Z07:00", "2026-02-03T14:05:06Z"),
            ("Mon Jan 02 15:04:05 MST 2006", "Tue Feb 03 14:05:06 UTC 2026"),
            ("Monday, January 2", "Tuesday, February 3"),
            ("03:04 PM 3:4:5pm", "02:05 PM 2:5:6pm"),
            ("[_2] [02] 002 __2", "[ 3] [03] 034  34"),
            ("15:04:05.000 05.999 05,000000 .5", "14:05:06.789 06.789 06,789000 .6"),
            ("-0700 -07:00 Z0700", "+0000 +00:00 Z"),
            ("build of 2006, q _2006 Janet", "build of 2026, q _2026 Janet"),
            ("1 éMST", "2 éUTC"),
            ("", ""),
        ] {
            assert_eq!(go(time(), layout), wanted, "{layout}");
        }
    }

    // JSON-43; case gotemplate/strftime-verbs
    #[test]
    fn verbs_that_are_not_known_stay() {
        assert_eq!(strftime(time(), "%a %A %b %B %I %p %y"), "Tue Tuesday Feb February 02 PM 26");
        assert_eq!(strftime(time(), "%f %L %z %Z 100%% of %q and %"), "%f .789 +0000 UTC 100% of %q and %");
    }
}
