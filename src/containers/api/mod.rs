//! The engine's API, over its socket: bollard for the plain calls, [`raw`](super::raw) for those that report as they go.
//!
//! Knows no client program; says what a client would say.

mod containers;
mod images;

use std::sync::atomic::AtomicBool;
use std::time::Duration;

use bollard::Docker;
use bollard::errors::Error;

use super::address::Address;
use super::connection::Connector;
use super::credentials::Config;
use super::trouble::{Answer, Trouble};
use super::{ContainerEngine, DEFAULT_PROGRAM, raw};
use crate::host::Host;

/// Commits and exports answer only when they are done; who waits watches for an interrupt, so no call needs less.
const PATIENCE_S: u64 = 24 * 60 * 60;

/// How long an engine may take to say that it is there.
const GREETING: Duration = Duration::from_secs(20);

/// An engine behind a socket.
pub struct Api {
    docker: Docker,
    connector: Connector,
    config: Config,
    /// Whether the last greeting was not answered in time.
    silent: AtomicBool,
}

impl Api {
    /// Connects to the engine at `address`.
    ///
    /// # Errors
    /// When none answers.
    pub async fn connect(address: Address, config: Config, host: &Host) -> Answer<Api> {
        let connector = Connector::new(address.clone(), host).map_err(|error| raw::unreachable(&address, &error))?;
        let absent = |error: Error| raw::unreachable(&address, &reason(error));
        let docker = connector.bollard(PATIENCE_S).map_err(absent)?;
        match tokio::time::timeout(GREETING, docker.negotiate_version()).await {
            Ok(greeted) => {
                Ok(Api { docker: greeted.map_err(absent)?, connector, config, silent: AtomicBool::default() })
            }
            Err(_) => Err(raw::unreachable(&address, &std::io::Error::other("no answer within 20 seconds"))),
        }
    }

    /// Returns what a failed call has to say.
    fn trouble(&self, error: Error) -> Trouble {
        match error {
            Error::DockerResponseServerError { message, .. } => Trouble::refused(message.trim_end()),
            Error::DockerStreamError { error } => Trouble::refused(error),
            other => Trouble::Unreachable(format!(
                "lost the container engine at {}: {}",
                self.connector.address(),
                reason(other)
            )),
        }
    }

    /// As [`Api::trouble`], but that something is not there, or not running, is fine: then `false`.
    fn unless_gone(&self, answer: Result<(), Error>) -> Answer<bool> {
        match answer {
            Ok(()) => Ok(true),
            Err(Error::DockerResponseServerError { status_code: 404, .. }) => Ok(false),
            Err(error) => Err(self.trouble(error)),
        }
    }
}

impl ContainerEngine for Api {
    fn program(&self) -> &str {
        DEFAULT_PROGRAM
    }
    fn facts(&self) -> Vec<(&'static str, String)> {
        let mut facts = vec![("program", DEFAULT_PROGRAM.to_owned())];
        facts.extend(self.connector.address().facts());
        facts
    }
}

/// Returns what lies at the bottom of an error, such as the system's refusal to open the socket.
fn reason(error: Error) -> std::io::Error {
    let mut cause: &dyn std::error::Error = &error;
    while let Some(next) = cause.source() {
        cause = next;
    }
    match cause.downcast_ref::<std::io::Error>() {
        Some(error) => std::io::Error::new(error.kind(), error.to_string()),
        None => std::io::Error::other(cause.to_string()),
    }
}
