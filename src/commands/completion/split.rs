//! Bash's line to words, and words to what bash puts into its line.
//!
//! Bash hands over the line as it is typed, quotes and all, and replaces only what stands behind the last character
//! that breaks words for it.

use crate::cli::complete::{Line, Proposal};

/// Returns the line around the cursor, and the current word as it is typed.
pub fn line(front: &str, back: &str) -> (Line, String) {
    let mut words = words(front);
    if front.is_empty() || front.ends_with([' ', '\t']) && !words.last().is_some_and(|word| word.is_open) {
        words.push(Word::default());
    }
    let current = words.pop().unwrap_or_default();
    let before = words.into_iter().skip(1).map(|word| word.text).collect();
    let rest = if back.starts_with([' ', '\t']) { back } else { back.find([' ', '\t']).map_or("", |at| &back[at..]) };
    let after = self::words(rest).into_iter().map(|word| word.text).collect();
    (Line { before, current: current.text, after }, current.typed)
}

/// Returns how many bytes at the start of the word, as it is typed, bash keeps.
pub fn kept(typed: &str, breaks: &str) -> usize {
    let breaks_words = |letter: char| matches!(letter, '=' | ':') && breaks.contains(letter);
    typed.rfind(breaks_words).map_or(0, |at| at + 1)
}

/// Returns what bash puts behind the `keep` bytes that it keeps of the word.
pub fn for_bash(proposal: &Proposal, keep: usize, typed: &str) -> String {
    let end = if proposal.is_open { "" } else { " " };
    let quote = typed.chars().next().filter(|first| matches!(first, '"' | '\'')).filter(|_| keep == 0);
    if let Some(quote) = quote {
        // What is in quotes is closed here, since bash adds nothing.
        let close = if proposal.is_open { String::new() } else { format!("{quote} ") };
        return format!("{quote}{}{close}", proposal.text);
    }
    // What is kept was proposed as it stands there: the part behind the same sign.
    let text = match typed.get(..keep).and_then(|kept| kept.chars().next_back()) {
        None => proposal.text.as_str(),
        Some(sign) => {
            let count = typed[..keep].matches(sign).count();
            let at = proposal.text.match_indices(sign).nth(count - 1).map(|(at, _)| at + 1);
            &proposal.text[at.unwrap_or_default()..]
        }
    };
    format!("{}{end}", escaped(text))
}

fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        if !letter.is_alphanumeric() && letter.is_ascii() && !"-_./=,:@%+~".contains(letter) {
            escaped.push('\\');
        }
        escaped.push(letter);
    }
    escaped
}

#[derive(Default)]
struct Word {
    text: String,
    typed: String,
    /// Whether a quote in it is not closed.
    is_open: bool,
}

/// Splits as shells do; nothing is expanded.
fn words(line: &str) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    let mut quote = None;
    let mut in_word = false;
    let mut letters = line.chars();
    while let Some(letter) = letters.next() {
        if quote.is_none() && letter.is_whitespace() {
            in_word = false;
            continue;
        }
        if !std::mem::replace(&mut in_word, true) {
            words.push(Word::default());
        }
        let word = words.last_mut().expect("one was begun");
        word.typed.push(letter);
        match (letter, quote) {
            ('\\', None | Some('"')) => {
                if let Some(next) = letters.next() {
                    word.typed.push(next);
                    word.text.push(next);
                }
            }
            ('"' | '\'', None) => quote = Some(letter),
            (letter, Some(closing)) if letter == closing => quote = None,
            (letter, _) => word.text.push(letter),
        }
        word.is_open = quote.is_some();
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_split_as_the_shell_does() {
        let (line, typed) = line("packer build -var 'a b' x\\ y -only=nu", "ll t.pkr.hcl");
        assert_eq!(line.before, ["build", "-var", "a b", "x y"]);
        assert_eq!((line.current.as_str(), typed.as_str()), ("-only=nu", "-only=nu"));
        assert_eq!(line.after, ["t.pkr.hcl"]);
        assert_eq!(super::line("packer ", "").0, Line::default());
        assert_eq!(super::line("packer build 'a ", "").0.current, "a ");
    }

    #[test]
    fn bash_gets_what_follows_its_last_break() {
        let proposal = |text: &str, is_open| Proposal { text: text.to_owned(), about: String::new(), is_open };
        assert_eq!(for_bash(&proposal("-only=null.a", false), kept("-only=nu", "=:"), "-only=nu"), "null.a ");
        assert_eq!(for_bash(&proposal("-only=null.a", false), kept("-only=nu", ""), "-only=nu"), "-only=null.a ");
        assert_eq!(for_bash(&proposal("my file.json", false), 0, "my"), "my\\ file.json ");
        assert_eq!(for_bash(&proposal("my folder/", true), 0, "\"my"), "\"my folder/");
        assert_eq!(for_bash(&proposal("-var=a=", true), kept("-var=a", "="), "-var=a"), "a=");
    }
}
