//! A point in time with the offset it was written with.
//!
//! Knows one form of text, RFC 3339.

use jiff::civil::DateTime;
use jiff::tz::Offset;
use jiff::{SignedDuration, Timestamp};

/// A wall-clock time at an offset from UTC.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Time {
    /// What the clock shows.
    pub clock: DateTime,
    /// Minutes east of UTC.
    pub offset: i32,
}

impl Time {
    /// Makes a time in UTC.
    pub fn utc(timestamp: Timestamp) -> Time {
        Time { clock: Offset::UTC.to_datetime(timestamp), offset: 0 }
    }

    /// Makes a time in UTC of seconds since 1970, unless it has no four digits for its year.
    pub fn of_unix(seconds: i64) -> Option<Time> {
        let start = Time { clock: jiff::civil::date(1970, 1, 1).at(0, 0, 0, 0), offset: 0 };
        start.plus(SignedDuration::from_secs(seconds))
    }

    /// Reads `2006-01-02T15:04:05[.999](Z|+07:00)`, and nothing looser.
    pub fn parse(text: &str) -> Option<Time> {
        let bytes = text.as_bytes();
        let number = |range: std::ops::Range<usize>| -> Option<i32> {
            let digits = bytes.get(range)?;
            digits.iter().all(u8::is_ascii_digit).then(|| digits.iter().fold(0, |n, d| n * 10 + i32::from(d - b'0')))
        };
        let small = |range| i8::try_from(number(range)?).ok();
        let separators = [(4, b'-'), (7, b'-'), (10, b'T'), (13, b':'), (16, b':')];
        if separators.iter().any(|(at, separator)| bytes.get(*at) != Some(separator)) {
            return None;
        }
        let mut at = 19;
        let mut nanoseconds = 0;
        if bytes.get(at) == Some(&b'.') {
            let digits = bytes[at + 1..].iter().take_while(|b| b.is_ascii_digit()).count();
            let kept = number(at + 1..at + 1 + digits.min(9)).filter(|_| digits > 0)?;
            nanoseconds = kept * 10_i32.pow(9 - u32::try_from(digits.min(9)).ok()?);
            at += 1 + digits;
        }
        let offset = match (bytes.get(at)?, bytes.len() - at) {
            (b'Z', 1) => 0,
            (sign @ (b'+' | b'-'), 6) if bytes[at + 3] == b':' => {
                let (hours, minutes) = (number(at + 1..at + 3)?, number(at + 4..at + 6)?);
                let total = hours * 60 + minutes;
                if hours > 23 || minutes > 59 {
                    return None;
                }
                if *sign == b'-' { -total } else { total }
            }
            _ => return None,
        };
        let year = i16::try_from(number(0..4)?).ok()?;
        let clock = DateTime::new(
            year,
            small(5..7)?,
            small(8..10)?,
            small(11..13)?,
            small(14..16)?,
            small(17..19)?,
            nanoseconds,
        );
        Some(Time { clock: clock.ok()?, offset })
    }

    /// Reads the same as Go does, which also takes a blank in place of the `T`, an hour of one digit, a comma before the
    /// fraction, and offsets up to `24:60`.
    pub fn parse_loosely(text: &str) -> Option<Time> {
        let (date, clock) = text.split_at_checked(10)?;
        let clock = clock.strip_prefix(['T', ' '])?;
        let zero = if clock.find(':') == Some(1) { "0" } else { "" };
        let clock = clock.replacen(',', ".", 1);
        let strict = || Time::parse(&format!("{date}T{zero}{clock}"));
        let (sign, zone) = match clock.len().checked_sub(6).and_then(|at| clock.split_at_checked(at)) {
            Some((_, zone)) if zone.starts_with('+') => (1, zone),
            Some((_, zone)) if zone.starts_with('-') => (-1, zone),
            _ => return strict(),
        };
        let wide = match zone[1..].split_once(':')? {
            ("24", minutes) => Some((24, minutes.parse::<i32>().ok()?)),
            (hours, "60") => Some((hours.parse().ok()?, 60)),
            _ => None,
        };
        let Some((hours, minutes)) = wide.filter(|(hours, minutes)| *hours <= 24 && *minutes <= 60) else {
            return strict();
        };
        let utc = Time::parse(&format!("{date}T{zero}{}Z", clock.strip_suffix(zone)?))?;
        Some(Time { offset: sign * (hours * 60 + minutes), ..utc })
    }

    /// Returns the seconds since 1970, rounded down.
    pub fn unix(&self) -> i64 {
        let here = self.clock.date().duration_since(jiff::civil::date(1970, 1, 1)).as_secs();
        let of_day = i64::from(self.clock.hour()) * 3600 + i64::from(self.clock.minute()) * 60;
        here + of_day + i64::from(self.clock.second()) - i64::from(self.offset) * 60
    }

    /// Returns it in RFC 3339, to the second.
    pub fn rfc3339(&self) -> String {
        format!("{}{}", self.clock.strftime("%Y-%m-%dT%H:%M:%S"), self.zone("Z", ":"))
    }

    /// Returns `utc` at offset zero, else the offset with `separator` between hours and minutes.
    pub fn zone(&self, utc: &str, separator: &str) -> String {
        if self.offset == 0 {
            return utc.to_owned();
        }
        let sign = if self.offset < 0 { '-' } else { '+' };
        let minutes = self.offset.abs();
        format!("{sign}{:02}{separator}{:02}", minutes / 60, minutes % 60)
    }

    /// Returns the time `duration` later at the same offset, unless that is out of range.
    pub fn plus(&self, duration: SignedDuration) -> Option<Time> {
        let clock = self.clock.checked_add(duration).ok()?;
        // RFC 3339 has four digits for a year.
        (0..=9999).contains(&clock.year()).then_some(Time { clock, offset: self.offset })
    }
}

/// Reads a duration as Go has it: an optional sign, then numbers with `h`, `m`, `s`, `ms`, `us`, `ns`.
///
/// # Errors
/// In the words people know: `time: missing unit in duration "10"`.
pub fn parse_duration(text: &str) -> Result<SignedDuration, String> {
    let invalid = || format!("time: invalid duration {text:?}");
    let (negative, mut rest) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    if rest == "0" {
        return Ok(SignedDuration::ZERO);
    }
    if rest.is_empty() {
        return Err(invalid());
    }
    let mut nanoseconds: i128 = 0;
    while !rest.is_empty() {
        let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
        let (whole, fraction) = rest[..end].split_once('.').unwrap_or((&rest[..end], ""));
        if whole.is_empty() && fraction.is_empty() || fraction.contains('.') || whole.len() > 18 {
            return Err(invalid());
        }
        rest = &rest[end..];
        let end = rest.find(|c: char| c.is_ascii_digit() || c == '.').unwrap_or(rest.len());
        let unit: i128 = match &rest[..end] {
            "" => return Err(format!("time: missing unit in duration {text:?}")),
            "h" => 3_600_000_000_000,
            "m" => 60_000_000_000,
            "s" => 1_000_000_000,
            "ms" => 1_000_000,
            "us" | "µs" | "μs" => 1_000,
            "ns" => 1,
            unit => return Err(format!("time: unknown unit {unit:?} in duration {text:?}")),
        };
        rest = &rest[end..];
        nanoseconds += whole.parse::<i128>().unwrap_or(0) * unit;
        // More digits than a nanosecond of an hour has mean nothing.
        let fraction = &fraction[..fraction.len().min(15)];
        let size = u32::try_from(fraction.len()).unwrap_or(0);
        nanoseconds += fraction.parse::<i128>().unwrap_or(0) * unit / 10_i128.pow(size);
    }
    let nanoseconds = i64::try_from(if negative { -nanoseconds } else { nanoseconds }).map_err(|_| invalid())?;
    Ok(SignedDuration::from_nanos(nanoseconds))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_strict_times_are_read() {
        // FN-98
        for text in ["2017-11-22T00:00:00Z", "2017-11-22T10:00:00+02:00", "2016-02-29T23:59:59-08:30"] {
            assert_eq!(Time::parse(text).unwrap().rfc3339(), text);
        }
        assert_eq!(Time::parse("2017-11-22T00:00:00.75Z").unwrap().clock.subsec_nanosecond(), 750_000_000);
        for text in [
            "2017-11-22",
            "2017-11-22 00:00:00Z",
            "2017-02-30T00:00:00Z",
            "2017-11-22T00:00:00",
            "yesterday",
            "",
            "2017-11-22T00:00:00+0200",
            "2017-11-22T24:00:00Z",
            "2017-11-22T00:00:00.Z",
            "２017-11-22T00:00:00Z",
        ] {
            assert_eq!(Time::parse(text), None, "{text}");
        }
    }

    #[test]
    fn some_times_are_read_that_are_not_strict() {
        // FN-102
        for (text, unix) in [
            ("2024-02-29 13:05:09Z", 1_709_211_909),
            ("2024-02-29T1:05:09,5Z", 1_709_168_709),
            ("2024-02-29T13:05:09+24:60", 1_709_211_909 - 25 * 3600),
        ] {
            assert_eq!(Time::parse_loosely(text).map(|time| time.unix()), Some(unix), "{text}");
        }
        for text in
            ["2024-02-29T13:05:09+25:00", "2024-02-29T13:05:09+01:61", "2024-02-29T:05:09Z", "2024-02-29é13:05:09Z", ""]
        {
            assert_eq!(Time::parse_loosely(text), None, "{text}");
        }
        assert_eq!(Time::of_unix(253_402_300_799).unwrap().rfc3339(), "9999-12-31T23:59:59Z");
        assert_eq!(Time::of_unix(253_402_300_800), None);
    }

    #[test]
    fn durations_are_added_and_the_zone_stays() {
        // FN-99
        let plus = |time: &str, duration: &str| {
            Time::parse(time).unwrap().plus(parse_duration(duration).unwrap()).map(|later| later.rfc3339())
        };
        assert_eq!(plus("2016-02-28T23:59:59Z", "1s").as_deref(), Some("2016-02-29T00:00:00Z"));
        assert_eq!(plus("2017-11-22T00:00:00Z", "-1h30m").as_deref(), Some("2017-11-21T22:30:00Z"));
        assert_eq!(plus("2017-11-22T00:00:00Z", "1500ms").as_deref(), Some("2017-11-22T00:00:01Z"));
        assert_eq!(plus("2017-11-22T00:00:00Z", "0.5h").as_deref(), Some("2017-11-22T00:30:00Z"));
        assert_eq!(plus("9999-12-31T23:59:59Z", "1s"), None);
    }

    #[test]
    fn durations_need_units_and_bounds() {
        for text in ["1d", "10", "", "-", "h", ".s", "1..5s", "9999999999h", "1s2"] {
            assert!(parse_duration(text).is_err(), "{text}");
        }
    }
}
