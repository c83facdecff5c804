//! `null`: builds nothing. Connects to a machine that is there already, or to none, and provisions.
//!
//! Knows nothing of provisioners; they are the hook's.

use std::sync::Arc;

use async_trait::async_trait;

use super::Kind;
use crate::communicators::{self, Settings as Connection};
use crate::component::config::Settings;
use crate::component::steps::{HasMachine, Provision, Step, run_steps};
use crate::component::{
    Artifact, BuildData, Builder, Communicator, FilesArtifact, Hook, PrepareCx, Prepared, Problems, Result, RunCx,
};
use crate::value::Value;

/// The builder `null`.
pub const KIND: Kind = Kind {
    name: "null",
    about: "Builds nothing: connects to a machine that is there already, or to none, and provisions it.",
    plugin: None,
    schema: Config::schema,
    prepare,
};

crate::settings! {
    /// Settings of the `null` builder: those of connections.
    struct Config {}
    flatten { connection: Connection }
}

fn prepare(settings: &Value, cx: &PrepareCx) -> Result<Prepared<dyn Builder>, Problems> {
    let Config { mut connection } = Config::decode(settings, cx)?;
    let mut problems = connection.check(cx, "ssh");
    if connection.communicator != "none" {
        check_login(&connection, &mut problems);
    }
    problems.or(Prepared { component: Box::new(Null { connection }), warnings: Vec::new() })
}

/// Checks that there is a machine to connect to and one way to log in (B-null-4).
fn check_login(connection: &Connection, problems: &mut Problems) {
    let mut missing = |what: &str| {
        problems.add(format!("{what} must be specified, please reference your communicator documentation"));
    };
    if connection.host().is_empty() {
        missing("a Host");
    }
    if connection.user().is_empty() {
        missing("a Username");
    }
    let is_ssh = connection.communicator == "ssh";
    let logins = usize::from(!connection.password().is_empty())
        + usize::from(is_ssh && !connection.ssh_private_key_file.is_empty())
        + usize::from(is_ssh && connection.ssh_agent_auth);
    match logins {
        0 => missing("one authentication method"),
        1 => {}
        _ => problems.add("only one of ssh_agent_auth, ssh_password, and ssh_private_key_file must be specified."),
    }
}

struct Null {
    connection: Connection,
}

/// What the steps of one run share.
#[derive(Default)]
struct State {
    machine: Option<Arc<dyn Communicator>>,
}

impl HasMachine for State {
    fn machine(&self) -> Option<Arc<dyn Communicator>> {
        self.machine.clone()
    }
    fn data(&self, cx: &RunCx) -> BuildData {
        communicators::build_data(cx, "Null")
    }
}

struct Connect {
    connection: Connection,
}

#[async_trait]
impl Step<State> for Connect {
    fn name(&self) -> &'static str {
        "StepConnect"
    }
    async fn run(&mut self, cx: &RunCx, state: &mut State) -> Result<()> {
        state.machine = Some(communicators::connect(&self.connection, cx).await?);
        Ok(())
    }
}

#[async_trait]
impl Builder for Null {
    async fn run(self: Box<Self>, cx: &RunCx, hook: &dyn Hook) -> Result<Option<Arc<dyn Artifact>>> {
        let steps: Vec<Box<dyn Step<State> + '_>> =
            vec![Box::new(Connect { connection: self.connection }), Box::new(Provision { hook })];
        run_steps(cx, steps, &mut State::default()).await?;
        Ok(Some(Arc::new(FilesArtifact {
            builder_id: "fnoeding.null",
            id: "Null".to_owned(),
            text: "Did not export anything. This is the null builder".to_owned(),
            files: Vec::new(),
            // Post-processors see no more than this (B-null-5).
            data: [("ID".into(), "Null".into())].into(),
        })))
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Provisioned, problems_of};
    use super::*;
    use crate::component::fake;

    #[tokio::test]
    async fn provisioners_know_what_is_known_without_a_connection_and_nothing_else() {
        // B-null-5
        let folder = tempfile::tempdir().unwrap();
        let (cx, _) = fake::run_cx(folder.path());
        let settings = Value::object([("communicator".into(), "none".into())]);
        let builder = prepare(&settings, &fake::prepare_cx(folder.path())).unwrap_or_else(|p| panic!("{p:?}"));
        let hook = Provisioned::default();
        let artifact = builder.component.run(&cx, &hook).await.unwrap().unwrap();
        let names: Vec<String> = hook.data().keys().map(ToString::to_string).collect();
        assert_eq!(names, ["ID", "PackerHTTPAddr", "PackerHTTPIP", "PackerHTTPPort", "PackerRunUUID"]);
        assert_eq!(hook.data()["PackerHTTPIP"].as_str(), Some("ERR_HTTP_IP_NOT_IMPLEMENTED_BY_BUILDER"));
        assert_eq!(artifact.describe(), "Did not export anything. This is the null builder");
        assert_eq!(artifact.data().len(), 1);
    }

    #[test]
    fn a_connection_needs_host_user_and_exactly_one_login() {
        // B-null-4
        let problems = problems_of(&KIND, &[]).join("\n");
        for what in ["a Host must be", "a Username must be", "one authentication method must be"] {
            assert!(problems.contains(what), "{problems}");
        }
        let two = problems_of(
            &KIND,
            &[
                ("ssh_host", "h".into()),
                ("ssh_username", "me".into()),
                ("ssh_password", "x".into()),
                ("ssh_agent_auth", true.into()),
            ],
        );
        assert_eq!(two, ["only one of ssh_agent_auth, ssh_password, and ssh_private_key_file must be specified."]);
        assert_eq!(problems_of(&KIND, &[("communicator", "none".into())]), [""; 0]);
    }
}
