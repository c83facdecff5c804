//! `{{ … }}`: Go's text/template, for settings that are rendered with what the engine knows.
//!
//! Unaware of components: whoever renders gives the data.

mod builtins;
mod exec;
mod format;
mod functions;
mod layout;
mod lex;
mod literal;
mod parse;
pub mod stores;
mod tree;
mod value;
mod verbs;

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

pub use functions::{OWN, UNSET, Variables};

use functions::Context;

use crate::host::Host;
use crate::value::Value;

/// How the text ends that stands for what a running build will know; `{{ build }}` waits for such a value (JSON-40).
pub const PLACEHOLDER: &str = ". To set this dynamically in the Packer template, you must use the `build` function";

/// What `{{ .Name }}` can see.
#[derive(Clone, Debug, Default)]
pub struct Fields {
    /// Name to value; texts, numbers, bools.
    pub values: BTreeMap<String, Value>,
    /// With a type name, a missing field is an error that names it; without, it prints `<no value>`.
    pub strict: Option<&'static str>,
}

impl Fields {
    /// Makes lenient fields of names and texts.
    pub fn of(values: impl IntoIterator<Item = (&'static str, String)>) -> Fields {
        let values = values.into_iter().map(|(name, text)| (name.to_owned(), Value::string(&text))).collect();
        Fields { values, strict: None }
    }
}

/// What `{{ }}` can tell of a legacy template, and of no other.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Legacy {
    /// The final values of the user variables.
    pub user: HashMap<Arc<str>, Arc<str>>,
    /// The folder of the template, absolute.
    pub template_dir: String,
}

/// The functions of the engine with the facts they tell: who builds what, where, since when.
#[derive(Clone)]
pub struct Engine {
    /// Time, environment, folders.
    pub host: Host,
    /// `{{ build_name }}`: the source's label (ENG-3); empty: not known.
    pub build_name: String,
    /// `{{ build_type }}`: the builder's type; empty: not known.
    pub build_type: String,
    /// What only a legacy template has.
    pub legacy: Option<Arc<Legacy>>,
}

/// Returns what is wrong with `text`, a template called `name` that has the functions that `is_known` tells; runs nothing.
pub fn problem(name: &str, text: &str, is_known: &dyn Fn(&str) -> bool) -> Option<String> {
    parse::parse_as(name, text, is_known).err()
}

/// How often a text is rendered before it is given up as one that never comes to rest.
const ROUNDS: usize = 100;

impl Engine {
    /// Checks that `text` is a template whose functions exist; runs nothing.
    ///
    /// # Errors
    /// In Go's words: `template: root:1: function "x" not defined`.
    pub fn check(&self, text: &str) -> Result<(), String> {
        if !text.contains("{{") {
            return Ok(());
        }
        parse::parse(text).map(drop)
    }

    /// Renders `text` once.
    ///
    /// # Errors
    /// As [`Engine::check`], and what execution meets:
    /// `template: root:1:2: executing "root" at <.X>: can't evaluate field X in type *T`.
    ///
    /// # Source
    /// JSON-36 … JSON-60, HCL-97.
    pub fn render(&self, text: &str, fields: &Fields) -> Result<String, String> {
        if !text.contains("{{") {
            return Ok(text.to_owned());
        }
        self.run(text, fields, None)
    }

    /// Renders the value of a variable: the environment and stores of secrets may be asked, and fields are left as they
    /// are (JSON-11, JSON-13).
    ///
    /// # Errors
    /// As [`Engine::render`]; with [`UNSET`] in it when a variable is not known (yet).
    pub fn render_variable(&self, text: &str, variables: &dyn Variables) -> Result<String, String> {
        if !text.contains("{{") {
            return Ok(text.to_owned());
        }
        self.run(text, &Fields::default(), Some(variables))
    }

    fn run(&self, text: &str, fields: &Fields, variables: Option<&dyn Variables>) -> Result<String, String> {
        let tree = parse::parse(text)?;
        exec::run(&tree, text, &Context { engine: self, fields, variables })
    }

    /// Renders again and again until the text no longer changes (JSON-32).
    ///
    /// # Errors
    /// As [`Engine::render`], and when the text never comes to rest.
    pub fn render_until_stable(&self, text: &str, fields: &Fields) -> Result<String, String> {
        let mut text = text.to_owned();
        for _ in 0..ROUNDS {
            let rendered = self.render(&text, fields)?;
            if rendered == text {
                return Ok(text);
            }
            text = rendered;
        }
        Err(format!("the text still changes after it was rendered {ROUNDS} times: it makes itself anew"))
    }
}

#[cfg(test)]
mod golden;

#[cfg(test)]
mod tests {
    use super::*;

    fn engine() -> Engine {
        let host = Host::fixed(std::path::Path::new("/work"), &[]);
        Engine { host, build_name: "disk-one".to_owned(), build_type: "file".to_owned(), legacy: None }
    }

    fn render(text: &str) -> Result<String, String> {
        engine().render(text, &Fields::of([("ID", "Null".to_owned())]))
    }

    fn assert_all(pairs: &[(&str, &str)]) {
        for (text, wanted) in pairs {
            assert_eq!(render(text).as_deref(), Ok(*wanted), "{text}");
        }
    }

    // JSON-38 … JSON-49
    #[test]
    fn functions_tell_about_build_time_and_texts() {
        assert_all(&[
            ("{{build_name}} {{build_type}} {{packer_version}} {{pwd}}", "disk-one file 1.16.0 /work"),
            ("{{timestamp}} {{isotime}} {{isotime `2006` | len}}", "1767323045 2026-01-02T03:04:05Z 4"),
            ("{{build `ID`}} {{.ID}} {{.Nothing}} {{upper .ID}}", "Null Null <no value> NULL"),
            ("{{upper `abc-ÅÄß é`}} {{`X` | lower | printf \"<%s>\"}}", "ABC-ÅÄß É <x>"),
            ("{{split `a-b-c` `-` 2}} {{split `abc` `` 1}} {{2 | split \"x;y;z\" \";\"}}", "c b z"),
            ("{{replace `.` `-` 2 `a.b.c.d`}} {{replace_all `` `.` `abc`}}", "a-b-c.d .a.b.c."),
            ("{{strftime \"%Y-%m-%dT%H:%M:%S %y %j %L 100%%\"}}", "2026-01-02T03:04:05 26 %j .000 100%"),
        ]);
    }

    // JSON-53, JSON-57, JSON-58
    #[test]
    fn the_language_is_gos() {
        assert_all(&[
            ("}} alone { {single} }{{/* no */}}", "}} alone { {single} }"),
            ("a  {{- ` b ` -}}  c", "a b c"),
            ("{{range $i := 3}}[{{$i}}]{{end}}{{with $x := `in`}}{{$x}}{{end}}", "[0][1][2]in"),
            ("{{if .Missing}}t{{else if eq `a` `b` `a`}}f{{end}}", "f"),
            (
                "{{define \"p\"}}<{{.}}>{{end}}{{template \"p\" `one`}}{{block \"own\" `here`}}({{.}}){{end}}",
                "<one>(here)",
            ),
            (
                "{{printf \"%s %d %05.2f %x %q\" \"a\" 7 3.14159 255 \"q\"}} {{print \"a\" 1 2 true}}",
                "a 7 03.14 ff \"q\" a1 2 true",
            ),
        ]);
    }

    // JSON-60, DIA-55
    #[test]
    fn mistakes_in_a_template_are_found_without_running_it() {
        let check = |text: &str| engine().check(text).unwrap_err();
        assert_eq!(
            check("line\n{{if true}}{{nothing `x`}}{{end}}"),
            "template: root:2: function \"nothing\" not defined"
        );
        assert!(check("line\n{{upper `x`").contains("template: root:2: un"), "{}", check("line\n{{upper `x`"));
        assert_eq!(check("{{if true}}x"), "template: root:1: unexpected EOF");
        assert_eq!(check("a{{end}}b"), "template: root:1: unexpected {{end}}");
        assert_eq!(check("a{{ else }}b"), "template: root:1: unexpected {{else}}");
        assert_eq!(check("{{$x}}"), "template: root:1: undefined variable \"$x\"");
        assert_eq!(check("{{upper x}}"), "template: root:1: function \"x\" not defined");
        assert!(engine().check("{{if true}}{{$x := 1}}{{$x}}{{end}}{{range $i, $e := .L}}{{$i}}{{$e}}{{end}}").is_ok());
        assert!(engine().check("{{`{{end}}`}}{{/* {{if}} */}}").is_ok());
    }

    #[test]
    fn what_execution_meets_is_told_with_its_place() {
        let fields = Fields { strict: Some("*docker.startContainerTemplate"), ..Fields::default() };
        let place = "template: root:1:2: executing \"root\" at <.Picture>: ";
        let error = engine().render("{{.Picture}}", &fields).unwrap_err();
        assert_eq!(error, format!("{place}can't evaluate field Picture in type *docker.startContainerTemplate"));
        let error = render("x\ny {{ env `HOME` }}").unwrap_err();
        let place = "template: root:2:5: executing \"root\" at <env `HOME`>: ";
        assert_eq!(error, format!("{place}error calling env: env vars are not allowed here"));
        assert!(
            render("{{user `x`}}")
                .unwrap_err()
                .ends_with("error calling user: only JSON templates have user variables; in HCL2, write ${var.x}")
        );
        assert!(render("{{build `X`}}").unwrap_err().contains("couldnt find X in it"));
        assert!(render("{{template_dir}}").unwrap_err().ends_with("template path not available"));
        assert!(render("{{sed `a` `b`}}").unwrap_err().contains("replace_all"));
        let error = render("{{split `a-b-c` `-` 5}}").unwrap_err();
        assert!(error.contains('5') && error.contains('3'), "{error}");
        assert!(render("{{split `a` `-`}}").unwrap_err().contains("wrong number of args for split: want 3 got 2"));
    }

    // JSON-32
    #[test]
    fn rendering_again_expands_what_came_out() {
        let text = "{{`{{upper \"y\"}}`}}";
        assert_eq!(engine().render(text, &Fields::default()).unwrap(), "{{upper \"y\"}}");
        assert_eq!(engine().render_until_stable(text, &Fields::default()).unwrap(), "Y");
        assert_eq!(engine().render_until_stable("{{ `{{` }} .Names }}", &Fields::default()).unwrap(), "<no value>");
        assert!(engine().render_until_stable("{{ `{{` }} not closed", &Fields::default()).is_err());
    }

    // JSON-46
    #[test]
    fn every_uuid_is_new() {
        let both = render("{{uuid}} {{uuid}}").unwrap();
        let (first, second) = both.split_once(' ').unwrap();
        assert_ne!(first, second);
        assert_eq!(uuid::Uuid::parse_str(first).unwrap().to_string(), first);
    }
}
