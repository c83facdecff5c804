//! Provisioners and post-processors of a legacy template: their options are final once they are prepared, and what a
//! running build knows reaches them when they run.
//!
//! Decodes nothing.

use std::sync::Arc;

use async_trait::async_trait;

use crate::component::{
    BuildData, Communicator, Deferred, Instance, PostProcessor, PrepareCx, Problems, Provisioner, Result, RunCx,
};
use crate::value::Value;

/// What stands for a value that a builder did not tell.
const UNTOLD: &str = "<unknown>";

/// A component with final settings.
pub struct Fixed<C: ?Sized> {
    /// Makes it.
    pub instance: Arc<dyn Instance<C>>,
    /// What it takes.
    pub settings: Value,
    /// What it is told.
    pub cx: PrepareCx,
}

impl<C: ?Sized> Fixed<C> {
    async fn made(&self) -> Result<Box<C>> {
        let prepared = self.instance.prepare(self.settings.clone(), &self.cx).await;
        prepared.map(|prepared| prepared.component).map_err(told)
    }
}

fn told(problems: Problems) -> anyhow::Error {
    let texts: Vec<String> = problems.faults().map(|one| one.detail).collect();
    anyhow::Error::msg(texts.join("\n"))
}

#[async_trait]
impl Deferred<dyn Provisioner> for Fixed<dyn Provisioner> {
    async fn prepare(&self, _data: &BuildData) -> Result<Box<dyn Provisioner>> {
        Ok(Box::new(Told(self.made().await?)))
    }
}

#[async_trait]
impl Deferred<dyn PostProcessor> for Fixed<dyn PostProcessor> {
    async fn prepare(&self, _data: &BuildData) -> Result<Box<dyn PostProcessor>> {
        self.made().await
    }
}

/// A provisioner that sees only what the builder told: anything else prints as `<no value>` (JSON-39).
struct Told(Box<dyn Provisioner>);

#[async_trait]
impl Provisioner for Told {
    async fn provision(&self, cx: &RunCx, machine: &Arc<dyn Communicator>, data: &BuildData) -> Result<()> {
        let mut told = data.clone();
        told.retain(|_, value| value.as_str() != Some(UNTOLD));
        self.0.provision(cx, machine, &told).await
    }
}
