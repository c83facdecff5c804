//! Texts that must never be shown; every renderer and the log pass through it.
//!
//! Knows nothing of variables: whoever learns a secret registers it.
//!
//! A registered text is hidden wherever it stands, however short it is, and each of its lines with it, as Packer does
//! (TYP-42 … TYP-47). One of at least [`LEAST`] bytes is also hidden in the other forms it may be met in; see [`forms`].
//! Registering is cheap: what searches for the texts is made when something is to be shown.

mod forms;

use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::{BTreeMap, HashSet};
use std::ops::Range;
use std::sync::{Arc, RwLock, RwLockReadGuard};

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};

/// What is shown in place of a secret.
pub const MASK: &str = "<sensitive>";

/// Texts shorter than this many bytes have no other forms, and what is computed from a secret is no secret: such short
/// texts stand everywhere by chance.
pub const LEAST: usize = 6;

/// A password that was typed into a template is a secret from so many bytes on.
pub const LEAST_TYPED: usize = 8;

/// With up to so many bytes to look for the fastest search is used; it takes some hundred times their memory.
const FEW_BYTES: usize = 4 << 10;

/// Up to so many texts are put into one search with new ones; with more, only as many as come new.
const FEW_TEXTS: usize = 100;

/// Returns how `text` reads in quotes, whoever wrote them. What holds one of these shows the text: masking it is enough.
pub fn in_quotes(text: &str) -> HashSet<String> {
    let mut quoted = HashSet::new();
    forms::quotes(text, &mut quoted);
    quoted
}

/// The secrets of one run.
#[derive(Default)]
pub struct Secrets(RwLock<Known>);

#[derive(Default)]
struct Known {
    /// What was registered: whole texts, their lines and pieces.
    texts: HashSet<Arc<str>>,
    /// Those of them that no search knows yet.
    fresh: Vec<Arc<str>>,
    /// Each with texts of its own, from many to few.
    searches: Vec<Search>,
}

impl Secrets {
    /// Registers `secret`, and each of its lines when it has several (TYP-44). The empty text is ignored (TYP-47).
    pub fn register(&self, secret: &str) {
        let mut known = self.0.write().unwrap_or_else(|poisoned| poisoned.into_inner());
        known.add(secret);
        for line in secret.lines() {
            // Lines of output end without white space (CLI-75).
            known.add(line.trim_end());
            // Of a line that was written over only the last piece is shown; a shell may take white space away.
            for piece in line.split('\r').map(str::trim).filter(|piece| piece.len() >= LEAST) {
                known.add(piece);
            }
        }
    }

    /// Registers a text that was computed from a secret, or typed where secrets are, unless it is shorter than [`LEAST`].
    pub fn register_derived(&self, text: &str) {
        if text.len() < LEAST {
            return;
        }
        let mut known = self.0.write().unwrap_or_else(|poisoned| poisoned.into_inner());
        known.add(text);
        for line in text.lines().map(str::trim).filter(|line| line.len() >= LEAST) {
            known.add(line);
        }
    }

    /// Registers a text that was written where passwords, tokens and keys are, unless it is one that people take for
    /// examples: shorter than [`LEAST_TYPED`], or a word. With `packer` or `password` as the password of a throw-away
    /// machine, every line would lose its words.
    pub fn register_typed(&self, text: &str) {
        if text.len() >= LEAST_TYPED && !text.bytes().all(|byte| byte.is_ascii_lowercase()) {
            self.register_derived(text);
        }
    }

    /// Returns `text` with every secret replaced by [`MASK`], the longest first; of one that overlaps another nothing
    /// stays. Masking twice is masking once.
    pub fn mask<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let known = self.known();
        if known.searches.iter().any(|search| search.finders.is_none()) {
            return MASK.into();
        }
        let hidden = known.hidden(text.as_bytes());
        if hidden.is_empty() {
            return text.into();
        }
        let mut masked = String::with_capacity(text.len());
        let mut shown = 0;
        for Range { start, end } in hidden {
            masked += &text[shown..start];
            masked += MASK;
            shown = end;
        }
        masked += &text[shown..];
        masked.into()
    }

    /// Returns how many bytes the longest text to be hidden has.
    pub fn reach(&self) -> usize {
        self.known().searches.iter().map(|search| search.longest).max().unwrap_or_default()
    }

    /// Returns the place nearest to `limit` where `bytes` can be cut in two without cutting a secret: before the secret
    /// that stands there, or behind it when nothing else comes before.
    ///
    /// To be sure of a secret that begins before `limit`, `bytes` must go on for [`Secrets::reach`] bytes behind it.
    pub fn cut(&self, bytes: &[u8], limit: usize) -> usize {
        let hidden = self.known().hidden(bytes);
        match hidden.into_iter().find(|range| range.start < limit && limit < range.end) {
            Some(range) if range.start == 0 => range.end,
            Some(range) => range.start,
            None => limit,
        }
    }

    /// Returns what is known, with a search for all of it.
    fn known(&self) -> RwLockReadGuard<'_, Known> {
        loop {
            let known = self.0.read().unwrap_or_else(|poisoned| poisoned.into_inner());
            if known.fresh.is_empty() {
                return known;
            }
            drop(known);
            self.0.write().unwrap_or_else(|poisoned| poisoned.into_inner()).refresh();
        }
    }
}

impl Known {
    fn add(&mut self, text: &str) {
        if !text.is_empty() && !self.texts.contains(text) {
            let text: Arc<str> = text.into();
            self.texts.insert(Arc::clone(&text));
            self.fresh.push(text);
        }
    }

    /// Makes the searches know everything. A search is made anew only with others that are not much larger, so that
    /// many texts registered one by one cost little more than all at once.
    fn refresh(&mut self) {
        let mut patterns: HashSet<String> = HashSet::new();
        for text in self.fresh.drain(..) {
            forms::add(&text, &mut patterns);
        }
        if self.searches.is_empty() {
            // It is found as if it were a secret, and replaced by itself: no letter of it is taken for a secret.
            patterns.insert(MASK.to_owned());
        }
        while let Some(last) = self.searches.pop_if(|last| last.patterns.len() <= patterns.len().max(FEW_TEXTS)) {
            patterns.extend(last.patterns);
        }
        self.searches.push(Search::new(patterns.into_iter().collect()));
    }

    /// Returns the places of `text` that hold secrets, in order; none overlaps another.
    fn hidden(&self, text: &[u8]) -> Vec<Range<usize>> {
        let finders = self.searches.iter().filter_map(|search| search.finders.as_ref());
        let met = finders.filter(|finders| finders.any.is_match(text));
        let found = met.flat_map(|finders| finders.all.find_overlapping_iter(text).map(|found| found.range()));
        let mut found: Vec<Range<usize>> = found.collect();
        found.sort_unstable_by_key(|range| (range.start, range.end));
        found.dedup();
        if found.is_sorted_by(|first, second| first.end <= second.start) { found } else { apart(found, text) }
    }
}

/// Returns `found` without overlaps: the longest first. What reaches beyond a longer one widens it.
fn apart(mut found: Vec<Range<usize>>, text: &[u8]) -> Vec<Range<usize>> {
    found.sort_by_key(|range| Reverse(range.len()));
    let mut hidden: BTreeMap<usize, usize> = BTreeMap::new();
    for range in found {
        let reaching = hidden.range(..range.end).rev().take_while(|(_, end)| **end > range.start);
        let met: Vec<Range<usize>> = reaching.map(|(start, end)| *start..*end).collect();
        // "aa" is once in "aaa", as whoever replaces texts one after the other finds.
        if met.iter().any(|other| text[other.clone()] == text[range.clone()]) {
            continue;
        }
        let start = met.iter().map(|other| other.start).fold(range.start, usize::min);
        let end = met.iter().map(|other| other.end).fold(range.end, usize::max);
        for other in met {
            hidden.remove(&other.start);
        }
        hidden.insert(start, end);
    }
    hidden.into_iter().map(|(start, end)| start..end).collect()
}

/// Finds some of the texts.
struct Search {
    patterns: Vec<String>,
    longest: usize,
    /// `None`: the texts are more than can be searched for, so nothing may be shown.
    finders: Option<Finders>,
}

/// Two searches for the same texts: nearly all that is shown holds no secret.
struct Finders {
    /// Says quickly whether there is one.
    any: AhoCorasick,
    /// Finds every one, also within others: the longest goes first.
    all: AhoCorasick,
}

impl Search {
    fn new(patterns: Vec<String>) -> Search {
        let bytes: usize = patterns.iter().map(String::len).sum();
        let kind = if bytes <= FEW_BYTES { AhoCorasickKind::DFA } else { AhoCorasickKind::ContiguousNFA };
        let build = |which| AhoCorasick::builder().match_kind(which).kind(Some(kind)).build(&patterns).ok();
        let finders = build(MatchKind::LeftmostFirst).zip(build(MatchKind::Standard));
        let longest = patterns.iter().map(String::len).max().unwrap_or_default();
        Search { longest, finders: finders.map(|(any, all)| Finders { any, all }), patterns }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn masked(secrets: &[&str], text: &str) -> String {
        let known = Secrets::default();
        secrets.iter().for_each(|secret| known.register(secret));
        known.mask(text).into_owned()
    }

    #[test]
    fn a_secret_in_quotes_is_hidden_as_well() {
        let secret = "p\"w\\x\ny";
        assert_eq!(masked(&[secret], &format!("no {secret:?} there")), "no \"<sensitive>\" there");
    }

    #[test]
    fn the_longest_secret_goes_first_and_each_line_of_one_is_hidden() {
        // TYP-44
        let secrets = ["abc", "abcdef", "first\nsecond"];
        assert_eq!(masked(&secrets, "x abcdef abc second"), "x <sensitive> <sensitive> <sensitive>");
        assert_eq!(masked(&["ab", "bcdefgh"], "abcdefgh-ab"), "<sensitive>-<sensitive>");
        assert_eq!(masked(&["cde", "a", "abcdefg"], "abcdefg"), "<sensitive>");
    }

    #[test]
    fn a_secret_that_stands_twice_side_by_side_is_replaced_twice() {
        // TYP-42
        assert_eq!(masked(&["aa"], "aaaa aaa"), "<sensitive><sensitive> <sensitive>a");
    }

    #[test]
    fn a_short_secret_is_hidden_everywhere_but_in_no_other_form() {
        // TYP-45, TYP-47
        assert_eq!(masked(&["s", ""], "is 73 cw=="), "i<sensitive> 73 cw==");
    }

    #[test]
    fn masking_twice_is_masking_once() {
        let known = Secrets::default();
        known.register("s");
        known.register("tiv");
        let once = known.mask("as active").into_owned();
        assert_eq!(once, "a<sensitive> ac<sensitive>e");
        assert_eq!(known.mask(&once), once);
    }

    #[test]
    fn what_is_derived_counts_from_six_bytes_on() {
        let known = Secrets::default();
        known.register_derived("12345");
        known.register_derived("abcdef\n\nshort\n  another");
        assert_eq!(known.mask("12345 short another abcdef"), "12345 short <sensitive> <sensitive>");
    }

    #[test]
    fn words_typed_as_passwords_are_no_secrets() {
        let known = Secrets::default();
        for text in ["packer", "vagrant", "password", "Pa55w0rd", "12345678"] {
            known.register_typed(text);
        }
        assert_eq!(
            known.mask("packer vagrant password Pa55w0rd 12345678"),
            "packer vagrant password <sensitive> <sensitive>"
        );
    }

    #[test]
    fn many_secrets_learnt_one_by_one_are_all_hidden() {
        let known = Secrets::default();
        for number in 0..3000 {
            known.register(&format!("secret-{number:04}-"));
            if number % 100 == 0 {
                assert_eq!(known.mask(&format!("<secret-{:04}->", number / 2)), "<<sensitive>>");
            }
        }
        assert_eq!(known.mask("secret-0000- secret-2999- secret-3000-"), "<sensitive> <sensitive> secret-3000-");
        assert!(known.0.read().unwrap().searches.len() < 12);
    }

    #[test]
    fn a_text_is_cut_beside_a_secret() {
        let known = Secrets::default();
        assert_eq!((known.cut(b"abcdef", 3), known.reach()), (3, 0));
        known.register("cdef-ghij");
        assert!(known.reach() >= 9);
        assert_eq!(known.cut(b"ab cdef-ghij kl", 5), 3);
        assert_eq!(known.cut(b"cdef-ghij kl", 5), 9);
        assert_eq!(known.cut(b"ab cdef-ghij kl", 3), 3);
    }
}
