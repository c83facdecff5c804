//! Functions on date and time.
//!
//! Times are texts in RFC 3339; a time keeps the zone it was given.

mod layout;
mod pattern;
mod time;

use super::Shape::String as Text;
use super::{Function, Looks, bad, failed, param, text};
use crate::eval::CallError;
use crate::value::Value;
use time::{Time, parse_duration};

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
            let time = parse(args, 0)?;
            let duration = parse_duration(text(args, 1)).or_else(|reason| bad(1, reason))?;
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
        call: |cx, args| {
            let started = Time::utc(cx.host.started());
            match args {
                [] => Ok(started.rfc3339().into()),
                [_] => Ok(layout::write(text(args, 0), &started).into()),
                _ => failed(format!("too many values, 1 needed: {}", args.len())),
            }
        },
        about: "The time the program was started in UTC, in the form that shows how Monday, 2 January 2006, 15:04:05 would be written.",
        examples: &[
            ("legacy_isotime()", r#""2026-01-02T03:04:05Z""#),
            (r#"legacy_isotime("2006-01-02 at 3:04PM")"#, r#""2026-01-02 at 3:04AM""#),
        ],
    },
];

fn parse(args: &[Value], index: usize) -> Result<Time, CallError> {
    let given = text(args, index);
    Time::parse(given)
        .map_or_else(|| bad(index, format!("{given:?} is not a time in RFC 3339 such as 2006-01-02T15:04:05Z")), Ok)
}
