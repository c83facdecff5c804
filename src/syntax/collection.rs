//! What stands in brackets and braces: tuples, objects and the `for` forms of both.
//!
//! Knows no value; whether a key may be one is decided when it is evaluated.

use std::sync::Arc;

use super::ast::{Expr, ExprKind, For, Ident, ObjectItem, ObjectKey};
use super::lexer::{Kind, Token};
use super::parser::{Parsed, Parser};
use crate::diagnostics::{Diagnostic, Span};

const FOR: &str = "Invalid 'for' expression";

impl Parser<'_> {
    /// Reads `[a, b]` or `[for …]`.
    pub fn tuple(&mut self) -> Parsed<Expr> {
        let open = self.next();
        self.with_newlines(false, |parser| {
            if parser.at_word("for") {
                return parser.for_expression(open, Kind::CloseBracket);
            }
            let mut items = Vec::new();
            while parser.peek().kind != Kind::CloseBracket {
                items.push(parser.expression()?);
                let token = parser.peek();
                match token.kind {
                    Kind::Comma => {
                        parser.next();
                    }
                    Kind::CloseBracket => {}
                    Kind::End => {
                        return Err(parser.unterminated("Unterminated tuple constructor expression", ']', open));
                    }
                    _ => {
                        let detail =
                            "Between the items of a list stands a comma, behind the last one a closing bracket.";
                        return Err(parser.missing_separator("Missing item separator", detail, open, token));
                    }
                }
            }
            let close = parser.next();
            let span = parser.span(open).to(parser.span(close));
            items.shrink_to_fit();
            Ok(Expr { kind: ExprKind::Tuple(Arc::new(items)), span })
        })
    }

    /// Reads `{ k = v }` or `{for …}`. Line ends separate items here.
    pub fn object(&mut self) -> Parsed<Expr> {
        let open = self.next();
        if self.with_newlines(false, Self::starts_for) {
            return self.with_newlines(false, |parser| parser.for_expression(open, Kind::CloseBrace));
        }
        self.with_newlines(true, |parser| {
            let mut items = Vec::new();
            loop {
                while parser.eat(Kind::Newline).is_some() {}
                let token = parser.peek();
                match token.kind {
                    Kind::CloseBrace => break,
                    Kind::End => return Err(parser.unterminated("Unterminated object constructor expression", '}', open)),
                    _ => items.push(parser.object_item(open)?),
                }
                let token = parser.peek();
                match token.kind {
                    Kind::Comma | Kind::Newline => {
                        parser.next();
                    }
                    Kind::CloseBrace | Kind::End => {}
                    _ => {
                        let detail = "Between the items of an object stands a comma or a line end, behind the last one a closing brace.";
                        return Err(parser.missing_separator("Missing attribute separator", detail, open, token));
                    }
                }
            }
            let close = parser.next();
            let span = parser.span(open).to(parser.span(close));
            items.shrink_to_fit();
            Ok(Expr { kind: ExprKind::Object(Arc::new(items)), span })
        })
    }

    /// Whether `for` is next and not a key called so.
    fn starts_for(&mut self) -> bool {
        self.at_word("for") && !matches!(self.peek_second().kind, Kind::Assign | Kind::Colon)
    }

    fn object_item(&mut self, open: Token) -> Parsed<ObjectItem> {
        let first = self.peek();
        let word = first.kind == Kind::Ident && matches!(self.peek_second().kind, Kind::Assign | Kind::Colon);
        let key = if word {
            self.next();
            ObjectKey::Word(self.ident(first))
        } else {
            ObjectKey::Expr(self.expression()?)
        };
        let token = self.peek();
        if !matches!(token.kind, Kind::Assign | Kind::Colon) {
            let span = self.span(token);
            let context = self.span(open).to(span);
            let (summary, detail) = match token.kind {
                Kind::Newline | Kind::Comma | Kind::CloseBrace | Kind::End => (
                    "Missing attribute value",
                    "Behind a key of an object stands an equals sign (or a colon) and a value.",
                ),
                _ => ("Missing key/value separator", "Between key and value stands an equals sign or a colon."),
            };
            return Err(self.report(Diagnostic::error(summary, detail).at(span).within(context)));
        }
        self.next();
        Ok(ObjectItem { key, value: self.expression()? })
    }

    /// Reads `for …` up to the closing bracket `close`.
    fn for_expression(&mut self, open: Token, close: Kind) -> Parsed<Expr> {
        self.next();
        let (key_name, value_name, collection) = self.for_header()?;
        let colon = self.peek();
        if colon.kind != Kind::Colon {
            let detail = "Behind the collection stands a colon, then what is made of each element: for x in list : x";
            return Err(self.missing_separator(FOR, detail, open, colon));
        }
        self.next();
        let mut value = self.expression()?;
        let mut key = None;
        let arrow = self.peek();
        match (arrow.kind, close) {
            (Kind::Arrow, Kind::CloseBrace) => {
                self.next();
                key = Some(std::mem::replace(&mut value, self.expression()?));
            }
            (Kind::Arrow, _) => {
                let detail = "A key can be made only in braces: {for k, v in map : k => v}";
                return Err(self.missing_separator(FOR, detail, open, arrow));
            }
            (_, Kind::CloseBrace) => {
                let detail = "In braces a key and => come before the value: {for k, v in map : k => v}";
                return Err(self.missing_separator(FOR, detail, open, arrow));
            }
            _ => {}
        }
        let dots = self.eat(Kind::Ellipsis);
        if let Some(dots) = dots.filter(|_| key.is_none()) {
            let detail = "Values can be gathered with ... only where there are keys, in braces.";
            return Err(self.missing_separator(FOR, detail, open, dots));
        }
        let condition = if self.at_word("if") {
            self.next();
            Some(self.expression()?)
        } else {
            None
        };
        let end = self.peek();
        if end.kind != close {
            let detail = "Here the closing bracket of the 'for' expression is expected.";
            return Err(self.missing_separator(FOR, detail, open, end));
        }
        self.next();
        let span = self.span(open).to(self.span(end));
        let grouping = dots.is_some();
        let for_ = For { key_name, value_name, collection, key, value, condition, grouping };
        Ok(Expr { kind: ExprKind::For(Arc::new(for_)), span })
    }

    /// Reads `k, v in collection`, for expressions and for `%{for}`.
    pub fn for_header(&mut self) -> Parsed<(Option<Ident>, Ident, Expr)> {
        let name =
            "Behind \"for\" stands a name for the value, or one for the key and one for the value: for k, v in …";
        let mut value_name = self.expect_ident(FOR, name)?;
        let mut key_name = None;
        if self.eat(Kind::Comma).is_some() {
            key_name = Some(std::mem::replace(&mut value_name, self.expect_ident(FOR, name)?));
        }
        if !self.at_word("in") {
            let span = self.peek_span();
            return Err(self.error(
                FOR,
                "Behind the names stands \"in\" and what is gone through: for x in list",
                span,
            ));
        }
        self.next();
        Ok((key_name, value_name, self.expression()?))
    }

    fn missing_separator(&mut self, summary: &str, detail: &str, open: Token, found: Token) -> super::parser::Failed {
        let span = self.span(found);
        let context = self.span(open).to(span);
        self.report(Diagnostic::error(summary, detail).at(span).within(context))
    }

    fn unterminated(&mut self, summary: &str, close: char, open: Token) -> super::parser::Failed {
        let span: Span = self.span(open);
        self.error(summary, format!("This is never closed with {close}."), span)
    }
}
