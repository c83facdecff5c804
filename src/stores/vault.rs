//! Vault over its HTTP interface.
//!
//! Reads one path; which key of the secret is wanted is the caller's business.

use std::time::Duration;

use reqwest::redirect::Policy;

use super::consul::escaped;
use super::http::{Way, body, reason, switch};
use crate::host::Host;

/// For one question and its answer, unless `VAULT_CLIENT_TIMEOUT` says otherwise.
const TIMEOUT: Duration = Duration::from_secs(60);

/// Between two attempts.
const PAUSE: Duration = Duration::from_secs(1);

/// Returns the secret at `path` as a JSON object: the `data` of the answer.
///
/// Asks again when nobody answers or the server is in trouble, `VAULT_MAX_RETRIES` times (twice).
///
/// # Errors
/// No secret at the path, a refusal, or nobody there.
///
/// # Source
/// FN-112, and the documented variables of Vault's tool.
pub async fn read(host: &Host, path: &str) -> Result<String, String> {
    let given = host.env_filled("VAULT_AGENT_ADDR").or_else(|| host.env_filled("VAULT_ADDR"));
    let given = given.unwrap_or("https://127.0.0.1:8200");
    let certificate = host.env_filled("VAULT_CLIENT_CERT");
    let way = Way {
        address: given.to_owned(),
        authorities: host.env_filled("VAULT_CACERT"),
        authority_folder: host.env_filled("VAULT_CAPATH"),
        identity: certificate.zip(host.env_filled("VAULT_CLIENT_KEY")),
        trusts_all: switch(host, "VAULT_SKIP_VERIFY")?.unwrap_or(false),
        server_name: host.env_filled("VAULT_TLS_SERVER_NAME"),
        timeout: Some(timeout(host)?),
        proxy: host.env_filled("VAULT_PROXY_ADDR").or_else(|| host.env_filled("VAULT_HTTP_PROXY")),
    };
    let redirects = if switch(host, "VAULT_DISABLE_REDIRECTS")?.unwrap_or(false) { Policy::none() } else { one_step() };
    let connection = way.open(host, redirects).await?;
    let mut url = connection.base.clone();
    let parts: Vec<&str> =
        url.path().split('/').chain(["v1"]).chain(path.split('/')).filter(|p| !p.is_empty()).collect();
    let whole = escaped(&parts.join("/"));
    url.set_path(&whole);
    let mut attempts = retries(host)?;
    loop {
        let mut request = connection.client.get(url.clone()).header("X-Vault-Request", "true");
        if let Some(name) = &connection.host_header {
            request = request.header("Host", name);
        }
        for (header, variable) in [("X-Vault-Token", "VAULT_TOKEN"), ("X-Vault-Namespace", "VAULT_NAMESPACE")] {
            if let Some(value) = host.env_filled(variable) {
                request = request.header(header, value);
            }
        }
        let failure = match request.send().await {
            Ok(response) if is_in_trouble(response.status().as_u16()) && attempts > 0 => None,
            Ok(response) => return secret(response, given, path).await,
            Err(error) => Some(format!("cannot ask Vault at {given}: {}", reason(&error))),
        };
        match failure {
            Some(failure) if attempts == 0 => return Err(failure),
            _ => {
                attempts -= 1;
                tokio::time::sleep(PAUSE).await;
            }
        }
    }
}

fn is_in_trouble(status: u16) -> bool {
    status == 412 || (status >= 500 && status != 501)
}

/// A standby names the active server once; from there no way leads on, least of all to one without encryption.
fn one_step() -> Policy {
    Policy::custom(|attempt| {
        let was_secure = attempt.previous().last().is_some_and(|url| url.scheme() == "https");
        if attempt.previous().len() > 1 {
            attempt.error("it sends from one server to the next")
        } else if was_secure && attempt.url().scheme() != "https" {
            attempt.error("it sends to a server without encryption")
        } else {
            attempt.follow()
        }
    })
}

async fn secret(response: reqwest::Response, address: &str, path: &str) -> Result<String, String> {
    let status = response.status();
    let text = body(response).await?;
    let answer: Option<serde_json::Value> = serde_json::from_str(&text).ok();
    let part = |name: &str| answer.as_ref().and_then(|answer| answer.get(name)).filter(|part| !part.is_null());
    match (status.as_u16(), part("data")) {
        (200..=299 | 404, Some(data)) => Ok(data.to_string()),
        (200..=299 | 404, None) => Err(format!("Vault Secret does not exist at the given path: {path:?}")),
        _ => {
            let errors = part("errors").and_then(serde_json::Value::as_array);
            let told: Vec<&str> = errors.into_iter().flatten().filter_map(serde_json::Value::as_str).collect();
            Err(format!("Vault at {address} refused it: {status} {}", told.join("; ").trim()).trim_end().to_owned())
        }
    }
}

fn timeout(host: &Host) -> Result<Duration, String> {
    let Some(text) = host.env_filled("VAULT_CLIENT_TIMEOUT") else { return Ok(TIMEOUT) };
    let wrong = || format!("VAULT_CLIENT_TIMEOUT is a number of seconds or a duration such as 30s, and is {text:?}");
    match text.parse::<u64>() {
        Ok(seconds) => Ok(Duration::from_secs(seconds)),
        Err(_) => {
            let duration: jiff::SignedDuration = text.parse().map_err(|_| wrong())?;
            Duration::try_from(duration).map_err(|_| wrong())
        }
    }
}

fn retries(host: &Host) -> Result<u32, String> {
    match host.env_filled("VAULT_MAX_RETRIES") {
        None => Ok(2),
        Some(text) => text.parse().map_err(|_| format!("VAULT_MAX_RETRIES is a number, and is {text:?}")),
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{ask, serve};
    use crate::host::Store;

    fn answer(status: &str, body: &str) -> String {
        format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\n\r\n{body}", body.len())
    }

    #[test]
    fn secrets_are_read_with_token_and_namespace() {
        // FN-112
        let (address, asked) = serve(vec![answer("200 OK", r#"{"data": {"k": "v"}}"#)]);
        let address = format!("http://{address}");
        let environment = [("VAULT_ADDR", &*address), ("VAULT_TOKEN", "tok"), ("VAULT_NAMESPACE", "team")];
        assert_eq!(ask(&environment, Store::Vault, "/kv//app"), Ok(r#"{"k":"v"}"#.to_owned()));
        let request = asked.recv().unwrap().to_lowercase();
        assert!(request.starts_with("get /v1/kv/app http/1.1"), "{request}");
        assert!(request.contains("x-vault-token: tok") && request.contains("x-vault-namespace: team"), "{request}");
    }

    #[test]
    fn missing_secrets_and_refusals_are_told_without_the_token() {
        let (address, _asked) = serve(vec![
            answer("404 Not Found", r#"{"errors": []}"#),
            answer("403 Forbidden", r#"{"errors": ["permission denied"]}"#),
        ]);
        let address = format!("http://{address}");
        let environment = [("VAULT_ADDR", &*address), ("VAULT_TOKEN", "tok-1")];
        assert!(ask(&environment, Store::Vault, "kv/app").unwrap_err().contains("does not exist"));
        let refused = ask(&environment, Store::Vault, "kv/app").unwrap_err();
        assert!(refused.contains("permission denied") && !refused.contains("tok-1"), "{refused}");
    }

    #[test]
    fn a_server_in_trouble_is_asked_again() {
        let (address, _asked) = serve(vec![answer("503 Busy", ""), answer("200 OK", r#"{"data": {}}"#)]);
        let address = format!("http://{address}");
        assert_eq!(ask(&[("VAULT_ADDR", &address)], Store::Vault, "a"), Ok("{}".to_owned()));
    }

    #[test]
    fn settings_that_make_no_sense_are_named() {
        for (name, value) in
            [("VAULT_CLIENT_TIMEOUT", "soon"), ("VAULT_MAX_RETRIES", "x"), ("VAULT_SKIP_VERIFY", "maybe")]
        {
            let refused = ask(&[(name, value)], Store::Vault, "a").unwrap_err();
            assert!(refused.contains(name), "{refused}");
        }
    }
}
