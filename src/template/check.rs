//! Prepares a component for the first time, to find what is wrong with its settings.
//!
//! Knows no component. A problem that may only follow from another mistake is left for the next run.

use super::deferred::{Opened, place};
use crate::component::{PrepareCx, Prepared, Problem, Problems};
use crate::diagnostics::{Diagnostic, Diagnostics, Span, did_you_mean};
use crate::eval::placeholder;
use crate::syntax::ast::Body;
use crate::value::schema::Schema;
use crate::value::{Members, Value};

/// Settings as they are written.
pub struct Check<'a, C: ?Sized> {
    /// Takes them.
    pub opened: &'a Opened<C>,
    /// What the component is told beside them.
    pub cx: &'a PrepareCx,
    /// Where they are written.
    pub body: &'a Body,
    /// The place of what is written nowhere.
    pub header: Span,
    /// What a problem is headed with.
    pub summary: String,
    /// Whether something around them could not be read.
    pub doubtful: bool,
}

impl<C: ?Sized + 'static> Check<'_, C> {
    /// Prepares the component with `settings`, in which the unknown gets a stand-in, and adds what is wrong to `found`,
    /// the mistakes in the settings so far. `None` when there are any.
    pub async fn run(
        &self,
        settings: Value,
        mut found: Diagnostics,
        diagnostics: &mut Diagnostics,
    ) -> Option<(Prepared<C>, Value)> {
        let failed = found.has_errors();
        let seen = if failed { with_misspelt(settings, self.body, &self.opened.schema) } else { settings };
        let settings = placeholder(&seen);
        let prepared = self.opened.instance.prepare(settings.clone(), self.cx).await;
        let prepared = prepared.map_err(|problems| match failed || self.doubtful {
            true => self.certain(problems, &seen, failed),
            false => problems,
        });
        let result = match prepared {
            Ok(prepared) => (!failed).then_some((prepared, settings)),
            Err(problems) => {
                warn(problems.warnings(), self.cx, self.header, &mut found);
                found.append(place(problems, &self.summary, self.body, self.header));
                None
            }
        };
        diagnostics.append(found);
        result
    }

    /// Returns the problems that would be there without the other mistakes.
    ///
    /// A setting that is written and known is wrong in itself. A component as a whole, or a setting that is absent, may
    /// be so only because something else is misspelt or unknown.
    fn certain(&self, problems: Problems, settings: &Value, failed: bool) -> Problems {
        let members = settings.as_members();
        let is_known = |name: &str| members.and_then(|all| all.get(name)).is_none_or(Value::is_wholly_known);
        let is_written = |name: &str| self.body.attribute(name).is_some() || self.body.blocks_of(name).next().is_some();
        let whole = !failed && settings.is_wholly_known();
        let holds = |name: &str| is_known(name) && (whole || is_written(name));
        let certain = |one: &Problem| one.setting.first().map_or(whole, |name| holds(name));
        Problems(problems.0.into_iter().filter(certain).collect())
    }
}

/// Tells what a component has to say about its settings (ENG-13).
pub fn warn(warnings: Vec<String>, cx: &PrepareCx, span: Span, diagnostics: &mut Diagnostics) {
    for warning in warnings {
        let summary = format!("Warning when preparing build: {:?}", &*cx.build.full_name);
        diagnostics.push(Diagnostic::warning(summary, warning).at(span));
    }
}

/// Returns `settings` with those unknown that a misspelt argument was probably meant for, so that no setting misses them.
fn with_misspelt(settings: Value, body: &Body, schema: &Schema) -> Value {
    let Some(members) = settings.as_members() else { return settings };
    let misspelt = body.attributes.iter().filter(|attribute| schema.attribute(&attribute.name.text).is_none());
    let names = || schema.attributes.iter().map(|attribute| &*attribute.name);
    let meant = misspelt.filter_map(|attribute| schema.attribute(did_you_mean(&attribute.name.text, names())?));
    let absent = meant.filter(|meant| members.get(&*meant.name).is_some_and(Value::is_null));
    let unknown: Members = absent.map(|meant| (meant.name.as_str().into(), Value::unknown(meant.ty.clone()))).collect();
    if unknown.is_empty() {
        return settings;
    }
    let mut members = members.clone();
    members.extend(unknown);
    Value::object(members)
}
