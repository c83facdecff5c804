//! Texts that must never be shown; every renderer and the log pass through it.
//!
//! Knows nothing of variables: whoever learns a secret registers it.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::RwLock;

use aho_corasick::{AhoCorasick, MatchKind};

/// What is shown in place of a secret.
pub const MASK: &str = "<sensitive>";

/// The secrets of one run.
#[derive(Default)]
pub struct Secrets(RwLock<Known>);

#[derive(Default)]
struct Known {
    texts: BTreeSet<String>,
    finder: Option<AhoCorasick>,
}

impl Secrets {
    /// Registers `secret`, and each of its lines when it has several (TYP-44), also as they read in quotes. The empty
    /// text is ignored.
    pub fn register(&self, secret: &str) {
        let mut known = self.0.write().unwrap_or_else(|poisoned| poisoned.into_inner());
        let lines = secret.lines().map(str::trim_end).filter(|line| !line.is_empty());
        let texts: Vec<&str> = std::iter::once(secret).chain(lines).filter(|text| !text.is_empty()).collect();
        let mut grown = false;
        for text in texts {
            grown |= known.texts.insert(text.to_owned());
            // Errors name texts in quotes, with a backslash before what would end them.
            let quoted = format!("{text:?}");
            grown |= known.texts.insert(quoted[1..quoted.len() - 1].to_owned());
        }
        if grown {
            // Longest first, so that of two overlapping secrets no fragment of the longer one stays.
            known.finder = AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).build(&known.texts).ok();
        }
    }

    /// Returns `text` with every secret replaced by [`MASK`].
    pub fn mask<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let known = self.0.read().unwrap_or_else(|poisoned| poisoned.into_inner());
        match &known.finder {
            Some(finder) if finder.is_match(text) => {
                Cow::Owned(finder.replace_all(text, &vec![MASK; known.texts.len()]))
            }
            _ => Cow::Borrowed(text),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_in_quotes_is_hidden_as_well() {
        let secrets = Secrets::default();
        let secret = "p\"w\\x\ny";
        secrets.register(secret);
        assert_eq!(secrets.mask(&format!("no {secret:?} there")), "no \"<sensitive>\" there");
    }

    #[test]
    fn the_longest_secret_goes_first_and_each_line_of_one_is_hidden() {
        let secrets = Secrets::default();
        secrets.register("abc");
        secrets.register("abcdef");
        secrets.register("first\nsecond");
        assert_eq!(secrets.mask("x abcdef abc second"), "x <sensitive> <sensitive> <sensitive>");
    }
}
