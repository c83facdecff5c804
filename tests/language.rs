//! Tests of the language, written in the language: `tests/language/*.hcl`, whose first lines tell how.

use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;

use packer::commands::registry;
use packer::diagnostics::{Diagnostic, Severity, SourceMap, Span};
use packer::host::Host;
use packer::secrets::Secrets;
use packer::template::{EvaluateOptions, OpenOptions, PlanOptions, Template};
use packer::value::console::render;

/// One test: a template and what is to be found in it.
#[derive(Default)]
struct Case {
    name: String,
    /// Names and texts; the first is the template.
    files: Vec<(String, String)>,
    /// Severity, place and part of the text of each diagnostic, sorted.
    diagnostics: Vec<(Severity, String, String)>,
    hints: Vec<String>,
    expects: Vec<String>,
    shows: Vec<(String, String)>,
    builds: Option<String>,
    vars: Vec<(String, String)>,
    env: Vec<(String, String)>,
}

#[test]
fn every_case_says_what_the_program_does() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/language");
    let mut paths: Vec<_> =
        std::fs::read_dir(&folder).expect("a folder").map(|e| e.expect("an entry").path()).collect();
    paths.sort();
    let wanted = std::env::var("CASE").unwrap_or_default();
    let (mut count, mut failures) = (0, String::new());
    for path in paths.iter().filter(|path| path.extension().is_some_and(|end| end == "hcl")) {
        let text = std::fs::read_to_string(path).expect("readable");
        let mut names = std::collections::HashSet::new();
        for case in cases(&text).iter().filter(|case| case.name.contains(&wanted)) {
            count += 1;
            assert!(names.insert(case.name.clone()), "{}: two cases called {}", path.display(), case.name);
            let found = check(case);
            if !found.is_empty() {
                let file = path.file_name().expect("a file").to_string_lossy();
                let _ = write!(failures, "\n{file}: {}\n{found}", case.name);
            }
        }
    }
    assert!(failures.is_empty(), "{failures}");
    assert!(!wanted.is_empty() || count > 0, "no case was found");
}

/// Reads the cases of a file. What stands before the first is for people.
fn cases(text: &str) -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    for line in text.lines() {
        if let Some(name) = line.strip_prefix("--- ") {
            let (name, file) = match name.strip_suffix(" json") {
                Some(name) => (name, "t.pkr.json"),
                None => (name, "t.pkr.hcl"),
            };
            cases.push(Case { name: name.to_owned(), files: vec![(file.into(), String::new())], ..Case::default() });
            continue;
        }
        let Some(case) = cases.last_mut() else { continue };
        if !case.annotate(line) {
            let (_, text) = case.files.last_mut().expect("every case has a file");
            text.push_str(line);
            text.push('\n');
        }
    }
    cases
}

impl Case {
    /// Takes a line that tells something of the case; returns whether it is one.
    fn annotate(&mut self, line: &str) -> bool {
        let Some((word, rest)) = line.strip_prefix("# ").and_then(|line| line.split_once(": ")) else { return false };
        let pair = |by: &str| {
            let (a, b) = rest.split_once(by).unwrap_or_else(|| panic!("{}: {line:?} has no {by:?}", self.name));
            (a.to_owned(), b.replace("\\n", "\n"))
        };
        match word {
            "error" | "warning" => {
                let severity = if word == "error" { Severity::Error } else { Severity::Warning };
                let (place, text) = rest.split_once(' ').unwrap_or((rest, ""));
                self.diagnostics.push((severity, place.to_owned(), text.to_owned()));
            }
            "hint" => self.hints.push(rest.to_owned()),
            "expect" => self.expects.push(rest.to_owned()),
            "shows" => self.shows.push(pair(" => ")),
            "builds" => self.builds = Some(rest.to_owned()),
            "var" => self.vars.push(pair("=")),
            "env" => self.env.push(pair("=")),
            "file" => self.files.push((rest.to_owned(), String::new())),
            _ => return false,
        }
        true
    }
}

/// Returns what differs; nothing when all is as the case says.
fn check(case: &Case) -> String {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, text) in &case.files {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().expect("inside the folder")).expect("a folder");
        std::fs::write(path, text).expect("writable");
    }
    let env: Vec<_> = case.env.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let host = Host::fixed(folder.path(), &env);
    let (sources, secrets) = (SourceMap::default(), Arc::new(Secrets::default()));
    let options = OpenOptions { vars: case.vars.clone(), warn_undeclared: true, ..OpenOptions::default() };
    let path = if case.files.len() == 1 { &case.files[0].0 } else { "." };
    let (template, found) = Template::open(path, &options, host, sources.clone(), secrets, registry());
    let mut found: Vec<Diagnostic> = found.into_iter().collect();
    let mut report = String::new();
    if let Some(template) = &template {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        let plan = runtime.block_on(template.plan(&PlanOptions::default()));
        // Most cases need no build.
        let is_wanted = |d: &Diagnostic| d.summary != "Missing build block" || case.names("Missing build block");
        found.extend(plan.diagnostics.into_iter().filter(is_wanted));
        let builds: Vec<_> = plan.builds.iter().map(|build| build.info.full_name.to_string()).collect();
        if let Some(wanted) = case.builds.as_ref().filter(|wanted| **wanted != builds.join(", ")) {
            let _ = writeln!(report, "  builds: {}, not {wanted}", builds.join(", "));
        }
        report += &case.values(template, &sources);
    } else if !case.expects.is_empty() || !case.shows.is_empty() || case.builds.is_some() {
        report += "  the template cannot be read, so it has no values\n";
    }
    report + &case.compare(&found, &sources)
}

impl Case {
    fn names(&self, text: &str) -> bool {
        self.diagnostics.iter().any(|(_, _, wanted)| wanted.contains(text))
    }

    /// Evaluates what the case expects of the template's values.
    fn values(&self, template: &Template, sources: &SourceMap) -> String {
        let mut report = String::new();
        if self.expects.is_empty() && self.shows.is_empty() {
            return report;
        }
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        let look = runtime.block_on(template.look(&EvaluateOptions::default()));
        let truths = self.expects.iter().map(|expr| (expr, "true"));
        for (expr, wanted) in truths.chain(self.shows.iter().map(|(expr, wanted)| (expr, wanted.as_str()))) {
            let (value, problems) = look.evaluate(expr);
            let shown = match &value {
                Some(value) => render(value),
                None => problems.iter().map(|d| told(d, sources)).collect::<Vec<_>>().join("; "),
            };
            if shown != wanted {
                let _ = writeln!(report, "  {expr} is {shown:?}, not {wanted:?}");
            }
        }
        report
    }

    /// Matches each wanted diagnostic with one that was found: by severity, place, and a part of what it says.
    fn compare(&self, found: &[Diagnostic], sources: &SourceMap) -> String {
        let mut left: Vec<&Diagnostic> = found.iter().collect();
        let mut report = String::new();
        for (severity, place, text) in &self.diagnostics {
            let fits = |d: &&Diagnostic| {
                d.severity == *severity
                    && d.span.map_or("-".to_owned(), |span| at(span, sources)) == *place
                    && told(d, sources).contains(text.as_str())
            };
            match left.iter().position(fits) {
                Some(index) => drop(left.remove(index)),
                None => {
                    let _ = writeln!(report, "  missing: {severity:?} {place} {text}");
                }
            }
        }
        for diagnostic in left {
            let _ = writeln!(report, "  unexpected: {:?} {}", diagnostic.severity, told(diagnostic, sources));
        }
        for hint in &self.hints {
            if !found.iter().any(|d| d.hint.as_ref().is_some_and(|told| told.contains(hint.as_str()))) {
                let _ = writeln!(report, "  missing: hint {hint}");
            }
        }
        report
    }
}

/// Returns place, summary and detail in one line.
fn told(diagnostic: &Diagnostic, sources: &SourceMap) -> String {
    let place = diagnostic.span.map_or("-".to_owned(), |span| at(span, sources));
    let hint = diagnostic.hint.as_deref().unwrap_or_default();
    format!("{place} {}: {} {hint}", diagnostic.summary, diagnostic.detail).replace('\n', " ")
}

/// Returns `line:column-line:column`, the end exclusive; a place in another file than the template has its name before.
fn at(span: Span, sources: &SourceMap) -> String {
    let source = sources.get(span.file);
    let (start, end) = (source.position(span.start as usize), source.position(span.end as usize));
    let place = format!("{}:{}-{}:{}", start.line, start.column, end.line, end.column);
    if source.name.starts_with("t.pkr.") { place } else { format!("{}:{place}", source.name) }
}
