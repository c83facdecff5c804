//! Arguments that the core takes from the blocks of provisioners and post-processors before their component sees them.
//!
//! Knows no component.

use std::sync::Arc;
use std::time::Duration;

use super::shape::{Null, read, read_text};
use crate::component::duration;
use crate::diagnostics::{Diagnostic, Diagnostics, Span};
use crate::eval::{Scope, evaluate};
use crate::plan::Wrap;
use crate::syntax::ast::{Attribute, Block, Body};
use crate::value::{Members, Type, Value};

/// What the core takes from a provisioner's block (HCL-69).
pub const PROVISIONER: &[&str] =
    &["name", "pause_before", "timeout", "max_retries", "continue_on_error", "only", "except", "override"];

/// What the core takes from a post-processor's block (HCL-79).
pub const POST_PROCESSOR: &[&str] = &["name", "only", "except", "keep_input_artifact"];

/// The arguments of the core.
#[derive(Clone, Debug, Default)]
pub struct Meta {
    /// What the template calls it.
    pub name: Option<Arc<str>>,
    /// What the engine puts around a provisioner.
    pub wrap: Wrap,
    /// `keep_input_artifact`.
    pub keep_input: Option<bool>,
    /// The builds that it is for; empty: all, but those of `except`.
    pub only: Vec<Arc<str>>,
    /// The builds that it is not for.
    pub except: Vec<Arc<str>>,
    /// Whether one of them could not be read.
    pub is_broken: bool,
    /// Settings by the local name of a source, and where they stand.
    overrides: Option<(Members, Span)>,
}

impl Meta {
    /// Reads the arguments `names` of `block` in `scope`.
    ///
    /// # Source
    /// HCL-69 … HCL-75, HCL-79, TYP-34.
    pub fn read(block: &Block, names: &[&str], scope: &Scope<'_>, diagnostics: &mut Diagnostics) -> Meta {
        let mut meta = Meta::default();
        let mut found = Diagnostics::new();
        for attribute in block.body.attributes.iter().filter(|a| names.contains(&&*a.name.text)) {
            meta.take(attribute, scope, &mut found);
        }
        if !meta.only.is_empty() && !meta.except.is_empty() {
            let detail = "A block runs either in the builds that only names, or in all but those that except names.";
            let summary = "only one of 'only' or 'except' may be specified";
            found.push(Diagnostic::error(summary, detail).at(block.header));
        }
        meta.is_broken = found.has_errors();
        diagnostics.append(found);
        meta
    }

    fn take(&mut self, attribute: &Attribute, scope: &Scope<'_>, diagnostics: &mut Diagnostics) {
        let expr = &attribute.expr;
        let mut bool_of = |null| read(expr, &Type::Bool, null, scope, diagnostics).and_then(|value| value.as_bool());
        match &*attribute.name.text {
            "name" => self.name = read_text(expr, scope, diagnostics).filter(|name| !name.is_empty()),
            "continue_on_error" => self.wrap.continue_on_error = bool_of(Null::Refused).unwrap_or(false),
            "keep_input_artifact" => self.keep_input = bool_of(Null::Absent),
            // One that is over before it begins is none.
            "pause_before" => {
                self.wrap.pause_before = time(attribute, scope, diagnostics).flatten().unwrap_or_default()
            }
            "timeout" => self.wrap.timeout = limit(attribute, scope, diagnostics),
            "max_retries" => self.wrap.max_retries = count(attribute, scope, diagnostics).unwrap_or(0),
            "only" => self.only = texts(attribute, scope, diagnostics),
            "except" => self.except = texts(attribute, scope, diagnostics),
            "override" => self.overrides = overrides(attribute, scope, diagnostics),
            name => unreachable!("{name:?} is not an argument of the core"),
        }
    }

    /// Whether the block is left out of the build of `source`, a type with a local name: `null.a` (HCL-73).
    pub fn skips(&self, source: &str) -> bool {
        let names = |list: &[Arc<str>]| list.iter().any(|name| &**name == source);
        if self.only.is_empty() { names(&self.except) } else { !names(&self.only) }
    }

    /// Returns the settings that replace the block's own in the build of the source with this local name, if any,
    /// and where they stand (HCL-74).
    pub fn overrides(&self, local_name: &str) -> Option<(&Members, Span)> {
        let (by_name, span) = self.overrides.as_ref()?;
        Some((by_name.get(local_name)?.as_members()?, *span))
    }
}

/// Returns `body` without the arguments `names`.
pub fn without(body: &Body, names: &[&str]) -> Body {
    let mut rest = body.clone();
    rest.attributes.retain(|attribute| !names.contains(&&*attribute.name.text));
    rest
}

/// Returns the time that a provisioner has. A negative one is over at once.
fn limit(attribute: &Attribute, scope: &Scope<'_>, diagnostics: &mut Diagnostics) -> Option<Duration> {
    let limit = time(attribute, scope, diagnostics)?;
    Some(limit.unwrap_or(Duration::from_nanos(1))).filter(|limit| !limit.is_zero())
}

/// Reads a duration; `None` after an error, `Some(None)` for a negative one.
fn time(attribute: &Attribute, scope: &Scope<'_>, diagnostics: &mut Diagnostics) -> Option<Option<Duration>> {
    let text = read_text(&attribute.expr, scope, diagnostics)?;
    if text.is_empty() {
        return Some(Some(Duration::ZERO));
    }
    let positive = text.strip_prefix('-').filter(|rest| !rest.starts_with(['+', '-']));
    match duration::parse(positive.unwrap_or(&text)) {
        Ok(duration) if positive.is_some() && !duration.is_zero() => Some(None),
        Ok(duration) => Some(Some(duration)),
        Err(reason) => {
            let summary = format!("Failed to parse {} duration", attribute.name.text);
            let hint = "A duration is a number with a unit, such as \"90s\" or \"1h30m\".".to_owned();
            let problem = Diagnostic::error(summary, format!("{reason}.")).at(attribute.expr.span);
            diagnostics.push(problem.hint(Some(hint)));
            None
        }
    }
}

fn count(attribute: &Attribute, scope: &Scope<'_>, diagnostics: &mut Diagnostics) -> Option<i64> {
    let value = read(&attribute.expr, &Type::Number, Null::Refused, scope, diagnostics)?;
    let count = value.as_number().and_then(|number| number.as_i64());
    if count.is_none() {
        let detail = format!("{} must be a whole number.", attribute.name.text);
        diagnostics.push(Diagnostic::error("Unsuitable value type", detail).at(attribute.expr.span));
    }
    count
}

fn texts(attribute: &Attribute, scope: &Scope<'_>, diagnostics: &mut Diagnostics) -> Vec<Arc<str>> {
    let value = read(&attribute.expr, &Type::list(Type::String), Null::Absent, scope, diagnostics);
    let items = value.as_ref().and_then(|value| value.as_items()).unwrap_or_default();
    if items.iter().any(Value::is_null) {
        let detail = format!("Unsuitable value: {} holds names of sources, and null is none.", attribute.name.text);
        diagnostics.push(Diagnostic::error("Unsuitable value type", detail).at(attribute.expr.span));
    }
    items.iter().filter_map(|item| item.as_str()).map(Arc::from).collect()
}

fn overrides(attribute: &Attribute, scope: &Scope<'_>, diagnostics: &mut Diagnostics) -> Option<(Members, Span)> {
    let mut found = Diagnostics::new();
    let value = evaluate(&attribute.expr, scope, &mut found);
    let failed = found.has_errors();
    diagnostics.append(found);
    if failed || value.is_null() {
        return None;
    }
    let members = value.as_members().filter(|members| members.values().all(|member| member.as_members().is_some()));
    if members.is_none() {
        let detail = "It holds an object of settings for each local name of a source: { name = { setting = value } }.";
        let summary = "provisioner's override block must be an HCL object";
        diagnostics.push(Diagnostic::error(summary, detail).at(attribute.expr.span));
    }
    Some((members?.clone(), attribute.span))
}
