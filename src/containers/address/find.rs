//! Which engine is meant: `DOCKER_HOST`, `DOCKER_CONTEXT`, the current context, else the usual socket.
//!
//! Opens nothing but the context's description.

use sha2::{Digest, Sha256};

use super::{Address, Certificates};
use crate::containers::credentials::Config;
use crate::containers::trouble::{Answer, Trouble};
use crate::host::{Host, explain};

const USUAL: &str = "unix:///var/run/docker.sock";
/// Where the client expects an engine when TLS is asked for, and no address.
const USUAL_WITH_TLS: &str = "tcp://localhost:2376";

/// Returns where the engine listens.
///
/// # Errors
/// When the chosen context or the certificates cannot be read, or an address is none.
///
/// # Source
/// The documented order of the client: `DOCKER_HOST`, `DOCKER_CONTEXT`, the configuration's current context; with the
/// first one, or none of them, `DOCKER_TLS_VERIFY`, `DOCKER_TLS` and `DOCKER_CERT_PATH` count.
pub fn find(host: &Host, config: &Config) -> Answer<Address> {
    if let Some(address) = host.env_filled("DOCKER_HOST") {
        return Address::parse(address, of_environment(host, config, address)?.as_ref());
    }
    match host.env_filled("DOCKER_CONTEXT").unwrap_or(&config.current_context) {
        "" | "default" => match of_environment(host, config, USUAL_WITH_TLS)? {
            None => Address::parse(USUAL, None),
            certificates => Address::parse(USUAL_WITH_TLS, certificates.as_ref()),
        },
        context => of_context(context, config),
    }
}

/// Returns the certificates that the environment names for `address`, if it wants any.
fn of_environment(host: &Host, config: &Config, address: &str) -> Answer<Option<Certificates>> {
    let verify = host.env_filled("DOCKER_TLS_VERIFY").is_some();
    if !verify && host.env_filled("DOCKER_TLS").is_none() || !address.starts_with("tcp://") {
        return Ok(None);
    }
    let folder = host.env_filled("DOCKER_CERT_PATH").map_or_else(|| config.folder.clone(), |path| host.absolute(path));
    let authority = folder.join("ca.pem");
    match std::fs::metadata(&authority) {
        Err(error) if verify => Err(Trouble::Unreachable(format!(
            "cannot check who answers at {address}: {}. DOCKER_TLS_VERIFY asks for that; DOCKER_CERT_PATH names the \
             folder with ca.pem, cert.pem and key.pem",
            explain("open", &authority, &error)
        ))),
        _ => Ok(Some(Certificates { folder: Some(folder), verify })),
    }
}

/// Returns the address of the context called `context`.
fn of_context(context: &str, config: &Config) -> Answer<Address> {
    let folder = hex::encode(Sha256::digest(context.as_bytes()));
    let contexts = config.folder.join("contexts");
    let path = contexts.join("meta").join(&folder).join("meta.json");
    let unusable = |reason: String| {
        Trouble::Unreachable(format!(
            "cannot use the docker context {context:?}: {reason}. `docker context ls` shows the contexts there are"
        ))
    };
    let text = std::fs::read_to_string(&path).map_err(|error| unusable(explain("open", &path, &error)))?;
    let meta: serde_json::Value = serde_json::from_str(&text).map_err(|error| unusable(error.to_string()))?;
    let endpoint = &meta["Endpoints"]["docker"];
    let address = endpoint["Host"].as_str().unwrap_or_default();
    if address.is_empty() {
        return Err(unusable("it names no docker endpoint".to_owned()));
    }
    let certificates = contexts.join("tls").join(&folder).join("docker");
    let certificates = Some(certificates).filter(|folder| folder.is_dir());
    let skip = endpoint["SkipTLSVerify"].as_bool().unwrap_or_default();
    let certificates = (certificates.is_some() || skip).then_some(Certificates { folder: certificates, verify: !skip });
    Address::parse(address, certificates.as_ref())
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    fn found(folder: &Path, environment: &[(&str, &str)]) -> Answer<Address> {
        let host = Host::fixed(folder, environment);
        find(&host, &Config::open(&host, Some(folder)))
    }

    fn context(folder: &Path, name: &str, endpoint: &str) -> String {
        let id = hex::encode(Sha256::digest(name.as_bytes()));
        let meta = folder.join("contexts/meta").join(&id);
        std::fs::create_dir_all(&meta).unwrap();
        std::fs::write(meta.join("meta.json"), format!(r#"{{"Endpoints":{{"docker":{endpoint}}}}}"#)).unwrap();
        id
    }

    #[test]
    fn the_environment_wins_over_contexts_and_the_usual_socket_comes_last() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(found(folder.path(), &[]).unwrap().to_string(), USUAL);
        context(folder.path(), "there", r#"{"Host":"tcp://10.0.0.1:99"}"#);
        std::fs::write(folder.path().join("config.json"), r#"{"currentContext":"there"}"#).unwrap();
        assert_eq!(found(folder.path(), &[]).unwrap(), Address::Tcp("10.0.0.1:99".to_owned()));
        assert_eq!(found(folder.path(), &[("DOCKER_CONTEXT", "default")]).unwrap().to_string(), USUAL);
        let there = found(folder.path(), &[("DOCKER_HOST", "unix:///x"), ("DOCKER_CONTEXT", "none")]).unwrap();
        assert_eq!(there, Address::Unix("/x".into()));
        assert!(found(folder.path(), &[("DOCKER_CONTEXT", "none")]).unwrap_err().to_string().contains("\"none\""));
    }

    #[test]
    fn certificates_come_from_the_environment_or_the_context() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().to_str().unwrap();
        let verify = [("DOCKER_HOST", "tcp://h"), ("DOCKER_TLS_VERIFY", "1"), ("DOCKER_CERT_PATH", path)];
        assert!(found(folder.path(), &verify).unwrap_err().to_string().contains("ca.pem: no such file"));
        std::fs::write(folder.path().join("ca.pem"), "").unwrap();
        let of = |folder: Option<&Path>, verify| Certificates { folder: folder.map(Path::to_owned), verify };
        let here = Address::Tls("h:2376".to_owned(), of(Some(folder.path()), true));
        assert_eq!(found(folder.path(), &verify).unwrap(), here);
        let usual = Address::Tls("localhost:2376".to_owned(), of(Some(folder.path()), false));
        assert_eq!(found(folder.path(), &[("DOCKER_TLS", "1")]).unwrap(), usual);
        let unix = [("DOCKER_HOST", "unix:///x"), ("DOCKER_TLS_VERIFY", "1")];
        assert_eq!(found(folder.path(), &unix).unwrap(), Address::Unix("/x".into()));
        let id = context(folder.path(), "far", r#"{"Host":"tcp://far:1"}"#);
        let own = folder.path().join("contexts/tls").join(id).join("docker");
        std::fs::create_dir_all(&own).unwrap();
        let far = Address::Tls("far:1".to_owned(), of(Some(&own), true));
        assert_eq!(found(folder.path(), &[("DOCKER_CONTEXT", "far")]).unwrap(), far);
        context(folder.path(), "lax", r#"{"Host":"tcp://lax:1","SkipTLSVerify":true}"#);
        let lax = Address::Tls("lax:1".to_owned(), of(None, false));
        assert_eq!(found(folder.path(), &[("DOCKER_CONTEXT", "lax")]).unwrap(), lax);
    }
}
