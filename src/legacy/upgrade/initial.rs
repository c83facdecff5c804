//! What would keep a JSON template from being built, in the one text that the upgrade prints and goes on (UPG-2).
//!
//! Evaluates no variable and asks no service.

use std::collections::HashSet;

use crate::component::version::Version;
use crate::host::VERSION;
use crate::legacy::{Template, Text};

/// Returns what is wrong with `template`; `set` are the variables that have a value from outside.
///
/// # Source
/// DIA-51: what names nothing first, then the version, then variables without a value.
pub fn problem(template: &Template, set: &HashSet<&str>) -> Option<String> {
    let structure = structure(template);
    if !structure.is_empty() {
        return Some(list(&structure));
    }
    if let Some(problem) = too_old(template) {
        return Some(problem);
    }
    let unset = template.variables.iter().filter(|one| one.default.is_none() && !set.contains(one.name.text.as_str()));
    let unset: Vec<String> = unset.map(|one| format!("required variable not set: {}", one.name.text)).collect();
    (!unset.is_empty()).then(|| list(&unset))
}

/// Returns what names nothing, in the order of the template.
fn structure(template: &Template) -> Vec<String> {
    let builders: HashSet<&str> = template.builders.iter().map(|builder| builder.raw_name()).collect();
    let mut problems = Vec::new();
    if builders.is_empty() {
        problems.push("at least one builder must be defined".to_owned());
    }
    for (index, provisioner) in template.provisioners.iter().enumerate() {
        let what = format!("provisioner {}", index + 1);
        let unknown = provisioner.overrides.iter().filter(|one| !builders.contains(one.builder.text.as_str()));
        problems.extend(unknown.map(|one| format!("{what}: override '{}' doesn't exist", one.builder.text)));
        names(&what, &provisioner.only, &provisioner.except, &builders, &mut problems);
    }
    for (index, chain) in template.chains.iter().enumerate() {
        for (position, one) in chain.iter().enumerate() {
            let what = format!("post-processor {}.{}", index + 1, position + 1);
            names(&what, &one.only, &one.except, &builders, &mut problems);
        }
    }
    problems
}

fn names(what: &str, only: &[Text], except: &[Text], builders: &HashSet<&str>, problems: &mut Vec<String>) {
    if !only.is_empty() && !except.is_empty() {
        problems.push(format!("{what}: only one of 'only' or 'except' may be specified"));
    }
    for (option, listed) in [("only", only), ("except", except)] {
        let unknown = listed.iter().filter(|name| !builders.contains(name.text.as_str()));
        problems.extend(unknown.map(|name| format!("{what}: '{option}' specified builder '{}' not found", name.text)));
    }
}

fn too_old(template: &Template) -> Option<String> {
    let wanted = template.min_packer_version.as_ref().filter(|version| !version.text.is_empty())?;
    let Some(version) = Version::parse(&wanted.text) else {
        return Some(format!("min_version is invalid: malformed version: {}", wanted.text));
    };
    let own = Version::parse(VERSION)?;
    let is_newer = own < version;
    is_newer.then(|| format!("This template requires Packer version {version} or higher; using {VERSION}"))
}

/// Returns problems in the layout that the reference gives a list of them.
fn list(problems: &[String]) -> String {
    let points: String = problems.iter().map(|problem| format!("\t* {problem}\n")).collect();
    let count = if problems.len() == 1 { "1 error".to_owned() } else { format!("{} errors", problems.len()) };
    format!("{count} occurred:\n{points}\n")
}
