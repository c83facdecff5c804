//! One file a command; here the registry is filled, the views are chosen, and errors meet people.

mod build;
mod cleanup;
mod completion;
mod components_page;
mod config_file;
mod console;
mod crash;
mod explain;
mod findings;
mod fix;
mod fmt;
mod hcl2_upgrade;
mod init;
mod inspect;
mod legacy;
mod man;
mod output;
mod plugins;
mod validate;
mod verdict;
mod version;

use std::ffi::OsString;
use std::io::Write;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use anyhow::Context;
use futures_util::FutureExt;
use tokio_util::sync::CancellationToken;
use tokio_util::task::AbortOnDropHandle;

pub use components_page::components_page;
use crash::Crashes;
pub use findings::schema as validate_schema;
pub use inspect::schema as inspect_schema;
use output::Output;

use crate::cli::{self, Command, Request};
use crate::component::{Kinds, Registry};
use crate::diagnostics::{Diagnostic, Diagnostics, SourceMap, render};
use crate::engine;
use crate::host::platform::window_in_front;
use crate::host::{Host, explain};
use crate::legacy::Legacy;
use crate::log::Log;
use crate::plugin::{Refused, Wanted, discover};
use crate::secrets::Secrets;
use crate::stores::Clients;
use crate::template::{
    Answer, DataSources, EvaluateOptions, Installed, Look, OpenOptions, Order, Requirement, Template,
};
use crate::ui::{
    Bars, Colours, Event, Grouped, LogView, MachineReadable, Paint, Prefixed, Quiet, Sink, Stream, Terminal, Ui,
};

/// Exit codes (CLI-4).
pub mod exit {
    /// Done.
    pub const OK: u8 = 0;
    /// Wrong words, a template with errors, a failed or interrupted build.
    pub const FAILURE: u8 = 1;
    /// The program has crashed.
    pub const CRASH: u8 = 2;
    /// `fmt -check` has found something to change.
    pub const UNFORMATTED: u8 = 3;
    /// No such command.
    pub const NO_COMMAND: u8 = 127;
}

/// What every command has at hand.
pub struct Session {
    /// The world.
    pub host: Host,
    /// Where events go.
    pub ui: Arc<Ui>,
    /// What must not be shown.
    pub secrets: Arc<Secrets>,
    /// For people who debug templates.
    pub log: Arc<Log>,
    /// Every text that a diagnostic may point into.
    pub sources: SourceMap,
    /// Whether programs read the output.
    pub machine_readable: bool,
    registry: Registry,
    output: Output,
    shows: Shows,
    /// What was found wrong, where that is kept.
    found: Mutex<Diagnostics>,
}

/// What becomes of diagnostics.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Shows {
    /// People see them.
    #[default]
    People,
    /// They are kept for a document.
    Document,
    /// Both.
    Both,
}

/// What is there before the words are looked at.
#[derive(Clone)]
struct Ground {
    host: Host,
    secrets: Arc<Secrets>,
    log: Arc<Log>,
    registry: Registry,
}

impl Ground {
    /// Looks at what every command needs of the environment.
    ///
    /// # Errors
    /// In sentences: a log that cannot be written, a path of plugins that is not one folder, a configuration file that
    /// cannot be used (CLI-78, CLI-81, CLI-82, CLI-88).
    fn find(host: Host, registry: Registry) -> Result<Ground, String> {
        if let Some(path) = host.env_filled("PACKER_PLUGIN_PATH") {
            let folders: Vec<_> = std::env::split_paths(path).collect();
            if folders.len() > 1 {
                let each: String =
                    folders.iter().map(|folder| format!("\n* PACKER_PLUGIN_PATH={}", folder.display())).collect();
                return Err(format!("PACKER_PLUGIN_PATH has to name one folder; did you mean one of these?{each}"));
            }
        }
        if host.plugin_dir().is_none() {
            let reason = "HOME is not set, so nobody knows where plugins are installed. Set HOME, PACKER_CONFIG_DIR or \
                PACKER_PLUGIN_PATH.";
            return Err(format!("Error loading configuration:\n\n{reason}"));
        }
        config_file::check(&host)?;
        let secrets = Arc::new(Secrets::default());
        let log = Log::open(&host, &secrets)?;
        Ok(Ground { host, secrets, log, registry })
    }
}

/// How the terminal view looks.
#[derive(Clone, Copy, Debug)]
struct Looks {
    /// `-color`.
    color: bool,
    /// `-timestamp-ui`.
    timestamps: bool,
    /// `-output`.
    output: Option<cli::OutputArg>,
    /// Whether standard output belongs to a document: then people are told on standard error.
    beside: bool,
}

impl Session {
    /// Makes one with the views that the words ask for; `more` are added to them.
    fn new(ground: Ground, machine_readable: bool, looks: Looks, more: Vec<Box<dyn Sink>>) -> Session {
        let Ground { mut host, secrets, log, registry } = ground;
        let output = Output::default();
        let bars = bars(&host, &log, machine_readable, &output).filter(|_| !looks.beside);
        let out: Box<dyn Write + Send> = match &bars {
            _ if looks.beside => Box::new(std::io::stderr()),
            Some(bars) => Box::new(bars.lines()),
            None => Box::new(output.clone()),
        };
        if machine_readable {
            // The programs that are started know no other way to learn that nobody wants colours (CLI-67).
            host = host.with_variable("PACKER_NO_COLOR", "1");
        }
        let view: Box<dyn Sink> = if machine_readable {
            Box::new(MachineReadable::new(host.clone(), looks.timestamps, out))
        } else {
            let colours = Colours::wanted(looks.color, &host);
            let paint = Paint::new(host.clone(), colours, looks.timestamps);
            match looks.output {
                None => Box::new(Terminal::new(paint, out)),
                Some(cli::OutputArg::Grouped) => Box::new(Grouped::new(host.clone(), paint, out)),
                Some(cli::OutputArg::Prefixed) => Box::new(Prefixed::new(paint, out)),
                Some(cli::OutputArg::Quiet) => Box::new(Quiet::new(paint, out)),
            }
        };
        // Also when nothing is logged: a crash report holds the last lines.
        let mut views = vec![view, Box::new(LogView::new(Arc::clone(&log)))];
        views.extend(more);
        let ui = Arc::new(Ui::new(host.clone(), Arc::clone(&secrets), views).with_bars(bars));
        let (sources, shows, found) = (SourceMap::default(), Shows::default(), Mutex::default());
        Session { host, ui, secrets, log, sources, machine_readable, registry, output, shows, found }
    }

    /// Makes one for a command without a look of its own.
    fn plain(ground: Ground, machine_readable: bool) -> Session {
        let looks = Looks { color: true, timestamps: false, output: None, beside: false };
        Session::new(ground, machine_readable, looks, Vec::new())
    }

    /// Makes one for a command whose standard output is one document.
    fn document(ground: Ground) -> Session {
        let looks = Looks { color: false, timestamps: false, output: None, beside: true };
        Session { shows: Shows::Document, ..Session::new(ground, false, looks, Vec::new()) }
    }

    /// Writes a document, which holds no secret, to standard output.
    fn print(&self, document: &str) {
        // What is lost is told at the end.
        let _ = self.output.clone().write_all(format!("{document}\n").as_bytes());
    }

    /// Keeps what people are told in other words, where diagnostics are kept.
    fn keep(&self, diagnostic: Diagnostic) {
        if self.shows != Shows::People {
            self.found().push(diagnostic);
        }
    }

    /// Returns what was found wrong and kept.
    fn found(&self) -> MutexGuard<'_, Diagnostics> {
        self.found.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }

    /// Whether people watch the output as it comes.
    fn is_watched(&self) -> bool {
        !self.machine_readable && self.output.is_terminal()
    }

    /// Ends the session with `code`, after telling what could not be kept or shown.
    fn end(&self, code: u8) -> u8 {
        for complaint in self.ui.finish() {
            self.ui.error(complaint);
        }
        if let Some(reason) = self.output.lost() {
            complain(&format!("cannot write all output: {reason}"));
        }
        code
    }

    /// Ends a session that had nothing to do but show something.
    fn end_shown(&self, code: u8) -> u8 {
        let code = if code == exit::OK && self.output.lost().is_some() { exit::FAILURE } else { code };
        self.end(code)
    }

    /// Shows diagnostics, each with its snippet; with an error among them all go the way of errors (DIA-7).
    fn show(&self, diagnostics: &Diagnostics) {
        if diagnostics.is_empty() {
            return;
        }
        if self.shows != Shows::People {
            self.found().append(diagnostics.clone());
        }
        if self.shows == Shows::Document {
            return;
        }
        let severity = if diagnostics.has_errors() { Stream::Error } else { Stream::Say };
        // A secret that the end of a line cuts in two is none any more.
        let hide = |text: &str| self.secrets.mask(text).into_owned();
        let tells_codes = self.host.env_filled("PACKER_ERROR_CODES").is_some();
        let mut text = String::new();
        for one in diagnostics.iter() {
            text += &render::render(&one.with_texts(hide), &self.sources);
            if let Some(code) = one.code().filter(|_| tells_codes) {
                text += &format!("packer explain {}\n\n", code.name);
            }
        }
        if diagnostics.left_out() > 0 {
            text += &format!("There are {} more of these, which are not shown.\n\n", diagnostics.left_out());
        }
        let codes = diagnostics.iter().filter_map(|one| Some(one.code()?.name)).collect();
        self.ui.emit(Event::Diagnostic { severity, text, codes });
    }
}

/// Returns bars where somebody looks: at a terminal that can draw and shows nothing else (CLI-76).
fn bars(host: &Host, log: &Log, machine_readable: bool, output: &Output) -> Option<Bars> {
    let is_seen = !machine_readable && !log.is_on_stderr() && host.env("TERM") != Some("dumb");
    (is_seen && window_in_front().is_some()).then(|| Bars::new(Box::new(output.clone()), Box::new(window_in_front)))
}

/// Runs the program with its words (the first is its own name) and the components that templates may use; returns its
/// exit code.
pub fn run(words: Vec<OsString>, host: Host, registry: Registry) -> u8 {
    let words: Vec<String> = words.into_iter().map(|word| word.to_string_lossy().into_owned()).collect();
    if let Some(code) = completion::answer(words.get(1..).unwrap_or_default(), &host) {
        return code;
    }
    let host = host.with_stores(Arc::new(Clients));
    match Ground::find(host, registry) {
        Ok(ground) => {
            let (secrets, log) = (Arc::clone(&ground.secrets), Arc::clone(&ground.log));
            let crashes = Crashes::of(&words, ground.host.clone(), secrets, log);
            crashes.watch();
            crashes.told(|| run_words(words, ground), &mut std::io::stdout())
        }
        Err(reason) => {
            complain(&reason);
            exit::FAILURE
        }
    }
}

fn run_words(words: Vec<String>, ground: Ground) -> u8 {
    let words = cli::parse(words.into_iter().skip(1).collect());
    let machine_readable = words.machine_readable;
    // Help is for people in either mode.
    let show = |text: &str, code| {
        let session = Session::plain(ground.clone(), false);
        session.ui.say(text.strip_suffix('\n').unwrap_or(text));
        session.end_shown(code)
    };
    match words.request {
        Request::Run(command) => match command {
            Command::Build(args) => build::run(&args, machine_readable, ground.clone()),
            Command::Validate(args) => {
                let session = match args.json {
                    true => Session::document(ground.clone()),
                    false => Session::plain(ground.clone(), machine_readable),
                };
                let shows = if args.sarif.is_some() && !args.json { Shows::Both } else { session.shows };
                let session = Session { shows, ..session };
                session.end_shown(validate::run(&args, &session))
            }
            Command::Cleanup(args) => {
                let session = Session::plain(ground.clone(), machine_readable);
                session.end(cleanup::run(&args, &session))
            }
            Command::Completion(args) => {
                let session = Session::plain(ground.clone(), false);
                session.end_shown(completion::run(&args, &session))
            }
            Command::Console(args) => {
                let session = Session::plain(ground.clone(), machine_readable);
                session.end(console::run(&args, &session))
            }
            Command::Explain(args) => {
                let session = Session::plain(ground.clone(), machine_readable);
                session.end_shown(explain::run(&args, &session))
            }
            Command::Fix(args) => {
                let session = Session::plain(ground.clone(), machine_readable);
                session.end_shown(fix::run(&args, &session))
            }
            Command::Fmt(args) => {
                let session = Session::plain(ground.clone(), machine_readable);
                session.end_shown(fmt::run(&args, &session))
            }
            Command::Hcl2Upgrade(args) => {
                let session = Session::plain(ground.clone(), machine_readable);
                session.end(hcl2_upgrade::run(&args, &session))
            }
            Command::Init(args) => {
                let session = Session::plain(ground.clone(), machine_readable);
                session.end(init::run(&args, &session))
            }
            Command::Inspect(args) => {
                let session = match args.json {
                    true => Session::document(ground.clone()),
                    false => Session::plain(ground.clone(), machine_readable),
                };
                session.end_shown(inspect::run(&args, &session))
            }
            Command::Man(args) => {
                let session = Session::plain(ground.clone(), false);
                session.end_shown(man::run(&args, &session))
            }
            Command::Plugins(args) => {
                let session = Session::plain(ground.clone(), machine_readable);
                session.end(plugins::run(&args, &session))
            }
            Command::Execute(_) => not_there_yet("execute", &Session::plain(ground.clone(), machine_readable)),
            Command::SbomGenerate(_) => {
                not_there_yet("sbom-generate", &Session::plain(ground.clone(), machine_readable))
            }
            Command::VerifyAttestation(_) => {
                not_there_yet("verify-attestation", &Session::plain(ground.clone(), machine_readable))
            }
            Command::Version(args) => {
                let session = Session::plain(ground.clone(), machine_readable);
                version::run(&args, &session);
                session.end_shown(exit::OK)
            }
        },
        Request::Autocomplete(what) => {
            let session = Session::plain(ground.clone(), machine_readable);
            session.end(completion::autocomplete(what, &session))
        }
        Request::Contradiction(complaint) => {
            complain(&complaint);
            exit::FAILURE
        }
        Request::GeneralHelp(text, asked) => show(&text, if asked { exit::OK } else { exit::NO_COMMAND }),
        Request::Help(text) => show(&text, exit::OK),
        Request::Misuse { complaint, complaint_first, usage } => {
            let usage = usage.trim_end();
            match complaint {
                Some(complaint) if complaint_first => show(&format!("{complaint}\n\n{usage}"), exit::FAILURE),
                // What commands themselves say about their words is for programs too (CLI-64).
                complaint if machine_readable && !complaint_first => {
                    let session = Session::plain(ground, true);
                    session.ui.say(usage);
                    if let Some(complaint) = complaint {
                        session.ui.error(complaint);
                    }
                    session.end_shown(exit::FAILURE)
                }
                Some(complaint) => show(&format!("{usage}\n\n{complaint}"), exit::FAILURE),
                None => show(usage, exit::FAILURE),
            }
        }
    }
}

/// Says that the command `name` is none of this version; returns the exit code.
fn not_there_yet(name: &str, session: &Session) -> u8 {
    session.ui.error(format!("There is no \"packer {name}\" yet: it comes with a later version of this program."));
    exit::FAILURE
}

/// Complains where there is no session, or no output, to do it.
fn complain(text: &str) {
    // Where nobody can be told, the exit code says it.
    let _ = writeln!(std::io::stderr(), "{text}");
}

/// Returns every component inside the program.
pub fn registry() -> Registry {
    Registry {
        builders: Kinds::of(crate::builders::ALL),
        provisioners: Kinds::of(crate::provisioners::ALL),
        post_processors: Kinds::of(crate::post_processors::ALL),
        data_sources: Kinds::of(crate::data_sources::ALL),
    }
}

/// Opens the template at `path`, or an empty one, and shows what is wrong with it; `None` after errors. `pre_releases`:
/// whether they may be used where a plugin is required.
fn open(
    path: Option<&str>,
    variables: &cli::Variables,
    warn_undeclared: bool,
    pre_releases: bool,
    session: &Session,
) -> Option<Template> {
    let folder = session.host.plugin_dir();
    let (host, log) = (session.host.clone(), Arc::clone(&session.log));
    let installed: Installed = Arc::new(move |requirement: &Requirement| {
        let (folder, host, log, requirement) = (folder.clone(), host.clone(), Arc::clone(&log), requirement.clone());
        Box::pin(async move { answer(folder, &requirement, pre_releases, &host, &log).await })
    });
    let options =
        OpenOptions { vars: variables.var.clone(), var_files: variables.var_file.clone(), warn_undeclared, installed };
    session.log.info(&format!("reading the template {:?}", path.unwrap_or_default()));
    let (host, sources, secrets) = (session.host.clone(), session.sources.clone(), Arc::clone(&session.secrets));
    let registry = session.registry.clone();
    let (template, diagnostics) = match path {
        Some(path) => Template::open(path, &options, host, sources, secrets, registry),
        None => Template::empty(&options, host, sources, secrets, registry),
    };
    session.show(&diagnostics);
    template
}

/// Logs which requirements the built-in components satisfy: installed plugins are not used for these.
fn log_built_in(template: &Template, session: &Session) {
    for requirement in template.requirements() {
        if let Some(plugin) = requirement.built_in(&session.registry) {
            let (source, version) = (&requirement.source, plugin.version);
            session
                .log
                .info(&format!("the plugin {source} is built in, as version {version}; no installed one is used"));
        }
    }
}

/// Finds who answers for `requirement` among the plugins in `folder`; what cannot be used is logged.
async fn answer(
    folder: Option<PathBuf>,
    requirement: &Requirement,
    pre_releases: bool,
    host: &Host,
    log: &Log,
) -> Answer {
    let Some(folder) = folder else { return Answer::default() };
    let wanted = Wanted {
        source: Some(&requirement.source),
        constraints: Some(&requirement.constraints),
        spoken: true,
        releases: !pre_releases,
        newest: true,
    };
    match discover(&folder, wanted, host).await {
        Ok(mut found) => {
            for Refused { path, reason, .. } in &found.refused {
                log.info(&format!("the plugin {} is not used: {reason}", path.display()));
            }
            Answer { plugin: found.usable.pop().map(Into::into), refused: found.refused }
        }
        Err(error) => {
            log.info(&explain("open", folder, &error));
            Answer::default()
        }
    }
}

/// What `inspect` and `console` look at.
enum Looked {
    /// A template in HCL.
    Hcl(Box<Template>),
    /// A legacy template.
    Json(Box<Legacy>),
}

/// Opens what `inspect` and `console` look at; `None` after errors.
fn open_to_look(args: &cli::LookArgs, session: &Session) -> Option<Looked> {
    let config_type = args.language.config_type;
    // Two templates count as none (CLI-14).
    let path = if let [path] = &args.template[..] { Some(path.as_str()) } else { None };
    let is_legacy = match path {
        Some(path) => legacy::is_meant(path, config_type, session),
        None => config_type != Some(cli::ConfigType::Hcl2),
    };
    if is_legacy {
        return legacy::open(path, &args.variables, session).map(Box::new).map(Looked::Json);
    }
    let template = open(path, &args.variables, false, true, session).filter(|template| !template.is_broken());
    template.map(Box::new).map(Looked::Hcl)
}

/// Returns how values are found: `executes` tells whether data sources are asked for theirs.
fn evaluate_options(evaluation: cli::Evaluation, executes: bool, cancel: &CancellationToken) -> EvaluateOptions {
    EvaluateOptions {
        order: if evaluation.use_sequential_evaluation { Order::Sequential } else { Order::Needed },
        data_sources: if executes { DataSources::Execute } else { DataSources::LeaveUnknown },
        cancel: cancel.clone(),
    }
}

/// Finds the values of what `inspect` and `console` look at; `None` after an error.
fn look(template: &Template, args: &cli::LookArgs, session: &Session) -> Option<Look> {
    let options = evaluate_options(args.evaluation, true, &CancellationToken::new());
    if !template.has_data_sources() {
        // Nothing is waited for, so nothing is needed to wait on.
        return template.look(&options).now_or_never();
    }
    let runtime = runtime(1).map_err(|error| session.ui.error(format!("{error:#}"))).ok()?;
    Some(run_async(runtime, template.look(&options)))
}

/// Watches the signals that end a command; `None` after saying why they cannot be watched.
///
/// As long as nothing is made yet, and the second value is kept, the program ends with `code` when nobody has noticed
/// the first one: whoever reads a file from a pipe or a server that is gone looks at no token.
fn cancelled_by_signals(session: &Session, code: u8) -> Option<(CancellationToken, AbortOnDropHandle<()>)> {
    let watched = engine::cancelled_by_signals(&session.ui);
    let cancel = watched.map_err(|error| session.ui.error(format!("cannot watch signals: {error}"))).ok()?;
    let fired = cancel.clone();
    let nothing_made = tokio::spawn(async move {
        fired.cancelled().await;
        tokio::time::sleep(NOTICED).await;
        std::process::exit(code.into());
    });
    Some((cancel, AbortOnDropHandle::new(nothing_made)))
}

/// How long an interrupt may stay unnoticed before anything is made.
const NOTICED: Duration = Duration::from_secs(1);

/// Runs `work` to its end. What blocks a thread of its own by then is left behind.
fn run_async<T>(runtime: tokio::runtime::Runtime, work: impl Future<Output = T>) -> T {
    let answer = runtime.block_on(work);
    runtime.shutdown_background();
    answer
}

/// Starts what async work runs on, with `threads` workers; one means this thread alone.
fn runtime(threads: usize) -> anyhow::Result<tokio::runtime::Runtime> {
    let mut builder = match threads {
        1 => tokio::runtime::Builder::new_current_thread(),
        _ => tokio::runtime::Builder::new_multi_thread(),
    };
    if threads > 1 {
        builder.worker_threads(threads);
    }
    builder.enable_all().build().context("cannot start the runtime")
}
