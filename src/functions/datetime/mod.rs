//! Functions on date and time.
//!
//! Times are texts in RFC 3339; a time keeps the zone it was given.

mod layout;
mod parts;
mod pattern;
mod strftime;
mod time;

use super::Shape::{Any, Number as Num, String as Text};
use super::{Cx, Function, Looks, bad, failed, param, text, whole_argument};
use crate::eval::CallError;
use crate::value::Value;
pub use time::Time;
use time::parse_duration;

/// The functions of this family.
pub const FUNCTIONS: &[Function] = &[
    Function {
        name: "timestamp",
        params: &[],
        rest: None,
        returns: Text,
        looks: Looks::Deep,
        call: |cx, _args| Ok(Time::utc(cx.host.now()).rfc3339().into()),
        about: "The time now in UTC, to the second, another one each time it is evaluated; a local keeps one.",
        examples: &[("timestamp()", r#""2026-01-02T03:04:05Z""#)],
    },
    Function {
        name: "formatdate",
        params: &[param("format", Text), param("time", Text)],
        rest: None,
        returns: Text,
        looks: Looks::Deep,
        call: |_cx, args| {
            let time = parse(args, 1)?;
            pattern::write(text(args, 0), &time).map_or_else(|reason| bad(0, reason), |text| Ok(text.into()))
        },
        about: "`time` in the form of `format`: `YYYY` `YY` year, `MMMM` `MMM` `MM` `M` month, `DD` `D` day, `EEEE` `EEE` weekday, \
                `hh` `h` hour of 24, `HH` `H` of 12, `AA` `aa` half of the day, `mm` `m` minute, `ss` `s` second, \
                `Z` `ZZZ` `ZZZZ` `ZZZZZ` zone, text in single quotes.",
        examples: &[
            (r#"formatdate("DD MMM YYYY hh:mm ZZZ", "2018-01-02T23:12:01Z")"#, r#""02 Jan 2018 23:12 UTC""#),
            (r#"formatdate("EEEE, H:mmaa 'o''clock'", "2018-01-02T23:12:01-08:00")"#, r#""Tuesday, 11:12pm o'clock""#),
        ],
    },
    Function {
        name: "timeadd",
        params: &[param("timestamp", Text), param("duration", Text)],
        rest: None,
        returns: Text,
        looks: Looks::Deep,
        call: |_cx, args| {
            let time = parse(args, 0).or_else(|_| failed(not_rfc3339(text(args, 0))))?;
            let duration = parse_duration(text(args, 1)).or_else(failed)?;
            match time.plus(duration) {
                Some(later) => Ok(later.rfc3339().into()),
                None => failed("the result is beyond the years that can be written"),
            }
        },
        about: "`timestamp` and a duration such as `1h30m` or `-10s` after it, in the zone it had.",
        examples: &[
            (r#"timeadd("2017-11-22T00:00:00Z", "10m")"#, r#""2017-11-22T00:10:00Z""#),
            (r#"timeadd("2017-11-22T10:00:00+02:00", "-24h")"#, r#""2017-11-21T10:00:00+02:00""#),
        ],
    },
    Function {
        name: "legacy_isotime",
        params: &[],
        rest: Some(param("format", Text)),
        returns: Text,
        looks: Looks::Deep,
        call: |cx, args| started(cx, args, layout::write),
        about: "The time the program was started in UTC, in the form that shows how Monday, 2 January 2006, 15:04:05 would be written.",
        examples: &[
            ("legacy_isotime()", r#""2026-01-02T03:04:05Z""#),
            (r#"legacy_isotime("2006-01-02 at 3:04PM")"#, r#""2026-01-02 at 3:04AM""#),
        ],
    },
    Function {
        name: "legacy_strftime",
        params: &[],
        rest: Some(param("format", Text)),
        returns: Text,
        looks: Looks::Deep,
        call: |cx, args| started(cx, args, strftime::write),
        about: "The time the program was started in UTC, in a form with `%Y` `%y` year, `%B` `%b` `%m` month, `%d` day, `%A` `%a` \
                weekday, `%H` `%I` hour, `%p` half of the day, `%M` minute, `%S` second, `%L` milliseconds, `%Z` `%z` zone.",
        examples: &[
            ("legacy_strftime()", r#""2026-01-02T03:04:05Z""#),
            (r#"legacy_strftime("%Y-%m-%d at %I:%M%p")"#, r#""2026-01-02 at 03:04AM""#),
        ],
    },
    Function {
        name: "rfc3339_parse",
        params: &[param("timestamp", Text)],
        rest: None,
        returns: Any,
        looks: Looks::Deep,
        call: |_cx, args| {
            let given = text(args, 0);
            let Some(time) = Time::parse_loosely(given) else { return not_a_time(0, given) };
            Ok(parts::parts(&time, ("unix", time.unix().into())))
        },
        about: "The parts of a time: `year`, `month`, `month_name`, `day`, `hour`, `minute`, `second`, `weekday` (Sunday is 0), \
                `weekday_name`, `year_day`, `iso_year`, `iso_week`, and `unix`, the seconds since 1970.",
        examples: &[
            (r#"rfc3339_parse("2024-02-29T13:05:09Z").weekday_name"#, r#""Thursday""#),
            (r#"rfc3339_parse("2024-02-29 13:05:09Z").unix"#, "1709211909"),
        ],
    },
    Function {
        name: "unix_timestamp_parse",
        params: &[param("unix_timestamp", Num)],
        rest: None,
        returns: Any,
        looks: Looks::Deep,
        call: |_cx, args| {
            let seconds = whole_argument(args, 0)?;
            match Time::of_unix(seconds) {
                Some(time) => Ok(parts::parts(&time, ("rfc3339", time.rfc3339().into()))),
                None => bad(0, format!("{seconds} seconds are beyond the years that can be written")),
            }
        },
        about: "The parts of a time given in seconds since 1970, in UTC, as `rfc3339_parse` gives them, with `rfc3339` instead of `unix`.",
        examples: &[
            ("unix_timestamp_parse(1709211909).rfc3339", r#""2024-02-29T13:05:09Z""#),
            (r#"unix_timestamp_parse("86400").day"#, "2"),
        ],
    },
];

/// Writes the time the program was started in the form that the only argument gives.
fn started(cx: &Cx, args: &[Value], write: fn(&str, &Time) -> String) -> Result<Value, CallError> {
    let started = Time::utc(cx.host.started());
    match args {
        [] => Ok(started.rfc3339().into()),
        [_] => Ok(write(text(args, 0), &started).into()),
        _ => failed(format!("too many values, 1 needed: {}", args.len())),
    }
}

fn parse(args: &[Value], index: usize) -> Result<Time, CallError> {
    let given = text(args, index);
    Time::parse(given).map_or_else(|| not_a_time(index, given), Ok)
}

fn not_a_time<T>(index: usize, given: &str) -> Result<T, CallError> {
    bad(index, not_rfc3339(given))
}

fn not_rfc3339(given: &str) -> String {
    format!("{given:?} is not a time in RFC 3339 such as 2006-01-02T15:04:05Z")
}
