//! Templates in HCL for commands: opened, with the plugins that they require, and looked at.
//!
//! What a legacy template is, and how one is opened, says `legacy`.

use std::path::PathBuf;
use std::sync::Arc;

use futures_util::FutureExt;
use tokio_util::sync::CancellationToken;

use super::running::block_on;
use super::{Session, legacy};
use crate::cli;
use crate::host::{Host, explain};
use crate::legacy::Legacy;
use crate::log::Log;
use crate::plugin::{Refused, Wanted, discover};
use crate::template::{
    Answer, DataSources, EvaluateOptions, Installed, Look, OpenOptions, Order, Requirement, Template,
};

/// Opens the template at `path`, or an empty one, and shows what is wrong with it; `None` after errors. `pre_releases`:
/// whether they may be used where a plugin is required.
pub fn open(
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
    let (template, diagnostics) = match path {
        Some(path) => Template::open(path, &options, session.means()),
        None => Template::empty(&options, session.means()),
    };
    session.show(&diagnostics);
    template
}

/// Logs which requirements the built-in components satisfy: installed plugins are not used for these.
pub fn log_built_in(template: &Template, session: &Session) {
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
pub enum Looked {
    /// A template in HCL.
    Hcl(Box<Template>),
    /// A legacy template.
    Json(Box<Legacy>),
}

/// Opens what `inspect` and `console` look at; `None` after errors.
pub fn open_to_look(args: &cli::LookArgs, session: &Session) -> Option<Looked> {
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
pub fn evaluate_options(evaluation: cli::Evaluation, executes: bool, cancel: &CancellationToken) -> EvaluateOptions {
    EvaluateOptions {
        order: if evaluation.use_sequential_evaluation { Order::Sequential } else { Order::Needed },
        data_sources: if executes { DataSources::Execute } else { DataSources::LeaveUnknown },
        cancel: cancel.clone(),
    }
}

/// Finds the values of what `inspect` and `console` look at; `None` after an error.
pub fn look(template: &Template, args: &cli::LookArgs, session: &Session) -> Option<Look> {
    let options = evaluate_options(args.evaluation, true, &CancellationToken::new());
    if !template.has_data_sources() {
        // Nothing is waited for, so nothing is needed to wait on.
        return template.look(&options).now_or_never();
    }
    block_on(0, session, template.look(&options))
}
