//! HCL text to tree. Never fails, never evaluates, opens no file.
//!
//! What cannot be read becomes a diagnostic, and the tree goes on after it.

pub mod ast;
mod body;
mod collection;
mod decode;
mod directive;
mod expression;
mod forgotten_quote;
mod format;
pub mod json;
pub mod lexer;
mod open;
mod parser;
mod template;

pub use decode::decode;
pub use format::format;
pub use open::is_open;

use crate::diagnostics::{Diagnostics, FileId, SourceMap};
use parser::Parser;

/// Returns the tree of file `id`, and what is wrong with its text; sets its block headers in `sources`.
///
/// # Source
/// HCL-103…HCL-111; summaries as in DIA-14…DIA-34.
pub fn parse(id: FileId, sources: &SourceMap) -> (ast::File, Diagnostics) {
    let source = sources.get(id);
    let mut parser = Parser::new(id, &source.text, lexer::scan_meaning(&source.text), sources);
    let body = parser.file();
    sources.set_headers(id, parser.take_headers());
    let mut diagnostics = parser.finish();
    if diagnostics.has_errors() {
        forgotten_quote::add_lines(id, &source, &mut diagnostics);
    }
    (ast::File { id, body }, diagnostics)
}

/// Returns what is wrong with the text of file `id`, as [`parse`] does, and keeps less of it meanwhile.
pub fn faults(id: FileId, sources: &SourceMap) -> Diagnostics {
    let source = sources.get(id);
    let mut parser = Parser::new(id, &source.text, lexer::scan_meaning(&source.text), sources);
    parser.keeps_blocks = false;
    parser.file();
    sources.set_headers(id, parser.take_headers());
    parser.finish()
}

/// Returns the expression that text `id` is: the value of `-var`, `PKR_VAR_…`, a line of the console.
///
/// Line ends in it mean nothing. What cannot be read is `Invalid`.
pub fn parse_expression(id: FileId, sources: &SourceMap) -> (ast::Expr, Diagnostics) {
    let source = sources.get(id);
    let mut parser = Parser::new(id, &source.text, lexer::scan_meaning(&source.text), sources);
    let expr = parser.whole_expression();
    (expr, parser.finish())
}

/// Returns the template that text `id` is, without quotes around it: a file of `templatefile`.
pub fn parse_template(id: FileId, sources: &SourceMap) -> (ast::Expr, Diagnostics) {
    let source = sources.get(id);
    let mut parser = Parser::new(id, &source.text, lexer::scan_template(&source.text), sources);
    let expr = parser.whole_template();
    (expr, parser.finish())
}

#[cfg(test)]
mod tests;
