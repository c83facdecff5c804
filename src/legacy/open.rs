//! From a path to a template that was read: its file, the values from outside.
//!
//! Evaluates nothing.

use std::fs;
use std::io::Read;
use std::path::Path;
use std::sync::Arc;

use super::model::Template;
use super::parse::{self, parse};
use crate::component::Registry;
use crate::diagnostics::{Diagnostic, Diagnostics, SourceMap, Span};
use crate::host::{Host, explain, shortest_path};
use crate::plan::Means;
use crate::secrets::Secrets;
use crate::syntax;
use crate::syntax::json::{self, Kind};

/// The template that a console works with when it is given none.
const EMPTY: &str = "{\"builders\": [{\"type\": \"null\"}]}";

/// How standard input is called in messages.
pub const STDIN: &str = "<standard input>";

/// What the command line says about opening a template.
#[derive(Clone, Debug, Default)]
pub struct OpenOptions {
    /// `-var`: names and texts, in order.
    pub vars: Vec<(String, String)>,
    /// `-var-file`, in order.
    pub var_files: Vec<String>,
}

/// A value from outside.
pub struct Given {
    /// The variable's name; it need not be declared.
    pub name: Arc<str>,
    /// The value, not rendered.
    pub value: Arc<str>,
    /// Where it stands, if that is in a file.
    pub span: Option<Span>,
}

/// A template whose structure holds, and what it is to be used with.
pub struct Legacy {
    pub(super) template: Template,
    pub(super) given: Vec<Given>,
    /// The folder of the template, absolute.
    pub(super) folder: String,
    pub(super) host: Host,
    pub(super) sources: SourceMap,
    pub(super) secrets: Arc<Secrets>,
    pub(super) registry: Registry,
}

impl Legacy {
    /// Returns the template as it is written.
    pub fn template(&self) -> &Template {
        &self.template
    }

    /// Returns the values from outside, later ones winning.
    pub fn given(&self) -> &[Given] {
        &self.given
    }

    /// Reads the template at `path`, or on standard input when that is `-`. `None` comes with errors only.
    ///
    /// # Source
    /// JSON-1 … JSON-10, CLI-21, CLI-53.
    pub fn open(path: &str, options: &OpenOptions, means: Means) -> (Option<Legacy>, Diagnostics) {
        let read = match path {
            "-" => {
                let mut bytes = Vec::new();
                std::io::stdin().lock().read_to_end(&mut bytes).map(|_| bytes)
            }
            path => fs::read(means.host.absolute(path)),
        };
        let (name, folder) = match path {
            "-" => (STDIN, ""),
            path => {
                (path, path.rsplit_once('/').map_or("", |(folder, _)| if folder.is_empty() { "/" } else { folder }))
            }
        };
        let folder = shortest_path(&means.host.absolute(Path::new(folder)).to_string_lossy());
        match read {
            Ok(bytes) => Legacy::read(name, bytes, folder, options, means),
            Err(error) => (None, Diagnostic::error("", explain("open", name, &error)).into()),
        }
    }

    /// Makes the template that a console works with when it is given none.
    pub fn empty(options: &OpenOptions, means: Means) -> (Option<Legacy>, Diagnostics) {
        let folder = means.host.cwd().to_string_lossy().into_owned();
        Legacy::read("", EMPTY.into(), folder, options, means)
    }

    fn read(
        name: &str,
        bytes: Vec<u8>,
        folder: String,
        options: &OpenOptions,
        means: Means,
    ) -> (Option<Legacy>, Diagnostics) {
        let Means { host, sources, secrets, registry } = means;
        let (id, mut diagnostics) = syntax::decode(name, bytes, &sources);
        if diagnostics.has_errors() {
            return (None, diagnostics);
        }
        let (template, problems) = parse(id, &sources);
        diagnostics.append(problems);
        let mut given = Vec::new();
        for file in &options.var_files {
            given.extend(variable_file(file, &host, &sources, &mut diagnostics));
        }
        given.extend(options.vars.iter().map(|(name, value)| Given {
            name: name.as_str().into(),
            value: value.as_str().into(),
            span: None,
        }));
        let Some(template) = template.filter(|_| !diagnostics.has_errors()) else {
            // The lines that are shown of what cannot be used may hold what must not be shown.
            let (names, mut texts) = parse::sensitive(id, &sources);
            let is_sensitive = |one: &&Given| names.iter().any(|name| **name == *one.name);
            texts.extend(given.iter().filter(is_sensitive).map(|one| one.value.to_string()));
            texts.iter().for_each(|text| secrets.register(text));
            return (None, diagnostics);
        };
        (Some(Legacy { template, given, folder, host, sources, secrets, registry }), diagnostics)
    }
}

const SUMMARY: &str = "Error reading variables";

/// Reads a variable file: an object of texts; null gives no value (CLI-53).
fn variable_file(name: &str, host: &Host, sources: &SourceMap, diagnostics: &mut Diagnostics) -> Vec<Given> {
    let bytes = match fs::read(host.absolute(name)) {
        Ok(bytes) => bytes,
        Err(error) => {
            diagnostics.push(Diagnostic::error(SUMMARY, format!("{}.", explain("open", name, &error))));
            return Vec::new();
        }
    };
    let (id, mut found) = syntax::decode(name, bytes, sources);
    let mut read = Vec::new();
    if !found.has_errors() {
        let (node, problems) = json::read_with(id, &sources.get(id).text, "A variable file can hold none.");
        found.append(problems);
        if !found.has_errors() {
            let values = values(node, &mut found);
            diagnostics.append(found);
            return values;
        }
        // What could be read is not used, but some of it may have to be hidden.
        read = values(node, &mut Diagnostics::new());
    }
    diagnostics.append(found.map(|one| {
        let detail = format!("{}: {}", one.summary, one.detail);
        Diagnostic { summary: SUMMARY.to_owned(), detail, ..one }
    }));
    read
}

fn values(node: json::Node, diagnostics: &mut Diagnostics) -> Vec<Given> {
    let Kind::Object(members) = node.kind else {
        let detail = "A variable file holds one object of texts: { \"name\": \"value\" }.";
        diagnostics.push(Diagnostic::error(SUMMARY, detail).at(node.span));
        return Vec::new();
    };
    let mut given = Vec::with_capacity(members.len());
    for member in members {
        match member.value.kind {
            Kind::Text(text) => {
                given.push(Given { name: member.name.into(), value: text.into(), span: Some(member.value.span) });
            }
            // What the reference makes of it.
            Kind::Null => given.push(Given { name: member.name.into(), value: "".into(), span: Some(member.span) }),
            _ => {
                let detail =
                    format!("The value of {:?} has to be a text: put numbers and bools in double quotes.", member.name);
                diagnostics.push(Diagnostic::error(SUMMARY, detail).at(member.value.span));
            }
        }
    }
    given
}
