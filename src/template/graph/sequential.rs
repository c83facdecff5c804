//! The limits of `-use-sequential-evaluation`.
//!
//! Evaluates nothing: tells who lies too deep, as the reference finds it by following needs from top to bottom.

use super::Node;
use super::edges::Graph;
use crate::diagnostics::{Diagnostic, Diagnostics, Span};

/// How many may stand on the way from one that is looked at to the last it needs.
const DEPTH: usize = 10;

/// Reports the data sources and the first local that lie too deep; nothing can be known of those.
///
/// # Source
/// HCL-50.
pub fn limit(graph: &mut Graph, nodes: &[Node<'_>], diagnostics: &mut Diagnostics) {
    let is_data = |index: usize| matches!(nodes[index], Node::Data(..));
    let mut limiter = Limiter { done: vec![false; nodes.len()] };
    for data in [true, false] {
        let mut deep = Vec::new();
        for index in (0..nodes.len()).filter(|index| is_data(*index) == data) {
            let needs = |of: usize| graph.needs[of].iter().copied().filter(|needed| is_data(*needed) == data);
            let Err(path) = limiter.visit(index, 1, &needs) else { continue };
            // Of locals the first one is told, of data sources each.
            if data || deep.is_empty() {
                diagnostics.push(too_deep(&nodes[index], &path, nodes));
            }
            deep.push(index);
            if !data {
                graph.needs[index].clear();
            }
        }
        for index in deep {
            graph.is_lost[index] = true;
            // Whoever would wait for itself does not wait at all.
            graph.needs[index].clear();
        }
    }
}

/// Remembers who can be evaluated.
struct Limiter {
    done: Vec<bool>,
}

impl Limiter {
    /// Follows the needs of `index`, at most `DEPTH` of them; fails with the way that was too long, from its end.
    fn visit<I: Iterator<Item = usize>>(
        &mut self,
        index: usize,
        depth: usize,
        needs: &impl Fn(usize) -> I,
    ) -> Result<(), Vec<usize>> {
        if self.done[index] {
            return Ok(());
        }
        if depth > DEPTH {
            return Err(vec![index]);
        }
        for needed in needs(index) {
            if let Err(mut path) = self.visit(needed, depth + 1, needs) {
                path.push(index);
                return Err(path);
            }
        }
        self.done[index] = true;
        Ok(())
    }
}

fn too_deep(node: &Node<'_>, path: &[usize], nodes: &[Node<'_>]) -> Diagnostic {
    let (sort, span): (_, Span) = match node {
        Node::Local(_, local) => ("local", local.span),
        Node::Data(_, block) => ("datasource", block.header),
    };
    let way: Vec<String> = path.iter().rev().map(|index| nodes[*index].name()).collect();
    let detail = format!(
        "With -use-sequential-evaluation at most {DEPTH} may need each other in a row, and none may need itself: {}.",
        way.join(" needs ")
    );
    let hint = "Without the flag there is no such limit.".to_owned();
    Diagnostic::error(format!("Max {sort} recursion depth exceeded."), detail).at(span).hint(Some(hint))
}
