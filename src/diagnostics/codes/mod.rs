//! The table of codes: what each mistake is called for good, why it happens, what helps, and an example of both.
//!
//! Knows no component and runs no example; a test does, and another compares the table with the summaries in the sources.

mod blocks;
mod builds;
mod conversion;
mod examples;
mod expressions;
mod files;
mod json;
mod legacy;
mod page;
mod syntax;
mod texts;
mod variables;

pub use examples::{Example, File};
pub use page::{explanation, explanation_in_markdown, list, markdown, shown};

/// A kind of mistake.
///
/// The name stays whatever becomes of the words of the summary, so programs and people can hold on to it. It is made of
/// words and not of a number, since it then says something by itself, and since two people who add a code at the same
/// time do not take the same one.
#[derive(Debug, PartialEq, Eq)]
pub struct Code {
    /// Its name: small letters and dashes.
    pub name: &'static str,
    /// The summaries of its diagnostics; `{}` stands for any text that is not empty.
    pub summaries: &'static [&'static str],
    /// What is wrong, in whole sentences.
    pub means: &'static str,
    /// How it usually comes about.
    pub cause: &'static str,
    /// What to do.
    pub advice: &'static str,
    /// What gives it; empty where no short text does.
    pub wrong: Example,
    /// The same without the mistake.
    pub right: Example,
}

/// Families of codes with their titles, in the order of the page.
pub const FAMILIES: &[(&str, &[Code])] = &[
    ("Syntax", syntax::CODES),
    ("Texts", texts::CODES),
    ("Templates in JSON", json::CODES),
    ("Legacy templates in JSON", legacy::CODES),
    ("Blocks and arguments", blocks::CODES),
    ("Expressions", expressions::CODES),
    ("Variables, locals and data sources", variables::CODES),
    ("Sources, builds and components", builds::CODES),
    ("Files, versions and plugins", files::CODES),
    ("From JSON to HCL2", conversion::CODES),
];

/// Iterates over all codes, in the order of the page.
pub fn all() -> impl Iterator<Item = &'static Code> {
    FAMILIES.iter().flat_map(|(_, codes)| *codes)
}

/// Returns the code called `name`.
pub fn named(name: &str) -> Option<&'static Code> {
    all().find(|code| code.name == name)
}

/// Returns the code of diagnostics with this summary: of the patterns that fit, the one with the most fixed text.
pub fn of(summary: &str) -> Option<&'static Code> {
    all()
        .flat_map(|code| code.summaries.iter().map(move |pattern| (*pattern, code)))
        .filter(|(pattern, _)| fits(pattern, summary))
        .max_by_key(|(pattern, _)| pattern.replace("{}", "").len())
        .map(|(_, code)| code)
}

/// Returns the codes that a user may mean with `words`: by summary, else all in whose name, summaries or explanation
/// each word occurs.
pub fn search(words: &str) -> Vec<&'static Code> {
    if let Some(code) = of(words) {
        return vec![code];
    }
    let words: Vec<String> = words.split_whitespace().map(str::to_lowercase).collect();
    let holds = |code: &&Code| {
        let text = format!("{} {} {}", code.name, code.summaries.join(" "), code.means).to_lowercase();
        !words.is_empty() && words.iter().all(|word| text.contains(word.as_str()))
    };
    all().filter(holds).collect()
}

/// Whether `text` is `pattern`, in which `{}` stands for any text that is not empty.
fn fits(pattern: &str, text: &str) -> bool {
    let Some((before, after)) = pattern.split_once("{}") else { return pattern == text };
    let Some(rest) = text.strip_prefix(before) else { return false };
    // What a hole takes is as short as it can be, or one character longer, and so on.
    rest.char_indices().skip(1).map(|(at, _)| at).chain([rest.len()]).any(|at| at > 0 && fits(after, &rest[at..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_words_with_dashes_and_each_is_there_once() {
        let mut names: Vec<&str> = all().map(|code| code.name).collect();
        let is_word = |name: &&str| name.bytes().all(|b| b.is_ascii_lowercase() || b == b'-');
        assert_eq!(names.iter().find(|name| !is_word(name)), None);
        names.sort_unstable();
        assert_eq!(names.windows(2).find(|pair| pair[0] == pair[1]), None);
    }

    #[test]
    fn each_summary_belongs_to_one_code() {
        let mut summaries: Vec<&str> = all().flat_map(|code| code.summaries).copied().collect();
        summaries.sort_unstable();
        assert_eq!(summaries.windows(2).find(|pair| pair[0] == pair[1]), None);
    }

    #[test]
    fn explanations_are_whole_sentences() {
        for code in all() {
            for text in [code.means, code.cause, code.advice] {
                let ends = text.ends_with('.') || text.ends_with("…");
                assert!(ends && text.starts_with(|c: char| c.is_uppercase() || "\"-`$%".contains(c)), "{text}");
            }
        }
    }

    #[test]
    fn the_pattern_with_the_most_fixed_text_gives_the_code() {
        let name = |summary| of(summary).map(|code| code.name);
        assert_eq!(name("Unset variable \"x\""), Some("unset-variable"));
        assert_eq!(name("Unknown source type nul"), Some("unknown-component"));
        assert_eq!(name("Unknown source null.zzz"), Some("unknown-source"));
        assert_eq!(name("Duplicate content block"), Some("invalid-dynamic-block"));
        assert_eq!(name("Duplicate connection block"), Some("duplicate-block"));
        assert_eq!(name("No such thing"), None);
    }

    #[test]
    fn words_of_a_summary_find_its_code() {
        let names = |words| search(words).iter().map(|code| code.name).collect::<Vec<_>>();
        assert_eq!(names("Unsupported argument"), ["unsupported-argument"]);
        assert_eq!(names("unset VARIABLE"), ["unset-variable"]);
        assert!(names("heredoc").len() > 1);
        assert!(names("").len() <= 1 && names("xyzzy").is_empty());
    }

    #[test]
    fn holes_take_any_text_but_nothing() {
        assert!(fits("a {} c", "a b c") && fits("{}b", "bb") && fits("x {} {}", "x ä b"));
        assert!(!fits("a {} c", "a  c") && !fits("{}", "") && !fits("a", "ab"));
    }
}
