//! Runs the chains of post-processors, and decides which artifacts stay.
//!
//! Unaware of builders; which members a chain has was decided in the plan.

use std::sync::Arc;

use anyhow::anyhow;

use super::INTERRUPTED;
use super::build::stepped;
use super::data::completed;
use super::guard::{guarded, guarded_step};
use super::stop::leaves_all;
use crate::component::{Artifact, Keep, Processed, Refused, Result, RunCx};
use crate::plan::PostStep;
use crate::ui::{Speaker, Step, StepKind};

/// Runs `chains` one after the other, each from `original`; gives what is left at the end, `original` first if it
/// stays. `names` are those of `Builder::data_names`.
///
/// # Errors
/// All that went wrong in one text, by the time everything else is done; then the artifacts that were made are not
/// reported, and `original` is destroyed unless some first member of a chain asked to keep it, or refused it. With
/// `-on-error=abort` all that is there by then stays, and people are told what and where.
///
/// # Source
/// ENG-38 … ENG-45, ENG-53, S-11 … S-18; cases `post-processors/any-chain-may-keep-the-original`,
/// `post-processors/failing-post-processor-removes-the-build-result`, `engine/two-broken-chains`.
pub async fn run(
    cx: &RunCx,
    chains: Vec<Vec<PostStep>>,
    original: Arc<dyn Artifact>,
    names: &[&'static str],
) -> Result<Vec<Arc<dyn Artifact>>> {
    let mut keeps_original = chains.is_empty();
    let mut kept = Vec::new();
    let mut errors = Vec::new();
    let mut unfinished = Vec::new();
    let mut index = 0;
    for chain in &chains {
        let mut prior = Arc::clone(&original);
        let mut complete = true;
        for (position, step) in chain.iter().enumerate() {
            let processed = match cx.cancel.is_cancelled() {
                true => Err(anyhow!(INTERRUPTED)),
                false => process(cx, step, index + position, &prior, names).await,
            };
            let Processed { artifact, keep_input } = match processed {
                Ok(Some(processed)) => processed,
                // A member that gives nothing ends its chain quietly (S-14).
                Ok(None) => {
                    complete = false;
                    break;
                }
                Err(error) => {
                    // What was refused was not used up: it is still what the user wants.
                    keeps_original |= position == 0 && error.is::<Refused>();
                    errors.push(format!("Post-processor failed: {error:#}"));
                    unfinished.extend((position > 0).then(|| Arc::clone(&prior)));
                    complete = false;
                    break;
                }
            };
            let keep = keeps_input(step.keep_input, keep_input);
            if position == 0 {
                keeps_original |= keep;
            } else if keep {
                kept.push(prior);
            } else if let Err(error) = guarded("the artifact", prior.destroy()).await {
                errors.push(format!("Failed cleaning up prior artifact: {error:#}"));
            }
            prior = artifact;
        }
        if complete {
            kept.push(prior);
        }
        index += chain.len();
        if cx.cancel.is_cancelled() {
            break;
        }
    }
    let leaves_all = leaves_all(cx.options.on_error) && !errors.is_empty();
    if keeps_original || leaves_all {
        kept.insert(0, original);
    } else if let Err(error) = guarded("the artifact", original.destroy()).await {
        errors.push(format!("Error destroying builder artifact: {error:#}"));
    }
    if leaves_all {
        kept.iter().chain(&unfinished).for_each(|artifact| tell_of_left(cx, &**artifact));
    }
    if errors.is_empty() {
        Ok(kept)
    } else if cx.cancel.is_cancelled() {
        Err(anyhow!(INTERRUPTED))
    } else {
        Err(anyhow!("{} error(s) occurred:\n\n* {}", errors.len(), errors.join("\n* ")))
    }
}

/// Says that `artifact` stays although its build ends badly, and where it is.
pub fn tell_of_left(cx: &RunCx, artifact: &dyn Artifact) {
    let text = artifact.describe();
    let files = artifact.files().into_iter().map(|file| file.display().to_string());
    let files: Vec<String> = files.filter(|file| !file.is_empty() && !text.contains(file.as_str())).collect();
    let files = if files.is_empty() { String::new() } else { format!(" ({})", files.join(", ")) };
    cx.error(format!("aborted: leaving the artifact as it is: {text}{files}"));
}

/// Whether the input of a step stays: what the template says, unless that would break what the step made (S-12).
fn keeps_input(wanted: Option<bool>, keep: Keep) -> bool {
    match keep {
        Keep::Always => true,
        Keep::Default(default) => wanted.unwrap_or(default),
    }
}

/// Prepares the post-processor with what the artifact knows, and runs it (ENG-12).
async fn process(
    cx: &RunCx,
    step: &PostStep,
    index: usize,
    input: &Arc<dyn Artifact>,
    names: &[&'static str],
) -> Result<Option<Processed>> {
    let name = Some(&step.name).filter(|name| !name.is_empty()).cloned();
    let index = u32::try_from(index).unwrap_or(u32::MAX);
    let shown = Step { kind: StepKind::PostProcessor, component: Arc::clone(&step.kind), name, index };
    let cx = cx.with_speaker(Speaker { step: Some(shown), ..cx.speaker.clone() });
    let work = guarded_step("the post-processor", &cx, async {
        let post_processor = step.post_processor.prepare(&completed(input.data(), names)).await?;
        post_processor.process(&cx, Arc::clone(input)).await
    });
    stepped(&cx, work).await
}

#[cfg(test)]
mod tests {
    use crate::component::OnError;
    use crate::engine::EngineOptions;
    use crate::engine::fake::{self, Fake, Post};
    use crate::ui::Outcome;

    /// Runs chains and gives the artifacts that are left, the ones that were destroyed, and the error.
    async fn chains(chains: Vec<Vec<Post>>) -> (Vec<String>, Vec<String>, Option<String>) {
        let fake = Fake::new();
        let build = chains.into_iter().fold(fake.build("b"), fake::Making::chain).done();
        let outcome = fake.run([build], EngineOptions::default()).await.remove(0);
        assert_eq!(outcome.error.is_some(), outcome.outcome == Outcome::Failed);
        (outcome.artifacts.iter().map(|artifact| artifact.describe()).collect(), fake.destroyed(), outcome.error)
    }

    #[tokio::test]
    async fn the_original_stays_when_any_chain_wants_it_and_stands_first() {
        // S-13, case post-processors/any-chain-may-keep-the-original
        let wants = fake::makes("two").keep_input_artifact(true);
        let (left, destroyed, _) =
            chains(vec![vec![fake::makes("one")], vec![wants], vec![fake::makes("three")]]).await;
        assert_eq!((left, destroyed), (vec!["of b".into(), "one".into(), "two".into(), "three".into()], vec![]));
    }

    #[tokio::test]
    async fn what_nobody_keeps_is_destroyed() {
        // ENG-40, S-13
        let chain = vec![fake::makes("one"), fake::makes("two"), fake::makes("three").keep_input_artifact(true)];
        let (left, destroyed, _) = chains(vec![chain]).await;
        assert_eq!(left, ["two", "three"]);
        assert_eq!(destroyed, ["one", "of b"]);
    }

    #[tokio::test]
    async fn a_template_cannot_make_a_member_destroy_what_it_refers_to() {
        // S-12, case post-processors/keep-input-artifact-false-does-not-count-everywhere
        let (left, destroyed, _) = chains(vec![vec![fake::keep("x").keep_input_artifact(false)]]).await;
        assert_eq!((left, destroyed), (vec!["of b".into(), "x".into()], vec![]));
    }

    #[tokio::test]
    async fn a_failure_skips_the_rest_of_its_chain_and_destroys_the_original() {
        // S-17, ENG-53, case engine/two-broken-chains
        let broken = |text| vec![fake::fails(text), fake::makes("never")];
        let (left, destroyed, error) = chains(vec![broken("x"), broken("y"), vec![fake::makes("third")]]).await;
        assert_eq!(error.unwrap(), "2 error(s) occurred:\n\n* Post-processor failed: x\n* Post-processor failed: y");
        assert_eq!((left, destroyed), (vec![], vec!["of b".into()]));
    }

    #[tokio::test]
    async fn a_failure_leaves_an_original_that_was_asked_for() {
        // ENG-42, case post-processors/failing-post-processor-removes-the-build-result
        let (_, destroyed, error) = chains(vec![vec![fake::fails("x")], vec![fake::keep("manifest")]]).await;
        assert_eq!(error.unwrap(), "1 error(s) occurred:\n\n* Post-processor failed: x");
        assert!(destroyed.is_empty());
    }

    #[tokio::test]
    async fn an_original_that_was_refused_stays() {
        let (left, destroyed, error) = chains(vec![vec![fake::refuses("x")], vec![fake::makes("archive")]]).await;
        assert_eq!(error.unwrap(), "1 error(s) occurred:\n\n* Post-processor failed: x");
        assert_eq!((left, destroyed), (vec![], vec![]));
    }

    #[tokio::test]
    async fn a_member_that_gives_nothing_ends_its_chain_quietly() {
        // S-14
        let (left, destroyed, error) =
            chains(vec![vec![fake::keep("one"), fake::gives_nothing(), fake::makes("never")]]).await;
        assert_eq!((left, destroyed, error), (vec!["of b".into()], vec![], None));
    }

    #[tokio::test]
    async fn what_cannot_be_destroyed_is_an_error() {
        // ENG-40
        let (_, _, error) = chains(vec![vec![fake::makes("stuck"), fake::makes("two")]]).await;
        let text = "1 error(s) occurred:\n\n* Failed cleaning up prior artifact: it is stuck";
        assert_eq!(error.unwrap(), text);
    }

    #[tokio::test]
    async fn members_speak_under_their_type_and_see_what_the_artifact_carries() {
        // S-16, ENG-39, case engine/build-variables-of-null
        let fake = Fake::new();
        let build = fake.build("b").post(fake::says_data("ID")).post(fake::says_data("Host").named("n")).done();
        fake.run([build], EngineOptions::default()).await;
        let want = "==> b: Running post-processor:  (type fake)\n==> b (fake): id of b\n\
                    ==> b: Running post-processor: n (type fake)\n==> b (fake): <unknown>\n";
        assert!(fake.text().starts_with(want), "{}", fake.text());
    }

    #[tokio::test]
    async fn an_interrupt_ends_all_chains() {
        // ENG-45, ENG-57
        let fake = Fake::new();
        let build = fake.build("b").post(fake::interrupts()).post(fake::makes("never")).done();
        let outcomes = fake.run([build], EngineOptions::default()).await;
        assert_eq!(outcomes[0].error.as_deref(), Some("context canceled"));
        assert_eq!(outcomes[0].outcome, Outcome::Cancelled);
        assert_eq!(fake.text().matches("Running post-processor").count(), 1);
    }

    #[tokio::test]
    async fn with_abort_a_failure_leaves_everything_and_says_where() {
        let fake = Fake::new();
        let chain = vec![fake::makes("first"), fake::fails("x")];
        let mut options = EngineOptions::default();
        options.run.on_error = OnError::Abort;
        fake.run([fake.build("b").chain(chain).post(fake::makes("other")).done()], options).await;
        assert_eq!(fake.destroyed(), [""; 0]);
        let left = |text| format!("==> b: aborted: leaving the artifact as it is: {text}\n");
        let told = [left("of b"), left("other"), left("first")].concat();
        let text = fake.text();
        assert!(text.contains(&(told + "Build 'b' errored after <time>: 1 error(s)")), "{text}");
    }

    #[tokio::test]
    async fn with_abort_a_chain_that_ends_well_keeps_no_more_than_always() {
        let fake = Fake::new();
        let mut options = EngineOptions::default();
        options.run.on_error = OnError::Abort;
        fake.run([fake.build("b").post(fake::makes("other")).done()], options).await;
        assert_eq!(fake.destroyed(), ["of b"]);
        assert!(!fake.text().contains("aborted"));
    }
}
