//! `-only` and `-except`: which builds and post-processors are left.
//!
//! Knows names alone.

use globset::{GlobBuilder, GlobMatcher};

use crate::diagnostics::{Diagnostic, Diagnostics, did_you_mean};
use crate::plan::Select;

/// The patterns, ready to match, and what they met so far.
pub struct Selection {
    only: Vec<GlobMatcher>,
    except: Vec<GlobMatcher>,
    kept: usize,
    left_out: usize,
    names: Vec<String>,
}

impl Selection {
    /// Reads the patterns; `None` after an error (CLI-40).
    pub fn new(select: &Select, diagnostics: &mut Diagnostics) -> Option<Selection> {
        let mut compile = |option: &str, patterns: &[String]| {
            let matchers = patterns.iter().map(|pattern| {
                matcher(pattern).map_err(|reason| {
                    let detail = "In a pattern, * stands for any text, ? for any character, [abc], [a-z] and [!a] for one \
                                  of some characters, {a,b} for one of some texts, and \\ takes what follows literally.";
                    diagnostics.push(Diagnostic::error(format!("Invalid {option} pattern {pattern}: {reason}"), detail));
                })
            });
            // All of them are looked at, so that each mistake is told.
            matchers.collect::<Vec<_>>().into_iter().collect::<Result<Vec<_>, ()>>().ok()
        };
        let (only, except) = (compile("-only", &select.only), compile("-except", &select.except));
        Some(Selection { only: only?, except: except?, kept: 0, left_out: 0, names: Vec::new() })
    }

    /// Whether the build with this full name is wanted (CLI-39).
    pub fn takes_build(&mut self, name: &str) -> bool {
        self.names.push(name.to_owned());
        if !self.only.is_empty() && !matches(&self.only, name) {
            return false;
        }
        self.kept += 1;
        let left_out = matches(&self.except, name);
        self.left_out += usize::from(left_out);
        !left_out
    }

    /// Whether the post-processor with this name (its type, if it has none) and the rest of its chain are wanted
    /// (CLI-41).
    pub fn takes_post_processor(&mut self, name: &str) -> bool {
        let left_out = matches(&self.except, name);
        self.left_out += usize::from(left_out);
        !left_out
    }

    /// Warns when there were more patterns than names that they met (CLI-42).
    pub fn warn(&self, diagnostics: &mut Diagnostics) {
        let possible = format!("Possible build names: [{}].", self.names.join(" "));
        let near = |patterns: &[GlobMatcher]| {
            let names = || self.names.iter().map(|name| &**name);
            let unmet = patterns.iter().filter(|pattern| !names().any(|name| pattern.is_match(name)));
            let near = unmet.filter_map(|pattern| did_you_mean(pattern.glob().glob(), names())).next();
            near.map(|near| format!("Did you mean {near:?}?"))
        };
        if self.only.len() > self.kept {
            let summary = "an 'only' option was passed, but not all matches were found for the given build.";
            diagnostics.push(Diagnostic::warning(summary, possible.clone()).hint(near(&self.only)));
        }
        if self.except.len() > self.left_out {
            let summary = "an 'except' option was passed, but did not match any build.";
            diagnostics.push(Diagnostic::warning(summary, possible).hint(near(&self.except)));
        }
    }
}

fn matches(patterns: &[GlobMatcher], name: &str) -> bool {
    patterns.iter().any(|pattern| pattern.is_match(name))
}

fn matcher(pattern: &str) -> Result<GlobMatcher, String> {
    let translated = translate(pattern)?;
    let glob = GlobBuilder::new(&translated)
        .literal_separator(false)
        .empty_alternates(true)
        .backslash_escape(true)
        .build()
        .map_err(|error| error.kind().to_string())?;
    Ok(glob.compile_matcher())
}

/// Rewrites a pattern of the reference's library for ours.
///
/// `**` is `*`; `^` in a class is itself; a `{` that is never closed is not there, and a `}` that closes nothing is
/// itself.
fn translate(pattern: &str) -> Result<String, String> {
    let mut out = String::with_capacity(pattern.len());
    let mut open = Vec::new();
    let mut letters = pattern.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => {
                out.push('\\');
                out.push(letters.next().unwrap_or('\\'));
            }
            '*' if out.ends_with('*') && !out.ends_with("\\*") => {}
            '[' => out.push_str(&class(&mut letters)?),
            '{' => {
                open.push(out.len());
                out.push('{');
            }
            '}' if open.pop().is_none() => out.push_str("\\}"),
            other => out.push(other),
        }
    }
    for place in open.into_iter().rev() {
        out.remove(place);
    }
    Ok(out)
}

/// Reads a class up to its `]` and returns it with a leading `^` moved where it negates nothing.
fn class(letters: &mut impl Iterator<Item = char>) -> Result<String, String> {
    let mut inside = String::new();
    loop {
        match letters.next() {
            None => return Err("unexpected end of input".to_owned()),
            Some(']') => break,
            Some('\\') => inside.push(letters.next().ok_or("unexpected end of input")?),
            Some(letter) => inside.push(letter),
        }
    }
    let (sign, rest) = inside.strip_prefix('!').map_or(("", &*inside), |rest| ("!", rest));
    match (sign, rest.strip_prefix('^')) {
        (_, _) if rest.is_empty() => Err("empty character class".to_owned()),
        ("", Some("")) => Ok("\\^".to_owned()),
        ("", Some(others)) => Ok(format!("[{others}^]")),
        _ => Ok(format!("[{sign}{rest}]")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_match_whole_names_and_dots_too() {
        // CLI-39, CLI-40
        let hits = [
            ("*", "prod.null.web1"),
            ("*web*", "prod.null.web1"),
            ("prod?null?web1", "prod.null.web1"),
            ("*.web[12]", "a.web2"),
            ("*.web[3-9]", "a.web9"),
            ("*.web[!1]", "a.web2"),
            ("**web2", "a.b.web2"),
            ("*.db\\-1", "null.db-1"),
            ("[^a]", "^"),
            ("[^a]", "a"),
            ("[^]", "^"),
            ("{file.b", "file.b"),
            ("a}", "a}"),
            ("{a,b}*", "bc"),
            ("\\*", "*"),
            ("a{,b}", "a"),
        ];
        for (pattern, name) in hits {
            assert!(matcher(pattern).unwrap().is_match(name), "{pattern} {name}");
        }
        for (pattern, name) in [("null", "null.a"), ("[^a]", "b"), ("*.web[!1]", "a.web1"), ("\\*", "a")] {
            assert!(!matcher(pattern).unwrap().is_match(name), "{pattern} {name}");
        }
    }

    #[test]
    fn a_broken_pattern_is_an_error_that_names_it() {
        // CLI-40
        let mut diagnostics = Diagnostics::new();
        let select = Select { only: vec!["[".to_owned()], except: vec!["[a".to_owned()] };
        assert!(Selection::new(&select, &mut diagnostics).is_none());
        let summaries: Vec<&str> = diagnostics.iter().map(|d| &*d.summary).collect();
        let end = "unexpected end of input";
        assert_eq!(
            summaries,
            [format!("Invalid -only pattern [: {end}"), format!("Invalid -except pattern [a: {end}")]
        );
    }

    #[test]
    fn warnings_compare_counts_alone() {
        // CLI-42
        let warnings = |only: &[&str], except: &[&str]| {
            let texts = |list: &[&str]| list.iter().map(|s| (*s).to_owned()).collect();
            let mut diagnostics = Diagnostics::new();
            let select = Select { only: texts(only), except: texts(except) };
            let mut selection = Selection::new(&select, &mut diagnostics).unwrap();
            let kept = ["null.a", "null.b"].iter().filter(|name| selection.takes_build(name)).count();
            selection.warn(&mut diagnostics);
            (kept, diagnostics.len())
        };
        assert_eq!(warnings(&["null.a", "null.nope"], &[]), (1, 1));
        assert_eq!(warnings(&["null.*", "null.nope"], &[]), (2, 0));
        assert_eq!(warnings(&[], &["null.nope"]), (2, 1));
        assert_eq!(warnings(&[], &["null.*"]), (0, 0));
    }
}
