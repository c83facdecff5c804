//! A template to look at: its values and what its builds are made of, whatever else is wrong with it.
//!
//! Prepares nothing and asks no component: types that nobody knows are shown as they are written.

use std::sync::Arc;

use super::build_block::{BuildBlock, Step, Use};
use super::facts::{Facts, concealed};
use super::plugins::Components;
use super::shape::is_identifier;
use super::{EvaluateOptions, Template};
use crate::diagnostics::{Diagnostics, SourceMap, Span};
use crate::eval::{Scope, evaluate};
use crate::secrets::Secrets;
use crate::syntax;
use crate::value::{Members, Type, Value};

/// What stands for a text of a console in diagnostics.
const INPUT: &str = "<console-input>";

/// A template to look at.
pub struct Look {
    /// The builds, in order.
    pub builds: Vec<BuildLook>,
    facts: Arc<Facts>,
    /// The root names that can be asked for (CON-7).
    roots: Members,
    secrets: Arc<Secrets>,
    sources: SourceMap,
    /// What a console knows beside the template's values.
    names: Members,
}

/// A build block to look at.
pub struct BuildLook {
    /// Its name; empty when it has none.
    pub name: Arc<str>,
    /// What it says of itself; empty when it says nothing.
    pub description: Arc<str>,
    /// Its sources.
    pub sources: Vec<SourceLook>,
    /// Its provisioners, in order.
    pub provisioners: Vec<StepLook>,
    /// Its error-cleanup-provisioner.
    pub clean_up: Option<StepLook>,
    /// Its post-processors, chain by chain.
    pub chains: Vec<Vec<StepLook>>,
    /// The block's header.
    pub span: Span,
    /// Whether something of the block itself could not be read.
    pub is_broken: bool,
}

/// The use of a source to look at.
pub struct SourceLook {
    /// The builder's type.
    pub kind: Arc<str>,
    /// The name of the source.
    pub name: Arc<str>,
    /// The name of this use, the source's own when it has none.
    pub local_name: Arc<str>,
    /// The header of the source.
    pub span: Span,
}

/// A provisioner or a post-processor to look at.
pub struct StepLook {
    /// Its type.
    pub kind: Arc<str>,
    /// What the template calls it.
    pub name: Option<Arc<str>>,
    /// The builds that it is for; empty: all, but those of `except`.
    pub only: Vec<Arc<str>>,
    /// The builds that it is not for.
    pub except: Vec<Arc<str>>,
    /// The block's header.
    pub span: Span,
}

impl Template {
    /// Evaluates the template's values and reads its build blocks. What is wrong is left aside, and unknown.
    ///
    /// # Source
    /// INS-1, CON-1, CON-7, HCL-35, HCL-46, HCL-54.
    pub async fn look(&self, options: &EvaluateOptions) -> Look {
        let mut ignored = Diagnostics::new();
        // Whether all plugins are there is no question here.
        let components = Components::to_look_at(&self.registry, self.requirements());
        let facts = self.facts(&components, options, &mut ignored).await;
        let builds = self.builds(&facts, None, &mut ignored).0.iter().map(BuildLook::of).collect();
        let mut roots = facts.roots.clone();
        roots.remove("data");
        // One that failed is not there.
        let locals = facts.roots.get("local").and_then(Value::as_members).filter(|_| facts.has_order);
        let locals = locals.into_iter().flatten().filter(|(name, _)| !facts.failed.contains(&**name));
        roots.insert(Arc::from("local"), Value::object(locals.map(|(name, value)| (Arc::clone(name), value.clone()))));
        // `build` has no attribute yet.
        let source = ["type", "name"].map(|name| (Arc::from(name), Value::unknown(Type::String)));
        let names = Members::from([
            (Arc::from("build"), Value::unknown(Type::object([]))),
            (Arc::from("source"), Value::object(source)),
        ]);
        Look { builds, facts, roots, secrets: Arc::clone(&self.secrets), sources: self.sources.clone(), names }
    }
}

impl Look {
    /// Returns the input variables by name; one without a value is unknown.
    pub fn variables(&self) -> &Members {
        self.root("var")
    }

    /// Returns the locals by name, but for those that cannot be evaluated.
    pub fn locals(&self) -> &Members {
        self.root("local")
    }

    /// Evaluates one expression with what a console knows: `var`, `local`, `path`, `packer`, functions.
    ///
    /// `None` comes with errors.
    pub fn evaluate(&self, text: &str) -> (Option<Value>, Diagnostics) {
        let id = self.sources.add(INPUT, text);
        let (expr, mut diagnostics) = syntax::parse_expression(id, &self.sources);
        if diagnostics.has_errors() {
            return (None, diagnostics);
        }
        let scope = Scope::new(&self.roots, &*self.facts.functions);
        let value = evaluate(&expr, &scope.within(&self.names), &mut diagnostics);
        let failed = diagnostics.has_errors();
        (Some(value).filter(|_| !failed), concealed(diagnostics, &self.secrets))
    }

    /// Returns the names that may follow `path`, the parts of a reference: none gives what stands at the front of one and
    /// functions, `["var"]` the variables.
    pub fn names(&self, path: &[&str]) -> Vec<String> {
        let Some((root, rest)) = path.split_first() else {
            let functions = self.facts.functions.names().into_iter().map(|name| format!("{name}("));
            let roots = self.roots.keys().chain(self.names.keys());
            return roots.map(|name| name.to_string()).chain(functions).collect();
        };
        let member = |value: &Value, name: &str| value.as_members()?.get(name).cloned();
        let value = rest.iter().try_fold(self.roots.get(*root).cloned(), |value, name| Some(member(&value?, name)));
        let members = value.flatten();
        let names = members.as_ref().and_then(Value::as_members).into_iter().flat_map(Members::keys);
        names.filter(|name| is_identifier(name)).map(|name| name.to_string()).collect()
    }

    fn root(&self, name: &str) -> &Members {
        static NONE: std::sync::LazyLock<Members> = std::sync::LazyLock::new(Members::default);
        self.roots.get(name).and_then(Value::as_members).unwrap_or(&NONE)
    }
}

impl BuildLook {
    fn of(block: &BuildBlock) -> BuildLook {
        let steps = |steps: &[Arc<Step>]| steps.iter().map(|step| StepLook::of(step)).collect();
        BuildLook {
            name: Arc::clone(&block.name),
            description: Arc::clone(&block.description),
            sources: block.uses.iter().map(SourceLook::of).collect(),
            provisioners: steps(&block.provisioners),
            clean_up: block.clean_up.as_deref().map(StepLook::of),
            chains: block.chains.iter().map(|chain| steps(chain)).collect(),
            span: block.header,
            is_broken: block.is_broken,
        }
    }
}

impl SourceLook {
    fn of(used: &Use) -> SourceLook {
        SourceLook {
            kind: Arc::clone(&used.kind),
            name: Arc::clone(&used.label),
            local_name: Arc::clone(&used.local_name),
            span: used.header,
        }
    }
}

impl StepLook {
    fn of(step: &Step) -> StepLook {
        StepLook {
            kind: Arc::clone(&step.kind),
            name: step.meta.name.clone(),
            only: step.meta.only.clone(),
            except: step.meta.except.clone(),
            span: step.header,
        }
    }
}
