//! `packer hcl2_upgrade`: an HCL2 template of a JSON template.
//!
//! Reads everything before it writes anything. What becomes of what is in `legacy::upgrade`.

mod write;

use std::collections::HashSet;
use std::io::Read;

use super::{Session, exit};
use crate::cli;
use crate::diagnostics::{Diagnostic, Diagnostics, FileId};
use crate::host::explain;
use crate::legacy::upgrade::{self, Annotations, Upgraded};
use crate::legacy::{self, Template};
use crate::syntax;

/// Writes the new template (UPG-1 … UPG-3).
pub fn run(args: &cli::Hcl2Upgrade, session: &Session) -> u8 {
    let path = args.template.first().map(String::as_str).unwrap_or_default();
    let output = match args.output_file.as_deref() {
        Some(output) if !output.is_empty() => output.to_owned(),
        _ => format!("{path}.pkr.hcl"),
    };
    match read(path, args, session) {
        Ok((template, id)) => upgrade(&template, id, &output, args, session),
        Err(problems) => {
            session.show(&problems);
            session.ui.error("Failed to get config from JSON");
            exit::FAILURE
        }
    }
}

fn upgrade(template: &Template, id: FileId, output: &str, args: &cli::Hcl2Upgrade, session: &Session) -> u8 {
    let set: Result<HashSet<String>, Diagnostics> = set_variables(&args.common.variables, session);
    let set = match set {
        Ok(set) => set,
        Err(problems) => {
            session.show(&problems);
            session.ui.error("Failed to get config from JSON");
            return exit::FAILURE;
        }
    };
    if let Some(problem) = upgrade::problem(template, &set.iter().map(String::as_str).collect()) {
        session.ui.error(format!("Ignoring following initialization error: <nil>: ; {problem}"));
    }
    let annotations = if args.with_annotations { Annotations::Sections } else { Annotations::None };
    let is_builder = |kind: &str| session.registry.builders.get(kind).is_some();
    let file = session.sources.get(id);
    let Upgraded { text, unknown_builders, bad_filters } =
        upgrade::upgrade(template, &file.text, annotations, &is_builder);
    if !bad_filters.is_empty() {
        let named = bad_filters.join(", ");
        session.ui.error(format!(
            "Ignoring following amazonAmiDatasource.Parse error: source_ami_filter is no object and stays as it is: {named}"
        ));
    }
    if !unknown_builders.is_empty() {
        let named = unknown_builders.join(" ");
        session.ui.error(format!("Ignoring following sources.Parse error: unknown builder type(s): [{named}]\n"));
    }
    let code = if unknown_builders.is_empty() && bad_filters.is_empty() { exit::OK } else { exit::FAILURE };
    if let Err(problem) = write::whole(output, &text, &session.host) {
        session.show(&Diagnostics::from(*problem));
        return exit::FAILURE;
    }
    session.ui.say(format!("Successfully created {output}. Exit {code}"));
    code
}

/// Reads the template at `path`, which may be the standard input.
fn read(path: &str, _args: &cli::Hcl2Upgrade, session: &Session) -> Result<(Template, FileId), Diagnostics> {
    let place = session.host.absolute(path);
    let bytes = if path == "-" {
        let mut bytes = Vec::new();
        std::io::stdin().read_to_end(&mut bytes).map(|_| bytes)
    } else {
        std::fs::read(place)
    };
    let bytes = bytes.map_err(|error| {
        Diagnostic::error("Cannot read the template", format!("{}.", explain("open", path, &error)))
    })?;
    let (id, mut problems) = syntax::decode(path, bytes, &session.sources);
    if problems.has_errors() {
        return Err(problems);
    }
    let (template, found) = legacy::parse(id, &session.sources);
    problems.append(found);
    match template {
        Some(template) => {
            session.show(&problems);
            Ok((template, id))
        }
        None => Err(problems),
    }
}

/// Returns the names of the variables that have a value from outside.
fn set_variables(variables: &cli::Variables, session: &Session) -> Result<HashSet<String>, Diagnostics> {
    let mut names: HashSet<String> = variables.var.iter().map(|(name, _)| name.clone()).collect();
    let mut problems = Diagnostics::new();
    for path in &variables.var_file {
        let unreadable =
            |reason: String| Diagnostic::error("Cannot read the variable file", format!("{path:?}: {reason}."));
        match std::fs::read(session.host.absolute(path)) {
            Ok(bytes) => match serde_json::from_slice::<std::collections::BTreeMap<String, String>>(&bytes) {
                Ok(values) => names.extend(values.into_keys()),
                Err(error) => problems.push(unreadable(format!("not an object of texts: {error}"))),
            },
            Err(error) => problems.push(unreadable(explain("open", path, &error))),
        }
    }
    if problems.has_errors() { Err(problems) } else { Ok(names) }
}
