//! Where an engine listens, in the forms that people write it: `unix://`, `tcp://`, `https://`, `ssh://`.
//!
//! Opens no connection; which address is meant is [`find`]'s.

mod find;

use std::fmt;
use std::path::PathBuf;

pub use find::find;

use super::trouble::{Answer, Trouble};

/// An address that we can speak to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Address {
    /// A socket in the file system.
    Unix(PathBuf),
    /// `host:port`, without encryption.
    Tcp(String),
    /// `host:port`, and how both sides prove who they are.
    Tls(String, Certificates),
    /// An engine on another machine, as the client program there reaches it.
    Ssh(Remote),
}

/// How an engine behind TLS proves who it is, and how we do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certificates {
    /// Holds `ca.pem`, `cert.pem` and `key.pem`, each of which may be missing; `None`: nothing of our own.
    pub folder: Option<PathBuf>,
    /// Whether the engine's certificate is checked.
    pub verify: bool,
}

/// What `ssh` is told.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Remote {
    /// The account; empty: what ssh's own configuration says.
    pub user: String,
    /// The machine, or its name in ssh's configuration.
    pub host: String,
    /// The port; empty: ssh's own.
    pub port: String,
    /// The engine's socket there; empty: the client there knows.
    pub socket: String,
}

impl Address {
    /// Reads an address; with `certificates` one over TCP is behind TLS.
    ///
    /// # Errors
    /// For kinds of addresses that nobody listens at.
    pub fn parse(text: &str, certificates: Option<&Certificates>) -> Answer<Address> {
        let (scheme, rest) = text.split_once("://").unwrap_or(("", text));
        match scheme {
            "unix" if !rest.is_empty() => Ok(Address::Unix(PathBuf::from(rest))),
            "tcp" | "http" | "https" => {
                let known = Certificates { folder: None, verify: true };
                let certificates = certificates.or((scheme == "https").then_some(&known));
                let place = rest.split('/').next().unwrap_or_default();
                Ok(match certificates {
                    Some(certificates) => Address::Tls(with_port(place, "2376"), certificates.clone()),
                    None => Address::Tcp(with_port(place, "2375")),
                })
            }
            "ssh" => Remote::parse(rest).map(Address::Ssh).map_err(|reason| unusable(text, reason)),
            _ => Err(unusable(text, "it has to start with unix://, tcp:// or ssh://; see DOCKER_HOST")),
        }
    }

    /// Returns what [`Address::recall`] needs, for the journal.
    pub fn facts(&self) -> Vec<(&'static str, String)> {
        let mut facts = vec![("address", self.to_string())];
        if let Address::Tls(_, certificates) = self {
            let folder = certificates.folder.as_ref().map(|folder| folder.display().to_string());
            facts.push(("tls", if certificates.verify { "verified" } else { "unverified" }.to_owned()));
            facts.push(("certificates", folder.unwrap_or_default()));
        }
        facts
    }

    /// Returns the address that [`Address::facts`] described; `fact` gives a fact by its name, or nothing.
    ///
    /// # Errors
    /// As [`Address::parse`].
    pub fn recall<'a>(fact: impl Fn(&str) -> &'a str) -> Answer<Address> {
        let folder = Some(fact("certificates")).filter(|folder| !folder.is_empty()).map(PathBuf::from);
        let certificates = Certificates { folder, verify: fact("tls") != "unverified" };
        Address::parse(fact("address"), (!fact("tls").is_empty()).then_some(&certificates))
    }
}

/// Adds the usual port where none is named, and this machine where no other is.
fn with_port(place: &str, usual: &str) -> String {
    let place = match place {
        "" => "127.0.0.1".to_owned(),
        place if place.starts_with(':') => format!("127.0.0.1{place}"),
        place => place.to_owned(),
    };
    let has_port = place
        .rsplit_once(':')
        .is_some_and(|(host, port)| (!host.contains(':') || host.ends_with(']')) && port.parse::<u16>().is_ok());
    if has_port { place } else { format!("{place}:{usual}") }
}

impl Remote {
    /// Reads `[user@]host[:port][/socket]`.
    fn parse(text: &str) -> Result<Remote, &'static str> {
        if text.contains(['?', '#']) {
            return Err("an ssh:// address has no query and no fragment");
        }
        let (place, socket) = text.split_at(text.find('/').unwrap_or(text.len()));
        let (user, place) = place.rsplit_once('@').unwrap_or(("", place));
        if user.contains(':') {
            return Err("an ssh:// address holds no password; use a key or an agent");
        }
        let (host, port) = match place.rsplit_once(':') {
            Some((host, port)) if !host.contains(':') || host.ends_with(']') => (host, port),
            _ => (place, ""),
        };
        let host = host.trim_start_matches('[').trim_end_matches(']');
        if host.is_empty() {
            return Err("no host is named");
        }
        if !port.is_empty() && port.parse::<u16>().is_err() {
            return Err("the port is no number");
        }
        let socket = if socket == "/" { "" } else { socket };
        let [user, host, port, socket] = [user, host, port, socket].map(str::to_owned);
        Ok(Remote { user, host, port, socket })
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Address::Unix(path) => write!(f, "unix://{}", path.display()),
            Address::Tcp(place) | Address::Tls(place, _) => write!(f, "tcp://{place}"),
            Address::Ssh(Remote { user, host, port, socket }) => {
                f.write_str("ssh://")?;
                if !user.is_empty() {
                    write!(f, "{user}@")?;
                }
                if host.contains(':') {
                    write!(f, "[{host}]")?
                } else {
                    f.write_str(host)?
                }
                if !port.is_empty() {
                    write!(f, ":{port}")?;
                }
                f.write_str(socket)
            }
        }
    }
}

fn unusable(address: &str, reason: &str) -> Trouble {
    Trouble::Unreachable(format!("cannot use the engine's address {address:?}: {reason}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read_with_their_usual_ports() {
        let tls = Certificates { folder: Some("/keys".into()), verify: false };
        for (text, wanted) in [
            ("tcp://h", "h:2375"),
            ("tcp://", "127.0.0.1:2375"),
            ("tcp://:99", "127.0.0.1:99"),
            ("tcp://[::1]", "[::1]:2375"),
            ("http://h:1/path", "h:1"),
        ] {
            assert_eq!(Address::parse(text, None).unwrap(), Address::Tcp(wanted.to_owned()));
        }
        assert_eq!(Address::parse("tcp://h", Some(&tls)).unwrap(), Address::Tls("h:2376".to_owned(), tls));
        let known = Certificates { folder: None, verify: true };
        assert_eq!(Address::parse("https://h", None).unwrap(), Address::Tls("h:2376".to_owned(), known));
        assert!(Address::parse("npipe://x", None).unwrap_err().to_string().contains("DOCKER_HOST"));
    }

    #[test]
    fn addresses_behind_ssh_name_user_port_and_socket() {
        let remote = |text: &str| match Address::parse(text, None) {
            Ok(Address::Ssh(remote)) => Ok([remote.user, remote.host, remote.port, remote.socket].join(" ")),
            Ok(other) => Err(other.to_string()),
            Err(trouble) => Err(trouble.to_string()),
        };
        assert_eq!(remote("ssh://me@there:22/run/d.sock").unwrap(), "me there 22 /run/d.sock");
        assert_eq!(remote("ssh://there").unwrap(), " there  ");
        assert_eq!(remote("ssh://[::1]:2/").unwrap(), " ::1 2 ");
        for (text, reason) in [
            ("ssh://me:secret@there", "no password"),
            ("ssh://", "no host"),
            ("ssh://there:x", "no number"),
            ("ssh://there?x", "no query"),
        ] {
            assert!(remote(text).unwrap_err().contains(reason), "{text}");
        }
    }

    #[test]
    fn the_journal_finds_every_address_again() {
        let tls = Certificates { folder: Some("/keys".into()), verify: true };
        for (text, certificates) in [
            ("unix:///a", None),
            ("tcp://h:1", None),
            ("tcp://h:1", Some(&tls)),
            ("https://h", None),
            ("ssh://me@[::1]:2/x", None),
        ] {
            let address = Address::parse(text, certificates).unwrap();
            let facts: std::collections::BTreeMap<_, _> = address.facts().into_iter().collect();
            assert_eq!(Address::recall(|name| facts.get(name).map_or("", String::as_str)).unwrap(), address);
        }
    }
}
