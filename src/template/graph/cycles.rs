//! Those that need each other, or themselves.
//!
//! Works in loops: a chain of any length needs no stack.

use super::Node;
use super::edges::{Graph, SUMMARY};
use crate::diagnostics::{Diagnostic, Diagnostics, SourceMap, Span};

/// How many steps of a cycle are told one by one.
const TOLD: usize = 12;

/// Reports every group that needs itself, and takes the needs within it away: nothing can be known of its members.
///
/// # Source
/// HCL-46.
pub fn break_all(graph: &mut Graph, nodes: &[Node<'_>], sources: &SourceMap, diagnostics: &mut Diagnostics) {
    let groups = groups(&graph.needs);
    let mut group_of = vec![0; nodes.len()];
    for (number, group) in groups.iter().enumerate() {
        group.iter().for_each(|member| group_of[*member] = number);
    }
    for group in &groups {
        let first = group[0];
        if group.len() == 1 && !graph.needs[first].contains(&first) {
            continue;
        }
        let mut names: Vec<String> = group.iter().map(|member| nodes[*member].name()).collect();
        names.sort();
        let fault = match &names[..] {
            [own] => format!("Self reference: {own}"),
            _ => format!("Cycle: {}", names.join(", ")),
        };
        let mut detail =
            format!("There is no order in which each local and data source comes after those it needs.\n\n{fault}");
        if group.len() > 1 {
            let path = way_round(first, &graph.needs, &group_of);
            for pair in path.windows(2).take(TOLD) {
                let (from, to) = (&nodes[pair[0]], &nodes[pair[1]]);
                let place = sources.describe(span_of(from));
                detail += &format!("\n* {} needs {}, {place}", from.name(), to.name());
            }
            if path.len() > TOLD + 1 {
                detail += &format!("\n* … and {} more steps", path.len() - 1 - TOLD);
            }
        }
        diagnostics.push(Diagnostic::error(SUMMARY, detail).at(span_of(&nodes[first])));
        for member in group {
            graph.is_lost[*member] = true;
            graph.needs[*member].retain(|needed| group_of[*needed] != group_of[first]);
        }
    }
}

fn span_of(node: &Node<'_>) -> Span {
    match node {
        Node::Local(_, local) => local.span,
        Node::Data(_, block) => block.header,
    }
}

/// Returns a shortest way from `first` back to itself within its group, `first` at both ends.
fn way_round(first: usize, needs: &[Vec<usize>], group_of: &[usize]) -> Vec<usize> {
    let mut came_from = std::collections::HashMap::new();
    let mut queue = std::collections::VecDeque::from([first]);
    while let Some(at) = queue.pop_front() {
        for next in needs[at].iter().copied().filter(|next| group_of[*next] == group_of[first]) {
            if next == first {
                let mut path = vec![first, at];
                while let Some(before) = came_from.get(path.last().expect("it is never empty")) {
                    path.push(*before);
                }
                path.reverse();
                return path;
            }
            came_from.entry(next).or_insert_with(|| {
                queue.push_back(next);
                at
            });
        }
    }
    vec![first]
}

/// Returns the groups whose members all need each other, directly or not, each in order (Tarjan's algorithm).
fn groups(needs: &[Vec<usize>]) -> Vec<Vec<usize>> {
    const NEW: usize = usize::MAX;
    let count = needs.len();
    let (mut number, mut low, mut on_path) = (vec![NEW; count], vec![0; count], vec![false; count]);
    let (mut path, mut groups, mut next) = (Vec::new(), Vec::new(), 0);
    for start in 0..count {
        if number[start] != NEW {
            continue;
        }
        // A node, and how many of its needs were looked at.
        let mut visits = vec![(start, 0)];
        while let Some((node, looked)) = visits.pop() {
            if looked == 0 {
                (number[node], low[node], on_path[node]) = (next, next, true);
                next += 1;
                path.push(node);
            }
            if let Some(needed) = needs[node].get(looked).copied() {
                visits.push((node, looked + 1));
                if number[needed] == NEW {
                    visits.push((needed, 0));
                } else if on_path[needed] {
                    low[node] = low[node].min(number[needed]);
                }
                continue;
            }
            if let Some((above, _)) = visits.last() {
                low[*above] = low[*above].min(low[node]);
            }
            if low[node] == number[node] {
                let from = path.iter().rposition(|member| *member == node).expect("it is on its own path");
                let mut group = path.split_off(from);
                group.iter().for_each(|member| on_path[*member] = false);
                group.sort_unstable();
                groups.push(group);
            }
        }
    }
    groups.sort_unstable_by_key(|group| group[0]);
    groups
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_of_a_group_all_need_each_other() {
        let needs = [vec![1], vec![2], vec![0, 3], vec![], vec![4], vec![0, 4]];
        assert_eq!(groups(&needs), [vec![0, 1, 2], vec![3], vec![4], vec![5]]);
        assert_eq!(way_round(0, &needs, &[0, 0, 0, 1, 2, 3]), [0, 1, 2, 0]);
    }

    #[test]
    fn a_long_chain_needs_no_stack() {
        let count = 200_000;
        let mut needs: Vec<Vec<usize>> = (1..count).map(|next| vec![next]).collect();
        needs.push(Vec::new());
        assert_eq!(groups(&needs).len(), count);
        needs[count - 1].push(0);
        assert_eq!(groups(&needs).len(), 1);
    }
}
