//! Templates from text to plan, with components that only remember what they were given.

mod builds;
mod graph;
mod mistakes;
mod opening;
mod plugins;
mod selection;
mod values;

use std::sync::Arc;

use async_trait::async_trait;

use super::{Means, OpenOptions, Plan, PlanOptions, Template};
use crate::component::config::{Block, Settings};
use crate::component::{
    Artifact, BuildData, Builder, Builtin, BuiltinDataSource, Communicator, DataCx, DataSource, Hook, Kinds, Output,
    Plugin, PostProcessor, PrepareCx, Prepared, Problem, Problems, Processed, Provisioner, Registry, Result, RunCx,
};
use crate::diagnostics::{Diagnostics, Severity, SourceMap};
use crate::host::Host;
use crate::secrets::Secrets;
use crate::settings;
use crate::value::{Type, Value};

settings! {
    /// Settings of the builders here.
    pub struct Machine {
        /// How it is reached.
        pub communicator: String,
        /// Where it is.
        pub host: String,
    }
}

settings! {
    /// A part of a step.
    pub struct Part {
        /// How large.
        pub size: i64,
    }
}

settings! {
    /// Settings of the provisioners and post-processors here.
    pub struct Lines {
        /// What to say.
        pub inline: Vec<String>,
        /// Where to say it.
        pub env: std::collections::BTreeMap<String, String>,
        /// A nested block.
        pub part: Block<Part>,
    }
}

struct Nothing;

#[async_trait]
impl Builder for Nothing {
    fn data_names(&self) -> Vec<&'static str> {
        vec!["ImageSha"]
    }
    async fn run(self: Box<Self>, _cx: &RunCx, _hook: &dyn Hook) -> Result<Option<Arc<dyn Artifact>>> {
        Ok(None)
    }
}

#[async_trait]
impl Provisioner for Nothing {
    async fn provision(&self, _cx: &RunCx, _machine: &Arc<dyn Communicator>, _data: &BuildData) -> Result<()> {
        Ok(())
    }
}

#[async_trait]
impl PostProcessor for Nothing {
    async fn process(&self, _cx: &RunCx, _input: Arc<dyn Artifact>) -> Result<Option<Processed>> {
        Ok(None)
    }
}

fn machine(settings: &Value, cx: &PrepareCx) -> std::result::Result<Prepared<dyn Builder>, Problems> {
    let settings = Machine::decode(settings, cx)?;
    let mut problems = Problems::default();
    if settings.communicator == "broken" {
        problems.push(Problem::of("communicator", "It is broken."));
    }
    let warnings = if settings.host == "old" { vec!["An old host.".to_owned()] } else { Vec::new() };
    problems.or(Prepared { component: Box::new(Nothing), warnings })
}

fn check_lines(settings: &Value, cx: &PrepareCx) -> std::result::Result<(), Problems> {
    let lines = Lines::decode(settings, cx)?;
    let mut problems = Problems::default();
    if lines.inline.is_empty() {
        problems.add("A line is needed.");
    }
    if lines.inline.iter().any(|line| line == "bad") {
        problems.push(Problem::of("inline", "A bad line."));
    }
    if lines.env.contains_key("refused") {
        problems.push(Problem {
            setting: vec!["env".to_owned(), "refused".to_owned()],
            detail: "Not this one.".to_owned(),
            is_warning: false,
        });
    }
    if lines.part.0.is_some_and(|part| part.size < 0) {
        let setting = vec!["part".to_owned(), "size".to_owned()];
        problems.push(Problem { setting, ..Problem::whole("Too small.") });
    }
    problems.or(())
}

static DOCKER: Plugin = Plugin { source: "github.com/hashicorp/docker", name: "docker", version: "1.1.5" };

static NULL: Builtin<dyn Builder> =
    Builtin { name: "null", about: "", plugin: None, schema: Machine::schema, prepare: machine };
static DOCKER_BUILDER: Builtin<dyn Builder> =
    Builtin { name: "docker", about: "", plugin: Some(&DOCKER), schema: Machine::schema, prepare: machine };
static SHELL: Builtin<dyn Provisioner> = Builtin {
    name: "shell-local",
    about: "",
    plugin: None,
    schema: Lines::schema,
    prepare: |settings, cx| {
        check_lines(settings, cx)?;
        Ok(Prepared { component: Box::new(Nothing), warnings: Vec::new() })
    },
};
const fn post_processor(name: &'static str, plugin: Option<&'static Plugin>) -> Builtin<dyn PostProcessor> {
    Builtin {
        name,
        about: "",
        plugin,
        schema: Lines::schema,
        prepare: |settings, cx| {
            check_lines(settings, cx)?;
            Ok(Prepared { component: Box::new(Nothing), warnings: Vec::new() })
        },
    }
}
static NOTE: Builtin<dyn PostProcessor> = post_processor("note", None);
static TAG: Builtin<dyn PostProcessor> = post_processor("docker-tag", Some(&DOCKER));

static BUILDERS: [&Builtin<dyn Builder>; 2] = [&NULL, &DOCKER_BUILDER];
static PROVISIONERS: [&Builtin<dyn Provisioner>; 1] = [&SHELL];
static POST_PROCESSORS: [&Builtin<dyn PostProcessor>; 2] = [&NOTE, &TAG];

settings! {
    /// Settings of the data source here.
    pub struct Asked {
        /// What it gives; `fail`, `nothing` and `never` do what they say.
        pub input: String,
        /// Refused.
        pub wrong: Option<String>,
    }
}

#[async_trait]
impl DataSource for Asked {
    async fn execute(&self, cx: &DataCx) -> Result<Value> {
        match &*self.input {
            "fail" => anyhow::bail!("nobody answers"),
            "nothing" => Ok(Value::null(Type::Any)),
            "never" => {
                // Whoever asks gives up.
                cx.cancel.cancel();
                std::future::pending().await
            }
            // Those that are asked at the same time find each other, and end in another order than they began.
            text if text.starts_with("meets") => {
                static MEETING: std::sync::LazyLock<tokio::sync::Barrier> =
                    std::sync::LazyLock::new(|| tokio::sync::Barrier::new(3));
                MEETING.wait().await;
                Ok(Value::object([("output".into(), Value::from(text))]))
            }
            text => Ok(Value::object([("output".into(), Value::from(text))])),
        }
    }
}

static NULL_DATA: BuiltinDataSource = BuiltinDataSource {
    component: Builtin {
        name: "null",
        about: "",
        plugin: None,
        schema: Asked::schema,
        prepare: |settings, cx| {
            let asked = Asked::decode(settings, cx)?;
            match asked.wrong {
                Some(_) => Err(Problems(vec![Problem::of("wrong", "It is wrong.")])),
                None => Ok(Prepared { component: Box::new(asked), warnings: Vec::new() }),
            }
        },
    },
    outputs: &[Output { name: "output", ty: || Type::String, about: "" }],
};
static DATA_SOURCES: [&BuiltinDataSource; 1] = [&NULL_DATA];

fn registry() -> Registry {
    Registry {
        builders: Kinds::of(&BUILDERS),
        provisioners: Kinds::of(&PROVISIONERS),
        post_processors: Kinds::of(&POST_PROCESSORS),
        data_sources: Kinds::of(&DATA_SOURCES),
    }
}

/// A folder with files, and what is said when a template in it is opened.
struct Sandbox {
    folder: tempfile::TempDir,
    environment: Vec<(&'static str, &'static str)>,
    options: OpenOptions,
    sources: SourceMap,
    secrets: Arc<Secrets>,
}

impl Sandbox {
    fn new(files: &[(&str, &str)]) -> Sandbox {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in files {
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        let (environment, options) = (Vec::new(), OpenOptions::default());
        Sandbox { folder, environment, options, sources: SourceMap::default(), secrets: Arc::default() }
    }

    fn env(mut self, name: &'static str, value: &'static str) -> Sandbox {
        self.environment.push((name, value));
        self
    }

    fn var(mut self, name: &str, value: &str) -> Sandbox {
        self.options.vars.push((name.to_owned(), value.to_owned()));
        self
    }

    fn var_file(mut self, name: &str) -> Sandbox {
        self.options.var_files.push(name.to_owned());
        self
    }

    fn open(&self, path: &str) -> (Option<Template>, Diagnostics) {
        let host = Host::fixed(self.folder.path(), &self.environment);
        let (sources, secrets) = (self.sources.clone(), Arc::clone(&self.secrets));
        Template::open(path, &self.options, Means { host, sources, secrets, registry: registry() })
    }

    /// Opens and plans the template; what opening says comes first.
    fn plan_with(&self, path: &str, options: &PlanOptions) -> Plan {
        let (template, mut diagnostics) = self.open(path);
        let Some(template) = template else { return Plan { diagnostics, ..Plan::default() } };
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let mut plan = runtime.block_on(template.plan(options));
        diagnostics.append(std::mem::take(&mut plan.diagnostics));
        Plan { diagnostics, ..plan }
    }

    fn plan(&self, path: &str) -> Plan {
        self.plan_with(path, &PlanOptions { keep_settings: true, ..PlanOptions::default() })
    }

    /// Returns each diagnostic as `E file:line summary`, or `W …`; without a place as `E summary`.
    fn told(&self, diagnostics: &Diagnostics) -> Vec<String> {
        let one = |d: &crate::diagnostics::Diagnostic| {
            let severity = if d.severity == Severity::Error { "E" } else { "W" };
            let place = d.span.map(|span| {
                let source = self.sources.get(span.file);
                format!("{}:{} ", source.name, source.position(span.start as usize).line)
            });
            format!("{severity} {}{}", place.unwrap_or_default(), d.summary)
        };
        diagnostics.iter().map(one).collect()
    }

    fn problems(&self, path: &str) -> Vec<String> {
        self.told(&self.plan(path).diagnostics)
    }
}

/// Returns what is said about a single file with this text.
fn problems(text: &str) -> Vec<String> {
    Sandbox::new(&[("t.pkr.hcl", text)]).problems("t.pkr.hcl")
}

/// Returns the plan of a single file that is right.
fn plan(text: &str) -> Plan {
    let sandbox = Sandbox::new(&[("t.pkr.hcl", text)]);
    let plan = sandbox.plan("t.pkr.hcl");
    assert_eq!(sandbox.told(&plan.diagnostics), [""; 0]);
    plan
}

/// A source and a build that use what stands around them.
const BUILD: &str = "\nsource \"null\" \"a\" {}\nbuild { sources = [\"null.a\"] }\n";

/// Returns the lines that a step's settings hold.
fn lines(settings: &Value) -> Vec<String> {
    let inline = &settings.as_members().unwrap()["inline"];
    inline.as_items().unwrap_or_default().iter().map(|line| line.as_str().unwrap().to_owned()).collect()
}

/// Returns the lines of every provisioner of every build.
fn provisioned(plan: &Plan) -> Vec<(String, Vec<Vec<String>>)> {
    let of = |build: &crate::plan::Build| build.provision.iter().map(|step| lines(&step.settings)).collect();
    plan.builds.iter().map(|build| (build.info.full_name.to_string(), of(build))).collect()
}
