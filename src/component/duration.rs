//! Durations as people write them in templates (`1h30m`, `250ms`) and as they are shown.

use std::time::Duration;

/// Parses a duration in Go's form: numbers with units `h m s ms us µs ns`, possibly several; `0` alone needs none.
///
/// # Errors
/// In the words people know: `time: missing unit in duration "10"`.
pub fn parse(text: &str) -> Result<Duration, String> {
    let bad = || format!("time: invalid duration {text:?}");
    let mut rest = text.strip_prefix('+').unwrap_or(text);
    if rest.starts_with('-') && rest != "-0" {
        return Err(format!("time: negative duration {text:?}"));
    }
    if rest == "0" {
        return Ok(Duration::ZERO);
    }
    if rest.is_empty() {
        return Err(bad());
    }
    let mut total = 0f64;
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
        let number: f64 = rest[..digits].parse().map_err(|_| bad())?;
        rest = &rest[digits..];
        let end = rest.find(|c: char| c.is_ascii_digit() || c == '.').unwrap_or(rest.len());
        let nanoseconds = match &rest[..end] {
            "" => return Err(format!("time: missing unit in duration {text:?}")),
            "h" => 3_600e9,
            "m" => 60e9,
            "s" => 1e9,
            "ms" => 1e6,
            "us" | "µs" | "μs" => 1e3,
            "ns" => 1.0,
            unit => return Err(format!("time: unknown unit {unit:?} in duration {text:?}")),
        };
        total += number * nanoseconds;
        rest = &rest[end..];
    }
    Duration::try_from_secs_f64(total / 1e9).map_err(|_| bad())
}

/// Returns `duration` as Go prints it: `1m30s`, `100ms`, `1.5s`.
pub fn compact(duration: Duration) -> String {
    let nanoseconds = duration.as_nanos();
    let fraction = |unit: u128, name: &str| {
        let text = format!("{}.{:09}", nanoseconds / unit, (nanoseconds % unit) * (1_000_000_000 / unit));
        format!("{}{name}", text.trim_end_matches('0').trim_end_matches('.'))
    };
    match nanoseconds {
        0 => "0s".to_owned(),
        1..1_000 => format!("{nanoseconds}ns"),
        1_000..1_000_000 => fraction(1_000, "µs"),
        1_000_000..1_000_000_000 => fraction(1_000_000, "ms"),
        _ => {
            let minutes = duration.as_secs() / 60;
            let seconds = Duration::new(duration.as_secs() % 60, duration.subsec_nanos());
            let text = format!("{}.{:09}", seconds.as_secs(), seconds.subsec_nanos());
            let seconds = text.trim_end_matches('0').trim_end_matches('.').to_owned() + "s";
            match (minutes / 60, minutes % 60) {
                (0, 0) => seconds,
                (0, minutes) => format!("{minutes}m{seconds}"),
                (hours, minutes) => format!("{hours}h{minutes}m{seconds}"),
            }
        }
    }
}

/// Returns `duration` in words, the two largest units: `1 second 262 milliseconds` (ENG-47).
pub fn words(duration: Duration) -> String {
    const UNITS: [(u128, &str); 8] = [
        (604_800_000_000_000, "week"),
        (86_400_000_000_000, "day"),
        (3_600_000_000_000, "hour"),
        (60_000_000_000, "minute"),
        (1_000_000_000, "second"),
        (1_000_000, "millisecond"),
        (1_000, "microsecond"),
        (1, "nanosecond"),
    ];
    let mut rest = duration.as_nanos();
    let mut parts = Vec::new();
    for (size, name) in UNITS {
        let count = rest / size;
        rest %= size;
        if count > 0 && parts.len() < 2 {
            parts.push(format!("{count} {name}{}", if count == 1 { "" } else { "s" }));
        }
    }
    if parts.is_empty() { "0 nanoseconds".to_owned() } else { parts.join(" ") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read_and_shown_as_go_does() {
        for text in ["1m30s", "100ms", "1.5s", "1h0m0s", "10s", "250µs", "2ns", "0s"] {
            assert_eq!(compact(parse(text).unwrap()), text);
        }
        assert_eq!(parse("10").unwrap_err(), "time: missing unit in duration \"10\"");
        assert!(parse("abc").is_err());
    }

    #[test]
    fn words_name_the_two_largest_units() {
        assert_eq!(words(Duration::from_millis(1_262)), "1 second 262 milliseconds");
        assert_eq!(words(Duration::from_secs(303)), "5 minutes 3 seconds");
        assert_eq!(words(Duration::from_micros(20)), "20 microseconds");
    }
}
