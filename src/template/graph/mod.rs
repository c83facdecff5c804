//! Locals and data sources, each evaluated after those it needs.
//!
//! Knows data sources by their trait alone. What cannot be evaluated is reported and unknown to those that need it;
//! everything else still is, so that one run tells all mistakes.

mod cycles;
mod depth;
mod edges;
mod run;
mod sequential;
mod source;

use std::collections::BTreeSet;
use std::sync::Arc;

use tokio_util::sync::CancellationToken;

use super::data::{DataBlock, DataBlocks};
use super::locals::{Local, Locals};
use super::plugins::Components;
use crate::diagnostics::{Diagnostics, SourceMap};
use crate::eval::Functions;
use crate::host::Host;
use crate::secrets::Secrets;
use crate::value::{Members, Value};
use edges::Graph;
use run::Engine;

/// How the values of a template are to be found.
#[derive(Clone, Debug, Default)]
pub struct EvaluateOptions {
    /// In which order.
    pub order: Order,
    /// What becomes of data sources.
    pub data_sources: DataSources,
    /// Fires when the run is interrupted: no data source is waited for any longer.
    pub cancel: CancellationToken,
}

/// The order of evaluation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// Each after those it needs (HCL-45).
    #[default]
    Needed,
    /// All data sources, which see no local, then all locals; neither more than ten deep (HCL-50).
    Sequential,
}

/// What becomes of data sources.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DataSources {
    /// They are executed.
    #[default]
    Execute,
    /// Their settings are checked; what they would give is unknown (HCL-54).
    LeaveUnknown,
}

/// What is evaluated, and what its expressions see.
pub struct Evaluation<'a> {
    /// The locals.
    pub locals: &'a Locals,
    /// The data sources.
    pub data: &'a DataBlocks,
    /// The other root names.
    pub roots: Members,
    /// The functions.
    pub functions: &'a dyn Functions,
    /// The components of the template.
    pub components: &'a Components,
    /// Where texts of sensitive locals go.
    pub secrets: &'a Arc<Secrets>,
    /// The world.
    pub host: &'a Host,
    /// The texts that places point into.
    pub sources: &'a SourceMap,
    /// Whether something around could not be read.
    pub is_broken: bool,
}

/// What came out.
pub struct Evaluated {
    /// The object behind `local`.
    pub locals: Value,
    /// The object behind `data`: an object of each type, with an object of each name.
    pub data: Value,
    /// Whether there is an order in which each comes after those it needs.
    pub has_order: bool,
    /// The locals that are unknown because something failed.
    pub failed: BTreeSet<Arc<str>>,
}

/// A local or a data source.
#[derive(Clone, Copy)]
enum Node<'a> {
    Local(&'a Arc<str>, &'a Local),
    Data(&'a (Arc<str>, Arc<str>), &'a DataBlock),
}

impl Node<'_> {
    /// Returns how error texts name it (HCL-46).
    fn name(&self) -> String {
        match self {
            Node::Local(name, _) => format!("local.{name}"),
            Node::Data((kind, name), _) => format!("{kind}.{name}"),
        }
    }
}

impl Evaluation<'_> {
    /// Evaluates everything once. Independent data sources are asked side by side.
    ///
    /// Data sources of a template without an order, or with mistakes of an earlier stage, are not executed.
    ///
    /// # Source
    /// HCL-44 … HCL-51, HCL-53 … HCL-56.
    pub async fn run(self, options: &EvaluateOptions, diagnostics: &mut Diagnostics) -> Evaluated {
        let locals = self.locals.iter().map(|(name, local)| Node::Local(name, local));
        let data = self.data.0.iter().map(|(key, block)| Node::Data(key, block));
        let nodes: Vec<Node<'_>> = locals.chain(data).collect();
        let mut graph = Graph::of(&nodes, options.order);
        let mut found = Diagnostics::new();
        match options.order {
            Order::Needed => {
                graph.report_missing(&nodes, &mut found);
                cycles::break_all(&mut graph, &nodes, self.sources, &mut found);
            }
            Order::Sequential => sequential::limit(&mut graph, &nodes, &mut found),
        }
        let has_order = !found.has_errors();
        diagnostics.append(found);
        let executes = options.data_sources == DataSources::Execute && has_order && !self.is_broken;
        let cancel = executes.then(|| options.cancel.clone());
        let mut engine = Engine::new(&self, &nodes, graph, cancel, options.order).await;
        match options.order {
            Order::Needed => engine.run(|_| true, diagnostics).await,
            Order::Sequential => {
                engine.run(|node| matches!(node, Node::Data(..)), diagnostics).await;
                engine.run(|node| matches!(node, Node::Local(..)), diagnostics).await;
            }
        }
        let failed = engine.failed_locals();
        let (locals, data) = engine.into_values();
        self.locals.register(&locals, self.secrets);
        Evaluated { locals, data, has_order, failed }
    }
}
