//! What the clients share: connections as the environment wants them, and errors in words.
//!
//! Unaware of what the stores answer.

use std::path::{Path, PathBuf};
use std::time::Duration;

use reqwest::redirect::Policy;
use reqwest::{Response, Url};

use crate::host::{Host, platform};
pub use crate::network::reason;
use crate::network::{self, ProxyChoice, Trust};

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
    pub async fn open(&self, host: &Host, redirects: Policy) -> Result<Connection, String> {
        let socket = self.address.strip_prefix("unix://");
        let mut base = match socket {
            // Behind a socket nobody asks for a name.
            Some(_) => Url::parse("http://localhost/").map_err(|error| error.to_string())?,
            None => Url::parse(&self.address).map_err(|error| format!("{:?} is no address: {error}", self.address))?,
        };
        let way = self.way(host)?;
        if matches!(way.proxy, ProxyChoice::Environment) {
            network::check(host, &base)?;
        }
        let mut builder = way.client(host)?.redirect(redirects);
        if let Some(timeout) = self.timeout {
            builder = builder.timeout(timeout);
        }
        if let Some(path) = socket {
            builder = platform::on_socket(builder, &host.absolute(path))?;
        }
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

    /// Returns how the server is reached.
    fn way(&self, host: &Host) -> Result<network::Way, String> {
        let trust = match (self.authorities, self.authority_folder) {
            _ if self.trusts_all => Trust::Anybody,
            (Some(file), _) => Trust::Only(vec![host.absolute(file)]),
            (None, Some(folder)) => Trust::Only(files(&host.absolute(folder))?),
            (None, None) => Trust::System,
        };
        let identity = self.identity.map(|(certificate, key)| (host.absolute(certificate), host.absolute(key)));
        let proxy = match self.proxy {
            _ if self.address.starts_with("unix://") => ProxyChoice::Direct,
            Some(proxy) => ProxyChoice::Always(proxy.to_owned()),
            None => ProxyChoice::Environment,
        };
        Ok(network::Way { trust, identity, proxy })
    }
}

/// Returns the files of a folder.
fn files(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let entries = std::fs::read_dir(folder).map_err(|error| format!("cannot read {}: {error}", folder.display()))?;
    Ok(entries.flatten().map(|entry| entry.path()).filter(|path| path.is_file()).collect())
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
