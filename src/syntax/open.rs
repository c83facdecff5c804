//! Whether an expression goes on in the next line.
//!
//! Looks at tokens alone: what is wrong with them is the parser's business.

use super::lexer::{Kind, scan_meaning};

/// Whether `text` ends within brackets, or within a heredoc.
pub fn is_open(text: &str) -> bool {
    // The marker of a heredoc counts with its line end.
    let text = format!("{text}\n");
    let mut open = 0_usize;
    for token in scan_meaning(&text) {
        match token.kind {
            Kind::OpenParen
            | Kind::OpenBracket
            | Kind::OpenBrace
            | Kind::OpenInterpolation
            | Kind::OpenDirective
            | Kind::OpenQuote
            | Kind::OpenHeredoc => open += 1,
            Kind::CloseParen
            | Kind::CloseBracket
            | Kind::CloseBrace
            | Kind::CloseSequence
            | Kind::CloseQuote
            | Kind::CloseHeredoc => open = open.saturating_sub(1),
            // A text cannot go on in the next line: nothing that is typed there mends it.
            Kind::Unterminated => return false,
            _ => {}
        }
    }
    open > 0
}

#[cfg(test)]
mod tests {
    use super::is_open;

    #[test]
    fn brackets_and_heredocs_go_on_in_the_next_line() {
        for text in
            ["[1,", "upper(", "{ a = {", "<<EOT", "<<-EOT\n  x", "(<<EOT\nx\nEOT", "[\"a\", \"${upper(\"b\")}\","]
        {
            assert!(is_open(text), "{text}");
        }
    }

    #[test]
    fn what_is_whole_or_beyond_help_does_not() {
        for text in ["", "1 +", "[1]", "<<EOT\nx\nEOT", "\"open", "[\"open", "])", "{ a = \"${1}\" }", "\"(\""] {
            assert!(!is_open(text), "{text}");
        }
    }
}
