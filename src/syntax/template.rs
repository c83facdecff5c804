//! Texts: quotes, heredocs, bare templates; escapes, `~`, and the indentation that `<<-` removes.
//!
//! Knows no value. How `%{if}` and `%{for}` nest is in `directive`.

use std::sync::Arc;

use unicode_normalization::UnicodeNormalization;
use unicode_segmentation::UnicodeSegmentation;

use super::ast::{Expr, ExprKind, Ident, Template, TemplatePart};
use super::directive::Directive;
use super::lexer::{Kind, Token};
use super::parser::{Failed, Parsed, Parser};
use crate::diagnostics::{Diagnostic, Span};

/// One piece of a text, before directives are nested.
pub enum Piece {
    /// Text, escapes decoded. In heredocs it ends with its line at the latest.
    Text(String, Span),
    /// `${…}`.
    Interpolation(Expr),
    /// `%{…}`.
    Directive(Box<Directive>, Span),
}

impl Parser<'_> {
    /// Reads `"…"`.
    pub fn quoted(&mut self) -> Parsed<Expr> {
        let open = self.next();
        if let Some((text, close)) = self.plain_text() {
            let parts = Arc::from([TemplatePart::Literal(text.text, text.span)]);
            let span = self.span(open).to(self.span(close));
            return Ok(Expr { kind: ExprKind::Template(Template { parts, heredoc: false }), span });
        }
        let (pieces, close) = self.pieces(open)?;
        self.template(pieces, open, close, false)
    }

    /// Takes what stands in quotes and its closing quote, if it is one text as it is written: nearly all are.
    fn plain_text(&mut self) -> Option<(Ident, Token)> {
        let [text, close, ..] = self.tokens[self.at..] else { return None };
        let raw = text.text(self.text);
        let is_plain = |byte: &u8| byte.is_ascii() && !matches!(byte, b'\\' | b'$' | b'%' | b'\n');
        if (text.kind, close.kind) != (Kind::QuotedText, Kind::CloseQuote) || !raw.as_bytes().iter().all(is_plain) {
            return None;
        }
        self.at += 2;
        Some((self.ident(text), close))
    }

    /// Reads `<<ID …`.
    pub fn heredoc(&mut self) -> Parsed<Expr> {
        let open = self.next();
        let (mut pieces, close) = self.pieces(open)?;
        if open.text(self.text).starts_with("<<-") {
            strip_indentation(&mut pieces);
        }
        self.template(pieces, open, close, true)
    }

    /// Reads a text that is all template.
    pub fn whole_template(&mut self) -> Expr {
        let whole = Span::new(self.file, 0..self.text.len());
        if self.tokens[0].kind == Kind::ByteOrderMark {
            self.at = 1;
        }
        let open = Token { kind: Kind::HeredocText, ..self.tokens[0] };
        let read = self.pieces(open).and_then(|(pieces, end)| self.template(pieces, open, end, true));
        read.unwrap_or_else(|Failed| self.invalid(whole))
    }

    /// Reads a label in quotes: a text without `${}` and `%{}`.
    pub fn quoted_literal(&mut self) -> Parsed<Ident> {
        let open = self.next();
        if let Some((text, close)) = self.plain_text() {
            return Ok(Ident { span: self.span(open).to(self.span(close)), ..text });
        }
        let (pieces, close) = self.pieces(open)?;
        let mut text = String::new();
        for piece in pieces {
            match piece {
                Piece::Text(part, _) => text.push_str(&part),
                Piece::Interpolation(Expr { span, .. }) | Piece::Directive(_, span) => {
                    let detail = "Labels of blocks are fixed texts, in which ${…} and %{…} have no place.";
                    return Err(self.error("Invalid string literal", detail, span));
                }
            }
        }
        Ok(Ident { text: normalized(text), span: self.span(open).to(self.span(close)) })
    }

    fn template(&mut self, pieces: Vec<Piece>, open: Token, close: Token, heredoc: bool) -> Parsed<Expr> {
        let span = self.span(open).to(self.span(close));
        let parts = self.nest(pieces)?.into();
        Ok(Expr { kind: ExprKind::Template(Template { parts, heredoc }), span })
    }

    /// Reads the pieces behind `open`, and the token that closes it.
    fn pieces(&mut self, open: Token) -> Parsed<(Vec<Piece>, Token)> {
        let mut pieces: Vec<Piece> = Vec::new();
        // Set behind `~}`.
        let mut trim = false;
        loop {
            let token = self.tokens[self.at];
            let trim_this = std::mem::take(&mut trim);
            match token.kind {
                Kind::QuotedText | Kind::HeredocText => {
                    self.at += 1;
                    let mut text = match token.kind {
                        Kind::QuotedText => self.unescape(token, open),
                        _ => literal_sequences(token.text(self.text)),
                    };
                    if trim_this {
                        text = text.trim_start().to_owned();
                    }
                    pieces.push(Piece::Text(text, self.span(token)));
                }
                Kind::OpenInterpolation | Kind::OpenDirective => {
                    self.at += 1;
                    if token.text(self.text).ends_with('~')
                        && let Some(Piece::Text(text, _)) = pieces.last_mut()
                    {
                        text.truncate(text.trim_end().len());
                    }
                    let (piece, close) = self.deeper(|p| p.with_newlines(false, |p| p.sequence(token)))?;
                    trim = close.text(self.text).starts_with('~');
                    pieces.push(piece);
                }
                Kind::CloseQuote | Kind::CloseHeredoc => {
                    self.at += 1;
                    return Ok((pieces, token));
                }
                Kind::End if open.kind == Kind::HeredocText => return Ok((pieces, token)),
                _ => return Err(self.not_closed(open, token)),
            }
        }
    }

    /// Reads what stands in `${}` or `%{}`, and its end.
    fn sequence(&mut self, open: Token) -> Parsed<(Piece, Token)> {
        let (piece, detail) = if open.kind == Kind::OpenInterpolation {
            let detail = "Behind the expression in ${…} its closing brace is expected.";
            (Piece::Interpolation(self.expression()?), ("Extra characters after interpolation expression", detail))
        } else {
            let detail = "Behind this %{…} keyword and what belongs to it, its closing brace is expected.";
            let directive = self.directive()?;
            let span = self.span(open).to(self.peek_span());
            (Piece::Directive(Box::new(directive), span), ("Extra characters in template control sequence", detail))
        };
        let close = self.peek();
        if close.kind != Kind::CloseSequence {
            if close.kind == Kind::OpenQuote {
                // Most likely the closing quote, with the brace before it forgotten: then its line ends the text.
                self.quoted()?;
            }
            let span = self.span(close);
            let context = self.span(open).to(span);
            return Err(self.report(Diagnostic::error(detail.0, detail.1).at(span).within(context)));
        }
        self.at += 1;
        Ok((piece, close))
    }

    /// Says that the text behind `open` has no end; it breaks off at `end`.
    fn not_closed(&mut self, open: Token, end: Token) -> Failed {
        let summary = "Unterminated template string";
        if open.kind == Kind::OpenHeredoc {
            let marker = open.text(self.text).trim_start_matches(['<', '-']).trim();
            let detail = format!("The heredoc is still open at the end of the file: no line holds only {marker}.");
            let context = self.span(end);
            return self.error(summary, detail, context);
        }
        self.report_line_break(open, end.start);
        self.error(summary, "This quote is never closed.", self.span(open))
    }

    /// Says that a text in quotes, opened by `open`, has a line end at or behind byte `from`. Its second line is named
    /// as well, if no quote is on it, since the one forgotten may belong there.
    fn report_line_break(&mut self, open: Token, from: u32) {
        let summary = "Invalid multi-line string";
        let detail = "A text in quotes ends on the line it starts on. Write \\n for a line end in it, or a heredoc (<<EOT) for \
                      a text of several lines.";
        let from = from as usize;
        let Some(length) = self.text[from..].find('\n') else { return };
        let first = Span::new(self.file, from + length..from + length + 1);
        self.error(summary, detail, Span { start: open.start, end: first.start.max(open.end), ..first });
        let next = first.end as usize;
        let Some(length) = self.text[next..].find('\n') else { return };
        let line = &self.text[next..next + length];
        if !line.trim().is_empty() && !line.contains('"') {
            self.error(summary, detail, Span::new(self.file, next..next + length));
        }
    }

    /// Returns the text of a quoted token with its escapes decoded; what cannot be is reported and left out.
    fn unescape(&mut self, token: Token, open: Token) -> String {
        let raw = token.text(self.text);
        if let Some(line_end) = raw.find('\n') {
            self.report_line_break(open, token.start + u32::try_from(line_end).unwrap_or(0));
            self.error("Unterminated template string", "This quote is not closed on its line.", self.span(open));
        }
        if !raw.contains(['\\', '$', '%']) {
            return raw.to_owned();
        }
        let mut text = String::with_capacity(raw.len());
        let mut rest = raw;
        while let Some(at) = rest.find(['\\', '$', '%']) {
            text.push_str(&rest[..at]);
            let start = token.start as usize + raw.len() - rest.len() + at;
            rest = &rest[at..];
            if !rest.starts_with('\\') {
                let (piece, length) = literal_sequence(rest);
                text.push_str(piece);
                rest = &rest[length..];
                continue;
            }
            match escape(rest) {
                Ok((character, length)) => {
                    text.push(character);
                    rest = &rest[length..];
                }
                Err((detail, length)) => {
                    let span = Span::new(self.file, start..start + length);
                    self.report(Diagnostic::error("Invalid escape sequence", detail).at(span).within(self.span(token)));
                    rest = &rest[length..];
                }
            }
        }
        text.push_str(rest);
        text
    }
}

/// Returns the character of the escape that `text` starts with and its length, or what is wrong and how much of it.
fn escape(text: &str) -> Result<(char, usize), (String, usize)> {
    let Some(letter) = text[1..].chars().next() else {
        return Err((
            "A backslash starts an escape, but nothing follows it. A backslash itself is written \\\\.".into(),
            1,
        ));
    };
    let digits = match letter {
        'n' => return Ok(('\n', 2)),
        'r' => return Ok(('\r', 2)),
        't' => return Ok(('\t', 2)),
        '"' => return Ok(('"', 2)),
        '\\' => return Ok(('\\', 2)),
        'u' => 4,
        'U' => 8,
        _ => {
            let detail = format!(
                "There is no escape \\{letter}: only \\n \\r \\t \\\" \\\\ \\uXXXX \\UXXXXXXXX. A backslash itself is written \\\\."
            );
            return Err((detail, 1 + letter.len_utf8()));
        }
    };
    let found = text[2..].bytes().take(digits).take_while(u8::is_ascii_hexdigit).count();
    if found < digits {
        return Err((format!("Behind \\{letter} stand {digits} hexadecimal digits."), 2 + found));
    }
    let number = u32::from_str_radix(&text[2..2 + digits], 16).unwrap_or(u32::MAX);
    let refused = || (format!("No character has the number {}.", &text[2..2 + digits]), 2 + digits);
    char::from_u32(number).map(|c| (c, 2 + digits)).ok_or_else(refused)
}

/// Returns what the `$` or `%` that `text` starts with stands for, and its length: `$${` is a literal `${`.
fn literal_sequence(text: &str) -> (&str, usize) {
    if text.starts_with("$${") || text.starts_with("%%{") { (&text[1..3], 3) } else { (&text[..1], 1) }
}

fn literal_sequences(raw: &str) -> String {
    let mut text = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some(at) = rest.find(['$', '%']) {
        text.push_str(&rest[..at]);
        let (piece, length) = literal_sequence(&rest[at..]);
        text.push_str(piece);
        rest = &rest[at + length..];
    }
    text.push_str(rest);
    text
}

/// Returns the text in the one form that equal texts have (TYP-31).
pub fn normalized(text: String) -> Arc<str> {
    if text.is_ascii() { Arc::from(text) } else { text.nfc().collect::<String>().into() }
}

/// Removes the indentation that all lines of a heredoc share (HCL-106).
///
/// A line that is blank does not count and keeps what it has; one that starts with `${` or `%{` has none. What `~` has
/// joined to the line before is no line of its own.
fn strip_indentation(pieces: &mut [Piece]) {
    let mut starts = Vec::new();
    let mut common: Option<usize> = None;
    let mut line_start = true;
    for (index, piece) in pieces.iter().enumerate() {
        let Piece::Text(text, _) = piece else {
            if line_start {
                common = Some(0);
            }
            line_start = false;
            continue;
        };
        let is_blank = text.trim().is_empty() && text.ends_with('\n');
        if line_start && !is_blank {
            let indentation = text[..text.len() - text.trim_start().len()].graphemes(true).count();
            common = Some(common.map_or(indentation, |c| c.min(indentation)));
            starts.push(index);
        }
        line_start = text.ends_with('\n');
    }
    for index in starts {
        if let Piece::Text(text, _) = &mut pieces[index] {
            let cut = text.grapheme_indices(true).nth(common.unwrap_or(0)).map_or(text.len(), |(at, _)| at);
            text.drain(..cut);
        }
    }
}
