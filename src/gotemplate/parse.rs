//! What gotmpl's parser leaves to check, and the places of errors that its executor does not tell.
//!
//! Runs nothing. gotmpl reports an unknown function or variable only when it is reached, takes a missing or a stray
//! `{{end}}` without a word, and its execution errors say not where; Go says all of that (JSON-60).

use gotmpl::TemplateError;
use gotmpl::parse::{BranchNode, CommandNode, DefineNode, Expr, ListNode, Node, Parser, PipeNode, Pos};

use super::functions::{BUILTINS, NAMES};

/// What every template is called in errors.
pub const NAME: &str = "root";

/// A checked template.
pub struct Tree {
    body: ListNode,
    defines: Vec<DefineNode>,
}

/// Parses and checks `text`.
///
/// # Errors
/// In Go's words, with the line.
pub fn parse(text: &str) -> Result<Tree, String> {
    let parser = Parser::with_name(Some(NAME), text, "{{", "}}").map_err(|error| explain(&error))?;
    let (body, defines) = parser.parse().map_err(|error| explain(&error))?;
    balance(text)?;
    let tree = Tree { body, defines };
    let mut checker = Checker { variables: vec!["$".to_owned()], problem: None };
    checker.list(&tree.body);
    for define in &tree.defines {
        checker.variables = vec!["$".to_owned()];
        checker.list(&define.body);
    }
    checker.problem.map_or(Ok(tree), |(_, problem)| Err(problem))
}

/// Returns a parser's error as Go writes it: with the line, without the column.
pub fn explain(error: &TemplateError) -> String {
    match error {
        TemplateError::Parse { line, message, .. } | TemplateError::Lex { line, message, .. } => {
            format!("template: {NAME}:{line}: {message}")
        }
        other => format!("template: {NAME}: {other}"),
    }
}

/// Checks that every block is ended and nothing else is.
fn balance(text: &str) -> Result<(), String> {
    let line = |at: usize| 1 + text[..at].matches('\n').count();
    let mut depth = 0_usize;
    let mut at = 0;
    while let Some(start) = text[at..].find("{{").map(|found| at + found) {
        let mut inside = &text[start + 2..];
        inside = inside.strip_prefix("- ").unwrap_or(inside).trim_start();
        if inside.starts_with("/*") {
            let from = text.len() - inside.len();
            at = text[from..].find("*/").map_or(text.len(), |end| from + end + 2);
            continue;
        }
        let word: &str =
            inside.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_').next().unwrap_or("");
        match word {
            "if" | "range" | "with" | "define" | "block" => depth += 1,
            "end" | "else" if depth == 0 => {
                return Err(format!("template: {NAME}:{}: unexpected {{{{{word}}}}}", line(start)));
            }
            "end" => depth -= 1,
            _ => {}
        }
        at = text.len() - inside.len() + end_of_action(inside);
    }
    if depth > 0 {
        return Err(format!("template: {NAME}:{}: unexpected EOF", line(text.len())));
    }
    Ok(())
}

/// Returns how far an action goes, its closing braces included; braces in quotes do not close it.
fn end_of_action(inside: &str) -> usize {
    let mut at = 0;
    while at < inside.len() {
        let rest = &inside[at..];
        if rest.starts_with("}}") {
            return at + 2;
        }
        at += quoted(rest).map_or_else(|| rest.chars().next().map_or(1, char::len_utf8), str::len);
    }
    inside.len()
}

/// Returns the quoted text or character at the start of `rest`, quotes included.
fn quoted(rest: &str) -> Option<&str> {
    let quote = rest.chars().next().filter(|letter| matches!(letter, '"' | '\'' | '`'))?;
    let mut escaped = false;
    for (at, letter) in rest.char_indices().skip(1) {
        if !escaped && letter == quote {
            return Some(&rest[..=at]);
        }
        escaped = !escaped && letter == '\\' && quote != '`';
    }
    Some(rest)
}

/// Looks for functions and variables that do not exist; keeps the first in the text.
struct Checker {
    variables: Vec<String>,
    problem: Option<(usize, String)>,
}

impl Checker {
    fn report(&mut self, pos: Pos, problem: &str) {
        if self.problem.as_ref().is_none_or(|(offset, _)| pos.offset < *offset) {
            self.problem = Some((pos.offset, format!("template: {NAME}:{}: {problem}", pos.line)));
        }
    }

    fn list(&mut self, list: &ListNode) {
        for node in &list.nodes {
            match node {
                Node::Action(action) => self.pipe(&action.pipe),
                Node::If(branch) | Node::Range(branch) | Node::With(branch) => self.branch(branch),
                Node::Template(template) => template.pipe.iter().for_each(|pipe| self.pipe(pipe)),
                Node::List(list) => self.list(list),
                Node::Define(define) => self.list(&define.body),
                Node::Text(_) | Node::Break(_) | Node::Continue(_) => {}
            }
        }
    }

    /// What a branch declares is known in it alone.
    fn branch(&mut self, branch: &BranchNode) {
        let outer = self.variables.len();
        self.pipe(&branch.pipe);
        let own = self.variables.len();
        for list in std::iter::once(&branch.body).chain(&branch.else_body) {
            self.list(list);
            self.variables.truncate(own);
        }
        self.variables.truncate(outer);
    }

    fn pipe(&mut self, pipe: &PipeNode) {
        for command in &pipe.commands {
            for arg in &command.args {
                self.expr(arg);
            }
        }
        if !pipe.is_assign {
            self.variables.extend(pipe.decl.iter().map(|name| name.to_string()));
        }
    }

    fn expr(&mut self, expr: &Expr) {
        match expr {
            Expr::Identifier(pos, name) if !NAMES.contains(&name.as_str()) && !BUILTINS.contains(&name.as_str()) => {
                self.report(*pos, &format!("function {:?} not defined", name.as_str()));
            }
            Expr::Variable(pos, name, _) if !self.variables.iter().any(|known| known == name.as_str()) => {
                self.report(*pos, &format!("undefined variable {:?}", name.as_str()));
            }
            Expr::Pipe(_, pipe) => self.pipe(pipe),
            Expr::Chain(_, inner, _) => self.expr(inner),
            _ => {}
        }
    }
}

impl Tree {
    /// Returns an execution error as Go writes it. `failed` is the function of ours that failed, `strict` the type
    /// that lacks a field.
    pub fn locate(&self, text: &str, error: &TemplateError, failed: Option<&str>, strict: Option<&str>) -> String {
        let mut finder = Finder { text, wanted: Wanted::of(error, failed), found: None };
        finder.list(&self.body);
        for define in &self.defines {
            finder.list(&define.body);
        }
        let message = message(error, strict);
        let Some((offset, what)) = finder.found else {
            return format!("template: {NAME}: {message}");
        };
        let before = &text[..offset];
        let line = 1 + before.matches('\n').count();
        let column = before.rfind('\n').map_or(offset, |end| offset - end);
        format!("template: {NAME}:{line}:{column}: executing {NAME:?} at <{what}>: {message}")
    }
}

fn message(error: &TemplateError, strict: Option<&str>) -> String {
    match error {
        TemplateError::Exec(message) => message.clone(),
        TemplateError::MissingKey { key } => match strict {
            Some(ty) => format!("can't evaluate field {key} in type {ty}"),
            None => format!("map has no entry for key {key:?}"),
        },
        TemplateError::ArgCount { name, expected, got } => {
            format!("wrong number of args for {name}: want {expected} got {got}")
        }
        TemplateError::IndexOutOfRange { index } => format!("error calling index: index out of range: {index}"),
        TemplateError::NotIterable(ty) => format!("range can't iterate over {ty}"),
        TemplateError::UndefinedTemplate(name) => format!("template {name:?} not defined"),
        other => other.to_string(),
    }
}

/// What an error is about; gotmpl does not say where, so the first that fits is taken.
enum Wanted {
    Field(String),
    Function(String),
    Range,
    Template(String),
    /// Some function of Go's.
    Builtin,
}

impl Wanted {
    fn of(error: &TemplateError, failed: Option<&str>) -> Wanted {
        match (error, failed) {
            (_, Some(name)) => Wanted::Function(name.to_owned()),
            (TemplateError::MissingKey { key }, _) => Wanted::Field(key.clone()),
            (TemplateError::ArgCount { name, .. }, _) => Wanted::Function(name.clone()),
            (TemplateError::NotIterable(_), _) => Wanted::Range,
            (TemplateError::UndefinedTemplate(name), _) => Wanted::Template(name.clone()),
            _ => Wanted::Builtin,
        }
    }
}

/// Looks for what an error is about.
struct Finder<'a> {
    text: &'a str,
    wanted: Wanted,
    found: Option<(usize, String)>,
}

impl Finder<'_> {
    fn list(&mut self, list: &ListNode) {
        for node in &list.nodes {
            match node {
                Node::Action(action) => self.pipe(&action.pipe),
                Node::Range(branch) => {
                    if matches!(self.wanted, Wanted::Range) {
                        self.find(branch.pipe.pos, self.pipe_text(&branch.pipe));
                    }
                    self.branch(branch);
                }
                Node::If(branch) | Node::With(branch) => self.branch(branch),
                Node::Template(template) => {
                    if matches!(&self.wanted, Wanted::Template(name) if *name == template.name.as_str()) {
                        self.find(template.pos, format!("{{{{template {:?}}}}}", template.name.as_str()));
                    }
                    template.pipe.iter().for_each(|pipe| self.pipe(pipe));
                }
                Node::List(list) => self.list(list),
                Node::Define(define) => self.list(&define.body),
                Node::Text(_) | Node::Break(_) | Node::Continue(_) => {}
            }
        }
    }

    fn branch(&mut self, branch: &BranchNode) {
        self.pipe(&branch.pipe);
        self.list(&branch.body);
        branch.else_body.iter().for_each(|list| self.list(list));
    }

    fn pipe(&mut self, pipe: &PipeNode) {
        for command in &pipe.commands {
            // Arguments are evaluated before their function is called.
            command.args.iter().for_each(|arg| self.expr(arg));
            let first = match command.args.first() {
                Some(Expr::Chain(_, inner, _)) => Some(&**inner),
                first => first,
            };
            if let Some(Expr::Identifier(pos, name)) = first
                && self.is_wanted(name)
            {
                self.find(*pos, self.command_text(command));
            }
        }
    }

    fn expr(&mut self, expr: &Expr) {
        match expr {
            Expr::Field(pos, names) | Expr::Variable(pos, _, names) => {
                if matches!(&self.wanted, Wanted::Field(key) if names.iter().any(|name| name.as_str() == key)) {
                    self.find(*pos, self.expr_text(expr));
                }
            }
            Expr::Pipe(_, pipe) => self.pipe(pipe),
            Expr::Chain(_, inner, _) => self.expr(inner),
            _ => {}
        }
    }

    fn is_wanted(&self, function: &str) -> bool {
        match &self.wanted {
            Wanted::Function(name) => name == function,
            Wanted::Builtin => BUILTINS.contains(&function),
            _ => false,
        }
    }

    fn find(&mut self, pos: Pos, what: String) {
        self.found.get_or_insert((pos.offset.min(self.text.len()), what));
    }

    fn pipe_text(&self, pipe: &PipeNode) -> String {
        pipe.commands.iter().map(|command| self.command_text(command)).collect::<Vec<_>>().join(" | ")
    }

    fn command_text(&self, command: &CommandNode) -> String {
        command.args.iter().map(|arg| self.expr_text(arg)).collect::<Vec<_>>().join(" ")
    }

    fn expr_text(&self, expr: &Expr) -> String {
        let fields = |names: &[gotmpl::parse::SmolStr]| names.iter().map(|name| format!(".{name}")).collect::<String>();
        match expr {
            Expr::Dot(_) => ".".to_owned(),
            Expr::Field(_, names) => fields(names),
            Expr::Variable(_, name, names) => format!("{name}{}", fields(names)),
            Expr::Identifier(_, name) => name.to_string(),
            // Texts and numbers as they are written.
            Expr::String(pos, _) | Expr::Number(pos, _) => {
                let rest = self.text.get(pos.offset..).unwrap_or_default();
                let is_end = |letter: char| letter.is_whitespace() || matches!(letter, ')' | '|' | '}');
                quoted(rest).unwrap_or_else(|| rest.split(is_end).next().unwrap_or_default()).to_owned()
            }
            Expr::Bool(_, value) => value.to_string(),
            Expr::Nil(_) => "nil".to_owned(),
            Expr::Pipe(_, pipe) => format!("({})", self.pipe_text(pipe)),
            Expr::Chain(_, inner, names) => format!("{}{}", self.expr_text(inner), fields(names)),
        }
    }
}
