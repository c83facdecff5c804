//! TLS to an engine: who we believe, and how we prove who we are.
//!
//! Opens nothing but the certificates' files.

use std::io;
use std::path::Path;
use std::sync::Arc;

use rustls::client::Resumption;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, aws_lc_rs, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use rustls::{ClientConfig, DigitallySignedStruct, Error, RootCertStore, SignatureScheme};

use crate::containers::address::Certificates;

/// Returns what a connection needs to know.
///
/// # Errors
/// When a file is there but cannot be used, or only one of certificate and key is there: names it.
pub fn client(certificates: &Certificates) -> io::Result<ClientConfig> {
    let provider = Arc::new(aws_lc_rs::default_provider());
    let file = |name: &str| certificates.folder.as_ref().map(|folder| folder.join(name)).filter(|path| path.exists());
    let builder = ClientConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .map_err(io::Error::other)?;
    let builder = if certificates.verify {
        builder.with_root_certificates(roots(file("ca.pem").as_deref())?)
    } else {
        builder.dangerous().with_custom_certificate_verifier(Arc::new(Anybody(provider)))
    };
    let mut config = match (file("cert.pem"), file("key.pem")) {
        (Some(certificate), Some(key)) => {
            let chain = read(&certificate)?;
            let secret = PrivateKeyDer::from_pem_file(&key).map_err(|error| unusable(&key, "private key", &error))?;
            builder.with_client_auth_cert(chain, secret).map_err(|error| unusable(&key, "private key", &error))?
        }
        (Some(lonely), None) | (None, Some(lonely)) => {
            let reason = format!("{} is of no use alone: cert.pem and key.pem go together", lonely.display());
            return Err(io::Error::new(io::ErrorKind::InvalidInput, reason));
        }
        (None, None) => builder.with_no_client_auth(),
    };
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

/// Returns whom we believe: the authority in `file`, or those that this system believes.
fn roots(file: Option<&Path>) -> io::Result<RootCertStore> {
    let mut roots = RootCertStore::empty();
    match file {
        Some(file) => {
            for certificate in read(file)? {
                roots.add(certificate).map_err(|error| unusable(file, "certificate", &error))?;
            }
        }
        None => {
            roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        }
    }
    Ok(roots)
}

fn read(path: &Path) -> io::Result<Vec<CertificateDer<'static>>> {
    let certificates = CertificateDer::pem_file_iter(path).and_then(Iterator::collect::<Result<Vec<_>, _>>);
    match certificates.map_err(|error| unusable(path, "certificate", &error))? {
        none if none.is_empty() => Err(unusable(path, "certificate", &"it holds none")),
        certificates => Ok(certificates),
    }
}

fn unusable(path: &Path, what: &str, reason: &dyn std::fmt::Display) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidInput, format!("cannot read a {what} from {}: {reason}", path.display()))
}

/// Believes everybody, as `DOCKER_TLS` without `DOCKER_TLS_VERIFY` asks for; that a certificate's owner speaks is
/// checked all the same.
#[derive(Debug)]
struct Anybody(Arc<CryptoProvider>);

impl ServerCertVerifier for Anybody {
    fn verify_server_cert(
        &self,
        _certificate: &CertificateDer<'_>,
        _chain: &[CertificateDer<'_>],
        _name: &ServerName<'_>,
        _status: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(message, certificate, signed, &self.0.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(message, certificate, signed, &self.0.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_that_cannot_be_used_are_named() {
        let folder = tempfile::tempdir().unwrap();
        let told = || {
            let certificates = Certificates { folder: Some(folder.path().to_owned()), verify: true };
            client(&certificates).err().map(|error| error.to_string()).unwrap_or_default()
        };
        std::fs::write(folder.path().join("ca.pem"), "nothing").unwrap();
        assert!(told().ends_with("ca.pem: it holds none"), "{}", told());
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
