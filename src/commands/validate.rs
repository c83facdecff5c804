//! `packer validate`: everything that can be known of a template without building it.

use super::{Session, cancelled_by_signals, evaluate_options, exit, legacy, open, run_async, runtime};
use crate::cli;
use crate::component::RunOptions;
use crate::template::{PlanOptions, Select};

/// Checks the template; warnings do not change the exit code (VAL-5).
pub fn run(args: &cli::Validate, session: &Session) -> u8 {
    // This thread reads and checks; the other one takes the signals meanwhile (CLI-89).
    let runtime = match runtime(2) {
        Ok(runtime) => runtime,
        Err(error) => {
            session.ui.error(format!("{error:#}"));
            return exit::FAILURE;
        }
    };
    let checked = run_async(runtime, async {
        let (cancel, _nothing_made) = cancelled_by_signals(session, exit::FAILURE)?;
        let checked = cancel.run_until_cancelled(check(args, session, &cancel)).await?;
        // What was asked for while files were read is only seen now.
        checked.filter(|()| !cancel.is_cancelled())
    });
    if checked.is_some() { exit::OK } else { exit::FAILURE }
}

/// `None` after errors, which were shown.
async fn check(args: &cli::Validate, session: &Session, cancel: &tokio_util::sync::CancellationToken) -> Option<()> {
    if legacy::is_meant(&args.template[0], args.language.config_type, session) {
        return legacy::check(args, session).await;
    }
    let template = open(
        Some(&args.template[0]),
        &args.variables,
        !args.no_warn_undeclared_var,
        !args.ignore_prerelease_plugins,
        session,
    )?;
    if args.syntax_only {
        if template.is_broken() {
            return None;
        }
        session.ui.say("Syntax-only check passed. Everything looks okay.");
        return Some(());
    }
    let options = evaluate_options(args.evaluation, args.evaluate_datasources, cancel);
    let (resolved, diagnostics) = template.resolve(&options).await;
    session.show(&diagnostics);
    let resolved = resolved?;
    let select = Select { only: args.select.only.clone(), except: args.select.except.clone() };
    let plan = resolved.plan(&PlanOptions { select, run: RunOptions::default() }).await;
    session.show(&plan.diagnostics);
    if plan.diagnostics.has_errors() || plan.failed > 0 {
        return None;
    }
    session.ui.say("The configuration is valid.");
    Some(())
}
