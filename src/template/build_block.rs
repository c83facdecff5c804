//! `build` blocks: which sources they use, how, and what happens to the machines and artifacts.
//!
//! Decodes no component's settings: their bodies are kept as they were written.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::facts::Facts;
use super::hcp::{Registry, Stands};
use super::meta::{self, Meta};
use super::plugins::{Components, Sort};
use super::shape::{Null, Shape, has_labels, is_identifier, read, read_text};
use crate::diagnostics::{Diagnostic, Diagnostics, Span, did_you_mean};
use crate::eval::{Expanded, NoFunctions, Reference, Scope, blocks, no_variables, references};
use crate::syntax::ast::{Attribute, Block, Body, Expr, ExprKind, Ident};
use crate::value::{Members, Type, Value};

const BUILD: Shape = Shape {
    attributes: &["name", "description", "sources"],
    blocks: &[
        "source",
        "provisioner",
        "error-cleanup-provisioner",
        "post-processor",
        "post-processors",
        "hcp_packer_registry",
        "from",
    ],
    elsewhere: &[(
        &["variable", "variables", "locals", "local", "packer", "build"],
        "It belongs outside of the build block.",
    )],
};
const POST_PROCESSORS: Shape = Shape { attributes: &[], blocks: &["post-processor"], elsewhere: &[] };

/// The `source` blocks of a template by `type.name`.
pub type Sources = BTreeMap<String, Arc<Block>>;

/// One build block.
pub struct BuildBlock {
    /// The block's header.
    pub header: Span,
    /// Its name; empty when it has none.
    pub name: Arc<str>,
    /// What it says of itself; empty when it says nothing.
    pub description: Arc<str>,
    /// The sources it uses, those of `sources` first (HCL-65).
    pub uses: Vec<Use>,
    /// Provisioners in order.
    pub provisioners: Vec<Arc<Step>>,
    /// The error-cleanup-provisioner.
    pub clean_up: Option<Arc<Step>>,
    /// Whether an error-cleanup-provisioner is written, one that can be used or not.
    cleans_up: bool,
    /// Whether it says where its images are published.
    publishes: bool,
    /// Chains of post-processors in order.
    pub chains: Vec<Vec<Arc<Step>>>,
    /// Whether something of it could not be read.
    pub is_broken: bool,
}

/// One use of a source in a build.
pub struct Use {
    /// The builder's type.
    pub kind: Arc<str>,
    /// The source's own name (ENG-3).
    pub label: Arc<str>,
    /// The name of this use: `source.name`.
    pub local_name: Arc<str>,
    /// What the builder is prepared with: the source's body, and what the use adds.
    pub body: Arc<Body>,
    /// Names that a `dynamic` block gives it.
    pub bindings: Members,
    /// The source block's header.
    pub header: Span,
}

/// A provisioner or post-processor as it was written.
pub struct Step {
    /// Whether it is a provisioner or a post-processor.
    pub sort: Sort,
    /// Its type.
    pub kind: Arc<str>,
    /// What the core takes from it.
    pub meta: Meta,
    /// The settings of its component.
    pub body: Body,
    /// Names that a `dynamic` block gives it.
    pub bindings: Members,
    /// The block's header.
    pub header: Span,
}

/// Collects the `source` blocks; the same type and name twice is an error (HCL-58).
pub fn sources<'a>(blocks: impl Iterator<Item = &'a Block>, diagnostics: &mut Diagnostics) -> Sources {
    let mut sources = Sources::new();
    for block in blocks.filter(|block| block.labels.len() == 2) {
        let name = format!("{}.{}", block.labels[0].text, block.labels[1].text);
        if sources.contains_key(&name) {
            let detail = format!("The source {name} was already defined; each pair of type and name is defined once.");
            diagnostics.push(Diagnostic::error("Duplicate source block", detail).at(block.header));
            continue;
        }
        sources.insert(name, Arc::new(block.clone()));
    }
    sources
}

/// What is needed to read a build block.
pub struct Reading<'a> {
    /// What its expressions see.
    pub facts: &'a Facts,
    /// The sources it may use.
    pub sources: &'a Sources,
    /// The components it may use; `None`: whichever it names, to look at.
    pub components: Option<&'a Components>,
    /// Where builds are to be published.
    pub registry: Registry,
}

impl Reading<'_> {
    /// Reads a build block; what cannot be read is reported and left out.
    ///
    /// # Source
    /// HCL-61 … HCL-80, HCL-84, HCL-100.
    pub fn build(&mut self, block: &Block, diagnostics: &mut Diagnostics) -> BuildBlock {
        let mut found = Diagnostics::new();
        let mut build = self.read(block, &mut found);
        build.is_broken = found.has_errors();
        diagnostics.append(found);
        build
    }

    fn read(&mut self, block: &Block, diagnostics: &mut Diagnostics) -> BuildBlock {
        let scope = self.facts.scope();
        let body = &block.body;
        BUILD.check_attributes(&body.attributes, diagnostics);
        let mut text = |name| body.attribute(name).and_then(|a: &Attribute| read_text(&a.expr, &scope, diagnostics));
        let name = text("name").unwrap_or_default();
        let description = text("description").unwrap_or_default();
        let mut build = BuildBlock {
            header: block.header,
            name,
            description,
            uses: Vec::new(),
            provisioners: Vec::new(),
            clean_up: None,
            cleans_up: false,
            publishes: false,
            chains: Vec::new(),
            is_broken: false,
        };
        let before = diagnostics.len();
        if let Some(sources) = body.attribute("sources") {
            self.listed(sources, &scope, &mut build, diagnostics);
        }
        // Meta-arguments know the name of the build block and nothing else of it (HCL-75).
        let own = Value::object([(Arc::from("name"), Value::string(&build.name))]);
        let own = Members::from([(Arc::from("build"), own)]);
        let inner = scope.within(&own);
        let mut nested = false;
        self.elements_that_failed(body, diagnostics);
        for mut expanded in blocks(body, &scope, diagnostics) {
            let is_known = BUILD.check_block(&expanded.block, diagnostics);
            if !is_known {
                BUILD.mend(&mut expanded.block);
            }
            if is_known || BUILD.blocks.contains(&&*expanded.block.kind.text) {
                nested |= &*expanded.block.kind.text == "source";
                self.nested(expanded, &scope, &inner, &mut build, diagnostics);
            }
        }
        if build.uses.is_empty() && !nested && diagnostics.len() == before {
            let detail =
                "A build uses at least one source: name it in sources = [\"type.name\"], or in a source block.";
            diagnostics.push(Diagnostic::error("missing source reference", detail).at(block.header));
        }
        build
    }

    /// Reports the `dynamic` blocks whose elements come from a local without a value: nobody knows what they make.
    fn elements_that_failed(&self, body: &Body, diagnostics: &mut Diagnostics) {
        let elements = body.blocks_of("dynamic").filter_map(|block| block.body.attribute("for_each"));
        for attribute in elements {
            let references = references(&attribute.expr);
            let failed = |one: &&Reference| {
                &*one.root == "local" && self.facts.failed.iter().any(|name| one.name(0) == Some(&**name))
            };
            if let Some(reference) = references.iter().find(failed) {
                let detail = format!("{reference} could not be evaluated, so it is not known which blocks to make.");
                diagnostics.push(Diagnostic::error("Unsupported attribute", detail).at(attribute.expr.span));
            }
        }
    }

    /// Reads the sources named in a list.
    fn listed(&self, list: &Attribute, scope: &Scope<'_>, build: &mut BuildBlock, diagnostics: &mut Diagnostics) {
        let ty = Type::list(Type::String);
        let bare: Vec<_> = references(&list.expr).into_iter().filter(|one| &*one.root == "source").collect();
        for reference in &bare {
            let detail = "A source is named by a text here.";
            let hint = format!("Write it in quotes: \"{reference}\".");
            let problem = Diagnostic::error("Unknown variable", detail).at(reference.span);
            diagnostics.push(problem.hint(Some(hint)));
            if let Some((source, kind, label)) = self.find(&reference.to_string(), reference.span, diagnostics) {
                self.add_use(source, kind, label, None, Members::new(), build, reference.span, diagnostics);
            }
        }
        if !bare.is_empty() {
            return;
        }
        // As in the reference, null is no list at all here, and no mistake.
        let Some(value) = read(&list.expr, &ty, Null::Absent, scope, diagnostics) else { return };
        for (index, item) in value.as_items().unwrap_or_default().iter().enumerate() {
            let span = item_span(&list.expr, index);
            if !names_a_source(item.as_str().unwrap_or_default()) {
                diagnostics.push(no_source(item.as_str().unwrap_or_default(), span));
                continue;
            }
            let Some((source, kind, label)) = self.find(item.as_str().unwrap_or_default(), span, diagnostics) else {
                continue;
            };
            self.add_use(source, kind, label, None, Members::new(), build, span, diagnostics);
        }
    }

    fn nested(
        &mut self,
        expanded: Expanded,
        scope: &Scope<'_>,
        inner: &Scope<'_>,
        build: &mut BuildBlock,
        diagnostics: &mut Diagnostics,
    ) {
        let block = &expanded.block;
        match &*block.kind.text {
            "source" if has_labels(block, &["reference"], diagnostics) => {
                self.used(&expanded, build, diagnostics);
            }
            "provisioner" if has_labels(block, &["type"], diagnostics) => {
                let step = self.step(&expanded, meta::PROVISIONER, Sort::Provisioner, inner, diagnostics);
                build.provisioners.extend(step);
            }
            "error-cleanup-provisioner" if has_labels(block, &["type"], diagnostics) => {
                if std::mem::replace(&mut build.cleans_up, true) {
                    let detail = "A build has one error-cleanup-provisioner at most, and another one stands above.";
                    let summary = "Only one error-cleanup-provisioner is allowed";
                    diagnostics.push(Diagnostic::error(summary, detail).at(block.header));
                    return;
                }
                build.clean_up = self.step(&expanded, meta::PROVISIONER, Sort::Provisioner, inner, diagnostics);
            }
            "post-processor" if has_labels(block, &["type"], diagnostics) => {
                let step = self.step(&expanded, meta::POST_PROCESSOR, Sort::PostProcessor, inner, diagnostics);
                build.chains.push(Vec::from_iter(step));
            }
            "post-processors" if has_labels(block, &[], diagnostics) => {
                POST_PROCESSORS.check_attributes(&block.body.attributes, diagnostics);
                let around = inner.within(&expanded.bindings);
                let mut chain = Vec::new();
                for mut member in blocks(&block.body, &around, diagnostics) {
                    if !POST_PROCESSORS.check_block(&member.block, diagnostics) {
                        POST_PROCESSORS.mend(&mut member.block);
                    }
                    if !POST_PROCESSORS.blocks.contains(&&*member.block.kind.text)
                        || !has_labels(&member.block, &["type"], diagnostics)
                    {
                        continue;
                    }
                    for (name, value) in &expanded.bindings {
                        member.bindings.entry(Arc::clone(name)).or_insert_with(|| value.clone());
                    }
                    chain.extend(self.step(&member, meta::POST_PROCESSOR, Sort::PostProcessor, inner, diagnostics));
                }
                build.chains.push(chain);
            }
            "hcp_packer_registry" => {
                let around = scope.within(&expanded.bindings);
                let twice = std::mem::replace(&mut build.publishes, true);
                self.registry.read(block, Stands::InBuild, twice, &around, diagnostics);
            }
            "from" => {
                has_labels(block, &["type"], diagnostics);
            }
            _ => {}
        }
    }

    /// Reads a nested `source` block: a use with arguments and perhaps a name of its own (HCL-66).
    ///
    /// The name may use nothing but what a `dynamic` block gives.
    fn used(&self, expanded: &Expanded, build: &mut BuildBlock, diagnostics: &mut Diagnostics) {
        let block = &expanded.block;
        let span = block.labels[0].span;
        let found = self.find(&block.labels[0].text, span, diagnostics);
        let constants = Scope::constants(no_variables(), &NoFunctions);
        let scope = constants.within(&expanded.bindings);
        let name = block.body.attribute("name").and_then(|name| read_text(&name.expr, &scope, diagnostics));
        let Some((source, kind, label)) = found else { return };
        let local_name = name.filter(|name| !name.is_empty()).unwrap_or_else(|| Arc::clone(&label));
        let added = meta::without(&block.body, &["name"]);
        let adding = Some((added, local_name));
        self.add_use(source, kind, label, adding, expanded.bindings.clone(), build, span, diagnostics);
    }

    #[expect(clippy::too_many_arguments, reason = "each is one fact of the use, and there are two callers")]
    fn add_use(
        &self,
        source: Arc<Block>,
        kind: Arc<str>,
        label: Arc<str>,
        adding: Option<(Body, Arc<str>)>,
        bindings: Members,
        build: &mut BuildBlock,
        span: Span,
        diagnostics: &mut Diagnostics,
    ) {
        if let Some(fault) = self.fault(Sort::Source, &kind, span) {
            diagnostics.push(fault);
            return;
        }
        let (body, local_name) = match adding {
            None => (source.body.clone(), Arc::clone(&label)),
            // Who only looks at the block does not look into what it uses.
            Some((_, local_name)) if self.components.is_none() => (source.body.clone(), local_name),
            Some((added, local_name)) => (merged(&source.body, added, self.facts, diagnostics), local_name),
        };
        build.uses.push(Use { kind, label, local_name, body: Arc::new(body), bindings, header: source.header });
    }

    /// Finds the source that `reference` names: `type.name` or `source.type.name` (HCL-63, HCL-64). Any word may stand for
    /// `source`, and what stands behind the name is not read. Who only looks at the block is given an empty one where
    /// there is none.
    fn find(
        &self,
        reference: &str,
        span: Span,
        diagnostics: &mut Diagnostics,
    ) -> Option<(Arc<Block>, Arc<str>, Arc<str>)> {
        let parts: Vec<&str> = reference.split('.').collect();
        let named = match parts[..] {
            [kind, label] | [_, kind, label, ..] => Some((kind, label)),
            _ => None,
        };
        let named = named.filter(|(kind, label)| is_identifier(kind) && is_identifier(label));
        let Some((kind, label)) = named else {
            diagnostics.push(no_source(reference, span));
            return None;
        };
        let name = &format!("{kind}.{label}");
        let Some(source) = self.sources.get(name) else {
            if self.components.is_none() {
                let kind_of_block = Ident { text: "source".into(), span };
                let nothing =
                    Block { kind: kind_of_block, labels: Vec::new(), body: Body::default(), header: span, span };
                return Some((Arc::new(nothing), kind.into(), label.into()));
            }
            let near = did_you_mean(name, self.sources.keys().map(String::as_str));
            let detail = match near {
                Some(near) => format!("Did you mean to use {near:?}?"),
                None if self.sources.is_empty() => "The template defines no source that could be used.".to_owned(),
                None => {
                    let known: Vec<&str> = self.sources.keys().map(String::as_str).collect();
                    format!("Known: [{}]", known.join(" "))
                }
            };
            diagnostics.push(Diagnostic::error(format!("Unknown source {name}"), detail).at(span));
            return None;
        };
        Some((Arc::clone(source), kind.into(), label.into()))
    }

    /// Reads a provisioner or post-processor; `None` when no component answers for it.
    fn step(
        &self,
        expanded: &Expanded,
        names: &[&str],
        sort: Sort,
        scope: &Scope<'_>,
        diagnostics: &mut Diagnostics,
    ) -> Option<Arc<Step>> {
        let block = &expanded.block;
        let kind = Arc::clone(&block.labels[0].text);
        let fault = self.fault(sort, &kind, block.header).map(|fault| match &*block.kind.text {
            cleans_up @ "error-cleanup-provisioner" => {
                let summary = fault.summary.replacen("provisioner", cleans_up, 1);
                Diagnostic { summary, ..fault }
            }
            _ => fault,
        });
        let is_there = fault.is_none();
        fault.into_iter().for_each(|fault| diagnostics.push(fault));
        let meta = Meta::read(block, names, &scope.within(&expanded.bindings), diagnostics);
        let body = meta::without(&block.body, names);
        let step = Step { sort, kind, meta, body, bindings: expanded.bindings.clone(), header: block.header };
        is_there.then(|| Arc::new(step))
    }

    /// Says why no component answers to `kind`, if none does.
    fn fault(&self, sort: Sort, kind: &str, span: Span) -> Option<Diagnostic> {
        let components = self.components?;
        let registry = &components.registry;
        match sort {
            Sort::Source => components.fault(&registry.builders, sort, kind, span),
            Sort::Provisioner => components.fault(&registry.provisioners, sort, kind, span),
            Sort::PostProcessor => components.fault(&registry.post_processors, sort, kind, span),
            Sort::DataSource => components.fault(&registry.data_sources, sort, kind, span),
        }
    }
}

/// Whether `reference` may stand in a list of sources: names divided by dots.
fn names_a_source(reference: &str) -> bool {
    reference.contains('.') && reference.split('.').all(is_identifier)
}

fn no_source(reference: &str, span: Span) -> Diagnostic {
    let detail = format!(
        "{reference:?} names no source: write its type and its name, as in \"null.example\" or \"source.null.example\". \
         Both begin with a letter, and hold letters, digits, underscores and dashes alone."
    );
    Diagnostic::error("Invalid source reference", detail).at(span)
}

/// Returns the body of a source with what a use adds; an argument of both is an error (HCL-66).
fn merged(body: &Body, added: Body, facts: &Facts, diagnostics: &mut Diagnostics) -> Body {
    let mut merged = Body { span: None, ..body.clone() };
    for attribute in added.attributes {
        match body.attribute(&attribute.name.text) {
            Some(first) => {
                let place = facts.sources.describe(first.name.span);
                let detail = format!(
                    "The argument {:?} was already set at {place}; a nested source block adds arguments and does not \
                     replace them.",
                    attribute.name.text
                );
                diagnostics.push(Diagnostic::error("Duplicate argument", detail).at(attribute.name.span));
            }
            None => merged.attributes.push(attribute),
        }
    }
    merged.blocks.extend(added.blocks);
    merged
}

/// Returns the place of item `index` of a list, or that of the whole when it is not written as a list.
fn item_span(list: &Expr, index: usize) -> Span {
    match &list.kind {
        ExprKind::Tuple(items) => items.get(index).map_or(list.span, |item| item.span),
        _ => list.span,
    }
}
