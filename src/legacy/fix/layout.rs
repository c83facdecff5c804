//! Fixed templates as text, byte for byte as programs that compare them expect it.
//!
//! Knows nothing of templates.

use std::fmt::Write;

use serde_json::Value;

/// Returns the text of `value`, with a line end: names in order, two spaces a level, numbers as floats (FIX-3).
pub fn text(value: &Value) -> String {
    let mut text = String::new();
    write(value, 0, &mut text);
    text.push('\n');
    text
}

fn write(value: &Value, depth: usize, to: &mut String) {
    match value {
        Value::Null => to.push_str("null"),
        Value::Bool(value) => to.push_str(if *value { "true" } else { "false" }),
        Value::Number(value) => number(value.as_f64().unwrap_or_default(), to),
        Value::String(text) => quoted(text, to),
        Value::Array(items) => {
            let items = items.iter().map(|item| (None, item));
            members(['[', ']'], items, depth, to);
        }
        Value::Object(object) => {
            let mut sorted: Vec<_> = object.iter().map(|(name, value)| (Some(name.as_str()), value)).collect();
            sorted.sort_unstable_by_key(|(name, _)| *name);
            members(['{', '}'], sorted.into_iter(), depth, to);
        }
    }
}

fn members<'a>(
    [open, close]: [char; 2],
    members: impl ExactSizeIterator<Item = (Option<&'a str>, &'a Value)>,
    depth: usize,
    to: &mut String,
) {
    to.push(open);
    let is_empty = members.len() == 0;
    for (index, (name, value)) in members.enumerate() {
        to.push_str(if index == 0 { "\n" } else { ",\n" });
        indent(depth + 1, to);
        if let Some(name) = name {
            quoted(name, to);
            to.push_str(": ");
        }
        write(value, depth + 1, to);
    }
    if !is_empty {
        to.push('\n');
        indent(depth, to);
    }
    to.push(close);
}

fn indent(depth: usize, to: &mut String) {
    to.extend(std::iter::repeat_n("  ", depth));
}

fn quoted(text: &str, to: &mut String) {
    // Of these, `serde_json` escapes none, and nothing that it writes itself looks like them.
    let plain = Value::String(text.to_owned()).to_string();
    for one in plain.chars() {
        match one {
            '&' | '\u{2028}' | '\u{2029}' => _ = write!(to, "\\u{:04x}", u32::from(one)),
            one => to.push(one),
        }
    }
}

/// Writes the shortest digits that mean this number, with an exponent where those of JavaScript have one.
fn number(value: f64, to: &mut String) {
    if value == 0.0 || (1e-6..1e21).contains(&value.abs()) {
        let _ = write!(to, "{value}");
        return;
    }
    let text = format!("{value:e}");
    match text.split_once('e') {
        Some((digits, exponent)) if !exponent.starts_with('-') => _ = write!(to, "{digits}e+{exponent}"),
        _ => to.push_str(&text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_pass_through_a_float() {
        // FIX-3
        let written = |text: &str| {
            let value: Value = serde_json::from_str(text).unwrap();
            super::text(&value).trim_end().to_owned()
        };
        let given = ["1.0", "-0", "12345678901234567890", "1e25", "1e-9", "1e-6", "0.1e-6", "1e20", "1e21", "-1.5e300"];
        let wanted = [
            "1",
            "-0",
            "12345678901234567000",
            "1e+25",
            "1e-9",
            "0.000001",
            "1e-7",
            "100000000000000000000",
            "1e+21",
            "-1.5e+300",
        ];
        assert_eq!(given.map(written), wanted);
    }

    #[test]
    fn texts_are_escaped_as_for_a_page_but_for_angles() {
        // FIX-3
        let mut text = String::new();
        quoted("<a> & \u{2029} \u{7f} \u{1} \\u0026 é", &mut text);
        assert_eq!(text, "\"<a> \\u0026 \\u2029 \u{7f} \\u0001 \\\\u0026 é\"");
    }
}
