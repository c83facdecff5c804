//! What the answers of the stores of secrets mean: one key of a secret, for templates of both languages.
//!
//! The clients stand behind `host`.

use crate::host::{Host, Store};
use crate::value::{Data, Members, json};

/// Returns what Consul holds under `key`.
///
/// # Errors
/// Nothing there, nothing in it, nobody who answers.
pub fn consul(host: &Host, key: &str) -> Result<String, String> {
    let value = host.secret(Store::Consul, key)?;
    if value.is_empty() { Err(format!("value is empty at path {key:?}")) } else { Ok(value) }
}

/// Returns what Vault holds under `key` of the secret at `path`, in either version of its key-value store.
///
/// # Errors
/// No token, no secret, no such key, nobody who answers.
pub fn vault(host: &Host, path: &str, key: &str) -> Result<String, String> {
    if host.env_filled("VAULT_TOKEN").is_none() {
        return Err("must set the VAULT_TOKEN environment variable in order to read secrets of Vault".to_owned());
    }
    let answer = host.secret(Store::Vault, path)?;
    let Some(mut secret) = json::read(&answer).ok() else { return Err("the answer of Vault is no JSON".to_owned()) };
    // The second version of the key-value store has the secret in one more envelope.
    if let Some(inner) = secret.as_members().and_then(|members| members.get("data")).cloned() {
        secret = inner;
    }
    let Some(members) = secret.as_members() else {
        return Err(format!("there is no secret at the path {path:?}; it may have been deleted"));
    };
    match members.get(key) {
        Some(value) => match value.as_str() {
            Some(text) => Ok(text.to_owned()),
            None => Err(format!("what Vault has under {key:?} is no text but {}", value.ty().friendly())),
        },
        None => Err(format!("Vault path does not contain the requested key: {path:?} has no {key:?}")),
    }
}

/// Returns what AWS Secrets Manager holds under `key` of the secret `name`; an empty key is the only one.
///
/// # Errors
/// Several keys and none asked for, no such key, nobody who answers.
pub fn aws(host: &Host, name: &str, key: &str) -> Result<String, String> {
    let secret = aws_raw(host, name)?;
    let Ok(value) = json::read(&secret) else { return Ok(secret) };
    let none = Members::new();
    let members = match value.data() {
        Data::Object(members) => members,
        Data::Null(_) => &none,
        _ => return Err("the secret is JSON without keys; aws_secretsmanager_raw gives it whole".to_owned()),
    };
    let found = match key {
        "" if members.len() > 1 => return Err("the secret has several keys, and none was asked for".to_owned()),
        "" => members.values().next(),
        key => members.get(key),
    };
    match found.map(|value| (value.as_str(), value.as_number())) {
        Some((Some(text), _)) => Ok(text.to_owned()),
        // The reference has no fractions here.
        Some((_, Some(number))) => Ok(format!("{:.0}", number.as_f64())),
        Some(_) => Err("what the secret holds there is neither a text nor a number".to_owned()),
        None => Err(format!("no secret found for key {key:?}")),
    }
}

/// Returns the whole text of the secret `name` of AWS Secrets Manager.
///
/// # Errors
/// No such secret, nobody who answers.
pub fn aws_raw(host: &Host, name: &str) -> Result<String, String> {
    host.secret(Store::AwsSecretsManager, name)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::host::{Host, SecretStores};

    /// Answers with the name itself.
    struct Echo;

    impl SecretStores for Echo {
        fn read(&self, _host: &Host, _store: Store, name: &str) -> Result<String, String> {
            Ok(name.to_owned())
        }
    }

    fn host() -> Host {
        Host::fixed(std::path::Path::new("/"), &[("VAULT_TOKEN", "t")]).with_stores(Arc::new(Echo))
    }

    #[test]
    fn vault_looks_into_data_when_there_is_one() {
        // FN-112
        assert_eq!(vault(&host(), r#"{"k": "v1"}"#, "k").unwrap(), "v1");
        assert_eq!(vault(&host(), r#"{"data": {"k": "v2"}, "metadata": {}}"#, "k").unwrap(), "v2");
        for answer in [r#"{"data": null}"#, r#"{"k": 1}"#, "{}", "<html>"] {
            assert!(vault(&host(), answer, "k").is_err(), "{answer}");
        }
        let no_token = Host::fixed(std::path::Path::new("/"), &[]);
        assert!(vault(&no_token, "a", "k").unwrap_err().contains("VAULT_TOKEN"));
    }

    #[test]
    fn the_only_key_of_a_secret_need_not_be_named() {
        // FN-113
        for (secret, key, expected) in [
            ("plain", "", Some("plain")),
            ("plain", "k", Some("plain")),
            (r#"{"k": "v"}"#, "", Some("v")),
            (r#"{"a": "b", "k": 5432}"#, "k", Some("5432")),
            (r#"{"k": 2.5}"#, "k", Some("2")),
            (r#"{"a": 1, "b": 2}"#, "", None),
            (r#"{"k": {}}"#, "k", None),
            (r#"{"k": "v"}"#, "z", None),
            ("{}", "", None),
            ("12", "", None),
        ] {
            assert_eq!(aws(&host(), secret, key).ok().as_deref(), expected, "{secret} {key}");
        }
    }

    #[test]
    fn empty_values_and_missing_clients_are_errors() {
        // FN-111
        assert!(consul(&host(), "").is_err());
        assert_eq!(aws_raw(&host(), "{}").unwrap(), "{}");
        assert!(consul(&Host::fixed(std::path::Path::new("/"), &[]), "a").is_err());
    }
}
