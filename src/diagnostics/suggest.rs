//! "Did you mean": the nearest of the names that would have been right.

/// Returns the candidate nearest to `given`, if it is less than 3 edits away; in a short word one edit is much, and in a
/// single letter it is all. A capital letter for a small one is no edit, but the same spelling is nearer.
///
/// # Source
/// DIA-10: one suggestion, edit distance below 3.
pub fn did_you_mean<'a>(given: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let most = match given.chars().count() {
        0 | 1 => 0,
        2..=4 => 1,
        _ => 2,
    };
    let small = given.to_lowercase();
    candidates
        .into_iter()
        .map(|candidate| (distance(&small, &candidate.to_lowercase()), distance(given, candidate), candidate))
        .filter(|(edits, _, _)| *edits <= most)
        .min_by_key(|(edits, exact, _)| (*edits, *exact))
        .map(|(_, _, candidate)| candidate)
}

/// Levenshtein distance in characters, where two neighbours that changed places are one edit.
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut rows = vec![(0..=b.len()).collect::<Vec<usize>>()];
    for (i, x) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, y) in b.iter().enumerate() {
            let cost = rows[i][j] + usize::from(x != y);
            let mut edits = cost.min(row[j] + 1).min(rows[i][j + 1] + 1);
            if i > 0 && j > 0 && *x == b[j - 1] && a[i - 1] == *y {
                edits = edits.min(rows[i - 1][j - 1] + 1);
            }
            row.push(edits);
        }
        rows.push(row);
    }
    rows[a.len()][b.len()]
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
}
