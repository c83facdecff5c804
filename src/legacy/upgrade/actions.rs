//! `{{ }}` in a text to a small tree, as far as a translation needs it.
//!
//! Runs nothing, and takes no statement (`if`, `range` …): whoever finds one translates nothing.

/// A piece of a text.
#[derive(Debug, PartialEq, Eq)]
pub enum Piece<'t> {
    /// Text between actions.
    Text(&'t str),
    /// An action, and what stands between its braces, without what trims.
    Action(Pipe<'t>, &'t str),
}

/// Commands, each with the value of the one before as its last argument.
pub type Pipe<'t> = Vec<Vec<Operand<'t>>>;

/// A function, or a value.
#[derive(Debug, PartialEq, Eq)]
pub enum Operand<'t> {
    /// A function.
    Function(&'t str),
    /// A text, decoded, and as it is written.
    Text(String, &'t str),
    /// A number, a bool, nil, as it is written.
    Constant(&'t str),
    /// A field or the dot, as it is written.
    Field(&'t str),
    /// A pipeline in parentheses.
    Pipe(Pipe<'t>),
}

/// Why a text cannot be taken apart.
#[derive(Debug, PartialEq, Eq)]
pub enum Fault {
    /// A statement, by its word.
    Statement(String),
    /// In Go's words, without the place.
    Syntax(String),
}

const STATEMENTS: [&str; 10] =
    ["block", "break", "continue", "define", "else", "end", "if", "range", "template", "with"];

/// How deep parentheses may be nested.
const DEPTH: usize = 100;

/// Takes `text` apart; `is_known` tells which functions there are.
///
/// # Errors
/// The first fault.
pub fn parse<'t>(text: &'t str, is_known: &dyn Fn(&str) -> bool) -> Result<Vec<Piece<'t>>, Fault> {
    let mut pieces = Vec::new();
    let mut rest = text;
    let mut trims = false;
    while let Some(start) = rest.find("{{") {
        let mut before = &rest[..start];
        if trims {
            before = before.trim_start();
        }
        let mut inside = &rest[start + 2..];
        if inside.strip_prefix('-').is_some_and(|rest| rest.starts_with(char::is_whitespace)) {
            before = before.trim_end();
            inside = &inside[1..];
        }
        if !before.is_empty() {
            pieces.push(Piece::Text(before));
        }
        if let Some(comment) = inside.trim_start().strip_prefix("/*") {
            let (_, behind) = comment.split_once("*/").ok_or_else(|| syntax("unclosed comment"))?;
            (trims, rest) = close(behind).ok_or_else(|| syntax("comment ends before closing delimiter"))?;
            continue;
        }
        let mut reader = Reader { rest: inside, is_known, depth: 0 };
        let pipe = reader.pipe()?;
        let used = inside.len() - reader.rest.len();
        (trims, rest) = close(reader.rest).ok_or_else(|| reader.unexpected())?;
        pieces.push(Piece::Action(pipe, inside[..used].trim()));
    }
    let last = if trims { rest.trim_start() } else { rest };
    if !last.is_empty() {
        pieces.push(Piece::Text(last));
    }
    Ok(pieces)
}

fn syntax(message: &str) -> Fault {
    Fault::Syntax(message.to_owned())
}

/// Takes the end of an action away; returns whether it trims what follows, and that.
fn close(rest: &str) -> Option<(bool, &str)> {
    let solid = rest.trim_start();
    if let Some(behind) = solid.strip_prefix("}}") {
        return Some((false, behind));
    }
    let behind = solid.strip_prefix("-}}").filter(|_| solid.len() < rest.len())?;
    Some((true, behind))
}

struct Reader<'t, 'k> {
    rest: &'t str,
    is_known: &'k dyn Fn(&str) -> bool,
    depth: usize,
}

impl<'t> Reader<'t, '_> {
    fn pipe(&mut self) -> Result<Pipe<'t>, Fault> {
        let mut pipe = vec![self.command()?];
        while self.solid().starts_with('|') {
            self.skip(1);
            pipe.push(self.command()?);
        }
        Ok(pipe)
    }

    fn command(&mut self) -> Result<Vec<Operand<'t>>, Fault> {
        let mut operands = Vec::new();
        while let Some(operand) = self.operand()? {
            operands.push(operand);
        }
        if operands.is_empty() { Err(syntax("missing value for command")) } else { Ok(operands) }
    }

    /// Returns what stands next, without the blanks before it.
    fn solid(&self) -> &'t str {
        self.rest.trim_start()
    }

    /// Goes on behind the blanks and `count` more bytes.
    fn skip(&mut self, count: usize) {
        self.rest = &self.solid()[count..];
    }

    fn operand(&mut self) -> Result<Option<Operand<'t>>, Fault> {
        let rest = self.solid();
        let Some(first) = rest.chars().next() else { return Err(syntax("unclosed action")) };
        let length_of = |is_part: fn(char) -> bool| rest.find(|letter| !is_part(letter)).unwrap_or(rest.len());
        let operand = match first {
            '|' | ')' | '}' => return Ok(None),
            '-' if rest.starts_with("-}}") && rest.len() < self.rest.len() => return Ok(None),
            '`' => {
                let end = rest[1..].find('`').ok_or_else(|| syntax("unterminated raw quoted string"))?;
                self.skip(end + 2);
                Operand::Text(rest[1..=end].to_owned(), &rest[..end + 2])
            }
            '"' => {
                let length = quoted_length(rest).ok_or_else(|| syntax("unterminated quoted string"))?;
                self.skip(length);
                let text = decode(&rest[1..length - 1]).ok_or_else(|| syntax("invalid syntax"))?;
                Operand::Text(text, &rest[..length])
            }
            '(' => {
                self.depth += 1;
                if self.depth > DEPTH {
                    return Err(syntax("parentheses are nested too deeply"));
                }
                self.skip(1);
                let pipe = self.pipe()?;
                if !self.solid().starts_with(')') {
                    return Err(syntax("unclosed left paren"));
                }
                self.skip(1);
                self.depth -= 1;
                if self.rest.starts_with('.') {
                    return Err(Fault::Statement("(…).field".to_owned()));
                }
                Operand::Pipe(pipe)
            }
            '.' if !rest[1..].starts_with(|next: char| next.is_ascii_digit()) => {
                let length = length_of(|letter| letter.is_alphanumeric() || matches!(letter, '_' | '.'));
                self.skip(length);
                Operand::Field(&rest[..length])
            }
            '$' => return Err(Fault::Statement("$variable".to_owned())),
            '\'' => {
                let end = rest[1..].find('\'').ok_or_else(|| syntax("unterminated character constant"))?;
                self.skip(end + 2);
                Operand::Constant(&rest[..end + 2])
            }
            '0'..='9' | '+' | '-' | '.' => {
                let length =
                    length_of(|letter| letter.is_ascii_alphanumeric() || matches!(letter, '+' | '-' | '.' | '_'));
                self.skip(length);
                Operand::Constant(&rest[..length])
            }
            letter if letter.is_alphabetic() || letter == '_' => {
                let length = length_of(|letter| letter.is_alphanumeric() || letter == '_');
                self.skip(length);
                self.word(&rest[..length])?
            }
            _ => return Err(self.unexpected()),
        };
        Ok(Some(operand))
    }

    fn word(&self, word: &'t str) -> Result<Operand<'t>, Fault> {
        match word {
            "true" | "false" | "nil" => Ok(Operand::Constant(word)),
            _ if STATEMENTS.contains(&word) => Err(Fault::Statement(word.to_owned())),
            _ if (self.is_known)(word) => Ok(Operand::Function(word)),
            _ => Err(Fault::Syntax(format!("function {word:?} not defined"))),
        }
    }

    fn unexpected(&self) -> Fault {
        match self.solid().chars().next() {
            Some(letter) => Fault::Syntax(format!("unexpected {:?} in operand", letter.to_string())),
            None => syntax("unclosed action"),
        }
    }
}

/// Returns how long the text in double quotes at the start of `rest` is, quotes included.
fn quoted_length(rest: &str) -> Option<usize> {
    let mut escaped = false;
    for (at, letter) in rest.char_indices().skip(1) {
        match letter {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return Some(at + 1),
            '\n' => return None,
            _ => {}
        }
    }
    None
}

/// Decodes the escapes of a text in double quotes.
pub fn decode(inside: &str) -> Option<String> {
    let mut text = String::with_capacity(inside.len());
    let mut rest = inside;
    while let Some((before, escape)) = rest.split_once('\\') {
        text.push_str(before);
        let letter = escape.chars().next()?;
        rest = &escape[letter.len_utf8()..];
        let digits = match letter {
            'x' => 2,
            'u' => 4,
            'U' => 8,
            _ => 0,
        };
        let decoded = match letter {
            'a' => '\x07',
            'b' => '\x08',
            'f' => '\x0c',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'v' => '\x0b',
            '\\' | '"' | '\'' => letter,
            'x' | 'u' | 'U' => char::from_u32(u32::from_str_radix(rest.get(..digits)?, 16).ok()?)?,
            _ => return None,
        };
        rest = &rest[digits..];
        text.push(decoded);
    }
    text.push_str(rest);
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> Result<Vec<Piece<'_>>, Fault> {
        parse(text, &|name| ["user", "upper", "split"].contains(&name))
    }

    #[test]
    fn an_action_is_a_pipeline_of_commands() {
        let pieces = parsed("a {{ split (user `v`) \".\" 0 | upper }}-{{.Vars}}").unwrap();
        let user = vec![vec![Operand::Function("user"), Operand::Text("v".into(), "`v`")]];
        let split = vec![
            Operand::Function("split"),
            Operand::Pipe(user),
            Operand::Text(".".into(), "\".\""),
            Operand::Constant("0"),
        ];
        let wanted = [
            Piece::Text("a "),
            Piece::Action(vec![split, vec![Operand::Function("upper")]], "split (user `v`) \".\" 0 | upper"),
            Piece::Text("-"),
            Piece::Action(vec![vec![Operand::Field(".Vars")]], ".Vars"),
        ];
        assert_eq!(pieces, wanted);
    }

    #[test]
    fn minus_signs_trim_and_comments_go() {
        let pieces = parsed("a  {{- .X -}}  b{{/* c }} */}}").unwrap();
        let field = || Piece::Action(vec![vec![Operand::Field(".X")]], ".X");
        assert_eq!(pieces, [Piece::Text("a"), field(), Piece::Text("b")]);
    }

    #[test]
    fn faults_are_told_in_the_words_people_look_for() {
        let fault = |text| parsed(text).unwrap_err();
        assert_eq!(fault("{{vault `a` `b`}}"), Fault::Syntax("function \"vault\" not defined".into()));
        assert_eq!(fault("{{if eq 1 1}}"), Fault::Statement("if".into()));
        assert_eq!(fault("{{user `v`"), Fault::Syntax("unclosed action".into()));
        assert_eq!(fault("{{user \"v"), Fault::Syntax("unterminated quoted string".into()));
        assert_eq!(fault("{{}}"), Fault::Syntax("missing value for command".into()));
        assert_eq!(fault("{{user `v`}"), Fault::Syntax("unexpected \"}\" in operand".into()));
        assert_eq!(
            fault(&"{{(".repeat(400).replace("{{(", "(").replacen('(', "{{(", 1)),
            Fault::Syntax("parentheses are nested too deeply".into())
        );
    }

    #[test]
    fn escapes_are_those_of_go() {
        assert_eq!(decode(r#"a\"\\\n\x41\u00e9"#).unwrap(), "a\"\\\nAé");
        assert!(decode(r"\q").is_none() && decode(r"\x4").is_none() && decode("\\xé").is_none());
    }
}
