//! `null`: gives back what it is given, to try out templates with data sources.

use async_trait::async_trait;

use super::Kind;
use crate::component::config::Settings;
use crate::component::{Builtin, DataCx, DataSource, Output, Prepared, Problem, Problems, Result};
use crate::settings;
use crate::value::{Type, Value};

/// The `null` data source.
pub const KIND: Kind = Kind {
    component: Builtin {
        name: "null",
        about: "Gives back its input, to try out templates with data sources.",
        plugin: None,
        schema: Config::schema,
        prepare: |settings, cx| {
            let Config { input } = Config::decode(settings, cx)?;
            let Some(input) = input else {
                return Err(Problems(vec![Problem::whole("the `input` must be specified")]));
            };
            Ok(Prepared { component: Box::new(Null { input }), warnings: Vec::new() })
        },
    },
    outputs: &[Output { name: "output", ty: || Type::String, about: "What `input` is." }],
};

settings! {
    /// Settings of the `null` data source.
    pub struct Config {
        /// What becomes the output. Required.
        pub input: Option<String>,
    }
}

struct Null {
    input: String,
}

#[async_trait]
impl DataSource for Null {
    async fn execute(&self, _cx: &DataCx) -> Result<Value> {
        Ok(Value::object([("output".into(), Value::string(&self.input))]))
    }
}
