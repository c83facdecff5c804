//! `-timings`: where the time of a run went, from its events alone.
//!
//! Shows nothing: gives an event that the other views show.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::{BuildTiming, Event, Record, Sink, Speaker, StepKind, StepTiming};

/// Adds up what the events of a run tell. Clones share what they know.
#[derive(Clone, Default)]
pub struct Timings(Arc<Mutex<Known>>);

#[derive(Default)]
struct Known {
    run_started_ms: u64,
    builds: BTreeMap<u32, BuildTiming>,
}

impl Timings {
    /// Returns what is known by now; `None` when no build has begun.
    pub fn event(&self) -> Option<Event> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let builds: Vec<BuildTiming> = known.builds.values().cloned().collect();
        (!builds.is_empty()).then_some(Event::Timings { builds })
    }
}

impl Known {
    fn step(&mut self, speaker: &Speaker) -> Option<&mut StepTiming> {
        let (steps, step) = (&mut self.builds.get_mut(&speaker.number)?.steps, speaker.step.as_ref()?);
        let at = steps.iter().position(|known| known.step == *step).unwrap_or_else(|| {
            steps.push(StepTiming { step: step.clone(), took_ms: 0, own_ms: 0, waits: BTreeMap::new() });
            steps.len() - 1
        });
        Some(&mut steps[at])
    }
}

impl Sink for Timings {
    fn receive(&mut self, record: &Record<'_>) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match record.event {
            Event::RunStarted { .. } => known.run_started_ms = record.at_ms,
            Event::BuildStarted { build, number } => {
                let turn_ms = record.at_ms.saturating_sub(known.run_started_ms);
                let timing =
                    BuildTiming { build: Arc::clone(build), number: *number, turn_ms, took_ms: 0, steps: Vec::new() };
                known.builds.insert(*number, timing);
            }
            Event::StepStarted { speaker } => {
                known.step(speaker);
            }
            Event::Waited { speaker, reason, took_ms } => {
                if let Some(step) = known.step(speaker) {
                    *step.waits.entry(*reason).or_default() += took_ms;
                }
            }
            Event::StepEnded { speaker, took_ms, .. } => {
                if let Some(step) = known.step(speaker) {
                    step.took_ms += took_ms;
                    step.own_ms += took_ms;
                }
            }
            Event::BuildEnded { number, took_ms, .. } => {
                if let Some(build) = known.builds.get_mut(number) {
                    build.took_ms = *took_ms;
                    leave_out_what_lies_within(build);
                }
            }
            _ => {}
        }
    }
}

/// Provisioners run while the builder does: its own time is without theirs.
fn leave_out_what_lies_within(build: &mut BuildTiming) {
    let is_within = |kind| matches!(kind, StepKind::Provisioner | StepKind::ErrorCleanupProvisioner);
    let within: u64 = build.steps.iter().filter(|step| is_within(step.step.kind)).map(|step| step.took_ms).sum();
    if let Some(builder) = build.steps.iter_mut().find(|step| step.step.kind == StepKind::Builder) {
        builder.own_ms = builder.took_ms.saturating_sub(within);
    }
}

/// Returns a time for people: `1.250 s`.
fn seconds(milliseconds: u64) -> String {
    format!("{}.{:03} s", milliseconds / 1000, milliseconds % 1000)
}

/// Returns what people read of a build's times, one line a step.
pub fn lines(build: &BuildTiming) -> Vec<String> {
    let name = &build.build;
    let turn = match build.turn_ms {
        0 => String::new(),
        waited => format!(", begun after {}", seconds(waited)),
    };
    let mut lines = vec![format!("--> {name}: {} in all{turn}", seconds(build.took_ms))];
    for StepTiming { step, own_ms, waits, .. } in &build.steps {
        let own_name = step.name.as_ref().map(|name| format!(" {name:?}")).unwrap_or_default();
        let waits: Vec<String> =
            waits.iter().map(|(reason, took_ms)| format!("{} {}", seconds(*took_ms), reason.words())).collect();
        let waits = if waits.is_empty() { String::new() } else { format!(" ({})", waits.join(", ")) };
        let (kind, component, time) = (step.kind.word(), &step.component, seconds(*own_ms));
        lines.push(format!("--> {name}:   {kind} {component}{own_name}: {time}{waits}"));
    }
    lines
}

/// Returns the data of the lines that programs read, without the build: position of the build, kind, position and
/// type of the step, its name, what was measured, milliseconds.
pub fn fields(build: &BuildTiming) -> Vec<Vec<String>> {
    let number = build.number.to_string();
    let of_build = |what: &str, ms: u64| {
        [&number, "build", "", "", "", what].map(str::to_owned).into_iter().chain([ms.to_string()]).collect()
    };
    let mut all: Vec<Vec<String>> = vec![of_build("turn", build.turn_ms), of_build("took", build.took_ms)];
    for StepTiming { step, took_ms, own_ms, waits } in &build.steps {
        let measured = [("took", *took_ms), ("own", *own_ms)];
        let measured = measured.into_iter().chain(waits.iter().map(|(reason, ms)| (reason.word(), *ms)));
        for (what, ms) in measured {
            let name = step.name.as_deref().unwrap_or_default();
            let (index, ms) = (step.index.to_string(), ms.to_string());
            let fields = [&number, step.kind.word(), &index, &*step.component, name, what, &ms];
            all.push(fields.map(str::to_owned).to_vec());
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::{Outcome, SCHEMA, Step, WaitReason};

    fn speaker(kind: StepKind, index: u32) -> Speaker {
        let step = Step { kind, component: "null".into(), name: (index == 1).then(|| "n".into()), index };
        Speaker { build: "a".into(), number: 0, step: Some(step) }
    }

    fn ended(speaker: Speaker, took_ms: u64) -> Event {
        Event::StepEnded { speaker, outcome: Outcome::Ok, took_ms, error: None }
    }

    fn known(events: Vec<(u64, Event)>) -> Option<Event> {
        let mut timings = Timings::default();
        for (at_ms, event) in events {
            timings.receive(&Record { schema: SCHEMA, run: "r", at_ms, event: &event });
        }
        timings.event()
    }

    fn a_build() -> BuildTiming {
        use StepKind::{Builder, Provisioner};
        let (outcome, took, error) = (Outcome::Ok, String::new(), None);
        let event = known(vec![
            (10, Event::RunStarted { builds: vec!["a".into()] }),
            (60, Event::BuildStarted { build: "a".into(), number: 0 }),
            (60, Event::StepStarted { speaker: speaker(Builder, 0) }),
            (70, Event::Waited { speaker: speaker(Provisioner, 1), reason: WaitReason::Pause, took_ms: 20 }),
            (80, Event::Waited { speaker: speaker(Provisioner, 1), reason: WaitReason::Pause, took_ms: 30 }),
            (90, ended(speaker(Provisioner, 1), 900)),
            (95, ended(speaker(Builder, 0), 1000)),
            (99, Event::BuildEnded { build: "a".into(), number: 0, outcome, took_ms: 1250, took, error }),
        ]);
        let Some(Event::Timings { mut builds }) = event else { panic!("no timings") };
        builds.remove(0)
    }

    #[test]
    fn a_builder_is_not_charged_for_its_provisioners() {
        let want = [
            "--> a: 1.250 s in all, begun after 0.050 s",
            "--> a:   builder null: 0.100 s",
            "--> a:   provisioner null \"n\": 0.900 s (0.050 s in pauses)",
        ];
        assert_eq!(lines(&a_build()), want);
        assert_eq!(known(vec![(1, Event::RunStarted { builds: vec!["a".into()] })]), None);
    }

    #[test]
    fn programs_get_one_number_a_line() {
        let lines: Vec<String> = fields(&a_build()).into_iter().map(|fields| fields.join(",")).collect();
        let want = [
            "0,build,,,,turn,50",
            "0,build,,,,took,1250",
            "0,builder,0,null,,took,1000",
            "0,builder,0,null,,own,100",
            "0,provisioner,1,null,n,took,900",
            "0,provisioner,1,null,n,own,900",
            "0,provisioner,1,null,n,pause,50",
        ];
        assert_eq!(lines, want);
    }
}
