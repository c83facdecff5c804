//! The names that a template's text shows: builds, post-processors, variables.
//!
//! Evaluates nothing, reports nothing, and asks no data source: a name that is computed is not there.

use std::fs;

use super::{files, json};
use crate::diagnostics::{Diagnostics, SourceMap};
use crate::host::Host;
use crate::syntax;
use crate::syntax::ast::{Block, Expr, ExprKind, File, TemplatePart};

/// Names, in the order of the text.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Names {
    /// As `-only` takes them.
    pub builds: Vec<String>,
    /// As `-except` takes them.
    pub post_processors: Vec<String>,
    /// As `-var` takes them.
    pub variables: Vec<String>,
}

/// A file that is larger is no template that somebody completes words of.
const LONGEST: u64 = 4 * 1024 * 1024;

/// Returns the names in the template at `path`, a file or a folder; what cannot be read has none.
pub fn names(path: &str, host: &Host) -> Names {
    let mut names = Names::default();
    let is_file = fs::metadata(host.absolute(path)).is_ok_and(|facts| facts.is_file());
    if is_file && !path.ends_with(".pkr.hcl") && !path.ends_with(".pkr.json") {
        names.read_old_json(path, host);
        return names;
    }
    let Ok(found) = files::find(path, host) else { return names };
    let sources = SourceMap::default();
    let short = |name: &&String| fs::metadata(host.absolute(name)).is_ok_and(|facts| facts.len() <= LONGEST);
    for name in found.templates.iter().filter(short) {
        let mut mistakes = Diagnostics::new();
        let Ok(id) = files::read(name, host, &sources, &mut mistakes) else { continue };
        let file = match name.ends_with(".json") {
            true => json::shaped(syntax::json::parse(id, &sources).0, &sources, &mut mistakes),
            false => syntax::parse(id, &sources).0,
        };
        names.read(&file);
    }
    names
}

impl Names {
    fn read(&mut self, file: &File) {
        for block in file.body.blocks_of("variable") {
            self.variables.extend(block.labels.first().map(|label| label.text.to_string()));
        }
        for block in file.body.blocks_of("variables") {
            self.variables.extend(block.body.attributes.iter().map(|one| one.name.text.to_string()));
        }
        file.body.blocks_of("build").for_each(|build| self.read_build(build));
    }

    fn read_build(&mut self, build: &Block) {
        let prefix = match build.body.attribute("name") {
            None => String::new(),
            Some(name) => match text(&name.expr) {
                Some(name) => format!("{name}."),
                None => return,
            },
        };
        if let Some(sources) = build.body.attribute("sources")
            && let ExprKind::Tuple(items) = &sources.expr.kind
        {
            let listed = items.iter().filter_map(source_name);
            self.builds.extend(listed.map(|source| format!("{prefix}{source}")));
        }
        for block in build.body.blocks_of("source") {
            let Some(label) = block.labels.first() else { continue };
            let source = label.text.strip_prefix("source.").unwrap_or(&label.text);
            let name = block.body.attribute("name").and_then(|name| text(&name.expr));
            match (name, source.split_once('.')) {
                (Some(name), Some((kind, _))) => self.builds.push(format!("{prefix}{kind}.{name}")),
                _ => self.builds.push(format!("{prefix}{source}")),
            }
        }
        let chained = build.body.blocks_of("post-processors").flat_map(|chain| chain.body.blocks_of("post-processor"));
        for block in build.body.blocks_of("post-processor").chain(chained) {
            let name = block.body.attribute("name").and_then(|name| text(&name.expr));
            self.post_processors.extend(name.or_else(|| Some(block.labels.first()?.text.to_string())));
        }
    }

    /// Reads a template in the old JSON form (CLI-43, CLI-44).
    fn read_old_json(&mut self, path: &str, host: &Host) {
        let path = host.absolute(path);
        if fs::metadata(&path).is_ok_and(|facts| facts.len() > LONGEST) {
            return;
        }
        let Ok(text) = fs::read(path) else { return };
        let Ok(template) = serde_json::from_slice::<serde_json::Value>(&text) else { return };
        let named = |one: &serde_json::Value| {
            let member = |name| one.get(name).and_then(serde_json::Value::as_str).filter(|name| !name.is_empty());
            Some(one.as_str().or_else(|| member("name")).or_else(|| member("type"))?.to_owned())
        };
        let items = |name| template.get(name).and_then(serde_json::Value::as_array).into_iter().flatten();
        self.builds.extend(items("builders").filter_map(named));
        for step in items("post-processors") {
            match step.as_array() {
                Some(chain) => self.post_processors.extend(chain.iter().filter_map(named)),
                None => self.post_processors.extend(named(step)),
            }
        }
        let variables = template.get("variables").and_then(serde_json::Value::as_object);
        self.variables.extend(variables.into_iter().flat_map(|members| members.keys().cloned()));
    }
}

/// Returns `type.name` of an item of `sources`.
fn source_name(item: &Expr) -> Option<String> {
    if let Some(text) = text(item) {
        return Some(text.strip_prefix("source.").unwrap_or(&text).to_owned());
    }
    let ExprKind::Attr(label) = &item.kind else { return None };
    let ExprKind::Attr(kind) = &label.source.kind else { return None };
    let is_source = matches!(&kind.source.kind, ExprKind::Variable(root) if &**root == "source");
    is_source.then(|| format!("{}.{}", kind.name.text, label.name.text))
}

/// Returns a text that is written out.
fn text(expr: &Expr) -> Option<String> {
    match &expr.kind {
        ExprKind::Template(template) => match &template.parts[..] {
            [] => Some(String::new()),
            [TemplatePart::Literal(text, _)] => Some(text.to_string()),
            _ => None,
        },
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(name: &str, text: &str) -> Names {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join(name), text).unwrap();
        names(name, &Host::fixed(folder.path(), &[]))
    }

    #[test]
    fn names_are_read_of_a_broken_template_too_and_computed_ones_are_not_there() {
        // CLI-39, CLI-41
        let text = "variable \"region\" {}\nvariables { size = 1 }\nlocals { x = file(\"gone\") }\nbuild {\n  name = \"web\"\n  \
            sources = [\"source.null.a\", \"${var.x}.b\"]\n  source \"null.c\" { name = \"d\" }\n  post-processor \"compress\" {}\n  \
            post-processors {\n    post-processor \"manifest\" { name = \"list\" }\n  }\n}\nbuild { sources = [1 +";
        let names = read("t.pkr.hcl", text);
        assert_eq!(names.builds, ["web.null.a", "web.null.d"]);
        assert_eq!(names.post_processors, ["compress", "list"]);
        assert_eq!(names.variables, ["region", "size"]);
    }

    #[test]
    fn both_kinds_of_json_templates_have_names() {
        // CLI-43, CLI-44
        let old = r#"{"variables": {"v": ""}, "builders": [{"type": "null"}, {"type": "null", "name": "n"}], "post-processors": [["compress", {"type": "manifest", "name": "m"}]]}"#;
        let names = read("t.json", old);
        assert_eq!((names.builds, names.variables), (vec!["null".into(), "n".into()], vec!["v".into()]));
        assert_eq!(names.post_processors, ["compress", "m"]);
        let new = r#"{"variable": {"v": {}}, "build": {"name": "b", "sources": ["null.a"]}}"#;
        let names = read("t.pkr.json", new);
        assert_eq!((names.builds, names.variables), (vec!["b.null.a".into()], vec!["v".into()]));
        assert_eq!(read("gone", "").builds, [""; 0]);
    }
}
