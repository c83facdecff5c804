//! Who needs whom, read from the texts.
//!
//! Evaluates nothing, so it cannot tell what an index that is computed will be: who uses one may need everything.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use super::{Node, Order};
use crate::diagnostics::{Diagnostic, Diagnostics, did_you_mean};
use crate::eval::{Reference, references, references_of_body};

/// What every problem of the order is headed with; scripts know it (HCL-46).
pub const SUMMARY: &str = "failed to prepare execution graph";
/// For how many unknown names a similar one is looked for; each look goes over all names.
const SUGGESTIONS: usize = 20;

/// The needs of each node, by index.
pub struct Graph {
    /// Whom each one needs, in order, none twice.
    pub needs: Vec<Vec<usize>>,
    /// Whether it may need everything: it comes after all that do not need it (HCL-48, HCL-49).
    pub comes_late: Vec<bool>,
    /// Whether nothing can be known of its value.
    pub is_lost: Vec<bool>,
    /// Whether those are not even looked at, because what they need is not there yet.
    pub skips_lost: bool,
    /// What is needed and not there, with who needs it.
    missing: Vec<(usize, Reference)>,
}

/// What a reference leads to.
enum Target {
    Node(usize),
    All,
    Missing,
    Elsewhere,
}

impl Graph {
    /// Reads the needs of `nodes`. In sequential order data sources know no locals, and nothing counts as missing:
    /// who needs it finds out.
    ///
    /// # Source
    /// HCL-45, HCL-48 … HCL-50.
    pub fn of(nodes: &[Node<'_>], order: Order) -> Graph {
        let mut locals = HashMap::new();
        let mut data = HashMap::new();
        let mut kinds = HashSet::new();
        for (index, node) in nodes.iter().enumerate() {
            match node {
                Node::Local(name, _) => drop(locals.insert(&***name, index)),
                Node::Data((kind, name), _) => {
                    kinds.insert(&**kind);
                    data.insert((&**kind, &**name), index);
                }
            }
        }
        let target = |reference: &Reference, from: &Node<'_>| match &*reference.root {
            "local" if order == Order::Sequential && matches!(from, Node::Data(..)) => Target::Elsewhere,
            "local" => match reference.name(0) {
                None => Target::All,
                Some(name) => locals.get(name).map_or(Target::Missing, |index| Target::Node(*index)),
            },
            "data" => match (reference.name(0), reference.name(1)) {
                (None, _) => Target::All,
                // A type that is not there is an attribute that is not there.
                (Some(kind), None) => {
                    if kinds.contains(kind) {
                        Target::All
                    } else {
                        Target::Elsewhere
                    }
                }
                (Some(kind), Some(name)) => {
                    data.get(&(kind, name)).map_or(Target::Missing, |index| Target::Node(*index))
                }
            },
            _ => Target::Elsewhere,
        };
        let count = nodes.len();
        let mut graph = Graph {
            needs: Vec::with_capacity(count),
            comes_late: vec![false; count],
            is_lost: vec![false; count],
            skips_lost: order == Order::Sequential,
            missing: Vec::new(),
        };
        for (index, node) in nodes.iter().enumerate() {
            let mentioned = match node {
                Node::Local(_, local) => references(&local.expr),
                Node::Data(_, block) => references_of_body(&block.body),
            };
            let mut needs = BTreeSet::new();
            for reference in mentioned {
                match target(&reference, node) {
                    Target::Node(needed) => drop(needs.insert(needed)),
                    Target::All => graph.comes_late[index] = true,
                    Target::Missing if order == Order::Needed => graph.missing.push((index, reference)),
                    Target::Missing | Target::Elsewhere => {}
                }
            }
            graph.needs.push(needs.into_iter().collect());
        }
        graph
    }

    /// Reports what is needed and not there; nothing can be known of who needs it.
    pub fn report_missing(&mut self, nodes: &[Node<'_>], diagnostics: &mut Diagnostics) {
        for (count, (index, reference)) in self.missing.iter().enumerate() {
            self.is_lost[*index] = true;
            let is_local = &*reference.root == "local";
            let names = nodes.iter().filter_map(|node| match node {
                Node::Local(name, _) if is_local => Some(format!("local.{name}")),
                Node::Data((kind, name), _) if !is_local => Some(format!("data.{kind}.{name}")),
                _ => None,
            });
            let wanted = wanted(reference);
            let near = || {
                let names: Vec<String> = names.collect();
                did_you_mean(&wanted, names.iter().map(String::as_str)).map(|near| format!("Did you mean {near}?"))
            };
            let sort = if is_local { "local" } else { "data source" };
            let detail = format!("{} needs {wanted}, and the template declares no such {sort}.", nodes[*index].name());
            let problem = Diagnostic::error(SUMMARY, detail).at(reference.span);
            diagnostics.push(problem.hint(if count < SUGGESTIONS { near() } else { None }));
        }
    }

    /// Returns the names that are needed and not there: locals, and data sources by type and name.
    pub fn missing(&self) -> impl Iterator<Item = (Option<Arc<str>>, Arc<str>)> {
        self.missing.iter().filter_map(|(_, reference)| {
            let name = |index| reference.name(index).map(Arc::from);
            if &*reference.root == "local" { Some((None, name(0)?)) } else { Some((Some(name(0)?), name(1)?)) }
        })
    }
}

/// Returns the part of a reference that names a local or a data source.
fn wanted(reference: &Reference) -> String {
    let steps = if &*reference.root == "local" { 1 } else { 2 };
    let names: Vec<&str> = (0..steps).filter_map(|index| reference.name(index)).collect();
    format!("{}.{}", reference.root, names.join("."))
}
