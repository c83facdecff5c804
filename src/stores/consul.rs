//! The key-value store of Consul over its HTTP interface.
//!
//! Reads one key; what it means is the caller's business.

use reqwest::redirect::Policy;

use super::http::{Way, body, reason, switch};
use crate::host::Host;

/// Returns the value of `key`.
///
/// # Errors
/// No such key, a refusal, or nobody there.
///
/// # Source
/// FN-111, and the documented variables of Consul's tool.
pub async fn read(host: &Host, key: &str) -> Result<String, String> {
    let is_secure = switch(host, "CONSUL_HTTP_SSL")?.unwrap_or(false);
    let given = host.env_filled("CONSUL_HTTP_ADDR").unwrap_or("127.0.0.1:8500");
    let address = match given {
        given if given.contains("://") => given.to_owned(),
        given => format!("{}://{given}", if is_secure { "https" } else { "http" }),
    };
    let certificate = host.env_filled("CONSUL_CLIENT_CERT");
    let way = Way {
        address,
        authorities: host.env_filled("CONSUL_CACERT"),
        authority_folder: host.env_filled("CONSUL_CAPATH"),
        identity: certificate.zip(host.env_filled("CONSUL_CLIENT_KEY")),
        trusts_all: switch(host, "CONSUL_HTTP_SSL_VERIFY")? == Some(false),
        server_name: host.env_filled("CONSUL_TLS_SERVER_NAME"),
        ..Way::default()
    };
    let connection = way.open(host, Policy::limited(10)).await?;
    let mut url = connection.base.clone();
    let folder = url.path().trim_end_matches('/').to_owned();
    url.set_path(&format!("{folder}/v1/kv/{}", escaped(key.trim_start_matches('/'))));
    for (variable, name) in [("CONSUL_NAMESPACE", "ns"), ("CONSUL_PARTITION", "partition")] {
        if let Some(value) = host.env_filled(variable) {
            url.query_pairs_mut().append_pair(name, value);
        }
    }
    let mut request = connection.client.get(url);
    if let Some(name) = connection.host_header {
        request = request.header("Host", name);
    }
    if let Some(token) = token(host)? {
        request = request.header("X-Consul-Token", token);
    }
    if let Some(login) = host.env_filled("CONSUL_HTTP_AUTH") {
        let (user, password) = login.split_once(':').map_or((login, None), |(user, password)| (user, Some(password)));
        request = request.basic_auth(user, password);
    }
    let response = request.send().await.map_err(|error| format!("cannot ask Consul at {given}: {}", reason(&error)))?;
    let status = response.status();
    if status.as_u16() == 404 {
        return Err(format!("value does not exist at path {key:?}"));
    }
    let text = body(response).await?;
    if !status.is_success() {
        return Err(format!("Consul at {given} refused it: {status} {}", text.trim()));
    }
    value(&text).ok_or_else(|| "the answer is not one of Consul".to_owned())
}

/// Returns the token; the one in a file goes before the one in the environment.
fn token(host: &Host) -> Result<Option<String>, String> {
    if let Some(path) = host.env_filled("CONSUL_HTTP_TOKEN_FILE") {
        let text = std::fs::read_to_string(host.absolute(path))
            .map_err(|error| format!("cannot read the token in {path:?} (CONSUL_HTTP_TOKEN_FILE): {error}"))?;
        if !text.trim().is_empty() {
            return Ok(Some(text.trim().to_owned()));
        }
    }
    Ok(host.env_filled("CONSUL_HTTP_TOKEN").map(str::to_owned))
}

/// Takes the value out of `[{"Value": "…"}]`; it is in base64, and null when it is empty.
fn value(answer: &str) -> Option<String> {
    use base64::Engine;
    let answer: serde_json::Value = serde_json::from_str(answer).ok()?;
    match answer.get(0)?.get("Value")? {
        serde_json::Value::Null => Some(String::new()),
        packed => {
            let bytes = base64::engine::general_purpose::STANDARD.decode(packed.as_str()?).ok()?;
            Some(String::from_utf8_lossy(&bytes).into_owned())
        }
    }
}

/// Escapes what has a meaning of its own in a path, the slash aside.
pub fn escaped(path: &str) -> String {
    path.replace('%', "%25").replace('?', "%3F").replace('#', "%23")
}

#[cfg(test)]
mod tests {
    use super::super::testing::{ask, serve};
    use super::*;
    use crate::host::Store;

    const FOUND: &str =
        "HTTP/1.1 200 OK\r\nContent-Length: 44\r\n\r\n[{\"Key\":\"images/name\",\"Value\":\"Ym9va3dvcm0=\"}]";

    #[test]
    fn keys_are_read_with_token_and_namespace() {
        // FN-111
        let found = FOUND.replace("44", &FOUND.split("\r\n\r\n").nth(1).unwrap().len().to_string());
        let (address, asked) = serve(vec![found]);
        let environment = [("CONSUL_HTTP_ADDR", &*address), ("CONSUL_HTTP_TOKEN", "tok"), ("CONSUL_NAMESPACE", "team")];
        assert_eq!(ask(&environment, Store::Consul, "/images/name?"), Ok("bookworm".to_owned()));
        let request = asked.recv().unwrap();
        assert!(request.starts_with("GET /v1/kv/images/name%3F?ns=team HTTP/1.1"), "{request}");
        assert!(request.to_lowercase().contains("x-consul-token: tok"), "{request}");
    }

    #[test]
    fn missing_keys_refusals_and_silence_are_told_without_the_token() {
        let answer = |status: &str| format!("HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n");
        let (address, _asked) = serve(vec![answer("404 Not Found"), answer("403 Forbidden")]);
        let environment = [("CONSUL_HTTP_ADDR", &*address), ("CONSUL_HTTP_TOKEN", "tok-1")];
        assert!(ask(&environment, Store::Consul, "a").unwrap_err().contains("does not exist"));
        let refused = ask(&environment, Store::Consul, "a").unwrap_err();
        assert!(refused.contains("403") && !refused.contains("tok-1"), "{refused}");
        let nobody = ask(&[("CONSUL_HTTP_ADDR", "127.0.0.1:1")], Store::Consul, "a").unwrap_err();
        assert!(nobody.contains("cannot ask Consul at 127.0.0.1:1"), "{nobody}");
    }

    #[test]
    fn an_empty_value_is_null_in_the_answer() {
        assert_eq!(value(r#"[{"Value": null}]"#).as_deref(), Some(""));
        assert_eq!(value("[]"), None);
    }
}
