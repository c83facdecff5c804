//! `%{if}`, `%{else}`, `%{endif}`, `%{for}`, `%{endfor}`: reading them, and nesting what stands between.
//!
//! Knows nothing of quotes and heredocs; gets the pieces of a text in order.

use super::ast::{Expr, Ident, TemplateFor, TemplateIf, TemplatePart};
use super::lexer::Kind;
use super::parser::{DEPTH_LIMIT, Failed, Parsed, Parser};
use super::template::{Piece, normalized};
use crate::diagnostics::{Diagnostic, Span, did_you_mean};

/// What stands in `%{…}`.
pub enum Directive {
    /// `if condition`.
    If(Expr),
    /// `else`.
    Else,
    /// `endif`.
    EndIf,
    /// `for key, value in collection`.
    For(Option<Ident>, Ident, Expr),
    /// `endfor`.
    EndFor,
}

/// A directive that is open, with the parts outside of it that come before.
struct Open {
    directive: Directive,
    span: Span,
    before: Vec<TemplatePart>,
    /// The parts between `if` and `else`, once that was seen.
    then: Option<Vec<TemplatePart>>,
}

const WORDS: [&str; 5] = ["if", "else", "endif", "for", "endfor"];

impl Parser<'_> {
    /// Reads a keyword and what belongs to it.
    pub fn directive(&mut self) -> Parsed<Directive> {
        let token = self.peek();
        let word = if token.kind == Kind::Ident { token.text(self.text) } else { "" };
        if WORDS.contains(&word) {
            self.next();
        }
        Ok(match word {
            "if" => Directive::If(self.expression()?),
            "else" => Directive::Else,
            "endif" => Directive::EndIf,
            "for" => {
                let (key, value, collection) = self.for_header()?;
                Directive::For(key, value, collection)
            }
            "endfor" => Directive::EndFor,
            _ => {
                let detail = "Behind %{ stands one of: if, else, endif, for, endfor. A literal %{ is written %%{.";
                let hint = did_you_mean(word, WORDS).map(|near| format!("Did you mean \"{near}\"?"));
                let diagnostic = Diagnostic::error("Invalid template directive", detail).at(self.span(token));
                return Err(self.report(diagnostic.hint(hint)));
            }
        })
    }

    /// Nests the pieces of one text; texts that follow each other become one.
    pub fn nest(&mut self, pieces: Vec<Piece>) -> Parsed<Vec<TemplatePart>> {
        let mut parts: Vec<TemplatePart> = Vec::new();
        let mut open: Vec<Open> = Vec::new();
        let mut texts: Option<(String, Span)> = None;
        for piece in pieces {
            if let Piece::Text(text, span) = piece {
                texts = Some(match texts.take() {
                    Some((before, start)) => (before + &text, start.to(span)),
                    None => (text, span),
                });
                continue;
            }
            parts.extend(texts.take().map(|(text, span)| TemplatePart::Literal(normalized(text), span)));
            match piece {
                Piece::Interpolation(expr) => parts.push(TemplatePart::Interpolation(Box::new(expr))),
                Piece::Directive(directive, span) => self.apply(*directive, span, &mut parts, &mut open)?,
                Piece::Text(..) => unreachable!("texts were taken above"),
            }
        }
        parts.extend(texts.map(|(text, span)| TemplatePart::Literal(normalized(text), span)));
        match open.last() {
            None => {
                parts.shrink_to_fit();
                Ok(parts)
            }
            Some(last) => {
                let end = if matches!(last.directive, Directive::If(_)) { "endif" } else { "endfor" };
                let detail = format!("The text ends, but this is still open: %{{ {end} }} is missing.");
                Err(self.error("Unexpected end of template", detail, last.span))
            }
        }
    }

    fn apply(
        &mut self,
        directive: Directive,
        span: Span,
        parts: &mut Vec<TemplatePart>,
        open: &mut Vec<Open>,
    ) -> Parsed<()> {
        match directive {
            Directive::If(_) | Directive::For(..) => {
                if self.depth + open.len() >= DEPTH_LIMIT {
                    let detail = format!("Directives may be nested {DEPTH_LIMIT} levels deep.");
                    return Err(self.error("Nesting too deep", detail, span));
                }
                open.push(Open { directive, span, before: std::mem::take(parts), then: None });
            }
            Directive::Else => match open.last_mut() {
                Some(Open { directive: Directive::If(_), then: then @ None, .. }) => {
                    *then = Some(std::mem::take(parts))
                }
                _ => return Err(self.unexpected("else", "There is no open %{ if } that this belongs to.", span)),
            },
            Directive::EndIf | Directive::EndFor => {
                let closed = open.pop();
                let inner = std::mem::take(parts);
                match (closed, directive) {
                    (
                        Some(Open { directive: Directive::If(condition), span: first, before, then }),
                        Directive::EndIf,
                    ) => {
                        let span = first.to(span);
                        let (then, otherwise) = match then {
                            Some(then) => (then, inner),
                            None => (inner, Vec::new()),
                        };
                        *parts = before;
                        parts.push(TemplatePart::If(Box::new(TemplateIf { condition, then, otherwise, span })));
                    }
                    (
                        Some(Open { directive: Directive::For(key, value, collection), span: first, before, .. }),
                        Directive::EndFor,
                    ) => {
                        let span = first.to(span);
                        *parts = before;
                        parts.push(TemplatePart::For(Box::new(TemplateFor {
                            key,
                            value,
                            collection,
                            body: inner,
                            span,
                        })));
                    }
                    (_, Directive::EndIf) => {
                        return Err(self.unexpected("endif", "There is no open %{ if } that this closes.", span));
                    }
                    _ => return Err(self.unexpected("endfor", "There is no open %{ for } that this closes.", span)),
                }
            }
        }
        Ok(())
    }

    fn unexpected(&mut self, word: &str, detail: &str, span: Span) -> Failed {
        self.error(&format!("Unexpected {word} directive"), detail, span)
    }
}
