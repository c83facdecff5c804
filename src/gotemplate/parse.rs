//! Tokens to a tree, by Go's grammar and with Go's words for what is wrong (JSON-60).
//!
//! Knows which functions there are and nothing of what they do.

use std::collections::HashMap;

use super::functions::is_function;
use super::lex::{Kind, Scanner, Token};
use super::literal;
use super::tree::{Branch, Call, Command, Expr, ExprKind, Node, Number, Pipe, Tree};

/// What templates are called in errors.
pub const NAME: &str = "root";

/// How deep blocks and brackets may be nested.
const DEPTH: usize = 200;

/// Parses `text`.
///
/// # Errors
/// In Go's words, with the line.
pub fn parse(text: &str) -> Result<Tree, String> {
    parse_as(NAME, text, &is_function)
}

/// Parses `text` as a template called `name` that has the functions that `is_known` tells.
///
/// # Errors
/// As [`parse`].
pub fn parse_as(name: &str, text: &str, is_known: &dyn Fn(&str) -> bool) -> Result<Tree, String> {
    let mut parser = Parser {
        name,
        is_known,
        scanner: Scanner::new(text),
        ahead: Vec::new(),
        line: 1,
        end: 0,
        action_line: 0,
        variables: vec!["$".to_owned()],
        defined: HashMap::new(),
        ranges: 0,
        depth: 0,
    };
    let root = parser.document()?;
    // The whole has a name, too, and a definition of it gives way, or takes its place.
    parser.define(NAME.to_owned(), root)?;
    let root = parser.defined.remove(NAME).unwrap_or_default();
    Ok(Tree { root, defined: parser.defined })
}

type Result<T, E = String> = std::result::Result<T, E>;

struct Parser<'t> {
    name: &'t str,
    is_known: &'t dyn Fn(&str) -> bool,
    scanner: Scanner<'t>,
    /// Tokens that were read and put back, the next one last.
    ahead: Vec<Token<'t>>,
    line: usize,
    /// Where the last token ends.
    end: usize,
    action_line: usize,
    variables: Vec<String>,
    defined: HashMap<String, Vec<Node>>,
    ranges: usize,
    depth: usize,
}

/// How a list of nodes ended.
enum Ended {
    End,
    Else,
}

impl Ended {
    fn shown(&self) -> &'static str {
        match self {
            Ended::End => "{{end}}",
            Ended::Else => "{{else}}",
        }
    }
}

/// What an action makes of the list it stands in.
enum Step {
    Node(Node),
    Ends(Ended),
}

impl<'t> Parser<'t> {
    fn document(&mut self) -> Result<Vec<Node>> {
        let mut nodes = Vec::new();
        while self.peek().kind != Kind::End {
            if self.peek().kind == Kind::LeftDelimiter {
                let delimiter = self.next();
                if self.peek_solid().text == "define" && self.peek_solid().kind == Kind::Keyword {
                    self.next_solid();
                    self.definition()?;
                    continue;
                }
                self.ahead.push(delimiter);
            }
            match self.text_or_action()? {
                Step::Node(node) => nodes.push(node),
                Step::Ends(end) => return self.fail(format!("unexpected {}", end.shown())),
            }
        }
        Ok(nodes)
    }

    fn definition(&mut self) -> Result<()> {
        const CONTEXT: &str = "define clause";
        let name = self.template_name(CONTEXT)?;
        self.expect(Kind::RightDelimiter, CONTEXT)?;
        let outer = std::mem::replace(&mut self.variables, vec!["$".to_owned()]);
        let ranges = std::mem::take(&mut self.ranges);
        let (nodes, end) = self.list()?;
        if let Ended::Else = end {
            return self.fail(format!("unexpected {} in {CONTEXT}", end.shown()));
        }
        (self.variables, self.ranges) = (outer, ranges);
        self.define(name, nodes)
    }

    /// Of two definitions of a name one has to be empty, and gives way.
    fn define(&mut self, name: String, nodes: Vec<Node>) -> Result<()> {
        let is_blank =
            |nodes: &[Node]| nodes.iter().all(|node| matches!(node, Node::Text(text) if text.trim().is_empty()));
        match self.defined.get(&name) {
            Some(first) if !is_blank(first) && !is_blank(&nodes) => {
                self.fail(format!("template: multiple definition of template {name:?}"))
            }
            Some(first) if !is_blank(first) => Ok(()),
            _ => {
                self.defined.insert(name, nodes);
                Ok(())
            }
        }
    }

    fn list(&mut self) -> Result<(Vec<Node>, Ended)> {
        self.depth += 1;
        if self.depth > DEPTH {
            return self.fail(format!("blocks are nested more than {DEPTH} levels deep"));
        }
        let mut nodes = Vec::new();
        while self.peek().kind != Kind::End {
            match self.text_or_action()? {
                Step::Node(node) => nodes.push(node),
                Step::Ends(end) => {
                    self.depth -= 1;
                    return Ok((nodes, end));
                }
            }
        }
        self.fail("unexpected EOF")
    }

    fn text_or_action(&mut self) -> Result<Step> {
        let token = self.next_solid();
        match token.kind {
            Kind::Text => Ok(Step::Node(Node::Text(token.text.to_owned()))),
            Kind::LeftDelimiter => {
                self.action_line = token.line;
                let step = self.action(token.at);
                self.action_line = 0;
                step
            }
            _ => self.unexpected(&token, "input"),
        }
    }

    /// Reads an action that starts at byte `start`.
    fn action(&mut self, start: usize) -> Result<Step> {
        let token = self.next_solid();
        let keyword = if token.kind == Kind::Keyword { token.text } else { "" };
        let node = match keyword {
            "block" => self.block()?,
            "break" | "continue" => {
                self.expect(Kind::RightDelimiter, &format!("{{{{{keyword}}}}}"))?;
                if self.ranges == 0 {
                    return self.fail(format!("{{{{{keyword}}}}} outside {{{{range}}}}"));
                }
                if keyword == "break" { Node::Break } else { Node::Continue }
            }
            "else" => {
                let next = self.peek_solid();
                // What follows is read as a block of its own.
                if !(next.kind == Kind::Keyword && matches!(next.text, "if" | "with")) {
                    self.expect(Kind::RightDelimiter, "else")?;
                }
                return Ok(Step::Ends(Ended::Else));
            }
            "end" => {
                self.expect(Kind::RightDelimiter, "end")?;
                return Ok(Step::Ends(Ended::End));
            }
            "if" => Node::If(self.branch("if")?),
            "range" => Node::Range(self.branch("range")?),
            "with" => Node::With(self.branch("with")?),
            "template" => self.template()?,
            _ => {
                self.ahead.push(token);
                let pipe = self.pipeline("command", Kind::RightDelimiter)?;
                Node::Action(pipe, (start, self.end))
            }
        };
        Ok(Step::Node(node))
    }

    fn branch(&mut self, context: &'static str) -> Result<Branch> {
        let outer = self.variables.len();
        let pipe = self.pipeline(context, Kind::RightDelimiter)?;
        self.ranges += usize::from(context == "range");
        let (body, end) = self.list()?;
        self.ranges -= usize::from(context == "range");
        let mut otherwise = Vec::new();
        if let Ended::Else = end {
            let next = self.peek();
            if next.kind == Kind::Keyword && next.text == context && context != "range" {
                self.next();
                self.depth += 1;
                let inner = self.branch(context)?;
                self.depth -= 1;
                otherwise.push(if context == "if" { Node::If(inner) } else { Node::With(inner) });
            } else {
                let (nodes, end) = self.list()?;
                if let Ended::Else = end {
                    return self.fail(format!("expected end; found {}", end.shown()));
                }
                otherwise = nodes;
            }
        }
        self.variables.truncate(outer);
        Ok(Branch { pipe, body, otherwise })
    }

    fn block(&mut self) -> Result<Node> {
        const CONTEXT: &str = "block clause";
        let at = self.peek_solid().at;
        let name = self.template_name(CONTEXT)?;
        let pipe = self.pipeline(CONTEXT, Kind::RightDelimiter)?;
        let outer = std::mem::replace(&mut self.variables, vec!["$".to_owned()]);
        let (nodes, end) = self.list()?;
        if let Ended::Else = end {
            return self.fail(format!("unexpected {} in {CONTEXT}", end.shown()));
        }
        self.variables = outer;
        self.define(name.clone(), nodes)?;
        Ok(Node::Template(Call { at, name, pipe: Some(pipe) }))
    }

    fn template(&mut self) -> Result<Node> {
        const CONTEXT: &str = "template clause";
        let at = self.peek_solid().at;
        let name = self.template_name(CONTEXT)?;
        let token = self.next_solid();
        let pipe = if token.kind == Kind::RightDelimiter {
            None
        } else {
            self.ahead.push(token);
            Some(self.pipeline(CONTEXT, Kind::RightDelimiter)?)
        };
        Ok(Node::Template(Call { at, name, pipe }))
    }

    fn template_name(&mut self, context: &str) -> Result<String> {
        let token = self.next_solid();
        match token.kind {
            Kind::Quoted | Kind::Raw => self.unquoted(&token),
            _ => self.unexpected(&token, context),
        }
    }

    fn pipeline(&mut self, context: &str, end: Kind) -> Result<Pipe> {
        self.depth += 1;
        if self.depth > DEPTH {
            return self.fail(format!("brackets are nested more than {DEPTH} levels deep"));
        }
        let at = self.peek_solid().at;
        let mut pipe = Pipe { at, variables: Vec::new(), assigns: false, commands: Vec::new() };
        while self.peek_solid().kind == Kind::Variable {
            let variable = self.next_solid();
            let space = (self.peek().kind == Kind::Space).then(|| self.next());
            match self.peek_solid() {
                next if matches!(next.kind, Kind::Assign | Kind::Declare) => {
                    pipe.assigns = self.next_solid().kind == Kind::Assign;
                    pipe.variables.push(variable.text.to_owned());
                    self.variables.push(variable.text.to_owned());
                    break;
                }
                next if next.kind == Kind::Other && next.text == "," => {
                    self.next_solid();
                    pipe.variables.push(variable.text.to_owned());
                    self.variables.push(variable.text.to_owned());
                    if context != "range" || pipe.variables.len() >= 2 {
                        return self.fail(format!("too many declarations in {context}"));
                    }
                    let next = self.peek_solid().kind;
                    if !matches!(next, Kind::Variable | Kind::RightDelimiter | Kind::RightParen) {
                        return self.fail("range can only initialize variables");
                    }
                }
                _ => {
                    self.ahead.extend(space);
                    self.ahead.push(variable);
                    break;
                }
            }
        }
        loop {
            let token = self.next_solid();
            match token.kind {
                kind if kind == end => break,
                Kind::Bool
                | Kind::Character
                | Kind::Dot
                | Kind::Field
                | Kind::Word
                | Kind::Number
                | Kind::Raw
                | Kind::Quoted
                | Kind::Variable
                | Kind::LeftParen => {
                    self.ahead.push(token);
                    pipe.commands.push(self.command()?);
                }
                Kind::Keyword if token.text == "nil" => {
                    self.ahead.push(token);
                    pipe.commands.push(self.command()?);
                }
                _ => return self.unexpected(&token, context),
            }
        }
        self.depth -= 1;
        if pipe.commands.is_empty() {
            return self.fail(format!("missing value for {context}"));
        }
        let is_constant = |command: &Command| command.args.first().is_some_and(|first| first.kind.is_constant());
        match pipe.commands.iter().skip(1).position(is_constant) {
            Some(index) => self.fail(format!("non executable command in pipeline stage {}", index + 2)),
            None => Ok(pipe),
        }
    }

    fn command(&mut self) -> Result<Command> {
        let at = self.peek_solid().at;
        let mut args = Vec::new();
        loop {
            self.peek_solid();
            args.extend(self.operand()?);
            let token = self.next();
            match token.kind {
                Kind::Space => continue,
                Kind::RightDelimiter | Kind::RightParen => self.ahead.push(token),
                Kind::Pipe => {}
                _ => return self.unexpected(&token, "operand"),
            }
            break;
        }
        if args.is_empty() { self.fail("empty command") } else { Ok(Command { at, args }) }
    }

    fn operand(&mut self) -> Result<Option<Expr>> {
        let Some(mut expr) = self.term()? else { return Ok(None) };
        if self.peek().kind != Kind::Field {
            return Ok(Some(expr));
        }
        let at = self.peek().at;
        let mut names = Vec::new();
        while self.peek().kind == Kind::Field {
            names.push(self.next().text[1..].to_owned());
        }
        match &mut expr.kind {
            ExprKind::Field(fields) | ExprKind::Variable(_, fields) => fields.extend(names),
            kind if kind.is_constant() => return self.fail(format!("unexpected . after term {:?}", expr.to_string())),
            _ => return Ok(Some(Expr { at, kind: ExprKind::Chain(Box::new(expr), names) })),
        }
        Ok(Some(Expr { at, ..expr }))
    }

    fn term(&mut self) -> Result<Option<Expr>> {
        let token = self.next_solid();
        let text = token.text;
        let kind = match token.kind {
            Kind::Word if (self.is_known)(text) => ExprKind::Function(text.to_owned()),
            Kind::Word => return self.fail(format!("function {text:?} not defined")),
            Kind::Dot => ExprKind::Dot,
            Kind::Keyword if text == "nil" => ExprKind::Nil,
            Kind::Variable if self.variables.iter().any(|known| known == text) => {
                ExprKind::Variable(text.to_owned(), Vec::new())
            }
            Kind::Variable => return self.fail(format!("undefined variable {text:?}")),
            Kind::Field => ExprKind::Field(vec![text[1..].to_owned()]),
            Kind::Bool => ExprKind::Bool(text == "true"),
            Kind::Number => match literal::number(text) {
                Some(number) => ExprKind::Number(text.to_owned(), number),
                None if text.bytes().all(|b| b.is_ascii_digit()) => {
                    return self.fail(format!("integer overflow: {text:?}"));
                }
                None => return self.fail(format!("illegal number syntax: {text:?}")),
            },
            Kind::Character => match literal::character(text) {
                Some(letter) => ExprKind::Number(text.to_owned(), Number::Int(i64::from(u32::from(letter)))),
                None if text.len() == 2 => return self.fail("invalid syntax"),
                None => return self.fail(format!("malformed character constant: {text}")),
            },
            Kind::LeftParen => ExprKind::Pipe(self.pipeline("parenthesized pipeline", Kind::RightParen)?),
            Kind::Quoted | Kind::Raw => ExprKind::Text(text.to_owned(), self.unquoted(&token)?.into()),
            _ => {
                self.ahead.push(token);
                return Ok(None);
            }
        };
        Ok(Some(Expr { at: token.at, kind }))
    }

    fn unquoted(&self, token: &Token<'t>) -> Result<String> {
        match literal::text(token.text) {
            Some(text) => Ok(text),
            None => self.fail("invalid syntax"),
        }
    }

    fn next(&mut self) -> Token<'t> {
        let token = self.ahead.pop().unwrap_or_else(|| self.scanner.next());
        (self.line, self.end) = (token.line, token.at + token.text.len());
        token
    }

    fn peek(&mut self) -> Token<'t> {
        let token = self.next();
        self.ahead.push(token.clone());
        token
    }

    /// Returns the next token that is no white space.
    fn next_solid(&mut self) -> Token<'t> {
        loop {
            let token = self.next();
            if token.kind != Kind::Space {
                return token;
            }
        }
    }

    fn peek_solid(&mut self) -> Token<'t> {
        let token = self.next_solid();
        self.ahead.push(token.clone());
        token
    }

    fn expect(&mut self, kind: Kind, context: &str) -> Result<()> {
        let token = self.next_solid();
        if token.kind == kind { Ok(()) } else { self.unexpected(&token, context) }
    }

    fn unexpected<T>(&self, token: &Token<'t>, context: &str) -> Result<T> {
        if token.kind != Kind::Error {
            return self.fail(format!("unexpected {} in {context}", token.shown()));
        }
        let mut started = String::new();
        if self.action_line != 0 && self.action_line != token.line {
            let action = if token.problem.ends_with(" action") { "" } else { " in action" };
            started = format!("{action} started at {}:{}", self.name, self.action_line);
        }
        self.fail(format!("{}{started}", token.problem))
    }

    fn fail<T>(&self, problem: impl AsRef<str>) -> Result<T> {
        Err(format!("template: {}:{}: {}", self.name, self.line, problem.as_ref()))
    }
}
