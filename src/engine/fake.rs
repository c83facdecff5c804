//! Scripted builders, provisioners and post-processors for the engine's tests.
//!
//! Touches nothing outside.

use std::collections::VecDeque;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use anyhow::{anyhow, bail};
use async_trait::async_trait;
use tokio_util::sync::CancellationToken;

use super::{BuildOutcome, EngineCx, EngineOptions, run};
use crate::component::*;
use crate::host::Host;
use crate::journal::Journal;
use crate::plan::{Build, PostStep, ProvisionStep, Wrap};
use crate::ui::recorder::Recorder;
use crate::ui::{Event, Ui};
use crate::value::{Type, Value};

/// What a fake provisioner does. An attempt goes on to the first act that ends it; the next one takes it up there.
#[derive(Clone, Copy, Debug)]
pub enum Act {
    Say(&'static str),
    SayData(&'static str),
    Yield,
    /// Counts itself as running, until `Leave`.
    Enter,
    Leave,
    Fail(&'static str),
    Crash,
    /// Interrupts the run, and fails of it.
    Interrupt,
    /// Interrupts the run, and takes no notice.
    InterruptButGoOn,
    WaitForCancel(&'static str),
}

/// A run with everything in it.
pub struct Fake {
    pub recorder: Recorder,
    ui: Arc<Ui>,
    shared: Shared,
}

#[derive(Clone, Default)]
struct Shared {
    interrupt: CancellationToken,
    running: Arc<AtomicUsize>,
    most: Arc<AtomicUsize>,
    destroyed: Arc<Mutex<Vec<String>>>,
}

impl Fake {
    pub fn new() -> Fake {
        let (ui, recorder) = Recorder::with_ui();
        Fake { recorder, ui, shared: Shared::default() }
    }

    /// Begins a build; `done` ends it.
    pub fn build(&self, name: &str) -> Making {
        let info = BuildInfo { full_name: name.into(), label: name.into(), builder_type: "fake".into(), legacy: None };
        let artifact = self.shared.artifact(&format!("of {name}"), &format!("id of {name}"));
        let builder = FakeBuilder { crashes: false, artifact: Some(artifact) };
        Making { info, builder, shared: self.shared.clone(), provision: vec![], on_error: None, post: vec![] }
    }

    pub async fn run(&self, builds: impl IntoIterator<Item = Build>, options: EngineOptions) -> Vec<BuildOutcome> {
        let host = Host::fixed("/".as_ref(), &[]);
        let (ui, cancel) = (Arc::clone(&self.ui), self.shared.interrupt.clone());
        let cx = EngineCx { host, ui, journal: Journal::none(), cancel };
        run(builds.into_iter().collect(), options, cx).await
    }

    pub fn events(&self) -> Vec<Event> {
        self.recorder.events()
    }

    /// Returns what people read, with `<time>` in the place of durations.
    pub fn text(&self) -> String {
        let unit = r"\d+ (week|day|hour|minute|second|millisecond|microsecond|nanosecond)s?";
        let times = regex::Regex::new(&format!("{unit}( {unit})?")).unwrap();
        times.replace_all(&self.recorder.lines().join("\n"), "<time>").into_owned()
    }

    pub fn most_at_once(&self) -> usize {
        self.shared.most.load(Ordering::SeqCst)
    }

    /// Returns the artifacts that were destroyed, in that order.
    pub fn destroyed(&self) -> Vec<String> {
        self.shared.destroyed.lock().unwrap().clone()
    }
}

impl Shared {
    fn artifact(&self, text: &str, id: &str) -> Arc<dyn Artifact> {
        let data = BuildData::from([("ID".into(), Value::string(id))]);
        Arc::new(FakeArtifact { text: text.to_owned(), data, destroyed: Arc::clone(&self.destroyed) })
    }
}

/// A build in the making.
pub struct Making {
    info: BuildInfo,
    builder: FakeBuilder,
    shared: Shared,
    provision: Vec<ProvisionStep>,
    on_error: Option<ProvisionStep>,
    post: Vec<Vec<PostStep>>,
}

impl Making {
    pub fn builder_crashes(mut self) -> Making {
        self.builder.crashes = true;
        self
    }

    pub fn builder_gives_nothing(mut self) -> Making {
        self.builder.artifact = None;
        self
    }

    pub fn provisioner(self, acts: &[Act]) -> Making {
        self.wrapped(Wrap::default(), acts)
    }

    pub fn wrapped(mut self, wrap: Wrap, acts: &[Act]) -> Making {
        let step = self.step(wrap, acts);
        self.provision.push(step);
        self
    }

    pub fn cleanup(mut self, acts: &[Act]) -> Making {
        self.on_error = Some(self.step(Wrap::default(), acts));
        self
    }

    pub fn post(self, post: Post) -> Making {
        self.chain(vec![post])
    }

    pub fn chain(mut self, chain: Vec<Post>) -> Making {
        let step = |post: Post| PostStep {
            kind: "fake".into(),
            name: post.name.into(),
            keep_input: post.keep_input,
            settings: Value::null(Type::Any),
            post_processor: Box::new(FakePost { post, shared: self.shared.clone() }),
        };
        let chain = chain.into_iter().map(step).collect();
        self.post.push(chain);
        self
    }

    pub fn done(self) -> Build {
        let settings = Value::null(Type::Any);
        let Making { info, builder, provision, on_error, post, shared: _ } = self;
        Build { info, builder: Box::new(builder), settings, provision, on_error, post }
    }

    fn step(&self, wrap: Wrap, acts: &[Act]) -> ProvisionStep {
        let acts = Arc::new(Mutex::new(acts.iter().copied().collect()));
        ProvisionStep {
            kind: "fake".into(),
            name: None,
            provisioner: Box::new(FakeProvisioner { acts, shared: self.shared.clone() }),
            settings: Value::null(Type::Any),
            wrap,
        }
    }
}

/// Provisions, cleans up after an error, and gives its artifact.
struct FakeBuilder {
    crashes: bool,
    artifact: Option<Arc<dyn Artifact>>,
}

#[async_trait]
impl Builder for FakeBuilder {
    fn data_names(&self) -> Vec<&'static str> {
        vec!["Extra"]
    }

    async fn run(self: Box<Self>, cx: &RunCx, hook: &dyn Hook) -> Result<Option<Arc<dyn Artifact>>> {
        assert!(!self.crashes, "on purpose");
        let data = self.artifact.as_ref().map(|artifact| artifact.data()).unwrap_or_default();
        let machine: Arc<dyn Communicator> = Arc::new(Nobody);
        if let Err(error) = hook.provision(cx, Arc::clone(&machine), data.clone()).await {
            if !cx.cancel.is_cancelled() {
                hook.clean_up(cx, machine, data).await?;
            }
            return Err(error);
        }
        Ok(self.artifact)
    }
}

#[derive(Clone)]
struct FakeProvisioner {
    acts: Arc<Mutex<VecDeque<Act>>>,
    shared: Shared,
}

#[async_trait]
impl Deferred<dyn Provisioner> for FakeProvisioner {
    async fn prepare(&self, _data: &BuildData) -> Result<Box<dyn Provisioner>> {
        Ok(Box::new(self.clone()))
    }
}

#[async_trait]
impl Provisioner for FakeProvisioner {
    async fn provision(&self, cx: &RunCx, _machine: &Arc<dyn Communicator>, data: &BuildData) -> Result<()> {
        loop {
            let Some(act) = self.acts.lock().unwrap().pop_front() else { return Ok(()) };
            match act {
                Act::Say(text) => cx.say(text),
                Act::SayData(name) => cx.say(data[name].as_str().unwrap()),
                Act::Yield => tokio::task::yield_now().await,
                Act::Enter => {
                    let running = self.shared.running.fetch_add(1, Ordering::SeqCst) + 1;
                    self.shared.most.fetch_max(running, Ordering::SeqCst);
                }
                Act::Leave => {
                    self.shared.running.fetch_sub(1, Ordering::SeqCst);
                }
                Act::Fail(text) => bail!(text),
                Act::Crash => panic!("on purpose"),
                Act::Interrupt => {
                    self.shared.interrupt.cancel();
                    bail!("killed");
                }
                Act::InterruptButGoOn => self.shared.interrupt.cancel(),
                Act::WaitForCancel(text) => {
                    cx.cancel.cancelled().await;
                    bail!(text);
                }
            }
        }
    }
}

/// A post-processor to be made.
#[derive(Clone)]
pub struct Post {
    does: Does,
    keep: Keep,
    name: &'static str,
    keep_input: Option<bool>,
}

#[derive(Clone, Copy)]
enum Does {
    Makes(&'static str),
    SaysData(&'static str),
    Fails(&'static str),
    Refuses(&'static str),
    GivesNothing,
    Interrupts,
}

/// Makes an artifact; the input goes unless the template says otherwise.
pub fn makes(text: &'static str) -> Post {
    post(Does::Makes(text), Keep::Default(false))
}

/// Makes an artifact that refers to its input.
pub fn keep(text: &'static str) -> Post {
    post(Does::Makes(text), Keep::Always)
}

/// Fails.
pub fn fails(text: &'static str) -> Post {
    post(Does::Fails(text), Keep::Always)
}

/// Says that the input does not suit.
pub fn refuses(text: &'static str) -> Post {
    post(Does::Refuses(text), Keep::Default(false))
}

/// Says what the artifact knows, and passes it on.
pub fn says_data(name: &'static str) -> Post {
    post(Does::SaysData(name), Keep::Always)
}

/// Gives nothing.
pub fn gives_nothing() -> Post {
    post(Does::GivesNothing, Keep::Always)
}

/// Interrupts the run and fails of it.
pub fn interrupts() -> Post {
    post(Does::Interrupts, Keep::Always)
}

fn post(does: Does, keep: Keep) -> Post {
    Post { does, keep, name: "", keep_input: None }
}

impl Post {
    pub fn named(self, name: &'static str) -> Post {
        Post { name, ..self }
    }

    pub fn keep_input_artifact(self, keep: bool) -> Post {
        Post { keep_input: Some(keep), ..self }
    }
}

#[derive(Clone)]
struct FakePost {
    post: Post,
    shared: Shared,
}

/// A post-processor that knows the build by now.
struct PreparedPost(FakePost, BuildData);

#[async_trait]
impl Deferred<dyn PostProcessor> for FakePost {
    async fn prepare(&self, data: &BuildData) -> Result<Box<dyn PostProcessor>> {
        Ok(Box::new(PreparedPost(self.clone(), data.clone())))
    }
}

#[async_trait]
impl PostProcessor for PreparedPost {
    async fn process(&self, cx: &RunCx, input: Arc<dyn Artifact>) -> Result<Option<Processed>> {
        let PreparedPost(FakePost { post, shared }, data) = self;
        let artifact = match post.does {
            Does::Makes(text) => shared.artifact(text, "made"),
            Does::SaysData(name) => {
                cx.say(data[name].as_str().unwrap());
                input
            }
            Does::Fails(text) => bail!(text),
            Does::Refuses(text) => return Err(Refused::error(text)),
            Does::GivesNothing => return Ok(None),
            Does::Interrupts => {
                shared.interrupt.cancel();
                bail!("killed")
            }
        };
        Ok(Some(Processed { artifact, keep_input: post.keep }))
    }
}

struct FakeArtifact {
    text: String,
    data: BuildData,
    destroyed: Arc<Mutex<Vec<String>>>,
}

#[async_trait]
impl Artifact for FakeArtifact {
    fn builder_id(&self) -> &str {
        "fake"
    }
    fn id(&self) -> String {
        self.text.clone()
    }
    fn describe(&self) -> String {
        self.text.clone()
    }
    fn data(&self) -> BuildData {
        self.data.clone()
    }
    async fn destroy(&self) -> Result<()> {
        if self.text == "stuck" {
            bail!("it is stuck");
        }
        self.destroyed.lock().unwrap().push(self.text.clone());
        Ok(())
    }
}

/// A machine nobody talks to.
struct Nobody;

#[async_trait]
impl Communicator for Nobody {
    async fn run(&self, _: &RunCx, _: Command, _: Sink<'_>, _: Sink<'_>) -> Result<Exit> {
        Err(anyhow!("nobody is there"))
    }
    async fn upload(&self, _: &RunCx, _: &str, _: Upload<'_>) -> Result<()> {
        Err(anyhow!("nobody is there"))
    }
    async fn download(&self, _: &RunCx, _: &str, _: Sink<'_>) -> Result<()> {
        Err(anyhow!("nobody is there"))
    }
    async fn upload_dir(&self, _: &RunCx, _: &Path, _: &str, _: &[String]) -> Result<()> {
        Err(anyhow!("nobody is there"))
    }
    async fn download_dir(&self, _: &RunCx, _: &str, _: &Path, _: &[String]) -> Result<()> {
        Err(anyhow!("nobody is there"))
    }
}
