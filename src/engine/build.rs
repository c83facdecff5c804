//! Runs one build: its builder, and then its chains of post-processors.
//!
//! Unaware of other builds.

use std::sync::Arc;
use std::time::Duration;

use anyhow::anyhow;

use super::guard::guarded;
use super::hook::BuildHook;
use super::stop::{Stop, leaves_all};
use super::wrap::TimeLimit;
use super::{BuildOutcome, EngineCx, EngineOptions, INTERRUPTED, post};
use crate::component::{Artifact, Result, RunCx, RunOptions, duration};
use crate::plan::Build;
use crate::ui::{Event, Outcome, Speaker, Step, StepKind};

/// Runs `build`, the one at position `number`, to its end, or to the `stop`; what it made is undone by then unless `options` say otherwise.
///
/// # Source
/// ENG-40, ENG-45, ENG-46, ENG-57, S-17, S-18.
pub async fn run(build: Build, number: u32, options: EngineOptions, cx: &EngineCx, stop: &Stop) -> BuildOutcome {
    let name = Arc::clone(&build.info.full_name);
    let began = cx.host.elapsed();
    cx.ui.emit(Event::BuildStarted { build: Arc::clone(&name), number });
    let answer = stages(build, number, options.run, cx, stop).await;
    let outcome = outcome_of(&answer, stop.is_here());
    if options.fail_fast && outcome == Outcome::Failed {
        stop.because_of(&name);
    }
    let by_time_limit = answer.as_ref().is_err_and(|error| error.is::<TimeLimit>());
    let (artifacts, error) = match answer {
        Ok(artifacts) => (artifacts, None),
        Err(error) if outcome == Outcome::Cancelled => (Vec::new(), Some(stop.told(format!("{error:#}")))),
        Err(error) => (Vec::new(), Some(format!("{error:#}"))),
    };
    let took = cx.host.elapsed() - began;
    cx.ui.emit(Event::BuildEnded {
        build: Arc::clone(&name),
        number,
        outcome,
        took_ms: milliseconds(took),
        took: duration::words(took),
        error: error.clone(),
    });
    // Not before it was told: of a run that is killed in between nothing may be left that nobody knows of.
    cx.journal.build_ended(&name);
    BuildOutcome { build: name, outcome, error, by_time_limit, artifacts }
}

async fn stages(
    build: Build,
    number: u32,
    options: RunOptions,
    cx: &EngineCx,
    stop: &Stop,
) -> Result<Vec<Arc<dyn Artifact>>> {
    let Build { info, builder, provision, on_error, post, settings: _ } = build;
    let names = builder.data_names();
    let component = Arc::clone(&info.builder_type);
    let step = Step { kind: StepKind::Builder, component, name: None, index: 0 };
    let cx = RunCx {
        host: cx.host.clone(),
        options,
        speaker: Speaker { build: Arc::clone(&info.full_name), number, step: Some(step) },
        build: info,
        ui: Arc::clone(&cx.ui),
        cancel: stop.token().clone(),
        journal: Arc::clone(&cx.journal),
    };
    let hook = BuildHook::new(provision, on_error, names.clone());
    let made = stepped(&cx, guarded("the builder", builder.run(&cx, &hook))).await?;
    drop(hook);
    let Some(original) = made else {
        return if cx.cancel.is_cancelled() { Err(anyhow!(INTERRUPTED)) } else { Ok(Vec::new()) };
    };
    if cx.cancel.is_cancelled() {
        return Err(taken_back(&cx, &*original).await);
    }
    post::run(&cx, post, original, &names).await
}

/// Destroys what a builder finished although the run was interrupted: nobody will be told about it.
async fn taken_back(cx: &RunCx, original: &dyn Artifact) -> anyhow::Error {
    if leaves_all(cx.options.on_error) {
        post::tell_of_left(cx, original);
    } else if let Err(error) = guarded("the artifact", original.destroy()).await {
        return anyhow!("{INTERRUPTED}; error destroying builder artifact: {error:#}");
    }
    anyhow!(INTERRUPTED)
}

/// Runs `work` as the step that `cx` speaks for, with the events of its start and end.
///
/// # Errors
/// Those of `work`.
pub async fn stepped<T>(cx: &RunCx, work: impl Future<Output = Result<T>>) -> Result<T> {
    let began = cx.host.elapsed();
    cx.ui.emit(Event::StepStarted { speaker: cx.speaker.clone() });
    let answer = work.await;
    cx.ui.emit(Event::StepEnded {
        speaker: cx.speaker.clone(),
        outcome: outcome_of(&answer, cx.cancel.is_cancelled()),
        took_ms: milliseconds(cx.host.elapsed() - began),
        error: answer.as_ref().err().map(|error| format!("{error:#}")),
    });
    answer
}

fn outcome_of<T>(answer: &Result<T>, cancelled: bool) -> Outcome {
    match answer {
        Ok(_) => Outcome::Ok,
        Err(_) if cancelled => Outcome::Cancelled,
        Err(_) => Outcome::Failed,
    }
}

/// Returns `duration` in whole milliseconds.
pub fn milliseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::EngineOptions;
    use crate::engine::fake::{self, Act, Fake};

    #[tokio::test]
    async fn every_step_tells_when_it_starts_and_ends() {
        let fake = Fake::new();
        let build = fake.build("b").provisioner(&[Act::Fail("no")]).cleanup(&[]).post(fake::keep("x")).done();
        fake.run([build], EngineOptions::default()).await;
        let steps = fake.events().into_iter().filter_map(|event| match event {
            Event::StepStarted { speaker } => Some((speaker.step.unwrap().kind, None)),
            Event::StepEnded { speaker, outcome, .. } => Some((speaker.step.unwrap().kind, Some(outcome))),
            _ => None,
        });
        let steps: Vec<_> = steps.collect();
        use StepKind::{Builder, ErrorCleanupProvisioner, Provisioner};
        let (failed, ok) = (Some(Outcome::Failed), Some(Outcome::Ok));
        let inner = [(Provisioner, None), (Provisioner, failed), (ErrorCleanupProvisioner, None)];
        assert_eq!(steps[1..4], inner);
        assert_eq!(steps[4], (ErrorCleanupProvisioner, ok));
        assert_eq!((steps[0], steps[5]), ((Builder, None), (Builder, failed)));
        assert_eq!(steps.len(), 6); // ENG-45: no post-processor runs after a failure
    }

    #[tokio::test]
    async fn a_builder_that_gives_nothing_has_no_artifacts_and_no_post_processing() {
        // S-18, ENG-40
        let fake = Fake::new();
        let build = fake.build("b").builder_gives_nothing().post(fake::keep("x")).done();
        let outcomes = fake.run([build], EngineOptions::default()).await;
        assert_eq!((outcomes[0].outcome, outcomes[0].artifacts.len()), (Outcome::Ok, 0));
        assert!(fake.text().ends_with("==> Builds finished but no artifacts were created."));
    }

    #[tokio::test]
    async fn what_is_finished_after_an_interrupt_is_taken_back() {
        let fake = Fake::new();
        let build = fake.build("b").provisioner(&[Act::InterruptButGoOn]).done();
        let outcomes = fake.run([build], EngineOptions::default()).await;
        assert_eq!(outcomes[0].error.as_deref(), Some("context canceled"));
        assert_eq!(fake.destroyed(), ["of b"]);
    }
}
