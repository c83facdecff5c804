//! `csvdecode`: rows of comma-separated text to objects (RFC 4180).
//!
//! Strict about quotes: text that another program would read differently is refused.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::Shape::{ListOfAny, String as Text};
use super::{Function, Looks, failed, param, text};
use crate::eval::CallError;
use crate::value::{Type, Value};

/// The functions of this family.
pub const FUNCTIONS: &[Function] = &[Function {
    name: "csvdecode",
    params: &[param("str", Text)],
    rest: None,
    returns: ListOfAny,
    looks: Looks::Deep,
    call: |_cx, args| decode(text(args, 0)),
    about: "A list of objects of text from lines with commas; the first line names the members.",
    examples: &[
        (r#"csvdecode("a,b\n1,2\n3,\"x, y\"\n")"#, r#"[{ a = "1", b = "2" }, { a = "3", b = "x, y" }]"#),
        (r#"csvdecode("a,b\n")"#, "[]"),
    ],
}];

fn decode(text: &str) -> Result<Value, CallError> {
    // The line end that is missing at the end of the text is one all the same.
    let mut reader = Reader { rest: text.strip_suffix('\r').unwrap_or(text), line: 1 };
    let Some((_, header)) = reader.row().map_err(CallError::Failed)? else { return failed("missing header line") };
    let mut seen = BTreeSet::new();
    if let Some(twice) = header.iter().find(|name| !seen.insert(name.as_str())) {
        return failed(format!("duplicate column name {twice:?}"));
    }
    let names: Vec<Arc<str>> = header.iter().map(|name| Arc::from(&**name)).collect();
    let mut rows = Vec::new();
    while let Some((line, row)) = reader.row().map_err(CallError::Failed)? {
        if row.len() != names.len() {
            let (has, wanted) = (row.len(), names.len());
            return failed(format!("line {line} has {has} columns, and the header has {wanted}"));
        }
        rows.push(Value::object(names.iter().cloned().zip(row.into_iter().map(Value::from))));
    }
    Ok(Value::list(Type::object(names.into_iter().map(|name| (name, Type::String))), rows))
}

struct Reader<'t> {
    rest: &'t str,
    /// Of `rest`, from 1.
    line: usize,
}

impl Reader<'_> {
    /// Reads the next row and the number of its line; empty lines are none.
    fn row(&mut self) -> Result<Option<(usize, Vec<String>)>, String> {
        while let Some(rest) = self.rest.strip_prefix('\n').or_else(|| self.rest.strip_prefix("\r\n")) {
            self.rest = rest;
            self.line += 1;
        }
        if self.rest.is_empty() {
            return Ok(None);
        }
        let line = self.line;
        let mut row = Vec::new();
        loop {
            let quoted = self.rest.strip_prefix('"');
            row.push(match quoted {
                Some(rest) => self.quoted(rest)?,
                None => self.plain()?,
            });
            match self.rest.strip_prefix(',') {
                Some(rest) => self.rest = rest,
                None => break,
            }
        }
        // Whoever read the last cell stopped at a line end or at the end of the text.
        self.rest = self.rest.strip_prefix('\r').unwrap_or(self.rest);
        self.rest = self.rest.strip_prefix('\n').unwrap_or(self.rest);
        self.line += 1;
        Ok(Some((line, row)))
    }

    fn plain(&mut self) -> Result<String, String> {
        let line_end = self.rest.find('\n').unwrap_or(self.rest.len());
        let line_end = if self.rest[..line_end].ends_with('\r') { line_end - 1 } else { line_end };
        let end = self.rest[..line_end].find(',').unwrap_or(line_end);
        let cell = &self.rest[..end];
        if cell.contains('"') {
            return Err(format!("line {} has a quote within a cell that does not start with one", self.line));
        }
        self.rest = &self.rest[end..];
        Ok(cell.to_owned())
    }

    /// Reads a cell behind its opening quote; two quotes in it are one.
    fn quoted(&mut self, mut rest: &str) -> Result<String, String> {
        let (mut cell, started) = (String::new(), self.line);
        let consumed = self.rest.len();
        loop {
            let Some(end) = rest.find('"') else {
                return Err(format!("the quote that opens in line {started} is not closed"));
            };
            self.line += rest[..end].matches('\n').count();
            cell.push_str(&rest[..end].replace("\r\n", "\n"));
            rest = &rest[end + 1..];
            match rest.strip_prefix('"') {
                Some(after) => {
                    cell.push('"');
                    rest = after;
                }
                None if rest.is_empty()
                    || rest.starts_with([',', '\n'])
                    || rest.starts_with("\r\n")
                    || rest == "\r" =>
                {
                    break;
                }
                None => return Err(format!("line {} has text behind a closing quote", self.line)),
            }
        }
        self.rest = &self.rest[consumed - rest.len()..];
        Ok(cell)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &str) -> Result<Vec<Vec<String>>, String> {
        // The line end that is missing at the end of the text is one all the same.
        let mut reader = Reader { rest: text.strip_suffix('\r').unwrap_or(text), line: 1 };
        std::iter::from_fn(|| reader.row().transpose()).map(|row| row.map(|(_, cells)| cells)).collect()
    }

    #[test]
    fn quotes_hold_commas_lines_and_quotes() {
        // FN-72
        let read = rows("a, b\r\n\n\"x, \"\"y\"\"\",\"1\r\n2\"\n,\n").unwrap();
        assert_eq!(read, [["a", " b"], ["x, \"y\"", "1\n2"], ["", ""]]);
        assert_eq!(rows("a\r").unwrap(), [["a"]]);
        assert_eq!(rows("\"a\"").unwrap(), [["a"]]);
    }

    #[test]
    fn quotes_out_of_place_are_refused_with_their_line() {
        for (text, line) in [("a\n\"x", "line 2"), ("a\nx\"y\n", "line 2"), ("\"1\n2\"3", "line 2")] {
            assert!(rows(text).unwrap_err().contains(line), "{text}");
        }
    }

    #[test]
    fn rows_must_fit_the_header() {
        for text in ["", "\n\n", "a,a\n1,2", "a,b\n1", "a\n1,2"] {
            assert!(decode(text).is_err(), "{text:?}");
        }
        let empty = decode("a,b\n").unwrap();
        assert_eq!(empty.ty(), Type::list(Type::object([("a".into(), Type::String), ("b".into(), Type::String)])));
    }
}
