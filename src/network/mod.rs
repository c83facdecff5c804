//! How servers are reached: proxies and trusted certificates, as the environment wants them and Go's clients read it.
//!
//! Unaware of what is asked. Every client of the program that speaks HTTP begins here.

mod proxy;
#[cfg(test)]
pub mod testing;
#[cfg(test)]
mod tests;
mod trust;

use std::error::Error;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use reqwest::{ClientBuilder, Url};
use rustls::ClientConfig;
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

pub use proxy::Proxies;
pub use trust::{Trust, Verifier};

use crate::host::Host;

/// How this program names itself to servers.
pub const USER_AGENT: &str = concat!("packer-rs/", env!("CARGO_PKG_VERSION"));

/// How a server is reached; `Way::default()` is right for most.
#[derive(Clone, Debug, Default)]
pub struct Way {
    /// Who is believed.
    pub trust: Trust,
    /// The files with the certificate and the key that this program shows.
    pub identity: Option<(PathBuf, PathBuf)>,
    /// Which proxy is asked.
    pub proxy: ProxyChoice,
}

/// Which proxy is asked.
#[derive(Clone, Debug, Default)]
pub enum ProxyChoice {
    /// The one that the environment has for an address.
    #[default]
    Environment,
    /// This one, for all addresses.
    Always(String),
    /// None.
    Direct,
}

/// Returns a builder of clients that go the usual way. It names this program, and has no time limits.
///
/// Nothing is read or opened before the first server shows its certificate.
///
/// # Errors
/// None that a sound program meets.
pub fn client(host: &Host) -> Result<ClientBuilder, String> {
    Way::default().client(host)
}

/// Checks that the proxy for `url` may be used. Where it may not, requests go nowhere; this says why.
///
/// # Errors
/// `HTTP_PROXY` is set beside `REQUEST_METHOD`.
pub fn check(host: &Host, url: &Url) -> Result<(), String> {
    Proxies::of(host).of_url(url).map(drop)
}

impl Way {
    /// Returns a builder of clients that go this way.
    ///
    /// # Errors
    /// A file cannot be used, or the proxy is none.
    pub fn client(&self, host: &Host) -> Result<ClientBuilder, String> {
        let mut tls = self.tls(host)?;
        tls.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        let builder = ClientBuilder::new().no_proxy().user_agent(USER_AGENT).tls_backend_preconfigured(tls);
        Ok(match &self.proxy {
            ProxyChoice::Environment => builder.proxy(Proxies::of(host).into_client(false)),
            ProxyChoice::Always(address) => builder.proxy(Proxies::always(address)?.into_client(true)),
            ProxyChoice::Direct => builder,
        })
    }

    /// Returns what TLS needs to know.
    ///
    /// # Errors
    /// A file cannot be used: names it.
    pub fn tls(&self, host: &Host) -> Result<ClientConfig, String> {
        let provider = Arc::new(aws_lc_rs::default_provider());
        let verifier = Verifier::new(&self.trust, host, Arc::clone(&provider))?;
        let builder = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|error| format!("cannot set up TLS: {error}"))?
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(verifier));
        let Some((certificate, key)) = &self.identity else { return Ok(builder.with_no_client_auth()) };
        let unusable = |path: &Path, what: &str, reason: &dyn std::fmt::Display| {
            format!("cannot read a {what} from {}: {reason}", path.display())
        };
        let chain = CertificateDer::pem_file_iter(certificate).and_then(Iterator::collect::<Result<Vec<_>, _>>);
        let chain = chain.map_err(|error| unusable(certificate, "certificate", &error))?;
        let secret = PrivateKeyDer::from_pem_file(key).map_err(|error| unusable(key, "private key", &error))?;
        builder.with_client_auth_cert(chain, secret).map_err(|error| unusable(key, "private key", &error))
    }
}

/// Returns why a request failed, innermost cause last, without the layers in between, and without the address, which may
/// hold a password.
pub fn reason(error: &reqwest::Error) -> String {
    let mut reasons: Vec<String> = Vec::new();
    let mut source = error.source();
    while let Some(inner) = source {
        let text = inner.to_string();
        let text = text.split(" (os error").next().unwrap_or_default();
        // Each layer may repeat what those below it say.
        if !text.starts_with("client error") {
            reasons.retain(|reason| !text.contains(reason.as_str()));
            if !reasons.iter().any(|reason| reason.contains(text)) {
                reasons.push(text.to_owned());
            }
        }
        source = inner.source();
    }
    match reasons.is_empty() {
        true => error.to_string().split(" for url (").next().unwrap_or_default().to_owned(),
        false => reasons.join(": "),
    }
}
