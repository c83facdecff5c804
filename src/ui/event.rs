//! What can happen, as plain data. A version of its own: programs read these fields.
//!
//! Knows neither views nor secrets.

use std::collections::BTreeMap;
use std::sync::Arc;

use schemars::JsonSchema;
use serde::Serialize;

/// Version of the event schema; a change that takes a field away or gives it another meaning raises it.
pub const SCHEMA: u32 = 1;

/// The build that an event belongs to, and the step of it that is at work.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, JsonSchema)]
pub struct Speaker {
    /// Full name of the build: `img.null.small`.
    pub build: Arc<str>,
    /// Its position in the list of `run-started`, from 0: two builds may have one name.
    pub number: u32,
    /// The step, when one is at work.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub step: Option<Step>,
}

/// A step of a build, as the template lists it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, JsonSchema)]
pub struct Step {
    /// Which sort of step.
    pub kind: StepKind,
    /// Type of the component: `shell-local`.
    #[serde(rename = "type")]
    pub component: Arc<str>,
    /// The name that the template gives it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<Arc<str>>,
    /// Position among the steps of its kind in this build, from 0; a chain's members count on.
    pub index: u32,
}

/// Sorts of steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum StepKind {
    /// The builder itself.
    Builder,
    /// A provisioner.
    Provisioner,
    /// The error-cleanup-provisioner.
    ErrorCleanupProvisioner,
    /// A post-processor.
    PostProcessor,
}

impl StepKind {
    /// Returns its name in templates.
    pub fn word(self) -> &'static str {
        match self {
            StepKind::Builder => "builder",
            StepKind::Provisioner => "provisioner",
            StepKind::ErrorCleanupProvisioner => "error-cleanup-provisioner",
            StepKind::PostProcessor => "post-processor",
        }
    }
}

/// What a step waited for, or did in vain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum WaitReason {
    /// `pause_before`.
    Pause,
    /// An attempt that failed where the template allows retries.
    Retry,
    /// Somebody's answer.
    Question,
}

impl WaitReason {
    /// Returns its name for programs.
    pub fn word(self) -> &'static str {
        match self {
            WaitReason::Pause => "pause",
            WaitReason::Retry => "retry",
            WaitReason::Question => "question",
        }
    }

    /// Returns how people say that time went by so.
    pub fn words(self) -> &'static str {
        match self {
            WaitReason::Pause => "in pauses",
            WaitReason::Retry => "in failed attempts",
            WaitReason::Question => "waiting for answers",
        }
    }
}

/// How something ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// Done.
    Ok,
    /// Ended with an error.
    Failed,
    /// Ended because the run was interrupted.
    Cancelled,
}

/// Where a line comes from; errors are shown in red.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Stream {
    /// The program or a component says something.
    Say,
    /// The program or a component complains, or a command wrote to its standard error.
    Error,
    /// A plain message outside any build (`ui,message` for machines).
    Message,
}

/// One thing that happened. Small: the sink adds run, time and schema.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[serde(tag = "event", rename_all = "kebab-case")]
pub enum Event {
    /// The builds are prepared and about to start.
    RunStarted {
        /// Full names in the order of the template; a name may stand here twice.
        builds: Vec<Arc<str>>,
    },
    /// A build begins.
    BuildStarted {
        /// Its name.
        build: Arc<str>,
        /// Its position in the list of `run-started`, from 0.
        number: u32,
    },
    /// A build that waited for its turn does not get it any more.
    BuildNotStarted {
        /// Its name.
        build: Arc<str>,
        /// Its position in the list of `run-started`, from 0.
        number: u32,
        /// Why not.
        error: String,
    },
    /// A step begins.
    StepStarted {
        /// Build and step.
        #[serde(flatten)]
        speaker: Speaker,
    },
    /// A step is over.
    StepEnded {
        /// Build and step.
        #[serde(flatten)]
        speaker: Speaker,
        /// How it ended.
        outcome: Outcome,
        /// How long it took, in milliseconds.
        took_ms: u64,
        /// Why it failed.
        #[serde(skip_serializing_if = "Option::is_none")]
        error: Option<String>,
    },
    /// A message of a build or a line of a command's output; may hold line ends.
    Line {
        /// Build and step.
        #[serde(flatten)]
        speaker: Speaker,
        /// Where it comes from.
        stream: Stream,
        /// The text, secrets masked.
        text: String,
    },
    /// A message of the program itself.
    Text {
        /// Where it comes from.
        stream: Stream,
        /// The text, secrets masked.
        text: String,
    },
    /// Something that was asked for is done; the program itself says so.
    Success {
        /// The text, secrets masked.
        text: String,
    },
    /// A question was put to whoever sits at the terminal.
    Question {
        /// Build and step.
        #[serde(flatten)]
        speaker: Speaker,
        /// The question, secrets masked.
        text: String,
    },
    /// A step has waited, or tried in vain; told when that is over.
    Waited {
        /// Build and step.
        #[serde(flatten)]
        speaker: Speaker,
        /// What for.
        reason: WaitReason,
        /// How long, in milliseconds.
        took_ms: u64,
    },
    /// A line that only programs read (`-machine-readable`).
    Machine {
        /// The build, or nothing.
        target: String,
        /// The type of the line.
        kind: String,
        /// Its data.
        fields: Vec<String>,
    },
    /// An error or warning about the user's text, rendered.
    Diagnostic {
        /// `error`, or `say` when there are only warnings; warnings among errors are shown as errors are (DIA-7).
        severity: Stream,
        /// The whole text with snippet.
        text: String,
        /// The code of each, in their order; `packer explain` tells what one means.
        codes: Vec<&'static str>,
    },
    /// A build is over.
    BuildEnded {
        /// Its name.
        build: Arc<str>,
        /// Its position in the list of `run-started`, from 0.
        number: u32,
        /// How it ended.
        outcome: Outcome,
        /// How long it took, in milliseconds.
        took_ms: u64,
        /// The same in the words people see: `1 second 262 milliseconds`.
        took: String,
        /// Why it failed.
        #[serde(skip_serializing_if = "Option::is_none")]
        error: Option<String>,
    },
    /// All builds are over.
    RunEnded {
        /// Whether it was interrupted; then views show no results (ENG-49).
        interrupted: bool,
        /// How long all builds took, in milliseconds.
        took_ms: u64,
        /// The same in words.
        took: String,
        /// One per build name, in the order of the template (ENG-4).
        results: Vec<BuildResult>,
    },
    /// Where the time went (`-timings`).
    Timings {
        /// Every build that has begun, in the order of `run-started`.
        builds: Vec<BuildTiming>,
    },
}

/// Where the time of a build went.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct BuildTiming {
    /// Full name.
    pub build: Arc<str>,
    /// Its position in the list of `run-started`, from 0.
    pub number: u32,
    /// Milliseconds from the start of the run to its own: it waited for a slot.
    pub turn_ms: u64,
    /// Milliseconds it took.
    pub took_ms: u64,
    /// Its steps, in the order they began.
    pub steps: Vec<StepTiming>,
}

/// Where the time of a step went.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct StepTiming {
    /// Which step.
    pub step: Step,
    /// Milliseconds it took.
    pub took_ms: u64,
    /// The same without the steps that ran within it: provisioners run within the builder.
    pub own_ms: u64,
    /// Milliseconds of it that were waits, by reason.
    pub waits: BTreeMap<WaitReason, u64>,
}

/// What became of a build.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct BuildResult {
    /// Full name.
    pub build: Arc<str>,
    /// How it ended.
    pub outcome: Outcome,
    /// Why it failed. Two builds of one name share a result; then artifacts of the other may stand beside it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// What it made, in order; empty when it made nothing, `null` for an artifact without any facts.
    pub artifacts: Vec<Option<ArtifactInfo>>,
}

/// An artifact as people and programs see it.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct ArtifactInfo {
    /// Which component made it: `packer.file`.
    pub builder_id: String,
    /// Its id.
    pub id: String,
    /// One sentence.
    pub text: String,
    /// Its files.
    pub files: Vec<String>,
}

/// An event with its envelope.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Record<'a> {
    /// [`SCHEMA`].
    pub schema: u32,
    /// Id of the run.
    pub run: &'a str,
    /// Milliseconds since the program started.
    pub at_ms: u64,
    /// What happened.
    #[serde(flatten)]
    pub event: &'a Event,
}
