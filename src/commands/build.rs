//! `packer build`: a template's builds, from its text to the exit code.

use std::sync::Arc;
use std::thread::available_parallelism;
use std::time::Duration;

use super::running::{block_on, cancelled_by_signals};
use super::session::{Ground, Looks, Session, complain};
use super::templates::{evaluate_options, log_built_in, open};
use super::verdict::Verdict;
use super::{exit, legacy};
use crate::cli::{self, OnErrorArg};
use crate::component::{OnError, RunOptions};
use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::engine::{self, BuildOutcome, EngineCx, EngineOptions};
use crate::host::explain;
use crate::journal::Journal;
use crate::plan::Build;
use crate::template::{self, Plan, PlanOptions, Select};
use crate::ui::{EventsFile, Sink, Timings};

/// Runs the builds that the words select; 0 only when every one of them was prepared and succeeded (ENG-54), what
/// else there is says [`Verdict`].
pub fn run(args: &cli::Build, machine_readable: bool, ground: Ground) -> u8 {
    let looks = Looks { color: args.color, timestamps: args.timestamp_ui, output: args.output, beside: false };
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
    let timings = Timings::default();
    if args.timings {
        views.push(Box::new(timings.clone()));
    }
    let session = Session::new(ground, machine_readable, looks, views);
    let code = build(args, &session).exit_code(args.detailed_exitcode);
    if let Some(event) = timings.event() {
        session.ui.emit(event);
    }
    session.end(code)
}

fn build(args: &cli::Build, session: &Session) -> Verdict {
    let threads = available_parallelism().map_or(2, |count| count.get().max(2));
    let ended = block_on(threads, session, async {
        let interrupted = Verdict::Interrupted.exit_code(args.detailed_exitcode);
        let Some((cancel, nothing_made)) = cancelled_by_signals(session, interrupted) else {
            return Verdict::Failure;
        };
        let run = RunOptions { on_error: on_error(args.on_error), debug: args.debug, force: args.force };
        let plan = match cancel.run_until_cancelled(plan(args, run, session, &cancel)).await {
            None => return Verdict::Interrupted,
            Some(Err(verdict)) => return verdict,
            // What was asked for while files were read is only seen now.
            Some(Ok(_)) if cancel.is_cancelled() => return Verdict::Interrupted,
            Some(Ok(plan)) => plan,
        };
        drop(nothing_made);
        let all_prepared = !plan.diagnostics.has_errors();
        let options = EngineOptions {
            run,
            parallel: usize::try_from(args.parallel_builds).unwrap_or(0),
            fail_fast: args.fail_fast,
            tells_waiting: session.is_watched(),
        };
        let outcomes = run_builds(plan.builds, options, session, cancel.clone()).await;
        Verdict::of(&outcomes, all_prepared, cancel.is_cancelled())
    });
    ended.unwrap_or(Verdict::Failure)
}

/// Reads and prepares; shows what is wrong stage by stage.
///
/// # Errors
/// The verdict, when there is nothing to run.
async fn plan(
    args: &cli::Build,
    run: RunOptions,
    session: &Session,
    cancel: &tokio_util::sync::CancellationToken,
) -> Result<Plan, Verdict> {
    if legacy::is_meant(&args.template[0], args.language.config_type, session) {
        let template = legacy::open(Some(&args.template[0]), &args.variables, session).ok_or(Verdict::Template)?;
        let refusal = template::publishing_refused(&session.host);
        session.show(&refusal);
        if refusal.has_errors() {
            return Err(Verdict::Template);
        }
        tell_enforcement(args, session);
        let plan = legacy::plan(&template, &args.select, run, session).await.ok_or(Verdict::Template)?;
        // Patterns mean nothing here, and neither does the type before a name (CLI-43).
        return chosen(plan, "Compare them, letter by letter, with the names of the builders.", session);
    }
    let pre_releases = !args.ignore_prerelease_plugins;
    let template = open(Some(&args.template[0]), &args.variables, args.warn_on_undeclared_var, pre_releases, session);
    let options = evaluate_options(args.evaluation, true, cancel);
    let template = template.ok_or(Verdict::Template)?;
    log_built_in(&template, session);
    let (resolved, diagnostics) = template.resolve(&options).await;
    session.show(&diagnostics);
    let resolved = resolved.ok_or(Verdict::Template)?;
    let refusal = resolved.refusal();
    session.show(&refusal);
    if refusal.has_errors() {
        return Err(Verdict::Template);
    }
    tell_enforcement(args, session);
    let select = Select { only: args.select.only.clone(), except: args.select.except.clone() };
    let plan = resolved.plan(&PlanOptions { select, run, ..PlanOptions::default() }).await;
    session.show(&plan.diagnostics);
    chosen(plan, "Compare them with the full names of the builds.", session)
}

/// Says that provisioners are left out, if they are (CLI-36).
fn tell_enforcement(args: &cli::Build, session: &Session) {
    if args.skip_enforcement {
        session.ui.say("Enforced provisioners of HCP Packer are left out (-skip-enforcement).");
    }
}

/// Returns `plan` if there is anything to run.
///
/// # Errors
/// The verdict, otherwise.
fn chosen(plan: Plan, advice: &str, session: &Session) -> Result<Plan, Verdict> {
    if !plan.builds.is_empty() {
        return Ok(plan);
    }
    if plan.diagnostics.has_errors() || plan.failed > 0 {
        return Err(Verdict::Template);
    }
    let detail = format!("-only and -except leave no build of this template. {advice}");
    session.show(&Diagnostics::from(Diagnostic::error("No builds to run", detail)));
    Err(Verdict::NothingToDo)
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
    let unread = session.output.nobody_reads().clone();
    let (gone, cancelled) = (unread.clone(), cancel.clone());
    let watch = tokio::spawn(async move {
        gone.cancelled().await;
        // What is about to end may: `packer build … | head` is no mistake.
        tokio::time::sleep(UNREAD).await;
        cancelled.cancel();
    });
    let outcomes = engine::run(builds, options, EngineCx { host, ui, journal: Arc::clone(&journal), cancel }).await;
    watch.abort();
    if unread.is_cancelled() {
        tell_unread(&outcomes);
    }
    warn(journal.take_warning());
    journal.end();
    outcomes
}

/// How long builds go on whose output nobody reads any more.
const UNREAD: Duration = Duration::from_secs(1);

/// Tells on standard error which builds ended because nobody reads the output, and how.
fn tell_unread(outcomes: &[BuildOutcome]) {
    let failed = outcomes.iter().filter_map(|outcome| Some((&outcome.build, outcome.error.as_ref()?)));
    let lines: Vec<_> = failed.map(|(build, error)| format!("\n* Build '{build}' errored: {error}")).collect();
    if !lines.is_empty() {
        complain(&format!(
            "cannot write to standard output: nobody reads it any more. Builds were cancelled:{}",
            lines.concat()
        ));
    }
}

fn on_error(arg: Option<OnErrorArg>) -> OnError {
    match arg {
        None | Some(OnErrorArg::Cleanup) => OnError::Cleanup,
        Some(OnErrorArg::Abort) => OnError::Abort,
        Some(OnErrorArg::Ask) => OnError::Ask,
        Some(OnErrorArg::RunCleanupProvisioner) => OnError::RunCleanupProvisioner,
    }
}
