//! Where secrets are kept outside of templates: which stores there are, and what a client of them can do.
//!
//! Knows no client; `commands` brings one.

use super::Host;

/// A store of secrets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Store {
    /// HashiCorp Vault: a name is the path of a secret, and its text is a JSON object with all of its keys.
    Vault,
    /// The key-value store of Consul: a name is a key, and its text is the value.
    Consul,
    /// AWS Secrets Manager: a name is the name or ARN of a secret, and its text is the current version.
    AwsSecretsManager,
}

/// A client of all stores.
pub trait SecretStores: Send + Sync {
    /// Returns the text that `store` holds under `name`.
    ///
    /// Addresses, tokens and certificates come from the environment of `host`, by the names the stores' own tools read.
    /// Waits for the answer; nothing is set up before the first call.
    ///
    /// # Errors
    /// In a sentence without a dot at its end: what is missing in the environment, who could not be reached, that there is
    /// no such name. Tokens are never in it.
    fn read(&self, host: &Host, store: Store, name: &str) -> Result<String, String>;
}
