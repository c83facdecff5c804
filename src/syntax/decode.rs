//! Bytes of a file to a text of the source map.
//!
//! Opens no file and knows no grammar.

use crate::diagnostics::{Diagnostic, Diagnostics, FileId, SourceMap, Span};

/// How many bad places are named; a file in another encoding has thousands.
const NAMED: usize = 10;

/// Adds the file `name` with these `bytes` to `sources`, and says where they are no UTF-8 text.
///
/// Bad bytes show as U+FFFD. A text with errors is only there to be shown; parsing it makes no sense.
///
/// # Source
/// TYP-31; case `diagnostics/invalid-bytes-in-a-template`.
pub fn decode(name: impl Into<String>, bytes: Vec<u8>, sources: &SourceMap) -> (FileId, Diagnostics) {
    let bytes = match String::from_utf8(bytes) {
        Ok(text) => return (sources.add(name, text), Diagnostics::new()),
        Err(error) => error.into_bytes(),
    };
    let is_utf16 = bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]);
    let mut text = String::with_capacity(bytes.len());
    let mut bad = Vec::new();
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        if !chunk.invalid().is_empty() {
            bad.push((text.len(), chunk.invalid()[0]));
            text.push(char::REPLACEMENT_CHARACTER);
        }
    }
    let id = sources.add(name, text);
    let place = |start: usize| Span::new(id, start..start + char::REPLACEMENT_CHARACTER.len_utf8());
    let mut diagnostics = Diagnostics::new();
    if is_utf16 {
        // Windows shells write such files; every second byte would be named.
        let detail = "This file is UTF-16, and templates are UTF-8 text, so nothing of it is used. Save it as UTF-8 in \
                      your editor, or convert it, for example with iconv -f utf-16 -t utf-8.";
        diagnostics.push(Diagnostic::error("Unreadable template", detail).at(place(bad[0].0)));
        return (id, diagnostics);
    }
    for (start, byte) in bad.iter().take(NAMED) {
        let detail = format!("The byte 0x{byte:02x} is no part of a character: templates are UTF-8 text.");
        diagnostics.push(Diagnostic::error("Invalid character encoding", detail).at(place(*start)));
    }
    let detail = format!(
        "This file holds {} that cannot be read as UTF-8, so nothing of it is used. Save it as UTF-8 in your editor, \
         or convert it, for example with iconv.",
        if bad.len() == 1 { "a byte".into() } else { format!("{} stretches of bytes", bad.len()) },
    );
    diagnostics.push(Diagnostic::error("Unreadable template", detail).at(place(bad[0].0)));
    (id, diagnostics)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_that_are_no_utf8_are_named_with_their_place() {
        // TYP-31
        let sources = SourceMap::default();
        let (id, found) = decode("a", b"x = 1\ny = \"\xff\"".to_vec(), &sources);
        assert_eq!(sources.get(id).text, "x = 1\ny = \"\u{fffd}\"");
        let places: Vec<_> = found.iter().map(|d| sources.describe(d.span.unwrap())).collect();
        assert_eq!(places, ["a:2,6-7", "a:2,6-7"]);
        assert!(found.iter().next().unwrap().detail.contains("0xff"));
    }

    #[test]
    fn a_file_in_utf16_is_named_as_one() {
        // TYP-31
        let bytes = "\u{feff}x".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let (_, found) = decode("a", bytes, &SourceMap::default());
        let details: Vec<_> = found.iter().map(|problem| problem.detail.as_str()).collect();
        assert!(matches!(&details[..], [detail] if detail.starts_with("This file is UTF-16")), "{details:?}");
    }

    #[test]
    fn good_text_is_added_as_it_is() {
        let sources = SourceMap::default();
        let (id, found) = decode("a", "é".into(), &sources);
        assert!(found.is_empty());
        assert_eq!(sources.get(id).text, "é");
    }
}
