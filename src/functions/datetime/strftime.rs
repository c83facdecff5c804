//! The form of a date as C has it: `%Y-%m-%d`.
//!
//! Knows the few verbs that the reference knows; all others stay as they are.

use super::time::Time;

/// Returns `time`, which is in UTC, in the form of `format`.
///
/// # Source
/// FN-101.
pub fn write(format: &str, time: &Time) -> String {
    let mut out = String::new();
    let mut rest = format;
    while let Some(at) = rest.find('%') {
        out.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        let Some(verb) = rest.chars().next() else {
            out.push('%');
            break;
        };
        rest = &rest[verb.len_utf8()..];
        match verb {
            '%' => out.push('%'),
            'A' | 'a' | 'B' | 'b' | 'd' | 'H' | 'I' | 'M' | 'm' | 'p' | 'S' | 'Y' | 'y' => {
                out.push_str(&time.clock.strftime(&format!("%{verb}")).to_string());
            }
            'L' => out.push_str(&format!(".{:03}", time.clock.subsec_nanosecond() / 1_000_000)),
            'z' => out.push_str(&time.zone("+0000", "")),
            'Z' => out.push_str("UTC"),
            verb => out.extend(['%', verb]),
        }
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_verbs_are_replaced_and_others_stay() {
        // FN-101
        let time = Time::parse("2026-01-02T13:04:05.25Z").unwrap();
        for (format, expected) in [
            ("%Y-%m-%d %H:%M:%S", "2026-01-02 13:04:05"),
            ("%A %a %B %b %I %p %y %z %Z", "Friday Fri January Jan 01 PM 26 +0000 UTC"),
            ("%S%L", "05.250"),
            ("%j %e %é 100%% %", "%j %e %é 100% %"),
        ] {
            assert_eq!(write(format, &time), expected, "{format}");
        }
    }
}
