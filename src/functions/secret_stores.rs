//! Functions that ask a store of secrets: `vault`, `consul_key`, `aws_secretsmanager`.
//!
//! What an answer means is `gotemplate::stores`'s: templates of both languages ask.

use super::Shape::String as Text;
use super::{Function, Looks, nullable, param, text};
use crate::eval::CallError;
use crate::gotemplate::stores;
use crate::value::Value;

/// The functions of this family. What they give depends on a server, so that examples only show how a call fails.
pub const FUNCTIONS: &[Function] = &[
    Function {
        name: "vault",
        params: &[param("path", Text), param("key", Text)],
        rest: None,
        returns: Text,
        looks: Looks::Deep,
        call: |cx, args| answer(stores::vault(&cx.host, text(args, 0), text(args, 1))),
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
        call: |cx, args| answer(stores::consul(&cx.host, text(args, 0))),
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
        call: |cx, args| answer(stores::aws(&cx.host, text(args, 0), args[1].as_str().unwrap_or_default())),
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
        call: |cx, args| answer(stores::aws_raw(&cx.host, text(args, 0))),
        about: "The whole text that AWS Secrets Manager holds as the secret `name`.",
        examples: &[],
    },
];

fn answer(answer: Result<String, String>) -> Result<Value, CallError> {
    answer.map(Value::from).map_err(CallError::Failed)
}
