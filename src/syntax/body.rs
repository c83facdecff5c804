//! Files, blocks and arguments, and how reading goes on after one that is wrong.
//!
//! Knows no block type: which ones there may be is the business of `template`.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::sync::Arc;

use super::ast::{Attribute, Block, Body, Ident};
use super::lexer::{Kind, Token};
use super::parser::{Failed, Parsed, Parser};
use crate::diagnostics::{Diagnostic, Header, Span};

/// What a body is the inside of.
#[derive(Clone, Copy, PartialEq)]
enum Inside {
    File,
    Block,
}

/// Finds the arguments of a body by name: a small body is looked through, a large one has an index.
#[derive(Default)]
struct Names(HashMap<Arc<str>, usize>);

impl Names {
    /// How many arguments are looked through.
    const FEW: usize = 16;

    /// Returns where `body` sets `name`. To be called for the same body each time.
    fn find(&mut self, body: &Body, name: &str) -> Option<Span> {
        let attributes = &body.attributes;
        if attributes.len() <= Names::FEW {
            return body.attribute(name).map(|attribute| attribute.name.span);
        }
        for (index, attribute) in attributes.iter().enumerate().skip(self.0.len()) {
            self.0.insert(Arc::clone(&attribute.name.text), index);
        }
        self.0.get(name).map(|index| attributes[*index].name.span)
    }
}

/// How many blocks are named where something in them is wrong; more are no template.
const MOST_HEADERS: usize = 100_000;

const SINGLE: &str = "Invalid single-argument block definition";

impl Parser<'_> {
    /// Reads a whole file.
    pub fn file(&mut self) -> Body {
        let mut body = self.items(Inside::File);
        body.span = Some(Span::new(self.file, 0..self.text.len()));
        body
    }

    /// Reads arguments and blocks up to the closing brace, which stays, or the end of the file.
    fn items(&mut self, inside: Inside) -> Body {
        let mut body = Body::default();
        let mut set = Names::default();
        loop {
            let first = self.peek();
            match first.kind {
                Kind::Newline => {
                    self.next();
                    continue;
                }
                Kind::End => break,
                Kind::CloseBrace if inside == Inside::Block => break,
                _ => {}
            }
            let (start, known) = (self.at, self.headers.len());
            if self.item(first, &mut body, &mut set).is_err() {
                self.recover(start, inside);
            }
            if inside == Inside::File && self.headers.len() > known {
                self.headers[known].range.end = self.tokens[self.at].start as usize;
            }
        }
        body.attributes.shrink_to_fit();
        body.blocks.shrink_to_fit();
        body
    }

    fn item(&mut self, first: Token, body: &mut Body, set: &mut Names) -> Parsed<()> {
        if first.kind != Kind::Ident {
            return Err(self.no_item(first));
        }
        self.next();
        let name = self.ident(first);
        let second = self.peek();
        match second.kind {
            Kind::Assign => self.attribute(name, body, set),
            Kind::OpenQuote | Kind::OpenBrace | Kind::Ident => self.block(name, body),
            Kind::Newline if self.brace_follows() => self.block(name, body),
            _ => {
                let detail = format!(
                    "\"{0}\" alone says nothing here. An argument needs an equals sign and a value: {0} = …, \
                     a block needs braces: {0} {{ … }}",
                    name.text
                );
                Err(self.error("Argument or block definition required", detail, name.span))
            }
        }
    }

    /// Says why `found` can start neither an argument nor a block.
    fn no_item(&mut self, found: Token) -> Failed {
        let span = self.span(found);
        let required = "Argument or block definition required";
        match found.kind {
            Kind::OpenQuote => self.error("Invalid argument name", "Names of arguments stand without quotes.", span),
            Kind::CloseBrace => self.error(required, "This closing brace has no opening one.", span),
            _ => self.error(required, "Here an argument (name = value) or a block is expected.", span),
        }
    }

    fn attribute(&mut self, name: Ident, body: &mut Body, set: &mut Names) -> Parsed<()> {
        self.next();
        let (expr, read) = match self.expression() {
            Ok(expr) => (expr, Ok(())),
            Err(failed) => (self.invalid(name.span), Err(failed)),
        };
        let attribute = Attribute { span: name.span.to(expr.span), name, expr };
        let name = attribute.name.span;
        if let Some(earlier) = set.find(body, &attribute.name.text) {
            let place = self.sources.describe(earlier);
            let word = &attribute.name.text;
            let detail = format!("The argument \"{word}\" is already set at {place}. It can be set only once.");
            self.error("Attribute redefined", detail, name);
        } else {
            body.attributes.push(attribute);
        }
        read?;
        let end = self.peek();
        match end.kind {
            Kind::Newline | Kind::End => Ok(()),
            _ => {
                let detail = match end.kind {
                    Kind::Comma => "Arguments are not separated by commas: each one stands on its own line.",
                    _ => "Behind the value of an argument its line must end.",
                };
                let diagnostic = Diagnostic::error("Missing newline after argument", detail);
                Err(self.report(diagnostic.at(self.span(end)).within(name.to(self.span(end)))))
            }
        }
    }

    fn block(&mut self, kind: Ident, body: &mut Body) -> Parsed<()> {
        let (mut labels, labels_read) = self.labels(&kind);
        // There may be very many blocks.
        labels.shrink_to_fit();
        let header = labels.last().map_or(kind.span, |last| kind.span.to(last.span));
        if self.depth == 0 && self.headers.len() < MOST_HEADERS {
            let length = labels.iter().map(|label| label.text.len() + 3).sum::<usize>();
            let mut words = String::with_capacity(kind.text.len() + length);
            words.push_str(&kind.text);
            for label in &labels {
                let _ = write!(words, " {:?}", &*label.text);
            }
            self.headers.push(Header { range: header.range(), text: words });
        }
        labels_read.or_else(|failed| self.brace_on_next_line(failed))?;
        let open = self.next();
        let mut inner = Body::default();
        let read = self.deeper(|parser| parser.block_body(&kind, header, open, &mut inner));
        let end = self.tokens[self.at.saturating_sub(usize::from(read.is_ok()))].end;
        let span = Span { end: end.max(open.end), ..header };
        inner.span = Some(Span { start: open.start, ..span });
        if self.keeps_blocks && !self.is_hopeless() {
            body.blocks.push(Block { kind, labels, body: inner, header, span });
        }
        read?;
        let end = self.peek();
        if !matches!(end.kind, Kind::Newline | Kind::End) {
            let detail = "Behind the closing brace of a block its line must end.";
            let diagnostic = Diagnostic::error("Missing newline after block definition", detail);
            return Err(self.report(diagnostic.at(self.span(end)).within(header.to(self.span(end)))));
        }
        Ok(())
    }

    /// Reads labels up to the opening brace, which stays.
    fn labels(&mut self, kind: &Ident) -> (Vec<Ident>, Parsed<()>) {
        let mut labels = Vec::new();
        loop {
            let token = self.peek();
            let detail = match token.kind {
                Kind::OpenBrace => return (labels, Ok(())),
                Kind::Ident => {
                    self.next();
                    labels.push(self.ident(token));
                    continue;
                }
                Kind::OpenQuote => match self.quoted_literal() {
                    Ok(label) => {
                        labels.push(label);
                        continue;
                    }
                    Err(failed) => return (labels, Err(failed)),
                },
                Kind::Newline | Kind::End => "The opening brace of a block stands on the line of its type and labels.",
                Kind::Assign => "An equals sign makes an argument, which has one name. A block is written without it.",
                _ => "Here another label or the opening brace of the block is expected.",
            };
            let diagnostic = Diagnostic::error("Invalid block definition", detail);
            let span = self.span(token);
            return (labels, Err(self.report(diagnostic.at(span).within(kind.span.to(span)))));
        }
    }

    /// Goes on with the block whose brace stands on the next line, which was reported.
    fn brace_on_next_line(&mut self, failed: Failed) -> Parsed<()> {
        if !self.brace_follows() {
            return Err(failed);
        }
        while self.eat(Kind::Newline).is_some() {}
        Ok(())
    }

    /// Whether nothing but line ends stand before an opening brace.
    fn brace_follows(&mut self) -> bool {
        let before = self.at;
        while self.eat(Kind::Newline).is_some() {}
        let follows = self.peek().kind == Kind::OpenBrace;
        self.at = before;
        follows
    }

    /// Reads what is behind the opening brace, and the closing brace.
    fn block_body(&mut self, kind: &Ident, header: Span, open: Token, body: &mut Body) -> Parsed<()> {
        let first = self.peek();
        match first.kind {
            Kind::Newline => *body = self.items(Inside::Block),
            Kind::CloseBrace | Kind::End => {}
            _ => return self.single_argument(kind, open, body),
        }
        if self.eat(Kind::CloseBrace).is_some() {
            return Ok(());
        }
        if self.gave_up {
            return Err(Failed);
        }
        let detail =
            format!("This \"{}\" block is still open at the end of the file: a closing brace is missing.", kind.text);
        Err(self.error("Unclosed configuration block", detail, header))
    }

    /// Reads `name = value }` on the line of the opening brace.
    fn single_argument(&mut self, kind: &Ident, open: Token, body: &mut Body) -> Parsed<()> {
        let token = self.peek();
        let name =
            self.expect_ident("Argument or block definition required", "Here an argument (name = value) is expected.")?;
        if self.eat(Kind::Assign).is_none() {
            let detail = "A block on one line may hold one argument (name = value), but no other block. Write it on \
                          several lines, with a line end behind the opening brace.";
            return Err(self.error(SINGLE, detail, name.span));
        }
        let expr = self.expression().unwrap_or_else(|Failed| self.invalid(self.span(token)));
        let failed = matches!(expr.kind, super::ast::ExprKind::Invalid);
        body.attributes.push(Attribute { span: name.span.to(expr.span), name, expr });
        if failed {
            return Err(Failed);
        }
        let end = self.peek();
        let span = self.span(end);
        let (detail, context) = match end.kind {
            Kind::CloseBrace => {
                self.next();
                return Ok(());
            }
            Kind::Newline => (
                "An argument on the line of the opening brace makes a block of one line, so the closing brace belongs \
                 on that line, too. Or begin a new line behind the opening brace.",
                Span { end: span.end.saturating_add(1), ..span },
            ),
            Kind::End => {
                let detail = format!("This \"{}\" block is still open at the end of the file.", kind.text);
                return Err(self.error("Unclosed configuration block", detail, kind.span));
            }
            _ => (
                "A block on one line may hold only one argument. Write the block on several lines, with one argument \
                 on each.",
                span,
            ),
        };
        Err(self.report(Diagnostic::error(SINGLE, detail).at(span).within(self.span(open).to(context))))
    }

    /// Goes on behind the item that starts at token `from` and is wrong where the parser stands: at the next line
    /// end outside of its brackets, or before the brace that closes the block around it.
    fn recover(&mut self, from: usize, inside: Inside) {
        self.newlines = true;
        let reached = self.at;
        let mut open: Vec<Kind> = Vec::new();
        let mut index = from;
        loop {
            let kind = self.tokens[index].kind;
            match kind {
                Kind::End => break,
                Kind::OpenParen => open.push(Kind::CloseParen),
                Kind::OpenBracket => open.push(Kind::CloseBracket),
                Kind::OpenBrace => open.push(Kind::CloseBrace),
                Kind::OpenQuote => open.push(Kind::CloseQuote),
                Kind::OpenHeredoc => open.push(Kind::CloseHeredoc),
                Kind::OpenInterpolation | Kind::OpenDirective => open.push(Kind::CloseSequence),
                Kind::Unterminated => {
                    // The scanner has left all texts in quotes here.
                    let first = open.iter().position(|k| *k == Kind::CloseQuote).unwrap_or(open.len());
                    open.truncate(first);
                }
                Kind::CloseParen | Kind::CloseBracket | Kind::CloseBrace | Kind::CloseQuote => {
                    if let Some(partner) = open.iter().rposition(|k| *k == kind) {
                        open.truncate(partner);
                    } else if kind == Kind::CloseBrace && inside == Inside::Block {
                        break;
                    }
                }
                Kind::CloseHeredoc | Kind::CloseSequence => {
                    let partner = open.iter().rposition(|k| *k == kind).unwrap_or(open.len());
                    open.truncate(partner);
                }
                Kind::Newline if index >= reached && (open.is_empty() || self.goes_on_anew(&open, index)) => break,
                _ => {}
            }
            index += 1;
        }
        self.gave_up = self.tokens[index].kind == Kind::End;
        self.at = index;
    }

    /// Whether a forgotten `]` or `)` explains what is still open at the line end `index`: whether the next line
    /// looks like an argument of a body.
    fn goes_on_anew(&self, open: &[Kind], index: usize) -> bool {
        let only_lists = open.iter().all(|k| matches!(k, Kind::CloseParen | Kind::CloseBracket));
        let mut next = self.tokens[index + 1..].iter().map(|t| t.kind).filter(|k| *k != Kind::Whitespace);
        only_lists && next.next() == Some(Kind::Ident) && next.next() == Some(Kind::Assign)
    }
}
