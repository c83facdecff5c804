//! What everything that runs shell scripts shares: environment assignments, script files, exit codes.
//!
//! Knows neither where a script runs nor how it gets there.

use std::collections::BTreeMap;

use anyhow::bail;

use super::{BuildData, Problem, Problems, Result, RunCx};
use crate::gotemplate::Fields;
use crate::host::{Host, explain};
use crate::value::Value;

/// Checks that each of `list` reads `NAME=value`.
pub fn check_variables(list: &[String], problems: &mut Problems) {
    for entry in list {
        if entry.split_once('=').is_none_or(|(name, _)| name.is_empty()) {
            let text = format!("Environment variable not in format 'key=value': {entry}");
            problems.push(Problem::of("environment_vars", text));
        }
    }
}

/// Checks that each of `scripts` is there.
pub fn check_scripts(host: &Host, scripts: &[String], problems: &mut Problems) {
    for script in scripts {
        if let Err(error) = std::fs::metadata(host.absolute(script)) {
            problems.add(format!("Bad script '{script}': {}", explain("stat", script, &error)));
        }
    }
}

/// Returns the variables a script sees: those of the build, then `list`, then `map`; later ones win.
///
/// `list` is rendered once more with `data`.
///
/// # Source
/// ENG-15, ENG-16, P-local-14.
pub fn variables(
    cx: &RunCx,
    data: &BuildData,
    list: &[String],
    map: &BTreeMap<String, String>,
) -> Result<BTreeMap<String, String>> {
    let mut variables = BTreeMap::from([
        ("PACKER_BUILD_NAME".to_owned(), cx.build.label.to_string()),
        ("PACKER_BUILDER_TYPE".to_owned(), cx.build.builder_type.to_string()),
    ]);
    for (fact, name) in [
        ("PackerHTTPAddr", "PACKER_HTTP_ADDR"),
        ("PackerHTTPIP", "PACKER_HTTP_IP"),
        ("PackerHTTPPort", "PACKER_HTTP_PORT"),
    ] {
        // Without an HTTP server there is nothing, or a marker that says so.
        if let Some(value) = data.get(fact).and_then(Value::as_str)
            && !value.is_empty()
            && !value.starts_with("ERR_HTTP_")
        {
            variables.insert(name.to_owned(), value.to_owned());
        }
    }
    let fields = fields(data, &[]);
    for entry in list {
        let entry = render(cx, entry, &fields)?;
        let (name, value) = entry.split_once('=').unwrap_or((&entry, ""));
        variables.insert(name.to_owned(), value.to_owned());
    }
    variables.extend(map.iter().map(|(name, value)| (name.clone(), value.clone())));
    Ok(variables)
}

/// Returns `variables` as assignments, each by `format`: its first `%s` becomes the name, the second the value, in
/// which a single quote is written so that it can stand between single quotes.
pub fn assignments(variables: &BTreeMap<String, String>, format: &str) -> String {
    variables.iter().map(|(name, value)| assignment(format, name, &value.replace('\'', r#"'"'"'"#))).collect()
}

fn assignment(format: &str, name: &str, value: &str) -> String {
    let mut parts = [name, value].into_iter();
    let mut text = String::new();
    let mut rest = format;
    while let Some((before, after)) = rest.split_once('%') {
        text.push_str(before);
        let (replacement, length) = match after.as_bytes() {
            [b's', ..] => (parts.next().unwrap_or_default(), 1),
            [b'[', b'1', b']', b's', ..] => (name, 4),
            [b'[', b'2', b']', b's', ..] => (value, 4),
            [b'%', ..] => ("%", 1),
            _ => ("%", 0),
        };
        text.push_str(replacement);
        rest = &after[length..];
    }
    text + rest
}

/// Returns what `{{ .Name }}` sees: the build's data and `more`.
pub fn fields(data: &BuildData, more: &[(&str, &str)]) -> Fields {
    let mut values: BTreeMap<String, Value> =
        data.iter().map(|(name, value)| (name.to_string(), value.clone())).collect();
    values.extend(more.iter().map(|(name, text)| ((*name).to_owned(), Value::from(*text))));
    Fields { values, strict: None }
}

/// Renders `text` until it no longer changes (JSON-32).
///
/// # Errors
/// In Go's words.
pub fn render(cx: &RunCx, text: &str, fields: &Fields) -> Result<String> {
    cx.engine().render_until_stable(text, fields).map_err(anyhow::Error::msg)
}

/// Returns the lines of an inline script, rendered with what the build knows, each with a line end.
///
/// # Errors
/// What is wrong with the first line that is no template (HCL-98), in Go's words.
pub fn inline_text(cx: &RunCx, lines: &[String], data: &BuildData) -> Result<String> {
    let fields = fields(data, &[]);
    let mut text = String::new();
    for line in lines {
        text.push_str(&render(cx, line, &fields)?);
        text.push('\n');
    }
    Ok(text)
}

/// Checks a script's exit code against those that are allowed; none given: 0.
///
/// # Errors
/// `Script exited with non-zero exit status: 7. Allowed exit codes are: [0 3]`.
pub fn check_exit_code(code: i32, allowed: &[i64]) -> Result<()> {
    let allowed = if allowed.is_empty() { &[0] } else { allowed };
    if allowed.contains(&i64::from(code)) {
        return Ok(());
    }
    let list: Vec<String> = allowed.iter().map(ToString::to_string).collect();
    bail!("Script exited with non-zero exit status: {code}. Allowed exit codes are: [{}]", list.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::component::fake;

    fn list(entries: &[&str]) -> Vec<String> {
        entries.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn variables_are_sorted_and_the_users_own_win() {
        // ENG-16, P-local-14
        let (cx, _) = fake::run_cx(std::path::Path::new("/tmp"));
        let map = BTreeMap::from([("BOTH".to_owned(), "map".to_owned())]);
        let entries = list(&["BOTH=list", "A=it's", "EQ=a=b", "PACKER_BUILDER_TYPE=mine"]);
        let variables = variables(&cx, &BuildData::default(), &entries, &map).unwrap();
        assert_eq!(
            assignments(&variables, "%s='%s' "),
            r#"A='it'"'"'s' BOTH='map' EQ='a=b' PACKER_BUILDER_TYPE='mine' PACKER_BUILD_NAME='n' "#
        );
        assert_eq!(assignments(&BTreeMap::from([("A".into(), "1%s".into())]), "-D%s=<%s>;%%"), "-DA=<1%s>;%");
    }

    #[test]
    fn the_http_server_is_told_only_when_there_is_one() {
        // ENG-15
        let (cx, _) = fake::run_cx(std::path::Path::new("/tmp"));
        let data = |address: &str| BuildData::from([("PackerHTTPAddr".into(), address.into())]);
        let names = |data| variables(&cx, &data, &[], &BTreeMap::new()).unwrap().contains_key("PACKER_HTTP_ADDR");
        assert!(names(data("10.0.2.2:8000")));
        assert!(!names(data("ERR_HTTP_ADDR_NOT_IMPLEMENTED_BY_BUILDER")));
    }

    #[test]
    fn entries_without_a_name_or_an_equals_sign_are_told() {
        let mut problems = Problems::default();
        check_variables(&list(&["A=1", "=2", "B"]), &mut problems);
        assert_eq!(problems.0.len(), 2);
        assert_eq!(problems.0[1].detail, "Environment variable not in format 'key=value': B");
    }

    #[test]
    fn a_wrong_exit_code_names_the_right_ones() {
        assert!(check_exit_code(0, &[]).is_ok());
        let error = check_exit_code(0, &[3, 42]).unwrap_err();
        assert_eq!(error.to_string(), "Script exited with non-zero exit status: 0. Allowed exit codes are: [3 42]");
    }
}
