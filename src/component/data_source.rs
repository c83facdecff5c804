//! What a data source is: something outside that is asked for values before any build begins.
//!
//! Unaware of templates, and of the order in which values are needed.

use std::sync::Arc;

use async_trait::async_trait;
use tokio_util::sync::CancellationToken;

use super::{Builtin, Instance, Kind, Plugin, PrepareCx, Prepared, Problems, Result};
use crate::host::Host;
use crate::value::schema::Schema;
use crate::value::{Type, Value};

/// Asks something outside for values.
#[async_trait]
pub trait DataSource: Send + Sync {
    /// Returns what it asks, for people who read that it failed: an address, without passwords.
    fn asks(&self) -> Option<String> {
        None
    }

    /// Asks, and returns the object of its outputs. It says nothing by itself, and leaves nothing behind.
    ///
    /// Dropped when the run is interrupted.
    ///
    /// # Errors
    /// Why there is no answer; people read it behind `Datasource.Execute failed: `.
    async fn execute(&self, cx: &DataCx) -> Result<Value>;
}

/// What a data source has at hand while it is executed.
#[derive(Clone)]
pub struct DataCx {
    /// The world.
    pub host: Host,
    /// Fires when the run is interrupted.
    pub cancel: CancellationToken,
}

/// A data source inside this program. Newcomers write a `const` of this.
pub struct BuiltinDataSource {
    /// What it has in common with other components.
    pub component: Builtin<dyn DataSource>,
    /// What it gives.
    pub outputs: &'static [Output],
}

/// One value that a data source gives.
pub struct Output {
    /// Its name: `data.TYPE.NAME.name`.
    pub name: &'static str,
    /// Makes its type.
    pub ty: fn() -> Type,
    /// A sentence for the docs.
    pub about: &'static str,
}

#[async_trait]
impl Kind<dyn DataSource> for &'static BuiltinDataSource {
    fn name(&self) -> &str {
        self.component.name
    }
    fn plugin(&self) -> Option<&'static Plugin> {
        self.component.plugin
    }
    async fn open(&self) -> Result<Arc<dyn Instance<dyn DataSource>>> {
        Ok(Arc::new(*self))
    }
}

#[async_trait]
impl Instance<dyn DataSource> for &'static BuiltinDataSource {
    fn schema(&self) -> Schema {
        (self.component.schema)()
    }
    fn output_type(&self) -> Type {
        Type::object(self.outputs.iter().map(|output| (Arc::from(output.name), (output.ty)())))
    }
    async fn prepare(&self, settings: Value, cx: &PrepareCx) -> Result<Prepared<dyn DataSource>, Problems> {
        (self.component.prepare)(&settings, cx)
    }
}
