//! What the clients share: connections as the environment wants them, and errors in words.
//!
//! Unaware of what the stores answer.

use std::error::Error;
use std::net::IpAddr;
use std::path::Path;
use std::time::Duration;

use reqwest::{Certificate, ClientBuilder, Identity, NoProxy, Proxy, Response, Url};

use crate::host::{Host, platform};

/// The most bytes of an answer that are read.
const MOST_BYTES: usize = 16 << 20;

/// How a store is reached.
#[derive(Default)]
pub struct Way<'e> {
    /// Where: `https://…`, `http://…` or `unix:///…`.
    pub address: String,
    /// A file with the certificates that are trusted instead of the system's.
    pub authorities: Option<&'e str>,
    /// A folder with such files.
    pub authority_folder: Option<&'e str>,
    /// The files with the certificate and the key that this program shows.
    pub identity: Option<(&'e str, &'e str)>,
    /// Whether any certificate will do.
    pub trusts_all: bool,
    /// The name that the certificate has to be for, if it is not the address's.
    pub server_name: Option<&'e str>,
    /// For the whole exchange.
    pub timeout: Option<Duration>,
    /// Goes before the proxies of the environment.
    pub proxy: Option<&'e str>,
}

/// A client, where its questions go, and the `Host` header if it is not that of the address.
pub struct Connection {
    pub client: reqwest::Client,
    pub base: Url,
    pub host_header: Option<String>,
}

impl Way<'_> {
    /// Sets up a client; nothing is sent.
    ///
    /// # Errors
    /// The address is none, or a file that the environment names cannot be used.
    pub async fn open(&self, host: &Host, builder: ClientBuilder) -> Result<Connection, String> {
        let mut builder = builder.user_agent(concat!("packer-rs/", env!("CARGO_PKG_VERSION"))).no_proxy();
        if let Some(timeout) = self.timeout {
            builder = builder.timeout(timeout);
        }
        let socket = self.address.strip_prefix("unix://");
        let mut base = match socket {
            // Behind a socket nobody asks for a name.
            Some(_) => Url::parse("http://localhost/").map_err(|error| error.to_string())?,
            None => Url::parse(&self.address).map_err(|error| format!("{:?} is no address: {error}", self.address))?,
        };
        match socket {
            Some(path) => builder = platform::on_socket(builder, &host.absolute(path))?,
            None if self.proxy.is_none() && is_this_machine(&base) => {}
            None => builder = self.with_proxies(host, builder)?,
        }
        builder = self.with_certificates(host, builder)?;
        let mut host_header = None;
        if let Some(name) = self.server_name.filter(|_| base.scheme() == "https") {
            let port = base.port_or_known_default().unwrap_or(443);
            let place = base.host_str().unwrap_or_default().trim_matches(['[', ']']).to_owned();
            let found = tokio::net::lookup_host((place.as_str(), port)).await;
            let addresses: Vec<_> = found.map_err(|error| format!("cannot find {place:?}: {error}"))?.collect();
            host_header = Some(base.authority().to_owned());
            builder = builder.resolve_to_addrs(name, &addresses);
            base.set_host(Some(name)).map_err(|error| format!("{name:?} is no name of a server: {error}"))?;
        }
        let client = builder.build().map_err(|error| reason(&error))?;
        Ok(Connection { client, base, host_header })
    }

    fn with_proxies(&self, host: &Host, mut builder: ClientBuilder) -> Result<ClientBuilder, String> {
        let of_environment = |name: &str| {
            host.env_filled(name).or_else(|| host.env_filled(&name.to_lowercase())).map(|value| match value {
                value if value.contains("://") => value.to_owned(),
                value => format!("http://{value}"),
            })
        };
        let unless = of_environment("NO_PROXY").and_then(|_| {
            NoProxy::from_string(
                host.env_filled("NO_PROXY").or_else(|| host.env_filled("no_proxy")).unwrap_or_default(),
            )
        });
        let wrong = |error: reqwest::Error| format!("the proxy of the environment cannot be used: {}", reason(&error));
        if let Some(proxy) = self.proxy {
            return Ok(builder.proxy(Proxy::all(proxy).map_err(wrong)?));
        }
        if let Some(proxy) = of_environment("HTTPS_PROXY") {
            builder = builder.proxy(Proxy::https(proxy).map_err(wrong)?.no_proxy(unless.clone()));
        }
        if let Some(proxy) = of_environment("HTTP_PROXY") {
            builder = builder.proxy(Proxy::http(proxy).map_err(wrong)?.no_proxy(unless));
        }
        Ok(builder)
    }

    fn with_certificates(&self, host: &Host, mut builder: ClientBuilder) -> Result<ClientBuilder, String> {
        let read =
            |path: &Path| std::fs::read(path).map_err(|error| format!("cannot read {}: {error}", path.display()));
        let mut trusted = Vec::new();
        if let Some(path) = self.authorities {
            trusted.push(host.absolute(path));
        } else if let Some(folder) = self.authority_folder {
            let folder = host.absolute(folder);
            let entries =
                std::fs::read_dir(&folder).map_err(|error| format!("cannot read {}: {error}", folder.display()))?;
            trusted.extend(entries.flatten().map(|entry| entry.path()).filter(|path| path.is_file()));
        }
        if !trusted.is_empty() {
            let mut certificates = Vec::new();
            for path in &trusted {
                let found = Certificate::from_pem_bundle(&read(path)?).map_err(|error| {
                    format!("cannot use the certificates in {}: {}", path.display(), reason(&error))
                })?;
                certificates.extend(found);
            }
            builder = builder.tls_certs_only(certificates);
        }
        if let Some((certificate, key)) = self.identity {
            let mut pem = read(&host.absolute(certificate))?;
            pem.push(b'\n');
            pem.extend(read(&host.absolute(key))?);
            let identity = Identity::from_pem(&pem)
                .map_err(|error| format!("cannot use {certificate} with {key}: {}", reason(&error)))?;
            builder = builder.identity(identity);
        }
        Ok(builder.tls_danger_accept_invalid_certs(self.trusts_all))
    }
}

/// Whether `url` is on this machine, where no proxy of the environment is asked.
fn is_this_machine(url: &Url) -> bool {
    let name = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
    name == "localhost" || name.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// Returns `error` with what caused it, innermost last, and without the address.
pub fn reason(error: &reqwest::Error) -> String {
    let mut told: Vec<String> = Vec::new();
    let mut cause: Option<&dyn Error> = Some(error);
    while let Some(error) = cause {
        let text = error.to_string();
        // The first one repeats the address, which may hold a password.
        let text = text.split(" for url (").next().unwrap_or_default().to_owned();
        if !told.iter().any(|before| before.contains(&text)) {
            told.push(text);
        }
        cause = error.source();
    }
    told.join(": ")
}

/// Reads the body of an answer, of a size that a secret may have.
///
/// # Errors
/// It is cut off, too large or no text.
pub async fn body(mut response: Response) -> Result<String, String> {
    let mut bytes = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| reason(&error))? {
        bytes.extend_from_slice(&chunk);
        if bytes.len() > MOST_BYTES {
            return Err(format!("the answer has more than {} MiB", MOST_BYTES >> 20));
        }
    }
    String::from_utf8(bytes).map_err(|_| "the answer is not valid UTF-8".to_owned())
}

/// Reads a switch as Go does: `1`, `t`, `true` and the like.
///
/// # Errors
/// It is neither on nor off.
pub fn switch(host: &Host, name: &str) -> Result<Option<bool>, String> {
    match host.env_filled(name) {
        None => Ok(None),
        Some("1" | "t" | "T" | "true" | "True" | "TRUE") => Ok(Some(true)),
        Some("0" | "f" | "F" | "false" | "False" | "FALSE") => Ok(Some(false)),
        Some(other) => Err(format!("{name} has to be true or false, and is {other:?}")),
    }
}
