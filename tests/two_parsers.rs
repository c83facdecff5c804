//! Compares our parser with another one, `hcl-edit`, on every template of this repository.
//!
//! Both trees are written in one plain form; what is known to differ stands in `KNOWN` with its reason. With
//! `TEMPLATES=FOLDER` in the environment all templates below that folder are compared instead.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use packer::diagnostics::SourceMap;
use packer::syntax;

mod ours;
mod theirs;

/// Where the two differ by right: part of what the comparison says, the least text that shows it, and why.
const KNOWN: &[(&str, &str, &str)] = &[
    ("expected unique object key", "x = { a = 1, a = 2 }\n", "of two equal keys in an object the last wins (HCL-109)"),
    ("unexpected token", "\u{feff}x = 1\n", "a byte order mark at the start means nothing"),
    ("nesting", DEEP, "we read 250 levels, they 64"),
    ("only we refuse it: Invalid multi-line string", "x = \"a\nb\"\n", "a text in quotes ends on its line"),
    ("expected newline or eof", "x = 1e400\n", "our numbers have 512 bits and any exponent, theirs are f64"),
    (
        r#"ours   text "  - "#,
        "x = <<E\n%{ if true ~}\n  - \n%{ endif }\nE\n",
        "a tilde strips the rest of its line, not the next one",
    ),
    (
        r#"theirs text "EOT\n"#,
        "x = <<EOT\nEOT\ny = <<EOT\n\nEOT\n",
        "a heredoc may be empty: its marker may follow at once",
    ),
    (
        "ours   text \"    \"\n  theirs $",
        "x = <<-E\n    %{ for x in [\"a\"] ~}\n    ${x}\n    %{ endfor ~}\n  E\n",
        "what a tilde joins to the line before is no line of its own and keeps its indentation (HCL-106)",
    ),
    (
        "only we refuse it: Invalid legacy index syntax",
        "x = a.0.0\n",
        "behind a dot 0.0 is one number, and no index (TYP-28)",
    ),
    (r#"ours   text "q\"""#, "x = \"%{ if true }q\\\"%{ endif }\"\n", "they leave escapes in directives as they are"),
];

/// Seventy brackets in each other.
const DEEP: &str = concat!(
    "x = [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[",
    "]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]\n",
);

/// What the comparison of one text comes to.
#[derive(Debug, PartialEq)]
enum Found {
    Same,
    /// Both refuse it.
    Refused,
    Different(String),
}

#[test]
fn both_parsers_read_the_same_from_every_template() {
    let (mut same, mut refused, mut report) = (0, 0, String::new());
    for (name, text) in templates() {
        match compare(&text) {
            Found::Same => same += 1,
            Found::Refused => refused += 1,
            Found::Different(how) if KNOWN.iter().any(|(part, ..)| how.contains(part)) => {}
            Found::Different(how) => drop(writeln!(report, "{name}: {how}")),
        }
    }
    assert!(report.is_empty(), "{same} the same, {refused} refused by both\n{report}");
    assert!(same > 100, "only {same} templates were compared");
}

#[test]
fn what_is_known_to_differ_still_does() {
    for (part, text, why) in KNOWN {
        let found = compare(text);
        assert!(matches!(&found, Found::Different(how) if how.contains(part)), "{text:?}, {why}: {found:?}");
    }
}

/// Compares the two trees of `text`.
fn compare(text: &str) -> Found {
    let sources = SourceMap::default();
    let (file, said) = syntax::parse(sources.add("t", text), &sources);
    match (said.iter().next(), text.parse::<hcl_edit::structure::Body>()) {
        (Some(_), Err(_)) => Found::Refused,
        (Some(ours), Ok(_)) => Found::Different(format!("only we refuse it: {} ({:?})", ours.summary, ours.span)),
        (None, Err(theirs)) => Found::Different(format!("only they refuse it: {theirs}")),
        (None, Ok(body)) => {
            let (mut left, mut right) = (String::new(), String::new());
            ours::body(&file.body, 0, &mut left);
            theirs::body(&body, 0, &mut right);
            if left == right {
                return Found::Same;
            }
            let different = left.lines().zip(right.lines()).find(|(a, b)| a != b).unwrap_or_default();
            Found::Different(format!("\n  ours   {}\n  theirs {}", different.0.trim(), different.1.trim()))
        }
    }
}

/// Returns names and texts.
fn templates() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = Vec::new();
    if let Some(folder) = std::env::var_os("TEMPLATES") {
        for path in files(&PathBuf::from(folder), ".hcl") {
            // A text that is no UTF-8 is no template.
            if let Ok(text) = std::fs::read_to_string(&path) {
                found.push((path.display().to_string(), text));
            }
        }
        return found;
    }
    for path in files(&root.join("examples"), ".hcl") {
        found.push((path.display().to_string(), std::fs::read_to_string(&path).expect("readable")));
    }
    for (folder, mark) in [("tests/parity", "-- "), ("tests/language", "--- ")] {
        for path in [files(&root.join(folder), ".txt"), files(&root.join(folder), ".hcl")].concat() {
            let text = std::fs::read_to_string(&path).expect("readable");
            let case = path.file_stem().expect("a file").to_string_lossy().into_owned();
            found.extend(parts(&text, mark).into_iter().map(|(name, text)| (format!("{case}/{name}"), text)));
        }
    }
    found
}

/// Cuts the templates out of a file of cases: those named `-- x.hcl --`, or all with names but those in JSON.
fn parts(text: &str, mark: &str) -> Vec<(String, String)> {
    let mut parts: Vec<(String, String)> = Vec::new();
    for line in text.lines() {
        if let Some(name) = line.strip_prefix(mark) {
            parts.push((name.trim_end_matches(" --").to_owned(), String::new()));
        } else if let Some((_, text)) = parts.last_mut() {
            text.push_str(line);
            text.push('\n');
        }
    }
    parts.retain(|(name, _)| if mark == "-- " { name.ends_with(".hcl") } else { !name.ends_with(" json") });
    parts
}

fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let entries = walkdir::WalkDir::new(folder).sort_by_file_name().into_iter().filter_map(Result::ok);
    let named = |path: &PathBuf| path.is_file() && path.to_string_lossy().ends_with(ending);
    entries.map(walkdir::DirEntry::into_path).filter(named).collect()
}

/// Adds one line at `depth`.
fn line(depth: usize, out: &mut String, text: impl std::fmt::Display) {
    let _ = writeln!(out, "{:depth$}{text}", "");
}

/// Adds a text: neighbours as one, in composed letters, none when empty.
fn literal(depth: usize, out: &mut String, text: &str) {
    use unicode_normalization::UnicodeNormalization as _;
    if !text.is_empty() {
        line(depth, out, format_args!("text {:?}", text.nfc().collect::<String>()));
    }
}
