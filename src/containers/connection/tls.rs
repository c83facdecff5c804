//! TLS to an engine: who we believe, and how we prove who we are.
//!
//! Opens nothing but the certificates' files; `network` checks what servers show.

use std::io;

use rustls::ClientConfig;
use rustls::client::Resumption;
use rustls::pki_types::ServerName;

use crate::containers::address::Certificates;
use crate::host::Host;
use crate::network::{Trust, Way};

/// Returns what a connection needs to know.
///
/// # Errors
/// When a file is there but cannot be used, or only one of certificate and key is there: names it.
pub fn client(certificates: &Certificates, host: &Host) -> io::Result<ClientConfig> {
    let unusable = |reason| io::Error::new(io::ErrorKind::InvalidInput, reason);
    let file = |name: &str| certificates.folder.as_ref().map(|folder| folder.join(name)).filter(|path| path.exists());
    let trust = match file("ca.pem") {
        // As `DOCKER_TLS` without `DOCKER_TLS_VERIFY` asks for.
        _ if !certificates.verify => Trust::Anybody,
        Some(authority) => Trust::Only(vec![authority]),
        None => Trust::System,
    };
    let identity = match (file("cert.pem"), file("key.pem")) {
        (Some(lonely), None) | (None, Some(lonely)) => {
            let reason = format!("{} is of no use alone: cert.pem and key.pem go together", lonely.display());
            return Err(unusable(reason));
        }
        (certificate, key) => certificate.zip(key),
    };
    let mut config = Way { trust, identity, ..Way::default() }.tls(host).map_err(unusable)?;
    // Servers that ask for a certificate and were not told how to name their sessions fail on a resumed one; the docker
    // client never resumes.
    config.resumption = Resumption::disabled();
    Ok(config)
}

/// Returns the name that the engine's certificate has to have.
///
/// # Errors
/// When `place` holds none.
pub fn server_name(place: &str) -> io::Result<ServerName<'static>> {
    let host = place.rsplit_once(':').map_or(place, |(host, _)| host);
    let host = host.trim_start_matches('[').trim_end_matches(']');
    ServerName::try_from(host.to_owned()).map_err(|error| io::Error::new(io::ErrorKind::InvalidInput, error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_that_cannot_be_used_are_named() {
        let folder = tempfile::tempdir().unwrap();
        let told = || {
            let certificates = Certificates { folder: Some(folder.path().to_owned()), verify: true };
            client(&certificates, &Host::fixed(folder.path(), &[]))
                .err()
                .map(|error| error.to_string())
                .unwrap_or_default()
        };
        std::fs::write(folder.path().join("ca.pem"), "nothing").unwrap();
        assert!(told().ends_with("ca.pem: there is no certificate in it"), "{}", told());
        std::fs::remove_file(folder.path().join("ca.pem")).unwrap();
        std::fs::write(folder.path().join("key.pem"), "nothing").unwrap();
        assert!(told().contains("key.pem is of no use alone"), "{}", told());
    }

    #[test]
    fn names_and_numbers_are_checked_without_their_port() {
        assert_eq!(server_name("h.example:2376").unwrap().to_str(), "h.example");
        assert_eq!(server_name("[::1]:2376").unwrap().to_str(), "::1");
        assert!(server_name("not a name:1").is_err());
    }
}
