//! Clients against servers of this process, with authorities of their own.

use std::net::SocketAddr;
use std::path::Path;

use super::testing::{Authority, Shown, plain_server, proxy, secure_server, self_signed};
use super::*;

/// Asks for `url` in a world with these variables, and `ca.pem` holds `trusted`.
async fn ask(way: &Way, environment: &[(&str, &str)], trusted: &str, url: &str) -> Result<String, String> {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("ca.pem"), trusted).unwrap();
    std::fs::create_dir(folder.path().join("certs")).unwrap();
    std::fs::write(folder.path().join("certs/one.crt"), trusted).unwrap();
    let host = Host::fixed(folder.path(), environment);
    // Names lead to this machine whatever the tests' network is like.
    let here = url.rsplit(':').next().and_then(|port| port.split('/').next()?.parse().ok()).unwrap_or(0);
    let builder = way.client(&host)?.resolve("server.example", SocketAddr::from(([127, 0, 0, 1], here)));
    let answer = builder.build().unwrap().get(url).send().await.map_err(|error| reason(&error))?;
    answer.text().await.map_err(|error| reason(&error))
}

async fn ask_trusting(environment: &[(&str, &str)], trusted: &str, url: &str) -> Result<String, String> {
    ask(&Way::default(), environment, trusted, url).await
}

#[tokio::test]
async fn certificates_in_the_file_and_in_the_folders_of_the_environment_are_trusted() {
    let authority = Authority::fresh();
    let (server, _asked) = secure_server(&authority.vouch_for("server.example"), None);
    let url = format!("https://server.example:{}/there", server.port());
    for variable in [("SSL_CERT_FILE", "ca.pem"), ("SSL_CERT_DIR", "nowhere:certs")] {
        assert_eq!(ask_trusting(&[variable], &authority.pem, &url).await, Ok("/there".to_owned()), "{variable:?}");
    }
}

#[tokio::test]
async fn strangers_are_refused_with_the_way_out() {
    let (server, _asked) = secure_server(&Authority::fresh().vouch_for("server.example"), None);
    let url = format!("https://server.example:{}/", server.port());
    let told = ask_trusting(&[], "", &url).await.unwrap_err();
    assert!(told.contains("signed by unknown authority; SSL_CERT_FILE can name"), "{told}");
    let told = ask_trusting(&[("SSL_CERT_FILE", "ca.pem")], &Authority::fresh().pem, &url).await.unwrap_err();
    assert!(told.contains("not among those that SSL_CERT_FILE"), "{told}");
    let told = ask_trusting(&[("SSL_CERT_FILE", "gone.pem")], "", &url).await.unwrap_err();
    assert!(told.contains("gone.pem: No such file"), "{told}");
}

#[tokio::test]
async fn a_certificate_has_to_be_for_the_host_that_was_asked() {
    let authority = Authority::fresh();
    let (server, _asked) = secure_server(&authority.vouch_for("other.example"), None);
    let url = format!("https://server.example:{}/", server.port());
    let told = ask_trusting(&[("SSL_CERT_FILE", "ca.pem")], &authority.pem, &url).await.unwrap_err();
    assert!(told.contains("not valid for name \"server.example\""), "{told}");
}

#[tokio::test]
async fn one_that_signed_itself_is_trusted_when_it_is_listed_fits_and_is_not_over() {
    let ask = async |shown: &Shown, url: &str| {
        let (server, _asked) = secure_server(shown, None);
        let url = url.replace("PORT", &server.port().to_string());
        ask_trusting(&[("SSL_CERT_FILE", "ca.pem")], &shown.certificate, &url).await
    };
    let good = self_signed("server.example", 3000);
    assert_eq!(ask(&good, "https://server.example:PORT/x").await, Ok("/x".to_owned()));
    let told = ask(&good, "https://127.0.0.1:PORT/x").await.unwrap_err();
    assert!(told.contains("not valid for name"), "{told}");
    let told = ask(&self_signed("server.example", 2001), "https://server.example:PORT/x").await.unwrap_err();
    assert!(told.contains("expired"), "{told}");
}

#[tokio::test]
async fn a_way_may_trust_other_files_or_anybody() {
    let authority = Authority::fresh();
    let folder = tempfile::tempdir().unwrap();
    let ca = folder.path().join("own.pem");
    std::fs::write(&ca, &authority.pem).unwrap();
    let (server, _asked) = secure_server(&authority.vouch_for("server.example"), None);
    let url = format!("https://server.example:{}/", server.port());
    for trust in [Trust::Only(vec![ca]), Trust::Anybody] {
        let way = Way { trust, ..Way::default() };
        assert_eq!(ask(&way, &[], "", &url).await, Ok("/".to_owned()), "{way:?}");
    }
}

#[tokio::test]
async fn a_certificate_of_our_own_is_shown_to_who_asks_for_it() {
    let authority = Authority::fresh();
    let folder = tempfile::tempdir().unwrap();
    let (certificate, key) = (folder.path().join("me.pem"), folder.path().join("me.key"));
    let me = authority.vouch_for("me.example");
    std::fs::write(&certificate, me.certificate).unwrap();
    std::fs::write(&key, me.key).unwrap();
    let (server, _asked) = secure_server(&authority.vouch_for("server.example"), Some(&authority));
    let url = format!("https://server.example:{}/", server.port());
    let environment = [("SSL_CERT_FILE", "ca.pem")];
    assert!(ask_trusting(&environment, &authority.pem, &url).await.is_err());
    let way = Way { identity: Some((certificate, key)), ..Way::default() };
    assert_eq!(ask(&way, &environment, &authority.pem, &url).await, Ok("/".to_owned()));
}

#[tokio::test]
async fn proxies_are_asked_for_both_schemes_and_told_the_login() {
    let authority = Authority::fresh();
    let (server, _asked) = secure_server(&authority.vouch_for("far.example"), None);
    let (proxy, asked) = proxy(server);
    let address = format!("http://user:pass@{proxy}");
    let environment = [("http_proxy", &*address), ("HTTPS_PROXY", &address), ("SSL_CERT_FILE", "ca.pem")];
    let plain = ask_trusting(&environment, "", "http://far.example/x").await;
    assert_eq!(plain, Ok("proxy".to_owned()));
    let head = asked.recv().unwrap();
    assert!(head.starts_with("GET http://far.example/x ") && head.contains("Basic dXNlcjpwYXNz"), "{head}");
    let secure = ask_trusting(&environment, &authority.pem, "https://far.example/y").await;
    assert_eq!(secure, Ok("/y".to_owned()));
    let head = asked.recv().unwrap();
    assert!(head.starts_with("CONNECT far.example:443 ") && head.contains("Basic dXNlcjpwYXNz"), "{head}");
}

#[tokio::test]
async fn what_no_proxy_names_and_this_machine_are_asked_directly() {
    let (server, _asked) = plain_server();
    let nobody = [("HTTP_PROXY", "http://127.0.0.1:1"), ("NO_PROXY", ".example")];
    let named = format!("http://server.example:{}/x", server.port());
    assert_eq!(ask_trusting(&nobody, "", &named).await, Ok("/x".to_owned()));
    assert!(ask_trusting(&nobody[..1], "", &named).await.is_err());
    assert_eq!(ask_trusting(&nobody[..1], "", &format!("http://{server}/x")).await, Ok("/x".to_owned()));
    let direct = Way { proxy: ProxyChoice::Direct, ..Way::default() };
    assert_eq!(ask(&direct, &nobody[..1], "", &named).await, Ok("/x".to_owned()));
}

#[tokio::test]
async fn a_given_proxy_goes_before_the_environment_also_for_this_machine() {
    let (server, _asked) = plain_server();
    let (proxy, _heads) = proxy(server);
    let way = Way { proxy: ProxyChoice::Always(proxy.to_string()), ..Way::default() };
    let answer = ask(&way, &[("NO_PROXY", "*")], "", &format!("http://{server}/x")).await;
    assert_eq!(answer, Ok("proxy".to_owned()));
}

#[tokio::test]
async fn nothing_is_sent_where_the_proxy_may_be_a_request_s_header() {
    let (server, _asked) = plain_server();
    let environment = [("HTTP_PROXY", "http://127.0.0.1:1"), ("REQUEST_METHOD", "GET")];
    let host = Host::fixed(Path::new("/"), &environment);
    assert!(check(&host, &Url::parse("http://far.example/").unwrap()).unwrap_err().contains("REQUEST_METHOD"));
    let told = ask_trusting(&environment, "", &format!("http://server.example:{}/", server.port())).await;
    assert!(told.is_err(), "{told:?}");
}
