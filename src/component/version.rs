//! Versions and version constraints, as templates and plugins write them: `1.2.3`, `~> 1.2, != 1.2.5`.
//!
//! The rules are not SemVer's: a constraint compares numbers only, so `2.0.0-dev` satisfies `>= 2.0.0` (INI-11).

use std::cmp::Ordering;
use std::fmt;

/// A version: numbers, perhaps a pre-release, perhaps build metadata.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    /// At least three numbers; missing ones are zero.
    numbers: Vec<u64>,
    /// How many numbers were written.
    written: usize,
    /// What follows the dash; empty for a release.
    pub pre_release: String,
    /// What follows the plus.
    pub metadata: String,
}

impl Version {
    /// Reads `1.2.3-rc1+meta`, with or without `v` in front; one number is enough.
    pub fn parse(text: &str) -> Option<Version> {
        let text = text.strip_prefix('v').unwrap_or(text);
        let (text, metadata) = text.split_once('+').unwrap_or((text, ""));
        let (core, pre_release) = text.split_once('-').unwrap_or((text, ""));
        let is_word = |part: &str| part.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'.' || b == b'-');
        if (text.contains('-') && pre_release.is_empty()) || !is_word(pre_release) || !is_word(metadata) {
            return None;
        }
        let number = |part: &str| part.bytes().all(|b| b.is_ascii_digit()).then(|| part.parse().ok()).flatten();
        let mut numbers = core.split('.').map(number).collect::<Option<Vec<u64>>>()?;
        let written = numbers.len();
        numbers.resize(written.max(3), 0);
        Some(Version { numbers, written, pre_release: pre_release.to_owned(), metadata: metadata.to_owned() })
    }

    /// Compares the numbers alone.
    pub fn compare_numbers(&self, other: &Version) -> Ordering {
        let length = self.numbers.len().max(other.numbers.len());
        let at = |version: &Version, i: usize| version.numbers.get(i).copied().unwrap_or(0);
        (0..length).map(|i| at(self, i).cmp(&at(other, i))).find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
    }
}

impl fmt::Display for Version {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let numbers: Vec<String> = self.numbers.iter().map(u64::to_string).collect();
        write!(out, "{}", numbers.join("."))?;
        if !self.pre_release.is_empty() {
            write!(out, "-{}", self.pre_release)?;
        }
        if !self.metadata.is_empty() {
            write!(out, "+{}", self.metadata)?;
        }
        Ok(())
    }
}

impl Ord for Version {
    /// Orders by numbers; a release comes after its own pre-releases, and those compare part by part.
    fn cmp(&self, other: &Version) -> Ordering {
        let parts = |text: &str| -> Vec<(bool, u64, String)> {
            let part = |p: &str| p.parse().map_or_else(|_| (true, 0, p.to_owned()), |n| (false, n, String::new()));
            text.split('.').map(part).collect()
        };
        self.compare_numbers(other).then_with(|| match (self.pre_release.is_empty(), other.pre_release.is_empty()) {
            (true, true) => Ordering::Equal,
            (true, false) => Ordering::Greater,
            (false, true) => Ordering::Less,
            (false, false) => parts(&self.pre_release).cmp(&parts(&other.pre_release)),
        })
    }
}

impl PartialOrd for Version {
    fn partial_cmp(&self, other: &Version) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Constraints, separated by commas; all must hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Constraints {
    text: String,
    all: Vec<(Operator, Version)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Operator {
    Equal,
    NotEqual,
    Greater,
    GreaterOrEqual,
    Less,
    LessOrEqual,
    Near,
}

const OPERATORS: [(&str, Operator); 7] = [
    (">=", Operator::GreaterOrEqual),
    ("<=", Operator::LessOrEqual),
    ("!=", Operator::NotEqual),
    ("~>", Operator::Near),
    (">", Operator::Greater),
    ("<", Operator::Less),
    ("=", Operator::Equal),
];

impl Constraints {
    /// Reads `>= 1.0, != 1.3`; without an operator the version must be equal. `None` if a part cannot be read.
    pub fn parse(text: &str) -> Option<Constraints> {
        let one = |part: &str| {
            let part = part.trim();
            let (operator, rest) = OPERATORS
                .iter()
                .find_map(|(sign, operator)| part.strip_prefix(sign).map(|rest| (*operator, rest)))
                .unwrap_or((Operator::Equal, part));
            Some((operator, Version::parse(rest.trim())?))
        };
        let all = text.split(',').map(one).collect::<Option<_>>()?;
        Some(Constraints { text: text.to_owned(), all })
    }

    /// Whether a part names a pre-release.
    pub fn has_pre_release(&self) -> bool {
        self.all.iter().any(|(_, version)| !version.pre_release.is_empty())
    }

    /// Whether the numbers of `version` satisfy every part (HCL-14, INI-11). They come after every pre-release with the
    /// same numbers, so that `= 2.0.0-dev` allows nothing.
    pub fn allow(&self, version: &Version) -> bool {
        self.all.iter().all(|(operator, wanted)| {
            let after = if wanted.pre_release.is_empty() { Ordering::Equal } else { Ordering::Greater };
            let order = version.compare_numbers(wanted).then(after);
            match operator {
                Operator::Equal => order.is_eq(),
                Operator::NotEqual => order.is_ne(),
                Operator::Greater => order.is_gt(),
                Operator::GreaterOrEqual => order.is_ge(),
                Operator::Less => order.is_lt(),
                Operator::LessOrEqual => order.is_le(),
                // All numbers but the last one written must be the same: `~> 1.2` means 1.2 and above, below 2.
                Operator::Near if !wanted.pre_release.is_empty() => false,
                Operator::Near if wanted.numbers.len() > version.numbers.len() => false,
                Operator::Near => {
                    let fixed = wanted.written - 1;
                    order.is_ge() && version.numbers[..fixed] == wanted.numbers[..fixed]
                }
            }
        })
    }
}

impl fmt::Display for Constraints {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allows(constraints: &str, version: &str) -> bool {
        Constraints::parse(constraints).unwrap().allow(&Version::parse(version).unwrap())
    }

    #[test]
    fn a_near_version_keeps_all_numbers_but_the_last() {
        // HCL-14
        assert!(allows("~> 1.2", "1.10.0") && !allows("~> 1.2", "2.0.0") && !allows("~> 1.2", "1.1.9"));
        assert!(allows("~> 1.2.0", "1.2.3") && !allows("~> 1.2.0", "1.10.0"));
        assert!(allows("~> 1", "2.0.0"));
        assert!(!allows("~> 1.2.0.0", "1.2.0") && allows("= 1.2.0.0", "1.2.0"));
    }

    #[test]
    fn every_part_must_hold_and_blanks_do_not_matter() {
        assert!(allows(" >=1.0 ,<1.10, != 1.2.3", "1.2.0") && !allows(">=1.0,<1.10,!=1.2.3", "1.2.3"));
        assert!(allows("v1.2.3", "1.2.3") && allows("<= 1.2", "1.2.0") && !allows("< 1", "1.0.0"));
    }

    #[test]
    fn a_pre_release_counts_by_its_numbers_and_sorts_before_its_release() {
        // INI-11
        assert!(allows(">= 2.0.0", "2.0.0-dev") && allows(">= 2.0.0-dev", "2.0.0"));
        assert!(["= 2.0.0-dev", "<= 2.0.0-dev", "~> 2.0.0-dev"].iter().all(|text| !allows(text, "2.0.0")));
        let mut versions: Vec<_> =
            ["2.0.0", "2.0.0-rc2", "1.10.0", "2.0.0-rc10"].map(|v| Version::parse(v).unwrap()).into();
        versions.sort();
        let texts: Vec<String> = versions.iter().map(Version::to_string).collect();
        assert_eq!(texts, ["1.10.0", "2.0.0-rc10", "2.0.0-rc2", "2.0.0"]);
    }

    #[test]
    fn what_is_no_version_is_refused() {
        for text in ["", "*", "latest", "1.x", "1.", "1.2-", "abc", "1 2"] {
            assert!(Constraints::parse(text).is_none(), "{text:?}");
        }
    }
}
