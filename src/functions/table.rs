//! The functions by name, as `eval` asks for them, and as the docs list them.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::PathBuf;
use std::sync::LazyLock;

use super::{
    Cx, Function, Looks, Param, Shape, charset, collection, crypto, csv, datetime, encoding, fileset, filesystem,
    format, lazy, network, number, param, regex, secret_stores, string, template_file, types, yaml,
};
use crate::diagnostics::Diagnostics;
use crate::eval::{CallError, Functions, LazyArgument, Parameter, Scope, Signature};
use crate::host::Host;
use crate::value::Value;

/// The families with their headings, in the order of the docs.
const FAMILIES: &[(&str, &[&[Function]])] = &[
    ("Text", &[string::FUNCTIONS, format::FUNCTIONS, regex::FUNCTIONS]),
    ("Collections", &[collection::SEQUENCES, collection::KEYED, collection::SETS]),
    ("Numbers and logic", &[number::FUNCTIONS]),
    ("Encoding", &[encoding::FUNCTIONS, charset::FUNCTIONS, csv::FUNCTIONS, yaml::FUNCTIONS]),
    ("Hashes and ids", &[crypto::FUNCTIONS]),
    ("Files and paths", &[filesystem::FUNCTIONS, fileset::FUNCTIONS, template_file::FUNCTIONS]),
    ("Date and time", &[datetime::FUNCTIONS]),
    ("Networks", &[network::FUNCTIONS]),
    ("Secrets", &[secret_stores::FUNCTIONS]),
    ("Types and errors", &[lazy::FUNCTIONS]),
];

static BY_NAME: LazyLock<BTreeMap<&'static str, &'static Function>> =
    LazyLock::new(|| all().map(|function| (function.name, function)).collect());

/// Iterates over the functions that expressions may use, by family.
pub fn all() -> impl Iterator<Item = &'static Function> {
    FAMILIES.iter().flat_map(|(_, tables)| tables.iter()).flat_map(|table| table.iter())
}

/// The functions that expressions may use everywhere but in variable defaults.
pub struct Table(Cx);

impl Table {
    /// Makes the table for a template in `base_dir` (`path.root`, as given on the command line).
    pub fn new(host: Host, base_dir: impl Into<PathBuf>) -> Table {
        Table(Cx { host, base_dir: base_dir.into(), in_template_file: false })
    }

    /// Makes the table for a file that a call in `cx` renders.
    pub fn in_template_file(cx: &Cx) -> Table {
        Table(Cx { host: cx.host.clone(), base_dir: cx.base_dir.clone(), in_template_file: true })
    }
}

impl Functions for Table {
    fn names(&self) -> Vec<&'static str> {
        BY_NAME.keys().copied().collect()
    }

    fn signature(&self, name: &str) -> Option<Signature> {
        BY_NAME.get(name).map(|function| signature(function))
    }

    fn call(&self, name: &str, args: &[Value]) -> Result<Value, CallError> {
        match BY_NAME.get(name) {
            Some(function) => call(function, &self.0, args),
            None => Err(CallError::Failed(format!("there is no function named {name:?}"))),
        }
    }

    fn check(&self, name: &str, args: &[Value]) -> Result<(), CallError> {
        types::check(name, args)
    }

    fn call_lazy(
        &self,
        name: &str,
        args: &[LazyArgument<'_>],
        scope: &Scope<'_>,
        diagnostics: &mut Diagnostics,
    ) -> Value {
        lazy::call(name, args, scope, diagnostics)
    }

    fn why_missing(&self, name: &str) -> Option<&'static str> {
        (name == ENV.name).then_some("It may be called in the default of a variable only.")
    }
}

/// The one function that variable defaults may use, and nothing else may: `env` (HCL-29, HCL-30).
pub struct VariableDefaults(Cx);

impl VariableDefaults {
    /// Makes the table; `env` reads the environment of `host`.
    pub fn new(host: Host) -> VariableDefaults {
        VariableDefaults(Cx { host, base_dir: PathBuf::new(), in_template_file: false })
    }
}

static ENV: Function = Function {
    name: "env",
    params: &[param("key", Shape::String)],
    rest: None,
    returns: Shape::String,
    looks: Looks::Deep,
    call: |cx, args| Ok(cx.host.env(super::text(args, 0)).unwrap_or_default().into()),
    about: "The environment variable `key`, empty when it is not set. Only in the default of a variable.",
    examples: &[],
};

impl Functions for VariableDefaults {
    fn names(&self) -> Vec<&'static str> {
        vec![ENV.name]
    }

    fn signature(&self, name: &str) -> Option<Signature> {
        (name == ENV.name).then(|| signature(&ENV))
    }

    fn call(&self, name: &str, args: &[Value]) -> Result<Value, CallError> {
        if name == ENV.name {
            call(&ENV, &self.0, args)
        } else {
            Err(CallError::Failed(format!("there is no function named {name:?} here")))
        }
    }
}

fn signature(function: &Function) -> Signature {
    // Who only moves parts about can do so before all of them are known.
    let unknown = matches!(function.looks, Looks::Shallow | Looks::InTurn);
    let parameter = |param: &Param| Parameter { name: param.name, ty: param.shape.ty(), null: param.null, unknown };
    Signature {
        params: function.params.iter().map(parameter).collect(),
        rest: function.rest.as_ref().map(parameter),
        returns: function.returns.ty(),
        lazy: function.looks == Looks::Lazily,
    }
}

fn call(function: &Function, cx: &Cx, args: &[Value]) -> Result<Value, CallError> {
    if function.looks == Looks::InTurn || args.iter().all(Value::is_known) {
        return (function.call)(cx, args);
    }
    types::check(function.name, args)?;
    Ok(Value::unknown(function.returns.ty()))
}

/// Returns the page of all functions, in Markdown.
pub fn markdown() -> String {
    let mut page = String::from(
        "# Functions\n\nEvery function that an expression may call. This page is printed from the table that calls them; \
         what stands behind `#` is what the expression gives, and is tested.\n",
    );
    for (heading, tables) in FAMILIES {
        let _ = write!(page, "\n## {heading}\n");
        let mut functions: Vec<&Function> = tables.iter().flat_map(|table| table.iter()).collect();
        functions.sort_by_key(|function| function.name);
        for function in functions {
            describe(function, &mut page);
        }
    }
    page.push_str("\n## In variable defaults only\n");
    describe(&ENV, &mut page);
    page
}

impl Function {
    /// Returns how it is called: `replace(str, substr, replace)`.
    fn header(&self) -> String {
        let mut params: Vec<String> = self.params.iter().map(|param| param.name.to_owned()).collect();
        params.extend(self.rest.map(|rest| format!("{}…", rest.name)));
        format!("{}({})", self.name, params.join(", "))
    }

    /// Returns how it is called, what it does, and examples, for people at a terminal.
    pub fn explained(&self) -> String {
        let mut text = format!("{}\n\n{}", self.header(), self.about);
        for (index, (expression, expected)) in self.examples.iter().enumerate() {
            let _ = write!(text, "{}\n  {expression}  # {expected}", if index == 0 { "\n" } else { "" });
        }
        text
    }
}

fn describe(function: &Function, page: &mut String) {
    let _ = write!(page, "\n### {}\n\n{}\n", function.header(), function.about);
    if !function.examples.is_empty() {
        page.push_str("\n```hcl\n");
        for (expression, expected) in function.examples {
            let _ = writeln!(page, "{expression}  # {expected}");
        }
        page.push_str("```\n");
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::value::Type;

    #[test]
    fn no_name_is_given_twice_and_each_says_what_it_does() {
        assert_eq!(all().count(), BY_NAME.len());
        for function in all() {
            assert!(function.about.ends_with('.'), "{}", function.name);
        }
    }

    #[test]
    fn who_misses_a_function_is_told_why() {
        let table = Table::new(Host::fixed(Path::new("/"), &[]), ".");
        assert!(table.why_missing("env").unwrap().contains("default of a variable"));
        assert_eq!(table.why_missing("nosuch"), None);
    }

    #[test]
    fn env_reads_the_environment_and_stands_alone() {
        // HCL-29, FN-115
        let host = Host::fixed(Path::new("/"), &[("DEMO", "x")]);
        let defaults = VariableDefaults::new(host.clone());
        assert_eq!(defaults.call("env", &["DEMO".into()]), Ok("x".into()));
        assert_eq!(defaults.call("env", &["NOTHING".into()]), Ok("".into()));
        assert_eq!(defaults.signature("upper"), None);
        assert_eq!(Table::new(host, "").signature("env"), None);
    }

    #[test]
    fn unknown_parts_hold_up_only_who_looks_at_them() {
        // FN-5
        let table = Table::new(Host::fixed(Path::new("/"), &[]), "");
        let deep = |name: &str| !table.signature(name).unwrap().params[0].unknown;
        assert!(deep("join") && deep("sort") && !deep("length") && !deep("keys"));
        let list = Value::list(Type::String, [Value::unknown(Type::String)]);
        assert_eq!(table.call("length", std::slice::from_ref(&list)), Ok(1.into()));
        assert_eq!(table.call("length", &[Value::unknown(list.ty())]), Ok(Value::unknown(Type::Number)));
    }

    #[test]
    fn the_page_lists_every_function_with_its_parameters() {
        let page = markdown();
        assert!(page.contains("### replace(str, substr, replace)"), "{page}");
        assert!(page.contains("### env(key)"));
        assert!(page.contains("### max(numbers…)"));
    }
}
