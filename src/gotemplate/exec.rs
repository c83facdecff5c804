//! Runs a tree: pipelines to values, values to text, with Go's words for what goes wrong and where (JSON-60).
//!
//! Knows no function but `and` and `or`, which look at their arguments one by one.

use std::fmt::Display;

use super::functions::{self, Context, Kind, Signature};
use super::parse::NAME;
use super::tree::{Branch, Call, Command, Expr, ExprKind, Node, Number, Pipe, Tree};
use super::value::Val;

/// How deep templates may call each other.
const DEPTH: usize = 100;
/// How many nodes may be run; one that needs more would run for minutes.
const STEPS: usize = 5_000_000;
/// How much text may come of it.
const LONGEST: usize = 64 << 20;

/// Renders `tree`, which was made of `text`.
///
/// # Errors
/// As Go writes them: `template: root:1:2: executing "root" at <.X>: …`.
pub fn run(tree: &Tree, text: &str, cx: &Context<'_>) -> Result<String, String> {
    // Without any data there is nothing to have fields.
    let dot = if cx.fields.values.is_empty() && cx.fields.strict.is_none() { Val::Nothing } else { Val::Data };
    let mut run = Run {
        tree,
        text,
        cx,
        out: String::with_capacity(text.len()),
        variables: vec![("$", dot.clone())],
        at: (0, &""),
        name: NAME,
        depth: 0,
        steps: 0,
    };
    run.list(&tree.root, &dot)?;
    Ok(run.out)
}

/// Whether an action is a field, as `{{ .Vars }}` is.
fn is_field(action: &str) -> bool {
    action[2..].trim_start().starts_with('.')
}

type Result<T, E = String> = std::result::Result<T, E>;

/// What becomes of the loop around a node.
#[derive(PartialEq)]
enum Flow {
    On,
    Break,
    Continue,
}

struct Run<'t> {
    tree: &'t Tree,
    text: &'t str,
    cx: &'t Context<'t>,
    out: String,
    variables: Vec<(&'t str, Val)>,
    /// What is being evaluated: its place and how it is written.
    at: (usize, &'t dyn Display),
    /// The template that is run.
    name: &'t str,
    depth: usize,
    steps: usize,
}

impl<'t> Run<'t> {
    fn list(&mut self, nodes: &'t [Node], dot: &Val) -> Result<Flow> {
        for node in nodes {
            let flow = self.node(node, dot)?;
            if flow != Flow::On {
                return Ok(flow);
            }
        }
        Ok(Flow::On)
    }

    fn node(&mut self, node: &'t Node, dot: &Val) -> Result<Flow> {
        self.step()?;
        match node {
            Node::Text(text) => self.out.push_str(text),
            // In a variable such an action waits for the option that uses it (JSON-13).
            Node::Action(_, (from, to)) if self.cx.is_for_variables() && is_field(&self.text[*from..*to]) => {
                self.out.push_str(&self.text[*from..*to]);
            }
            Node::Action(pipe, _) => {
                let value = self.pipe(pipe, dot)?;
                if pipe.variables.is_empty() {
                    match value {
                        Val::Nothing => self.out.push_str("<no value>"),
                        Val::Data => self.cx.print_data(&mut self.out),
                        value => value.print(&mut self.out),
                    }
                }
                if self.out.len() > LONGEST {
                    return self.fail("the text becomes longer than 64 MB");
                }
            }
            Node::If(branch) => return self.branch(branch, dot, false),
            Node::With(branch) => return self.branch(branch, dot, true),
            Node::Range(branch) => return self.range(branch, dot),
            Node::Template(call) => self.template(call, dot)?,
            Node::Break => return Ok(Flow::Break),
            Node::Continue => return Ok(Flow::Continue),
        }
        Ok(Flow::On)
    }

    fn branch(&mut self, branch: &'t Branch, dot: &Val, is_with: bool) -> Result<Flow> {
        let mark = self.variables.len();
        let value = self.pipe(&branch.pipe, dot)?;
        let flow = match value.is_true() {
            true if is_with => self.list(&branch.body, &value),
            true => self.list(&branch.body, dot),
            false => self.list(&branch.otherwise, dot),
        };
        self.variables.truncate(mark);
        flow
    }

    fn range(&mut self, branch: &'t Branch, dot: &Val) -> Result<Flow> {
        let mark = self.variables.len();
        let value = self.pipe(&branch.pipe, dot)?;
        // Variables of a range are set in each round.
        let declared = branch.pipe.variables.len();
        let inner = self.variables.len();
        let mut is_empty = true;
        let mut round = |run: &mut Self, key: Val, element: Val| -> Result<bool> {
            is_empty = false;
            run.step()?;
            let (first, second) = if declared > 1 { (key, Some(element.clone())) } else { (element.clone(), None) };
            if branch.pipe.assigns {
                for (name, value) in branch.pipe.variables.iter().zip(std::iter::once(first).chain(second)) {
                    run.assign(name, value)?;
                }
            } else if declared > 0 {
                run.variables[inner - declared].1 = first;
                if let Some(second) = second {
                    run.variables[inner - 1].1 = second;
                }
            }
            let flow = run.list(&branch.body, &element)?;
            run.variables.truncate(inner);
            Ok(flow != Flow::Break)
        };
        match &value {
            Val::Int(_) if declared > 1 => {
                return self.fail(format!("can't use {} to iterate over more than one variable", value.printed()));
            }
            Val::Int(count) => {
                for number in 0..*count {
                    if !round(self, Val::Int(number), Val::Int(number))? {
                        break;
                    }
                }
            }
            Val::List(items) => {
                for (index, item) in (0..).zip(items.iter()) {
                    if !round(self, Val::Int(index), item.clone())? {
                        break;
                    }
                }
            }
            Val::Map(members) => {
                for (name, value) in members.iter() {
                    if !round(self, Val::text(name), value.clone())? {
                        break;
                    }
                }
            }
            Val::Data => {
                for (name, value) in self.cx.data() {
                    if !round(self, Val::text(name), value)? {
                        break;
                    }
                }
            }
            Val::Nothing => {}
            other => return self.fail(format!("range can't iterate over {}", other.printed())),
        }
        let flow = if is_empty { self.list(&branch.otherwise, dot) } else { Ok(Flow::On) };
        self.variables.truncate(mark);
        flow
    }

    fn template(&mut self, call: &'t Call, dot: &Val) -> Result<()> {
        self.at = (call.at, call);
        let Some(nodes) = self.tree.defined.get(&call.name) else {
            return self.fail(format!("template {:?} not defined", call.name));
        };
        if self.depth == DEPTH {
            return self.fail(format!("exceeded maximum template depth ({DEPTH})"));
        }
        let mark = self.variables.len();
        let dot = call.pipe.as_ref().map_or(Ok(Val::Nothing), |pipe| self.pipe(pipe, dot))?;
        self.variables.truncate(mark);
        let outer = std::mem::replace(&mut self.variables, vec![("$", dot.clone())]);
        let outer_name = std::mem::replace(&mut self.name, &call.name);
        self.depth += 1;
        self.list(nodes, &dot)?;
        self.depth -= 1;
        (self.variables, self.name) = (outer, outer_name);
        Ok(())
    }

    fn pipe(&mut self, pipe: &'t Pipe, dot: &Val) -> Result<Val> {
        self.step()?;
        self.at = (pipe.at, pipe);
        let mut value = None;
        for command in &pipe.commands {
            value = Some(self.command(command, dot, value)?);
        }
        let value = value.unwrap_or(Val::Nothing);
        for name in &pipe.variables {
            if pipe.assigns {
                self.assign(name, value.clone())?;
            } else {
                self.variables.push((name, value.clone()));
            }
        }
        Ok(value)
    }

    /// `last` is the value of the command before.
    fn command(&mut self, command: &'t Command, dot: &Val, last: Option<Val>) -> Result<Val> {
        let first = &command.args[0];
        let has_args = command.args.len() > 1 || last.is_some();
        match &first.kind {
            ExprKind::Function(name) => {
                self.at = (first.at, first);
                return self.call(name, (command.at, command), &command.args[1..], dot, last);
            }
            ExprKind::Field(names) | ExprKind::Variable(_, names) | ExprKind::Chain(_, names)
                if has_args && !names.is_empty() =>
            {
                let (name, outer) = names.split_last().map_or(("", names.as_slice()), |(last, outer)| (last, outer));
                let owner = self.owner(first, outer, dot)?;
                return match owner {
                    Val::Nothing => Ok(Val::Nothing),
                    _ => self.fail(format!("{name} is not a method but has arguments")),
                };
            }
            ExprKind::Pipe(pipe) if has_args => {
                return self.fail(format!("can't give argument to non-function {pipe}"));
            }
            _ if has_args => {
                self.at = (first.at, first);
                return self.fail(format!("can't give argument to non-function {first}"));
            }
            ExprKind::Nil => {
                self.at = (first.at, first);
                return self.fail("nil is not a command");
            }
            _ => {}
        }
        self.expr(first, dot)
    }

    /// Returns the value of an operand.
    fn expr(&mut self, expr: &'t Expr, dot: &Val) -> Result<Val> {
        self.at = (expr.at, expr);
        match &expr.kind {
            ExprKind::Dot => Ok(dot.clone()),
            ExprKind::Nil => Ok(Val::Nothing),
            ExprKind::Bool(flag) => Ok(Val::Bool(*flag)),
            ExprKind::Number(_, Number::Int(number)) => Ok(Val::Int(*number)),
            ExprKind::Number(_, Number::Float(number)) => Ok(Val::Float(*number)),
            ExprKind::Number(_, Number::Imaginary(number)) => Ok(Val::Imaginary(*number)),
            ExprKind::Text(_, text) => Ok(Val::Text(text.clone())),
            ExprKind::Field(names) => self.fields(dot.clone(), names),
            ExprKind::Variable(name, names) => {
                let value = self.variable(name)?;
                self.fields(value, names)
            }
            ExprKind::Function(name) => self.call(name, (expr.at, expr), &[], dot, None),
            ExprKind::Pipe(pipe) => self.pipe(pipe, dot),
            ExprKind::Chain(inner, names) => {
                if matches!(inner.kind, ExprKind::Nil) {
                    return self.fail(format!("indirection through explicit nil in {expr}"));
                }
                let value = self.expr(inner, dot)?;
                self.fields(value, names)
            }
        }
    }

    /// Returns what has the last of the fields of `expr`; `outer` are those before it.
    fn owner(&mut self, expr: &'t Expr, outer: &[String], dot: &Val) -> Result<Val> {
        self.at = (expr.at, expr);
        let start = match &expr.kind {
            ExprKind::Variable(name, _) => self.variable(name)?,
            ExprKind::Chain(inner, _) => self.expr(inner, dot)?,
            _ => dot.clone(),
        };
        self.fields(start, outer)
    }

    /// A variable has no value yet where its own is found: `{{ $x := $x }}`.
    fn variable(&self, name: &str) -> Result<Val> {
        match self.variables.iter().rev().find(|(known, _)| *known == name) {
            Some((_, value)) => Ok(value.clone()),
            None => self.fail(format!("undefined variable: {name}")),
        }
    }

    fn fields(&mut self, mut value: Val, names: &[String]) -> Result<Val> {
        for name in names {
            value = match &value {
                Val::Nothing => Val::Nothing,
                Val::Data => match (self.cx.field(name), self.cx.fields.strict) {
                    (Some(value), _) => value,
                    (None, None) => Val::Nothing,
                    (None, Some(ty)) => return self.fail(format!("can't evaluate field {name} in type {ty}")),
                },
                Val::Map(members) => members.get(name).cloned().unwrap_or(Val::Nothing),
                other => return self.fail(format!("can't evaluate field {name} in type {}", other.type_name())),
            };
        }
        Ok(value)
    }

    fn call(
        &mut self,
        name: &'t str,
        whole: (usize, &'t dyn Display),
        args: &'t [Expr],
        dot: &Val,
        last: Option<Val>,
    ) -> Result<Val> {
        let Some(signature) = functions::signature(name) else {
            return self.fail(format!("{name:?} is not a defined function"));
        };
        let given = args.len() + usize::from(last.is_some());
        let Signature { fixed, rest } = signature;
        if given < fixed.len() {
            let least = if rest.is_some() { "at least " } else { "" };
            return self.fail(format!("wrong number of args for {name}: want {least}{} got {given}", fixed.len()));
        }
        if given > fixed.len() && rest.is_none() {
            return self.fail(format!("wrong number of args for {name}: want {} got {given}", fixed.len()));
        }
        let kinds = fixed.iter().copied().chain(std::iter::repeat(rest.unwrap_or(Kind::Any)));
        if matches!(name, "and" | "or") {
            let mut value = Val::Nothing;
            for arg in args {
                value = self.argument(arg, Kind::Any, dot)?;
                if value.is_true() == (name == "or") {
                    return Ok(value);
                }
            }
            return Ok(last.unwrap_or(value));
        }
        let mut values = Vec::with_capacity(given);
        let mut kinds = kinds;
        for arg in args {
            let kind = kinds.next().unwrap_or(Kind::Any);
            values.push(self.argument(arg, kind, dot)?);
        }
        if let Some(last) = last {
            let kind = kinds.next().unwrap_or(Kind::Any);
            self.fits(&last, kind)?;
            values.push(last);
        }
        self.cx.call(name, &values).or_else(|reason| {
            self.at = whole;
            self.fail(format!("error calling {name}: {reason}"))
        })
    }

    /// Returns the value of an argument that has to be of a kind.
    fn argument(&mut self, arg: &'t Expr, kind: Kind, dot: &Val) -> Result<Val> {
        self.at = (arg.at, arg);
        match (&arg.kind, kind) {
            (ExprKind::Nil, Kind::Text | Kind::Int) => {
                return self.fail(format!("cannot assign nil to {}", kind.name()));
            }
            (ExprKind::Text(..), Kind::Text) | (ExprKind::Number(_, Number::Int(_)), Kind::Int) => {}
            // A whole number may be written with a point or an exponent.
            (ExprKind::Number(_, Number::Float(number)), Kind::Int)
                if number.fract() == 0.0 && number.abs() < 2f64.powi(63) =>
            {
                return Ok(Val::Int(*number as i64));
            }
            (ExprKind::Bool(_) | ExprKind::Number(..), Kind::Text) => {
                return self.fail(format!("expected string; found {arg}"));
            }
            (ExprKind::Bool(_) | ExprKind::Number(..) | ExprKind::Text(..), Kind::Int) => {
                return self.fail(format!("expected integer; found {arg}"));
            }
            _ => {
                let value = self.expr(arg, dot)?;
                self.fits(&value, kind)?;
                return Ok(value);
            }
        }
        self.expr(arg, dot)
    }

    fn fits(&mut self, value: &Val, kind: Kind) -> Result<()> {
        match (value, kind) {
            (_, Kind::Any) | (Val::Text(_), Kind::Text) | (Val::Int(_), Kind::Int) => Ok(()),
            (Val::Nothing, _) => self.fail(format!("invalid value; expected {}", kind.name())),
            (other, _) => {
                self.fail(format!("wrong type for value; expected {}; got {}", kind.name(), other.type_name()))
            }
        }
    }

    fn assign(&mut self, name: &str, value: Val) -> Result<()> {
        match self.variables.iter_mut().rev().find(|(known, _)| *known == name) {
            Some((_, place)) => {
                *place = value;
                Ok(())
            }
            None => self.fail(format!("undefined variable: {name}")),
        }
    }

    fn step(&mut self) -> Result<()> {
        self.steps += 1;
        if self.steps > STEPS { self.fail("the template runs too long") } else { Ok(()) }
    }

    fn fail<T>(&self, problem: impl Display) -> Result<T> {
        let (offset, shown) = self.at;
        let before = &self.text[..offset.min(self.text.len())];
        let line = 1 + before.matches('\n').count();
        let column = before.rfind('\n').map_or(before.len(), |end| before.len() - end - 1);
        Err(format!("template: {NAME}:{line}:{column}: executing {:?} at <{shown}>: {problem}", self.name))
    }
}
