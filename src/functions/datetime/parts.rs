//! A time taken apart: year, month, day, hour and so on as an object.
//!
//! Knows no form of text but RFC 3339.

use std::sync::Arc;

use super::time::Time;
use crate::value::Value;

/// Returns the parts of `time` with `last` among them.
///
/// Weekdays count from Sunday, 0; months, days and weeks from 1; weeks are those of ISO 8601.
///
/// # Source
/// FN-102, FN-103.
pub fn parts(time: &Time, last: (&str, Value)) -> Value {
    let clock = &time.clock;
    let date = clock.date();
    let week = date.iso_week_date();
    let number = |value: i16| Value::from(i64::from(value));
    let small = |value: i8| Value::from(i64::from(value));
    let members = [
        ("year", number(clock.year())),
        ("year_day", number(date.day_of_year())),
        ("day", small(clock.day())),
        ("month", small(clock.month())),
        ("month_name", clock.strftime("%B").to_string().into()),
        ("weekday", small(clock.weekday().to_sunday_zero_offset())),
        ("weekday_name", clock.strftime("%A").to_string().into()),
        ("hour", small(clock.hour())),
        ("minute", small(clock.minute())),
        ("second", small(clock.second())),
        ("iso_year", number(week.year())),
        ("iso_week", small(week.week())),
        last,
    ];
    Value::object(members.into_iter().map(|(name, value)| (Arc::from(name), value)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_days_of_a_year_may_belong_to_the_weeks_of_the_last() {
        // FN-102
        let made = parts(&Time::parse("2023-01-01T00:30:00+02:00").unwrap(), ("unix", 0.into()));
        let part = |name: &str| made.as_members().unwrap()[name].clone();
        assert_eq!([part("iso_year"), part("iso_week"), part("hour")], [2022.into(), 52.into(), 0.into()]);
        assert_eq!([part("weekday_name"), part("month_name")], ["Sunday".into(), "January".into()]);
    }
}
