//! Go's printing without a format: `print`, `println`, and floats.
//!
//! Knows no verbs.

use super::value::Val;

/// Returns a float as Go's `%v` writes it: the shortest digits, with an exponent where that is large or small.
pub fn float(number: f64) -> String {
    if number.is_nan() {
        return "NaN".to_owned();
    }
    if number.is_infinite() {
        return if number > 0.0 { "+Inf".to_owned() } else { "-Inf".to_owned() };
    }
    float_of(number, None)
}

/// Returns a finite float as Go's `%g` writes it, with at most `precision` digits; without one, the shortest.
pub fn float_of(number: f64, precision: Option<usize>) -> String {
    let scientific = match precision {
        Some(digits) => format!("{number:.*e}", digits.max(1) - 1),
        None => format!("{number:e}"),
    };
    let Some((digits, power)) = scientific.split_once('e') else { return scientific };
    let power: i32 = power.parse().unwrap_or_default();
    let digits = if digits.contains('.') { digits.trim_end_matches('0').trim_end_matches('.') } else { digits };
    let count = i32::try_from(digits.bytes().filter(u8::is_ascii_digit).count()).unwrap_or(i32::MAX);
    let most = match precision {
        // More digits than there are do not keep a number from being written with an exponent.
        Some(asked) => match i32::try_from(asked.max(1)).unwrap_or(i32::MAX) {
            asked if asked > count && count > power => count,
            asked => asked,
        },
        None => 6,
    };
    if (-4..most).contains(&power) {
        return format!("{number:.*}", usize::try_from(count - 1 - power).unwrap_or(0));
    }
    exponent(&format!("{digits}e{power}"))
}

/// Returns a number in Rust's scientific form with the exponent as Go writes it: a sign and two digits at least.
pub fn exponent(scientific: &str) -> String {
    let Some((digits, power)) = scientific.split_once('e') else { return scientific.to_owned() };
    let (sign, power) = power.strip_prefix('-').map_or(('+', power), |power| ('-', power));
    format!("{digits}e{sign}{power:0>2}")
}

/// Prints the values, with a blank between two that are no texts.
pub fn print(args: &[Val]) -> String {
    let mut out = String::new();
    for (index, arg) in args.iter().enumerate() {
        let is_text = |value: &Val| matches!(value, Val::Text(_));
        if index > 0 && !is_text(arg) && !is_text(&args[index - 1]) {
            out.push(' ');
        }
        arg.print(&mut out);
    }
    out
}

/// Prints the values with blanks between them and a line end.
pub fn println(args: &[Val]) -> String {
    let texts: Vec<String> = args.iter().map(Val::printed).collect();
    texts.join(" ") + "\n"
}
