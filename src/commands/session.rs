//! What every command has at hand: the views, the log, the secrets, and what becomes of diagnostics.
//!
//! Knows no command, and no template.

use std::io::Write;
use std::sync::{Arc, Mutex, MutexGuard};

use super::output::Output;
use super::{config_file, exit};
use crate::cli;
use crate::component::Registry;
use crate::diagnostics::{Diagnostic, Diagnostics, SourceMap, render};
use crate::host::Host;
use crate::host::platform::window_in_front;
use crate::log::Log;
use crate::plan::Means;
use crate::secrets::Secrets;
use crate::ui::{
    Bars, Colours, Event, Grouped, LogView, MachineReadable, Paint, Prefixed, Quiet, Sink, Stream, Terminal, Ui,
};

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
    /// The components that templates may use.
    pub registry: Registry,
    /// Standard output.
    pub output: Output,
    /// What becomes of diagnostics.
    pub shows: Shows,
    /// What was found wrong, where that is kept.
    found: Mutex<Diagnostics>,
}

/// What becomes of diagnostics.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Shows {
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
pub struct Ground {
    /// The world.
    pub host: Host,
    /// What must not be shown.
    pub secrets: Arc<Secrets>,
    /// For people who debug templates.
    pub log: Arc<Log>,
    registry: Registry,
}

impl Ground {
    /// Looks at what every command needs of the environment.
    ///
    /// # Errors
    /// In sentences: a log that cannot be written, a path of plugins that is not one folder, a configuration file that
    /// cannot be used (CLI-78, CLI-81, CLI-82, CLI-88).
    pub fn find(host: Host, registry: Registry) -> Result<Ground, String> {
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
pub struct Looks {
    /// `-color`.
    pub color: bool,
    /// `-timestamp-ui`.
    pub timestamps: bool,
    /// `-output`.
    pub output: Option<cli::OutputArg>,
    /// Whether standard output belongs to a document: then people are told on standard error.
    pub beside: bool,
}

impl Session {
    /// Makes one with the views that the words ask for; `more` are added to them.
    pub fn new(ground: Ground, machine_readable: bool, looks: Looks, more: Vec<Box<dyn Sink>>) -> Session {
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
    pub fn plain(ground: Ground, machine_readable: bool) -> Session {
        let looks = Looks { color: true, timestamps: false, output: None, beside: false };
        Session::new(ground, machine_readable, looks, Vec::new())
    }

    /// Makes one for a command whose standard output is one document.
    pub fn document(ground: Ground) -> Session {
        let looks = Looks { color: false, timestamps: false, output: None, beside: true };
        Session { shows: Shows::Document, ..Session::new(ground, false, looks, Vec::new()) }
    }

    /// Writes a document, which holds no secret, to standard output.
    pub fn print(&self, document: &str) {
        // What is lost is told at the end.
        let _ = self.output.clone().write_all(format!("{document}\n").as_bytes());
    }

    /// Keeps what people are told in other words, where diagnostics are kept.
    pub fn keep(&self, diagnostic: Diagnostic) {
        if self.shows != Shows::People {
            self.found().push(diagnostic);
        }
    }

    /// Returns what templates are read with.
    pub fn means(&self) -> Means {
        Means {
            host: self.host.clone(),
            sources: self.sources.clone(),
            secrets: Arc::clone(&self.secrets),
            registry: self.registry.clone(),
        }
    }

    /// Returns what was found wrong and kept.
    pub fn found(&self) -> MutexGuard<'_, Diagnostics> {
        self.found.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }

    /// Whether people watch the output as it comes.
    pub fn is_watched(&self) -> bool {
        !self.machine_readable && self.output.is_terminal()
    }

    /// Ends the session with `code`, after telling what could not be kept or shown.
    pub fn end(&self, code: u8) -> u8 {
        for complaint in self.ui.finish() {
            self.ui.error(complaint);
        }
        if let Some(reason) = self.output.lost() {
            complain(&format!("cannot write all output: {reason}"));
        }
        code
    }

    /// Ends a session that had nothing to do but show something.
    pub fn end_shown(&self, code: u8) -> u8 {
        let code = if code == exit::OK && self.output.lost().is_some() { exit::FAILURE } else { code };
        self.end(code)
    }

    /// Shows diagnostics, each with its snippet; with an error among them all go the way of errors (DIA-7).
    pub fn show(&self, diagnostics: &Diagnostics) {
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

/// Complains where there is no session, or no output, to do it.
pub fn complain(text: &str) {
    // Where nobody can be told, the exit code says it.
    let _ = writeln!(std::io::stderr(), "{text}");
}
