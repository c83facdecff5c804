//! Templates in HCL: files to blocks, blocks to values, values to builds that can run.
//!
//! Knows components by their schemas alone, and neither the engine nor where installed plugins stand.
//!
//! The way of a template has three stages. What is wrong is collected within a stage and told together. A later stage
//! still looks for what else is wrong, with everything unknown that could not be read, as long as it can tell a mistake
//! from what only follows from one; then there are no builds to run (HCL-5 … HCL-8):
//!
//! 1. [`Template::open`]: all files are parsed; the version is checked; declarations are read; values come in.
//! 2. [`Template::resolve`]: values keep their rules; locals are evaluated; build blocks are read; components exist.
//! 3. [`Resolved::plan`]: each build is decoded and prepared. One that fails leaves the others.

mod build_block;
mod check;
mod data;
mod deferred;
mod derived;
mod facts;
mod files;
mod graph;
mod hcp;
mod json;
mod locals;
mod look;
mod meta;
mod names;
mod outline;
mod packer_block;
mod plan;
mod plugins;
mod select;
mod shape;
mod variables;

#[cfg(test)]
mod tests;

use std::path::PathBuf;
use std::sync::Arc;

pub use graph::{DataSources, EvaluateOptions, Order};
pub use look::{BuildLook, Look, SourceLook, StepLook};
pub use names::{Names, names};
pub use outline::{Outline, VariableOutline};
pub use packer_block::Requirement;
pub use plugins::{Answer, Installed};

pub use crate::plan::{Means, Plan, PlanOptions, Select};

use build_block::{BuildBlock, Reading};
use data::DataBlocks;
use derived::Watched;
use facts::{Facts, concealed, surroundings};
use graph::{Evaluated, Evaluation};
use locals::Locals;
use packer_block::Requirements;
use plugins::Components;
use shape::{Shape, has_labels};
use variables::{Given, Variables};

use crate::component::Registry;
use crate::diagnostics::{Diagnostic, Diagnostics, SourceMap};
use crate::eval::Functions;
use crate::functions;
use crate::host::Host;
use crate::secrets::Secrets;
use crate::syntax;
use crate::syntax::ast::{Attribute, Block, Expr, ExprKind, File, Ident};
use crate::value::{Type, Value};

const TEMPLATE: Shape = Shape {
    attributes: &[],
    blocks: &[
        "packer",
        "variable",
        "variables",
        "locals",
        "local",
        "data",
        "source",
        "build",
        "hcp_packer_registry",
        "communicator",
    ],
    elsewhere: &[
        (
            &["provisioner", "post-processor", "post-processors", "error-cleanup-provisioner"],
            "It belongs into a build block.",
        ),
        (
            &["builders", "builder"],
            "A builder is used by a block source \"type\" \"name\" and named in a build block's sources.",
        ),
        (&["required_plugins"], "It belongs into a packer block."),
        (&["validation"], "It belongs into a variable block."),
    ],
};

/// Returns why nothing can be built of a template that cannot say itself where to publish: the environment does (ENG-63).
pub fn publishing_refused(host: &Host) -> Diagnostics {
    hcp::Registry::default().refusal(host)
}

/// What the command line says about opening a template.
#[derive(Clone)]
pub struct OpenOptions {
    /// `-var`: names and texts, in order.
    pub vars: Vec<(String, String)>,
    /// `-var-file`, in order.
    pub var_files: Vec<String>,
    /// Whether a name in a variable file that no variable has is worth a warning (CLI-33, VAL-4).
    pub warn_undeclared: bool,
    /// Finds installed plugins.
    pub installed: Installed,
}

impl Default for OpenOptions {
    /// Nothing given, nothing installed.
    fn default() -> OpenOptions {
        let installed: Installed = Arc::new(|_| Box::pin(std::future::ready(Answer::default())));
        OpenOptions { vars: Vec::new(), var_files: Vec::new(), warn_undeclared: false, installed }
    }
}

/// The blocks that builds are made of, and those whose versions `inspect` tells.
const OF_BUILDS: [&str; 4] = ["source", "build", "hcp_packer_registry", "packer"];

/// A template that was read: its declarations hold, nothing of it was evaluated but constants.
pub struct Template {
    host: Host,
    sources: SourceMap,
    secrets: Arc<Secrets>,
    registry: Registry,
    installed: Installed,
    root: String,
    /// With what builds are made of.
    files: Vec<File>,
    requirements: Requirements,
    variables: Variables,
    locals: Locals,
    data: DataBlocks,
    is_broken: bool,
}

/// A template whose values are known and whose build blocks are read.
pub struct Resolved {
    is_broken: bool,
    secrets: Arc<Secrets>,
    facts: Arc<Facts>,
    components: Components,
    builds: Vec<BuildBlock>,
    registry: hcp::Registry,
}

impl Template {
    /// Opens the template at `path`, a file or a folder. `None` comes with errors only; a template that comes with errors
    /// is broken, and there is more to find in it.
    ///
    /// Texts of sensitive variables are registered in `secrets`, before anything is told.
    ///
    /// # Source
    /// HCL-1 … HCL-56, CLI-19 … CLI-21, CLI-46 … CLI-52.
    pub fn open(path: &str, options: &OpenOptions, means: Means) -> (Option<Template>, Diagnostics) {
        match files::find(path, &means.host) {
            Ok(found) => Template::read(found, options, means),
            Err(problem) => (None, (*problem).into()),
        }
    }

    /// Makes the template that a console works with when it is given none: nothing but what `options` say.
    pub fn empty(options: &OpenOptions, means: Means) -> (Option<Template>, Diagnostics) {
        Template::read(files::Files::default(), options, means)
    }

    fn read(found: files::Files, options: &OpenOptions, means: Means) -> (Option<Template>, Diagnostics) {
        let Means { host, sources, secrets, registry } = means;
        let mut diagnostics = Diagnostics::new();
        // What is wrong with the shape of JSON is told with the other mistakes of declarations.
        let mut misshapen = Diagnostics::new();
        let parse = |name: &String| parse(name, &host, &sources, &mut misshapen, &mut diagnostics);
        let mut files: Vec<File> = found.templates.iter().filter_map(parse).collect();
        // Nothing else is told of a file that cannot be read, nor of a template for another version (HCL-5, HCL-8).
        if diagnostics.has_errors() || !packer_block::check_version(blocks_of(&files, "packer"), &mut diagnostics) {
            diagnostics.sort();
            return (None, diagnostics);
        }
        diagnostics.append(misshapen);
        check_top_level(&mut files, &mut diagnostics);
        let mut unmet = Diagnostics::new();
        let requirements = packer_block::requirements(blocks_of(&files, "packer"), &mut unmet);
        // Without them nobody knows which components there are.
        let sound = !unmet.has_errors();
        diagnostics.append(unmet);
        let defaults = functions::VariableDefaults::new(host.clone());
        let mut variables = Variables::declare(&files, &defaults, &mut diagnostics);
        let data = DataBlocks::collect(&files, &sources, &mut diagnostics);
        let locals = Locals::collect(&mut files, &sources, &mut diagnostics);
        // Of the declarations all is known now.
        files.iter_mut().for_each(|file| file.body.blocks.retain(|block| OF_BUILDS.contains(&&*block.kind.text)));
        let given = Given {
            host: &host,
            sources: &sources,
            secrets: &secrets,
            files: [&found.variables[..], &options.var_files[..]].concat(),
            assignments: &options.vars,
            warn_undeclared: options.warn_undeclared,
        };
        let readable = variables.assign(&given, &mut diagnostics) && sound;
        diagnostics.sort();
        let is_broken = diagnostics.has_errors();
        let installed = Arc::clone(&options.installed);
        let root = found.root;
        let template = Template {
            host,
            sources,
            secrets,
            registry,
            installed,
            root,
            files,
            requirements,
            variables,
            locals,
            data,
            is_broken,
        };
        (readable.then_some(template), diagnostics)
    }

    /// Returns the plugins that the template requires.
    pub fn requirements(&self) -> &[Requirement] {
        &self.requirements.all
    }

    /// Returns what keeps the requirements from being met together.
    pub fn conflicts(&self) -> &Diagnostics {
        &self.requirements.conflicts
    }

    /// Whether opening it reported errors.
    pub fn is_broken(&self) -> bool {
        self.is_broken
    }

    /// Whether there are data sources: only then does finding its values wait for anything.
    pub fn has_data_sources(&self) -> bool {
        !self.data.0.is_empty()
    }

    /// Evaluates what builds share and reads the build blocks. `None` comes with errors only; with errors and a result
    /// both, its plan finds more mistakes and has no builds.
    ///
    /// # Source
    /// HCL-7, HCL-35 … HCL-40, HCL-44 … HCL-56, HCL-57 … HCL-80, HCL-99 … HCL-101.
    pub async fn resolve(&self, options: &EvaluateOptions) -> (Option<Resolved>, Diagnostics) {
        if self.requirements.conflicts.has_errors() {
            return (None, self.requirements.conflicts.clone());
        }
        let components = match Components::of(&self.registry, &self.requirements.all, &self.installed).await {
            Ok(components) => components,
            Err(problem) => return (None, (*problem).into()),
        };
        let mut diagnostics = Diagnostics::new();
        // Rules look for files in the working folder, everything else in the template's (HCL-37, FN-8).
        let here = self.functions(self.host.cwd());
        self.variables.validate(&here, &self.sources, &mut diagnostics);
        let facts = self.facts(&components, options, &mut diagnostics).await;
        let (builds, registry) = self.builds(&facts, Some(&components), &mut diagnostics);
        // In a broken template it may be there, but misspelt.
        if builds.is_empty() && !self.is_broken {
            let detail = "A build block with one or more sources is required for executing a build.";
            diagnostics.push(Diagnostic::error("Missing build block", detail));
        }
        diagnostics.sort();
        let is_broken = self.is_broken || diagnostics.has_errors();
        let secrets = Arc::clone(&self.secrets);
        let diagnostics = concealed(diagnostics, &secrets);
        (Some(Resolved { facts, components, builds, registry, secrets, is_broken }), diagnostics)
    }

    /// Evaluates what all builds share. There are no locals when there is no order for them.
    async fn facts(
        &self,
        components: &Components,
        options: &EvaluateOptions,
        diagnostics: &mut Diagnostics,
    ) -> Arc<Facts> {
        let functions: Arc<dyn Functions> = Arc::new(self.functions(&*self.root));
        let mut roots = surroundings(&self.root, &self.host);
        roots.insert(Arc::from("var"), self.variables.values());
        // In a local the source is not known yet (HCL-44).
        let mut around = roots.clone();
        let unknown = || Value::unknown(Type::String);
        around.insert(Arc::from("source"), Value::object(["name", "type"].map(|name| (Arc::from(name), unknown()))));
        let evaluation = Evaluation {
            locals: &self.locals,
            data: &self.data,
            roots: around,
            functions: &*functions,
            components,
            secrets: &self.secrets,
            host: &self.host,
            sources: &self.sources,
            is_broken: self.is_broken,
        };
        let Evaluated { locals, data, has_order, failed } = evaluation.run(options, diagnostics).await;
        let failed = if has_order { failed } else { self.locals.iter().map(|(name, _)| Arc::clone(name)).collect() };
        roots.insert(Arc::from("local"), locals);
        roots.insert(Arc::from("data"), data);
        let (host, sources) = (self.host.clone(), self.sources.clone());
        Arc::new(Facts { host, sources, functions, roots, has_order, failed, secrets: Arc::clone(&self.secrets) })
    }

    /// Returns the functions whose relative paths start in `folder`; what they compute of secrets is hidden.
    fn functions(&self, folder: impl Into<PathBuf>) -> Watched<functions::Table> {
        Watched::new(functions::Table::new(self.host.clone(), folder), Arc::clone(&self.secrets))
    }

    /// Reads the build blocks, and where builds are to be published; without `components` the blocks may name whichever
    /// they like.
    fn builds(
        &self,
        facts: &Facts,
        components: Option<&Components>,
        diagnostics: &mut Diagnostics,
    ) -> (Vec<BuildBlock>, hcp::Registry) {
        let sources = build_block::sources(blocks_of(&self.files, "source"), diagnostics);
        let mut registry = hcp::Registry::default();
        for block in blocks_of(&self.files, "hcp_packer_registry") {
            registry.read(block, hcp::Stands::AtTopLevel, false, &facts.scope(), diagnostics);
        }
        let mut reading = Reading { facts, sources: &sources, components, registry };
        let builds = blocks_of(&self.files, "build").map(|block| reading.build(block, diagnostics)).collect();
        (builds, reading.registry)
    }

    /// Resolves the template and prepares its builds.
    pub async fn plan(&self, options: &PlanOptions) -> Plan {
        let (resolved, mut diagnostics) = self.resolve(&EvaluateOptions::default()).await;
        let Some(resolved) = resolved else { return Plan { diagnostics, ..Plan::default() } };
        let mut plan = resolved.plan(options).await;
        diagnostics.append(std::mem::take(&mut plan.diagnostics));
        Plan { diagnostics, ..plan }
    }
}

impl Resolved {
    /// Returns why nothing of this template can be built although it may be valid: it is to be published (ENG-63).
    pub fn refusal(&self) -> Diagnostics {
        if self.is_broken { Diagnostics::new() } else { self.registry.refusal(&self.facts.host) }
    }

    /// Prepares the builds that `options` want.
    pub async fn plan(&self, options: &PlanOptions) -> Plan {
        let plan = plan::plan(&self.facts, &self.components, &self.builds, options, self.is_broken).await;
        Plan { diagnostics: concealed(plan.diagnostics, &self.secrets), ..plan }
    }
}

/// Reads and parses one file; `None` after an error. Members of JSON that are no blocks though they should be are
/// `misshapen`.
fn parse(
    name: &str,
    host: &Host,
    sources: &SourceMap,
    misshapen: &mut Diagnostics,
    diagnostics: &mut Diagnostics,
) -> Option<File> {
    let mut found = Diagnostics::new();
    let file = match files::read(name, host, sources, &mut found) {
        Ok(_) if found.has_errors() => None,
        Ok(id) if name.ends_with(".json") => {
            let (file, problems) = syntax::json::parse(id, sources);
            found.append(problems);
            (!found.has_errors()).then(|| json::shaped(file, sources, misshapen))
        }
        Ok(id) => {
            let (file, problems) = syntax::parse(id, sources);
            found.append(problems);
            Some(file)
        }
        Err(error) => {
            found.push(files::unreadable(name, &error));
            None
        }
    };
    let failed = found.has_errors();
    diagnostics.append(found);
    file.filter(|_| !failed)
}

/// Checks the blocks that stand at top level and their labels (HCL-9 … HCL-11).
///
/// A misspelt block is read as what it was probably meant to be, so that nothing misses it.
fn check_top_level(files: &mut [File], diagnostics: &mut Diagnostics) {
    for file in files {
        TEMPLATE.check_attributes(&file.body.attributes, diagnostics);
        for block in &mut file.body.blocks {
            if !TEMPLATE.check_block(block, diagnostics) {
                TEMPLATE.mend(block);
                without_value(block);
            }
        }
        for block in &file.body.blocks {
            match &*block.kind.text {
                "source" | "communicator" => {
                    has_labels(block, &["type", "name"], diagnostics);
                }
                "build" | "hcp_packer_registry" => {
                    has_labels(block, &[], diagnostics);
                }
                _ => {}
            }
        }
    }
}

/// Gives a variable that was meant a default that nobody knows, so that it is not called unset as well.
fn without_value(block: &mut Block) {
    if &*block.kind.text == "variable" && block.body.attribute("default").is_none() {
        let name = Ident { text: Arc::from("default"), span: block.header };
        let expr = Expr { kind: ExprKind::Invalid, span: block.header };
        block.body.attributes.push(Attribute { name, expr, span: block.header });
    }
}

fn blocks_of<'a>(files: &'a [File], kind: &'a str) -> impl Iterator<Item = &'a Block> {
    files.iter().flat_map(move |file| file.body.blocks_of(kind))
}
