//! Clients of the stores that hold secrets: Vault, Consul, AWS Secrets Manager.
//!
//! Unaware of functions and templates: a name goes in, a text comes out.

#[cfg(feature = "amazon")]
mod amazon;
mod consul;
mod http;
#[cfg(test)]
mod testing;
mod vault;

use crate::host::{Host, SecretStores, Store};

/// The clients, with whatever the environment says of each store. Nothing is set up before the first question.
pub struct Clients;

impl SecretStores for Clients {
    fn read(&self, host: &Host, store: Store, name: &str) -> Result<String, String> {
        let ask = async {
            match store {
                Store::Vault => vault::read(host, name).await,
                Store::Consul => consul::read(host, name).await,
                #[cfg(feature = "amazon")]
                Store::AwsSecretsManager => amazon::read(host, name).await,
                #[cfg(not(feature = "amazon"))]
                Store::AwsSecretsManager => Err(
                    "this program was built without its `amazon` feature, which has the client of AWS Secrets Manager"
                        .to_owned(),
                ),
            }
        };
        // Evaluation is plain code, which may stand on a thread of a runtime: there nothing else may be waited for.
        std::thread::scope(|scope| scope.spawn(|| wait(ask)).join())
            .unwrap_or_else(|_| Err("the client failed".to_owned()))
    }
}

fn wait(ask: impl Future<Output = Result<String, String>>) -> Result<String, String> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.map_err(|error| format!("cannot start a client: {error}"))?.block_on(ask)
}
