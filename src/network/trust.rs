//! Whose certificates are believed: those of the system as Go's programs find them, of given files, or anybody's.
//!
//! Opens no connection.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::verify_server_name;
use rustls::crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{CertificateError, DigitallySignedStruct, Error, OtherError, RootCertStore, SignatureScheme};

use crate::host::Host;
use crate::host::platform::{CERTIFICATE_FILES, CERTIFICATE_FOLDERS};

/// Whose certificates are believed.
#[derive(Clone, Debug, Default)]
pub enum Trust {
    /// Those that the system trusts, or `SSL_CERT_FILE` and `SSL_CERT_DIR` name.
    #[default]
    System,
    /// Those in these files, which are read at once.
    Only(Vec<PathBuf>),
    /// Anybody's. That who shows a certificate has its key is checked all the same.
    Anybody,
}

/// Checks the certificates of servers.
#[derive(Debug)]
pub struct Verifier {
    provider: Arc<CryptoProvider>,
    source: Source,
    /// What the source has, once somebody has shown a certificate: most requests need none of it.
    roots: OnceLock<Result<Roots, String>>,
}

#[derive(Debug)]
enum Source {
    System(Places),
    Given,
    Anybody,
}

/// Where the system's certificates are.
#[derive(Debug, Default, PartialEq)]
struct Places {
    /// The first that can be read counts.
    files: Vec<PathBuf>,
    /// All count.
    folders: Vec<PathBuf>,
    /// Those of them that the environment names.
    given: Vec<PathBuf>,
}

#[derive(Debug)]
struct Roots {
    /// `None` without any.
    verifier: Option<Arc<WebPkiServerVerifier>>,
    certificates: HashSet<CertificateDer<'static>>,
    /// Why what the environment names cannot be read.
    trouble: Option<String>,
}

impl Verifier {
    /// Makes one. The system's certificates are read when the first server shows its own.
    ///
    /// # Errors
    /// A given file cannot be read, or holds no certificate.
    pub fn new(trust: &Trust, host: &Host, provider: Arc<CryptoProvider>) -> Result<Verifier, String> {
        let roots = OnceLock::new();
        let source = match trust {
            Trust::System => Source::System(Places::of(host)),
            Trust::Anybody => Source::Anybody,
            Trust::Only(files) => {
                let mut certificates = Vec::new();
                for path in files {
                    let found = read(path).map_err(|error| format!("cannot read {}: {error}", path.display()))?;
                    if found.is_empty() {
                        return Err(format!("cannot use {}: there is no certificate in it", path.display()));
                    }
                    certificates.extend(found);
                }
                // Nothing was asked for yet, so nothing is set.
                let _ = roots.set(Roots::of(certificates, None, &provider));
                Source::Given
            }
        };
        Ok(Verifier { provider, source, roots })
    }

    fn roots(&self) -> Result<&Roots, Error> {
        let read = || match &self.source {
            Source::System(places) => {
                let (certificates, trouble) = places.read();
                Roots::of(certificates, trouble, &self.provider)
            }
            Source::Given | Source::Anybody => Roots::of(Vec::new(), None, &self.provider),
        };
        self.roots.get_or_init(read).as_ref().map_err(|reason| Error::General(reason.clone()))
    }

    /// Returns why nobody trusted vouches for a certificate, and what can be done.
    fn unknown(&self, roots: &Roots) -> Error {
        let mut reason = "certificate signed by unknown authority".to_owned();
        if let Some(trouble) = &roots.trouble {
            reason += &format!(" ({trouble})");
        } else if let Source::System(places) = &self.source {
            reason += match !places.given.is_empty() {
                true => ", which is not among those that SSL_CERT_FILE and SSL_CERT_DIR name",
                false => "; SSL_CERT_FILE can name a file with the certificate of that authority",
            };
        }
        Error::InvalidCertificate(CertificateError::Other(OtherError(Arc::new(Unknown(reason)))))
    }
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        certificate: &CertificateDer<'_>,
        chain: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        status: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        if matches!(self.source, Source::Anybody) {
            return Ok(ServerCertVerified::assertion());
        }
        let roots = self.roots()?;
        let Some(verifier) = &roots.verifier else { return Err(self.unknown(roots)) };
        match verifier.verify_server_cert(certificate, chain, name, status, now) {
            // One of the same name as its authority's may be trusted, with another key.
            Err(Error::InvalidCertificate(CertificateError::UnknownIssuer | CertificateError::BadSignature)) => {
                Err(self.unknown(roots))
            }
            // One that signed itself, and is trusted, as those are that people make for a server of their own. Its
            // time was looked at before this complaint.
            Err(error) if is_authority(&error) && roots.certificates.contains(certificate) => {
                verify_server_name(&ParsedCertificate::try_from(certificate)?, name)?;
                Ok(ServerCertVerified::assertion())
            }
            result => result,
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(message, certificate, signed, &self.provider.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(message, certificate, signed, &self.provider.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}

/// Whether the complaint is that a server shows the certificate of an authority.
fn is_authority(error: &Error) -> bool {
    match error {
        Error::InvalidCertificate(CertificateError::Other(other)) => {
            matches!(other.0.downcast_ref(), Some(webpki::Error::CaUsedAsEndEntity))
        }
        _ => false,
    }
}

#[derive(Debug)]
struct Unknown(String);

impl std::fmt::Display for Unknown {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(&self.0)
    }
}

impl std::error::Error for Unknown {}

impl Roots {
    fn of(
        certificates: Vec<CertificateDer<'static>>,
        trouble: Option<String>,
        provider: &Arc<CryptoProvider>,
    ) -> Result<Roots, String> {
        let certificates: HashSet<_> = certificates.into_iter().collect();
        let mut store = RootCertStore::empty();
        // What cannot be read vouches for nobody.
        store.add_parsable_certificates(certificates.iter().cloned());
        let builder = || WebPkiServerVerifier::builder_with_provider(Arc::new(store.clone()), Arc::clone(provider));
        let verifier = (!store.is_empty()).then(|| builder().build()).transpose();
        let verifier = verifier.map_err(|error| format!("cannot use the certificates of this system: {error}"))?;
        Ok(Roots { verifier, certificates, trouble })
    }
}

impl Places {
    /// Looks into the environment: each of its variables stands for one of the two lists (Go's `crypto/x509`).
    fn of(host: &Host) -> Places {
        let listed = |all: &[&str]| -> Vec<PathBuf> { all.iter().map(PathBuf::from).collect() };
        let file = host.env_filled("SSL_CERT_FILE");
        let folders = host.env_filled("SSL_CERT_DIR");
        let file: Vec<_> = file.iter().map(|file| host.absolute(file)).collect();
        let folders: Vec<_> =
            folders.into_iter().flat_map(std::env::split_paths).map(|folder| host.absolute(folder)).collect();
        let given = [&file[..], &folders[..]].concat();
        let or = |given: Vec<PathBuf>, usual| if given.is_empty() { listed(usual) } else { given };
        Places { files: or(file, CERTIFICATE_FILES), folders: or(folders, CERTIFICATE_FOLDERS), given }
    }

    /// Returns all certificates in these places, and what is wrong with a place that was given.
    fn read(&self) -> (Vec<CertificateDer<'static>>, Option<String>) {
        let mut trouble = None;
        let mut complain = |path: &Path, error: std::io::Error| {
            if self.given.iter().any(|given| given == path) {
                trouble.get_or_insert_with(|| format!("cannot read {}: {error}", path.display()));
            }
        };
        let mut found = Vec::new();
        for path in &self.files {
            match read(path) {
                Ok(certificates) => {
                    found.extend(certificates);
                    break;
                }
                Err(error) => complain(path, error),
            }
        }
        for folder in &self.folders {
            match std::fs::read_dir(folder) {
                Ok(entries) => {
                    let files = entries.flatten().map(|entry| entry.path()).filter(|path| !is_second_name(path));
                    found.extend(files.filter_map(|path| read(&path).ok()).flatten());
                }
                Err(error) => complain(folder, error),
            }
        }
        if self.given.is_empty() && found.is_empty() {
            found = rustls_native_certs::load_native_certs().certs;
        }
        (found, trouble)
    }
}

/// Whether `path` links to a file of the same folder, as the names made of hashes do.
fn is_second_name(path: &Path) -> bool {
    std::fs::read_link(path).is_ok_and(|target| target.components().count() == 1)
}

/// Reads the certificates of a file; what is none of them is passed over.
fn read(path: &Path) -> std::io::Result<Vec<CertificateDer<'static>>> {
    if !std::fs::metadata(path)?.is_file() {
        return Err(std::io::Error::other("it is not a file"));
    }
    let text = std::fs::read(path)?;
    Ok(CertificateDer::pem_slice_iter(&text).flatten().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_variable_stands_for_its_list_alone() {
        let places = |environment: &[(&str, &str)]| Places::of(&Host::fixed(Path::new("/w"), environment));
        let listed = |all: &[&str]| all.iter().map(PathBuf::from).collect::<Vec<_>>();
        let file = places(&[("SSL_CERT_FILE", "ca.pem"), ("SSL_CERT_DIR", "")]);
        assert_eq!((file.files, file.folders), (vec!["/w/ca.pem".into()], listed(CERTIFICATE_FOLDERS)));
        let folders = places(&[("SSL_CERT_DIR", "/a:b")]);
        assert_eq!((folders.files, folders.folders), (listed(CERTIFICATE_FILES), vec!["/a".into(), "/w/b".into()]));
        assert_eq!(places(&[]).given, Vec::<PathBuf>::new());
    }

    #[test]
    fn given_files_have_to_hold_certificates() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ca.pem");
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let host = Host::fixed(folder.path(), &[]);
        let told =
            || Verifier::new(&Trust::Only(vec![path.clone()]), &host, Arc::clone(&provider)).err().unwrap_or_default();
        assert!(told().starts_with("cannot read "), "{}", told());
        std::fs::write(&path, "nothing").unwrap();
        assert!(told().ends_with("there is no certificate in it"), "{}", told());
    }
}
