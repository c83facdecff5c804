//! Values from outside: the environment, variable files, the command line (CLI-46 … CLI-52).

use std::path::Path;

use super::{Assigned, Origin, Variable, Variables, each_text};
use crate::diagnostics::{Diagnostic, Diagnostics, SourceMap, Span, did_you_mean};
use crate::eval::{NoFunctions, Scope, apply_defaults, evaluate, no_variables};
use crate::host::Host;
use crate::secrets::Secrets;
use crate::syntax;
use crate::syntax::ast::Body;
use crate::syntax::json;
use crate::template::files;
use crate::value::convert::convert;
use crate::value::{Type, Value};

const PREFIX: &str = "PKR_VAR_";

/// What is given from outside, and what is needed to read it.
pub struct Given<'a> {
    /// The world: its environment, its files.
    pub host: &'a Host,
    /// Where texts are kept for diagnostics.
    pub sources: &'a SourceMap,
    /// Where texts of sensitive variables go.
    pub secrets: &'a Secrets,
    /// Variable files in the order they apply: those found beside the template, then `-var-file`.
    pub files: Vec<String>,
    /// `-var`, in order.
    pub assignments: &'a [(String, String)],
    /// Whether a name in a file that no variable has is worth a warning (CLI-49).
    pub warn_undeclared: bool,
}

impl Variables {
    /// Takes the values from outside, lowest precedence first; the last one of each variable counts.
    ///
    /// The texts of sensitive variables are registered (HCL-51): of those values that count, so that no default hides words
    /// of the output when another value is given. A value that cannot be read is unknown. Returns whether every variable file could be read: what one of them
    /// would have set is not known otherwise, and nothing more can be said about the variables.
    pub fn assign(&mut self, given: &Given<'_>, diagnostics: &mut Diagnostics) -> bool {
        let mut complete = true;
        for (name, text) in given.host.environment() {
            let Some(name) = name.strip_prefix(PREFIX) else { continue };
            if let Some(variable) = self.0.get_mut(name) {
                variable.assign_text(name, text, Origin::Environment, given, diagnostics);
            }
        }
        for file in &given.files {
            match read_file(file, given, diagnostics) {
                Some(body) => self.assign_body(&body, given, diagnostics),
                None => complete = false,
            }
        }
        for (name, text) in given.assignments {
            match self.0.get_mut(name.as_str()) {
                Some(variable) => variable.assign_text(name, text, Origin::CommandLine, given, diagnostics),
                None => {
                    let near = did_you_mean(name, self.0.keys().map(|name| &**name));
                    let hint = match near {
                        Some(near) => format!("Did you mean {near:?}?"),
                        None => declaration(name),
                    };
                    let detail =
                        format!("The variable {name:?} was set by -var, and the template does not declare it.");
                    diagnostics.push(Diagnostic::error("Undefined -var variable", detail).hint(Some(hint)));
                    // The one that was meant is not to be called unset as well.
                    if let Some(meant) = near.map(str::to_owned).and_then(|near| self.0.get_mut(near.as_str())) {
                        let span = meant.span;
                        meant.assign_unknown(Origin::CommandLine, span);
                    }
                }
            }
        }
        for variable in self.0.values().filter(|variable| variable.sensitive) {
            if let Some(assigned) = &variable.assigned {
                each_text(&assigned.value, &mut |text| given.secrets.register(text));
            }
            if let Some(unfit) = &variable.unfit {
                each_text(unfit, &mut |text| given.secrets.register_derived(text));
            }
        }
        complete
    }

    fn assign_body(&mut self, body: &Body, given: &Given<'_>, diagnostics: &mut Diagnostics) {
        for attribute in &body.attributes {
            let name = &*attribute.name.text;
            let Some(variable) = self.0.get_mut(name) else {
                if given.warn_undeclared {
                    let place = given.sources.describe(attribute.span);
                    let detail =
                        format!("The variable {name:?} was set at {place}, but the template does not declare it.");
                    let near = did_you_mean(name, self.0.keys().map(|name| &**name));
                    let hint = near.map_or_else(|| declaration(name), |near| format!("Did you mean {near:?}?"));
                    // Scripts know this warning as one that shows no line.
                    let warning = Diagnostic::warning("Undefined variable", detail).within(attribute.span);
                    diagnostics.push(warning.hint(Some(hint)));
                }
                continue;
            };
            let mut found = Diagnostics::new();
            let value = evaluate(&attribute.expr, &Scope::constants(no_variables(), &NoFunctions), &mut found);
            let failed = found.has_errors();
            diagnostics.append(found);
            match failed {
                true => variable.assign_unknown(Origin::File, attribute.expr.span),
                false => variable.assign(name, &value, Origin::File, attribute.expr.span, given, diagnostics),
            }
        }
    }
}

impl Variable {
    /// Takes `text`: literally for texts, numbers and open types, else as an expression without names (CLI-48).
    fn assign_text(
        &mut self,
        name: &str,
        text: &str,
        origin: Origin,
        given: &Given<'_>,
        diagnostics: &mut Diagnostics,
    ) {
        let whence = if origin == Origin::Environment { "env" } else { "arguments" };
        let id = given.sources.add(format!("<value for var.{name} from {whence}>"), text);
        let span = Span::new(id, 0..text.len());
        let value = if matches!(self.ty, Type::String | Type::Number | Type::Any) {
            Value::string(text)
        } else {
            let (expr, mut found) = syntax::parse_expression(id, given.sources);
            let value = evaluate(&expr, &Scope::constants(no_variables(), &NoFunctions), &mut found);
            let failed = found.has_errors();
            diagnostics.append(found);
            if failed {
                if self.sensitive {
                    // What is told of the mistake shows it.
                    given.secrets.register_derived(text);
                }
                return self.assign_unknown(origin, span);
            }
            value
        };
        self.assign(name, &value, origin, span, given, diagnostics);
    }

    fn assign(
        &mut self,
        name: &str,
        value: &Value,
        origin: Origin,
        span: Span,
        given: &Given<'_>,
        diagnostics: &mut Diagnostics,
    ) {
        match convert(&apply_defaults(&self.defaults, value), &self.ty) {
            Ok(value) => {
                let value = value.sensitive(self.sensitive);
                self.assigned = Some(Assigned { value, origin, span });
            }
            Err(error) => {
                if self.sensitive {
                    each_text(value, &mut |text| given.secrets.register_derived(text));
                }
                let detail = format!("This value does not fit the type of the variable {name:?}: {}.", error.message);
                diagnostics.push(Diagnostic::error("Invalid value for variable", detail).at(span));
                self.assign_unknown(origin, span);
            }
        }
    }
}

/// Reads a variable file into its assignments; `None` after an error.
fn read_file(name: &str, given: &Given<'_>, diagnostics: &mut Diagnostics) -> Option<Body> {
    let is_json = match Path::new(name).extension().and_then(|extension| extension.to_str()) {
        Some("hcl") => false,
        Some("json") => true,
        _ => {
            let detail = "The name of a variable file must end in .hcl or .json, so that its format is known.";
            diagnostics.push(Diagnostic::error(format!("Could not guess format of {name}"), detail));
            return None;
        }
    };
    let mut found = Diagnostics::new();
    let id = match files::read(name, given.host, given.sources, &mut found) {
        Ok(id) => id,
        Err(error) => {
            diagnostics.push(files::unreadable(name, &error));
            return None;
        }
    };
    let mut body = Body::default();
    if is_json {
        let (read, problems) = json::parse_values(id, given.sources);
        found.append(problems);
        body = read;
    } else if !found.has_errors() {
        let (file, problems) = syntax::parse(id, given.sources);
        found.append(problems);
        body = file.body;
    }
    let failed = found.has_errors();
    check_blocks(&body, &mut found);
    diagnostics.append(found);
    (!failed).then_some(body)
}

/// A variable file holds assignments alone (CLI-51).
fn check_blocks(body: &Body, diagnostics: &mut Diagnostics) {
    for block in &body.blocks {
        let (summary, detail) = if &*block.kind.text == "variable" {
            let name = block.labels.first().map_or("name", |label| &label.text);
            let detail = format!(
                "A variable file gives values to variables, and does not declare them: write {name} = value. \
                 The variable block belongs into a file that ends in .pkr.hcl."
            );
            ("Variable declaration in a .pkrvar file", detail)
        } else {
            let detail = format!(
                "Blocks of type {:?} are not expected here: a variable file holds assignments alone.",
                block.kind.text
            );
            ("Unexpected block in a variable file", detail)
        };
        diagnostics.push(Diagnostic::error(summary, detail).at(block.header));
    }
}

fn declaration(name: &str) -> String {
    format!(
        "To declare it, add this to one of the template's files:\n\nvariable {name:?} {{\n  type    = string\n  default = null\n}}"
    )
}
