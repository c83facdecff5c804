//! From a template to builds that can run: every component's options rendered, decoded, checked and prepared.
//!
//! Runs nothing; from its result on, nobody knows which language the template was written in.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use super::Legacy;
use super::deferred::Fixed;
use super::model::{Builder as Written, PostProcessor as PostWritten, Provisioner as StepWritten};
use super::variables::Values;
use super::weak::{Weak, place_of, placeholders, retries};
use crate::component::{
    BuildInfo, Builder, Instance, Kinds, PostProcessor, PrepareCx, Prepared, Provisioner, RunOptions,
};
use crate::diagnostics::{Diagnostic, Diagnostics, Span, did_you_mean};
use crate::gotemplate::{Engine, Fields};
use crate::plan::{BUILD_FACTS, Build, Plan, PlanOptions, PostStep, ProvisionStep, Wrap};
use crate::syntax::json::Member;
use crate::value::Value;
use crate::value::schema::Schema;

/// A template that fits itself, and whose variables have their values.
pub struct Ready<'a> {
    legacy: &'a Legacy,
    engine: Engine,
    /// Rendered name to builder, in the order of builds (JSON-21).
    builders: BTreeMap<String, &'a Written>,
    /// What keeps every build from being prepared.
    odd: Option<String>,
}

impl Legacy {
    /// Checks what no component is needed for, and finds the values of the variables. `None` comes with errors.
    ///
    /// # Source
    /// JSON-7 … JSON-20, JSON-31.
    pub fn ready(&self) -> (Option<Ready<'_>>, Diagnostics) {
        let mut diagnostics = Diagnostics::new();
        self.check(&mut diagnostics);
        let values = if diagnostics.has_errors() { Values::new() } else { self.values(&mut diagnostics) };
        if diagnostics.has_errors() {
            self.hide_written();
            diagnostics.sort();
            return (None, diagnostics);
        }
        let odd = self.odd_value(&values);
        let engine = self.engine(values);
        let mut builders = BTreeMap::new();
        for builder in &self.template.builders {
            let name = builder.name.as_ref().unwrap_or(&builder.kind);
            match engine.render(&name.text, &Fields::default()) {
                // Of two that become equal one is lost without a word, as people know it (JSON-20).
                Ok(rendered) => {
                    builders.entry(rendered).or_insert(builder);
                }
                Err(reason) => {
                    let detail = format!("Error interpolating builder {:?}: {reason}.", name.text);
                    diagnostics.push(Diagnostic::error("Invalid builder name", detail).at(name.span));
                }
            }
        }
        let failed = diagnostics.has_errors();
        (Some(Ready { legacy: self, engine, builders, odd }).filter(|_| !failed), diagnostics)
    }

    /// Returns what is wrong with the first value that cannot be rendered, in the order of names: all values travel
    /// with the options of every component (JSON-31).
    fn odd_value(&self, values: &Values) -> Option<String> {
        // There is a build where they are rendered.
        let (build_name, build_type) = ("build".to_owned(), "build".to_owned());
        let engine = Engine { build_name, build_type, ..self.engine(values.clone()) };
        let fails = |text: &str| text.contains("{{") && engine.render(text, &Fields::default()).is_err();
        let (name, value) = values.iter().filter(|(_, value)| fails(value)).min()?;
        let reason = engine.render(value, &Fields::default()).err()?;
        Some(format!("Error decoding config: invalid 'packer_user_variables': the variable {name:?}: {reason}."))
    }
}

impl Ready<'_> {
    /// Returns the `{{ }}` engine that knows the variables.
    pub fn engine(&self) -> &Engine {
        &self.engine
    }

    /// Prepares the builds that `options` want.
    ///
    /// # Source
    /// JSON-19 … JSON-35, CLI-43, CLI-44.
    pub async fn plan(&self, options: &PlanOptions) -> Plan {
        let mut plan = Plan::default();
        let select = &options.select;
        let mut planner = Planner { ready: self, options, opened: Opened::default() };
        for (name, builder) in &self.builders {
            let is_wanted = select.only.is_empty() || select.only.contains(name);
            if !is_wanted || select.except.contains(name) {
                continue;
            }
            match planner.build(name, builder, &mut plan.diagnostics).await {
                Some(build) => plan.builds.push(build),
                None => plan.failed += 1,
            }
        }
        // Builds tell the same of an unknown type in a step that they share.
        plan.diagnostics.sort();
        plan
    }
}

/// Kinds that were opened, by name, with their schemas.
type Cache<C> = HashMap<Arc<str>, (Arc<dyn Instance<C>>, Arc<Schema>)>;

#[derive(Default)]
struct Opened {
    builders: Cache<dyn Builder>,
    provisioners: Cache<dyn Provisioner>,
    post_processors: Cache<dyn PostProcessor>,
}

struct Planner<'a> {
    ready: &'a Ready<'a>,
    options: &'a PlanOptions,
    opened: Opened,
}

/// What the steps of one build share.
struct Shared<'a> {
    cx: PrepareCx,
    engine: Engine,
    fields: Fields,
    raw_name: &'a str,
    summary: String,
}

impl Planner<'_> {
    async fn build(&mut self, name: &str, written: &Written, diagnostics: &mut Diagnostics) -> Option<Build> {
        let kind: Arc<str> = written.kind.text.as_str().into();
        let full_name = if *name == *kind { kind.to_string() } else { format!("{kind}.{name}") };
        let legacy = self.ready.engine.legacy.clone();
        let info = BuildInfo {
            full_name: full_name.as_str().into(),
            label: name.into(),
            builder_type: Arc::clone(&kind),
            legacy,
        };
        let cx = self.prepare_cx(info.clone(), self.options.run);
        let summary = format!("Failed to prepare build: {full_name:?}");
        let mut found = Diagnostics::new();
        if let Some(reason) = &self.ready.odd {
            found.push(Diagnostic::error(summary.clone(), reason.clone()));
        }
        let (engine, no_fields) = (cx.engine(), Fields::default());
        let kinds = &self.ready.legacy.registry.builders;
        let opened = open(&mut self.opened.builders, kinds, Sort::Builder, &kind, written.kind.span, &mut found).await;
        let prepared = match &opened {
            Some((instance, schema)) => {
                let weak = Weak { engine: &engine, fields: &no_fields, summary: &summary, span: written.span };
                let settings = weak.decode(schema, &written.options, &[], &mut found);
                prepare(&**instance, settings, &weak, &cx, [&written.options, &[]], &mut found).await
            }
            None => None,
        };
        let names = prepared.as_ref().map(|(prepared, _)| prepared.component.data_names()).unwrap_or_default();
        let fields = placeholders(BUILD_FACTS.into_iter().chain(names));
        let shared = Shared { cx, engine, fields, raw_name: written.raw_name(), summary };
        let steps = self.steps(&shared, &mut found).await;
        let failed = found.has_errors();
        diagnostics.append(found);
        let ((prepared, settings), (provision, on_error, post)) = (prepared?, steps);
        if !failed {
            warn(prepared.warnings, &shared, written.span, diagnostics);
        }
        let builder = prepared.component;
        (!failed).then_some(Build { info, builder, settings: self.options.kept(settings), provision, on_error, post })
    }

    fn prepare_cx(&self, build: BuildInfo, options: RunOptions) -> PrepareCx {
        let legacy = self.ready.legacy;
        PrepareCx { host: legacy.host.clone(), build, options, legacy: true, secrets: Arc::clone(&legacy.secrets) }
    }

    async fn steps(
        &mut self,
        shared: &Shared<'_>,
        diagnostics: &mut Diagnostics,
    ) -> (Vec<ProvisionStep>, Option<ProvisionStep>, Vec<Vec<PostStep>>) {
        let template = &self.ready.legacy.template;
        let name = shared.raw_name;
        let mut provision = Vec::new();
        for step in template.provisioners.iter().filter(|step| !skips(&step.only, &step.except, name)) {
            provision.extend(self.provisioner(step, shared, diagnostics).await);
        }
        let mut on_error = None;
        if let Some(step) = &template.clean_up {
            // Its `only` and `except` mean nothing (JSON-27).
            on_error = self.provisioner(step, shared, diagnostics).await;
        }
        let mut post = Vec::new();
        for chain in &template.chains {
            let mut steps = Vec::new();
            for step in chain.iter().filter(|step| !skips(&step.only, &step.except, name)) {
                // One that the command line takes away ends its chain (CLI-44).
                if self.options.select.except.iter().any(|except| *except == step.raw_name()) {
                    break;
                }
                steps.extend(self.post_processor(step, shared, diagnostics).await);
            }
            post.extend(Some(steps).filter(|steps| !steps.is_empty()));
        }
        (provision, on_error, post)
    }

    async fn provisioner(
        &mut self,
        step: &StepWritten,
        shared: &Shared<'_>,
        diagnostics: &mut Diagnostics,
    ) -> Option<ProvisionStep> {
        let kinds = &self.ready.legacy.registry.provisioners;
        let kind: Arc<str> = step.kind.text.as_str().into();
        let cache = &mut self.opened.provisioners;
        let opened = open(cache, kinds, Sort::Provisioner, &kind, step.kind.span, diagnostics).await?;
        let later = step.overrides.iter().find(|one| one.builder.text == shared.raw_name);
        let later = later.map_or(&[][..], |one| &one.options);
        let wrap = wrap(step, shared, diagnostics);
        let fixed = fixed(opened, [later, &step.options], step.span, shared, diagnostics).await?;
        let settings = self.options.kept(fixed.settings.clone());
        Some(ProvisionStep { kind, name: None, provisioner: Box::new(fixed), settings, wrap: wrap? })
    }

    async fn post_processor(
        &mut self,
        step: &PostWritten,
        shared: &Shared<'_>,
        diagnostics: &mut Diagnostics,
    ) -> Option<PostStep> {
        let kinds = &self.ready.legacy.registry.post_processors;
        let kind: Arc<str> = step.kind.text.as_str().into();
        let cache = &mut self.opened.post_processors;
        let opened = open(cache, kinds, Sort::PostProcessor, &kind, step.kind.span, diagnostics).await?;
        let fixed = fixed(opened, [&[], &step.options], step.span, shared, diagnostics).await?;
        let settings = self.options.kept(fixed.settings.clone());
        Some(PostStep {
            kind,
            name: step.raw_name().into(),
            post_processor: Box::new(fixed),
            settings,
            keep_input: step.keep_input_artifact,
        })
    }
}

/// Decodes a step's options and has it prepared; `None` after errors. The first of `options` win over the second.
async fn fixed<C: ?Sized>(
    (instance, schema): (Arc<dyn Instance<C>>, Arc<Schema>),
    options: [&[Member]; 2],
    span: Span,
    shared: &Shared<'_>,
    diagnostics: &mut Diagnostics,
) -> Option<Fixed<C>> {
    let weak = Weak { engine: &shared.engine, fields: &shared.fields, summary: &shared.summary, span };
    let mut found = Diagnostics::new();
    let [later, first] = options;
    let settings = weak.decode(&schema, first, later, &mut found);
    let prepared = prepare(&*instance, settings, &weak, &shared.cx, options, &mut found).await;
    let failed = found.has_errors();
    diagnostics.append(found);
    let (prepared, settings) = prepared.filter(|_| !failed)?;
    warn(prepared.warnings, shared, span, diagnostics);
    Some(Fixed { instance, settings, cx: shared.cx.clone() })
}

/// Whether a step with these lists is not for the builder of this name, as it is written (JSON-20).
fn skips(only: &[super::model::Text], except: &[super::model::Text], name: &str) -> bool {
    let names = |list: &[super::model::Text]| list.iter().any(|one| one.text == name);
    if only.is_empty() { names(except) } else { !names(only) }
}

/// Returns what the engine puts around a provisioner; a pause leaves no place for a time limit (JSON-25).
fn wrap(step: &StepWritten, shared: &Shared<'_>, diagnostics: &mut Diagnostics) -> Option<Wrap> {
    let max_retries = match &step.max_retries {
        None => 0,
        Some(text) => match retries(text, &shared.engine) {
            Ok(count) => count,
            Err(reason) => {
                diagnostics.push(Diagnostic::error(shared.summary.clone(), reason).at(text.span));
                return None;
            }
        },
    };
    let timeout = Some(step.timeout).filter(|limit| !limit.is_zero() && step.pause_before.is_zero());
    Some(Wrap { pause_before: step.pause_before, timeout, max_retries, continue_on_error: false })
}

/// Prepares a component; each problem gets the place of its option, looked for in `options` one after the other.
async fn prepare<C: ?Sized>(
    instance: &dyn Instance<C>,
    settings: Value,
    weak: &Weak<'_>,
    cx: &PrepareCx,
    options: [&[Member]; 2],
    diagnostics: &mut Diagnostics,
) -> Option<(Prepared<C>, Value)> {
    if diagnostics.has_errors() {
        // What is missing may only be misspelt.
        return None;
    }
    match instance.prepare(settings.clone(), cx).await {
        Ok(prepared) => Some((prepared, settings)),
        Err(problems) => {
            let mut told = HashSet::new();
            for problem in problems.faults() {
                let place = options.iter().find_map(|options| place_of(options, &problem.setting));
                let place = place.unwrap_or(weak.span);
                let detail = match problem.setting.is_empty() || problem.detail.contains(&problem.setting.join(".")) {
                    true => problem.detail,
                    false => format!("'{}': {}", problem.setting.join("."), problem.detail),
                };
                if told.insert((place, detail.clone())) {
                    diagnostics.push(Diagnostic::error(weak.summary, detail).at(place));
                }
            }
            None
        }
    }
}

fn warn(warnings: Vec<String>, shared: &Shared<'_>, span: Span, diagnostics: &mut Diagnostics) {
    for warning in warnings {
        let summary = format!("Warning when preparing build: {:?}", &*shared.cx.build.full_name);
        diagnostics.push(Diagnostic::warning(summary, warning).at(span));
    }
}

/// The sorts of components.
#[derive(Clone, Copy)]
enum Sort {
    Builder,
    Provisioner,
    PostProcessor,
}

/// Opens a kind once for the whole template.
async fn open<C: ?Sized + 'static>(
    cache: &mut Cache<C>,
    kinds: &Kinds<C>,
    sort: Sort,
    name: &Arc<str>,
    span: Span,
    diagnostics: &mut Diagnostics,
) -> Option<(Arc<dyn Instance<C>>, Arc<Schema>)> {
    if let Some((instance, schema)) = cache.get(name) {
        return Some((Arc::clone(instance), Arc::clone(schema)));
    }
    let Some(kind) = kinds.get(name) else {
        diagnostics.push(unknown(sort, name, kinds.names(), span));
        return None;
    };
    match kind.open().await {
        Ok(instance) => {
            let schema = Arc::new(instance.schema());
            cache.insert(Arc::clone(name), (Arc::clone(&instance), Arc::clone(&schema)));
            Some((instance, schema))
        }
        Err(error) => {
            let summary = format!("Cannot use the component {name:?}");
            diagnostics.push(Diagnostic::error(summary, format!("{error:#}.")).at(span));
            None
        }
    }
}

fn unknown<'n>(sort: Sort, name: &str, known: impl Iterator<Item = &'n str>, span: Span) -> Diagnostic {
    let known: Vec<&str> = known.collect();
    let (summary, what) = match sort {
        Sort::Builder => (format!("Unknown source type {name}"), "builder"),
        Sort::Provisioner => (format!("Unknown provisioner type {name:?}"), "provisioner"),
        Sort::PostProcessor => (format!("Unknown post-processor type {name:?}"), "post-processor"),
    };
    let detail = format!("The {what} {name:?} is not built in, and this program does not run plugins yet.");
    let hint = match did_you_mean(name, known.iter().copied()) {
        Some(near) => format!("Did you mean to use {near:?}?"),
        None => format!("Built in are: {}.", known.join(", ")),
    };
    Diagnostic::error(summary, detail).at(span).hint(Some(hint))
}
