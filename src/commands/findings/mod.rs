//! What is wrong with a template, for programs: diagnostics as JSON, and as SARIF for code scanning.
//!
//! Finds nothing itself, and shows nothing to people.

mod sarif;

use schemars::JsonSchema;
use serde::Serialize;

pub use sarif::{Run, sarif};

use crate::diagnostics::{Diagnostic, Diagnostics, Severity, SourceMap, Span};
use crate::secrets::Secrets;

/// Version of the documents of `validate -json` and `inspect -json`: the first number changes when a field goes away or
/// means something else, the second when one is added.
pub const FORMAT_VERSION: &str = "1.0";

/// What `validate -json` writes.
#[derive(Serialize, JsonSchema)]
pub struct Document {
    /// Version of this format. The first number changes when a field goes away or means something else.
    pub format_version: &'static str,
    /// Whether the template is valid; then the exit code is 0.
    pub valid: bool,
    /// How many errors there are, also those that are left out below.
    pub error_count: usize,
    /// How many warnings there are, also those that are left out below.
    pub warning_count: usize,
    /// What is wrong, in the order in which it is told.
    pub diagnostics: Vec<Finding>,
    /// What could be better without being wrong. In legacy templates: what `packer fix` would change.
    pub notes: Vec<Note>,
}

/// One thing that is wrong.
#[derive(Serialize, JsonSchema)]
pub struct Finding {
    /// `error` or `warning`.
    pub severity: Grade,
    /// What kind of mistake it is, by the name that `packer explain` knows; stays the same in every version.
    pub code: Option<&'static str>,
    /// One line.
    pub summary: String,
    /// Whole sentences.
    pub detail: String,
    /// Ways out.
    pub hints: Vec<String>,
    /// Values that took part.
    pub values: Vec<Named>,
    /// What it is about.
    pub range: Option<Range>,
    /// What has to be seen to understand it, where that is more than `range`.
    pub context: Option<Range>,
}

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Grade {
    /// It must be mended first.
    Error,
    /// Something to know.
    Warning,
}

/// A value by its name.
#[derive(Serialize, JsonSchema)]
pub struct Named {
    /// How the template names it: `var.x`.
    pub name: String,
    /// What it is, in words.
    pub value: String,
}

/// A stretch of a file.
#[derive(Serialize, JsonSchema)]
pub struct Range {
    /// The file as it was named; `<value for var.x from arguments>` and its like are none.
    pub filename: String,
    /// The first character.
    pub start: Place,
    /// Behind the last character.
    pub end: Place,
}

/// A place in a file.
#[derive(Serialize, JsonSchema)]
pub struct Place {
    /// From 1.
    pub line: usize,
    /// From 1, in characters as people count them (grapheme clusters).
    pub column: usize,
    /// From 0, of the whole file.
    pub byte: usize,
}

/// Something that could be better.
#[derive(Serialize, JsonSchema)]
pub struct Note {
    /// Who says so, such as a fixer.
    pub source: String,
    /// Whole sentences.
    pub text: String,
    /// What it is about.
    pub range: Option<Range>,
}

impl Document {
    /// Makes the document; no text in it holds a secret.
    pub fn of(
        valid: bool,
        diagnostics: &Diagnostics,
        notes: Vec<Note>,
        sources: &SourceMap,
        secrets: &Secrets,
    ) -> Self {
        Document {
            format_version: FORMAT_VERSION,
            valid,
            error_count: diagnostics.count_of(Severity::Error),
            warning_count: diagnostics.count_of(Severity::Warning),
            diagnostics: findings(diagnostics, sources, secrets),
            notes,
        }
    }
}

/// Returns the JSON schema of [`Document`], indented.
pub fn schema() -> String {
    pretty(&schemars::schema_for!(Document))
}

/// Returns what was found; no text in it holds a secret.
pub fn findings(diagnostics: &Diagnostics, sources: &SourceMap, secrets: &Secrets) -> Vec<Finding> {
    let hide = |text: &str| secrets.mask(text).into_owned();
    diagnostics.iter().map(|one| Finding::of(&one.with_texts(hide), sources, secrets)).collect()
}

/// Returns a document as JSON, indented.
pub fn pretty(document: &impl Serialize) -> String {
    serde_json::to_string_pretty(document).expect("a document is plain JSON")
}

impl Finding {
    fn of(diagnostic: &Diagnostic, sources: &SourceMap, secrets: &Secrets) -> Finding {
        let range = |span: Option<Span>| span.map(|span| Range::of(span, sources, secrets));
        Finding {
            severity: match diagnostic.severity {
                Severity::Error => Grade::Error,
                Severity::Warning => Grade::Warning,
            },
            code: diagnostic.code().map(|code| code.name),
            summary: diagnostic.summary.clone(),
            detail: diagnostic.detail.clone(),
            hints: diagnostic.hint.iter().cloned().collect(),
            values: diagnostic
                .values
                .iter()
                .map(|(name, value)| Named { name: name.clone(), value: value.clone() })
                .collect(),
            range: range(diagnostic.span.or(diagnostic.context)),
            context: range(diagnostic.context),
        }
    }
}

impl Range {
    /// Returns where `span` is.
    pub fn of(span: Span, sources: &SourceMap, secrets: &Secrets) -> Range {
        let source = sources.get(span.file);
        let place = |byte: u32| {
            let byte = byte as usize;
            let position = source.position(byte);
            Place { line: position.line, column: position.column, byte }
        };
        Range {
            filename: secrets.mask(&source.name).into_owned(),
            start: place(span.start),
            end: place(span.end.max(span.start)),
        }
    }
}
