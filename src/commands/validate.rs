//! `packer validate`: everything that can be known of a template without building it.

use super::{Session, evaluate_options, exit, open, runtime};
use crate::cli;
use crate::component::RunOptions;
use crate::template::{PlanOptions, Select};

/// Checks the template; warnings do not change the exit code (VAL-5).
pub fn run(args: &cli::Validate, session: &Session) -> u8 {
    if check(args, session).is_some() { exit::OK } else { exit::FAILURE }
}

/// `None` after errors, which were shown.
fn check(args: &cli::Validate, session: &Session) -> Option<()> {
    let template = open(Some(&args.template[0]), &args.variables, !args.no_warn_undeclared_var, session)?;
    if args.syntax_only {
        if template.is_broken() {
            return None;
        }
        session.ui.say("Syntax-only check passed. Everything looks okay.");
        return Some(());
    }
    let runtime = runtime(1).map_err(|error| session.ui.error(format!("{error:#}"))).ok()?;
    let options = evaluate_options(args.evaluation, args.evaluate_datasources);
    let (resolved, diagnostics) = runtime.block_on(template.resolve(&options));
    session.show(&diagnostics);
    let resolved = resolved?;
    let select = Select { only: args.select.only.clone(), except: args.select.except.clone() };
    let plan = runtime.block_on(resolved.plan(&PlanOptions { select, run: RunOptions::default() }));
    session.show(&plan.diagnostics);
    if plan.diagnostics.has_errors() || plan.failed > 0 {
        return None;
    }
    session.ui.say("The configuration is valid.");
    Some(())
}
