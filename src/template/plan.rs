//! From a template to builds that can run: every component decoded, checked and prepared.
//!
//! Runs nothing; from its result on, nobody knows which language the template was written in.

use std::collections::HashMap;
use std::sync::Arc;

use super::build_block::{BuildBlock, Step, Use};
use super::check::Check;
use super::deferred::{Blueprint, Opened};
use super::facts::{Facts, source_object, with_source};
use super::plugins::Components;
use super::select::Selection;
use crate::component::{BuildInfo, Builder, Kinds, PostProcessor, PrepareCx, Provisioner};
use crate::diagnostics::{Diagnostic, Diagnostics, Span};
use crate::eval::{decode, references_of_body};
use crate::plan::{BUILD_FACTS, Build, Plan, PlanOptions, PostStep, ProvisionStep};
use crate::value::{Members, Type, Value};

/// What stands for a value that the build will know (HCL-93).
const PLACEHOLDER: &str = "<unknown>";

/// Prepares the builds of `blocks` that are wanted. There are none when the template `is_broken`, only more mistakes.
///
/// # Source
/// ENG-1 … ENG-13, HCL-93, CLI-37 … CLI-42.
pub async fn plan(
    facts: &Arc<Facts>,
    components: &Components,
    blocks: &[BuildBlock],
    options: &PlanOptions,
    is_broken: bool,
) -> Plan {
    let mut plan = Plan::default();
    let Some(selection) = Selection::new(&options.select, &mut plan.diagnostics) else { return plan };
    let mut planner = Planner {
        facts,
        components,
        options,
        selection,
        is_broken,
        builders: HashMap::new(),
        provisioners: HashMap::new(),
        post_processors: HashMap::new(),
    };
    for block in blocks {
        if block.uses.is_empty() && options.select.only.is_empty() {
            planner.without_source(block, &mut plan.diagnostics).await;
        }
        for usage in &block.uses {
            let name = full_name(block, usage);
            if !planner.selection.takes_build(&name) {
                continue;
            }
            match planner.build(block, usage, name.into(), &mut plan.diagnostics).await {
                Some(build) => plan.builds.push(build),
                None => plan.failed += 1,
            }
        }
    }
    if is_broken {
        // What names a build that could not be read meets nothing.
        plan.failed = (plan.failed + std::mem::take(&mut plan.builds).len()).max(1);
    } else {
        planner.selection.warn(&mut plan.diagnostics);
    }
    plan.diagnostics.sort();
    plan
}

/// Returns the name of a build (ENG-1).
fn full_name(block: &BuildBlock, usage: &Use) -> String {
    let name = format!("{}.{}", usage.kind, usage.local_name);
    if block.name.is_empty() { name } else { format!("{}.{name}", block.name) }
}

struct Planner<'a> {
    facts: &'a Arc<Facts>,
    components: &'a Components,
    options: &'a PlanOptions,
    selection: Selection,
    /// Whether some of what the builds share could not be read.
    is_broken: bool,
    builders: Cache<dyn Builder>,
    provisioners: Cache<dyn Provisioner>,
    post_processors: Cache<dyn PostProcessor>,
}

/// Kinds that were opened, by name.
type Cache<C> = HashMap<Arc<str>, Opened<C>>;

/// What the steps of one build share.
struct Shared {
    cx: Arc<PrepareCx>,
    source: Value,
    local_name: Arc<str>,
    build: Arc<Members>,
}

impl Planner<'_> {
    async fn build(
        &mut self,
        block: &BuildBlock,
        usage: &Use,
        full_name: Arc<str>,
        diagnostics: &mut Diagnostics,
    ) -> Option<Build> {
        let info = BuildInfo {
            full_name,
            label: Arc::clone(&usage.label),
            builder_type: Arc::clone(&usage.kind),
            legacy: None,
        };
        let cx = self.prepare_cx(info.clone());
        let source = source_object(&usage.kind, &usage.local_name);
        let builder = self.builder(usage, &source, &cx, diagnostics).await;
        let names = match &builder {
            Some((builder, _)) => builder.data_names().into_iter().map(Arc::from).collect(),
            // Nobody knows what it would have declared, so whatever is asked for may be right.
            None => mentioned_of_build(block),
        };
        let cx = Arc::new(cx);
        let shared = Shared { cx, source, local_name: Arc::clone(&usage.local_name), build: known(block, names) };
        let name = format!("{}.{}", usage.kind, usage.local_name);
        // Everything is looked at, so that one run tells all that is wrong with the build.
        let mut found = Diagnostics::new();
        let steps = self.steps(block, Some(&name), &shared, &mut found).await;
        let failed = found.has_errors();
        diagnostics.append(found);
        let ((builder, settings), (provision, on_error, post)) = (builder?, steps);
        (!failed).then_some(Build { info, builder, settings, provision, on_error, post })
    }

    fn prepare_cx(&self, build: BuildInfo) -> PrepareCx {
        let (host, secrets) = (self.facts.host.clone(), Arc::clone(&self.facts.secrets));
        PrepareCx { host, build, options: self.options.run, legacy: false, secrets }
    }

    /// Looks for mistakes in the steps of a block none of whose sources can be used.
    async fn without_source(&mut self, block: &BuildBlock, diagnostics: &mut Diagnostics) {
        let cx = Arc::new(self.prepare_cx(BuildInfo::default()));
        let unknown = |name| (Arc::from(name), Value::unknown(Type::String));
        let source = Value::object(["name", "type"].map(unknown));
        let build = known(block, mentioned_of_build(block));
        let shared = Shared { cx, source, local_name: Arc::from(""), build };
        self.steps(block, None, &shared, diagnostics).await;
    }

    /// Prepares the steps of `block` for the source called `name`; without one, all of them.
    async fn steps(
        &mut self,
        block: &BuildBlock,
        name: Option<&str>,
        shared: &Shared,
        diagnostics: &mut Diagnostics,
    ) -> (Vec<ProvisionStep>, Option<ProvisionStep>, Vec<Vec<PostStep>>) {
        let is_meant = |step: &&Arc<Step>| name.is_none_or(|name| !step.meta.skips(name));
        let mut provision = Vec::new();
        for step in block.provisioners.iter().filter(is_meant) {
            provision.extend(self.provisioner(step, shared, diagnostics).await);
        }
        let mut on_error = None;
        if let Some(step) = block.clean_up.as_ref().filter(is_meant) {
            on_error = self.provisioner(step, shared, diagnostics).await;
        }
        let mut post = Vec::new();
        for chain in &block.chains {
            let chain = self.chain(chain, name, shared, diagnostics).await;
            post.extend(Some(chain).filter(|chain| !chain.is_empty()));
        }
        (provision, on_error, post)
    }

    async fn builder(
        &mut self,
        usage: &Use,
        source: &Value,
        cx: &PrepareCx,
        diagnostics: &mut Diagnostics,
    ) -> Option<(Box<dyn Builder>, Value)> {
        let kinds = &self.components.registry.builders;
        let opened = open(&mut self.builders, kinds, &usage.kind, usage.header, diagnostics).await?;
        let names = with_source(&usage.bindings, source);
        let scope = self.facts.scope();
        let mut found = Diagnostics::new();
        let settings = decode(&usage.body, &opened.schema, &scope.within(&names), usage.header, &mut found);
        let check = Check {
            opened: &opened,
            cx,
            body: &usage.body,
            header: usage.header,
            summary: format!("Failed to prepare build: {:?}", &*cx.build.full_name),
            doubtful: self.is_broken,
        };
        let (prepared, settings) = check.run(settings, found, diagnostics).await?;
        warn(prepared.warnings, cx, usage.header, diagnostics);
        Some((prepared.component, self.options.kept(settings)))
    }

    async fn provisioner(
        &mut self,
        step: &Arc<Step>,
        shared: &Shared,
        diagnostics: &mut Diagnostics,
    ) -> Option<ProvisionStep> {
        let kinds = &self.components.registry.provisioners;
        let opened = open(&mut self.provisioners, kinds, &step.kind, step.header, diagnostics).await?;
        let blueprint = shared.blueprint(self.facts, step, opened);
        let (settings, warnings) = blueprint.check(self.is_broken, diagnostics).await?;
        warn(warnings, &shared.cx, step.header, diagnostics);
        Some(ProvisionStep {
            kind: Arc::clone(&step.kind),
            name: step.meta.name.clone(),
            provisioner: Box::new(blueprint),
            settings: self.options.kept(settings),
            wrap: step.meta.wrap,
        })
    }

    async fn chain(
        &mut self,
        steps: &[Arc<Step>],
        source: Option<&str>,
        shared: &Shared,
        diagnostics: &mut Diagnostics,
    ) -> Vec<PostStep> {
        let mut chain = Vec::new();
        for step in steps {
            // One that is left out by its own `only` or `except` does not end the chain (HCL-80), one that
            // the command line takes away does (CLI-41).
            if source.is_some_and(|source| step.meta.skips(source)) {
                continue;
            }
            if !self.selection.takes_post_processor(step.meta.name.as_ref().unwrap_or(&step.kind)) {
                break;
            }
            chain.extend(self.post_processor(step, shared, diagnostics).await);
        }
        chain
    }

    async fn post_processor(
        &mut self,
        step: &Arc<Step>,
        shared: &Shared,
        diagnostics: &mut Diagnostics,
    ) -> Option<PostStep> {
        let kinds = &self.components.registry.post_processors;
        let opened = open(&mut self.post_processors, kinds, &step.kind, step.header, diagnostics).await?;
        let blueprint = shared.blueprint(self.facts, step, opened);
        let (settings, warnings) = blueprint.check(self.is_broken, diagnostics).await?;
        warn(warnings, &shared.cx, step.header, diagnostics);
        Some(PostStep {
            kind: Arc::clone(&step.kind),
            name: step.meta.name.clone().unwrap_or_default(),
            post_processor: Box::new(blueprint),
            settings: self.options.kept(settings),
            keep_input: step.meta.keep_input,
        })
    }
}

impl Shared {
    fn blueprint<C: ?Sized>(&self, facts: &Arc<Facts>, step: &Arc<Step>, opened: Opened<C>) -> Blueprint<C> {
        Blueprint {
            facts: Arc::clone(facts),
            step: Arc::clone(step),
            opened,
            cx: Arc::clone(&self.cx),
            source: self.source.clone(),
            local_name: Arc::clone(&self.local_name),
            build: Arc::clone(&self.build),
        }
    }
}

/// Opens a kind once for the whole template.
async fn open<C: ?Sized + 'static>(
    cache: &mut Cache<C>,
    kinds: &Kinds<C>,
    name: &Arc<str>,
    span: Span,
    diagnostics: &mut Diagnostics,
) -> Option<Opened<C>> {
    if let Some(opened) = cache.get(name) {
        return Some(opened.clone());
    }
    match kinds.get(name)?.open().await {
        Ok(instance) => {
            let opened = Opened { schema: Arc::new(instance.schema()), instance };
            cache.insert(Arc::clone(name), opened.clone());
            Some(opened)
        }
        Err(error) => {
            let summary = format!("Cannot use the component {name:?}");
            diagnostics.push(Diagnostic::error(summary, format!("{error:#}.")).at(span));
            None
        }
    }
}

fn warn(warnings: Vec<String>, cx: &PrepareCx, span: Span, diagnostics: &mut Diagnostics) {
    for warning in warnings {
        let summary = format!("Warning when preparing build: {:?}", &*cx.build.full_name);
        diagnostics.push(Diagnostic::warning(summary, warning).at(span));
    }
}

/// Returns what `build` holds before the build runs: its name, and placeholders for `names` and what all builders know.
fn known(block: &BuildBlock, names: Vec<Arc<str>>) -> Arc<Members> {
    let names = BUILD_FACTS.into_iter().map(Arc::from).chain(names);
    let mut known: Members = names.map(|name| (name, Value::from(PLACEHOLDER))).collect();
    known.insert(Arc::from("name"), Value::string(&block.name));
    Arc::new(known)
}

/// Returns the names of `build` that the steps of `block` ask for.
fn mentioned_of_build(block: &BuildBlock) -> Vec<Arc<str>> {
    let steps = block.provisioners.iter().chain(&block.clean_up).chain(block.chains.iter().flatten());
    let references = steps.flat_map(|step| references_of_body(&step.body));
    references.filter(|one| &*one.root == "build").filter_map(|one| one.name(0).map(Arc::from)).collect()
}
