//! `packer validate`: everything that can be known of a template without building it.

use std::io::ErrorKind;

use super::findings::{self, Document, Run};
use super::running::until_signalled;
use super::templates::{evaluate_options, log_built_in, open};
use super::{Session, exit, legacy, whole_file};
use crate::cli;
use crate::component::RunOptions;
use crate::host::explain;
use crate::template::{PlanOptions, Select};

/// What is said when only the syntax was looked at.
const SYNTAX_IS_FINE: &str = "Syntax-only check passed. Everything looks okay.";

/// Checks the template; warnings do not change the exit code (VAL-5).
pub fn run(args: &cli::Validate, session: &Session) -> u8 {
    // This thread reads and checks; the other one takes the signals meanwhile (CLI-89).
    let checked = until_signalled(1, session, async |cancel| check(args, session, cancel).await);
    // Who interrupts it wants no answer.
    let Some(checked) = checked else { return exit::FAILURE };
    let code = if checked.is_some() { exit::OK } else { exit::FAILURE };
    if args.json {
        let found = session.found();
        let path = &args.template[0];
        let is_legacy = legacy::is_meant(path, args.language.config_type, session);
        let notes = if is_legacy { super::fix::notes(path, session) } else { Vec::new() };
        let document = Document::of(checked.is_some(), &found, notes, &session.sources, &session.secrets);
        session.print(&findings::pretty(&document));
    } else if let Some(message) = checked {
        session.ui.say(message);
    }
    match args.sarif.as_deref().map(|path| write_sarif(path, args, code, session)) {
        Some(Err(reason)) => {
            session.ui.error(reason);
            exit::FAILURE
        }
        _ => code,
    }
}

/// Writes the log for code scanning.
///
/// # Errors
/// In a sentence.
fn write_sarif(path: &str, args: &cli::Validate, exit_code: u8, session: &Session) -> Result<(), String> {
    let run = Run { cwd: session.host.cwd(), template: &args.template[0], exit_code };
    let log = findings::sarif(&run, &session.found(), &session.sources, &session.secrets);
    let text = findings::pretty(&log) + "\n";
    let written = whole_file::write(&session.host.absolute(path), text.as_bytes());
    written.map_err(|error| {
        let hint = if error.kind() == ErrorKind::NotFound { ". Name a file in a folder that is there." } else { "" };
        format!("Cannot write the SARIF log: {}{hint}", explain("open", path, &error))
    })
}

/// Returns what is to be said of a valid template; `None` after errors, which were shown.
async fn check(
    args: &cli::Validate,
    session: &Session,
    cancel: &tokio_util::sync::CancellationToken,
) -> Option<&'static str> {
    let plan = match legacy::is_meant(&args.template[0], args.language.config_type, session) {
        true => {
            let template = legacy::open(Some(&args.template[0]), &args.variables, session)?;
            if args.syntax_only {
                return Some(SYNTAX_IS_FINE);
            }
            legacy::plan(&template, &args.select, RunOptions::default(), session).await?
        }
        false => {
            let template = open(
                Some(&args.template[0]),
                &args.variables,
                !args.no_warn_undeclared_var,
                !args.ignore_prerelease_plugins,
                session,
            )?;
            if args.syntax_only {
                return (!template.is_broken()).then_some(SYNTAX_IS_FINE);
            }
            log_built_in(&template, session);
            let options = evaluate_options(args.evaluation, args.evaluate_datasources, cancel);
            let (resolved, diagnostics) = template.resolve(&options).await;
            session.show(&diagnostics);
            let resolved = resolved?;
            let select = Select { only: args.select.only.clone(), except: args.select.except.clone() };
            let plan = resolved.plan(&PlanOptions { select, ..PlanOptions::default() }).await;
            session.show(&plan.diagnostics);
            plan
        }
    };
    (!plan.diagnostics.has_errors() && plan.failed == 0).then_some("The configuration is valid.")
}
