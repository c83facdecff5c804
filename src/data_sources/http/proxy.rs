//! Which proxy the environment wants for an address.
//!
//! Opens nothing. The rules are those of Go's client: no proxy for this machine itself, no ALL_PROXY, and names in
//! NO_PROXY stand for all names below them.

use std::net::IpAddr;

use reqwest::Url;

use crate::host::Host;

/// The proxies that the environment tells.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Proxies {
    http: Option<Url>,
    https: Option<Url>,
    without: Vec<Without>,
}

/// Addresses that are reached without a proxy.
#[derive(Clone, Debug, PartialEq)]
enum Without {
    All,
    Network {
        base: IpAddr,
        bits: u32,
    },
    Ip(IpAddr, Option<u16>),
    /// Names that end so, `.example.org`; the flag says that `example.org` itself is one of them.
    Names {
        suffix: String,
        port: Option<u16>,
        itself: bool,
    },
}

impl Proxies {
    /// Reads `HTTP_PROXY`, `HTTPS_PROXY` and `NO_PROXY`; names in small letters count where the others are not set.
    pub fn of(host: &Host) -> Proxies {
        let value = |name: &str| host.env_filled(name).or_else(|| host.env_filled(&name.to_lowercase()));
        let without = value("NO_PROXY").unwrap_or_default();
        Proxies {
            http: value("HTTP_PROXY").and_then(address),
            https: value("HTTPS_PROXY").and_then(address),
            without: without.split(',').filter_map(|entry| Without::read(&entry.trim().to_lowercase())).collect(),
        }
    }

    /// Returns the proxy for `url`, if there is one for it.
    pub fn of_url(&self, url: &Url) -> Option<Url> {
        let proxy = if url.scheme() == "https" { self.https.as_ref()? } else { self.http.as_ref()? };
        let host = url.host_str()?.trim_matches(['[', ']']).trim_end_matches('.').to_lowercase();
        let ip: Option<IpAddr> = host.parse().ok();
        if host == "localhost" || ip.is_some_and(|ip| ip.is_loopback()) {
            return None;
        }
        let port = url.port_or_known_default();
        (!self.without.iter().any(|without| without.holds(&host, ip, port))).then(|| proxy.clone())
    }
}

/// Reads the address of a proxy, which needs no scheme.
fn address(text: &str) -> Option<Url> {
    let has_host = |url: &Url| url.has_host();
    Url::parse(text).ok().filter(has_host).or_else(|| Url::parse(&format!("http://{text}")).ok())
}

impl Without {
    fn read(entry: &str) -> Option<Without> {
        if entry.is_empty() {
            return None;
        }
        if entry == "*" {
            return Some(Without::All);
        }
        if let Some((base, bits)) = entry.split_once('/') {
            let base: IpAddr = base.parse().ok()?;
            return Some(Without::Network { base, bits: bits.parse().ok()? });
        }
        if let Ok(ip) = entry.trim_matches(['[', ']']).parse() {
            return Some(Without::Ip(ip, None));
        }
        let (name, port) = match entry.rsplit_once(':') {
            Some((name, port)) => (name, port.parse().ok()),
            None => (entry, None),
        };
        if let Ok(ip) = name.trim_matches(['[', ']']).parse() {
            return Some(Without::Ip(ip, port));
        }
        let name = if name.starts_with("*.") { &name[1..] } else { name };
        let itself = !name.starts_with('.');
        let suffix = if itself { format!(".{name}") } else { name.to_owned() };
        (suffix.len() > 1).then_some(Without::Names { suffix, port, itself })
    }

    fn holds(&self, host: &str, ip: Option<IpAddr>, port: Option<u16>) -> bool {
        let has_port = |wanted: &Option<u16>| wanted.is_none() || *wanted == port;
        match self {
            Without::All => true,
            Without::Network { base, bits } => ip.is_some_and(|ip| shares_prefix(ip, *base, *bits)),
            Without::Ip(own, wanted) => ip == Some(*own) && has_port(wanted),
            Without::Names { suffix, port: wanted, itself } => {
                has_port(wanted) && (host.ends_with(suffix.as_str()) || (*itself && host == &suffix[1..]))
            }
        }
    }
}

/// Whether the first `bits` bits of both are the same.
fn shares_prefix(left: IpAddr, right: IpAddr, bits: u32) -> bool {
    match (left, right) {
        (IpAddr::V4(left), IpAddr::V4(right)) => {
            bits <= 32 && (left.to_bits() ^ right.to_bits()).leading_zeros() >= bits
        }
        (IpAddr::V6(left), IpAddr::V6(right)) => {
            bits <= 128 && (left.to_bits() ^ right.to_bits()).leading_zeros() >= bits
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn proxy(environment: &[(&str, &str)], url: &str) -> Option<String> {
        let host = Host::fixed(std::path::Path::new("/"), environment);
        Proxies::of(&host).of_url(&Url::parse(url).unwrap()).map(|url| url.to_string())
    }

    #[test]
    fn each_scheme_has_its_proxy_and_this_machine_none() {
        let environment = [("HTTP_PROXY", "http://p:1"), ("https_proxy", "q.example:2"), ("ALL_PROXY", "http://no:3")];
        assert_eq!(proxy(&environment, "http://a/").as_deref(), Some("http://p:1/"));
        assert_eq!(proxy(&environment, "https://a/").as_deref(), Some("http://q.example:2/"));
        assert_eq!(proxy(&environment[1..], "http://a/"), None);
        for own in ["http://localhost/", "http://127.0.0.9:8080/", "http://[::1]/"] {
            assert_eq!(proxy(&environment, own), None, "{own}");
        }
    }

    #[test]
    fn no_proxy_names_hosts_networks_and_ports() {
        let spared = |entry: &str, url: &str| proxy(&[("HTTP_PROXY", "p:1"), ("NO_PROXY", entry)], url).is_none();
        for (entry, url) in [
            ("*", "http://a/"),
            ("x, Example.org", "http://example.org/"),
            ("example.org", "http://deep.EXAMPLE.org/"),
            (".example.org", "http://a.example.org/"),
            ("*.example.org", "http://a.example.org/"),
            ("example.org:8080", "http://example.org:8080/"),
            ("10.0.0.0/8", "http://10.9.8.7/"),
            ("10.1.1.1", "http://10.1.1.1/"),
            ("10.1.1.1:80", "http://10.1.1.1/"),
            ("fd00::/8", "http://[fd00::1]/"),
        ] {
            assert!(spared(entry, url), "{entry} {url}");
        }
        for (entry, url) in [
            (".example.org", "http://example.org/"),
            ("example.org", "http://notexample.org/"),
            ("example.org:8080", "http://example.org/"),
            ("10.0.0.0/8", "http://11.0.0.1/"),
            ("10.0.0.0/8", "http://ten.example/"),
            ("", "http://a/"),
        ] {
            assert!(!spared(entry, url), "{entry} {url}");
        }
    }
}
