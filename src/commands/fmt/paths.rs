//! Which files the words of `packer fmt` stand for.
//!
//! Knows names and folders; opens no file.

use std::collections::HashSet;
use std::fs::{self, DirEntry};

use crate::diagnostics::Diagnostic;
use crate::host::{Host, explain, shortest_path};

/// One thing to do, in the order that it is told of.
pub enum Found {
    /// Standard input.
    Input,
    /// The file of this name.
    File(String),
    /// What cannot be looked at.
    Unreadable(Box<Diagnostic>),
}

/// Returns what `paths` stand for: files as they are named, the files of folders in name order, and with `recursive`
/// those of the folders below. With `once` a file that is named again is left out: by then it is formatted.
///
/// # Source
/// FMT-1 … FMT-3.
pub fn find(paths: &[String], recursive: bool, once: bool, host: &Host) -> Vec<Found> {
    let mut found = Vec::new();
    for path in paths {
        if path == "-" {
            found.push(Found::Input);
        } else if !path.is_empty() && fs::metadata(host.absolute(path)).is_ok_and(|facts| facts.is_dir()) {
            in_folder(shortest_path(path), recursive, host, &mut found);
        } else if is_ours(path) {
            found.push(Found::File(path.clone()));
        } else {
            let detail = format!(
                "file {path} is not a HCL file: the names of templates end in .pkr.hcl, those of variable files in \
                 .pkrvars.hcl."
            );
            found.push(Found::Unreadable(Box::new(super::problem(path, detail))));
        }
    }
    if once && paths.len() > 1 {
        let mut seen = HashSet::new();
        found.retain(|one| !matches!(one, Found::File(path) if !seen.insert(shortest_path(path))));
    }
    found
}

fn in_folder(folder: String, recursive: bool, host: &Host, found: &mut Vec<Found>) {
    // What is to be looked at next is last. Folders are not called from each other: they may be nested without end.
    let mut todo = vec![Entry::Folder(folder)];
    while let Some(entry) = todo.pop() {
        match entry {
            Entry::File(path) => found.push(Found::File(path)),
            Entry::Folder(folder) => match entries(&folder, recursive, host) {
                Ok(entries) => todo.extend(entries.into_iter().rev()),
                Err(error) => {
                    let reason = format!("The folder {folder:?} cannot be read: {}.", explain("open", &folder, &error));
                    found.push(Found::Unreadable(Box::new(Diagnostic::error("Cannot read hcl directory", reason))));
                }
            },
        }
    }
}

enum Entry {
    File(String),
    Folder(String),
}

/// Returns the files to format in `folder`, and the folders to look into, in name order.
fn entries(folder: &str, recursive: bool, host: &Host) -> std::io::Result<Vec<Entry>> {
    let mut all: Vec<(String, DirEntry)> = Vec::new();
    for entry in fs::read_dir(host.absolute(folder))? {
        let entry = entry?;
        // A name that is no text could not be told.
        if let Ok(name) = entry.file_name().into_string()
            && !is_left_out(&name)
        {
            all.push((name, entry));
        }
    }
    all.sort_unstable_by(|one, other| one.0.cmp(&other.0));
    let entry = |(name, entry): (String, DirEntry)| {
        let path = match folder {
            "." => name,
            "/" => format!("/{name}"),
            folder => format!("{folder}/{name}"),
        };
        let kind = entry.file_type().ok()?;
        if kind.is_dir() {
            return recursive.then_some(Entry::Folder(path));
        }
        // A link counts by what it leads to, and one that leads nowhere is a file that cannot be read. Pipes and
        // devices are no files of a folder: who reads them may wait for ever.
        let is_file =
            kind.is_file() || kind.is_symlink() && fs::metadata(entry.path()).map_or(true, |facts| facts.is_file());
        (is_ours(&path) && is_file).then_some(Entry::File(path))
    };
    Ok(all.into_iter().filter_map(entry).collect())
}

/// Whether the name is that of a template or a variable file.
fn is_ours(path: &str) -> bool {
    path.ends_with(".pkr.hcl") || path.ends_with(".pkrvars.hcl")
}

/// Whether the name is hidden, or what editors make beside a file.
fn is_left_out(name: &str) -> bool {
    name.starts_with('.') || name.ends_with('~') || (name.starts_with('#') && name.ends_with('#'))
}
