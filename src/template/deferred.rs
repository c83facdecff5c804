//! Provisioners and post-processors that wait for what the build will know.
//!
//! Runs nothing: decodes and prepares, first with placeholders, then with real values.

use std::sync::Arc;

use async_trait::async_trait;

use super::build_block::Step;
use super::check::Check;
use super::facts::{Facts, with_source};
use crate::component::{BuildData, Deferred, Instance, PrepareCx, Prepared, Problems};
use crate::diagnostics::{Diagnostic, Diagnostics, Span, did_you_mean};
use crate::eval::{NoFunctions, Scope, decode, implied_type, no_variables, placeholder, setting_span};
use crate::syntax::ast::Body;
use crate::value::convert::{ConvertError, convert};
use crate::value::overlay::overlaid;
use crate::value::schema::{BlockSchema, Nesting, Schema};
use crate::value::{Members, Type, Value};

/// A kind of component, opened, with the settings it takes.
pub struct Opened<C: ?Sized> {
    /// Makes components.
    pub instance: Arc<dyn Instance<C>>,
    /// What it takes.
    pub schema: Arc<Schema>,
}

impl<C: ?Sized> Clone for Opened<C> {
    fn clone(&self) -> Self {
        Opened { instance: Arc::clone(&self.instance), schema: Arc::clone(&self.schema) }
    }
}

/// A step of one build, with all that is needed to prepare it at any time.
pub struct Blueprint<C: ?Sized> {
    /// What its expressions see.
    pub facts: Arc<Facts>,
    /// The step as written.
    pub step: Arc<Step>,
    /// Its component.
    pub opened: Opened<C>,
    /// What it is told.
    pub cx: Arc<PrepareCx>,
    /// The object behind `source`.
    pub source: Value,
    /// The local name of the source, by which overrides are chosen.
    pub local_name: Arc<str>,
    /// What `build` holds before the build runs: its name, and placeholders.
    pub build: Arc<Members>,
}

impl<C: ?Sized + 'static> Blueprint<C> {
    /// Decodes its settings with what is known: `data` over the placeholders. What could not be read is unknown.
    pub fn settings(&self, data: Option<&BuildData>, diagnostics: &mut Diagnostics) -> Value {
        let mut build = Members::clone(&self.build);
        for (name, value) in data.into_iter().flatten() {
            build.insert(Arc::clone(name), value.clone());
        }
        let mut names = with_source(&self.step.bindings, &self.source);
        names.entry(Arc::from("build")).or_insert_with(|| Value::object(build));
        let scope = self.facts.scope();
        let scope = scope.within(&names);
        let mut settings = decode(&self.step.body, &self.opened.schema, &scope, self.step.header, diagnostics);
        if let Some((overrides, span)) = self.step.meta.overrides(&self.local_name) {
            settings = overridden(&settings, overrides, &self.opened.schema, span, diagnostics);
        }
        settings
    }

    /// Prepares it with placeholders, to check it; gives the settings that this saw.
    ///
    /// `doubtful`: something else of the template could not be read, so only what is wrong in any case is told.
    pub async fn check(&self, doubtful: bool, diagnostics: &mut Diagnostics) -> Option<(Value, Vec<String>)> {
        let mut found = Diagnostics::new();
        let settings = self.settings(None, &mut found);
        let check = Check {
            opened: &self.opened,
            cx: &self.cx,
            body: &self.step.body,
            header: self.step.header,
            summary: self.summary(),
            doubtful: doubtful || self.step.meta.is_broken,
        };
        let (prepared, settings) = check.run(settings, found, diagnostics).await?;
        Some((settings, prepared.warnings))
    }

    fn summary(&self) -> String {
        let name = self.step.meta.name.as_deref().unwrap_or_default();
        format!("Failed preparing {}-block {:?} {name:?}", self.step.sort, &*self.step.kind)
    }

    fn problems(&self, problems: Problems) -> Diagnostics {
        place(problems, &self.summary(), &self.step.body, self.step.header)
    }
}

#[async_trait]
impl<C: ?Sized + 'static> Deferred<C> for Blueprint<C> {
    async fn prepare(&self, data: &BuildData) -> crate::component::Result<Box<C>> {
        let mut found = Diagnostics::new();
        let settings = self.settings(Some(data), &mut found);
        if found.has_errors() {
            anyhow::bail!(self.facts.tell(&found));
        }
        match self.opened.instance.prepare(placeholder(&settings), &self.cx).await {
            Ok(Prepared { component, .. }) => Ok(component),
            Err(problems) => Err(anyhow::Error::msg(self.facts.tell(&self.problems(problems)))),
        }
    }
}

/// Gives each fault the place of its setting, or `whole` when that is not written anywhere. Warnings are for who checks.
pub fn place(problems: Problems, summary: &str, body: &Body, whole: Span) -> Diagnostics {
    let mut diagnostics = Diagnostics::new();
    for problem in problems.faults() {
        let span = setting_span(body, &problem.setting).unwrap_or(whole);
        diagnostics.push(Diagnostic::error(summary, problem.detail).at(span));
    }
    diagnostics
}

/// Returns `settings` with those of `overrides` laid over them, converted as the schema wants them (HCL-74).
fn overridden(
    settings: &Value,
    overrides: &Members,
    schema: &Schema,
    span: Span,
    diagnostics: &mut Diagnostics,
) -> Value {
    let mut members = settings.as_members().cloned().unwrap_or_default();
    // null leaves what the block itself says.
    for (name, value) in overrides.iter().filter(|(_, value)| !value.is_null()) {
        let value = if let Some(attribute) = schema.attribute(name) {
            weakly(value, &attribute.ty).unwrap_or_else(|error| {
                let detail = format!("Inappropriate value for attribute {name:?}: {}.", error.message);
                diagnostics.push(Diagnostic::error("Incorrect attribute value type", detail).at(span));
                Value::unknown(attribute.ty.clone())
            })
        } else if let Some(block) = schema.block(name) {
            nested(value, block, span, diagnostics)
        } else {
            let names = schema.attributes.iter().map(|a| &*a.name).chain(schema.blocks.iter().map(|b| &*b.name));
            let near = did_you_mean(name, names).map(|near| format!("Did you mean {near:?}?"));
            let detail = format!("An argument named {name:?} is not expected in this override.");
            diagnostics.push(Diagnostic::error("Unsupported argument", detail).at(span).hint(near));
            continue;
        };
        let value = members.get(name).map_or_else(|| value.clone(), |first| overlaid(first, &value));
        members.insert(Arc::clone(name), value);
    }
    Value::object(members)
}

/// Converts as the schema wants; where it wants a list, one value is a list of one.
fn weakly(value: &Value, ty: &Type) -> Result<Value, ConvertError> {
    let error = match convert(value, ty) {
        Ok(converted) => return Ok(converted),
        Err(error) => error,
    };
    match ty {
        Type::List(_) | Type::Set(_) if value.as_items().is_none() => {
            convert(&Value::tuple([value.clone()]), ty).map_err(|_| error)
        }
        _ => Err(error),
    }
}

/// Makes what nested blocks would have made out of an object, or a list of objects.
fn nested(value: &Value, block: &BlockSchema, span: Span, diagnostics: &mut Diagnostics) -> Value {
    let items = value.as_items().unwrap_or(std::slice::from_ref(value));
    let nothing = Scope::constants(no_variables(), &NoFunctions);
    let empty = decode(&Body::default(), &block.schema, &nothing, span, &mut Diagnostics::new());
    let mut values = Vec::with_capacity(items.len());
    for item in items.iter().filter(|item| !item.is_null()) {
        let Some(members) = item.as_members() else {
            let detail = format!("{:?} is a nested block: an object with its arguments is needed.", block.name);
            diagnostics.push(Diagnostic::error("Incorrect attribute value type", detail).at(span));
            continue;
        };
        values.push(overridden(&empty, members, &block.schema, span, diagnostics));
    }
    let inner = implied_type(&block.schema);
    match block.nesting {
        Nesting::Single => values.into_iter().next().unwrap_or_else(|| Value::null(inner)),
        Nesting::List if values.iter().all(|value| value.ty() == inner) => Value::list(inner, values),
        Nesting::List => Value::tuple(values),
        Nesting::Set => Value::set(inner, values),
    }
}
