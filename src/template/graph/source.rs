//! One data source: decoded, prepared, and executed if that is wanted.
//!
//! Knows neither the other data sources nor what waits for it.

use std::sync::Arc;

use tokio_util::sync::CancellationToken;

use super::super::check::Check;
use super::super::data::DataBlock;
use super::super::deferred::Opened;
use crate::component::{DataCx, DataSource, PrepareCx};
use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::eval::{Scope, decode};
use crate::syntax::ast::Body;
use crate::value::convert::convert;
use crate::value::{Type, Value};

/// A data source that waits for its turn.
pub struct Request<'a> {
    /// Its number among the nodes.
    pub node: usize,
    /// Its type and name.
    pub key: &'a (Arc<str>, Arc<str>),
    /// As it was written.
    pub block: &'a DataBlock,
    /// The line that its block begins in.
    pub header_line: String,
    /// What answers.
    pub opened: Opened<dyn DataSource>,
    /// What it is told when it is prepared.
    pub cx: PrepareCx,
    /// Ends its execution; `None`: it is not executed.
    pub cancel: Option<CancellationToken>,
    /// Whether something around it could not be read.
    pub doubtful: bool,
}

/// What became of a data source.
pub struct Answer {
    /// Its number among the nodes.
    pub node: usize,
    /// Its outputs; unknown after an error, or when it was not executed.
    pub value: Value,
    /// What is wrong.
    pub diagnostics: Diagnostics,
}

impl Request<'_> {
    /// Returns its settings and what is wrong with them.
    ///
    /// # Source
    /// HCL-53.
    pub fn settings(&self, scope: &Scope<'_>) -> (Value, Diagnostics) {
        let mut found = Diagnostics::new();
        let mut body = Body { span: self.block.body.span, ..self.block.body.clone() };
        for block in body.blocks.extract_if(.., |block| &*block.kind.text == "dynamic") {
            let detail = "Blocks of type \"dynamic\" are not expected in data sources.";
            let problem = Diagnostic::error("Unsupported block type", detail).at(block.kind.span);
            found.push(problem.within(block.header));
        }
        let settings = decode(&body, &self.opened.schema, scope, self.block.header, &mut found);
        (settings, found)
    }

    /// Prepares it with `settings`, in which `found` is wrong, and executes it.
    ///
    /// # Source
    /// HCL-54, HCL-55.
    pub async fn run(self, settings: Value, found: Diagnostics) -> Answer {
        let mut diagnostics = Diagnostics::new();
        let ty = self.opened.instance.output_type();
        let (kind, name) = self.key;
        let check = Check {
            opened: &self.opened,
            cx: &self.cx,
            body: &self.block.body,
            header: self.block.header,
            summary: format!("Failed to prepare data source: \"{kind}.{name}\""),
            // What another data source will give is wrong only when it is there.
            doubtful: self.doubtful || !settings.is_wholly_known(),
        };
        let prepared = check.run(settings, found, &mut diagnostics).await;
        let mut value = Value::unknown(ty.clone());
        if let Some((prepared, _)) = prepared {
            for warning in prepared.warnings {
                let summary = format!("Warning when preparing data source: \"{kind}.{name}\"");
                diagnostics.push(Diagnostic::warning(summary, warning).at(self.block.header));
            }
            if let Some(cancel) = &self.cancel {
                match self.execute(&*prepared.component, &ty, cancel).await {
                    Ok(outputs) => value = outputs,
                    Err(problem) => diagnostics.push(problem.at(self.block.header)),
                }
            }
        }
        Answer { node: self.node, value, diagnostics }
    }

    async fn execute(
        &self,
        source: &dyn DataSource,
        ty: &Type,
        cancel: &CancellationToken,
    ) -> Result<Value, Diagnostic> {
        let (kind, name) = self.key;
        let cx = DataCx { host: self.cx.host.clone(), cancel: cancel.clone() };
        let result = tokio::select! {
            biased;
            () = cancel.cancelled() => Err(anyhow::anyhow!("context canceled")),
            result = source.execute(&cx) => result,
        };
        let outputs = result.map_err(|error| {
            // An address that is computed, or stands further down, is not in the line that is shown.
            let asked = source.asks().filter(|asked| !self.header_line.contains(asked.as_str()));
            let asked = asked.map(|asked| format!(" was asked for {asked:?} and")).unwrap_or_default();
            let detail = format!("The data source {kind}.{name}{asked} gave no values.");
            Diagnostic::error(format!("Datasource.Execute failed: {error:#}"), detail)
        })?;
        if outputs.is_null() || !outputs.is_known() {
            let detail = format!("The data source {kind}.{name} gave no values, and no reason.");
            return Err(Diagnostic::error("empty value", detail));
        }
        convert(&outputs, ty).map_err(|error| {
            let detail = format!("The data source {kind}.{name} gave values of another type: {}.", error.message);
            Diagnostic::error("Incorrect value of a data source", detail)
        })
    }
}
