//! The docker client's configuration: the current context, and who may speak to which registry.
//!
//! Writes nothing: logins live as long as the engine they were made with.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::Mutex;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};
use serde_json::{Value, json};
use tokio::io::AsyncWriteExt;
use tokio::process::Command;

use super::Login;
use super::reference::HUB;
use crate::host::Host;

/// `config.json` with what was logged in since.
#[derive(Default)]
pub struct Config {
    /// The folder it is in.
    pub folder: PathBuf,
    /// The name of the current context, or nothing.
    pub current_context: String,
    content: Value,
    logins: Mutex<BTreeMap<String, Value>>,
}

impl Config {
    /// Reads the configuration in `folder`, else in `DOCKER_CONFIG`, else in `~/.docker`.
    ///
    /// One that is missing or not JSON counts as empty: most engines need nothing of it, and the engine says
    /// `no basic auth credentials` where something is missing.
    pub fn open(host: &Host, folder: Option<&Path>) -> Config {
        let folder = folder
            .map(Path::to_owned)
            .or_else(|| host.env_filled("DOCKER_CONFIG").map(|folder| host.absolute(folder)))
            .or_else(|| Some(host.home()?.join(".docker")))
            .unwrap_or_default();
        let text = std::fs::read_to_string(folder.join("config.json")).unwrap_or_default();
        let content: Value = serde_json::from_str(&text).unwrap_or_default();
        let current_context = content["currentContext"].as_str().unwrap_or_default().to_owned();
        Config { folder, current_context, content, logins: Mutex::default() }
    }

    /// Remembers a login; `token` is what the registry gave in place of the password, or nothing.
    pub fn remember(&self, login: &Login, token: &str) {
        let mut auth = json!({ "username": login.username, "serveraddress": server_of(&login.server) });
        let (key, secret) = if token.is_empty() { ("password", &*login.password) } else { ("identitytoken", token) };
        auth[key] = secret.into();
        self.logins().insert(server_of(&login.server).to_owned(), auth);
    }

    /// Forgets a login.
    pub fn forget(&self, server: &str) {
        self.logins().remove(server_of(server));
    }

    /// Returns the `X-Registry-Auth` header for `registry`, asking the credential helper where one is set.
    pub async fn header(&self, registry: &str) -> String {
        encode(&self.auth(registry).await.unwrap_or_else(|| json!({})))
    }

    /// Returns the `X-Registry-Config` header: the credentials of every registry that is known.
    pub async fn all_header(&self) -> String {
        let mut names: Vec<String> = self.logins().keys().cloned().collect();
        for table in ["auths", "credHelpers"] {
            names.extend(self.content[table].as_object().into_iter().flat_map(|known| known.keys().cloned()));
        }
        if self.content["credsStore"].is_string() && names.is_empty() {
            names.push(HUB.to_owned());
        }
        let mut all = serde_json::Map::new();
        for name in names {
            if let Some(auth) = self.auth(&name).await {
                all.insert(name, auth);
            }
        }
        encode(&Value::Object(all))
    }

    fn logins(&self) -> std::sync::MutexGuard<'_, BTreeMap<String, Value>> {
        self.logins.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }

    async fn auth(&self, registry: &str) -> Option<Value> {
        if let Some(auth) = self.logins().get(registry) {
            return Some(auth.clone());
        }
        let helper = self.content["credHelpers"][registry].as_str().or_else(|| self.content["credsStore"].as_str());
        if let Some(helper) = helper
            && let Some(auth) = ask(helper, registry).await
        {
            return Some(auth);
        }
        let auths = self.content["auths"].as_object()?;
        let entry = auths
            .get(registry)
            .or_else(|| auths.iter().find(|(name, _)| bare(name) == bare(registry)).map(|(_, entry)| entry))?;
        let mut auth = json!({ "serveraddress": registry });
        for (from, to) in [("identitytoken", "identitytoken"), ("registrytoken", "registrytoken")] {
            if let Some(token) = entry[from].as_str() {
                auth[to] = token.into();
            }
        }
        let pair = entry["auth"].as_str().and_then(|text| STANDARD.decode(text).ok());
        let pair = pair.and_then(|bytes| String::from_utf8(bytes).ok());
        if let Some((username, password)) = pair.as_deref().and_then(|pair| pair.split_once(':')) {
            auth["username"] = username.into();
            auth["password"] = password.trim_end_matches('\0').into();
        }
        Some(auth)
    }
}

/// Returns the name that a registry's credentials are filed under.
fn server_of(server: &str) -> &str {
    match server {
        "" | "docker.io" | "index.docker.io" => HUB,
        server => server,
    }
}

/// Returns an old-style entry's host: `https://r.io/v1/` is `r.io`.
fn bare(name: &str) -> &str {
    let name = name.strip_prefix("https://").or_else(|| name.strip_prefix("http://")).unwrap_or(name);
    name.split('/').next().unwrap_or_default()
}

/// The engine reads credentials in the URL-safe alphabet.
fn encode(value: &Value) -> String {
    URL_SAFE.encode(value.to_string())
}

/// Asks `docker-credential-HELPER get` for the credentials of `registry`; nothing when it knows none.
async fn ask(helper: &str, registry: &str) -> Option<Value> {
    let mut child = Command::new(format!("docker-credential-{helper}"))
        .arg("get")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .ok()?;
    let mut stdin = child.stdin.take()?;
    stdin.write_all(registry.as_bytes()).await.ok()?;
    drop(stdin);
    let output = child.wait_with_output().await.ok()?;
    if !output.status.success() {
        return None;
    }
    let answer: Value = serde_json::from_slice(&output.stdout).ok()?;
    let (username, secret) = (answer["Username"].as_str()?, answer["Secret"].as_str()?);
    // The helpers' convention for tokens that stand in for a password.
    let key = if username == "<token>" { "identitytoken" } else { "password" };
    let mut auth = json!({ "serveraddress": registry });
    auth[key] = secret.into();
    if username != "<token>" {
        auth["username"] = username.into();
    }
    Some(auth)
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn auth_of(config: &str, registry: &str) -> Value {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("config.json"), config).unwrap();
        let config = Config::open(&Host::fixed(folder.path(), &[]), Some(folder.path()));
        serde_json::from_slice(&URL_SAFE.decode(config.header(registry).await).unwrap()).unwrap()
    }

    #[tokio::test]
    async fn a_stored_pair_is_found_also_under_an_old_style_address() {
        let pair = STANDARD.encode("me:a:b");
        let auth = auth_of(&format!(r#"{{"auths":{{"https://r.io/v2/":{{"auth":"{pair}"}}}}}}"#), "r.io").await;
        assert_eq!(auth, json!({ "serveraddress": "r.io", "username": "me", "password": "a:b" }));
        assert_eq!(auth_of("{}", "r.io").await, json!({}));
        assert_eq!(auth_of("not json", "r.io").await, json!({}));
    }

    #[tokio::test]
    async fn a_login_lasts_until_it_is_forgotten() {
        let config = Config::default();
        let login = Login { server: String::new(), username: "me".into(), password: "~?>".into() };
        config.remember(&login, "");
        let auth: Value = serde_json::from_slice(&URL_SAFE.decode(config.header(HUB).await).unwrap()).unwrap();
        assert_eq!((auth["username"].as_str(), auth["password"].as_str()), (Some("me"), Some("~?>")));
        config.forget("docker.io");
        assert_eq!(config.header(HUB).await, encode(&json!({})));
    }
}
