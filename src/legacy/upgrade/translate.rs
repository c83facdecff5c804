//! Texts with `{{ }}` to texts of HCL, and what has to be remembered on the way.
//!
//! Knows what may stand where, and leaves to `calls` what each function becomes.

use std::collections::HashSet;

use indexmap::IndexSet;

use super::actions::{self, Fault, Operand, Piece, Pipe};
use super::calls::{self, Argument};
use super::text::Text;

/// Where a text stands: that decides which functions there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// The default of a variable.
    Variable,
    /// An option, or a local.
    Block,
    /// An option in `override`, which is evaluated before the build is known.
    Override,
}

/// A secret of Amazon's: its name, and the key in it.
pub type Secret = (String, Option<String>);

/// What was translated so far, as far as other blocks have to know.
#[derive(Default)]
pub struct Translator {
    /// Variables that become locals.
    pub locals: HashSet<String>,
    /// What needs a data source, in the order of its number.
    pub secrets: IndexSet<Secret>,
    /// What is told, or defined, once.
    pub used: Used,
}

/// Which functions have to be defined, or advised against.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Used {
    /// `local.timestamp`.
    pub timestamp: bool,
    /// `legacy_isotime`.
    pub isotime: bool,
    /// `legacy_strftime`.
    pub strftime: bool,
}

/// Where a translation may go back to.
pub struct Mark(usize, Used);

impl Translator {
    /// Returns where it stands.
    pub fn mark(&self) -> Mark {
        Mark(self.secrets.len(), self.used)
    }

    /// Forgets what came after `mark`.
    pub fn go_back(&mut self, mark: &Mark) {
        self.secrets.truncate(mark.0);
        self.used = mark.1;
    }

    /// Translates `text`. Names of functions that HCL2 has no automatic answer to are added to `unhandled`.
    ///
    /// # Errors
    /// Why it cannot be taken apart; then nothing of it should be translated.
    pub fn translate(&mut self, text: &str, place: Place, unhandled: &mut Vec<&'static str>) -> Result<Text, Fault> {
        if !text.contains("{{") {
            return Ok(Text::literal(text));
        }
        let mut translation = Translation { translator: self, place, unhandled };
        let mut whole = Text::default();
        for piece in actions::parse(text, &|name| is_known(name, place))? {
            match piece {
                Piece::Text(text) => whole.push_literal(text),
                Piece::Action(pipe, written) => whole.push(translation.action(&pipe, written)?),
            }
        }
        Ok(whole)
    }
}

/// Whether the default of a variable needs what only locals may use (UPG-9); not if it cannot be taken apart.
pub fn is_local(default: &str) -> bool {
    let Ok(pieces) = actions::parse(default, &|name| is_known(name, Place::Variable)) else { return false };
    let needs_local = |name: &str| name != "env" && calls::is_ours(name);
    pieces.iter().any(|piece| matches!(piece, Piece::Action(pipe, _) if any_function(pipe, &needs_local)))
}

/// Returns the names that a whole file uses through `user`, if that is its only function (UPG-8).
pub fn users_of(file: &str) -> Vec<String> {
    let known = |name: &str| name == "user" || calls::is_builtin(name);
    let mut names = Vec::new();
    let Ok(pieces) = actions::parse(file, &known) else { return names };
    for piece in &pieces {
        if let Piece::Action(pipe, _) = piece
            && !collect_users(pipe, &mut names)
        {
            return Vec::new();
        }
    }
    names
}

/// Adds the names; tells whether all calls have one.
fn collect_users(pipe: &Pipe, names: &mut Vec<String>) -> bool {
    pipe.iter().all(|command| match &command[..] {
        [Operand::Function("user"), Operand::Text(name, _)] => {
            names.push(name.clone());
            true
        }
        [Operand::Function("user"), ..] => false,
        operands => operands.iter().all(|operand| match operand {
            Operand::Pipe(inner) => collect_users(inner, names),
            _ => true,
        }),
    })
}

/// Whether there is a function called `name`.
pub fn is_known(name: &str, place: Place) -> bool {
    calls::is_builtin(name)
        || match place {
            Place::Variable => calls::is_ours(name) && !calls::is_of_builds(name),
            Place::Block | Place::Override => calls::is_ours(name),
        }
}

fn any_function(pipe: &Pipe, wanted: &dyn Fn(&str) -> bool) -> bool {
    pipe.iter().flatten().any(|operand| match operand {
        Operand::Function(name) => wanted(name),
        Operand::Pipe(inner) => any_function(inner, wanted),
        _ => false,
    })
}

/// Whether a pipeline needs what only the running build knows.
pub fn any_field(pipe: &Pipe) -> bool {
    pipe.iter().flatten().any(|operand| match operand {
        Operand::Field(_) => true,
        Operand::Pipe(inner) => any_field(inner),
        _ => false,
    })
}

/// Whether a function has to stay as it is where the build is not known yet.
fn stays_in(place: Place, name: &str) -> bool {
    place == Place::Override && calls::is_of_builds(name) && !calls::is_kept(name)
}

/// Whether HCL2 has a value in place of a call.
fn is_answered(place: Place, name: &str) -> bool {
    calls::is_ours(name) && !calls::is_kept(name) && !stays_in(place, name)
}

struct Translation<'t> {
    translator: &'t mut Translator,
    place: Place,
    unhandled: &'t mut Vec<&'static str>,
}

impl Translation<'_> {
    fn action(&mut self, pipe: &Pipe, written: &str) -> Result<Text, Fault> {
        let stays = || Ok(Text::literal(format!("{{{{ {written} }}}}")));
        if self.place == Place::Override && any_function(pipe, &|name| name == "build") {
            self.unhandled.push("build");
        }
        if let [command] = &pipe[..]
            && let [operand] = &command[..]
            && !matches!(operand, Operand::Function(name) if is_answered(self.place, name) || calls::is_kept(name))
        {
            // A field or a constant (UPG-17).
            return stays();
        }
        let place = self.place;
        if any_field(pipe) || any_function(pipe, &|name| calls::is_builtin(name) || stays_in(place, name)) {
            // Only the running build knows all of it; what HCL2 knows is put into it.
            if !any_function(pipe, &|name| is_answered(place, name)) {
                return stays();
            }
            let mut whole = Text::literal("{{ ");
            whole.push(self.rewritten(pipe)?);
            whole.push_literal(" }}");
            return Ok(whole);
        }
        match self.value(pipe)? {
            Argument::Text(text) => Ok(text),
            Argument::Constant(text) => Ok(Text::literal(text)),
        }
    }

    fn value(&mut self, pipe: &Pipe) -> Result<Argument, Fault> {
        let mut piped = None;
        for command in pipe {
            piped = Some(self.command(command, piped)?);
        }
        piped.ok_or_else(|| Fault::Syntax("missing value for command".to_owned()))
    }

    fn command(&mut self, command: &[Operand], piped: Option<Argument>) -> Result<Argument, Fault> {
        let (first, rest) =
            command.split_first().ok_or_else(|| Fault::Syntax("missing value for command".to_owned()))?;
        let Operand::Function(name) = first else {
            if !rest.is_empty() || piped.is_some() {
                return Err(Fault::Syntax("can't give argument to non-function".to_owned()));
            }
            return self.operand(first);
        };
        let mut arguments = rest.iter().map(|operand| self.operand(operand)).collect::<Result<Vec<_>, _>>()?;
        arguments.extend(piped);
        let text = calls::call(name, &arguments, self.translator, self.unhandled).map_err(Fault::Syntax)?;
        Ok(Argument::Text(text))
    }

    fn operand(&mut self, operand: &Operand) -> Result<Argument, Fault> {
        match operand {
            Operand::Text(text, _) => Ok(Argument::Text(Text::literal(text))),
            Operand::Constant(written) | Operand::Field(written) => Ok(Argument::Constant((*written).to_owned())),
            Operand::Pipe(pipe) => self.value(pipe),
            Operand::Function(_) => self.command(std::slice::from_ref(operand), None),
        }
    }

    /// Returns the pipeline as it is written, but for the calls that HCL2 answers: their values stand in quotes.
    fn rewritten(&mut self, pipe: &Pipe) -> Result<Text, Fault> {
        let mut whole = Text::default();
        for (index, command) in pipe.iter().enumerate() {
            if index > 0 {
                whole.push_literal(" | ");
            }
            if index == 0 && matches!(&command[0], Operand::Function(name) if is_answered(self.place, name)) {
                let value = self.command(command, None)?;
                whole.push(calls::quoted(&value));
                continue;
            }
            for (index, operand) in command.iter().enumerate() {
                if index > 0 {
                    whole.push_literal(" ");
                }
                match operand {
                    Operand::Function(name) if index > 0 && is_answered(self.place, name) => {
                        let value = self.operand(operand)?;
                        whole.push(calls::quoted(&value));
                    }
                    Operand::Function(written)
                    | Operand::Text(_, written)
                    | Operand::Constant(written)
                    | Operand::Field(written) => whole.push_literal(written),
                    Operand::Pipe(inner) => {
                        whole.push_literal("(");
                        whole.push(self.rewritten(inner)?);
                        whole.push_literal(")");
                    }
                }
            }
        }
        Ok(whole)
    }
}
