//! Variable files in JSON, read into the tree of the native syntax with every text literal.
//!
//! Evaluates nothing. Templates in JSON, whose texts hold expressions, are not read here.

use std::sync::Arc;

use crate::diagnostics::{Diagnostic, Diagnostics, FileId, Source, Span};
use crate::syntax::ast::{
    Attribute, Body, Expr, ExprKind, Ident, ObjectItem, ObjectKey, Template, TemplatePart, UnaryOp,
};

/// How deep values may be nested.
const DEPTH: usize = 200;

/// Reads the object in `source`: each member becomes an argument; a member called `//` is a comment (HCL-4, CLI-52).
///
/// What cannot be read is reported once, and gives an empty body.
pub fn read(id: FileId, source: &Source, diagnostics: &mut Diagnostics) -> Body {
    let at = if source.text.starts_with('\u{feff}') { 3 } else { 0 };
    let mut reader = Reader { id, text: &source.text, at };
    match reader.body() {
        Ok(body) => body,
        Err(problem) => {
            diagnostics.push(*problem);
            Body::default()
        }
    }
}

struct Reader<'a> {
    id: FileId,
    text: &'a str,
    at: usize,
}

type Read<T> = Result<T, Box<Diagnostic>>;

impl Reader<'_> {
    fn body(&mut self) -> Read<Body> {
        let value = self.value(0)?;
        self.blanks();
        if self.at < self.text.len() {
            return Err(
                self.problem("The file goes on after its value ended; it must hold one object and nothing else.")
            );
        }
        let ExprKind::Object(items) = *value.kind else {
            let detail = "A variable file in JSON holds one object: { \"name\": value }.";
            return Err(Box::new(Diagnostic::error("Invalid JSON", detail).at(value.span)));
        };
        let mut body = Body { span: Some(value.span), ..Body::default() };
        for item in items {
            let ObjectKey::Word(name) = item.key else { unreachable!("keys are read as words") };
            if body.attribute(&name.text).is_some() {
                let detail = format!("The name {:?} was given before in this file.", name.text);
                return Err(Box::new(Diagnostic::error("Attribute redefined", detail).at(name.span)));
            }
            if &*name.text != "//" {
                let span = name.span.to(item.value.span);
                body.attributes.push(Attribute { name, expr: literal_keys(item.value), span });
            }
        }
        Ok(body)
    }

    fn value(&mut self, depth: usize) -> Read<Expr> {
        self.blanks();
        let start = self.at;
        let kind = match self.peek() {
            Some(_) if depth > DEPTH => return Err(self.problem("Values are nested too deeply here.")),
            Some(b'{') => ExprKind::Object(self.members(depth)?),
            Some(b'[') => ExprKind::Tuple(self.items(depth)?),
            Some(b'"') => {
                let text: Arc<str> = self.string()?.into();
                let span = self.span(start);
                ExprKind::Template(Template { parts: vec![TemplatePart::Literal(text, span)], heredoc: false })
            }
            Some(b'-' | b'0'..=b'9') => self.number()?,
            _ => self.word()?,
        };
        Ok(Expr { kind: Box::new(kind), span: self.span(start) })
    }

    fn members(&mut self, depth: usize) -> Read<Vec<ObjectItem>> {
        self.list(b'}', |reader| {
            let start = reader.at;
            if reader.peek() != Some(b'"') {
                return Err(reader.problem("The name of a member is needed here, in double quotes."));
            }
            let text: Arc<str> = reader.string()?.into();
            let name = Ident { text, span: reader.span(start) };
            reader.blanks();
            if reader.peek() != Some(b':') {
                return Err(reader.problem("A colon is needed between a member's name and its value."));
            }
            reader.at += 1;
            Ok(ObjectItem { key: ObjectKey::Word(name), value: reader.value(depth + 1)? })
        })
    }

    fn items(&mut self, depth: usize) -> Read<Vec<Expr>> {
        self.list(b']', |reader| reader.value(depth + 1))
    }

    /// Reads what stands between a bracket and `close`, separated by commas.
    fn list<T>(&mut self, close: u8, mut item: impl FnMut(&mut Self) -> Read<T>) -> Read<Vec<T>> {
        self.at += 1;
        let mut items = Vec::new();
        self.blanks();
        if self.peek() == Some(close) {
            self.at += 1;
            return Ok(items);
        }
        loop {
            self.blanks();
            items.push(item(self)?);
            self.blanks();
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(byte) if byte == close => {
                    self.at += 1;
                    return Ok(items);
                }
                _ => {
                    let close = char::from(close);
                    return Err(self.problem(format!("A comma or {close:?} is needed here.")));
                }
            }
        }
    }

    /// Reads a quoted text with the escapes of JSON.
    fn string(&mut self) -> Read<String> {
        let start = self.at;
        let bytes = self.text.as_bytes();
        self.at += 1;
        loop {
            match bytes.get(self.at) {
                None | Some(b'\n') => {
                    self.at = start;
                    return Err(self.problem("This text has no closing quote on its line."));
                }
                Some(b'"') => break,
                Some(b'\\') => self.at += 2,
                Some(_) => self.at += 1,
            }
        }
        self.at += 1;
        let quoted = self.text.get(start..self.at).unwrap_or_default();
        serde_json::from_str(quoted).map_err(|error| {
            self.at = start;
            let reason = error.to_string();
            let reason = reason.split(" at line").next().unwrap_or_default().to_owned();
            self.problem(format!("This text cannot be read: {reason}."))
        })
    }

    fn number(&mut self) -> Read<ExprKind> {
        let start = self.at;
        let is_part = |b: &u8| b.is_ascii_digit() || matches!(b, b'.' | b'e' | b'E' | b'+' | b'-');
        self.at += self.text.as_bytes()[self.at..].iter().take_while(|b| is_part(b)).count();
        let text = &self.text[start..self.at];
        if serde_json::from_str::<serde_json::Number>(text).is_err() && !text.contains(['e', 'E']) {
            self.at = start;
            return Err(self.problem(format!("{text:?} is not a number.")));
        }
        let Some(digits) = text.strip_prefix('-') else { return Ok(ExprKind::Number(text.into())) };
        let kind = Box::new(ExprKind::Number(digits.into()));
        let span = Span::new(self.id, start + 1..self.at);
        Ok(ExprKind::Unary(UnaryOp::Negate, Expr { kind, span }))
    }

    fn word(&mut self) -> Read<ExprKind> {
        let length = self.text[self.at..].bytes().take_while(u8::is_ascii_alphanumeric).count();
        let kind = match &self.text[self.at..self.at + length] {
            "null" => ExprKind::Null,
            "true" => ExprKind::Bool(true),
            "false" => ExprKind::Bool(false),
            _ => {
                return Err(
                    self.problem("A value is needed here: an object, list, quoted text, number, true, false or null.")
                );
            }
        };
        self.at += length;
        Ok(kind)
    }

    fn blanks(&mut self) {
        self.at += self.text.as_bytes()[self.at..].iter().take_while(|b| b" \t\r\n".contains(b)).count();
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn span(&self, start: usize) -> Span {
        Span::new(self.id, start..self.at)
    }

    /// Makes a problem of the character that is read now.
    fn problem(&self, detail: impl Into<String>) -> Box<Diagnostic> {
        let length = self.text[self.at..].chars().next().map_or(0, char::len_utf8);
        Box::new(Diagnostic::error("Invalid JSON", detail).at(Span::new(self.id, self.at..self.at + length)))
    }
}

/// Returns `expr` with the keys of its objects as quoted texts, which need not be words.
fn literal_keys(expr: Expr) -> Expr {
    let kind = match *expr.kind {
        ExprKind::Object(items) => ExprKind::Object(
            items
                .into_iter()
                .map(|ObjectItem { key, value }| {
                    let ObjectKey::Word(name) = key else { unreachable!("keys are read as words") };
                    let parts = vec![TemplatePart::Literal(name.text, name.span)];
                    let kind = Box::new(ExprKind::Template(Template { parts, heredoc: false }));
                    ObjectItem { key: ObjectKey::Expr(Expr { kind, span: name.span }), value: literal_keys(value) }
                })
                .collect(),
        ),
        ExprKind::Tuple(items) => ExprKind::Tuple(items.into_iter().map(literal_keys).collect()),
        other => other,
    };
    Expr { kind: Box::new(kind), span: expr.span }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostics::SourceMap;

    fn read_text(text: &str) -> (Body, Vec<(usize, String)>) {
        let sources = SourceMap::default();
        let id = sources.add("v.json", text);
        let mut diagnostics = Diagnostics::new();
        let body = read(id, &sources.get(id), &mut diagnostics);
        let line = |d: &Diagnostic| sources.get(id).position(d.span.unwrap().start as usize).line;
        (body, diagnostics.iter().map(|d| (line(d), d.detail.clone())).collect())
    }

    #[test]
    fn members_become_arguments_with_literal_texts_and_comments_go() {
        // CLI-52, HCL-4
        let (body, problems) =
            read_text("{ \"//\": 1, \"s\": \"${x} \\u00e9\",\n \"n\": -1.50, \"l\": [true, null, {}] }");
        assert!(problems.is_empty(), "{problems:?}");
        let names: Vec<&str> = body.attributes.iter().map(|a| &*a.name.text).collect();
        assert_eq!(names, ["s", "n", "l"]);
        let ExprKind::Template(template) = &*body.attributes[0].expr.kind else { panic!("a text") };
        assert!(matches!(&template.parts[..], [TemplatePart::Literal(text, _)] if &**text == "${x} é"));
    }

    #[test]
    fn what_cannot_be_read_is_reported_at_its_line() {
        // CLI-50
        for (text, line) in
            [("{\n \"n\": 1\n \"m\": 2\n}", 3), ("[1]", 1), ("\"n\"", 1), ("", 1), ("{\"a\":\n tru}", 2)]
        {
            let (_, problems) = read_text(text);
            assert_eq!(problems.iter().map(|p| p.0).collect::<Vec<_>>(), [line], "{text:?}");
        }
    }
}
