//! The engine's side of a running builder: its provisioners, once the machine is up.
//!
//! Unaware of how the machine came up.

use std::sync::Arc;

use anyhow::anyhow;
use async_trait::async_trait;
use tokio_util::sync::CancellationToken;

use super::build::stepped;
use super::data::completed;
use super::{INTERRUPTED, wrap};
use crate::component::{BuildData, Communicator, Hook, Result, RunCx, steps};
use crate::plan::ProvisionStep;
use crate::ui::{Speaker, Step, StepKind};
use crate::value::show::quote;

/// The provisioners of one build.
pub struct BuildHook {
    provision: Vec<ProvisionStep>,
    on_error: Option<ProvisionStep>,
    /// What the builder may tell beside the common names.
    names: Vec<&'static str>,
}

impl BuildHook {
    /// Makes the hook of a build. `names` are those of `Builder::data_names`.
    pub fn new(provision: Vec<ProvisionStep>, on_error: Option<ProvisionStep>, names: Vec<&'static str>) -> BuildHook {
        BuildHook { provision, on_error, names }
    }
}

#[async_trait]
impl Hook for BuildHook {
    /// Runs the provisioners in order; the first failure ends it (ENG-18, ENG-25).
    async fn provision(&self, cx: &RunCx, machine: Arc<dyn Communicator>, data: BuildData) -> Result<()> {
        let data = completed(data, &self.names);
        for (index, step) in self.provision.iter().enumerate() {
            let cx = speaking(cx, StepKind::Provisioner, index, step);
            if cx.options.debug {
                // The reference leaves out the name as well (ENG-27).
                steps::pause(&cx, "Pausing before the next provisioner .").await;
            }
            let answer = match cx.cancel.is_cancelled() {
                true => Err(anyhow!(INTERRUPTED)),
                false => run(&cx, step, &machine, &data).await,
            };
            // Whatever a provisioner makes of an interrupt, people read the same (ENG-57).
            answer.map_err(|error| if cx.cancel.is_cancelled() { anyhow!(INTERRUPTED) } else { error })?;
        }
        Ok(())
    }

    async fn clean_up(&self, cx: &RunCx, machine: Arc<dyn Communicator>, data: BuildData) -> Result<()> {
        let Some(step) = &self.on_error else { return Ok(()) };
        let data = completed(data, &self.names);
        // An interrupt must not keep it from tidying up (ENG-58).
        let cx = speaking(cx, StepKind::ErrorCleanupProvisioner, 0, step).with_cancel(CancellationToken::new());
        run(&cx, step, &machine, &data).await
    }
}

/// Runs one provisioner with all that is put around it.
async fn run(cx: &RunCx, step: &ProvisionStep, machine: &Arc<dyn Communicator>, data: &BuildData) -> Result<()> {
    match stepped(cx, wrap::run(cx, step, machine, data)).await {
        Err(error) if step.wrap.continue_on_error && !cx.cancel.is_cancelled() => {
            let error = quote(&format!("{error:#}"));
            cx.say(format!(
                "Warning: Provisioner failed with {error}, but continue_on_error is set; continuing the build."
            ));
            Ok(())
        }
        answer => answer,
    }
}

fn speaking(cx: &RunCx, kind: StepKind, index: usize, step: &ProvisionStep) -> RunCx {
    let index = u32::try_from(index).unwrap_or(u32::MAX);
    let step = Step { kind, component: Arc::clone(&step.kind), name: step.name.clone(), index };
    cx.with_speaker(Speaker { step: Some(step), ..cx.speaker.clone() })
}

#[cfg(test)]
mod tests {
    use crate::engine::EngineOptions;
    use crate::engine::fake::{Act, Fake};
    use crate::plan::Wrap;

    #[tokio::test]
    async fn the_first_failure_ends_the_chain_and_runs_the_cleanup_provisioner() {
        // ENG-25, ENG-29, case engine/first-failing-provisioner-ends-the-chain
        let fake = Fake::new();
        let build = fake.build("b").provisioner(&[Act::Say("one"), Act::Fail("no")]).provisioner(&[Act::Say("two")]);
        fake.run([build.cleanup(&[Act::Say("tidy up")]).done()], EngineOptions::default()).await;
        assert!(fake.text().starts_with("==> b: one\n==> b: tidy up\nBuild 'b' errored after <time>: no\n"));
    }

    #[tokio::test]
    async fn a_failure_may_be_passed_over() {
        // ENG-24, case engine/continue-on-error
        let fake = Fake::new();
        let wrap = Wrap { continue_on_error: true, ..Wrap::default() };
        let build = fake.build("b").wrapped(wrap, &[Act::Fail("no \"x\"")]).provisioner(&[Act::Say("still here")]);
        fake.run([build.done()], EngineOptions::default()).await;
        let warning = "==> b: Warning: Provisioner failed with \"no \\\"x\\\"\", but continue_on_error is set; \
                       continuing the build.\n==> b: still here\nBuild 'b' finished";
        assert!(fake.text().starts_with(warning), "{}", fake.text());
    }

    #[tokio::test]
    async fn provisioners_see_what_the_builder_told_when_they_run() {
        // ENG-12, HCL-94
        let fake = Fake::new();
        let build = fake.build("b").provisioner(&[Act::SayData("ID"), Act::SayData("Host"), Act::SayData("Extra")]);
        fake.run([build.done()], EngineOptions::default()).await;
        assert!(fake.text().starts_with("==> b: id of b\n==> b: <unknown>\n==> b: <unknown>\n"), "{}", fake.text());
    }

    #[tokio::test]
    async fn debug_mode_asks_before_each_provisioner() {
        // ENG-27, case engine/debug-on-a-terminal
        let fake = Fake::new();
        fake.recorder.will_answer(&["", ""]);
        let build = fake.build("b").provisioner(&[Act::Say("one")]).provisioner(&[Act::Say("two")]).done();
        let mut options = EngineOptions::default();
        options.run.debug = true;
        fake.run([build], options).await;
        let pause = "==> b: Pausing before the next provisioner . Press enter to continue.\n";
        let text = fake.text();
        let (_, text) = text.split_once('\n').unwrap();
        assert!(text.starts_with(&format!("{pause}==> b: one\n{pause}==> b: two\n")), "{text}");
    }

    #[tokio::test]
    async fn a_crash_in_a_provisioner_still_runs_the_cleanup_provisioner() {
        let fake = Fake::new();
        let build = fake.build("b").provisioner(&[Act::Crash]).cleanup(&[Act::Say("tidy up")]).done();
        fake.run([build], EngineOptions::default()).await;
        assert!(fake.text().starts_with("==> b: tidy up\nBuild 'b' errored after <time>: the provisioner crashed"));
    }
}
