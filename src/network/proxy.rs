//! Which proxy the environment wants for an address.
//!
//! Opens nothing. The rules are those of Go's client: no proxy for this machine itself, no ALL_PROXY, names in NO_PROXY
//! stand for all names below them, and what a web server tells a CGI program is not taken for a proxy.

use std::net::IpAddr;

use reqwest::Url;

use crate::host::Host;

/// Where a request goes that must not be sent: no name ends so (RFC 6761).
const NOWHERE: &str = "http://http-proxy-refused-because-request-method-is-set.invalid/";

/// The proxies that the environment tells.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Proxies {
    http: Option<Url>,
    https: Option<Url>,
    without: Vec<Without>,
    /// A web server has started this program: then `HTTP_PROXY` may be the header `Proxy` of somebody's request.
    in_web_server: bool,
}

/// Addresses that are reached without a proxy.
#[derive(Clone, Debug, PartialEq)]
enum Without {
    All,
    Network {
        base: IpAddr,
        bits: u32,
    },
    Ip(IpAddr, Option<String>),
    /// Names that end so, `.example.org`; the flag says that `example.org` itself is one of them.
    Names {
        suffix: String,
        port: Option<String>,
        itself: bool,
    },
}

impl Proxies {
    /// Reads `HTTP_PROXY`, `HTTPS_PROXY` and `NO_PROXY`; names in small letters count where the others are not set. What
    /// is no address is none.
    pub fn of(host: &Host) -> Proxies {
        let value = |name: &str| host.env_filled(name).or_else(|| host.env_filled(&name.to_lowercase()));
        let without = value("NO_PROXY").unwrap_or_default();
        Proxies {
            http: value("HTTP_PROXY").and_then(address),
            https: value("HTTPS_PROXY").and_then(address),
            without: without.split(',').filter_map(|entry| Without::read(&entry.trim().to_lowercase())).collect(),
            in_web_server: host.env_filled("REQUEST_METHOD").is_some(),
        }
    }

    /// Returns the one proxy at `address`, for everything.
    ///
    /// # Errors
    /// It is no address.
    pub fn always(text: &str) -> Result<Proxies, String> {
        let Some(proxy) = address(text) else {
            return Err("the address of the proxy cannot be read".to_owned());
        };
        Ok(Proxies { http: Some(proxy.clone()), https: Some(proxy), ..Proxies::default() })
    }

    /// Returns the proxy for `url`, if there is one for it.
    ///
    /// # Errors
    /// There may be one, but a web server has started this program.
    pub fn of_url(&self, url: &Url) -> Result<Option<Url>, String> {
        let proxy = match url.scheme() {
            "https" => self.https.as_ref(),
            "http" if self.in_web_server && self.http.is_some() => {
                return Err("refusing to use HTTP_PROXY while REQUEST_METHOD is set: a web server sets it from a \
                            request's headers; use HTTPS_PROXY, or unset one of them"
                    .to_owned());
            }
            "http" => self.http.as_ref(),
            _ => None,
        };
        let is_wanted = |_: &&Url| self.is_wanted_for(url);
        Ok(proxy.filter(is_wanted).cloned())
    }

    /// Returns them as the client takes them; those of the environment, or one that goes before them.
    pub fn into_client(self, always: bool) -> reqwest::Proxy {
        reqwest::Proxy::custom(move |url| match url.scheme() {
            "https" if always => self.https.clone(),
            _ if always => self.http.clone(),
            _ => self.of_url(url).unwrap_or_else(|_| Url::parse(NOWHERE).ok()),
        })
    }

    fn is_wanted_for(&self, url: &Url) -> bool {
        let Some(host) = url.host_str() else { return false };
        let host = host.trim_matches(['[', ']']).to_lowercase();
        let ip = host.parse().ok().map(|ip: IpAddr| ip.to_canonical());
        if host == "localhost" || ip.is_some_and(|ip| ip.is_loopback()) {
            return false;
        }
        let port = url.port_or_known_default().unwrap_or_default().to_string();
        !self.without.iter().any(|without| without.holds(&host, ip, &port))
    }
}

/// Reads the address of a proxy, which needs no scheme.
fn address(text: &str) -> Option<Url> {
    let mut url = Url::parse(text).ok().filter(Url::has_host).or_else(|| Url::parse(&format!("http://{text}")).ok())?;
    if url.scheme() == "socks5" {
        // Go leaves it to the proxy to find names; the client here does so under this name.
        let rest = url.as_str().strip_prefix("socks5")?;
        url = Url::parse(&format!("socks5h{rest}")).ok()?;
    }
    Some(url)
}

impl Without {
    fn read(entry: &str) -> Option<Without> {
        if entry.is_empty() {
            return None;
        }
        if entry == "*" {
            return Some(Without::All);
        }
        if let Some(network) = Without::network(entry) {
            return Some(network);
        }
        let (name, port) = match with_port(entry) {
            Some((name, port)) => (name, Some(port.to_owned()).filter(|port| !port.is_empty())),
            None => (entry, None),
        };
        if let Ok(ip) = name.parse::<IpAddr>() {
            return Some(Without::Ip(ip.to_canonical(), port));
        }
        let name = if name.starts_with("*.") { &name[1..] } else { name };
        let itself = !name.starts_with('.');
        // Addresses have the form that goes over the wire.
        let plain = name.trim_start_matches('.');
        let plain = Url::parse(&format!("http://{plain}/")).ok().and_then(|url| url.host_str().map(str::to_owned));
        let name = plain.as_deref().unwrap_or(name).trim_start_matches('.');
        (!name.is_empty()).then(|| Without::Names { suffix: format!(".{name}"), port, itself })
    }

    fn network(entry: &str) -> Option<Without> {
        let (base, bits) = entry.split_once('/')?;
        let (base, bits): (IpAddr, u32) = (base.parse().ok()?, bits.parse().ok()?);
        (bits <= if base.is_ipv4() { 32 } else { 128 }).then_some(Without::Network { base, bits })
    }

    fn holds(&self, host: &str, ip: Option<IpAddr>, port: &str) -> bool {
        let has_port = |wanted: &Option<String>| wanted.as_ref().is_none_or(|wanted| wanted == port);
        match self {
            Without::All => true,
            Without::Network { base, bits } => ip.is_some_and(|ip| shares_prefix(ip, *base, *bits)),
            Without::Ip(own, wanted) => ip == Some(*own) && has_port(wanted),
            // No number is a name.
            Without::Names { suffix, port: wanted, itself } => {
                let is_named = host.ends_with(suffix.as_str()) || (*itself && host == &suffix[1..]);
                ip.is_none() && is_named && has_port(wanted)
            }
        }
    }
}

/// Splits `host:port` and `[host]:port`; the host of several colons needs its brackets.
fn with_port(entry: &str) -> Option<(&str, &str)> {
    let (host, port) = entry.rsplit_once(':')?;
    match host.strip_prefix('[') {
        Some(host) => Some((host.strip_suffix(']')?, port)),
        None => (!host.contains(':')).then_some((host, port)),
    }
}

/// Whether the first `bits` bits of both are the same.
fn shares_prefix(left: IpAddr, right: IpAddr, bits: u32) -> bool {
    match (left, right) {
        (IpAddr::V4(left), IpAddr::V4(right)) => (left.to_bits() ^ right.to_bits()).leading_zeros() >= bits,
        (IpAddr::V6(left), IpAddr::V6(right)) => (left.to_bits() ^ right.to_bits()).leading_zeros() >= bits,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn proxy(environment: &[(&str, &str)], url: &str) -> Option<String> {
        let host = Host::fixed(std::path::Path::new("/"), environment);
        Proxies::of(&host).of_url(&Url::parse(url).unwrap()).unwrap().map(|url| url.to_string())
    }

    #[test]
    fn each_scheme_has_its_proxy_and_this_machine_none() {
        let environment = [("HTTP_PROXY", "http://p:1"), ("https_proxy", "q.example:2"), ("ALL_PROXY", "http://no:3")];
        assert_eq!(proxy(&environment, "http://a/").as_deref(), Some("http://p:1/"));
        assert_eq!(proxy(&environment, "https://a/").as_deref(), Some("http://q.example:2/"));
        assert_eq!(proxy(&environment[1..], "http://a/"), None);
        for own in ["http://localhost/", "http://127.0.0.9:8080/", "http://[::1]/", "http://[::ffff:127.0.0.1]/"] {
            assert_eq!(proxy(&environment, own), None, "{own}");
        }
    }

    #[test]
    fn large_letters_go_before_small_ones_and_the_empty_counts_for_nothing() {
        let both = [("HTTP_PROXY", "large:1"), ("http_proxy", "small:1")];
        assert_eq!(proxy(&both, "http://a/").as_deref(), Some("http://large:1/"));
        assert_eq!(proxy(&[("HTTP_PROXY", ""), both[1]], "http://a/").as_deref(), Some("http://small:1/"));
        let socks = proxy(&[("HTTP_PROXY", "socks5://u:p@s:9")], "http://a/");
        assert_eq!(socks.as_deref(), Some("socks5h://u:p@s:9"));
        assert_eq!(proxy(&[("HTTP_PROXY", "[")], "http://a/"), None);
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
            ("example.org:", "http://example.org/"),
            ("bücher.example", "http://bücher.example/"),
            ("10.0.0.0/8", "http://10.9.8.7/"),
            ("10.1.1.1", "http://10.1.1.1/"),
            ("10.1.1.1", "http://[::ffff:10.1.1.1]/"),
            ("10.1.1.1:80", "http://10.1.1.1/"),
            ("fd00::/8", "http://[fd00::1]/"),
            ("fd00::1", "http://[fd00::1]/"),
            ("[fd00::1]:80", "http://[fd00::1]/"),
        ] {
            assert!(spared(entry, url), "{entry} {url}");
        }
        for (entry, url) in [
            (".example.org", "http://example.org/"),
            ("example.org", "http://notexample.org/"),
            ("example.org:8080", "http://example.org/"),
            ("example.org:http", "http://example.org/"),
            ("10.0.0.0/8", "http://11.0.0.1/"),
            ("10.0.0.0/8", "http://ten.example/"),
            ("10.0.0.0/99", "http://10.0.0.1/"),
            ("0.0.1", "http://10.0.0.1/"),
            (":80", "http://a/"),
            ("", "http://a/"),
        ] {
            assert!(!spared(entry, url), "{entry} {url}");
        }
    }

    #[test]
    fn what_a_web_server_passes_on_is_no_proxy() {
        let environment = [("HTTP_PROXY", "p:1"), ("HTTPS_PROXY", "q:2"), ("REQUEST_METHOD", "GET")];
        let proxies = Proxies::of(&Host::fixed(std::path::Path::new("/"), &environment));
        let of = |url: &str| proxies.of_url(&Url::parse(url).unwrap());
        assert!(of("http://a/").unwrap_err().contains("REQUEST_METHOD"));
        assert_eq!(of("https://a/").unwrap().unwrap().as_str(), "http://q:2/");
    }
}
