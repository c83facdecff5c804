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

    /// Shows `span` in the snippet instead of just the subject. Of a diagnostic without a subject no snippet is shown; then
    /// this is where it belongs, for documents.
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

/// How many errors are kept, and how many warnings: a text that is wrong everywhere is not worth more.
pub const MOST: usize = 1000;

/// Diagnostics in the order they were found. Beyond [`MOST`] of a kind they are only counted.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Diagnostics {
    kept: Vec<Diagnostic>,
    errors: usize,
    warnings: usize,
}

impl Diagnostics {
    /// Makes an empty list.
    pub fn new() -> Diagnostics {
        Diagnostics::default()
    }

    /// Adds one.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        let count = match diagnostic.severity {
            Severity::Error => &mut self.errors,
            Severity::Warning => &mut self.warnings,
        };
        *count += 1;
        if *count <= MOST {
            self.kept.push(diagnostic);
        }
    }

    /// Adds all of `other`.
    pub fn append(&mut self, other: Diagnostics) {
        let [errors, warnings] = other.count();
        let counted = [other.errors - errors, other.warnings - warnings];
        other.kept.into_iter().for_each(|diagnostic| self.push(diagnostic));
        self.errors += counted[0];
        self.warnings += counted[1];
    }

    /// Whether an error is among them.
    pub fn has_errors(&self) -> bool {
        self.errors > 0
    }

    /// Whether there is nothing to say.
    pub fn is_empty(&self) -> bool {
        self.kept.is_empty()
    }

    /// How many were kept.
    pub fn len(&self) -> usize {
        self.kept.len()
    }

    /// How many were only counted.
    pub fn left_out(&self) -> usize {
        self.errors + self.warnings - self.kept.len()
    }

    /// Returns how many of one kind there are, also those that were only counted.
    pub fn count_of(&self, severity: Severity) -> usize {
        match severity {
            Severity::Error => self.errors,
            Severity::Warning => self.warnings,
        }
    }

    /// Iterates in the order found.
    pub fn iter(&self) -> std::slice::Iter<'_, Diagnostic> {
        self.kept.iter()
    }

    /// Returns them with each of the kept ones as `change` makes it.
    pub fn map(self, change: impl FnMut(Diagnostic) -> Diagnostic) -> Diagnostics {
        Diagnostics { kept: self.kept.into_iter().map(change).collect(), ..self }
    }

    /// Sorts by file, then place; those without a place keep their order and come last. Exact repetitions go.
    pub fn sort(&mut self) {
        let before = self.count();
        self.kept.sort_by_key(|d| d.span.map_or((1, None), |s| (0, Some((s.file, s.start)))));
        // Several builds tell the same of a block that they share, and not always one right after the other.
        let mut told: Vec<Diagnostic> = Vec::with_capacity(self.kept.len());
        for diagnostic in std::mem::take(&mut self.kept) {
            let here = told.iter().rev().take_while(|earlier| earlier.span.map(start) == diagnostic.span.map(start));
            if !here.clone().any(|earlier| *earlier == diagnostic) {
                told.push(diagnostic);
            }
        }
        self.kept = told;
        let after = self.count();
        self.errors -= before[0] - after[0];
        self.warnings -= before[1] - after[1];
    }

    /// Returns how many errors and how many warnings are kept.
    fn count(&self) -> [usize; 2] {
        let errors = self.kept.iter().filter(|diagnostic| diagnostic.severity == Severity::Error).count();
        [errors, self.kept.len() - errors]
    }
}

fn start(span: Span) -> (FileId, u32) {
    (span.file, span.start)
}

impl From<Diagnostic> for Diagnostics {
    fn from(diagnostic: Diagnostic) -> Diagnostics {
        let mut diagnostics = Diagnostics::new();
        diagnostics.push(diagnostic);
        diagnostics
    }
}

impl IntoIterator for Diagnostics {
    type Item = Diagnostic;
    type IntoIter = std::vec::IntoIter<Diagnostic>;
    fn into_iter(self) -> Self::IntoIter {
        self.kept.into_iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn beyond_a_thousand_of_a_kind_they_are_only_counted() {
        let mut many = Diagnostics::new();
        for number in 0..MOST + 5 {
            many.push(Diagnostic::warning(format!("{number}"), ""));
        }
        many.push(Diagnostic::error("e", ""));
        assert_eq!((many.len(), many.left_out(), many.has_errors()), (MOST + 1, 5, true));
        let mut all = many.clone();
        all.append(many.map(|diagnostic| diagnostic.hint(Some("h".into()))));
        assert_eq!((all.len(), all.left_out()), (MOST + 2, MOST + 10));
        let mut none = Diagnostics::new();
        none.append(all);
        assert_eq!((none.len(), none.left_out()), (MOST + 2, MOST + 10));
    }

    #[test]
    fn repetitions_go_and_are_not_counted() {
        let mut twice = Diagnostics::from(Diagnostic::error("e", ""));
        twice.append(Diagnostic::error("e", "").into());
        twice.sort();
        assert_eq!((twice.len(), twice.left_out()), (1, 0));
    }
}
