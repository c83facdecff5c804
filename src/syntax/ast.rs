//! The tree of a template: every node carries the span it was read from.
//!
//! Knows nothing of values; numbers and escapes are decoded, nothing is evaluated.

use std::sync::Arc;

use crate::diagnostics::{Diagnostics, FileId, Span};

/// A name with its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Ident {
    /// The name itself.
    pub text: Arc<str>,
    /// Where it stands.
    pub span: Span,
}

/// One parsed file.
#[derive(Clone, Debug)]
pub struct File {
    /// Its text in the source map.
    pub id: FileId,
    /// Its arguments and blocks.
    pub body: Body,
}

/// What stands in a file or between the braces of a block.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Body {
    /// `name = expression`, in file order. A name given twice was reported and is here once.
    pub attributes: Vec<Attribute>,
    /// Blocks in file order.
    pub blocks: Vec<Block>,
    /// The whole body; for a block from brace to brace. `None` in a body that no text gave (merged, made).
    pub span: Option<Span>,
    /// Whether it was written in JSON, where members that are blocks are among the arguments until somebody who knows
    /// them tells them apart ([`Body::unfolded`]); a name may then be there twice.
    pub from_json: bool,
}

impl Body {
    /// Returns the argument called `name`.
    pub fn attribute(&self, name: &str) -> Option<&Attribute> {
        self.attributes.iter().find(|a| &*a.name.text == name)
    }

    /// Returns where something is missing in the body of the block with this header: in JSON, before its closing brace.
    pub fn missing_at(&self, header: Span) -> Span {
        match self.span {
            Some(span) if self.from_json => Span { start: span.end.saturating_sub(1).max(span.start), ..span },
            _ => header,
        }
    }

    /// Returns the blocks of type `kind`, in file order.
    pub fn blocks_of<'a>(&'a self, kind: &'a str) -> impl Iterator<Item = &'a Block> {
        self.blocks.iter().filter(move |b| &*b.kind.text == kind)
    }
}

/// `name = expression`.
#[derive(Clone, Debug, PartialEq)]
pub struct Attribute {
    /// The name.
    pub name: Ident,
    /// What is assigned.
    pub expr: Expr,
    /// From the name to the end of the expression.
    pub span: Span,
}

/// `kind "label" … { … }`.
#[derive(Clone, Debug, PartialEq)]
pub struct Block {
    /// The type of the block.
    pub kind: Ident,
    /// Labels, quoted or bare, decoded.
    pub labels: Vec<Ident>,
    /// What is inside.
    pub body: Body,
    /// From the type to the last label: what the reference points at when it means the block.
    pub header: Span,
    /// From the type to the closing brace.
    pub span: Span,
}

/// An expression with its place. A copy shares all that is inside.
#[derive(Clone, Debug, PartialEq)]
pub struct Expr {
    /// What it is.
    pub kind: ExprKind,
    /// Where it stands.
    pub span: Span,
}

impl Expr {
    /// Returns what a step of a traversal (`.name`, `.0`, `[key]`) is taken from; `None` of everything else.
    pub fn stepped_from(&self) -> Option<&Expr> {
        match &self.kind {
            ExprKind::Attr(step) => Some(&step.source),
            ExprKind::LegacyIndex(step) => Some(&step.source),
            ExprKind::Index(step) => Some(&step.source),
            _ => None,
        }
    }
}

/// The kinds of expressions. Small, since lists of numbers and texts are long; those lists are not copied to be shared.
#[derive(Clone, Debug, PartialEq)]
pub enum ExprKind {
    /// A text that could not be read; it was reported. Evaluates to unknown, silently.
    Invalid,
    /// A text of JSON that is no template: what is wrong is told by who evaluates it, for nobody may.
    Unread(Box<Diagnostics>),
    /// `null`.
    Null,
    /// `true`, `false`.
    Bool(bool),
    /// A number as written (`1`, `1.50`, `1e3`); parsed by `value::Number` without loss.
    Number(Arc<str>),
    /// A quoted text or heredoc; a text without `${}` or `%{}` is a single `Literal` (or no part at all).
    Template(Template),
    /// The name a traversal starts with: `var` in `var.x`.
    Variable(Arc<str>),
    /// `value.name`.
    Attr(Arc<Attr>),
    /// `value.0`: index in the old form.
    LegacyIndex(Arc<LegacyIndex>),
    /// `value[key]`.
    Index(Arc<Index>),
    /// `value.*.a` (`full` false: only attributes follow) or `value[*].a[0]` (`full` true).
    Splat(Arc<Splat>),
    /// `name(arguments)`.
    Call(Arc<Call>),
    /// `-x`, `!x`.
    Unary(Arc<Unary>),
    /// `a + b`.
    Binary(Arc<Binary>),
    /// `condition ? then : else`.
    Conditional(Arc<Conditional>),
    /// `[a, b]`.
    Tuple(Arc<Vec<Expr>>),
    /// `{ k = v }`, in text order; later keys win.
    Object(Arc<Vec<ObjectItem>>),
    /// `[for …]`, `{for …}`.
    For(Arc<For>),
    /// `(x)`: kept, since a bare key in parentheses is an expression and for the formatter.
    Parens(Arc<Expr>),
}

/// A key of an object constructor.
#[derive(Clone, Debug, PartialEq)]
pub struct ObjectItem {
    /// The key. A bare word is `Key::Word`, taken literally.
    pub key: ObjectKey,
    /// The value.
    pub value: Expr,
}

/// How a key is written.
#[derive(Clone, Debug, PartialEq)]
pub enum ObjectKey {
    /// A bare word, which is its own text.
    Word(Ident),
    /// A quoted text, a number, or `(expression)`.
    Expr(Expr),
}

/// Parts of a text.
#[derive(Clone, Debug, PartialEq)]
pub struct Template {
    /// In order. With exactly one `Interpolation` and nothing else the value keeps its type (TYP-33).
    pub parts: Arc<[TemplatePart]>,
    /// Whether it was written as a heredoc.
    pub heredoc: bool,
}

/// A part of a text. White space that `~` strips is already gone.
///
/// Nearly all texts are one literal, and there are very many of them; the others are boxed to keep it small.
#[derive(Clone, Debug, PartialEq)]
pub enum TemplatePart {
    /// Text, escapes decoded.
    Literal(Arc<str>, Span),
    /// `${ expr }`.
    Interpolation(Box<Expr>),
    /// `%{ if c }…%{ else }…%{ endif }`.
    If(Box<TemplateIf>),
    /// `%{ for k, v in c }…%{ endfor }`.
    For(Box<TemplateFor>),
}

/// `%{ if c }…%{ else }…%{ endif }`.
#[derive(Clone, Debug, PartialEq)]
pub struct TemplateIf {
    /// The condition.
    pub condition: Expr,
    /// Shown when true.
    pub then: Vec<TemplatePart>,
    /// Shown when false; empty without `else`.
    pub otherwise: Vec<TemplatePart>,
    /// From the first `%{` to the last `}`.
    pub span: Span,
}

/// `%{ for k, v in c }…%{ endfor }`.
#[derive(Clone, Debug, PartialEq)]
pub struct TemplateFor {
    /// Name for the key, if given.
    pub key: Option<Ident>,
    /// Name for the value.
    pub value: Ident,
    /// What is iterated.
    pub collection: Expr,
    /// Repeated parts.
    pub body: Vec<TemplatePart>,
    /// From the first `%{` to the last `}`.
    pub span: Span,
}

/// `source.name`.
#[derive(Clone, Debug, PartialEq)]
pub struct Attr {
    /// What has the attribute.
    pub source: Expr,
    /// The attribute's name.
    pub name: Ident,
}

/// `source.0`.
#[derive(Clone, Debug, PartialEq)]
pub struct LegacyIndex {
    /// What has elements.
    pub source: Expr,
    /// Digits.
    pub index: Arc<str>,
}

/// `source[key]`.
#[derive(Clone, Debug, PartialEq)]
pub struct Index {
    /// What has elements.
    pub source: Expr,
    /// Which of them.
    pub key: Expr,
}

/// `-operand`, `!operand`.
#[derive(Clone, Debug, PartialEq)]
pub struct Unary {
    /// The sign in front.
    pub operator: UnaryOp,
    /// What stands behind it.
    pub operand: Expr,
}

/// `left + right`.
#[derive(Clone, Debug, PartialEq)]
pub struct Binary {
    /// What stands in front.
    pub left: Expr,
    /// The sign between.
    pub operator: BinaryOp,
    /// What stands behind.
    pub right: Expr,
}

/// `condition ? then : otherwise`.
#[derive(Clone, Debug, PartialEq)]
pub struct Conditional {
    /// The condition.
    pub condition: Expr,
    /// The value when true.
    pub then: Expr,
    /// The value when false.
    pub otherwise: Expr,
}

/// `source[*]…` or `source.*…`.
#[derive(Clone, Debug, PartialEq)]
pub struct Splat {
    /// What is spread out.
    pub source: Expr,
    /// What is applied to each element, in order.
    pub each: Vec<SplatStep>,
    /// `[*]` (true) or `.*` (false).
    pub full: bool,
    /// The star itself.
    pub star: Span,
}

/// One step behind a splat.
#[derive(Clone, Debug, PartialEq)]
pub enum SplatStep {
    /// `.name`.
    Attr(Ident),
    /// `[key]`.
    Index(Expr, Span),
    /// `.0`.
    LegacyIndex(Arc<str>, Span),
    /// A further splat behind `[*]`, applied to each element: `a[*].b[*].c`.
    Splat {
        /// What is applied to each element of the element, in order.
        each: Vec<SplatStep>,
        /// `[*]` (true) or `.*` (false).
        full: bool,
        /// The star itself.
        star: Span,
    },
}

/// A function call.
#[derive(Clone, Debug, PartialEq)]
pub struct Call {
    /// The function's name; `a::b` keeps its colons.
    pub name: Ident,
    /// The arguments.
    pub args: Vec<Expr>,
    /// Whether the last argument is followed by `...`.
    pub spread: bool,
    /// From the opening to the closing parenthesis.
    pub parens: Span,
}

/// `-` or `!`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnaryOp {
    /// `-x`.
    Negate,
    /// `!x`.
    Not,
}

/// The binary operators.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is what its name says")]
pub enum BinaryOp {
    Or,
    And,
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Add,
    Subtract,
    Multiply,
    Divide,
    Modulo,
}

/// `[for k, v in c : value if cond]` or `{for k, v in c : key => value... if cond}`.
#[derive(Clone, Debug, PartialEq)]
pub struct For {
    /// Name for the key, if given.
    pub key_name: Option<Ident>,
    /// Name for the value.
    pub value_name: Ident,
    /// What is iterated.
    pub collection: Expr,
    /// The key expression; its presence makes the result an object.
    pub key: Option<Expr>,
    /// The value expression.
    pub value: Expr,
    /// `if`.
    pub condition: Option<Expr>,
    /// `...`: values of one key are gathered in a tuple.
    pub grouping: bool,
}
