//! A document of YAML to a value: aliases are replaced, `<<` merges.
//!
//! Refuses what would grow beyond all bounds: aliases of aliases, and nesting without end.

use std::collections::BTreeMap;
use std::sync::Arc;

use saphyr_parser::{Event, Parser, ScalarStyle, Span, StrInput};

use super::scalar::{self, Tag};
use crate::value::convert::convert;
use crate::value::{Members, Type, Value};

/// Brackets within brackets that are read.
const DEEPEST: usize = 128;

/// The most values in a document, with every alias replaced.
const MOST_VALUES: usize = 1 << 20;

/// Reads one document.
///
/// # Errors
/// With the line and column: it is no YAML, not one document, has a key that is no text, or is too deep or too large.
///
/// # Source
/// FN-78; case `functions/yamldecode-reads-yaml-scalars-and-structures`.
pub fn read(text: &str) -> Result<Value, String> {
    let mut reader = Reader {
        parser: Parser::new_from_str(text),
        length: text.chars().count(),
        is_cut: !text.trim_end_matches(' ').ends_with('\n'),
        anchors: BTreeMap::new(),
        depth: 0,
        values: 0,
    };
    let mut document = None;
    loop {
        let (event, span) = reader.next()?;
        match event {
            Event::StreamEnd => break,
            Event::DocumentStart(_) if document.is_some() => return Err(at(&span, "only one document is allowed")),
            Event::DocumentStart(_) => {
                let (event, span) = reader.next()?;
                document = Some(reader.node(event, span)?.0);
            }
            _ => {}
        }
    }
    document.ok_or_else(|| "there is no value in it".to_owned())
}

/// A value and how many values it is made of.
type Counted = (Value, usize);

struct Reader<'t> {
    parser: Parser<'t, StrInput<'t>>,
    /// Of the text, in characters.
    length: usize,
    /// Whether the last line has no end.
    is_cut: bool,
    anchors: BTreeMap<usize, Counted>,
    depth: usize,
    values: usize,
}

impl<'t> Reader<'t> {
    fn next(&mut self) -> Result<(Event<'t>, Span), String> {
        match self.parser.next_event() {
            Some(Ok(found)) => Ok(found),
            Some(Err(error)) => {
                Err(format!("line {}, column {}: {}", error.marker().line(), error.marker().col() + 1, error.info()))
            }
            None => Ok((Event::StreamEnd, Span::default())),
        }
    }

    fn node(&mut self, event: Event<'t>, span: Span) -> Result<Counted, String> {
        let before = self.values;
        let count = |reader: &mut Self, more: usize| {
            reader.values = reader.values.saturating_add(more);
            if reader.values > MOST_VALUES { Err(at(&span, "that many values are not reasonable")) } else { Ok(()) }
        };
        let (value, anchor) = match event {
            Event::Alias(anchor) => {
                let Some((value, size)) = self.anchors.get(&anchor).cloned() else {
                    return Err(at(&span, "an alias stands within what it refers to"));
                };
                count(self, size)?;
                return Ok((value, size));
            }
            Event::Scalar(word, style, anchor, tag) => {
                let tag = tag_of(tag.as_deref(), &span)?;
                // Only a word without any mark may be something else than text.
                let word = match word.strip_suffix('\n') {
                    // The parser ends a line that the document does not end.
                    Some(shorter) if self.is_cut && span.end.index() >= self.length && is_block(style) => {
                        shorter.into()
                    }
                    _ => word,
                };
                // A block without a line is nothing, not an empty text.
                let is_text = tag == Tag::None
                    && match style {
                        ScalarStyle::Plain => false,
                        _ => is_quoted(style) || !word.trim_matches('\n').is_empty(),
                    };
                let value =
                    if is_text { Ok(Value::from(&*word)) } else { scalar::resolve(&word, tag, is_quoted(style)) };
                (value.map_err(|reason| at(&span, &reason))?, anchor)
            }
            Event::SequenceStart(anchor, tag) => {
                only(tag.as_deref(), "seq", &span)?;
                (self.nested(&span, Reader::sequence)?, anchor)
            }
            Event::MappingStart(anchor, tag) => {
                only(tag.as_deref(), "map", &span)?;
                (self.nested(&span, Reader::mapping)?, anchor)
            }
            _ => return Err(at(&span, "a value is expected here")),
        };
        count(self, 1)?;
        let counted = (value, self.values - before);
        if anchor > 0 {
            self.anchors.insert(anchor, counted.clone());
        }
        Ok(counted)
    }

    fn nested(&mut self, span: &Span, read: fn(&mut Self) -> Result<Value, String>) -> Result<Value, String> {
        if self.depth == DEEPEST {
            return Err(at(span, "it is nested too deeply"));
        }
        self.depth += 1;
        let value = read(self);
        self.depth -= 1;
        value
    }

    fn sequence(&mut self) -> Result<Value, String> {
        let mut items = Vec::new();
        loop {
            match self.next()? {
                (Event::SequenceEnd, _) => return Ok(Value::tuple(items)),
                (event, span) => items.push(self.node(event, span)?.0),
            }
        }
    }

    fn mapping(&mut self) -> Result<Value, String> {
        let mut members = Members::new();
        loop {
            let (key, tag, style, span) = match self.next()? {
                (Event::MappingEnd, _) => return Ok(Value::object(members)),
                (Event::Scalar(word, style, anchor, tag), span) => {
                    let tag = tag_of(tag.as_deref(), &span)?;
                    if anchor > 0 {
                        self.anchors.insert(anchor, (Value::from(&*word), 1));
                    }
                    (word, tag, style, span)
                }
                (_, span) => return Err(at(&span, "only texts may be keys")),
            };
            let (event, place) = self.next()?;
            let (value, _) = self.node(event, place)?;
            if key == "<<" && tag == Tag::None {
                let Some(merged) = value.as_members() else {
                    return Err(at(&place, "<< merges nothing but a mapping"));
                };
                members.extend(merged.iter().map(|(key, value)| (Arc::clone(key), value.clone())));
                continue;
            }
            let key = scalar::resolve(&key, tag, is_quoted(style)).map_err(|reason| at(&span, &reason))?;
            match convert(&key, &Type::String).ok().as_ref().and_then(Value::as_str) {
                Some(key) => members.insert(Arc::from(key), value),
                None => return Err(at(&span, "a key must not be null")),
            };
        }
    }
}

fn is_quoted(style: ScalarStyle) -> bool {
    matches!(style, ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted)
}

fn is_block(style: ScalarStyle) -> bool {
    matches!(style, ScalarStyle::Literal | ScalarStyle::Folded)
}

fn tag_of(tag: Option<&saphyr_parser::Tag>, span: &Span) -> Result<Tag, String> {
    let Some(tag) = tag else { return Ok(Tag::None) };
    match (tag.handle.as_str(), tag.suffix.as_str()) {
        // A lone mark of exclamation says that it is a text, whatever it looks like.
        ("", "!") | ("!", "") => Ok(Tag::Text),
        (_, "str") if tag.is_yaml_core_schema() => Ok(Tag::Text),
        (_, "bool") if tag.is_yaml_core_schema() => Ok(Tag::Bool),
        (_, "int" | "float") if tag.is_yaml_core_schema() => Ok(Tag::Number),
        (_, "null") if tag.is_yaml_core_schema() => Ok(Tag::Null),
        (_, "timestamp") if tag.is_yaml_core_schema() => Ok(Tag::Timestamp),
        (_, "binary") if tag.is_yaml_core_schema() => Ok(Tag::Binary),
        _ => Err(at(span, &format!("the tag {:?} is not supported here", tag.to_string()))),
    }
}

fn only(tag: Option<&saphyr_parser::Tag>, expected: &str, span: &Span) -> Result<(), String> {
    match tag {
        Some(tag) if !(tag.is_yaml_core_schema() && tag.suffix == expected) => {
            Err(at(span, &format!("the tag {:?} is not supported here", tag.to_string())))
        }
        _ => Ok(()),
    }
}

fn at(span: &Span, reason: &str) -> String {
    format!("line {}, column {}: {reason}", span.start.line(), span.start.col() + 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::json;

    fn shown(text: &str) -> Result<String, String> {
        read(text).map(|value| json::write(&value).unwrap())
    }

    #[test]
    fn blocks_flows_aliases_and_merges_are_read() {
        // FN-78
        for (text, expected) in [
            ("a: &x {k: v}\nb: *x\nc:\n  <<: *x\n  k: w\n", r#"{"a":{"k":"v"},"b":{"k":"v"},"c":{"k":"w"}}"#),
            ("---\n- 1\n- - 2\n  - !!str 3\n...\n", r#"[1,[2,"3"]]"#),
            ("yes: 1\n1: 2\n\"no\": 3\n", r#"{"1":2,"no":3,"true":1}"#),
            ("a: 1\na: 2\n", r#"{"a":2}"#),
            ("a: |\n  12\nb: '12'\nc: >-\n  x\n  y\n", r#"{"a":"12\n","b":"12","c":"x y"}"#),
            ("a:\n", r#"{"a":null}"#),
            ("a: |\n  x", r#"{"a":"x"}"#),
            ("a: >\n  x\n  y", r#"{"a":"x y"}"#),
            ("\u{feff}a: é", r#"{"a":"é"}"#),
        ] {
            assert_eq!(shown(text).as_deref(), Ok(expected), "{text}");
        }
    }

    #[test]
    fn what_is_not_one_document_is_refused() {
        for text in
            ["", "# only this\n", "a\n---\nb\n", "a: [1", "a:\n\t- b", "a: *x", "? [1]\n: 2", "~: 1", "<<: 1", "!x a"]
        {
            assert!(read(text).is_err(), "{text:?}");
        }
        assert!(read("a: 1\nb: [1\n").unwrap_err().starts_with("line "));
    }

    #[test]
    fn what_grows_without_bounds_is_refused() {
        let mut bomb = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
        for n in 1..12 {
            let row = vec![format!("*a{}", n - 1); 9].join(", ");
            bomb.push_str(&format!("a{n}: &a{n} [{row}]\n"));
        }
        assert!(read(&bomb).unwrap_err().contains("not reasonable"));
        assert!(read(&"[".repeat(100_000)).is_err());
        assert!(read(&"- ".repeat(100_000)).is_err());
        assert!(read("a: &a [*a]").is_err());
    }
}
