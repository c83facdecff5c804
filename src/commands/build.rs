//! `packer build`: a template's builds, from its text to the exit code.

use std::sync::Arc;
use std::thread::available_parallelism;

use super::{Ground, Looks, Session, evaluate_options, exit, open, runtime};
use crate::cli::{self, OnErrorArg};
use crate::component::{OnError, RunOptions};
use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::engine::{self, BuildOutcome, EngineCx, EngineOptions};
use crate::host::explain;
use crate::journal::Journal;
use crate::plan::Build;
use crate::template::{EvaluateOptions, Plan, PlanOptions, Select};
use crate::ui::{EventsFile, Outcome, Sink};

/// Runs the builds that the words select; 0 only when every one of them was prepared and succeeded (ENG-54).
pub fn run(args: &cli::Build, machine_readable: bool, ground: Ground) -> u8 {
    let looks = Looks { color: args.color, timestamps: args.timestamp_ui };
    let mut views: Vec<Box<dyn Sink>> = Vec::new();
    if let Some(path) = &args.events {
        match EventsFile::create(&ground.host.absolute(path)) {
            Ok(view) => views.push(Box::new(view)),
            Err(error) => {
                let reason = explain("open", path, &error);
                Session::plain(ground, machine_readable).ui.error(format!("cannot write events: {reason}"));
                return exit::FAILURE;
            }
        }
    }
    let session = Session::new(ground, machine_readable, looks, views);
    let code = build(args, &session);
    session.end(code)
}

fn build(args: &cli::Build, session: &Session) -> u8 {
    let threads = available_parallelism().map_or(2, |count| count.get().max(2));
    let runtime = match runtime(threads) {
        Ok(runtime) => runtime,
        Err(error) => {
            session.ui.error(format!("{error:#}"));
            return exit::FAILURE;
        }
    };
    let code = runtime.block_on(async {
        let cancel = match engine::cancelled_by_signals(&session.ui) {
            Ok(cancel) => cancel,
            Err(error) => {
                session.ui.error(format!("cannot watch signals: {error}"));
                return exit::FAILURE;
            }
        };
        let run = RunOptions { on_error: on_error(args.on_error), debug: args.debug, force: args.force };
        let Some(plan) = plan(args, run, session, &cancel).await else { return exit::FAILURE };
        let failed_to_prepare = plan.diagnostics.has_errors();
        if cancel.is_cancelled() {
            return exit::FAILURE;
        }
        let options = EngineOptions { run, parallel: usize::try_from(args.parallel_builds).unwrap_or(0) };
        let outcomes = run_builds(plan.builds, options, session, cancel).await;
        let good = outcomes.iter().all(|outcome| outcome.outcome == Outcome::Ok);
        if good && !failed_to_prepare { exit::OK } else { exit::FAILURE }
    });
    // A name that is still being looked up for an interrupted run has nobody left who waits for it.
    runtime.shutdown_background();
    code
}

/// Reads and prepares; shows what is wrong stage by stage. `None`: there is nothing to run.
async fn plan(
    args: &cli::Build,
    run: RunOptions,
    session: &Session,
    cancel: &tokio_util::sync::CancellationToken,
) -> Option<Plan> {
    let template = open(Some(&args.template[0]), &args.variables, args.warn_on_undeclared_var, session)?;
    let options = EvaluateOptions { cancel: cancel.clone(), ..evaluate_options(args.evaluation, true) };
    let (resolved, diagnostics) = template.resolve(&options).await;
    session.show(&diagnostics);
    if cancel.is_cancelled() {
        return None;
    }
    let select = Select { only: args.select.only.clone(), except: args.select.except.clone() };
    let plan = resolved?.plan(&PlanOptions { select, run }).await;
    session.show(&plan.diagnostics);
    if !plan.builds.is_empty() {
        return Some(plan);
    }
    if !plan.diagnostics.has_errors() && plan.failed == 0 {
        let detail =
            "-only and -except leave no build of this template. Compare them with the full names of the builds.";
        session.show(&Diagnostics::from(Diagnostic::error("No builds to run", detail)));
    }
    None
}

async fn run_builds(
    builds: Vec<Build>,
    options: EngineOptions,
    session: &Session,
    cancel: tokio_util::sync::CancellationToken,
) -> Vec<BuildOutcome> {
    let (journal, warning) = Journal::open(&session.host);
    let warn = |warning: Option<String>| {
        if let Some(text) = warning {
            let diagnostic = Diagnostic::warning("Nothing can be undone after a kill", text);
            session.show(&Diagnostics::from(diagnostic));
        }
    };
    warn(warning);
    let (host, ui) = (session.host.clone(), Arc::clone(&session.ui));
    let outcomes = engine::run(builds, options, EngineCx { host, ui, journal: Arc::clone(&journal), cancel }).await;
    warn(journal.take_warning());
    journal.end();
    outcomes
}

fn on_error(arg: Option<OnErrorArg>) -> OnError {
    match arg {
        None | Some(OnErrorArg::Cleanup) => OnError::Cleanup,
        Some(OnErrorArg::Abort) => OnError::Abort,
        Some(OnErrorArg::Ask) => OnError::Ask,
        Some(OnErrorArg::RunCleanupProvisioner) => OnError::RunCleanupProvisioner,
    }
}
