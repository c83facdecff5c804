//! Names for completion: of the template on the line, of codes, and of files.
//!
//! Reads texts alone: nothing is evaluated, and nobody is asked.

use std::cell::OnceCell;
use std::fs;

use crate::cli::complete::Names;
use crate::diagnostics::codes;
use crate::host::Host;
use crate::template;

/// The most files that are proposed.
const MOST: usize = 500;

/// Names from the working folder of `host`.
pub struct TemplateNames<'h> {
    host: &'h Host,
    read: OnceCell<template::Names>,
}

impl<'h> TemplateNames<'h> {
    /// Has read nothing yet.
    pub fn new(host: &'h Host) -> TemplateNames<'h> {
        TemplateNames { host, read: OnceCell::new() }
    }

    /// A line names one template.
    fn of(&self, path: &str) -> &template::Names {
        self.read.get_or_init(|| template::names(&expanded(path, self.host), self.host))
    }
}

impl Names for TemplateNames<'_> {
    fn builds(&self, template: &str) -> Vec<String> {
        self.of(template).builds.clone()
    }

    fn post_processors(&self, template: &str) -> Vec<String> {
        self.of(template).post_processors.clone()
    }

    fn variables(&self, template: &str) -> Vec<String> {
        self.of(template).variables.clone()
    }

    fn codes(&self) -> Vec<String> {
        codes::all().map(|code| code.name.to_owned()).collect()
    }

    fn files(&self, start: &str, endings: &[&str]) -> Vec<String> {
        let (folder, name) = start.split_at(start.rfind('/').map_or(0, |slash| slash + 1));
        let read = if folder.is_empty() { ".".to_owned() } else { expanded(folder, self.host) };
        let Ok(entries) = fs::read_dir(self.host.absolute(read)) else { return Vec::new() };
        let mut found: Vec<String> = entries
            .flatten()
            .filter_map(|entry| {
                let file = entry.file_name().into_string().ok()?;
                let is_hidden = file.starts_with('.') && !name.starts_with('.');
                if is_hidden || !file.starts_with(name) || file.contains(['\n', '\t']) {
                    return None;
                }
                // Links count as what they lead to.
                let is_folder = fs::metadata(entry.path()).is_ok_and(|facts| facts.is_dir());
                match is_folder {
                    true => Some(format!("{folder}{file}/")),
                    false => endings.iter().any(|ending| file.ends_with(ending)).then(|| format!("{folder}{file}")),
                }
            })
            .collect();
        found.sort_unstable();
        found.truncate(MOST);
        found
    }
}

/// Returns `path` with the home in place of `~/`.
fn expanded(path: &str, host: &Host) -> String {
    match (path.strip_prefix("~/"), host.home()) {
        (Some(rest), Some(home)) => home.join(rest).to_string_lossy().into_owned(),
        _ => path.to_owned(),
    }
}
