//! The form of a date as `formatdate` takes it: `YYYY-MM-DD'T'hh:mm`.
//!
//! Letters are fields, repeated as often as the field is wide.

use super::time::Time;

/// Returns `time` in the form of `pattern`.
///
/// # Errors
/// A run of letters that is no field, or a quote that does not end.
///
/// # Source
/// FN-98.
pub fn write(pattern: &str, time: &Time) -> Result<String, String> {
    let mut out = String::new();
    let mut rest = pattern;
    while let Some(first) = rest.chars().next() {
        if first == '\'' {
            rest = quoted(&rest[1..], &mut out)?;
        } else if first.is_ascii_alphabetic() {
            let end = rest.find(|c| c != first).unwrap_or(rest.len());
            out.push_str(&field(&rest[..end], time)?);
            rest = &rest[end..];
        } else {
            out.push(first);
            rest = &rest[first.len_utf8()..];
        }
    }
    Ok(out)
}

/// Copies text up to the closing quote, where two quotes are one, and returns what follows.
fn quoted<'p>(mut rest: &'p str, out: &mut String) -> Result<&'p str, String> {
    // Nothing between two quotes is a quote, as within.
    if let Some(after) = rest.strip_prefix('\'').filter(|after| !after.starts_with('\'')) {
        out.push('\'');
        return Ok(after);
    }
    loop {
        let Some(end) = rest.find('\'') else { return Err("unterminated literal '".to_owned()) };
        out.push_str(&rest[..end]);
        rest = &rest[end + 1..];
        match rest.strip_prefix('\'') {
            Some(after) => {
                out.push('\'');
                rest = after;
            }
            None => return Ok(rest),
        }
    }
}

fn field(letters: &str, time: &Time) -> Result<String, String> {
    let clock = &time.clock;
    let hour = i32::from(clock.hour());
    let hour_of_12 = if hour % 12 == 0 { 12 } else { hour % 12 };
    let half = if hour < 12 { "AM" } else { "PM" };
    let shown = |form: &str| clock.strftime(form).to_string();
    Ok(match letters {
        "YYYY" => format!("{:04}", clock.year()),
        "YY" => format!("{:02}", clock.year() % 100),
        "MMMM" => shown("%B"),
        "MMM" => shown("%b"),
        "MM" => format!("{:02}", clock.month()),
        "M" => clock.month().to_string(),
        "DD" => format!("{:02}", clock.day()),
        "D" => clock.day().to_string(),
        "EEEE" => shown("%A"),
        "EEE" => shown("%a"),
        "hh" => format!("{hour:02}"),
        "h" => hour.to_string(),
        "HH" => format!("{hour_of_12:02}"),
        "H" => hour_of_12.to_string(),
        "AA" => half.to_owned(),
        "aa" => half.to_lowercase(),
        "mm" => format!("{:02}", clock.minute()),
        "m" => clock.minute().to_string(),
        "ss" => format!("{:02}", clock.second()),
        "s" => clock.second().to_string(),
        "Z" => time.zone("Z", ":"),
        "ZZZ" => time.zone("UTC", ""),
        "ZZZZ" => time.zone("+0000", ""),
        "ZZZZZ" => time.zone("+00:00", ":"),
        _ => return Err(format!("invalid date format verb {letters:?}; text goes in single quotes")),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(pattern: &str) -> Result<String, String> {
        write(pattern, &Time::parse("2018-01-02T00:05:09-08:30").unwrap())
    }

    #[test]
    fn every_field_is_written() {
        // FN-98
        let all = "YY YYYY M MM MMM MMMM D DD EEE EEEE h hh H HH AA aa m mm s ss Z ZZZ ZZZZ ZZZZZ";
        let expected = "18 2018 1 01 Jan January 2 02 Tue Tuesday 0 00 12 12 AM am 5 05 9 09 -08:30 -0830 -0830 -08:30";
        assert_eq!(shown(all).as_deref(), Ok(expected));
        let utc = Time::parse("2018-01-02T13:05:09Z").unwrap();
        assert_eq!(write("H:mm Z ZZZ ZZZZ ZZZZZ", &utc).as_deref(), Ok("1:05 Z UTC +0000 +00:00"));
    }

    #[test]
    fn quotes_hold_text_and_letters_must_be_fields() {
        assert_eq!(shown("'it''s' YYYY é").as_deref(), Ok("it's 2018 é"));
        for pattern in ["X", "YYY", "E", "'open", "MMMMM"] {
            assert!(shown(pattern).is_err(), "{pattern}");
        }
    }
}
