//! What is wrong, and where: diagnostics, collected so that one run reports all of them.
//!
//! Unaware of the language and of terminals; `render` makes the text, `ui` shows it.

pub mod codes;
pub mod render;
mod source;
mod suggest;

pub use source::{FileId, Header, Position, Source, SourceMap, Span};
pub use suggest::did_you_mean;

/// Whether a diagnostic stops the command.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Something people should know; never changes the exit code.
    Warning,
    /// Something that must be mended first.
    Error,
}

/// One thing to say about the user's text or settings.
#[derive(Clone, Debug, PartialEq)]
pub struct Diagnostic {
    /// Error or warning.
    pub severity: Severity,
    /// One line, no full stop.
    pub summary: String,
    /// Whole sentences; what is wrong, why, and what to do.
    pub detail: String,
    /// What it is about.
    pub span: Option<Span>,
    /// What to show when more than `span` is needed to understand it.
    pub context: Option<Span>,
    /// Named values that took part, as `(var.x, "abc")`, already in words.
    pub values: Vec<(String, String)>,
    /// A way out; appended to the detail.
    pub hint: Option<String>,
}

impl Diagnostic {
    /// Makes an error.
    pub fn error(summary: impl Into<String>, detail: impl Into<String>) -> Diagnostic {
        Diagnostic {
            severity: Severity::Error,
            summary: summary.into(),
            detail: detail.into(),
            span: None,
            context: None,
            values: Vec::new(),
            hint: None,
        }
    }

    /// Makes a warning.
    pub fn warning(summary: impl Into<String>, detail: impl Into<String>) -> Diagnostic {
        Diagnostic { severity: Severity::Warning, ..Diagnostic::error(summary, detail) }
    }

    /// Says where.
    pub fn at(mut self, span: Span) -> Diagnostic {
        self.span = Some(span);
        self
    }

    /// Shows `span` in the snippet instead of just the subject.
    pub fn within(mut self, span: Span) -> Diagnostic {
        self.context = Some(span);
        self
    }

    /// Adds a way out, if there is one.
    pub fn hint(mut self, hint: Option<String>) -> Diagnostic {
        self.hint = hint.or(self.hint);
        self
    }

    /// Returns what kind of mistake it is; its name is the same in every version.
    pub fn code(&self) -> Option<&'static codes::Code> {
        codes::of(&self.summary)
    }

    /// Returns it with every text as `change` makes it, before lines are broken and values put in a row.
    pub fn with_texts(&self, change: impl Fn(&str) -> String) -> Diagnostic {
        Diagnostic {
            summary: change(&self.summary),
            detail: change(&self.detail),
            values: self.values.iter().map(|(name, value)| (name.clone(), change(value))).collect(),
            hint: self.hint.as_deref().map(change),
            ..self.clone()
        }
    }

    /// Names the values that took part.
    pub fn with_values(mut self, values: Vec<(String, String)>) -> Diagnostic {
        self.values = values;
        self
    }
}

/// Diagnostics in the order they were found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Diagnostics(Vec<Diagnostic>);

impl Diagnostics {
    /// Makes an empty list.
    pub fn new() -> Diagnostics {
        Diagnostics::default()
    }

    /// Adds one.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.0.push(diagnostic);
    }

    /// Adds all of `other`.
    pub fn append(&mut self, other: Diagnostics) {
        self.0.extend(other.0);
    }

    /// Whether an error is among them.
    pub fn has_errors(&self) -> bool {
        self.0.iter().any(|d| d.severity == Severity::Error)
    }

    /// Whether there is nothing to say.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Iterates in the order found.
    pub fn iter(&self) -> std::slice::Iter<'_, Diagnostic> {
        self.0.iter()
    }

    /// Sorts by file, then place; those without a place keep their order and come last. Exact repetitions go.
    pub fn sort(&mut self) {
        self.0.sort_by_key(|d| d.span.map_or((1, None), |s| (0, Some((s.file, s.start)))));
        // Several builds tell the same of a block that they share, and not always one right after the other.
        let mut told: Vec<Diagnostic> = Vec::with_capacity(self.0.len());
        for diagnostic in std::mem::take(&mut self.0) {
            let here = told.iter().rev().take_while(|earlier| earlier.span.map(start) == diagnostic.span.map(start));
            if !here.clone().any(|earlier| *earlier == diagnostic) {
                told.push(diagnostic);
            }
        }
        self.0 = told;
    }
}

fn start(span: Span) -> (FileId, u32) {
    (span.file, span.start)
}

impl From<Diagnostic> for Diagnostics {
    fn from(diagnostic: Diagnostic) -> Diagnostics {
        Diagnostics(vec![diagnostic])
    }
}

impl IntoIterator for Diagnostics {
    type Item = Diagnostic;
    type IntoIter = std::vec::IntoIter<Diagnostic>;
    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}
