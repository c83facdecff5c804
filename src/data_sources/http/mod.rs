//! `http`: asks a server, once, and gives its answer.
//!
//! Knows redirects and proxies as the reference's client does; what the answer means is the template's to say.

mod exchange;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;

use super::Kind;
use crate::component::config::Settings;
use crate::component::{Builtin, DataCx, DataSource, Output, Prepared, Problem, Problems, Result};
use crate::settings;
use crate::value::{Type, Value};

/// The methods that may be used; case counts (D-3).
const METHODS: [&str; 7] = ["HEAD", "GET", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"];

/// The `http` data source.
pub const KIND: Kind = Kind {
    component: Builtin {
        name: "http",
        about: "Asks a server for a text. An answer outside 200–299 is an error; up to nine redirects are followed, and \
                the proxies that HTTP_PROXY, HTTPS_PROXY and NO_PROXY tell are used.",
        plugin: None,
        schema: Config::schema,
        prepare: |settings, cx| {
            let config = Config::decode(settings, cx)?;
            config.check()?;
            Ok(Prepared { component: Box::new(Http { config }), warnings: Vec::new() })
        },
    },
    outputs: &[
        Output { name: "url", ty: || Type::String, about: "The address as it was given." },
        Output { name: "body", ty: || Type::String, about: "The text of the answer, at most 32 MiB." },
        Output {
            name: "request_headers",
            ty: || Type::map(Type::String),
            about: "The headers of the answer, in spite of the name; several values of one are joined with `, `.",
        },
    ],
};

settings! {
    /// Settings of the `http` data source.
    pub struct Config {
        /// The address to ask. Required.
        pub url: String,
        /// How to ask: `HEAD`, `GET`, `POST`, `PUT`, `DELETE`, `OPTIONS` or `PATCH`.
        pub method: String = "GET".to_owned(),
        /// Headers to send.
        pub request_headers: BTreeMap<String, String>,
        /// What to send.
        pub request_body: String,
    }
}

impl Config {
    /// Finds what is wrong before anybody is asked (D-3).
    fn check(&self) -> Result<(), Problems> {
        let mut problems = Problems::default();
        if self.url.is_empty() {
            problems.push(Problem::of("url", "the `url` must be specified"));
        }
        if !self.method.is_empty() && !METHODS.contains(&&*self.method) {
            let detail = format!("the `method` must be one of [{}]", METHODS.join(" "));
            problems.push(Problem::of("method", detail));
        }
        problems.or(())
    }
}

struct Http {
    config: Config,
}

#[async_trait]
impl DataSource for Http {
    fn asks(&self) -> Option<String> {
        Some(exchange::shown(&self.config.url))
    }

    async fn execute(&self, cx: &DataCx) -> Result<Value> {
        let answer = exchange::ask(&self.config, &cx.host).await?;
        let headers = answer.headers.into_iter().map(|(name, value)| (Arc::from(name), Value::from(value)));
        Ok(Value::object([
            ("url".into(), Value::string(&self.config.url)),
            ("body".into(), Value::from(answer.body)),
            ("request_headers".into(), Value::map(Type::String, headers)),
        ]))
    }
}
