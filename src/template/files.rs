//! Which files a path stands for, and their texts.
//!
//! Knows the names of files and nothing of what is in them.

use std::fs;

use crate::diagnostics::{Diagnostic, Diagnostics, FileId, SourceMap};
use crate::host::{Host, explain, shortest_path};
use crate::syntax;

/// The files behind a template argument, by the names they are shown with.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Files {
    /// `*.pkr.hcl`, then `*.pkr.json`, each in name order.
    pub templates: Vec<String>,
    /// `*.auto.pkrvars.hcl`, then `*.auto.pkrvars.json`, each in name order; only for a folder (CLI-47).
    pub variables: Vec<String>,
    /// `path.root` (HCL-87).
    pub root: String,
}

/// Finds the files that `path` stands for.
///
/// # Errors
/// With an empty summary when the path is not there, as people know it (CLI-20); when it holds no template.
///
/// # Source
/// HCL-1, HCL-87, CLI-19 … CLI-21, DIA-3.
pub fn find(path: &str, host: &Host) -> Result<Files, Box<Diagnostic>> {
    let metadata =
        fs::metadata(host.absolute(path)).map_err(|error| Diagnostic::error("", explain("stat", path, &error)))?;
    if metadata.is_dir() {
        return in_folder(path, host);
    }
    if !path.ends_with(".pkr.hcl") && !path.ends_with(".pkr.json") {
        let detail =
            format!("The name of a template file ends in .pkr.hcl or .pkr.json, and that of {path:?} does not.");
        return Err(Diagnostic::error(format!("Could not find any config file in {path}"), detail).into());
    }
    let root = match path.rsplit_once('/') {
        Some(("", _)) => "/".to_owned(),
        Some((folder, _)) => shortest_path(folder),
        None => ".".to_owned(),
    };
    Ok(Files { templates: vec![path.to_owned()], variables: Vec::new(), root })
}

fn in_folder(path: &str, host: &Host) -> Result<Files, Box<Diagnostic>> {
    let unreadable = |error| Box::new(Diagnostic::error("", explain("open", path, &error)));
    let mut names: Vec<String> = fs::read_dir(host.absolute(path))
        .map_err(unreadable)?
        .flatten()
        // A link is read whatever it leads to: one that leads nowhere is a mistake to be told.
        .filter(|entry| !entry.file_type().is_ok_and(|kind| kind.is_dir()))
        .filter_map(|entry| entry.file_name().into_string().ok())
        .collect();
    names.sort_unstable();
    let folder = shortest_path(path);
    let ending = |suffix: &'static str| {
        let named = |name: &String| if folder == "." { name.clone() } else { join(&folder, name) };
        names.iter().filter(move |name| name.ends_with(suffix)).map(named).collect::<Vec<_>>()
    };
    let templates = [ending(".pkr.hcl"), ending(".pkr.json")].concat();
    let variables = [ending(".auto.pkrvars.hcl"), ending(".auto.pkrvars.json")].concat();
    if templates.is_empty() {
        let detail = format!(
            "A template's files end in .pkr.hcl or .pkr.json, and {path:?} holds none; folders inside it are not searched."
        );
        return Err(Diagnostic::error(format!("Could not find any config file in {path}"), detail).into());
    }
    Ok(Files { templates, variables, root: path.to_owned() })
}

fn join(folder: &str, name: &str) -> String {
    if folder == "/" { format!("/{name}") } else { format!("{folder}/{name}") }
}

/// Reads the file shown as `name` into `sources`; bytes that are no UTF-8 are reported.
///
/// # Errors
/// What kept the file from being read.
pub fn read(
    name: &str,
    host: &Host,
    sources: &SourceMap,
    diagnostics: &mut Diagnostics,
) -> Result<FileId, std::io::Error> {
    let bytes = fs::read(host.absolute(name))?;
    let (id, problems) = syntax::decode(name, bytes, sources);
    diagnostics.append(problems);
    Ok(id)
}

/// Says that the file shown as `name` could not be read.
pub fn unreadable(name: &str, error: &std::io::Error) -> Diagnostic {
    let (summary, what) = if name.ends_with(".json") {
        ("Failed to open file", format!("The file {name:?} could not be opened"))
    } else {
        ("Failed to read file", format!("The configuration file {name:?} could not be read"))
    };
    Diagnostic::error(summary, format!("{what}: {}.", explain("open", name, error)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(names: &[&str]) -> (tempfile::TempDir, Host) {
        let folder = tempfile::tempdir().unwrap();
        for name in names {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "").unwrap();
        }
        let host = Host::fixed(folder.path(), &[]);
        (folder, host)
    }

    #[test]
    fn a_folder_gives_its_templates_in_name_order_and_hidden_ones_too() {
        // HCL-1
        let names =
            ["app/b.pkr.hcl", "app/.h.pkr.hcl", "app/a.pkr.json", "app/B.pkr.hcl", "app/x.hcl", "app/d.pkr.hcl/y"];
        let (_keep, host) = folder(&names);
        let files = find("./app/", &host).unwrap();
        assert_eq!(files.templates, ["app/.h.pkr.hcl", "app/B.pkr.hcl", "app/b.pkr.hcl", "app/a.pkr.json"]);
        assert_eq!(files.root, "./app/");
    }

    #[test]
    fn a_link_that_leads_nowhere_is_a_file_that_cannot_be_read() {
        // HCL-1
        let (folder, host) = folder(&["t.pkr.hcl"]);
        for name in ["gone.pkr.hcl", "gone.auto.pkrvars.hcl"] {
            std::os::unix::fs::symlink("nowhere", folder.path().join(name)).unwrap();
        }
        let files = find(".", &host).unwrap();
        assert_eq!(files.templates, ["gone.pkr.hcl", "t.pkr.hcl"]);
        assert_eq!(files.variables, ["gone.auto.pkrvars.hcl"]);
        let error = read("gone.pkr.hcl", &host, &SourceMap::default(), &mut Diagnostics::new()).unwrap_err();
        let told = unreadable("gone.pkr.hcl", &error);
        assert_eq!(&*told.summary, "Failed to read file");
        assert!(told.detail.ends_with("open gone.pkr.hcl: no such file or directory."), "{}", told.detail);
    }

    #[test]
    fn auto_variable_files_belong_to_a_folder_only() {
        // CLI-46, CLI-47
        let (_keep, host) = folder(&["t.pkr.hcl", "z.auto.pkrvars.hcl", "a.auto.pkrvars.json", "b.pkrvars.hcl"]);
        assert_eq!(find(".", &host).unwrap().variables, ["z.auto.pkrvars.hcl", "a.auto.pkrvars.json"]);
        assert!(find("t.pkr.hcl", &host).unwrap().variables.is_empty());
    }

    #[test]
    fn a_missing_path_has_no_summary_and_an_empty_folder_is_named() {
        // CLI-20
        let (_keep, host) = folder(&["empty/note.txt"]);
        let missing = find("gone.pkr.hcl", &host).unwrap_err();
        assert_eq!((&*missing.summary, &*missing.detail), ("", "stat gone.pkr.hcl: no such file or directory"));
        assert_eq!(find("empty", &host).unwrap_err().summary, "Could not find any config file in empty");
    }

    #[test]
    fn the_root_of_a_file_is_its_folder_in_shortest_form() {
        // HCL-87
        let (_keep, host) = folder(&["app/t.pkr.hcl", "t.pkr.hcl"]);
        let root = |path| find(path, &host).unwrap().root;
        assert_eq!([root("t.pkr.hcl"), root("./app/../app/t.pkr.hcl"), root("app/t.pkr.hcl")], [".", "app", "app"]);
        assert_eq!([shortest_path("../a/./b/"), shortest_path("/.."), shortest_path("a/../..")], ["../a/b", "/", ".."]);
    }
}
