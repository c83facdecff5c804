//! "Did you mean": the nearest of the names that would have been right.

use std::sync::atomic::{AtomicUsize, Ordering};

/// Characters of the longest name that is compared with others.
const LONGEST: usize = 100;
/// How many names one run compares: where ten thousand are wrong, suggestions would take longer than anything else.
const COMPARISONS: usize = 1_000_000;

/// Returns the candidate nearest to `given`, if it is less than 3 edits away; in a short word one edit is much, and in a
/// single letter it is all. A capital letter for a small one is no edit, but the same spelling is nearer.
///
/// # Source
/// DIA-10: one suggestion, edit distance below 3.
pub fn did_you_mean<'a>(given: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    static COMPARED: AtomicUsize = AtomicUsize::new(0);
    let exact: Vec<char> = given.chars().take(LONGEST + 1).collect();
    let most = match exact.len() {
        0 | 1 => 0,
        2..=4 => 1,
        5..=LONGEST => 2,
        _ => return None,
    };
    let small: Vec<char> = given.to_lowercase().chars().collect();
    candidates
        .into_iter()
        .take_while(|_| COMPARED.fetch_add(1, Ordering::Relaxed) < COMPARISONS)
        // No letter has more than four bytes.
        .filter(|candidate| candidate.len() <= 4 * LONGEST)
        .filter_map(|candidate| {
            let edits = distance(&small, &candidate.to_lowercase(), most)?;
            Some((edits, distance(&exact, candidate, usize::MAX), candidate))
        })
        .min_by_key(|(edits, exact, _)| (*edits, *exact))
        .map(|(_, _, candidate)| candidate)
}

/// Returns the Levenshtein distance in characters, where two neighbours that changed places are one edit; `None` when it
/// is more than `most`.
fn distance(a: &[char], b: &str, most: usize) -> Option<usize> {
    let b: Vec<char> = b.chars().take(LONGEST + 1).collect();
    if a.len().abs_diff(b.len()) > most {
        return None;
    }
    // The row of the letter before the last, of the last, and of this one.
    let mut rows: [Vec<usize>; 3] = [Vec::new(), (0..=b.len()).collect(), Vec::new()];
    for (i, x) in a.iter().enumerate() {
        let [before, last, row] = &mut rows;
        row.clear();
        row.push(i + 1);
        for (j, y) in b.iter().enumerate() {
            let cost = last[j] + usize::from(x != y);
            let mut edits = cost.min(row[j] + 1).min(last[j + 1] + 1);
            if i > 0 && j > 0 && *x == b[j - 1] && a[i - 1] == *y {
                edits = edits.min(before[j - 1] + 1);
            }
            row.push(edits);
        }
        if row.iter().chain(&*last).all(|edits| *edits > most) {
            return None;
        }
        rows.rotate_left(1);
    }
    Some(rows[1][b.len()]).filter(|edits| *edits <= most)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_name_within_two_edits_wins() {
        assert_eq!(did_you_mean("nul", ["null", "file"]), Some("null"));
        assert_eq!(did_you_mean("abc", ["xyz", "uvw"]), None);
        assert_eq!(did_you_mean("loacls", ["local", "var"]), Some("local"));
    }

    #[test]
    fn capital_letters_are_no_edits() {
        assert_eq!(did_you_mean("id", ["host", "ID"]), Some("ID"));
        assert_eq!(did_you_mean("Name", ["NAME", "name", "named"]), Some("name"));
    }

    #[test]
    fn short_words_must_be_nearer() {
        assert_eq!(did_you_mean("k", ["n", "l"]), None);
        assert_eq!(did_you_mean("each", ["path", "build"]), None);
        assert_eq!(did_you_mean("tpye", ["type"]), Some("type"));
    }

    #[test]
    fn neighbours_that_changed_places_are_one_edit_and_long_names_have_no_likeness() {
        assert_eq!(did_you_mean("taht", ["that"]), Some("that"));
        assert_eq!(did_you_mean("provisoinr", ["provisioner", "provision"]), Some("provisioner"));
        let long = "n".repeat(LONGEST + 1);
        assert_eq!(did_you_mean(&long, [&*long]), None);
    }
}
