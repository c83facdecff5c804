//! What must hold for every text, however broken: no panic, no place outside of the text, nothing lost.
//!
//! Knows nothing of how the texts come about: the fuzz targets invent them, `tests/fuzz_corpus.rs` replays stored ones.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use packer::diagnostics::{Diagnostics, FileId, SourceMap, render::render};
use packer::eval::{
    CallError, Functions, LazyArgument, Scope, Signature, apply_defaults, evaluate, references, references_of_body,
    type_expression, type_expression_plain,
};
use packer::functions::Table;
use packer::host::Host;
use packer::syntax::{self, ast, json, lexer};
use packer::value::{Members, Type, Value, console, convert::convert};

/// Texts longer than this teach nothing new, and take longer.
const LONGEST: usize = 4096;

/// How many calls one evaluation may make: loops in loops are slow by right.
const CALLS: usize = 2000;

/// Runs the check called `name`.
pub fn check(name: &str, bytes: &[u8]) {
    let bytes = &bytes[..bytes.len().min(LONGEST)];
    match name {
        "scanner" => scanner(&String::from_utf8_lossy(bytes)),
        "format" => format(&String::from_utf8_lossy(bytes)),
        "parser" => parser(bytes),
        "json" => json(bytes),
        "legacy" => legacy(bytes),
        "gotemplate" => gotemplate(&String::from_utf8_lossy(bytes)),
        "types" => types(&String::from_utf8_lossy(bytes)),
        "evaluator" => evaluator(&String::from_utf8_lossy(bytes)),
        _ => panic!("there is no check called {name:?}"),
    }
}

/// Tokens tile the text.
fn scanner(text: &str) {
    for tokens in [lexer::scan(text), lexer::scan_template(text)] {
        let mut at = 0;
        for token in &tokens {
            assert_eq!(token.start, at, "{token:?} does not follow the one before");
            at = token.end;
            assert!(text.is_char_boundary(at as usize), "{token:?} ends inside a character");
        }
        assert_eq!(at as usize, text.len(), "the tokens do not reach the end");
        assert_eq!(tokens.iter().filter(|token| token.kind == lexer::Kind::End).count(), 1);
    }
}

/// Layout changes blanks alone; a template keeps its tokens and is done after once.
fn format(text: &str) {
    let laid_out = syntax::format(text);
    let squeezed = |text: &str| text.replace([' ', '\t', '\u{feff}'], "");
    assert_eq!(squeezed(&laid_out), squeezed(text), "more than blanks has changed");
    let sources = SourceMap::default();
    let id = sources.add("t", text);
    if syntax::parse(id, &sources).1.has_errors() {
        return;
    }
    let tokens = |text: &str| {
        let all = lexer::scan_meaning(text).into_iter();
        all.map(|token| (token.kind, token.text(text).to_owned()))
            .filter(|one| one.0 != lexer::Kind::ByteOrderMark)
            .collect::<Vec<_>>()
    };
    assert_eq!(tokens(&laid_out), tokens(text), "the tokens have changed");
    assert_eq!(syntax::format(&laid_out), laid_out, "a second time changes more");
}

/// Any text has a tree; each mistake in it can be shown.
fn parser(bytes: &[u8]) {
    let sources = SourceMap::default();
    let (id, mut said) = syntax::decode("t.pkr.hcl", bytes.to_vec(), &sources);
    let (file, problems) = syntax::parse(id, &sources);
    said.append(problems);
    show(&said, id, &sources);
    references_of_body(&file.body);
    for (expr, said) in [syntax::parse_expression(id, &sources), syntax::parse_template(id, &sources)] {
        show(&said, id, &sources);
        assert!(said.has_errors() || !matches!(expr.kind, ast::ExprKind::Invalid), "nobody says what is wrong");
        references(&expr);
    }
}

/// The same for JSON, as template, as values, and with its blocks told apart.
fn json(bytes: &[u8]) {
    let sources = SourceMap::default();
    let (id, mut said) = syntax::decode("t.pkr.json", bytes.to_vec(), &sources);
    let (file, problems) = json::parse(id, &sources);
    said.append(problems);
    let labels = |kind: &str| match kind {
        "source" | "data" => Some(2),
        "variable" | "local" => Some(1),
        "build" | "locals" | "packer" => Some(0),
        _ => None,
    };
    let body = file.body.unfolded(&labels, &mut said);
    references_of_body(&body);
    for attribute in body.blocks.iter().flat_map(|block| &block.body.attributes).chain(&body.attributes) {
        let expr = json::expression_in(&attribute.expr, &sources, &mut said);
        type_expression(&expr, &mut said);
    }
    show(&said, id, &sources);
    let (body, said) = json::parse_values(id, &sources);
    show(&said, id, &sources);
    references_of_body(&body);
}

/// A legacy template is a model, or there are mistakes, which can be shown.
fn legacy(bytes: &[u8]) {
    let sources = SourceMap::default();
    let (id, mut said) = syntax::decode("t.json", bytes.to_vec(), &sources);
    let (template, problems) = packer::legacy::parse(id, &sources);
    assert_eq!(template.is_none(), problems.has_errors(), "no model, and nobody says why");
    said.append(problems);
    if let Some(template) = template {
        upgraded(&template, id, &sources);
    }
    show(&said, id, &sources);
    if let Err(problems) = packer::legacy::fix::fixed(id, &sources) {
        assert!(problems.has_errors(), "not fixed, and nobody says why");
        show(&problems, id, &sources);
    }
}

/// Returns the HCL2 template that is made of a legacy one.
fn upgraded(template: &packer::legacy::Template, id: FileId, sources: &SourceMap) -> String {
    let text = &sources.get(id).text;
    packer::legacy::upgrade::upgrade(template, text, packer::legacy::upgrade::Annotations::None, &|_| true).text
}

/// A template is checked and rendered, or refused in words that name it; what is no template stays as it is.
fn gotemplate(text: &str) {
    let host = Host::fixed(std::path::Path::new("/nowhere"), &[]);
    let (user, template_dir) = ([("a".into(), "b".into())].into(), "/".to_owned());
    let legacy = Some(Arc::new(packer::gotemplate::Legacy { user, template_dir }));
    let engine = packer::gotemplate::Engine { host, build_name: "n".into(), build_type: "t".into(), legacy };
    let fields = packer::gotemplate::Fields::of([("Vars", "v".to_owned())]);
    let checked = engine.check(text);
    match engine.render(text, &fields) {
        Ok(rendered) => {
            assert!(checked.is_ok(), "what cannot be parsed was rendered");
            assert!(text.contains("{{") || rendered == text, "a text without actions has changed");
        }
        Err(reason) => assert!(reason.starts_with("template: root:"), "{reason}"),
    }
    let value = Value::string(text);
    let json = packer::value::json::write(&value).unwrap_or_default();
    let sources = SourceMap::default();
    let id = sources.add("t.json", format!("{{\"builders\": [{{\"type\": \"null\", \"k\": {json}}}]}}"));
    if let (Some(template), _) = packer::legacy::parse(id, &sources) {
        let text = upgraded(&template, id, &sources);
        let (_, problems) = syntax::parse(sources.add("new.pkr.hcl", text.as_str()), &sources);
        assert!(problems.is_empty(), "the new template cannot be read: {problems:?}\n{text}");
    }
}

/// The first line is a type, the others a value: what does not convert is refused, the rest has that type.
fn types(text: &str) {
    let (first, rest) = text.split_once('\n').unwrap_or((text, "null"));
    let sources = SourceMap::default();
    let id = sources.add("type", first);
    let (expr, mut said) = syntax::parse_expression(id, &sources);
    type_expression_plain(&expr, &mut Diagnostics::new());
    let (ty, defaults) = type_expression(&expr, &mut said);
    show(&said, id, &sources);
    let _ = (ty.friendly(), ty.clone() == Type::Any);
    let none = Members::new();
    let given = value_of(rest, &Scope::new(&none, &packer::eval::NoFunctions));
    let Ok(converted) = convert(&apply_defaults(&defaults, &given), &ty) else { return };
    let _ = console::render(&converted);
    if converted.is_wholly_known() {
        let again = convert(&converted, &ty).expect("a value of a type converts to it");
        assert_eq!(again, converted, "a second conversion changes the value");
    }
}

/// Expressions have a value or a mistake; both can be shown.
fn evaluator(text: &str) {
    let host = Host::fixed(std::path::Path::new("/nowhere"), &[]);
    let functions = Bounded { table: Table::new(host, "."), calls: AtomicUsize::new(0) };
    let variables = variables();
    let value = value_of(text, &Scope::new(&variables, &functions));
    let _ = console::render(&value);
    let _ = (value.ty().friendly(), value.is_wholly_known());
    if value.is_wholly_known() {
        assert_eq!(value, value.clone(), "a value differs from itself");
    }
}

/// Evaluates `text`; what is wrong with it is shown and counts as unknown.
fn value_of(text: &str, scope: &Scope<'_>) -> Value {
    let sources = SourceMap::default();
    let id = sources.add("text", text);
    let (expr, said) = syntax::parse_expression(id, &sources);
    show(&said, id, &sources);
    if said.has_errors() {
        return Value::unknown(Type::Any);
    }
    let mut said = Diagnostics::new();
    let value = evaluate(&expr, scope, &mut said);
    show(&said, id, &sources);
    value
}

/// Every place is one of the text, and every diagnostic can be rendered.
fn show(said: &Diagnostics, id: FileId, sources: &SourceMap) {
    let length = sources.get(id).text.len();
    // Two hundred are as good as all, and all would be quadratic in texts that are wrong everywhere.
    for diagnostic in said.iter().take(200) {
        for span in diagnostic.span.iter().chain(&diagnostic.context).filter(|span| span.file == id) {
            assert!(span.start <= span.end && span.end as usize <= length + 1, "{span:?} of {diagnostic:?}");
        }
        render(diagnostic, sources);
    }
}

/// A value of every kind.
fn variables() -> Members {
    let name = |name: &str| Arc::<str>::from(name);
    let object = Value::object([(name("a"), 1.into()), (name("b"), "x".into())]);
    let all = [
        ("l", Value::list(Type::String, ["x".into(), "y".into()])),
        ("s", Value::set(Type::String, ["b".into(), "a".into()])),
        ("m", Value::map(Type::Number, [(name("k"), 1.into()), (name("l"), 2.into())])),
        ("o", object),
        ("t", Value::tuple([1.into(), "é".into(), Value::null(Type::Any)])),
        ("n", Value::null(Type::list(Type::String))),
        ("secret", Value::from("hunter2").sensitive(true)),
        ("u", Value::unknown(Type::Any)),
        ("us", Value::unknown(Type::String)),
        ("ul", Value::unknown(Type::list(Type::Number))),
    ];
    all.into_iter().map(|(text, value)| (name(text), value)).collect()
}

/// The whole table, but for what looks at the world outside or is slow on purpose, and not without end.
struct Bounded {
    table: Table,
    calls: AtomicUsize,
}

/// Functions that read files, ask servers, or are slow on purpose.
const LEFT_OUT: [&str; 15] = [
    "aws_secretsmanager",
    "aws_secretsmanager_raw",
    "bcrypt",
    "consul_key",
    "file",
    "filebase64",
    "fileexists",
    "filemd5",
    "fileset",
    "filesha1",
    "filesha256",
    "filesha512",
    "rsadecrypt",
    "templatefile",
    "vault",
];

impl Functions for Bounded {
    fn names(&self) -> Vec<&'static str> {
        self.table.names()
    }

    fn signature(&self, name: &str) -> Option<Signature> {
        self.table.signature(name).filter(|_| !LEFT_OUT.contains(&name))
    }

    fn call(&self, name: &str, args: &[Value]) -> Result<Value, CallError> {
        if self.calls.fetch_add(1, Ordering::Relaxed) >= CALLS {
            return Err(CallError::Failed("there were too many calls".to_owned()));
        }
        self.table.call(name, args)
    }

    fn check(&self, name: &str, args: &[Value]) -> Result<(), CallError> {
        self.table.check(name, args)
    }

    fn call_lazy(
        &self,
        name: &str,
        args: &[LazyArgument<'_>],
        scope: &Scope<'_>,
        diagnostics: &mut Diagnostics,
    ) -> Value {
        self.table.call_lazy(name, args, scope, diagnostics)
    }
}
