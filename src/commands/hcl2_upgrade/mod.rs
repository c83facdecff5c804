//! `packer hcl2_upgrade`: an HCL2 template of a JSON template.
//!
//! Reads everything before it writes anything. What becomes of what is in `legacy::upgrade`.

mod check;

use std::collections::HashSet;
use std::path::Path;

use super::running::block_on;
use super::{Session, exit, plugins, whole_file};
use crate::cli;
use crate::component::make_folders;
use crate::diagnostics::{Diagnostic, Diagnostics, Severity};
use crate::host::{Host, explain};
use crate::legacy::Legacy;
use crate::legacy::upgrade::{self, Annotations, Upgraded};
use crate::plugin::{Installed, Wanted};

/// Writes the new template (UPG-1 … UPG-3), and with `-check` compares both.
pub fn run(args: &cli::Hcl2Upgrade, session: &Session) -> u8 {
    let path = args.template.first().map(String::as_str).unwrap_or_default();
    let output = match args.output_file.as_deref() {
        Some(output) if !output.is_empty() => output.to_owned(),
        _ => format!("{path}.pkr.hcl"),
    };
    let Some(legacy) = super::legacy::open(Some(path), &args.common.variables, session) else {
        session.ui.error("Failed to get config from JSON");
        return exit::FAILURE;
    };
    if is_same_file(path, &output, session) {
        let detail =
            format!("{output:?} is the JSON template itself. Give the new one a name of its own with -output-file.");
        session.show(&Diagnostics::from(Diagnostic::error("Cannot write the new template", detail)));
        return exit::FAILURE;
    }
    let upgraded = upgrade(&legacy, args.with_annotations, session);
    if let Err(problem) = write(&output, &upgraded.text, &session.host) {
        session.show(&Diagnostics::from(*problem));
        return exit::FAILURE;
    }
    let is_whole = upgraded.unknown_builders.is_empty() && upgraded.bad_filters.is_empty();
    let code = if is_whole { exit::OK } else { exit::FAILURE };
    session.ui.say(format!("Successfully created {output}. Exit {code}"));
    if args.check { code.max(check::run(&legacy, &upgraded, &output, session)) } else { code }
}

/// Writes `text` to the file `output`; makes the folders on the way (UPG-1).
///
/// # Errors
/// What is in the way.
fn write(output: &str, text: &str, host: &Host) -> Result<(), Box<Diagnostic>> {
    let failed = |reason: String| Box::new(Diagnostic::error("Cannot write the new template", format!("{reason}.")));
    if let Some(folder) = Path::new(output).parent().filter(|folder| !folder.as_os_str().is_empty()) {
        make_folders(host, folder).map_err(failed)?;
    }
    let written = whole_file::write(&host.absolute(output), text.as_bytes());
    written.map_err(|error| failed(explain("open", output, &error)))
}

/// Whether both paths lead to one file that is there.
fn is_same_file(path: &str, output: &str, session: &Session) -> bool {
    let place = |path: &str| std::fs::canonicalize(session.host.absolute(path)).ok();
    path != "-" && place(path).is_some_and(|template| Some(template) == place(output))
}

/// Translates the template, and tells what is wrong with it without stopping.
fn upgrade(legacy: &Legacy, with_annotations: bool, session: &Session) -> Upgraded {
    let template = legacy.template();
    let set: HashSet<&str> = legacy.given().iter().map(|given| &*given.name).collect();
    let file = session.sources.get(template.file);
    if let Some(problem) = upgrade::problem(template, &set).or_else(|| values_problem(legacy, &file.text)) {
        session.ui.error(format!("Ignoring following initialization error: <nil>: ; {problem}"));
    }
    let annotations = if with_annotations { Annotations::Sections } else { Annotations::None };
    let is_builder = |kind: &str| session.registry.builders.get(kind).is_some();
    let mut upgraded = upgrade::upgrade(template, &file.text, annotations, &is_builder);
    if !upgraded.unknown_builders.is_empty() {
        let installed = installed_builders(session);
        upgraded.unknown_builders.retain(|kind| !installed.contains(kind));
    }
    if !upgraded.bad_filters.is_empty() {
        session.ui.error(format!(
            "Ignoring following amazonAmiDatasource.Parse error: source_ami_filter is no object and stays as it is: {}",
            upgraded.bad_filters.join(", ")
        ));
    }
    if !upgraded.unknown_builders.is_empty() {
        let named = upgraded.unknown_builders.join(" ");
        session.ui.error(format!("Ignoring following sources.Parse error: unknown builder type(s): [{named}]\n"));
    }
    upgraded
}

/// Returns why the variables have no values. Stores of secrets are not asked: nothing here needs what they hold.
fn values_problem(legacy: &Legacy, text: &str) -> Option<String> {
    if ["aws_secretsmanager", "consul_key", "vault"].iter().any(|store| text.contains(store)) {
        return None;
    }
    let (ready, problems) = legacy.ready();
    let first = problems.iter().find(|problem| problem.severity == Severity::Error).filter(|_| ready.is_none())?;
    Some(format!("{}: {}\n", first.summary, first.detail))
}

/// Returns the types of the builders that installed plugins have. They are asked, so this takes its time.
fn installed_builders(session: &Session) -> HashSet<String> {
    let Some(folder) = session.host.plugin_dir() else { return HashSet::new() };
    let wanted = Wanted { spoken: true, newest: true, ..Wanted::default() };
    let found = block_on(0, session, plugins::find(&folder, wanted, session)).flatten().unwrap_or_default();
    let kinds = |plugin: Installed| -> Vec<String> {
        let name = plugin.name.name;
        let kind = |builder: &String| if builder == NAMELESS { name.clone() } else { format!("{name}-{builder}") };
        plugin.description.builders.iter().map(kind).collect()
    };
    found.usable.into_iter().flat_map(kinds).collect()
}

/// How a plugin calls the one component that has its own name.
const NAMELESS: &str = "-packer-default-plugin-name-";
