//! Local values: their definitions, the order they need each other in, and their values.
//!
//! Knows no component. One failing local does not keep the others from being evaluated.

use std::sync::Arc;

use indexmap::IndexMap;

use super::shape::{IDENTIFIER, Null, Shape, has_labels, is_identifier, read};
use super::variables::each_text;
use crate::diagnostics::{Diagnostic, Diagnostics, SourceMap, Span, did_you_mean};
use crate::eval::{Functions, NoFunctions, Reference, Scope, evaluate, no_variables, references};
use crate::secrets::Secrets;
use crate::syntax::ast::{Block, Expr, ExprKind, File, Ident};
use crate::value::{Members, Type, Value};

const LOCAL: Shape = Shape { attributes: &["expression", "sensitive"], blocks: &[], elsewhere: &[] };
const LOCALS: Shape = Shape { attributes: &[], blocks: &[], elsewhere: &[] };

/// The locals of a template, in text order.
#[derive(Default)]
pub struct Locals(IndexMap<Arc<str>, Local>);

struct Local {
    /// The assignment of its expression.
    span: Span,
    expr: Expr,
    sensitive: bool,
}

impl Locals {
    /// Reads the definitions of all `files`; evaluates nothing.
    ///
    /// # Source
    /// HCL-41 … HCL-43.
    pub fn collect(files: &[File], sources: &SourceMap, diagnostics: &mut Diagnostics) -> Locals {
        let mut locals = Locals::default();
        for block in files.iter().flat_map(|file| &file.body.blocks) {
            match &*block.kind.text {
                "locals" if has_labels(block, &[], diagnostics) => {
                    for nested in &block.body.blocks {
                        LOCALS.check_block(nested, diagnostics);
                    }
                    for attribute in &block.body.attributes {
                        let local = Local { span: attribute.span, expr: attribute.expr.clone(), sensitive: false };
                        locals.add(&attribute.name, local, sources, diagnostics);
                    }
                }
                "local" if has_labels(block, &["name"], diagnostics) => {
                    let local = from_block(block, diagnostics);
                    locals.add(&block.labels[0], local, sources, diagnostics);
                }
                _ => {}
            }
        }
        locals
    }

    fn add(&mut self, name: &Ident, local: Local, sources: &SourceMap, diagnostics: &mut Diagnostics) {
        if !is_identifier(&name.text) {
            diagnostics.push(Diagnostic::error("Invalid local name", IDENTIFIER).at(name.span).within(local.span));
        } else if let Some(first) = self.0.get(&name.text) {
            let detail = format!("The local {:?} was already defined at {}.", name.text, sources.describe(first.span));
            diagnostics.push(Diagnostic::error("Duplicate local definition", detail).at(local.span));
        } else {
            self.0.insert(Arc::clone(&name.text), local);
        }
    }

    /// Evaluates all of them, each after those it refers to, and returns the object behind `local`.
    ///
    /// `roots` are the other root names. Texts of sensitive locals are registered. A local that cannot be evaluated
    /// is reported and unknown to those that need it.
    ///
    /// # Source
    /// HCL-44 … HCL-51.
    pub fn evaluate(
        &self,
        roots: &Members,
        functions: &dyn Functions,
        secrets: &Secrets,
        diagnostics: &mut Diagnostics,
    ) -> Value {
        let mut evaluation = Evaluation {
            locals: &self.0,
            roots: roots.clone(),
            functions,
            values: Members::new(),
            path: Vec::new(),
            diagnostics,
        };
        // A bare `local` sees what is there by then, so those that use it come last (HCL-49).
        let (bare, named): (Vec<_>, Vec<_>) =
            self.0.iter().partition(|(_, local)| mentioned(&local.expr).any(|r| r.steps.is_empty()));
        for (name, _) in named.into_iter().chain(bare) {
            evaluation.visit(name);
        }
        let values = evaluation.values;
        for (name, _) in self.0.iter().filter(|(_, local)| local.sensitive) {
            each_text(&values[name], &mut |text| secrets.register(text));
        }
        Value::object(values)
    }
}

/// Reads a `local` block. One without an expression cannot be evaluated, and says so here.
fn from_block(block: &Block, diagnostics: &mut Diagnostics) -> Local {
    LOCAL.check(&block.body, diagnostics);
    let scope = Scope::constants(no_variables(), &NoFunctions);
    let sensitive = block
        .body
        .attribute("sensitive")
        .and_then(|attribute| read(&attribute.expr, &Type::Bool, Null::Absent, &scope, diagnostics))
        .and_then(|value| value.as_bool())
        .unwrap_or(false);
    let Some(expression) = block.body.attribute("expression") else {
        let detail = "The argument \"expression\" is required, but no definition was found.";
        diagnostics.push(Diagnostic::error("Missing required argument", detail).at(block.header));
        let expr = Expr { kind: Box::new(ExprKind::Invalid), span: block.header };
        return Local { span: block.header, expr, sensitive };
    };
    Local { span: expression.span, expr: expression.expr.clone(), sensitive }
}

/// Returns the references to locals in `expr`.
fn mentioned(expr: &Expr) -> impl Iterator<Item = Reference> {
    references(expr).into_iter().filter(|reference| &*reference.root == "local")
}

struct Evaluation<'a> {
    locals: &'a IndexMap<Arc<str>, Local>,
    roots: Members,
    functions: &'a dyn Functions,
    values: Members,
    /// Those whose evaluation has begun, outermost first.
    path: Vec<Arc<str>>,
    diagnostics: &'a mut Diagnostics,
}

impl Evaluation<'_> {
    fn visit(&mut self, name: &Arc<str>) {
        if self.values.contains_key(name) {
            return;
        }
        let locals = self.locals;
        let local = &locals[name];
        self.path.push(Arc::clone(name));
        let mut needed = Members::new();
        let mut whole = true;
        let mut bare = false;
        for reference in mentioned(&local.expr) {
            let Some(needs) = reference.name(0) else {
                bare = true;
                continue;
            };
            let Some((needs, _)) = locals.get_key_value(needs) else {
                self.report_missing(&reference);
                whole = false;
                continue;
            };
            if let Some(start) = self.path.iter().position(|begun| begun == needs) {
                self.report_cycle(start, local.span);
                whole = false;
                continue;
            }
            self.visit(needs);
            needed.insert(Arc::clone(needs), self.values[needs].clone());
        }
        if bare {
            needed = self.values.clone();
        }
        let value = if whole { self.evaluate(local, needed) } else { Value::unknown(Type::Any) };
        self.path.pop();
        self.values.insert(Arc::clone(name), value);
    }

    /// Evaluates one local with the locals it needs, so that a long list costs no more than its references.
    fn evaluate(&mut self, local: &Local, needed: Members) -> Value {
        self.roots.insert(Arc::from("local"), Value::object(needed));
        let mut found = Diagnostics::new();
        let value = evaluate(&local.expr, &Scope::new(&self.roots, self.functions), &mut found);
        let failed = found.has_errors();
        self.diagnostics.append(found);
        if failed { Value::unknown(Type::Any) } else { value.sensitive(local.sensitive) }
    }

    fn report_missing(&mut self, reference: &Reference) {
        let name = reference.name(0).unwrap_or_default();
        let near = did_you_mean(name, self.locals.keys().map(|name| &**name));
        let detail = format!("There is no local value named {name:?}.");
        let problem = Diagnostic::error("Unsupported attribute", detail).at(reference.span);
        self.diagnostics.push(problem.hint(near.map(|near| format!("Did you mean {near:?}?"))));
    }

    fn report_cycle(&mut self, start: usize, span: Span) {
        let names: Vec<String> = self.path[start..].iter().map(|name| format!("local.{name}")).collect();
        let fault = match &names[..] {
            [own] => format!("Self reference: {own}"),
            _ => format!("Cycle: {}", names.join(", ")),
        };
        let detail = format!("Locals cannot be put in an order in which each comes after those it needs.\n\n{fault}");
        self.diagnostics.push(Diagnostic::error("failed to prepare execution graph", detail).at(span));
    }
}
