//! Expressions: operators, and what is called, indexed and spread out behind a value.
//!
//! Knows no value and no function; brackets that hold lists of things are in `collection`.

use std::sync::Arc;

use super::ast::{
    Attr, Binary, BinaryOp, Call, Conditional, Expr, ExprKind, Ident, Index, LegacyIndex, Splat, SplatStep, Unary,
    UnaryOp,
};
use super::lexer::{Kind, Token};
use super::parser::{Failed, Parsed, Parser};
use crate::diagnostics::{Diagnostic, Span};

impl Parser<'_> {
    /// Reads a text that is one expression and nothing else; line ends in it mean nothing.
    pub fn whole_expression(&mut self) -> Expr {
        self.newlines = false;
        let whole = Span::new(self.file, 0..self.text.len());
        let Ok(expr) = self.expression() else { return self.invalid(whole) };
        let rest = self.peek();
        if rest.kind == Kind::End {
            return expr;
        }
        let detail = "The expression is complete before this, and nothing may follow.";
        self.error("Extra characters after expression", detail, self.span(rest));
        self.invalid(whole)
    }

    /// Reads an expression.
    pub fn expression(&mut self) -> Parsed<Expr> {
        self.deeper(Self::conditional)
    }

    fn conditional(&mut self) -> Parsed<Expr> {
        let condition = self.binary(0)?;
        let Some(question) = self.eat(Kind::Question) else { return Ok(condition) };
        let then = self.expression()?;
        let colon = self.peek();
        if colon.kind != Kind::Colon {
            let detail = "A conditional has a value for each case: condition ? value if true : value if false";
            let context = condition.span.to(self.span(colon));
            let diagnostic = Diagnostic::error("Missing false expression in conditional", detail);
            return Err(self.report(diagnostic.at(self.span(question).to(then.span)).within(context)));
        }
        self.next();
        let otherwise = self.expression()?;
        let span = condition.span.to(otherwise.span);
        let parts = Arc::new(Conditional { condition, then, otherwise });
        Ok(Expr { kind: ExprKind::Conditional(parts), span })
    }

    /// Reads a chain of operators that bind at least as tightly as `level`.
    fn binary(&mut self, level: u8) -> Parsed<Expr> {
        let depth = self.depth;
        let mut left = self.unary()?;
        while let Some((operator, binds)) = binary_operator(self.peek().kind).filter(|(_, binds)| *binds >= level) {
            self.next();
            self.descend()?;
            let right = self.binary(binds + 1)?;
            let span = left.span.to(right.span);
            left = Expr { kind: ExprKind::Binary(Arc::new(Binary { left, operator, right })), span };
        }
        self.depth = depth;
        Ok(left)
    }

    fn unary(&mut self) -> Parsed<Expr> {
        let token = self.peek();
        let operator = match token.kind {
            Kind::Minus => UnaryOp::Negate,
            Kind::Not => UnaryOp::Not,
            _ => return self.term_and_steps(),
        };
        self.next();
        let operand = self.deeper(Self::unary)?;
        let span = self.span(token).to(operand.span);
        Ok(Expr { kind: ExprKind::Unary(Arc::new(Unary { operator, operand })), span })
    }

    /// Reads a value and the `.name`, `[key]` and splats behind it.
    fn term_and_steps(&mut self) -> Parsed<Expr> {
        let depth = self.depth;
        let mut expr = self.term()?;
        loop {
            expr = match self.peek().kind {
                Kind::Dot => self.dot(expr)?,
                Kind::OpenBracket => self.bracket(expr)?,
                _ => break,
            };
            self.descend()?;
        }
        self.depth = depth;
        Ok(expr)
    }

    fn dot(&mut self, source: Expr) -> Parsed<Expr> {
        let dot = self.next();
        if let Some(star) = self.eat(Kind::Star) {
            let each = self.attribute_steps()?;
            return Ok(splat(source, each, false, self.span(star)));
        }
        Ok(match self.name_or_number(dot)? {
            NameOrNumber::Name(name) => {
                let span = source.span.to(name.span);
                Expr { kind: ExprKind::Attr(Arc::new(Attr { source, name })), span }
            }
            NameOrNumber::Number(number, place) => {
                let span = source.span.to(place);
                Expr { kind: ExprKind::LegacyIndex(Arc::new(LegacyIndex { source, index: number })), span }
            }
        })
    }

    /// Reads what stands behind the dot `dot`.
    fn name_or_number(&mut self, dot: Token) -> Parsed<NameOrNumber> {
        let token = self.peek();
        let (summary, detail) = match token.kind {
            Kind::Ident => {
                self.next();
                return Ok(NameOrNumber::Name(self.ident(token)));
            }
            Kind::Number if token.text(self.text).bytes().all(|b| b.is_ascii_digit()) => {
                self.next();
                return Ok(NameOrNumber::Number(Arc::from(token.text(self.text)), self.span(token)));
            }
            Kind::Number => (
                "Invalid legacy index syntax",
                "A number behind a dot must be a whole one, and only one may stand there. Write indexes in brackets: x[1][0]",
            ),
            Kind::Star => {
                ("Nested splat expression not allowed", "Behind .* there can be no other one. Use [*] for both.")
            }
            _ => ("Invalid attribute name", "Behind a dot the name of an attribute is expected."),
        };
        let span = self.span(token);
        Err(self.report(Diagnostic::error(summary, detail).at(span).within(self.span(dot).to(span))))
    }

    /// Reads the `.name` and `.0` behind `.*`.
    fn attribute_steps(&mut self) -> Parsed<Vec<SplatStep>> {
        let mut steps = Vec::new();
        while let Some(dot) = self.eat(Kind::Dot) {
            steps.push(self.name_or_number(dot)?.into());
        }
        Ok(steps)
    }

    fn bracket(&mut self, source: Expr) -> Parsed<Expr> {
        if let Some(star) = self.full_splat()? {
            let each = self.deeper(Self::all_steps)?;
            return Ok(splat(source, each, true, star));
        }
        let (key, brackets) = self.index()?;
        let span = source.span.to(brackets);
        Ok(Expr { kind: ExprKind::Index(Arc::new(Index { source, key })), span })
    }

    /// Takes `[*]`, if that is next.
    fn full_splat(&mut self) -> Parsed<Option<Span>> {
        let before = self.at;
        let star = self.with_newlines(false, |parser| {
            parser.next();
            let Some(star) = parser.eat(Kind::Star) else { return Ok(None) };
            if parser.eat(Kind::CloseBracket).is_none() {
                let detail = "Behind the star of a splat stands a closing bracket: list[*].name";
                return Err(parser.error("Missing close bracket on splat index", detail, parser.span(star)));
            }
            Ok(Some(star))
        })?;
        if star.is_none() {
            self.at = before;
        }
        Ok(star.map(|star| self.span(star)))
    }

    /// Reads all that stands behind `[*]`; a further splat takes what follows it.
    fn all_steps(&mut self) -> Parsed<Vec<SplatStep>> {
        let mut steps = Vec::new();
        loop {
            match self.peek().kind {
                Kind::Dot => {
                    let dot = self.next();
                    if let Some(star) = self.eat(Kind::Star) {
                        let each = self.attribute_steps()?;
                        steps.push(SplatStep::Splat { each, full: false, star: self.span(star) });
                    } else {
                        steps.push(self.name_or_number(dot)?.into());
                    }
                }
                Kind::OpenBracket => {
                    if let Some(star) = self.full_splat()? {
                        let each = self.deeper(Self::all_steps)?;
                        steps.push(SplatStep::Splat { each, full: true, star });
                    } else {
                        let (key, brackets) = self.index()?;
                        steps.push(SplatStep::Index(key, brackets));
                    }
                }
                _ => return Ok(steps),
            }
        }
    }

    /// Reads `[key]`; returns the key and where the brackets are.
    fn index(&mut self) -> Parsed<(Expr, Span)> {
        let open = self.next();
        self.with_newlines(false, |parser| {
            let key = parser.expression()?;
            let close = parser.peek();
            let span = parser.span(open).to(parser.span(close));
            if close.kind != Kind::CloseBracket {
                let diagnostic =
                    Diagnostic::error("Missing close bracket on index", "An index ends with a closing bracket.");
                let failed = parser.report(diagnostic.at(parser.span(close)).within(span));
                return Err(parser.never_closed(close).unwrap_or(failed));
            }
            parser.next();
            Ok((key, span))
        })
    }

    /// Adds that no closing bracket follows `found` at all, as the reference does: then the place of the first message
    /// is only a guess.
    fn never_closed(&mut self, found: Token) -> Option<Failed> {
        if self.index_never_closed || found.kind == Kind::End {
            return None;
        }
        let end = *self.tokens.last().expect("the last token is End");
        let closed = self.tokens[self.at..].iter().any(|token| token.kind == Kind::CloseBracket);
        if closed {
            return None;
        }
        self.index_never_closed = true;
        let detail = "The file ends, and the closing bracket of an index has not come.";
        Some(self.error("Missing close bracket on index", detail, self.span(end)))
    }

    fn term(&mut self) -> Parsed<Expr> {
        let token = self.peek();
        let span = self.span(token);
        let kind = match token.kind {
            Kind::Number => {
                self.next();
                let text = token.text(self.text);
                if !is_number(text) {
                    let detail = format!("{text:?} is no number: one has at most one point and one exponent.");
                    return Err(self.error("Invalid number literal", detail, span));
                }
                ExprKind::Number(self.shared(text))
            }
            Kind::Ident => return self.word(),
            Kind::OpenQuote => return self.quoted(),
            Kind::OpenHeredoc => return self.heredoc(),
            Kind::OpenParen => return self.parentheses(),
            Kind::OpenBracket => return self.tuple(),
            Kind::OpenBrace => return self.object(),
            _ => return Err(self.no_expression(token)),
        };
        Ok(Expr { kind, span })
    }

    /// Says why no expression can start with `found`.
    fn no_expression(&mut self, found: Token) -> Failed {
        let detail = match found.kind {
            Kind::Newline | Kind::End => "The line ends where a value is expected.".into(),
            Kind::Invalid => "Here a value is expected, but what stands here cannot start one.".into(),
            _ => format!("Here a value is expected, not {:?}.", found.text(self.text)),
        };
        self.error("Invalid expression", detail, self.span(found))
    }

    /// Reads `true`, `name`, `name(…)` or `a::b(…)`.
    fn word(&mut self) -> Parsed<Expr> {
        let first = self.next();
        let mut name = self.ident(first);
        while self.eat(Kind::DoubleColon).is_some() {
            let part = self.expect_ident("Missing function name", "Behind :: the name of a function is expected.")?;
            name = Ident { text: format!("{}::{}", name.text, part.text).into(), span: name.span.to(part.span) };
        }
        if self.peek().kind == Kind::OpenParen {
            return self.deeper(|parser| parser.call(name));
        }
        if name.text.contains("::") {
            let detail = "A name with :: is that of a function, and its arguments follow in parentheses.";
            return Err(self.error("Missing open parenthesis", detail, name.span));
        }
        let span = name.span;
        let kind = match &*name.text {
            "null" => ExprKind::Null,
            "true" => ExprKind::Bool(true),
            "false" => ExprKind::Bool(false),
            _ => ExprKind::Variable(name.text),
        };
        Ok(Expr { kind, span })
    }

    fn call(&mut self, name: Ident) -> Parsed<Expr> {
        let open = self.next();
        self.with_newlines(false, |parser| {
            let (mut args, mut spread) = (Vec::new(), false);
            while parser.peek().kind != Kind::CloseParen {
                args.push(parser.expression()?);
                let token = parser.peek();
                let span = parser.span(token);
                match token.kind {
                    Kind::Comma => {
                        parser.next();
                    }
                    Kind::CloseParen => {}
                    Kind::Ellipsis => {
                        parser.next();
                        spread = true;
                        let close = parser.peek();
                        if close.kind != Kind::CloseParen {
                            let detail = "Only the last argument can be spread with ..., so a closing parenthesis follows it.";
                            return Err(parser.error("Missing closing parenthesis", detail, parser.span(close)));
                        }
                    }
                    _ => {
                        let detail = "Between the arguments of a function stands a comma, behind the last one a closing parenthesis.";
                        let diagnostic = Diagnostic::error("Missing argument separator", detail);
                        return Err(parser.report(diagnostic.at(span).within(name.span.to(span))));
                    }
                }
            }
            let parens = parser.span(open).to(parser.peek_span());
            parser.next();
            let span = name.span.to(parens);
            args.shrink_to_fit();
            Ok(Expr { kind: ExprKind::Call(Arc::new(Call { name, args, spread, parens })), span })
        })
    }

    fn parentheses(&mut self) -> Parsed<Expr> {
        let open = self.next();
        self.with_newlines(false, |parser| {
            let inner = parser.expression()?;
            let close = parser.peek();
            let span = parser.span(open).to(parser.span(close));
            if close.kind != Kind::CloseParen {
                let diagnostic = Diagnostic::error("Unbalanced parentheses", "Here a closing parenthesis is expected.");
                return Err(parser.report(diagnostic.at(parser.span(close)).within(span)));
            }
            parser.next();
            Ok(Expr { kind: ExprKind::Parens(Arc::new(inner)), span })
        })
    }

    /// Returns the span of the next token.
    pub fn peek_span(&mut self) -> Span {
        let token = self.peek();
        self.span(token)
    }
}

/// Whether digits, points and exponents come in an order that makes a number.
fn is_number(text: &str) -> bool {
    let (number, exponent) = text.split_once(['e', 'E']).unwrap_or((text, ""));
    number.matches('.').count() < 2 && !exponent.contains(['.', 'e', 'E'])
}

/// What may stand behind a dot.
enum NameOrNumber {
    Name(Ident),
    Number(Arc<str>, Span),
}

impl From<NameOrNumber> for SplatStep {
    fn from(step: NameOrNumber) -> SplatStep {
        match step {
            NameOrNumber::Name(name) => SplatStep::Attr(name),
            NameOrNumber::Number(number, span) => SplatStep::LegacyIndex(number, span),
        }
    }
}

fn splat(source: Expr, each: Vec<SplatStep>, full: bool, star: Span) -> Expr {
    let end = each.last().map_or(star, step_span);
    // `[*]` ends one byte behind its star, if nothing follows and no blank is in it.
    let end = if full && each.is_empty() { Span { end: end.end + 1, ..end } } else { end };
    let span = source.span.to(end);
    Expr { kind: ExprKind::Splat(Arc::new(Splat { source, each, full, star })), span }
}

fn step_span(step: &SplatStep) -> Span {
    match step {
        SplatStep::Attr(name) => name.span,
        SplatStep::Index(_, span) | SplatStep::LegacyIndex(_, span) => *span,
        SplatStep::Splat { each, star, .. } => each.last().map_or(*star, step_span),
    }
}

/// Returns the operator and how tightly it binds (HCL-108).
fn binary_operator(kind: Kind) -> Option<(BinaryOp, u8)> {
    Some(match kind {
        Kind::Or => (BinaryOp::Or, 0),
        Kind::And => (BinaryOp::And, 1),
        Kind::Equal => (BinaryOp::Equal, 2),
        Kind::NotEqual => (BinaryOp::NotEqual, 2),
        Kind::Less => (BinaryOp::Less, 3),
        Kind::LessOrEqual => (BinaryOp::LessOrEqual, 3),
        Kind::Greater => (BinaryOp::Greater, 3),
        Kind::GreaterOrEqual => (BinaryOp::GreaterOrEqual, 3),
        Kind::Plus => (BinaryOp::Add, 4),
        Kind::Minus => (BinaryOp::Subtract, 4),
        Kind::Star => (BinaryOp::Multiply, 5),
        Kind::Slash => (BinaryOp::Divide, 5),
        Kind::Percent => (BinaryOp::Modulo, 5),
        _ => return None,
    })
}
