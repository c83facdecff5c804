//! Legacy JSON templates in the commands: which path means one, and what each command does with it.
//!
//! Reads no JSON itself.

use super::{Session, exit};
use crate::cli::{self, ConfigType};
use crate::component::RunOptions;
use crate::diagnostics::Diagnostic;
use crate::host::explain;
use crate::legacy::{Legacy, Look, OpenOptions};
use crate::plan::{Plan, PlanOptions, Select};
use crate::secrets::MASK;
use crate::ui::Event;

/// Whether `path` means a legacy JSON template: standard input, or a file without the endings of HCL (CLI-19, CLI-25).
///
/// One that is not there is a legacy template, whatever the words say: that it is not there is told in the words for these.
pub fn is_meant(path: &str, config_type: Option<ConfigType>, session: &Session) -> bool {
    if path.ends_with(".pkr.hcl") || path.ends_with(".pkr.json") {
        return false;
    }
    let is_default = config_type != Some(ConfigType::Hcl2);
    if path == "-" {
        return is_default;
    }
    session.host.absolute(path).metadata().map_or(true, |facts| is_default && !facts.is_dir())
}

/// Opens the template at `path`, or the empty one, and shows what is wrong with it; `None` after errors.
pub fn open(path: Option<&str>, variables: &cli::Variables, session: &Session) -> Option<Legacy> {
    let options = OpenOptions { vars: variables.var.clone(), var_files: variables.var_file.clone() };
    let (template, diagnostics) = match path {
        None => Legacy::empty(&options, session.means()),
        Some(path) => {
            session.log.info(&format!("reading the legacy template {path:?}"));
            // In these words, and in one line, scripts know it (CLI-19).
            if path != "-"
                && let Err(error) = std::fs::metadata(session.host.absolute(path))
            {
                let reason = explain("stat", path, &error);
                session.keep(Diagnostic::error("", reason.clone()));
                session.ui.error(format!("{path:?}: {reason}"));
                return None;
            }
            Legacy::open(path, &options, session.means())
        }
    };
    session.show(&diagnostics);
    template
}

/// Prepares the builds that are wanted, and shows what is wrong; `None` when the template as a whole is.
pub async fn plan(template: &Legacy, select: &cli::Select, run: RunOptions, session: &Session) -> Option<Plan> {
    let (ready, diagnostics) = template.ready();
    session.show(&diagnostics);
    let select = Select { only: select.only.clone(), except: select.except.clone() };
    let plan = ready?.plan(&PlanOptions { select, run, ..PlanOptions::default() }).await;
    session.show(&plan.diagnostics);
    Some(plan)
}

/// Shows what the template is made of (INS-7, CLI-66).
pub fn inspect(template: &Legacy, session: &Session) -> u8 {
    let look = template.look();
    let say = |text: String| session.ui.say(text);
    say("Packer Inspect: JSON mode".to_owned());
    if !look.description.is_empty() {
        say("Description:\n".to_owned());
        say(format!("{}\n", look.description));
    }
    variables(&look, session);
    say("Builders:\n".to_owned());
    if look.builders.is_empty() {
        say("  <No builders>".to_owned());
    }
    let width = look.builders.keys().map(|name| name.chars().count()).max().unwrap_or_default();
    for (name, kind) in &look.builders {
        machine("template-builder", [name, kind], session);
        let shown = if name == kind { String::new() } else { format!(" ({kind})") };
        say(format!("  {name:width$}{shown}"));
    }
    say(String::new());
    say("Provisioners:\n".to_owned());
    if look.provisioners.is_empty() {
        say("  <No provisioners>".to_owned());
    }
    for kind in &look.provisioners {
        machine("template-provisioner", [kind], session);
        say(format!("  {kind}"));
    }
    let note = "\nNote: If your build names contain user variables or template\nfunctions such as 'timestamp', these are \
                processed at build time,\nand therefore only show in their raw form here.";
    say(note.to_owned());
    exit::OK
}

fn variables(look: &Look, session: &Session) {
    let say = |text: String| session.ui.say(text);
    if look.variables.is_empty() {
        say("Variables:\n".to_owned());
        say("  <No variables>".to_owned());
        say(String::new());
        return;
    }
    let width = look.variables.keys().map(|name| name.chars().count()).max().unwrap_or_default();
    let required = || look.variables.iter().filter(|(_, default)| default.is_none());
    if required().next().is_some() {
        say("Required variables:\n".to_owned());
        for (name, _) in required() {
            let default = if look.sensitive.contains(name) { MASK } else { "" };
            machine("template-variable", [name, default, "1"], session);
            say(format!("  {name}"));
        }
        say(String::new());
    }
    say("Optional variables and their defaults:\n".to_owned());
    for (name, default) in look.variables.iter().filter_map(|(name, default)| Some((name, default.as_ref()?))) {
        machine("template-variable", [name, default, "0"], session);
        say(format!("  {name:width$} = {default}"));
    }
    say(String::new());
}

/// Tells programs what people read in the next line.
fn machine<const N: usize>(kind: &str, fields: [&str; N], session: &Session) {
    let fields = fields.map(str::to_owned).into();
    session.ui.emit(Event::Machine { target: String::new(), kind: kind.to_owned(), fields });
}
