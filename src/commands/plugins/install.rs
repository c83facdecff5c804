//! `packer plugins install`: installs one plugin, from where it can be had or from a binary at hand.

use std::path::Path;

use reqwest::Url;
use tokio_util::sync::CancellationToken;

use super::{Session, at_work, exit, folder, run_cx};
use crate::cli;
use crate::component::InstalledPlugin;
use crate::component::version::Constraints;
use crate::diagnostics::Diagnostic;
use crate::host::shortest_path;
use crate::plugin::{Installer, NotInstalled, PLACES, Source, TOKEN, install_binary};

/// Installs it; everything that is wrong with the words is told at once (INI-16).
pub fn run(args: &cli::PluginsInstall, session: &Session) -> u8 {
    let source = source(&args.words[0], session);
    // With a binary at hand the constraint counts for nothing, as in the reference.
    let constraints = match args.words.get(1).filter(|_| args.path.is_none()) {
        None => Some(None),
        Some(text) => constraints(text, session).map(Some),
    };
    let (Some(source), Some(constraints)) = (source, constraints) else { return exit::FAILURE };
    let folder = folder(session);
    at_work(session, async |cancel| match &args.path {
        Some(binary) => install_from(binary, &source, &folder, cancel, session).await,
        None => install_newest(&source, constraints.as_ref(), args.force, &folder, cancel, session).await,
    })
}

/// Reads a source; `None` after saying what is wrong with it.
pub fn source(text: &str, session: &Session) -> Option<Source> {
    Source::parse(text)
        .map_err(|reason| session.ui.error(format!("The plugin source {text:?} cannot be used: {reason}.")))
        .ok()
}

/// Reads a version constraint; `None` after saying what is wrong with it.
fn constraints(text: &str, session: &Session) -> Option<Constraints> {
    let constraints = super::remove::constraints(text, session)?;
    if constraints.has_pre_release() {
        session.ui.error(format!(
            "The version constraint {text:?} names a prerelease, and only releases can be downloaded. Install the binary of \
             a prerelease with -path."
        ));
        return None;
    }
    Some(constraints)
}

async fn install_from(
    binary: &str,
    source: &Source,
    folder: &Path,
    cancel: &CancellationToken,
    session: &Session,
) -> u8 {
    let cx = run_cx(source, cancel, session);
    match install_binary(&cx, folder, source, Path::new(binary)).await {
        Ok(plugin) => {
            let binary = shortest_path(&session.host.absolute(binary).to_string_lossy());
            let to = plugin.path.display();
            session.ui.say(format!("Successfully installed plugin {source} from {binary} to {to}"));
            exit::OK
        }
        Err(error) => {
            let summary = format!("Cannot install {binary:?} as {source}");
            session.show(&Diagnostic::error(summary, format!("{error:#}")).into());
            exit::FAILURE
        }
    }
}

async fn install_newest(
    source: &Source,
    constraints: Option<&Constraints>,
    force: bool,
    folder: &Path,
    cancel: &CancellationToken,
    session: &Session,
) -> u8 {
    let Some(installer) = installer(session) else { return exit::FAILURE };
    let cx = run_cx(source, cancel, session);
    let installed = installer.install_newest(&cx, folder, source, constraints, force).await;
    if tell(source, installed, session) { exit::OK } else { exit::FAILURE }
}

/// Returns what downloads; `None` after saying why it cannot be set up.
pub fn installer(session: &Session) -> Option<Installer> {
    let host = &session.host;
    let passwords = PLACES.iter().filter_map(|name| Some(Url::parse(host.env(name)?).ok()?.password()?.to_owned()));
    let token = host.env_filled(TOKEN).map(str::to_owned);
    passwords.chain(token).for_each(|secret| session.secrets.register(&secret));
    Installer::new(&session.host).map_err(|reason| session.ui.error(reason)).ok()
}

/// Tells what became of an installation; whether the plugin is there now (INI-6). Of several it is told before whose
/// reasons follow.
pub fn tell(source: &Source, installed: Result<Option<InstalledPlugin>, NotInstalled>, session: &Session) -> bool {
    match installed {
        Ok(None) => true,
        Ok(Some(plugin)) => {
            let place = plugin.path.display().to_string();
            session.ui.success(format!("Installed plugin {source} v{} in {place:?}", plugin.version));
            true
        }
        Err(reasons) => {
            session.ui.error(reasons.to_string());
            false
        }
    }
}
