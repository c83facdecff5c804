//! A parsed template: nodes with their places, and how Go writes them in errors.
//!
//! Runs nothing.

use std::collections::HashMap;
use std::fmt::{self, Display, Formatter};
use std::sync::Arc;

/// A parsed template.
#[derive(Debug)]
pub struct Tree {
    /// What is rendered.
    pub root: Vec<Node>,
    /// What `define` and `block` made, by name.
    pub defined: HashMap<String, Vec<Node>>,
}

/// A piece of a template.
#[derive(Debug)]
pub enum Node {
    /// Text between actions.
    Text(String),
    /// `{{ pipeline }}`, and from which byte to which it is written.
    Action(Pipe, (usize, usize)),
    /// `{{if}}`.
    If(Branch),
    /// `{{with}}`.
    With(Branch),
    /// `{{range}}`.
    Range(Branch),
    /// `{{template "name" pipeline}}`.
    Template(Call),
    /// `{{break}}`.
    Break,
    /// `{{continue}}`.
    Continue,
}

/// What runs another template.
#[derive(Debug)]
pub struct Call {
    /// Byte offset of the name.
    pub at: usize,
    /// Which one.
    pub name: String,
    /// Its dot.
    pub pipe: Option<Pipe>,
}

/// A pipeline with a body, and what stands for it.
#[derive(Debug)]
pub struct Branch {
    /// Decides.
    pub pipe: Pipe,
    /// When it is true.
    pub body: Vec<Node>,
    /// When it is not.
    pub otherwise: Vec<Node>,
}

/// Commands, each with the value of the one before as its last argument.
#[derive(Debug)]
pub struct Pipe {
    /// Byte offset.
    pub at: usize,
    /// Variables that take the value.
    pub variables: Vec<String>,
    /// Whether they are there already.
    pub assigns: bool,
    /// In order; never empty.
    pub commands: Vec<Command>,
}

/// A function with arguments, or one value.
#[derive(Debug)]
pub struct Command {
    /// Byte offset.
    pub at: usize,
    /// Never empty.
    pub args: Vec<Expr>,
}

/// An operand.
#[derive(Debug)]
pub struct Expr {
    /// Byte offset.
    pub at: usize,
    /// What it is.
    pub kind: ExprKind,
}

/// The kinds of operands.
#[derive(Debug)]
pub enum ExprKind {
    Dot,
    Nil,
    Bool(bool),
    /// As written, and what it is.
    Number(String, Number),
    /// As written, and what it holds.
    Text(String, Arc<str>),
    Field(Vec<String>),
    Variable(String, Vec<String>),
    Function(String),
    Pipe(Pipe),
    Chain(Box<Expr>, Vec<String>),
}

/// A number as Go reads a constant without a type.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Number {
    Int(i64),
    Float(f64),
    /// The imaginary part; the real one is zero.
    Imaginary(f64),
}

impl ExprKind {
    /// Whether it is a constant.
    pub fn is_constant(&self) -> bool {
        matches!(self, ExprKind::Dot | ExprKind::Nil | ExprKind::Bool(_) | ExprKind::Number(..) | ExprKind::Text(..))
    }
}

fn write_fields(f: &mut Formatter<'_>, names: &[String]) -> fmt::Result {
    names.iter().try_for_each(|name| write!(f, ".{name}"))
}

impl Display for Expr {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match &self.kind {
            ExprKind::Dot => f.write_str("."),
            ExprKind::Nil => f.write_str("nil"),
            ExprKind::Bool(flag) => write!(f, "{flag}"),
            ExprKind::Number(text, _) | ExprKind::Text(text, _) | ExprKind::Function(text) => f.write_str(text),
            ExprKind::Field(names) => write_fields(f, names),
            ExprKind::Variable(name, names) => f.write_str(name).and_then(|()| write_fields(f, names)),
            ExprKind::Pipe(pipe) => write!(f, "({pipe})"),
            ExprKind::Chain(inner, names) => write!(f, "{inner}").and_then(|()| write_fields(f, names)),
        }
    }
}

impl Display for Command {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        for (index, arg) in self.args.iter().enumerate() {
            write!(f, "{}{arg}", if index > 0 { " " } else { "" })?;
        }
        Ok(())
    }
}

impl Display for Call {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{{{{template {:?}", self.name)?;
        self.pipe.iter().try_for_each(|pipe| write!(f, " {pipe}"))?;
        f.write_str("}}")
    }
}

impl Display for Pipe {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if !self.variables.is_empty() {
            write!(f, "{} {} ", self.variables.join(", "), if self.assigns { "=" } else { ":=" })?;
        }
        for (index, command) in self.commands.iter().enumerate() {
            write!(f, "{}{command}", if index > 0 { " | " } else { "" })?;
        }
        Ok(())
    }
}
