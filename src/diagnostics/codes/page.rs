//! Codes as text: the list, one explanation, the page `docs/errors.md`.
//!
//! Knows no command and no terminal.

use std::fmt::Write;

use super::{Code, FAMILIES};

/// Returns all codes with their summaries, by family.
pub fn list() -> String {
    let longest = super::all().map(|code| code.name.len()).max().unwrap_or_default();
    let mut text = String::new();
    for (title, codes) in FAMILIES {
        let _ = writeln!(text, "{title}:\n");
        for code in *codes {
            let _ = writeln!(text, "  {:longest$}  {}", code.name, shown(code.summaries[0]));
        }
        text.push('\n');
    }
    text + "\"packer explain CODE\" tells what one means, with an example."
}

/// Returns all there is to say about `code`.
pub fn explanation(code: &Code) -> String {
    let mut text = format!("{}\n\n", code.name);
    for summary in code.summaries {
        let _ = writeln!(text, "  {}", shown(summary));
    }
    for part in [code.means, code.cause, code.advice] {
        let _ = write!(text, "\n{}\n", wrapped(part));
    }
    for (word, example) in [("Wrong", code.wrong), ("Right", code.right)] {
        if !example.is_empty() {
            let indented: String =
                example.text().lines().map(|line| format!("  {line}").trim_end().to_owned() + "\n").collect();
            let _ = write!(text, "\n{word}:\n\n{indented}");
        }
    }
    text.trim_end().to_owned()
}

/// Returns the same as [`explanation`] in Markdown, without the name.
pub fn explanation_in_markdown(code: &Code) -> String {
    let mut text = format!("{} {} {}\n", code.means, code.cause, code.advice);
    for (word, example) in [("Wrong", code.wrong), ("Right", code.right)] {
        if !example.is_empty() {
            let _ = write!(text, "\n{word}:\n\n```hcl\n{}```\n", example.text());
        }
    }
    text
}

/// Returns the page `docs/errors.md`.
pub fn markdown() -> String {
    let mut text = "# Errors and warnings\n\nPrinted from the table of codes (`src/diagnostics/codes`); the tests run \
                    every example. `packer explain CODE` shows the same, `packer explain` the list, `packer explain \
                    'Unsupported argument'` what a message means. With `PACKER_ERROR_CODES=1` in the environment \
                    every message tells its code. A code keeps its name and its meaning, whatever becomes of the words \
                    of a message. In summaries, … stands for a name or a value. The examples are checked by \
                    `packer validate .` unless their first line says otherwise.\n"
        .to_owned();
    for (title, codes) in FAMILIES {
        let _ = write!(text, "\n## {title}\n");
        for code in *codes {
            let summaries: Vec<String> = code.summaries.iter().map(|summary| shown(summary)).collect();
            let _ = write!(text, "\n### {}\n\n*{}*\n\n", code.name, summaries.join("*, *"));
            text += &explanation_in_markdown(code);
        }
    }
    text
}

/// Returns a summary as people see it: … stands for a name or a value.
pub fn shown(summary: &str) -> String {
    if summary.is_empty() { "(no summary)".into() } else { summary.replace("{}", "…") }
}

/// Returns `text` in lines of at most 80 characters.
fn wrapped(text: &str) -> String {
    let mut lines = String::new();
    let mut column = 0;
    for word in text.split_whitespace() {
        let length = word.chars().count();
        if column > 0 && column + 1 + length > 80 {
            lines.push('\n');
            column = 0;
        } else if column > 0 {
            lines.push(' ');
            column += 1;
        }
        lines += word;
        column += length;
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::super::named;
    use super::*;

    #[test]
    fn an_explanation_has_summary_reason_advice_and_both_examples() {
        let code = named("unsupported-argument").expect("it is there");
        let text = explanation(code);
        for part in ["  Unsupported argument\n", "\nWrong:\n\n", "\nRight:\n\n"] {
            assert!(text.contains(part), "{part}");
        }
        assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
    }

    #[test]
    fn the_list_has_every_code() {
        let list = list();
        assert!(super::super::all().all(|code| list.contains(code.name)));
    }
}
