//! A diagnostic as text, in the layout people's scripts know (DIA-1, DIA-2).
//!
//! Colours and streams are the business of `ui`.

use std::borrow::Cow;
use std::fmt::Write;

use super::{Diagnostic, Severity, SourceMap, Span};

/// Columns of the detail; places and source lines are never wrapped.
const WIDTH: usize = 80;
/// Bytes of any other text than a source line that are shown; nobody reads more.
const LONGEST: usize = 2000;

/// Of a snippet with more lines only the beginning and what is around the subject is shown.
const MOST_LINES: usize = 60;

/// Of a longer line only the part around the subject is shown. Generated files have such lines, people do not.
const MOST_BYTES: usize = 1000;

/// Returns `diagnostic` as text: summary, place with snippet, values, explanation, each followed by an empty line.
///
/// A part that there is nothing to say in is left out with its empty line.
///
/// # Source
/// DIA-1…DIA-4; cases `diagnostics/layout-of-…` and `diagnostics/named-values-are-shown-with-an-error`. The reference
/// shows `(source code not available)` for late errors (DIA-5), this always the source.
pub fn render(diagnostic: &Diagnostic, sources: &SourceMap) -> String {
    let kind = match diagnostic.severity {
        Severity::Error => "Error",
        Severity::Warning => "Warning",
    };
    let mut text = format!("{kind}: {}\n\n", shortened(&diagnostic.summary));
    if let Some(span) = diagnostic.span {
        place(&mut text, span, diagnostic.context, sources);
    }
    if !diagnostic.values.is_empty() {
        let values: Vec<String> = diagnostic
            .values
            .iter()
            .map(|(name, value)| format!("{} as {}", shortened(name), shortened(value)))
            .collect();
        let _ = write!(text, "with {}.\n\n", values.join(",\n     "));
    }
    let hint = diagnostic.hint.as_deref().unwrap_or_default();
    let space = if diagnostic.detail.is_empty() || hint.is_empty() { "" } else { " " };
    let detail = format!("{}{space}{}", shortened(&diagnostic.detail), shortened(hint));
    if !detail.is_empty() {
        let _ = write!(text, "{}\n\n", wrap(&detail, WIDTH));
    }
    text
}

/// Adds `  on FILE line N, in BLOCK:` and the lines of the source.
fn place(text: &mut String, span: Span, context: Option<Span>, sources: &SourceMap) {
    let source = sources.get(span.file);
    if source.name.is_empty() {
        // A text without a name is a value from outside, whose lines say nothing that the detail does not (CLI-48).
        text.push_str("  on  line 0:\n\n");
        return;
    }
    let line = source.position(span.start as usize).line;
    let header =
        source.header_at(span.start as usize).map(|header| format!(", in {}", shortened(&header))).unwrap_or_default();
    let _ = writeln!(text, "  on {} line {line}{header}:", source.name);
    let shown = context.filter(|c| c.file == span.file).map_or(span, |context| span.to(context));
    let first = source.position(shown.start as usize).line;
    let last = source.position((shown.end.max(shown.start + 1) - 1) as usize).line;
    let last = last.max(line);
    let kept = |number: &usize| last - first < MOST_LINES || *number < first + 5 || line.abs_diff(*number) <= 5;
    let mut expected = first;
    for number in (first..=last).filter(kept) {
        if number > expected {
            let _ = writeln!(text, "   …: ({} lines)", number - expected);
        }
        expected = number + 1;
        // On its own line the subject must be seen, on others their beginning.
        let at = if number == line { span.start as usize - source.start_of(line) } else { 0 };
        let _ = writeln!(text, "{number:4}: {}", cut(source.line(number), at));
    }
    if expected <= last {
        let _ = writeln!(text, "   …: ({} lines)", last + 1 - expected);
    }
    text.push('\n');
}

/// Returns `line`, or the part of an endless one that is around byte `at`.
fn cut(line: &str, at: usize) -> Cow<'_, str> {
    if line.len() <= MOST_BYTES {
        return line.into();
    }
    let start = line.floor_char_boundary(at.saturating_sub(MOST_BYTES / 4));
    let end = line.floor_char_boundary(start + MOST_BYTES / 2);
    let before = if start > 0 { "…" } else { "" };
    let after = if end < line.len() { "…" } else { "" };
    format!("{before}{}{after}", &line[start..end]).into()
}

/// Returns `text` without its middle, if it is longer than anybody reads.
fn shortened(text: &str) -> Cow<'_, str> {
    if text.len() <= LONGEST {
        return Cow::Borrowed(text);
    }
    let half = LONGEST / 2;
    let (start, end) = (text.floor_char_boundary(half), text.ceil_char_boundary(text.len() - half));
    Cow::Owned(format!("{}…{}", &text[..start], &text[end..]))
}

/// Returns `text` as explanations are laid out.
pub fn wrapped(text: &str) -> String {
    wrap(text, WIDTH)
}

/// Returns `text` with each line longer than `width` characters broken at blanks. A longer word stays whole; white space
/// at the start of a line stays, and is not repeated on the lines it is broken into.
fn wrap(text: &str, width: usize) -> String {
    let lines: Vec<String> = text.lines().map(|line| wrap_line(line, width)).collect();
    lines.join("\n")
}

fn wrap_line(line: &str, width: usize) -> String {
    let mut wrapped = String::with_capacity(line.len());
    let mut column = 0;
    let mut rest = line;
    while !rest.is_empty() {
        let word_start = rest.find(|c| !is_blank(c)).unwrap_or(rest.len());
        let word_end = rest[word_start..].find(is_blank).map_or(rest.len(), |length| word_start + length);
        let (blanks, word) = (&rest[..word_start], &rest[word_start..word_end]);
        let length = word.chars().count();
        if column > 0 && column + blanks.chars().count() + length > width {
            wrapped.push('\n');
            column = 0;
        } else {
            wrapped.push_str(blanks);
            column += blanks.chars().count();
        }
        wrapped.push_str(word);
        column += length;
        rest = &rest[word_end..];
    }
    wrapped
}

/// Whether a line may be broken here: not at a no-break space.
fn is_blank(c: char) -> bool {
    c.is_whitespace() && c != '\u{a0}'
}

#[cfg(test)]
mod tests {
    use super::super::Header;
    use super::*;

    /// Returns sources with one text, all of which is a block called `header`, and the span of `part` in it.
    fn text(name: &str, text: &str, header: &str, part: &str) -> (SourceMap, Span) {
        let sources = SourceMap::default();
        let id = sources.add(name, text);
        let start = text.find(part).unwrap();
        let range = 0..text.len();
        sources.set_headers(id, vec![Header { range, text: header.into() }]);
        (sources, Span::new(id, start..start + part.len()))
    }

    #[test]
    fn place_block_and_source_line_come_before_the_detail() {
        // DIA-20
        let template = "variable \"n\" {\n  type    = number\n  default = \"abc\"\n}\n";
        let (sources, span) = text("t.pkr.hcl", template, "variable \"n\"", "\"abc\"");
        let detail = "This default value is not compatible with the variable's type constraint: a number is required.";
        let found = render(&Diagnostic::error("Invalid default value for variable", detail).at(span), &sources);
        let want = "Error: Invalid default value for variable\n\n  on t.pkr.hcl line 3, in variable \"n\":\n   3:   \
                    default = \"abc\"\n\nThis default value is not compatible with the variable's type constraint: a\n\
                    number is required.\n\n";
        assert_eq!(found, want);
    }

    #[test]
    fn the_snippet_holds_the_context() {
        // Case diagnostics/layout-of-a-parse-stage-error.
        let template = "locals {\n  x = [1,\n    2 3]\n}\n";
        let (sources, span) = text("two.pkr.hcl", template, "locals", "3]");
        let context = Span { start: 15, ..span };
        let found = render(&Diagnostic::error("S", "D").at(span).within(context), &sources);
        assert_eq!(found, "Error: S\n\n  on two.pkr.hcl line 3, in locals:\n   2:   x = [1,\n   3:     2 3]\n\nD\n\n");
    }

    #[test]
    fn values_are_listed_with_commas_and_a_full_stop() {
        // DIA-4
        let (sources, span) = text("t", "a", "b", "a");
        let values = vec![("local.o".into(), "object".into()), ("var.image".into(), "\"no\"".into())];
        let found = render(&Diagnostic::warning("S", "").at(span).with_values(values), &sources);
        let want =
            "Warning: S\n\n  on t line 1, in b:\n   1: a\n\nwith local.o as object,\n     var.image as \"no\".\n\n";
        assert_eq!(found, want);
    }

    #[test]
    fn indented_lines_are_wrapped_like_all_others() {
        // Case diagnostics/layout-of-a-later-error.
        let detail = "The image name must have more than four characters, because the registry of this company refuses all \
                      shorter ones.\n\n  This indented line is longer than eighty characters, too, and so it gets wrapped \
                      like all the others.\nEnd.";
        let want = "The image name must have more than four characters, because the registry of this\ncompany refuses all \
                    shorter ones.\n\n  This indented line is longer than eighty characters, too, and so it gets\nwrapped \
                    like all the others.\nEnd.";
        assert_eq!(wrap(detail, WIDTH), want);
    }

    #[test]
    fn what_nobody_reads_is_cut_out_of_the_middle() {
        let (sources, span) = text("t", "a", "b", "a");
        let found = render(&Diagnostic::error("S", "x ".repeat(3000)).at(span), &sources);
        assert!(found.matches('…').count() == 1 && found.len() < 3000, "{found}");
    }

    #[test]
    fn a_word_longer_than_a_line_stays_whole() {
        let word = "x".repeat(90);
        assert_eq!(wrap(&format!("a {word} b"), WIDTH), format!("a\n{word}\nb"));
    }

    #[test]
    fn of_an_endless_line_the_part_around_the_subject_is_shown() {
        let template = format!("x = \"{}\" + nope + \"{}\"", "ä".repeat(2000), "b".repeat(5000));
        let (sources, span) = text("t", &template, "locals", "nope");
        let found = render(&Diagnostic::error("S", "D").at(span), &sources);
        assert!(
            found.contains("   1: …ää") && found.contains("ä\" + nope + \"b") && found.contains("bbb…\n"),
            "{found}"
        );
        assert!(found.len() < 800, "{}", found.len());
        let whole = format!("{} nope", "b".repeat(900));
        let (sources, span) = text("t", &whole, "locals", "nope");
        assert!(render(&Diagnostic::error("S", "D").at(span), &sources).contains(&whole));
    }

    #[test]
    fn of_an_endless_snippet_the_beginning_and_the_subject_are_shown() {
        let template: String = (1..=300).map(|n| format!("line {n}\n")).collect();
        let (sources, span) = text("t", &template, "b", "line 100");
        let context = Span::new(span.file, 0..template.len());
        let found = render(&Diagnostic::error("S", "D").at(span).within(context), &sources);
        for part in ["   5: line 5\n   …: (89 lines)\n  95: line 95\n", " 105: line 105\n   …: (195 lines)\n\nD"] {
            assert!(found.contains(part), "{found}");
        }
    }

    #[test]
    fn a_text_without_a_name_is_line_zero() {
        // CLI-48
        let (sources, span) = text("", "abc", "b", "abc");
        assert_eq!(render(&Diagnostic::error("S", "D").at(span), &sources), "Error: S\n\n  on  line 0:\n\nD\n\n");
    }

    #[test]
    fn a_hint_follows_the_detail_and_both_may_be_absent() {
        let sources = SourceMap::default();
        let hint = |detail: &str| render(&Diagnostic::error("S", detail).hint(Some("H?".into())), &sources);
        assert_eq!(hint("D."), "Error: S\n\nD. H?\n\n");
        assert_eq!(hint(""), "Error: S\n\nH?\n\n");
        assert_eq!(render(&Diagnostic::error("S", ""), &sources), "Error: S\n\n");
    }

    #[test]
    fn a_place_at_the_end_of_the_text_shows_its_last_line() {
        let sources = SourceMap::default();
        let id = sources.add("t", "a\nb\n");
        let found = render(&Diagnostic::error("S", "D").at(Span::new(id, 4..4)), &sources);
        assert_eq!(found, "Error: S\n\n  on t line 3:\n   3: \n\nD\n\n");
    }
}
