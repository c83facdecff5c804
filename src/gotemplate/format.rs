//! Go's formatted printing: `print`, `println`, `printf`, and floats.
//!
//! The verbs themselves are gotmpl's.

use super::value::Val;

/// Returns a float as Go's `%v` writes it: the shortest digits, with an exponent where that is large or small.
pub fn float(number: f64) -> String {
    if number.is_nan() {
        return "NaN".to_owned();
    }
    if number.is_infinite() {
        return if number > 0.0 { "+Inf".to_owned() } else { "-Inf".to_owned() };
    }
    let scientific = format!("{number:e}");
    let Some((digits, exponent)) = scientific.split_once('e') else { return scientific };
    let exponent: i32 = exponent.parse().unwrap_or_default();
    if (-4..6).contains(&exponent) {
        return number.to_string();
    }
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{digits}e{sign}{:02}", exponent.abs())
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

/// Prints `args` by `format`.
///
/// # Errors
/// What gotmpl cannot do.
pub fn printf(format: &str, args: &[Val]) -> Result<String, String> {
    if args.is_empty() && !format.contains('%') {
        return Ok(format.to_owned());
    }
    if let Some(start) = verbless_end(format) {
        return Ok(printf(&format[..start], args)? + "%!(NOVERB)");
    }
    let names: Vec<String> = (0..=args.len()).map(|index| format!("a{index}")).collect();
    let call: String = names.iter().map(|name| format!(" .{name}")).collect();
    let values = std::iter::once(gotmpl::Value::from(format)).chain(args.iter().map(foreign));
    let data: std::collections::BTreeMap<String, gotmpl::Value> = names.into_iter().zip(values).collect();
    gotmpl::execute(&format!("{{{{printf{call}}}}}"), &data.into()).map_err(|error| error.to_string())
}

/// Returns where a percent sign stands at the end that no verb follows.
fn verbless_end(format: &str) -> Option<usize> {
    let mut at = 0;
    while let Some(start) = format[at..].find('%').map(|found| at + found) {
        let rest = &format[start + 1..];
        let verb = rest.trim_start_matches(|letter: char| "+-# 0123456789.*[]".contains(letter));
        let Some(letter) = verb.chars().next() else { return Some(start) };
        at = format.len() - verb.len() + letter.len_utf8();
    }
    None
}

fn foreign(value: &Val) -> gotmpl::Value {
    match value {
        Val::Nothing | Val::Data => gotmpl::Value::Nil,
        Val::Bool(flag) => gotmpl::Value::Bool(*flag),
        Val::Int(number) => gotmpl::Value::Int(*number),
        Val::Float(number) => gotmpl::Value::Float(*number),
        Val::Imaginary(_) => gotmpl::Value::String(value.printed().into()),
        Val::Text(text) => gotmpl::Value::String(text.clone()),
        Val::List(items) => gotmpl::Value::List(items.iter().map(foreign).collect()),
        Val::Map(members) => {
            let members = members.iter().map(|(name, value)| (name.as_str().into(), foreign(value)));
            gotmpl::Value::Map(std::sync::Arc::new(members.collect()))
        }
    }
}
