//! `packer explain`: what a code means, from the table of codes. Needs no template.

use super::{Session, exit};
use crate::cli;
use crate::diagnostics::codes::{self, Code};
use crate::diagnostics::did_you_mean;

/// Explains the code, or the message, that the words name; without words lists all codes.
pub fn run(args: &cli::Explain, session: &Session) -> u8 {
    let words = args.words.join(" ");
    let words = words.trim().trim_start_matches("Error: ").trim_start_matches("Warning: ");
    if words.is_empty() {
        session.ui.say(codes::list());
        return exit::OK;
    }
    match find(words).as_deref() {
        Ok([code]) => {
            session.ui.say(codes::explanation(code));
            exit::OK
        }
        Ok(found) => {
            let names: String = found.iter().map(|code| format!("\n  {}", code.name)).collect();
            session.ui.say(format!("Several codes have to do with {words:?}; explain one of them:\n{names}"));
            exit::OK
        }
        Err(complaint) => {
            session.ui.error(complaint);
            exit::FAILURE
        }
    }
}

/// Returns the codes that `words` name or have to do with; at least one.
///
/// # Errors
/// In sentences, when there is none.
fn find(words: &str) -> Result<Vec<&'static Code>, String> {
    if let Some(code) = codes::named(words) {
        return Ok(vec![code]);
    }
    let found = codes::search(words);
    if !found.is_empty() {
        return Ok(found);
    }
    let hint = match did_you_mean(words, codes::all().map(|code| code.name)) {
        Some(near) => format!("Did you mean {near:?}?"),
        None => "\"packer explain\" lists all codes.".to_owned(),
    };
    Err(format!("Cannot explain {words:?}: no code is called so, and no message has these words. {hint}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_found_by_its_name_and_by_words_of_its_message() {
        let names = |words| find(words).expect("found").iter().map(|code| code.name).collect::<Vec<_>>();
        assert_eq!(names("unset-variable"), ["unset-variable"]);
        assert_eq!(names("Unset variable \"x\""), ["unset-variable"]);
        assert!(names("quotes").len() > 1);
    }

    #[test]
    fn an_unknown_code_is_answered_by_the_nearest() {
        assert!(find("unset-varible").unwrap_err().ends_with("Did you mean \"unset-variable\"?"));
        assert!(find("xyzzy").unwrap_err().ends_with("lists all codes."));
    }
}
