//! One file a command; here the registry is filled, the views are chosen, and errors meet people.

mod build;
mod cleanup;
mod components_page;
mod validate;
mod version;

use std::ffi::OsString;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context;

pub use components_page::components_page;

use crate::cli::{self, Command, Request};
use crate::component::{Kinds, Registry};
use crate::diagnostics::{Diagnostics, SourceMap, render};
use crate::host::Host;
use crate::log::Log;
use crate::plugin::discover;
use crate::secrets::Secrets;
use crate::template::{Installed, OpenOptions, Template};
use crate::ui::{Colours, Event, LogView, MachineReadable, Sink, Stream, Terminal, Ui};

/// Exit codes (CLI-4).
pub mod exit {
    /// Done.
    pub const OK: u8 = 0;
    /// Wrong words, a template with errors, a failed or interrupted build.
    pub const FAILURE: u8 = 1;
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
}

/// How the terminal view looks.
#[derive(Clone, Copy, Debug)]
struct Looks {
    /// `-color`.
    color: bool,
    /// `-timestamp-ui`.
    timestamps: bool,
}

impl Session {
    /// Makes one with the views that the words ask for; `more` are added to them.
    fn new(host: Host, machine_readable: bool, looks: Looks, more: Vec<Box<dyn Sink>>) -> Session {
        let secrets = Arc::new(Secrets::default());
        let out = Box::new(std::io::stdout());
        let view: Box<dyn Sink> = if machine_readable {
            Box::new(MachineReadable::new(host.clone(), looks.timestamps, out))
        } else {
            Box::new(Terminal::new(host.clone(), Colours::wanted(looks.color, &host), looks.timestamps, out))
        };
        let log = Log::open(&host, &secrets);
        let mut views = vec![view];
        views.extend(log.as_ref().ok().filter(|log| log.is_on()).map(|log| Box::new(LogView::new(Arc::clone(log))) as Box<dyn Sink>));
        views.extend(more);
        let ui = Arc::new(Ui::new(host.clone(), Arc::clone(&secrets), views));
        if let Err(reason) = &log {
            ui.error(reason);
        }
        let log = log.unwrap_or_else(|_| Arc::new(Log::new(host.clone(), Arc::clone(&secrets), None)));
        Session { host, ui, secrets, log, sources: SourceMap::default(), machine_readable }
    }

    /// Makes one for a command without a look of its own.
    fn plain(host: Host, machine_readable: bool) -> Session {
        Session::new(host, machine_readable, Looks { color: true, timestamps: false }, Vec::new())
    }

    /// Shows diagnostics, each with its snippet; with an error among them all go the way of errors (DIA-7).
    fn show(&self, diagnostics: &Diagnostics) {
        if diagnostics.is_empty() {
            return;
        }
        let severity = if diagnostics.has_errors() { Stream::Error } else { Stream::Say };
        let text = diagnostics.iter().map(|diagnostic| render::render(diagnostic, &self.sources)).collect();
        self.ui.emit(Event::Diagnostic { severity, text });
    }
}

/// Runs the program with its words (the first is its own name).
pub fn run(words: Vec<OsString>, host: Host) -> ExitCode {
    let words = words.into_iter().skip(1).map(|word| word.to_string_lossy().into_owned()).collect();
    let words = cli::parse(words);
    let machine_readable = words.machine_readable;
    match words.request {
        Request::Run(Command::Build(args)) => build::run(&args, machine_readable || args.machine_readable, host),
        Request::Run(Command::Validate(args)) => {
            validate::run(&args, &Session::plain(host, machine_readable || args.machine_readable))
        }
        Request::Run(Command::Cleanup(args)) => cleanup::run(&args, &Session::plain(host, machine_readable)),
        Request::Run(Command::Version(args)) => {
            version::run(&args, &Session::plain(host, machine_readable));
            exit::OK.into()
        }
        // Help is for people in either mode.
        Request::GeneralHelp(text, asked) => {
            Session::plain(host, false).ui.say(text);
            if asked { exit::OK.into() } else { exit::NO_COMMAND.into() }
        }
        Request::Help(text) => {
            Session::plain(host, false).ui.say(text.trim_end());
            exit::OK.into()
        }
        Request::Misuse { complaint, complaint_first, usage } => {
            let usage = usage.trim_end();
            let text = match complaint {
                Some(complaint) if complaint_first => format!("{complaint}\n\n{usage}"),
                Some(complaint) => format!("{usage}\n\n{complaint}"),
                None => usage.to_owned(),
            };
            Session::plain(host, false).ui.say(text);
            exit::FAILURE.into()
        }
    }
}

/// Returns every component inside the program.
pub fn registry() -> Registry {
    Registry {
        builders: Kinds::of(crate::builders::ALL),
        provisioners: Kinds::of(crate::provisioners::ALL),
        post_processors: Kinds::of(crate::post_processors::ALL),
    }
}

/// Opens the template at `path` and shows what is wrong with it; `None` after errors.
fn open(path: &str, variables: &cli::Variables, warn_undeclared: bool, session: &Session) -> Option<Template> {
    let folder = session.host.plugin_dir();
    let installed: Installed = Arc::new(move |source: &str| {
        folder.as_deref().map(|folder| discover(folder, source, true)).unwrap_or_default()
    });
    let options =
        OpenOptions { vars: variables.var.clone(), var_files: variables.var_file.clone(), warn_undeclared, installed };
    session.log.info(&format!("reading the template {path:?}"));
    let (host, sources, secrets) = (session.host.clone(), session.sources.clone(), Arc::clone(&session.secrets));
    let (template, diagnostics) = Template::open(path, &options, host, sources, secrets, registry());
    session.show(&diagnostics);
    template
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
