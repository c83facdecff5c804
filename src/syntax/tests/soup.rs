//! Nothing that people may write makes the scanner lose a byte or the parser panic.

use proptest::prelude::*;

use super::*;

const PIECES: [&str; 48] = [
    "a", "b-c", "for", "in", "if", "é", "1", "1.5", "\"", "\"", "${", "%{", "~", "}", "}", "{", "{", "(", ")", "[",
    "]", "=", "==", "=>", ",", ":", "::", ".", "...", "*", "?", "!", "&&", "&", "<<E\n", "<<-E\n", "\nE\n", "\n",
    "\r\n", " ", "\t", "# c\n", "/*", "*/", "\\", "'", "else", "\u{feff}",
];

/// Pieces of templates in any order.
pub fn soup() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(&PIECES[..]).prop_map(str::to_owned);
    prop::collection::vec(prop_oneof![9 => pieces, 1 => any::<char>().prop_map(String::from)], 0..60)
        .prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn tokens_tile_the_text(text in soup()) {
        for tokens in [lexer::scan(&text), lexer::scan_template(&text)] {
            let mut at = 0;
            for token in &tokens {
                prop_assert_eq!(token.start, at);
                at = token.end;
                prop_assert!(text.is_char_boundary(at as usize));
            }
            prop_assert_eq!(at as usize, text.len());
        }
    }

    #[test]
    fn no_text_makes_the_parser_panic(text in soup()) {
        let sources = SourceMap::default();
        let id = sources.add("t", &*text);
        for found in [parse(id, &sources).1, parse_expression(id, &sources).1, parse_template(id, &sources).1] {
            for diagnostic in found {
                prop_assert!(diagnostic.span.unwrap().end as usize <= text.len() + 1);
                crate::diagnostics::render::render(&diagnostic, &sources);
            }
        }
    }
}
