//! Evaluates the nodes of a graph, each as soon as all it needs is there.
//!
//! Unaware of cycles, which were taken out of the graph before. Every node is evaluated once, in text order where the
//! graph leaves a choice; one object holds all values so far, so that the work grows with the number of references.

use std::collections::{BTreeMap, BTreeSet};
use std::pin::Pin;
use std::sync::Arc;

use futures_util::stream::{FuturesUnordered, StreamExt};
use tokio_util::sync::CancellationToken;

use super::depth::{self, DEEPEST};
use super::edges::Graph;
use super::source::{Answer, Request};
use super::{Evaluation, Node, Order};
use crate::component::{BuildInfo, DataSource, PrepareCx, RunOptions};
use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::eval::{Scope, evaluate};
use crate::value::{Data, Members, Type, Value};

use super::super::deferred::Opened;
use super::super::plugins::Sort;

/// How many data sources are asked at the same time.
const AT_ONCE: usize = 16;

type Waiting<'a> = FuturesUnordered<Pin<Box<dyn Future<Output = Answer> + Send + 'a>>>;

/// A graph under evaluation.
pub struct Engine<'a> {
    around: &'a Evaluation<'a>,
    nodes: &'a [Node<'a>],
    graph: Graph,
    /// Ends executions; `None`: nothing is executed.
    cancel: Option<CancellationToken>,
    /// Whether they are evaluated one after the other.
    is_sequential: bool,
    /// What answers to each type of data source that can be used.
    opened: BTreeMap<&'a str, Opened<dyn DataSource>>,
    /// The root names; `local` is there only while an expression is evaluated, so that its object can grow in place.
    roots: Members,
    locals: Arc<Members>,
    data: BTreeMap<Arc<str>, Arc<Members>>,
    /// Whether a value is unknown because something failed.
    failed: Vec<bool>,
    /// How deep each value is nested at most.
    depths: Vec<usize>,
}

impl<'a> Engine<'a> {
    /// Opens the data sources that `nodes` use.
    pub async fn new(
        around: &'a Evaluation<'a>,
        nodes: &'a [Node<'a>],
        graph: Graph,
        cancel: Option<CancellationToken>,
        order: Order,
    ) -> Engine<'a> {
        let mut opened = BTreeMap::new();
        for node in nodes {
            if let Node::Data((kind, _), _) = node
                && !opened.contains_key(&**kind)
                && let Some(found) = around.components.registry.data_sources.get(kind)
                && let Ok(instance) = found.open().await
            {
                opened.insert(&**kind, Opened { schema: Arc::new(instance.schema()), instance });
            }
        }
        let mut engine = Engine {
            around,
            nodes,
            failed: vec![false; nodes.len()],
            depths: vec![0; nodes.len()],
            graph,
            cancel,
            is_sequential: order == Order::Sequential,
            opened,
            roots: around.roots.clone(),
            locals: Arc::default(),
            data: BTreeMap::new(),
        };
        // What is not there, or needs itself, is unknown while the rest is looked at.
        let lost: Vec<usize> = (0..nodes.len()).filter(|node| engine.graph.is_lost[*node]).collect();
        for (kind, name) in engine.graph.missing().collect::<Vec<_>>() {
            match kind {
                None => engine.set_local(name, Value::unknown(Type::Any)),
                Some(kind) => engine.set_data(kind, name, Value::unknown(Type::Any)),
            }
        }
        for node in lost {
            engine.set(node, Value::unknown(Type::Any));
        }
        engine.show_data();
        engine
    }

    /// Evaluates the nodes that `takes` chooses, which need nobody else that was not evaluated before.
    pub async fn run(&mut self, takes: impl Fn(&Node<'_>) -> bool, diagnostics: &mut Diagnostics) {
        let chosen: Vec<bool> = self.nodes.iter().map(takes).collect();
        let mut open = vec![0_usize; self.nodes.len()];
        let mut needed_by = vec![Vec::new(); self.nodes.len()];
        for (node, needs) in self.graph.needs.iter().enumerate().filter(|(node, _)| chosen[*node]) {
            for needed in needs.iter().filter(|needed| chosen[**needed]) {
                open[node] += 1;
                needed_by[*needed].push(node);
            }
        }
        let (mut ready, mut late) = (BTreeSet::new(), BTreeSet::new());
        for node in (0..self.nodes.len()).filter(|node| chosen[*node] && open[*node] == 0) {
            if self.graph.comes_late[node] {
                late.insert(node)
            } else {
                ready.insert(node)
            };
        }
        let mut waiting: Waiting<'a> = FuturesUnordered::new();
        loop {
            let next = if waiting.len() < AT_ONCE { ready.pop_first() } else { None };
            let next = next.or_else(|| if waiting.is_empty() { late.pop_first() } else { None });
            let (node, value) = match (next, next.map(|node| self.nodes[node])) {
                (Some(node), _) if self.graph.skips_lost && self.graph.is_lost[node] => {
                    self.failed[node] = true;
                    (node, Value::unknown(Type::Any))
                }
                (Some(node), Some(Node::Local(_, _))) => (node, self.local(node, diagnostics)),
                (Some(node), _) => match self.ask(node, &waiting, diagnostics) {
                    Some(value) => (node, value),
                    None => continue,
                },
                (None, _) => match waiting.next().await {
                    Some(answer) => {
                        self.failed[answer.node] |= answer.diagnostics.has_errors();
                        diagnostics.append(answer.diagnostics);
                        (answer.node, answer.value)
                    }
                    None => break,
                },
            };
            self.set(node, value);
            if let Node::Data(..) = self.nodes[node] {
                self.show_data();
            }
            for waits in std::mem::take(&mut needed_by[node]) {
                self.failed[waits] |= self.failed[node];
                open[waits] -= 1;
                if open[waits] == 0 {
                    if self.graph.comes_late[waits] {
                        late.insert(waits)
                    } else {
                        ready.insert(waits)
                    };
                }
            }
        }
    }

    /// Returns the names of the locals that are unknown because something failed.
    pub fn failed_locals(&self) -> BTreeSet<Arc<str>> {
        let failed = self.nodes.iter().zip(&self.failed).filter(|(_, failed)| **failed);
        failed
            .filter_map(|(node, _)| if let Node::Local(name, _) = node { Some(Arc::clone(name)) } else { None })
            .collect()
    }

    /// Returns the objects behind `local` and `data`.
    pub fn into_values(mut self) -> (Value, Value) {
        self.roots.clear();
        let missing: Vec<_> = self.graph.missing().collect();
        let (locals, mut data) = (Arc::make_mut(&mut self.locals), self.data);
        for (kind, name) in missing {
            match kind {
                None => drop(locals.remove(&name)),
                Some(kind) => {
                    if let Some(members) = data.get_mut(&kind) {
                        Arc::make_mut(members).remove(&name);
                    }
                }
            }
        }
        (Data::Object(self.locals).into(), object_of(&data))
    }

    fn local(&mut self, node: usize, diagnostics: &mut Diagnostics) -> Value {
        let Node::Local(_, local) = self.nodes[node] else { unreachable!("only locals are asked for here") };
        let mut found = Diagnostics::new();
        let value = self.with_locals(|scope| evaluate(&local.expr, scope, &mut found));
        let is_too_deep = self.is_too_deep(node, local.expr.span.range().len(), &value);
        // Those that build upon one of them need not hear it again.
        if is_too_deep && !self.failed[node] {
            let name = self.nodes[node].name();
            let detail = format!("The value of {name} is nested more than {DEEPEST} levels deep.");
            found.push(Diagnostic::error("Value nested too deeply", detail).at(local.span));
        }
        // The reference goes on with those that need it, where it goes from one to the next.
        if self.failed[node] && self.is_sequential && !found.has_errors() {
            let detail = format!("{} needs a value that could not be evaluated.", self.nodes[node].name());
            found.push(Diagnostic::error("Unsupported attribute", detail).at(local.expr.span));
        }
        self.failed[node] |= found.has_errors() || self.graph.is_lost[node];
        let failed = found.has_errors() || is_too_deep;
        diagnostics.append(found);
        if failed { Value::unknown(Type::Any) } else { value.sensitive(local.sensitive) }
    }

    /// Whether `value` is nested too deeply. An expression adds no more levels than its text, `length` bytes, has brackets;
    /// only when all those on the way to `node` together could be too many is the value itself looked at.
    fn is_too_deep(&mut self, node: usize, length: usize, value: &Value) -> bool {
        let needs = &self.graph.needs[node];
        let around = needs.iter().map(|needed| self.depths[*needed]).max().unwrap_or(0);
        let most = around.saturating_add(length / 2 + 1);
        let is_sure = most <= DEEPEST && !self.graph.comes_late[node];
        self.depths[node] = if is_sure { most } else { depth::of(value) };
        self.depths[node] > DEEPEST
    }

    /// Asks a data source, or returns at once what can be said of it without.
    fn ask(&mut self, node: usize, waiting: &Waiting<'a>, diagnostics: &mut Diagnostics) -> Option<Value> {
        let Node::Data(key, block) = self.nodes[node] else { unreachable!("only data sources are asked for here") };
        let around = self.around;
        let Some(opened) = self.opened.get(&*key.0).cloned() else {
            self.failed[node] = true;
            let kinds = &around.components.registry.data_sources;
            let fault = around.components.fault(kinds, Sort::DataSource, &key.0, block.header);
            diagnostics.push(fault.unwrap_or_else(|| {
                let detail = format!("The data source {} could not be started.", key.0);
                Diagnostic::error(format!("Cannot use the component {:?}", &*key.0), detail).at(block.header)
            }));
            return Some(Value::unknown(Type::Any));
        };
        let cx = PrepareCx {
            host: around.host.clone(),
            build: BuildInfo::default(),
            options: RunOptions::default(),
            legacy: false,
            secrets: Arc::clone(around.secrets),
        };
        self.failed[node] |= self.graph.is_lost[node];
        // It would be asked with what nobody knows.
        let cancel = self.cancel.clone().filter(|_| !self.failed[node]);
        let doubtful = around.is_broken || self.failed[node];
        let text = around.sources.get(block.header.file);
        let header_line = text.line(text.position(block.header.start as usize).line).to_owned();
        let request = Request { node, key, block, header_line, opened, cx, cancel, doubtful };
        let (settings, found) = self.with_locals(|scope| request.settings(scope));
        waiting.push(Box::pin(request.run(settings, found)));
        None
    }

    /// Calls `read` with what an expression sees now.
    fn with_locals<T>(&mut self, read: impl FnOnce(&Scope<'_>) -> T) -> T {
        self.roots.insert(Arc::from("local"), Data::Object(Arc::clone(&self.locals)).into());
        let result = read(&Scope::new(&self.roots, self.around.functions));
        self.roots.remove("local");
        result
    }

    /// Keeps the value of `node`, unless nothing can be known of it.
    fn set(&mut self, node: usize, value: Value) {
        let value = if self.graph.is_lost[node] { Value::unknown(Type::Any) } else { value };
        match self.nodes[node] {
            Node::Local(name, _) => self.set_local(Arc::clone(name), value),
            Node::Data((kind, name), _) => self.set_data(Arc::clone(kind), Arc::clone(name), value),
        }
    }

    fn set_local(&mut self, name: Arc<str>, value: Value) {
        Arc::make_mut(&mut self.locals).insert(name, value);
    }

    fn set_data(&mut self, kind: Arc<str>, name: Arc<str>, value: Value) {
        self.roots.remove("data");
        Arc::make_mut(self.data.entry(kind).or_default()).insert(name, value);
    }

    fn show_data(&mut self) {
        self.roots.insert(Arc::from("data"), object_of(&self.data));
    }
}

fn object_of(data: &BTreeMap<Arc<str>, Arc<Members>>) -> Value {
    Value::object(data.iter().map(|(kind, named)| (Arc::clone(kind), Data::Object(Arc::clone(named)).into())))
}
