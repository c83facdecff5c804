//! Which lines of two texts belong to each other, as the program `diff` sees it.
//!
//! Of differences that are equally short there are many; this is the one that people know. Prints nothing.

use std::collections::HashMap;
use std::ops::Range;

/// How many lines that are the same at either end are looked at, so that a change may move there.
const HORIZON: usize = 3;

/// How many steps are searched for the shortest way before the farthest one is taken.
const MOST_STEPS: isize = 4096;

/// Tells for each line of `old`, and of `new`, whether it has no partner in the other text.
pub fn unpartnered(old: &[&str], new: &[&str]) -> (Vec<bool>, Vec<bool>) {
    let shorter = old.len().min(new.len());
    let before = (0..shorter).take_while(|index| old[*index] == new[*index]).count();
    let most = shorter - before;
    let behind = (1..=most).take_while(|back| old[old.len() - back] == new[new.len() - back]).count();
    let (before, behind) = (before.saturating_sub(HORIZON), behind.saturating_sub(HORIZON));

    // Equal lines have equal numbers.
    let mut numbers = HashMap::new();
    let (old_lines, new_lines) = (&old[before..old.len() - behind], &new[before..new.len() - behind]);
    let mut sides = [old_lines, new_lines].map(|lines| {
        let number = lines.iter().map(|line| {
            let next = numbers.len();
            *numbers.entry(*line).or_insert(next)
        });
        Side { lines: number.collect(), lone: vec![false; lines.len()] }
    });
    let [first, second] = &mut sides;
    compare(first, second, numbers.len());
    first.slide(&second.lone);
    second.slide(&first.lone);
    let whole = |side: &Side| [&vec![false; before][..], &side.lone, &vec![false; behind]].concat();
    (whole(first), whole(second))
}

/// The lines of one text.
struct Side {
    /// Their numbers.
    lines: Vec<usize>,
    /// Whether each has no partner.
    lone: Vec<bool>,
}

impl Side {
    /// Returns the positions of the lines that are worth a comparison; the others have no partner. `occurs` tells how
    /// often each line occurs in the other text.
    fn candidates(&mut self, occurs: &[usize]) -> Vec<usize> {
        let mut often = 5;
        let mut size = self.lines.len() / 64 / 4;
        while size > 0 {
            (often, size) = (often * 2, size / 4);
        }
        let rank = |line: &usize| match occurs[*line] {
            0 => Rank::Alone,
            count if count > often => Rank::Common,
            _ => Rank::Rare,
        };
        let mut ranks: Vec<Rank> = self.lines.iter().map(rank).collect();
        keep_common(&mut ranks);
        for (index, rank) in ranks.iter().enumerate() {
            self.lone[index] = *rank != Rank::Rare;
        }
        (0..ranks.len()).filter(|index| !self.lone[*index]).collect()
    }

    /// Slides each run of lone lines over lines that are the same: to where it joins another one, or where `other` has a
    /// run as well, or else as far to the end as it goes.
    fn slide(&mut self, other: &[bool]) {
        let is_set = |flags: &[bool], at: isize| usize::try_from(at).is_ok_and(|at| flags.get(at) == Some(&true));
        let (lines, lone) = (&self.lines, &mut self.lone);
        let same = |a: isize, b: isize| lines[a as usize] == lines[b as usize];
        let end = lines.len() as isize;
        // The end of the run, and the line of the other text that stands there.
        let (mut at, mut there) = (0, 0);
        loop {
            while at < end && !is_set(lone, at) {
                while is_set(other, there) {
                    there += 1;
                }
                (at, there) = (at + 1, there + 1);
            }
            if at == end {
                return;
            }
            let mut start = at;
            while is_set(lone, at) {
                at += 1;
            }
            while is_set(other, there) {
                there += 1;
            }
            let mut meets;
            loop {
                let length = at - start;
                while start > 0 && same(start - 1, at - 1) {
                    (start, at) = (start - 1, at - 1);
                    (lone[start as usize], lone[at as usize]) = (true, false);
                    while is_set(lone, start - 1) {
                        start -= 1;
                    }
                    there -= 1;
                    while is_set(other, there) {
                        there -= 1;
                    }
                }
                meets = if is_set(other, there - 1) { at } else { end };
                while at != end && same(start, at) {
                    (lone[start as usize], lone[at as usize]) = (false, true);
                    (start, at) = (start + 1, at + 1);
                    while is_set(lone, at) {
                        at += 1;
                    }
                    there += 1;
                    while is_set(other, there) {
                        meets = at;
                        there += 1;
                    }
                }
                if length == at - start {
                    break;
                }
            }
            while meets < at {
                (start, at) = (start - 1, at - 1);
                (lone[start as usize], lone[at as usize]) = (true, false);
                there -= 1;
                while is_set(other, there) {
                    there -= 1;
                }
            }
        }
    }
}

/// How much a line can tell about which lines belong together.
#[derive(Clone, Copy, PartialEq)]
enum Rank {
    /// The other text does not have it.
    Alone,
    /// It is common there, as blank lines are: it tells nothing among lines that are alone.
    Common,
    Rare,
}

/// Makes common lines rare but for those that stand well within lines that are alone.
fn keep_common(ranks: &mut [Rank]) {
    let mut at = 0;
    while at < ranks.len() {
        match ranks[at] {
            Rank::Rare => at += 1,
            Rank::Common => {
                ranks[at] = Rank::Rare;
                at += 1;
            }
            Rank::Alone => {
                let behind = ranks[at..].iter().position(|rank| *rank == Rank::Rare).map_or(ranks.len(), |n| at + n);
                let run = &mut ranks[at..behind];
                let last = run.iter().rposition(|rank| *rank == Rank::Alone).unwrap_or_default();
                run[last + 1..].fill(Rank::Rare);
                keep_common_of_run(&mut run[..=last]);
                at = behind;
            }
        }
    }
}

/// The same for a run that begins and ends with a line that is alone.
fn keep_common_of_run(run: &mut [Rank]) {
    let common = run.iter().filter(|rank| **rank == Rank::Common).count();
    if common * 4 > run.len() {
        run.iter_mut().filter(|rank| **rank == Rank::Common).for_each(|rank| *rank = Rank::Rare);
        return;
    }
    // Several in a row are too many; how many, grows with the run.
    let mut enough = 1;
    let mut size = run.len() / 4 / 4;
    while size > 0 {
        (enough, size) = (enough * 2, size / 4);
    }
    enough += 1;
    let mut at = 0;
    while at < run.len() {
        let length = run[at..].iter().take_while(|rank| **rank == Rank::Common).count();
        if length >= enough {
            run[at..at + length].fill(Rank::Rare);
        }
        at += length.max(1);
    }
    keep_common_at_start(run.iter_mut());
    keep_common_at_start(run.iter_mut().rev());
}

/// The same up to the third line in a row that is alone, or the first one behind the eighth line.
fn keep_common_at_start<'r>(run: impl Iterator<Item = &'r mut Rank>) {
    let mut alone = 0;
    for (index, rank) in run.enumerate() {
        if index >= 8 && *rank == Rank::Alone {
            return;
        }
        alone = if *rank == Rank::Alone { alone + 1 } else { 0 };
        if *rank == Rank::Common {
            *rank = Rank::Rare;
        }
        if alone == 3 {
            return;
        }
    }
}

/// Marks the lines of both texts that have no partner; `kinds` is how many different ones there are.
fn compare(old: &mut Side, new: &mut Side, kinds: usize) {
    let count = |lines: &[usize]| {
        let mut counts = vec![0; kinds];
        lines.iter().for_each(|line| counts[*line] += 1);
        counts
    };
    let (in_old, in_new) = (count(&old.lines), count(&new.lines));
    let (old_at, new_at) = (old.candidates(&in_new), new.candidates(&in_old));
    let lines_at = |side: &Side, at: &[usize]| at.iter().map(|at| side.lines[*at]).collect();
    let mut search = Search::new(lines_at(old, &old_at), lines_at(new, &new_at));
    let mut open = vec![(0..old_at.len(), 0..new_at.len())];
    while let Some((mut a, mut b)) = open.pop() {
        while !a.is_empty() && !b.is_empty() && search.old[a.start] == search.new[b.start] {
            (a.start, b.start) = (a.start + 1, b.start + 1);
        }
        while !a.is_empty() && !b.is_empty() && search.old[a.end - 1] == search.new[b.end - 1] {
            (a.end, b.end) = (a.end - 1, b.end - 1);
        }
        if a.is_empty() || b.is_empty() {
            a.for_each(|index| old.lone[old_at[index]] = true);
            b.for_each(|index| new.lone[new_at[index]] = true);
            continue;
        }
        let (x, y) = search.middle(&a, &b);
        open.push((a.start..x, b.start..y));
        open.push((x..a.end, y..b.end));
    }
}

/// The search for shortest ways from both ends at once, in the plane of both texts (E. Myers, "An O(ND) difference
/// algorithm and its variations").
struct Search {
    old: Vec<usize>,
    new: Vec<usize>,
    /// How far each diagonal is reached from the start.
    forward: Vec<isize>,
    /// The same from the end.
    backward: Vec<isize>,
}

impl Search {
    fn new(old: Vec<usize>, new: Vec<usize>) -> Search {
        let diagonals = vec![0; old.len() + new.len() + 3];
        Search { old, new, forward: diagonals.clone(), backward: diagonals }
    }

    fn is_same(&self, x: isize, y: isize) -> bool {
        self.old.get(x as usize).is_some_and(|line| self.new.get(y as usize) == Some(line))
    }

    /// Returns a point that a shortest way from the start of both ranges to their ends goes through.
    fn middle(&mut self, a: &Range<usize>, b: &Range<usize>) -> (usize, usize) {
        let zero = self.new.len() + 1;
        let place = |diagonal: isize| (diagonal + zero as isize) as usize;
        let (x_start, x_end) = (a.start as isize, a.end as isize);
        let (y_start, y_end) = (b.start as isize, b.end as isize);
        let (lowest, highest) = (x_start - y_end, x_end - y_start);
        let (first, last) = (x_start - y_start, x_end - y_end);
        let (mut f_low, mut f_high, mut b_low, mut b_high) = (first, first, last, last);
        let is_odd = (first - last) % 2 != 0;
        self.forward[place(first)] = x_start;
        self.backward[place(last)] = x_end;
        let mut steps = 1;
        loop {
            f_low = widened(f_low, -1, f_low > lowest, &mut self.forward, -1, place);
            f_high = widened(f_high, 1, f_high < highest, &mut self.forward, -1, place);
            for d in (f_low..=f_high).rev().step_by(2) {
                let (below, above) = (self.forward[place(d - 1)], self.forward[place(d + 1)]);
                let mut x = if below < above { above } else { below + 1 };
                while x < x_end && x - d < y_end && self.is_same(x, x - d) {
                    x += 1;
                }
                self.forward[place(d)] = x;
                if is_odd && (b_low..=b_high).contains(&d) && self.backward[place(d)] <= x {
                    return (x as usize, (x - d) as usize);
                }
            }
            b_low = widened(b_low, -1, b_low > lowest, &mut self.backward, isize::MAX, place);
            b_high = widened(b_high, 1, b_high < highest, &mut self.backward, isize::MAX, place);
            for d in (b_low..=b_high).rev().step_by(2) {
                let (below, above) = (self.backward[place(d - 1)], self.backward[place(d + 1)]);
                let mut x = if below < above { below } else { above - 1 };
                while x > x_start && x - d > y_start && self.is_same(x - 1, x - d - 1) {
                    x -= 1;
                }
                self.backward[place(d)] = x;
                if !is_odd && (f_low..=f_high).contains(&d) && x <= self.forward[place(d)] {
                    return (x as usize, (x - d) as usize);
                }
            }
            steps += 1;
            if steps > MOST_STEPS {
                let diagonals = (f_low..=f_high).rev().step_by(2);
                let within = |d: isize| {
                    let x = self.forward[place(d)].min(x_end).min(y_end + d);
                    (x, x - d)
                };
                let farthest = diagonals.map(within).max_by_key(|(x, y)| x + y);
                return farthest.map_or((a.end, b.start), |(x, y)| (x as usize, y as usize));
            }
        }
    }
}

/// Returns the outermost diagonal of the next step: one farther out, with nothing `reached` behind it, if there is room,
/// else one farther in.
fn widened(
    at: isize,
    direction: isize,
    has_room: bool,
    reach: &mut [isize],
    reached: isize,
    place: impl Fn(isize) -> usize,
) -> isize {
    if !has_room {
        return at - direction;
    }
    reach[place(at + 2 * direction)] = reached;
    at + direction
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Returns each line of both texts behind its sign.
    fn shown(old: &str, new: &str) -> String {
        let (old, new): (Vec<_>, Vec<_>) = (old.split(' ').collect(), new.split(' ').collect());
        let (gone, come) = unpartnered(&old, &new);
        let line = |lines: &[&str], lone: &[bool], index: usize, sign| match lone.get(index) {
            Some(true) => Some(format!("{sign}{}", lines[index])),
            _ => None,
        };
        let (mut a, mut b, mut all) = (0, 0, Vec::new());
        while a < old.len() || b < new.len() {
            if let Some(gone) = line(&old, &gone, a, '-') {
                all.push(gone);
                a += 1;
            } else if let Some(come) = line(&new, &come, b, '+') {
                all.push(come);
                b += 1;
            } else {
                assert_eq!(old[a], new[b]);
                all.push(old[a].to_owned());
                (a, b) = (a + 1, b + 1);
            }
        }
        all.join(" ")
    }

    #[test]
    fn what_came_stands_as_far_to_the_end_as_it_can() {
        assert_eq!(shown("a } b", "a } c } b"), "a } +c +} b");
        assert_eq!(shown("a x } b y }", "a X } b Y }"), "a -x +X } b -y +Y }");
    }

    #[test]
    fn a_closing_brace_may_find_another_partner() {
        // Recorded of `diff -u`.
        let shown = shown("1 2 3 4 } 5 6 7 } } 8 } }", "1a 2a 3a 4a } 5a 6a } } 7a 8a } } }");
        let want = "-1 -2 -3 -4 +1a +2a +3a +4a } -5 -6 -7 +5a +6a } } -8 +7a +8a +} } }";
        assert_eq!(shown, want);
    }

    proptest! {
        #[test]
        fn the_rest_is_the_same(old in "[ab} ]{0,60}", new in "[ab} ]{0,60}") {
            shown(&old, &new);
        }
    }
}
