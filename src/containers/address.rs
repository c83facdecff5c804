//! Where the engine listens: `DOCKER_HOST`, `DOCKER_CONTEXT`, the current context, else the usual socket.
//!
//! Opens nothing but the context's description.

use std::fmt;
use std::path::PathBuf;

use sha2::{Digest, Sha256};

use super::credentials::Config;
use super::trouble::{Answer, Trouble};
use crate::host::Host;

const USUAL: &str = "unix:///var/run/docker.sock";

/// An address that we can speak to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Address {
    /// A socket in the file system.
    Unix(PathBuf),
    /// `host:port`, without encryption.
    Tcp(String),
}

impl Address {
    /// Reads `unix://…`, `tcp://…` or `http://…`.
    ///
    /// # Errors
    /// For kinds of addresses that cannot be used yet, with the way around.
    pub fn parse(text: &str) -> Answer<Address> {
        let (scheme, rest) = text.split_once("://").unwrap_or(("", text));
        match scheme {
            "unix" if !rest.is_empty() => Ok(Address::Unix(PathBuf::from(rest))),
            "tcp" | "http" => {
                let rest = rest.split('/').next().unwrap_or_default();
                let rest = if rest.is_empty() { "127.0.0.1" } else { rest };
                let has_port = rest.rsplit_once(':').is_some_and(|(_, port)| port.parse::<u16>().is_ok());
                Ok(Address::Tcp(if has_port { rest.to_owned() } else { format!("{rest}:2375") }))
            }
            "ssh" => Err(comes_later(text, "engines behind ssh:// addresses")),
            "https" => Err(comes_later(text, "engines behind TLS")),
            _ => Err(Trouble::Unreachable(format!(
                "cannot use the engine's address {text:?}: it has to start with unix:// or tcp://; see DOCKER_HOST"
            ))),
        }
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Address::Unix(path) => write!(f, "unix://{}", path.display()),
            Address::Tcp(place) => write!(f, "tcp://{place}"),
        }
    }
}

fn comes_later(address: &str, what: &str) -> Trouble {
    Trouble::Unreachable(format!(
        "cannot use the engine's address {address:?}: {what} come with a later version. Until then set docker_path to \
         the path of the docker client, such as \"/usr/bin/docker\", which can reach it"
    ))
}

/// Returns where the engine listens.
///
/// # Errors
/// When the chosen context cannot be read, or names an address that cannot be used yet.
///
/// # Source
/// The documented order of the client: `DOCKER_HOST`, `DOCKER_CONTEXT`, the configuration's current context.
pub fn find(host: &Host, config: &Config) -> Answer<Address> {
    if let Some(address) = host.env_filled("DOCKER_HOST") {
        if host.env_filled("DOCKER_TLS_VERIFY").is_some() || host.env_filled("DOCKER_TLS").is_some() {
            return Err(comes_later(address, "engines behind TLS, which DOCKER_TLS_VERIFY asks for,"));
        }
        return Address::parse(address);
    }
    let context = host.env_filled("DOCKER_CONTEXT").unwrap_or(&config.current_context);
    if context.is_empty() || context == "default" {
        return Address::parse(USUAL);
    }
    let folder = hex::encode(Sha256::digest(context.as_bytes()));
    let contexts = config.folder.join("contexts");
    let path = contexts.join("meta").join(&folder).join("meta.json");
    let unusable = |reason: String| {
        Trouble::Unreachable(format!(
            "cannot use the docker context {context:?}: {reason}. `docker context ls` shows the contexts there are"
        ))
    };
    let text = std::fs::read_to_string(&path).map_err(|error| unusable(crate::host::explain("open", &path, &error)))?;
    let meta: serde_json::Value = serde_json::from_str(&text).map_err(|error| unusable(error.to_string()))?;
    let address = meta["Endpoints"]["docker"]["Host"].as_str().unwrap_or_default();
    if address.is_empty() {
        return Err(unusable("it names no docker endpoint".to_owned()));
    }
    if contexts.join("tls").join(&folder).is_dir() {
        return Err(comes_later(address, "engines behind TLS"));
    }
    Address::parse(address)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(folder: &std::path::Path, environment: &[(&str, &str)]) -> Answer<Address> {
        let host = Host::fixed(folder, environment);
        find(&host, &Config::open(&host, Some(folder)))
    }

    #[test]
    fn the_environment_wins_over_contexts_and_the_usual_socket_comes_last() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(found(folder.path(), &[]).unwrap().to_string(), USUAL);
        let meta = folder.path().join("contexts/meta").join(hex::encode(Sha256::digest(b"there")));
        std::fs::create_dir_all(&meta).unwrap();
        std::fs::write(meta.join("meta.json"), r#"{"Endpoints":{"docker":{"Host":"tcp://10.0.0.1:99"}}}"#).unwrap();
        std::fs::write(folder.path().join("config.json"), r#"{"currentContext":"there"}"#).unwrap();
        assert_eq!(found(folder.path(), &[]).unwrap(), Address::Tcp("10.0.0.1:99".to_owned()));
        assert_eq!(found(folder.path(), &[("DOCKER_CONTEXT", "default")]).unwrap().to_string(), USUAL);
        let there = found(folder.path(), &[("DOCKER_HOST", "unix:///x"), ("DOCKER_CONTEXT", "none")]).unwrap();
        assert_eq!(there, Address::Unix("/x".into()));
        assert!(found(folder.path(), &[("DOCKER_CONTEXT", "none")]).unwrap_err().to_string().contains("\"none\""));
    }

    #[test]
    fn addresses_that_come_later_say_so() {
        assert_eq!(Address::parse("tcp://h").unwrap(), Address::Tcp("h:2375".to_owned()));
        for later in ["ssh://me@there", "https://there"] {
            assert!(Address::parse(later).unwrap_err().to_string().contains("later version"));
        }
    }
}
