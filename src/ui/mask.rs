//! Hides secrets in every text of an event.
//!
//! Knows no secret itself, and leaves an event alone that holds none.

use std::borrow::Cow;
use std::sync::Arc;

use super::{ArtifactInfo, Event, Speaker, Step};
use crate::secrets::Secrets;

/// Returns `event` with every secret replaced in everything people or programs may read (CLI-63, TYP-42).
pub fn masked(mut event: Event, secrets: &Secrets) -> Event {
    let mask = Mask(secrets);
    match &mut event {
        Event::RunStarted { builds } => builds.iter_mut().for_each(|build| mask.name(build)),
        Event::BuildStarted { build, number: _ } => mask.name(build),
        Event::BuildNotStarted { build, number: _, error } => {
            mask.name(build);
            mask.text(error);
        }
        Event::StepStarted { speaker } | Event::Waited { speaker, reason: _, took_ms: _ } => mask.speaker(speaker),
        Event::StepEnded { speaker, error, .. } => {
            mask.speaker(speaker);
            mask.optional(error);
        }
        Event::Line { speaker, text, .. } | Event::Question { speaker, text } => {
            mask.speaker(speaker);
            mask.text(text);
        }
        Event::Text { text, .. } | Event::Diagnostic { text, .. } | Event::Success { text } => mask.text(text),
        Event::Machine { target, fields, kind: _ } => {
            mask.text(target);
            fields.iter_mut().for_each(|field| mask.text(field));
        }
        Event::BuildEnded { build, error, .. } => {
            mask.name(build);
            mask.optional(error);
        }
        Event::Timings { builds } => {
            for build in builds {
                mask.name(&mut build.build);
                build.steps.iter_mut().for_each(|step| mask.step(&mut step.step));
            }
        }
        Event::RunEnded { results, .. } => {
            for result in results {
                mask.name(&mut result.build);
                mask.optional(&mut result.error);
                result.artifacts.iter_mut().flatten().for_each(|artifact| mask.artifact(artifact));
            }
        }
    }
    event
}

struct Mask<'s>(&'s Secrets);

impl Mask<'_> {
    fn text(&self, text: &mut String) {
        if let Cow::Owned(masked) = self.0.mask(text) {
            *text = masked;
        }
    }

    fn name(&self, name: &mut Arc<str>) {
        if let Cow::Owned(masked) = self.0.mask(name) {
            *name = masked.into();
        }
    }

    fn optional(&self, text: &mut Option<String>) {
        text.iter_mut().for_each(|text| self.text(text));
    }

    fn speaker(&self, speaker: &mut Speaker) {
        self.name(&mut speaker.build);
        speaker.step.iter_mut().for_each(|step| self.step(step));
    }

    fn step(&self, step: &mut Step) {
        self.name(&mut step.component);
        step.name.iter_mut().for_each(|name| self.name(name));
    }

    fn artifact(&self, artifact: &mut ArtifactInfo) {
        self.text(&mut artifact.builder_id);
        self.text(&mut artifact.id);
        self.text(&mut artifact.text);
        artifact.files.iter_mut().for_each(|file| self.text(file));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::recorder::one_of_each;

    #[test]
    fn no_event_lets_a_secret_through() {
        // `one_of_each` fills every text with this word.
        let secrets = Secrets::default();
        secrets.register("word");
        for event in one_of_each() {
            let text = serde_json::to_string(&masked(event, &secrets)).unwrap();
            assert!(!text.contains("word"), "{text}");
        }
    }
}
