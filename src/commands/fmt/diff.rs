//! The difference between a file and its formatted text, as `diff -u` shows it and `patch` takes it.
//!
//! Which lines belong together is found in `partners`.

use std::fmt::Write;
use std::ops::Range;

use similar::{DiffOp, DiffTag, group_diff_ops};

use super::partners::unpartnered;

/// How many lines that stayed are shown around those that did not.
const AROUND: usize = 3;

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
    let (gone, come) = unpartnered(old, new);
    let run = |flags: &[bool], at: usize, is: bool| flags[at..].iter().take_while(|flag| **flag == is).count();
    let mut all = Vec::new();
    let (mut old_index, mut new_index) = (0, 0);
    while old_index < old.len() || new_index < new.len() {
        let len = run(&gone, old_index, false).min(run(&come, new_index, false));
        if len > 0 {
            all.push(DiffOp::Equal { old_index, new_index, len });
        }
        (old_index, new_index) = (old_index + len, new_index + len);
        let (old_len, new_len) = (run(&gone, old_index, true), run(&come, new_index, true));
        if old_len + new_len > 0 {
            all.push(DiffOp::Replace { old_index, old_len, new_index, new_len });
        }
        (old_index, new_index) = (old_index + old_len, new_index + new_len);
    }
    all
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
