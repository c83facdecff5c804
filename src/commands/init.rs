//! `packer init`: installs the plugins that a template requires and that are missing.
//!
//! Looks at requirements alone: values and components are not its business (INI-8).

use tokio_util::sync::CancellationToken;

use super::plugins::{NOTHING_REQUIRED, at_work, find, folder, list, open_for_requirements, run_cx};
use super::{Session, exit};
use crate::cli;
use crate::commands::plugins::{installer, tell};
use crate::component::version::Constraints;
use crate::plugin::Wanted;
use crate::template::Requirement;

/// Installs what is missing. A plugin that cannot be had does not stop the others (INI-3).
pub fn run(args: &cli::Init, session: &Session) -> u8 {
    let template = open_for_requirements(&args.template[0], &args.common, session);
    let Some(template) = template else { return exit::FAILURE };
    if template.requirements().is_empty() {
        list(NOTHING_REQUIRED, session);
        return exit::OK;
    }
    at_work(session, async |cancel| {
        let mut code = exit::OK;
        for requirement in template.requirements() {
            if !satisfy(requirement, args, cancel, session).await {
                code = exit::FAILURE;
            }
        }
        code
    })
}

/// Sees to it that a requirement is satisfied; whether it is.
async fn satisfy(requirement: &Requirement, args: &cli::Init, cancel: &CancellationToken, session: &Session) -> bool {
    let folder = folder(session);
    let source = &requirement.source;
    // Pre-releases do not count (INI-3).
    let wanted = Wanted {
        source: Some(source),
        constraints: Some(&requirement.constraints),
        spoken: true,
        releases: true,
        newest: true,
    };
    let Some(found) = find(&folder, wanted, session).await else { return false };
    let here = found.usable.last().map(|plugin| &plugin.name.version);
    if here.is_some() && !args.upgrade && !args.force {
        return true;
    }
    if here.is_none()
        && let Some(plugin) = requirement.built_in(&session.registry)
    {
        session.log.info(&format!("the plugin {source} is built in, as version {}", plugin.version));
        return true;
    }
    let same = here.filter(|_| !args.upgrade).and_then(|version| Constraints::parse(&format!("= {version}")));
    let constraints = same.as_ref().unwrap_or(&requirement.constraints);
    let Some(installer) = installer(session) else { return false };
    let cx = run_cx(source, cancel, session);
    let installed = installer.install_newest(&cx, &folder, source, Some(constraints), args.force).await;
    if installed.is_err() {
        session.ui.error(format!("Failed getting the \"{source}\" plugin:"));
    }
    tell(source, installed, session)
}
