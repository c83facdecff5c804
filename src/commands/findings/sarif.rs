//! SARIF 2.1.0: what is wrong, as services for code scanning read it.
//!
//! Knows the standard and the table of codes; reads no file but what is in the source map.

use std::path::Path;

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::diagnostics::codes::{self, Code};
use crate::diagnostics::{Diagnostic, Diagnostics, Severity, Source, SourceMap, Span};
use crate::host::shortest_path;
use crate::secrets::Secrets;

/// What the rule of diagnostics without a code is called.
const OTHER: &str = "other";

/// What a log tells of the run.
pub struct Run<'r> {
    /// The working folder: addresses of files are relative to it.
    pub cwd: &'r Path,
    /// The template as it was named; what has no place of its own is told of it.
    pub template: &'r str,
    /// Whether the template could be looked at to its end.
    pub exit_code: u8,
}

/// Returns the log of one run; no text in it holds a secret.
pub fn sarif(run: &Run<'_>, diagnostics: &Diagnostics, sources: &SourceMap, secrets: &Secrets) -> Value {
    let hide = |text: &str| secrets.mask(text).into_owned();
    let mut rules = Rules::default();
    let log = Log { run, sources, secrets };
    let results: Vec<Value> = diagnostics.iter().map(|one| log.result(&one.with_texts(hide), &mut rules)).collect();
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "packer-rs",
                "version": env!("CARGO_PKG_VERSION"),
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": rules.0.iter().map(Rule::shown).collect::<Vec<_>>(),
            } },
            "invocations": [{
                "executionSuccessful": true,
                "exitCode": run.exit_code,
                "workingDirectory": { "uri": folder_uri(run.cwd) },
            }],
            "originalUriBaseIds": { "%SRCROOT%": { "uri": folder_uri(run.cwd) } },
            "columnKind": "utf16CodeUnits",
            "results": results,
        }],
    })
}

/// The rules that were broken, in the order in which they were.
#[derive(Default)]
struct Rules(Vec<Rule>);

struct Rule {
    code: Option<&'static Code>,
    level: &'static str,
}

impl Rules {
    fn index(&mut self, code: Option<&'static Code>, level: &'static str) -> usize {
        self.0.iter().position(|rule| rule.code == code).unwrap_or_else(|| {
            self.0.push(Rule { code, level });
            self.0.len() - 1
        })
    }
}

impl Rule {
    fn shown(&self) -> Value {
        let Some(code) = self.code else {
            let text = "A mistake of a kind that has no name of its own.";
            return json!({
                "id": OTHER,
                "shortDescription": { "text": "Another mistake" },
                "fullDescription": { "text": text },
                "help": { "text": text },
                "defaultConfiguration": { "level": self.level },
            });
        };
        json!({
            "id": code.name,
            "shortDescription": { "text": codes::shown(code.summaries[0]) },
            "fullDescription": { "text": code.means },
            "help": { "text": codes::explanation(code), "markdown": codes::explanation_in_markdown(code) },
            "defaultConfiguration": { "level": self.level },
            "properties": { "tags": ["packer"], "problem.severity": self.level },
        })
    }
}

struct Log<'r> {
    run: &'r Run<'r>,
    sources: &'r SourceMap,
    secrets: &'r Secrets,
}

impl Log<'_> {
    fn result(&self, diagnostic: &Diagnostic, rules: &mut Rules) -> Value {
        let level = match diagnostic.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        let code = diagnostic.code();
        let parts = [Some(&diagnostic.summary), Some(&diagnostic.detail), diagnostic.hint.as_ref()];
        let parts: Vec<&str> =
            parts.into_iter().flatten().map(|part| part.trim()).filter(|part| !part.is_empty()).collect();
        // A text is required even where nothing is said.
        let text = if parts.is_empty() { "Something is wrong.".to_owned() } else { parts.join("\n\n") };
        let place =
            diagnostic.span.or(diagnostic.context).filter(|span| !self.sources.get(span.file).name.starts_with('<'));
        json!({
            "ruleId": code.map_or(OTHER, |code| code.name),
            "ruleIndex": rules.index(code, level),
            "level": level,
            "message": { "text": text },
            "locations": [{ "physicalLocation": match place {
                Some(span) => self.location(span, diagnostic.context.filter(|context| context.file == span.file)),
                None => json!({ "artifactLocation": self.artifact(self.run.template) }),
            } }],
            "partialFingerprints": { "packerDiagnostic/v1": self.fingerprint(diagnostic, place) },
        })
    }

    fn location(&self, span: Span, context: Option<Span>) -> Value {
        let source = self.sources.get(span.file);
        let mut location = json!({ "artifactLocation": self.artifact(&source.name), "region": region(&source, span) });
        if let Some(context) = context {
            // What surrounds a region holds it.
            location["contextRegion"] = region(&source, context.to(span));
        }
        location
    }

    /// Returns the address of a file: relative to the working folder when it is in there.
    fn artifact(&self, name: &str) -> Value {
        let name = self.secrets.mask(name);
        let whole = self.run.cwd.join(&*name);
        let whole = shortest_path(&whole.to_string_lossy().replace('\\', "/"));
        let root = shortest_path(&self.run.cwd.to_string_lossy().replace('\\', "/"));
        match Path::new(&whole).strip_prefix(&root) {
            Ok(inside) => {
                let inside = inside.to_string_lossy();
                // The folder itself.
                let inside = if inside.is_empty() { "./".to_owned() } else { escaped(&inside) };
                json!({ "uri": inside, "uriBaseId": "%SRCROOT%" })
            }
            Err(_) => json!({ "uri": file_uri(&whole) }),
        }
    }

    /// Returns what stays the same when lines are added above: services know a finding again by it.
    fn fingerprint(&self, diagnostic: &Diagnostic, place: Option<Span>) -> String {
        let mut hash = Sha256::new();
        let mut add = |part: &str| {
            hash.update(part);
            hash.update([0]);
        };
        add(diagnostic.code().map_or(OTHER, |code| code.name));
        add(&diagnostic.summary);
        if let Some(span) = place {
            let source = self.sources.get(span.file);
            add(&source.name);
            add(&self.secrets.mask(source.line(source.position(span.start as usize).line).trim()));
        }
        hex::encode(&hash.finalize()[..16])
    }
}

/// Returns a stretch of a text: lines and columns from 1, the end behind the last character, and its bytes.
fn region(source: &Source, span: Span) -> Value {
    let place = |byte: u32| {
        let mut byte = (byte as usize).min(source.text.len());
        while !source.text.is_char_boundary(byte) {
            byte -= 1;
        }
        let line = source.position(byte).line;
        let before = source.text[source.start_of(line)..byte].trim_start_matches('\u{feff}');
        (line, before.encode_utf16().count() + 1)
    };
    let (start, end) = (place(span.start), place(span.end.max(span.start)));
    json!({
        "startLine": start.0,
        "startColumn": start.1,
        "endLine": end.0,
        "endColumn": end.1,
        "byteOffset": span.start,
        "byteLength": span.end.saturating_sub(span.start),
    })
}

fn folder_uri(folder: &Path) -> String {
    let text = folder.to_string_lossy().replace('\\', "/");
    format!("{}/", file_uri(text.trim_end_matches('/')))
}

fn file_uri(path: &str) -> String {
    format!("file:///{}", escaped(path.trim_start_matches('/')))
}

/// Returns a path as part of an address.
fn escaped(path: &str) -> String {
    let mut text = String::new();
    for byte in path.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => text.push(byte.into()),
            byte => text += &format!("%{byte:02X}"),
        }
    }
    text
}
