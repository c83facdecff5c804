//! Who may import whom, read from the sources. `docs/architecture.md` explains the layers.

use std::path::{Path, PathBuf};

/// Every module, and what it may import besides itself. A folder `a/b` may have its own line; the longest one counts.
const MAY_IMPORT: &[(&str, &[&str])] = &[
    ("host", &[]),
    ("secrets", &[]),
    ("network", &["host"]),
    ("stores", &["host", "network"]),
    ("diagnostics", &[]),
    ("value", &[]),
    ("cli", &["diagnostics"]),
    ("log", &["secrets", "host"]),
    ("journal", &["secrets", "host"]),
    ("syntax", &["diagnostics"]),
    ("ui", &["diagnostics", "secrets", "host", "log"]),
    ("gotemplate", &["diagnostics", "value", "host"]),
    ("eval", &["diagnostics", "syntax", "value"]),
    ("functions", &["diagnostics", "syntax", "value", "eval", "gotemplate", "host"]),
    ("component", &["value", "gotemplate", "ui", "journal", "host", "secrets"]),
    ("containers", &["component", "value", "host", "journal", "network"]),
    ("communicators", &["component", "value", "host", "containers"]),
    ("provisioners", &["component", "value", "gotemplate", "host", "journal"]),
    ("post_processors", &["component", "value", "gotemplate", "host", "journal", "containers"]),
    ("builders", &["component", "value", "gotemplate", "host", "journal", "containers", "communicators"]),
    ("data_sources", &["component", "value", "host", "network"]),
    ("plugin", &["component", "value", "ui", "host", "network"]),
    ("plan", &["diagnostics", "component", "value", "host", "secrets"]),
    (
        "template",
        &[
            "diagnostics",
            "syntax",
            "value",
            "eval",
            "functions",
            "gotemplate",
            "component",
            "plan",
            "plugin",
            "host",
            "secrets",
        ],
    ),
    ("legacy", &["diagnostics", "syntax", "value", "eval", "gotemplate", "component", "plan", "host", "secrets"]),
    ("engine", &["component", "plan", "ui", "host", "value", "journal"]),
    ("commands", &["*"]),
    ("lib", &["commands", "host"]),
    ("main", &["host"]),
];

/// What builders, provisioners, post-processors and data sources share goes down, never sideways.
const NEVER_EACH_OTHER: &[&str] = &["builders", "provisioners", "post_processors", "data_sources"];

#[test]
fn no_module_imports_what_stands_above_it() {
    let mut broken = Vec::new();
    for (path, text) in sources() {
        let module = module_of(&path);
        let Some((_, allowed)) = MAY_IMPORT.iter().find(|(name, _)| *name == module) else {
            broken.push(format!("{}: module `{module}` has no line in MAY_IMPORT", path.display()));
            continue;
        };
        for (number, line) in text.lines().enumerate() {
            for import in imports(line) {
                if import != module
                    && !allowed.contains(&"*")
                    && !allowed.contains(&import)
                    && MAY_IMPORT.iter().any(|(name, _)| *name == import)
                {
                    broken.push(format!("{}:{}: `{module}` may not import `{import}`", path.display(), number + 1));
                }
            }
        }
    }
    assert!(broken.is_empty(), "\n{}", broken.join("\n"));
}

#[test]
fn components_of_one_sort_do_not_import_each_other() {
    let mut broken = Vec::new();
    for (path, text) in sources() {
        let parts: Vec<_> = path.components().map(|part| part.as_os_str().to_string_lossy().into_owned()).collect();
        let Some(at) = parts.iter().position(|part| NEVER_EACH_OTHER.contains(&part.as_str())) else { continue };
        let Some(own) = parts.get(at + 1).map(|name| name.trim_end_matches(".rs").to_owned()) else { continue };
        // Tests may run several components in a row, as people do.
        let code = text.lines().enumerate().take_while(|(_, line)| !line.starts_with("#[cfg(test)]"));
        for (number, line) in code.filter(|_| own != "mod") {
            let prefix = format!("crate::{}::", parts[at]);
            for (place, _) in line.match_indices(&prefix) {
                let name: String =
                    line[place + prefix.len()..].chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
                if name != own && name.starts_with(char::is_lowercase) {
                    broken.push(format!(
                        "{}:{}: `{own}` may not import its sibling `{name}`",
                        path.display(),
                        number + 1
                    ));
                }
            }
        }
    }
    assert!(broken.is_empty(), "\n{}", broken.join("\n"));
}

#[test]
fn every_module_introduces_itself_and_no_file_outgrows_its_reader() {
    let mut broken = Vec::new();
    for (path, text) in sources() {
        if !text.starts_with("//!") {
            broken.push(format!("{}: the first line does not say what this is", path.display()));
        }
        let code = text.split("#[cfg(test)]\nmod tests").next().unwrap_or_default().lines().count();
        if code > 600 {
            broken.push(format!("{}: {code} lines without its tests; split it along a real seam", path.display()));
        }
    }
    assert!(broken.is_empty(), "\n{}", broken.join("\n"));
}

/// Returns the first name behind every `crate::` and `$crate::` of a line; comments do not count.
fn imports(line: &str) -> Vec<&str> {
    let code = if line.trim_start().starts_with("//") { "" } else { line };
    code.match_indices("crate::")
        .flat_map(|(at, found)| {
            let rest = &code[at + found.len()..];
            let names = rest.strip_prefix('{').map_or(vec![rest], |group| group.split(',').map(str::trim).collect());
            names
                .into_iter()
                .map(|name| &name[..name.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(name.len())])
        })
        .collect()
}

fn module_of(path: &Path) -> String {
    let inside = path.strip_prefix(root()).expect("a source file");
    let first = inside.components().next().expect("a name").as_os_str().to_string_lossy();
    first.trim_end_matches(".rs").to_owned()
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

fn sources() -> Vec<(PathBuf, String)> {
    let files =
        walkdir::WalkDir::new(root()).sort_by_file_name().into_iter().map(|entry| entry.expect("readable").into_path());
    files
        .filter(|path| path.extension().is_some_and(|e| e == "rs"))
        .map(|path| (path.clone(), std::fs::read_to_string(path).expect("readable")))
        .collect()
}
