//! The difference between a file and its formatted text, as `diff -u` shows it and `patch` takes it.
//!
//! Formatting neither joins nor breaks lines: both texts have as many, which keeps the comparison of large files short.

use std::fmt::Write;
use std::ops::Range;

use similar::{Algorithm, DiffOp, DiffTag, capture_diff_slices, group_diff_ops};

/// How many lines that stayed are shown around those that did not.
const AROUND: usize = 3;

/// How many lines are compared with each other at most; of more, each is compared with its own new form.
const MOST_LINES: usize = 4000;

/// Returns the difference between `old` and `new`, which are called `old/NAME` and `new/NAME`; nothing if there is none.
///
/// # Source
/// FMT-6; case `parity/fmt/diff-shows-a-unified-diff`.
pub fn unified(name: &str, old: &str, new: &str) -> String {
    let (old, new) = (lines(old), lines(new));
    let mut text = String::new();
    for hunk in group_diff_ops(changes(&old, &new), AROUND) {
        if text.is_empty() {
            let _ = write!(text, "--- old/{name}\n+++ new/{name}\n");
        }
        write_hunk(&mut text, &hunk, &old, &new);
    }
    text
}

fn lines(text: &str) -> Vec<&str> {
    text.split_inclusive('\n').collect()
}

/// Returns what became of all lines.
fn changes(old: &[&str], new: &[&str]) -> Vec<DiffOp> {
    if old.len() != new.len() {
        return capture_diff_slices(Algorithm::Myers, old, new);
    }
    let mut all = Vec::new();
    for part in parts(old, new) {
        let (before, after) = (&old[part.clone()], &new[part.clone()]);
        if before == after {
            all.push(DiffOp::Equal { old_index: part.start, new_index: part.start, len: part.len() });
        } else if part.len() > MOST_LINES {
            let (old_index, new_index) = (part.start, part.start);
            all.push(DiffOp::Replace { old_index, old_len: part.len(), new_index, new_len: part.len() });
        } else {
            let found = capture_diff_slices(Algorithm::Myers, before, after);
            all.extend(found.into_iter().map(|change| moved(change, part.start)));
        }
    }
    all
}

/// Returns stretches of lines in turn that changed and that stayed. Few lines that stay among others belong to them: they
/// may have a better partner than themselves.
fn parts(old: &[&str], new: &[&str]) -> Vec<Range<usize>> {
    let mut parts: Vec<Range<usize>> = Vec::new();
    let mut stayed_since = 0;
    for index in 0..=old.len() {
        let has_changed = old.get(index) != new.get(index);
        if !has_changed && index < old.len() {
            continue;
        }
        match parts.last_mut() {
            Some(last) if index < old.len() && index - stayed_since <= 4 * AROUND => last.end = index + 1,
            _ => {
                if stayed_since < index {
                    parts.push(stayed_since..index);
                }
                if index < old.len() {
                    parts.push(index..index + 1);
                }
            }
        }
        stayed_since = index + 1;
    }
    parts
}

/// Returns `change`, found in lines that begin with number `by`, as one of all lines.
fn moved(change: DiffOp, by: usize) -> DiffOp {
    match change {
        DiffOp::Equal { old_index, new_index, len } => {
            DiffOp::Equal { old_index: old_index + by, new_index: new_index + by, len }
        }
        DiffOp::Delete { old_index, old_len, new_index } => {
            DiffOp::Delete { old_index: old_index + by, old_len, new_index: new_index + by }
        }
        DiffOp::Insert { old_index, new_index, new_len } => {
            DiffOp::Insert { old_index: old_index + by, new_index: new_index + by, new_len }
        }
        DiffOp::Replace { old_index, old_len, new_index, new_len } => {
            DiffOp::Replace { old_index: old_index + by, old_len, new_index: new_index + by, new_len }
        }
    }
}

fn write_hunk(text: &mut String, hunk: &[DiffOp], old: &[&str], new: &[&str]) {
    let (Some(first), Some(last)) = (hunk.first(), hunk.last()) else { return };
    let before = first.old_range().start..last.old_range().end;
    let after = first.new_range().start..last.new_range().end;
    let _ = writeln!(text, "@@ -{} +{} @@", numbers(&before), numbers(&after));
    for change in hunk {
        let (tag, before, after) = change.as_tag_tuple();
        if tag == DiffTag::Equal {
            old[before].iter().for_each(|line| write_line(text, ' ', line));
        } else {
            old[before].iter().for_each(|line| write_line(text, '-', line));
            new[after].iter().for_each(|line| write_line(text, '+', line));
        }
    }
}

/// Returns the number of the first line and how many there are, unless it is one.
fn numbers(lines: &Range<usize>) -> String {
    match lines.len() {
        // Nothing stands behind the line that it follows.
        0 => format!("{},0", lines.start),
        1 => format!("{}", lines.start + 1),
        count => format!("{},{count}", lines.start + 1),
    }
}

fn write_line(text: &mut String, sign: char, line: &str) {
    text.push(sign);
    text.push_str(line);
    if !line.ends_with('\n') {
        text.push_str("\n\\ No newline at end of file\n");
    }
}
