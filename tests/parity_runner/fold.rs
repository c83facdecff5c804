//! What is replaced before two runs are compared: times, ids, wording of diagnostics.

use std::sync::LazyLock;

use fancy_regex::Regex;

use super::case::Case;

/// A diagnostic after folding.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Folded {
    /// `Error` or `Warning`.
    pub severity: String,
    /// Base name of the file; empty without a place.
    pub file: String,
    /// Line; 0 without a place.
    pub line: usize,
}

type Rules = Vec<(Regex, &'static str)>;

fn rules(pairs: &[(&str, &'static str)]) -> Rules {
    pairs.iter().map(|(pattern, text)| (Regex::new(pattern).expect("a pattern of ours"), *text)).collect()
}

static ALWAYS: LazyLock<Rules> = LazyLock::new(|| {
    rules(&[
        (
            r"\d+(?:\.\d+)? (?:hour|minute|second|millisecond|microsecond|nanosecond)s?(?: \d+(?:\.\d+)? (?:hour|minute|second|millisecond|microsecond|nanosecond)s?)*",
            "<time>",
        ),
        (r"(?m)^\d{10},", "<ts>,"),
        (r"(?m)^\d{4}/\d\d/\d\d \d\d:\d\d:\d\d", "<log time>"),
        (r"\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)", "<iso>"),
        (r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b", "<uuid>"),
        (r#""build_time": \d{10}"#, r#""build_time": <ts>"#),
        (r"packer-shell-?\d{3,}", "packer-shell<n>"),
        (r"script_\d+\.sh", "script_<n>.sh"),
    ])
});

/// Explanations inside lines that are compared: what stands before them is the interface.
static ADVICE: LazyLock<Rules> = LazyLock::new(|| {
    rules(&[
        (r"(?m)^==> [^\n]*: Error determining source Docker image digest[^\n]*\n", ""),
        (r"(?m)^if you are using an HCL template, check[^\n]*$", "<advice>"),
        (r"(Script disconnected unexpectedly\.)[^\n]*", "${1} <advice>"),
        (r"(Packer experienced an authentication error when trying to connect via SSH\.)[^\n]*", "${1} <advice>"),
        (r"(Can only import from Docker builder and Artifice post-processor artifacts\.)[^\n]*", "${1} <advice>"),
        (r#"(Deprecation warning: "tag" option has been replaced with "tags"\.)[^\n]*"#, "${1} <advice>"),
        (r#"(# The "legacy_\w+" function)[^\n]*"#, "${1} <advice>"),
        (r"# Visit https://[^\n]*", "# <advice>"),
        (r"(Unable to parse content from [^:\n]*:)[^\n]*", "${1} <reason>"),
        (r"( with )(?:<n>|N|\d+) cores?(?: \(library does not support MT\))?", "${1}<n> cores"),
        (r"\[go\S* ", "[<runtime> "),
    ])
});

static BLOCK: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?ms)^(Error|Warning): .*?(?:\n\n(?=(?:Error|Warning): )|\n\n\n|\z)").expect("a pattern of ours")
});
static PLACE: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"(?m)^\s*on (.*) line (\d+)").expect("a pattern of ours"));
static FOLDED: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?m)^<(Error|Warning)(?: (.*):(\d+))?>$").expect("a pattern of ours"));

/// Applies the case's redactions and ours, then folds diagnostics and advice.
pub fn fold(text: &str, case: &Case) -> String {
    let mut text = text.to_owned();
    for (pattern, with) in case.redactions() {
        let pattern = Regex::new(&pattern.replace(r"\Z", r"\z")).unwrap_or_else(|error| panic!("{pattern}: {error}"));
        let with = Regex::new(r"\\(\d)").expect("a pattern of ours").replace_all(with, "$${$1}").into_owned();
        text = pattern.replace_all(&text, with.as_str()).into_owned();
    }
    for (pattern, with) in ALWAYS.iter() {
        text = pattern.replace_all(&text, *with).into_owned();
    }
    fold_recorded(&text, case)
}

/// Folds diagnostics and advice only: for a recording, which is redacted already.
pub fn fold_recorded(text: &str, case: &Case) -> String {
    let mut text = BLOCK
        .replace_all(text, |found: &fancy_regex::Captures<'_, str>| {
            match PLACE.captures(&found[0]).expect("a pattern of ours") {
                Some(place) => format!("<{} {}:{}>\n", &found[1], &place[1], &place[2]),
                None => format!("<{}>\n", &found[1]),
            }
        })
        .into_owned();
    for (pattern, with) in ADVICE.iter() {
        text = pattern.replace_all(&text, *with).into_owned();
    }
    if !case.compares_diagnostics_only() {
        return text;
    }
    FOLDED.find_iter(&text).map(|found| found.expect("a pattern of ours").as_str().to_owned() + "\n").collect()
}

/// Returns the folded diagnostics of `text`, sorted.
pub fn diagnostics(text: &str) -> Vec<Folded> {
    let mut found: Vec<Folded> = FOLDED
        .captures_iter(text)
        .map(|c| c.expect("a pattern of ours"))
        .map(|c| Folded {
            severity: c[1].to_owned(),
            file: c.get(2).map_or("", |m| m.as_str()).rsplit('/').next().unwrap_or_default().to_owned(),
            line: c.get(3).and_then(|m| m.as_str().parse().ok()).unwrap_or(0),
        })
        .collect();
    found.sort();
    found.dedup();
    found
}

/// Returns `text` without folded diagnostics.
pub fn without_diagnostics(text: &str) -> String {
    FOLDED.replace_all(text, "").into_owned()
}
