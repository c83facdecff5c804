//! Tests of the language, written in the language: `tests/language/*.hcl`, whose first lines tell how.

use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;

use packer::commands::registry;
use packer::diagnostics::{Diagnostic, Severity, SourceMap, Span};
use packer::host::Host;
use packer::plan::{Build, PostStep, ProvisionStep};
use packer::secrets::Secrets;
use packer::template::{EvaluateOptions, Means, OpenOptions, Order, Plan, PlanOptions, Select, Template};
use packer::value::console::render;

/// Begins a file whose lines are to end in CR and LF.
const CRLF: &str = "\r\n";

/// The annotation that adds a variable of which nothing is known.
const UNSET: &str = "an unset variable u";

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
    /// Expressions, and a part of what is wrong with each.
    fails: Vec<(String, String)>,
    /// Texts, and what is left of them where output is masked.
    masks: Vec<(String, String)>,
    builds: Option<String>,
    /// A build's name, and what it runs.
    steps: Vec<(String, String)>,
    /// Build, step and setting, and the value that the component was prepared with.
    settings: Vec<(String, String)>,
    select: Select,
    vars: Vec<(String, String)>,
    env: Vec<(String, String)>,
    var_files: Vec<String>,
    /// What is opened, where it is neither the template alone nor the folder.
    opens: Option<String>,
    evaluation: EvaluateOptions,
    /// Whether it has a variable `u` without a value.
    has_unset: bool,
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
    assert!(!wanted.is_empty() || count >= 900, "only {count} cases were found");
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
            // An expression may have an arrow of its own.
            let parts = if by == "=" { rest.split_once(by) } else { rest.rsplit_once(by) };
            let (a, b) = parts.unwrap_or_else(|| panic!("{}: {line:?} has no {by:?}", self.name));
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
            "fails" => self.fails.push(pair(" => ")),
            "masks" => self.masks.push(pair(" => ")),
            "builds" => self.builds = Some(rest.to_owned()),
            "steps" => self.steps.push(pair(" => ")),
            "settings" => self.settings.push(pair(" => ")),
            "only" => self.select.only.push(rest.to_owned()),
            "except" => self.select.except.push(rest.to_owned()),
            "var" => self.vars.push(pair("=")),
            "env" => self.env.push(pair("=")),
            "var-file" => self.var_files.push(rest.to_owned()),
            "opens" => self.opens = Some(rest.to_owned()),
            // Nothing is known of it, not even its type, which keeps a template from being built only.
            "with" if rest == UNSET => {
                let (_, text) = self.files.last_mut().expect("every case has a file");
                text.push_str("variable \"u\" {}\n");
                self.has_unset = true;
            }
            "with" if rest == "-use-sequential-evaluation" => self.evaluation.order = Order::Sequential,
            "with" => {
                let (_, text) = self.files.last_mut().expect("every case has a file");
                text.push_str(match rest {
                    "a byte order mark" => "\u{feff}",
                    "CRLF" => CRLF,
                    _ => panic!("{}: with what? {rest:?}", self.name),
                });
            }
            "see" => {}
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
        let text = text.strip_prefix(CRLF).map_or(text.clone(), |text| text.replace('\n', "\r\n"));
        std::fs::write(path, text).expect("writable");
    }
    let env: Vec<_> = case.env.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let host = Host::fixed(folder.path(), &env);
    let (sources, secrets) = (SourceMap::default(), Arc::new(Secrets::default()));
    let (vars, var_files) = (case.vars.clone(), case.var_files.clone());
    let options = OpenOptions { vars, var_files, warn_undeclared: true, ..OpenOptions::default() };
    let usual = if case.files.len() == 1 { &case.files[0].0 } else { "." };
    let path = case.opens.as_deref().unwrap_or(usual);
    let means = Means { host, sources: sources.clone(), secrets: Arc::clone(&secrets), registry: registry() };
    let (template, found) = Template::open(path, &options, means);
    let mut found: Vec<Diagnostic> = found.into_iter().collect();
    let mut report = String::new();
    if let Some(template) = &template {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        let (resolved, said) = runtime.block_on(template.resolve(&case.evaluation));
        let mut plan = Plan { diagnostics: said, ..Plan::default() };
        if let Some(resolved) = resolved {
            let options = PlanOptions { select: case.select.clone(), keep_settings: true, ..PlanOptions::default() };
            let prepared = runtime.block_on(resolved.plan(&options));
            plan.builds = prepared.builds;
            plan.diagnostics.append(prepared.diagnostics);
        }
        // Most cases need no build.
        let is_wanted = |d: &Diagnostic| match &*d.summary {
            "Missing build block" => case.names("Missing build block"),
            "Unset variable \"u\"" => !case.has_unset,
            _ => true,
        };
        found.extend(plan.diagnostics.into_iter().filter(is_wanted));
        let builds: Vec<_> = plan.builds.iter().map(|build| build.info.full_name.to_string()).collect();
        if let Some(wanted) = case.builds.as_ref().filter(|wanted| **wanted != builds.join(", ")) {
            let _ = writeln!(report, "  builds: {}, not {wanted}", builds.join(", "));
        }
        report += &case.prepared(&plan.builds);
        report += &case.values(template, &sources);
    } else if case.looks() || case.plans() {
        report += "  the template cannot be read, so it has no values\n";
    }
    for (text, wanted) in &case.masks {
        let masked = secrets.mask(text);
        if masked != *wanted {
            let _ = writeln!(report, "  {text:?} is masked as {masked:?}, not {wanted:?}");
        }
    }
    report + &case.compare(&found, &sources)
}

impl Case {
    /// Looks at what the builds run, and with which settings.
    fn prepared(&self, builds: &[Build]) -> String {
        let mut report = String::new();
        let found = |name: &str| builds.iter().find(|build| &*build.info.full_name == name);
        for (name, wanted) in &self.steps {
            let shown = found(name).map_or("no such build".to_owned(), steps);
            if shown != *wanted {
                let _ = writeln!(report, "  {name} runs {shown}, not {wanted}");
            }
        }
        for (path, wanted) in &self.settings {
            let mut words = path.splitn(3, ' ');
            let mut word = || words.next().unwrap_or_default();
            let shown = found(word()).and_then(|build| setting(build, word(), word()));
            if shown.as_ref() != Some(wanted) {
                let _ = writeln!(report, "  {path} is {shown:?}, not {wanted:?}");
            }
        }
        report
    }

    fn names(&self, text: &str) -> bool {
        self.diagnostics.iter().any(|(_, _, wanted)| wanted.contains(text))
    }

    /// Whether it tells of values.
    fn looks(&self) -> bool {
        !(self.expects.is_empty() && self.shows.is_empty() && self.fails.is_empty())
    }

    /// Whether it tells of builds.
    fn plans(&self) -> bool {
        self.builds.is_some() || !(self.steps.is_empty() && self.settings.is_empty())
    }

    /// Evaluates what the case expects of the template's values.
    fn values(&self, template: &Template, sources: &SourceMap) -> String {
        let mut report = String::new();
        if !self.looks() {
            return report;
        }
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        let look = runtime.block_on(template.look(&self.evaluation));
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
        for (expr, wanted) in &self.fails {
            let (value, problems) = look.evaluate(expr);
            let texts: Vec<_> = problems.iter().map(|d| told(d, sources).replace("<console-input>:", "")).collect();
            if value.is_some() || !texts.iter().any(|text| text.contains(wanted.as_str())) {
                let shown = value.map_or(texts.join("; "), |value| render(&value));
                let _ = writeln!(report, "  {expr} does not fail with {wanted:?}: {shown}");
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

/// Returns what a build runs: `shell-local file !shell (checksum manifest)`, each with `:name` if it has one.
fn steps(build: &Build) -> String {
    let told = |kind: &str, name: &str| if name.is_empty() { kind.to_owned() } else { format!("{kind}:{name}") };
    let provision = |step: &ProvisionStep| told(&step.kind, step.name.as_deref().unwrap_or_default());
    let chain = |chain: &Vec<PostStep>| {
        let steps: Vec<_> = chain.iter().map(|step| told(&step.kind, &step.name)).collect();
        format!("({})", steps.join(" "))
    };
    let on_error = build.on_error.iter().map(|step| format!("!{}", provision(step)));
    let all = build.provision.iter().map(provision).chain(on_error).chain(build.post.iter().map(chain));
    let all: Vec<_> = all.collect();
    if all.is_empty() { "nothing".to_owned() } else { all.join(" ") }
}

/// Returns what `step` (`source`, `provisioner.0`, `on-error`, `post.0.1`) was prepared with at `path`
/// (`inline.0`), or one of the core's own arguments (`@timeout`); `None` where there is nothing.
fn setting(build: &Build, step: &str, path: &str) -> Option<String> {
    let mut numbers = step.split('.').skip(1).map(|number| number.parse::<usize>().expect("a number"));
    let mut number = || numbers.next().expect("a number");
    let mut core: Vec<(&str, String)> = Vec::new();
    let mut wrap = |step: &ProvisionStep| {
        core.push(("@pause_before", format!("{:?}", step.wrap.pause_before)));
        core.push(("@timeout", format!("{:?}", step.wrap.timeout)));
        core.push(("@max_retries", step.wrap.max_retries.to_string()));
        core.push(("@continue_on_error", step.wrap.continue_on_error.to_string()));
    };
    let settings = match step.split('.').next()? {
        "source" => &build.settings,
        "provisioner" => {
            let step = build.provision.get(number())?;
            wrap(step);
            &step.settings
        }
        "on-error" => {
            let step = build.on_error.as_ref()?;
            wrap(step);
            &step.settings
        }
        "post" => {
            let step = build.post.get(number())?.get(number())?;
            core.push(("@keep_input_artifact", format!("{:?}", step.keep_input)));
            &step.settings
        }
        other => panic!("{other:?} is no step"),
    };
    if path.starts_with('@') {
        return core.into_iter().find(|(name, _)| *name == path).map(|(_, text)| text);
    }
    let mut value = settings;
    for name in path.split('.').filter(|name| !name.is_empty()) {
        value = match value.as_items() {
            Some(items) => items.get(name.parse::<usize>().ok()?)?,
            None => value.as_members()?.get(name)?,
        };
    }
    Some(render(value))
}

/// Returns place, summary and detail in one line.
fn told(diagnostic: &Diagnostic, sources: &SourceMap) -> String {
    let place = diagnostic.span.map_or("-".to_owned(), |span| at(span, sources));
    let hint = diagnostic.hint.as_deref().unwrap_or_default();
    format!("{place} {}: {} {hint}", diagnostic.summary, diagnostic.detail).replace('\n', " ")
}

/// Returns `line:column-line:column`, the end exclusive; a place in another file than the template has its name before,
/// with `_` for a blank.
fn at(span: Span, sources: &SourceMap) -> String {
    let source = sources.get(span.file);
    let (start, end) = (source.position(span.start as usize), source.position(span.end as usize));
    let place = format!("{}:{}-{}:{}", start.line, start.column, end.line, end.column);
    if source.name.starts_with("t.pkr.") { place } else { format!("{}:{place}", source.name.replace(' ', "_")) }
}
