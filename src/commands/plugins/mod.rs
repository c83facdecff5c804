//! `packer plugins`: lists, installs and removes plugins; what `init` shares with it.

mod install;
mod installed;
mod remove;
mod required;

use std::path::{Path, PathBuf};
use std::sync::Arc;

pub use install::{installer, tell};
use tokio_util::sync::CancellationToken;

use super::running::until_signalled;
use super::session::{Session, complain};
use super::templates::open;
use super::{exit, legacy};
use crate::cli::{self, PluginsCommand};
use crate::component::{BuildInfo, RunCx, RunOptions};
use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::host::{explain, shortest_path};
use crate::journal::Journal;
use crate::plugin::{Found, Refused, Source, Wanted, discover};
use crate::template::Template;
use crate::ui::{Event, Speaker, Stream};

/// What is said of a template without requirements (INI-2, INI-14).
pub const NOTHING_REQUIRED: &str = "The template requires no plugins: it has no required_plugins block in a packer block. \
                                    Components that are built in need none.";

/// Runs the command that the words name; returns its exit code.
pub fn run(args: &cli::Plugins, session: &Session) -> u8 {
    match &args.command {
        PluginsCommand::Install(args) => install::run(args, session),
        PluginsCommand::Installed(_) => installed::run(session),
        PluginsCommand::Remove(args) => remove::run(args, session),
        PluginsCommand::Required(args) => required::run(args, session),
    }
}

/// Does `work` until it ends or a signal comes; returns the exit code (CLI-89).
pub fn at_work(session: &Session, work: impl AsyncFnOnce(&CancellationToken) -> u8) -> u8 {
    until_signalled(0, session, work).unwrap_or(exit::FAILURE)
}

/// Returns the plugin folder as it is shown, and as the paths in it begin.
pub fn folder(session: &Session) -> PathBuf {
    let folder = session.host.plugin_dir().expect("no command is run without one");
    let shown = shortest_path(&folder.to_string_lossy());
    // What stands in the working folder is shown without a dot in front.
    PathBuf::from(if shown == "." { String::new() } else { shown })
}

/// Finds installed plugins, and logs those that cannot be used; `None` after saying why the folder cannot be read.
pub async fn find(folder: &Path, wanted: Wanted<'_>, session: &Session) -> Option<Found> {
    match discover(folder, wanted, &session.host).await {
        Ok(found) => {
            for Refused { path, reason, hangs } in &found.refused {
                let text = format!("the plugin {} is not used: {reason}", path.display());
                session.log.info(&text);
                // Whoever has waited so long is told why; what is listed stays a list.
                if *hangs {
                    complain(&text);
                }
            }
            Some(found)
        }
        Err(error) => {
            session.ui.error(format!("cannot look for plugins: {}", explain("open", folder, &error)));
            None
        }
    }
}

/// Opens the template at `path` for its requirements; `None` after errors (INI-1, INI-8, INI-14).
pub fn open_for_requirements(path: &str, common: &cli::Common, session: &Session) -> Option<Template> {
    if legacy::is_meant(path, common.language.config_type, session) {
        if path != "-"
            && let Err(error) = std::fs::metadata(session.host.absolute(path))
        {
            session.ui.error(format!("{path:?}: {}", explain("stat", path, &error)));
            return None;
        }
        let summary = "Packer plugins currently only works with HCL2 configuration templates";
        let detail = "A legacy JSON template cannot say which plugins it requires. Those that it needs and that are not \
                      built in can be installed one by one, with \"packer plugins install SOURCE\".";
        session.show(&Diagnostics::from(Diagnostic::error(summary, detail)));
        return None;
    }
    let template =
        open(Some(path), &common.variables, false, true, session).filter(|template| !template.is_broken())?;
    session.show(template.conflicts());
    (!template.conflicts().has_errors()).then_some(template)
}

/// Returns what an installation of `source` has at hand.
pub fn run_cx(source: &Source, cancel: &CancellationToken, session: &Session) -> RunCx {
    // Without a journal a kill may leave a temporary file, and nothing else.
    let (journal, _) = Journal::open(&session.host);
    RunCx {
        host: session.host.clone(),
        build: BuildInfo::default(),
        options: RunOptions::default(),
        speaker: Speaker { build: source.to_string().into(), number: 0, step: None },
        ui: Arc::clone(&session.ui),
        cancel: cancel.clone(),
        journal,
    }
}

/// Says something in the way of lists (CLI-64).
pub fn list(text: impl Into<String>, session: &Session) {
    session.ui.emit(Event::Text { stream: Stream::Message, text: text.into() });
}
