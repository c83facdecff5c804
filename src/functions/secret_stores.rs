//! Functions that ask a store of secrets: `vault`, `consul_key`, `aws_secretsmanager`.
//!
//! The clients stand behind `host`; here an answer is taken apart.

use super::Shape::String as Text;
use super::{Cx, Function, Looks, failed, nullable, param, text};
use crate::eval::CallError;
use crate::host::Store;
use crate::value::{Data, Members, Value, json};

/// The functions of this family. What they give depends on a server, so that examples only show how a call fails.
pub const FUNCTIONS: &[Function] = &[
    Function {
        name: "vault",
        params: &[param("path", Text), param("key", Text)],
        rest: None,
        returns: Text,
        looks: Looks::Deep,
        call: |cx, args| vault(cx, text(args, 0), text(args, 1)),
        about: "What a Vault server holds under `key` of the secret at `path`, in either version of its key-value store (for the \
                second with `data/` in the path). `VAULT_TOKEN` has to be set; `VAULT_ADDR`, `VAULT_NAMESPACE`, `VAULT_CACERT` \
                and the other variables of Vault's own tool are read.",
        examples: &[],
    },
    Function {
        name: "consul_key",
        params: &[param("key", Text)],
        rest: None,
        returns: Text,
        looks: Looks::Deep,
        call: |cx, args| {
            let key = text(args, 0);
            match cx.host.secret(Store::Consul, key) {
                Ok(value) if value.is_empty() => failed(format!("value is empty at path {key:?}")),
                Ok(value) => Ok(value.into()),
                Err(reason) => failed(reason),
            }
        },
        about: "What a Consul server holds under `key`; nothing there, or nothing in it, is an error. `CONSUL_HTTP_ADDR`, \
                `CONSUL_HTTP_TOKEN` and the other variables of Consul's own tool are read.",
        examples: &[],
    },
    Function {
        name: "aws_secretsmanager",
        params: &[param("name", Text), nullable("key", Text)],
        rest: None,
        returns: Text,
        looks: Looks::Deep,
        call: |cx, args| {
            let secret = cx.host.secret(Store::AwsSecretsManager, text(args, 0)).map_err(CallError::Failed)?;
            pick(&secret, args[1].as_str().unwrap_or_default()).map(Value::from).map_err(CallError::Failed)
        },
        about: "What AWS Secrets Manager holds under `key` of the secret `name`. A secret that is not JSON is given whole, and \
                the only key of one that is need not be named: `null` does. Region and credentials are found as Amazon's own \
                tool finds them.",
        examples: &[],
    },
    Function {
        name: "aws_secretsmanager_raw",
        params: &[param("name", Text)],
        rest: None,
        returns: Text,
        looks: Looks::Deep,
        call: |cx, args| {
            cx.host.secret(Store::AwsSecretsManager, text(args, 0)).map(Value::from).map_err(CallError::Failed)
        },
        about: "The whole text that AWS Secrets Manager holds as the secret `name`.",
        examples: &[],
    },
];

fn vault(cx: &Cx, path: &str, key: &str) -> Result<Value, CallError> {
    if cx.host.env_filled("VAULT_TOKEN").is_none() {
        return failed("must set the VAULT_TOKEN environment variable in order to read secrets of Vault");
    }
    let answer = cx.host.secret(Store::Vault, path).map_err(CallError::Failed)?;
    let Some(mut secret) = json::read(&answer).ok() else { return failed("the answer of Vault is no JSON") };
    // The second version of the key-value store has the secret in one more envelope.
    if let Some(inner) = secret.as_members().and_then(|members| members.get("data")).cloned() {
        secret = inner;
    }
    let Some(members) = secret.as_members() else {
        return failed(format!("there is no secret at the path {path:?}; it may have been deleted"));
    };
    match members.get(key) {
        Some(value) if value.as_str().is_some() => Ok(value.clone()),
        Some(value) => failed(format!("what Vault has under {key:?} is no text but {}", value.ty().friendly())),
        None => failed(format!("Vault path does not contain the requested key: {path:?} has no {key:?}")),
    }
}

/// Returns what `key` stands for in `secret`, or the whole of it when it is not JSON.
fn pick(secret: &str, key: &str) -> Result<String, String> {
    let Ok(value) = json::read(secret) else { return Ok(secret.to_owned()) };
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

    fn asked(name: &str, args: &[Value]) -> Result<Value, CallError> {
        let host = Host::fixed(std::path::Path::new("/"), &[("VAULT_TOKEN", "t")]).with_stores(Arc::new(Echo));
        let cx = Cx { host, base_dir: "".into(), in_template_file: false };
        let function = FUNCTIONS.iter().find(|function| function.name == name).unwrap();
        (function.call)(&cx, args)
    }

    #[test]
    fn vault_looks_into_data_when_there_is_one() {
        // FN-112
        let key = || Value::from("k");
        assert_eq!(asked("vault", &[r#"{"k": "v1"}"#.into(), key()]), Ok("v1".into()));
        assert_eq!(asked("vault", &[r#"{"data": {"k": "v2"}, "metadata": {}}"#.into(), key()]), Ok("v2".into()));
        for answer in [r#"{"data": null}"#, r#"{"k": 1}"#, "{}", "<html>"] {
            assert!(matches!(asked("vault", &[answer.into(), key()]), Err(CallError::Failed(_))), "{answer}");
        }
        let no_token = vault(&crate::functions::standing_still(), "a", "k").unwrap_err();
        assert!(matches!(no_token, CallError::Failed(reason) if reason.contains("VAULT_TOKEN")));
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
            assert_eq!(pick(secret, key).ok().as_deref(), expected, "{secret} {key}");
        }
    }

    #[test]
    fn empty_values_and_missing_clients_are_errors() {
        // FN-111
        assert!(matches!(asked("consul_key", &["".into()]), Err(CallError::Failed(_))));
        assert_eq!(asked("aws_secretsmanager_raw", &["{}".into()]), Ok("{}".into()));
        let function = FUNCTIONS.iter().find(|function| function.name == "consul_key").unwrap();
        assert!((function.call)(&crate::functions::standing_still(), &["a".into()]).is_err());
    }
}
