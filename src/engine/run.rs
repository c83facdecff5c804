//! Runs all builds under permits, and sums up.
//!
//! Knows nothing of what a build does.

use std::sync::Arc;

use indexmap::IndexMap;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use tokio_util::task::AbortOnDropHandle;

use super::guard::guarded;
use super::stop::Stop;
use super::waiting::AtWork;
use super::{BuildOutcome, EngineCx, EngineOptions, INTERRUPTED, build};
use crate::component::{Artifact, duration};
use crate::plan::Build;
use crate::ui::{ArtifactInfo, BuildResult, Event, Outcome};

/// Runs `builds` and gives what became of each, in their order.
///
/// Builds start in their order, as many at a time as allowed; with `-debug` strictly one after the other. After an
/// interrupt none is started any more. A build that fails, or crashes, leaves the others alone unless `options` say
/// otherwise.
///
/// # Source
/// ENG-4, ENG-7 … ENG-9, ENG-46 … ENG-57, CLI-27, CLI-31, CLI-91; cases `engine/two-builds-one-after-the-other`,
/// `engine/same-source-twice`, `engine/terminated-build`.
pub async fn run(builds: Vec<Build>, options: EngineOptions, cx: EngineCx) -> Vec<BuildOutcome> {
    let began = cx.host.elapsed();
    if options.run.debug {
        cx.ui.say("Debug mode enabled. Builds will not be parallelized.");
    }
    let names: Vec<Arc<str>> = builds.iter().map(|build| Arc::clone(&build.info.full_name)).collect();
    cx.ui.emit(Event::RunStarted { builds: names.clone() });

    // What stays as it is was not started.
    let mut outcomes: Vec<_> = names.into_iter().map(not_started).collect();
    let stop = Stop::at(&cx.cancel);
    let at_work = AtWork::default();
    let telling = options.tells_waiting.then(|| at_work.clone().tell(Arc::clone(&cx.ui), cx.cancel.clone()));
    let telling = telling.map(|telling| AbortOnDropHandle::new(tokio::spawn(telling)));
    let permits = match if options.run.debug { 1 } else { options.parallel } {
        0 => None,
        limit => Some(Arc::new(Semaphore::new(limit.min(Semaphore::MAX_PERMITS)))),
    };
    let mut running = JoinSet::new();
    for (index, build) in builds.into_iter().enumerate() {
        if stop.is_here() {
            break;
        }
        let name = Arc::clone(&build.info.full_name);
        let number = u32::try_from(index).unwrap_or(u32::MAX);
        let permit = permit(permits.as_ref(), stop.token()).await;
        if stop.is_here() {
            // Of builds that run strictly one after the other none waits for a slot.
            if permits.as_ref().is_some_and(|_| options.parallel > 1 && !options.run.debug) {
                cx.ui.emit(Event::BuildNotStarted { build: name, number, error: stop.told(INTERRUPTED.to_owned()) });
            }
            break;
        }
        at_work.starts(index, &name);
        let (cx, stop, at_work) = (cx.clone(), stop.clone(), at_work.clone());
        running.spawn(async move {
            let running = async { Ok(build::run(build, number, options, &cx, &stop).await) };
            let outcome = guarded("the build", running).await.unwrap_or_else(|error| failed(name, &error));
            at_work.ends(index);
            drop(permit);
            (index, outcome)
        });
        while let Some(Ok((index, outcome))) = running.try_join_next() {
            outcomes[index] = outcome;
        }
    }
    while let Some(joined) = running.join_next().await {
        let (index, outcome) = joined.expect("a build's task is neither aborted nor does it panic");
        outcomes[index] = outcome;
    }
    drop(telling);
    for outcome in &mut outcomes {
        if let Some(error) = outcome.error.take_if(|error| *error == INTERRUPTED) {
            outcome.error = Some(stop.told(error));
        }
    }

    let took = cx.host.elapsed() - began;
    cx.ui.emit(Event::RunEnded {
        // An interrupt that comes when everything is done has interrupted nothing.
        interrupted: cx.cancel.is_cancelled() && outcomes.iter().any(|outcome| outcome.outcome == Outcome::Cancelled),
        took_ms: build::milliseconds(took),
        took: duration::words(took),
        results: results(&outcomes),
    });
    outcomes
}

/// Waits for a slot, or for the end; without `permits` there is one for everybody.
async fn permit(permits: Option<&Arc<Semaphore>>, end: &CancellationToken) -> Option<OwnedSemaphorePermit> {
    tokio::select! {
        biased;
        () = end.cancelled() => None,
        permit = Arc::clone(permits?).acquire_owned() => permit.ok(),
    }
}

fn not_started(build: Arc<str>) -> BuildOutcome {
    let error = Some(INTERRUPTED.to_owned());
    BuildOutcome { build, outcome: Outcome::Cancelled, error, by_time_limit: false, artifacts: Vec::new() }
}

fn failed(build: Arc<str>, error: &anyhow::Error) -> BuildOutcome {
    let error = Some(format!("{error:#}"));
    BuildOutcome { build, outcome: Outcome::Failed, error, by_time_limit: false, artifacts: Vec::new() }
}

/// Returns one result a name: of several builds with one name the last error and the last artifacts count (ENG-4).
fn results(outcomes: &[BuildOutcome]) -> Vec<BuildResult> {
    let mut by_name: IndexMap<Arc<str>, BuildResult> = IndexMap::new();
    for BuildOutcome { build, outcome, error, artifacts, by_time_limit: _ } in outcomes {
        let (build, error) = (Arc::clone(build), error.clone());
        let artifacts: Vec<_> = artifacts.iter().map(|artifact| Some(info(&**artifact))).collect();
        match by_name.entry(Arc::clone(&build)) {
            indexmap::map::Entry::Vacant(entry) => {
                entry.insert(BuildResult { build, outcome: *outcome, error, artifacts });
            }
            indexmap::map::Entry::Occupied(mut entry) => {
                let result = entry.get_mut();
                if error.is_some() {
                    (result.outcome, result.error) = (*outcome, error);
                } else {
                    result.artifacts = artifacts;
                }
            }
        }
    }
    by_name.into_values().collect()
}

fn info(artifact: &dyn Artifact) -> ArtifactInfo {
    ArtifactInfo {
        builder_id: artifact.builder_id().to_owned(),
        id: artifact.id(),
        text: artifact.describe(),
        files: artifact.files().iter().map(|file| file.display().to_string()).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::fake::{self, Act, Fake};

    #[tokio::test]
    async fn builds_run_one_after_the_other_in_their_order_when_asked() {
        // ENG-8, case engine/two-builds-one-after-the-other
        let fake = Fake::new();
        let builds = ["z", "a"].map(|name| fake.build(name).provisioner(&[Act::Yield, Act::Say("hi")]).done());
        let outcomes = fake.run(builds, EngineOptions { parallel: 1, ..EngineOptions::default() }).await;
        assert_eq!(outcomes.iter().map(|o| &*o.build).collect::<Vec<_>>(), ["z", "a"]);
        let text = "==> z: hi\nBuild 'z' finished after <time>.\n==> a: hi\nBuild 'a' finished after <time>.\n\n\
                    ==> Wait completed after <time>\n\n==> Builds finished. The artifacts of successful builds are:\n\
                    --> z: of z\n--> a: of a";
        assert_eq!(fake.text(), text);
    }

    #[tokio::test]
    async fn no_more_builds_run_than_allowed_and_all_when_not_limited() {
        // CLI-31, case engine/parallel-builds-two-of-four
        for (parallel, debug, most) in [(2, false, 2), (0, false, 5), (0, true, 1)] {
            let fake = Fake::new();
            let acts = [Act::Enter, Act::Yield, Act::Yield, Act::Leave];
            let builds = ["a", "b", "c", "d", "e"].map(|name| fake.build(name).provisioner(&acts).done());
            let mut options = EngineOptions { parallel, ..EngineOptions::default() };
            options.run.debug = debug;
            fake.run(builds, options).await;
            assert_eq!(fake.most_at_once(), most);
            let headline = "Debug mode enabled. Builds will not be parallelized.";
            assert_eq!(fake.text().starts_with(headline), debug); // CLI-27
        }
    }

    #[tokio::test]
    async fn a_failing_build_leaves_the_others_alone() {
        // ENG-9, case engine/one-of-three-builds-fails
        let fake = Fake::new();
        let bad = fake.build("bad").provisioner(&[Act::Fail("no")]).done();
        let outcomes = fake.run([bad, fake.build("good").done()], EngineOptions::default()).await;
        assert_eq!(outcomes.iter().map(|o| o.outcome).collect::<Vec<_>>(), [Outcome::Failed, Outcome::Ok]);
        assert!(fake.text().contains("Build 'bad' errored after <time>: no\n"));
        assert!(fake.text().contains("--> bad: no\n"));
        assert!(fake.text().ends_with("--> good: of good"));
    }

    #[tokio::test]
    async fn a_crash_is_the_error_of_that_build_only() {
        let fake = Fake::new();
        let bad = fake.build("bad").builder_crashes().done();
        let outcomes = fake.run([bad, fake.build("good").done()], EngineOptions::default()).await;
        assert!(outcomes[0].error.as_ref().unwrap().contains("crashed: on purpose"));
        assert_eq!(outcomes[1].outcome, Outcome::Ok);
    }

    #[tokio::test]
    async fn builds_of_one_name_share_a_result() {
        // ENG-4, case engine/same-source-twice
        let fake = Fake::new();
        let builds = [fake.build("a").done(), fake.build("a").done()];
        let outcomes = fake.run(builds, EngineOptions { parallel: 1, ..EngineOptions::default() }).await;
        assert_eq!(outcomes.len(), 2);
        assert_eq!(fake.text().matches("Build 'a' finished").count(), 2);
        assert_eq!(fake.text().matches("--> a: of a").count(), 1);
    }

    #[tokio::test]
    async fn an_interrupt_cancels_what_runs_and_starts_nothing_more() {
        // ENG-49, ENG-56, ENG-57, cases engine/interrupted-build, engine/terminated-build
        let fake = Fake::new();
        let first = fake.build("first").provisioner(&[Act::Say("hi"), Act::Interrupt]).provisioner(&[]);
        let builds = [first.post(fake::keep("x")).done(), fake.build("second").done()];
        let outcomes = fake.run(builds, EngineOptions { parallel: 1, ..EngineOptions::default() }).await;
        assert!(outcomes.iter().all(|o| o.outcome == Outcome::Cancelled));
        assert_eq!(
            fake.text(),
            "==> first: hi\nBuild 'first' errored after <time>: context canceled\n\n\
             ==> Wait completed after <time>\nCleanly cancelled builds after being interrupted."
        );
    }

    #[tokio::test]
    async fn a_build_that_waits_for_its_slot_is_told_when_the_run_is_interrupted() {
        // ENG-8: not with one slot, where none waits
        for (parallel, told) in [(2, true), (1, false)] {
            let fake = Fake::new();
            let acts = [Act::Yield, Act::Interrupt];
            let builds = ["a", "b", "c", "d"].map(|name| fake.build(name).provisioner(&acts).done());
            let outcomes = fake.run(builds, EngineOptions { parallel, ..EngineOptions::default() }).await;
            let text = "Build 'c' failed to acquire semaphore: context canceled\n";
            assert_eq!(fake.text().matches("acquire semaphore").count(), usize::from(told), "{}", fake.text());
            assert_eq!(fake.text().contains(text), told);
            assert!(outcomes.iter().all(|o| o.error.as_deref() == Some("context canceled")));
        }
    }

    #[tokio::test]
    async fn with_fail_fast_the_first_failure_ends_the_others_and_says_so() {
        let fake = Fake::new();
        let bad = fake.build("bad").provisioner(&[Act::Yield, Act::Fail("no")]).done();
        let long = fake.build("long").provisioner(&[Act::WaitForCancel("killed")]).done();
        let builds = [fake.build("good").done(), bad, long, fake.build("never").done()];
        let options = EngineOptions { parallel: 3, fail_fast: true, ..EngineOptions::default() };
        // With the slot of the first one the last one would start.
        let outcomes = fake.run(builds.into_iter().skip(1), options).await;
        assert_eq!(
            outcomes.iter().map(|o| o.outcome).collect::<Vec<_>>(),
            [Outcome::Failed, Outcome::Cancelled, Outcome::Ok]
        );
        let text = fake.text();
        assert!(
            text.contains("Build 'long' errored after <time>: cancelled because the build 'bad' failed\n"),
            "{text}"
        );
        assert!(text.contains("\n--> bad: no\n--> long: cancelled because the build 'bad' failed\n"), "{text}");
    }

    #[tokio::test]
    async fn with_fail_fast_nothing_is_started_after_a_failure() {
        let fake = Fake::new();
        let builds = [fake.build("bad").provisioner(&[Act::Fail("no")]).done(), fake.build("never").done()];
        let options = EngineOptions { parallel: 1, fail_fast: true, ..EngineOptions::default() };
        let outcomes = fake.run(builds, options).await;
        assert_eq!(outcomes[1].outcome, Outcome::Cancelled);
        assert_eq!(outcomes[1].error.as_deref(), Some("cancelled because the build 'bad' failed"));
        assert!(!fake.text().contains("Build 'never'") && !fake.text().contains("Cleanly cancelled"));
    }
}
