//! The builders inside this program.
//!
//! Declares and lists them; each knows itself alone.

pub mod docker;
pub mod file;
pub mod null;

use crate::component::{Builder, Builtin};

/// A builder inside this program.
pub type Kind = Builtin<dyn Builder>;

/// Every builder of this program.
pub const ALL: &[&Kind] = &[&docker::KIND, &file::KIND, &null::KIND];

#[cfg(test)]
mod testing {
    //! What tests of builders share: an engine's side that writes down what it is given.

    use std::sync::{Arc, Mutex};

    use async_trait::async_trait;

    use super::Kind;
    use crate::component::{BuildData, Communicator, Hook, Result, RunCx, fake};
    use crate::value::Value;

    /// A hook that keeps the build data, and fails if told to.
    #[derive(Default)]
    pub struct Provisioned {
        /// What provisioners were told.
        pub data: Mutex<BuildData>,
        /// Why provisioning fails.
        pub failure: Option<&'static str>,
    }

    impl Provisioned {
        /// Returns the data of the last call.
        pub fn data(&self) -> BuildData {
            self.data.lock().unwrap().clone()
        }
    }

    #[async_trait]
    impl Hook for Provisioned {
        async fn provision(&self, _cx: &RunCx, _machine: Arc<dyn Communicator>, data: BuildData) -> Result<()> {
            *self.data.lock().unwrap() = data;
            self.failure.map_or(Ok(()), |reason| Err(anyhow::anyhow!(reason)))
        }
        async fn clean_up(&self, _cx: &RunCx, _machine: Arc<dyn Communicator>, _data: BuildData) -> Result<()> {
            Ok(())
        }
    }

    /// Returns what is wrong with these settings.
    pub fn problems_of(kind: &Kind, members: &[(&str, Value)]) -> Vec<String> {
        let value = Value::object(members.iter().map(|(name, value)| ((*name).into(), value.clone())));
        match (kind.prepare)(&value, &fake::prepare_cx(std::path::Path::new("/"))) {
            Ok(_) => Vec::new(),
            Err(problems) => problems.0.into_iter().map(|problem| problem.detail).collect(),
        }
    }
}
