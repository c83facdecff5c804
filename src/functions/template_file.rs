//! `templatefile`: a file with `${ }` and `%{ }` in it, and the values they may use.
//!
//! Nothing of the template around the call is in sight, but all functions except this one.

use super::Shape::{Any, String as Text};
use super::{Cx, Function, Looks, Table, bad, failed, filesystem, param, text};
use crate::diagnostics::{Diagnostics, Severity, SourceMap, Span};
use crate::eval::{CallError, Scope, evaluate, references};
use crate::syntax::{ast, parse_template};
use crate::value::{Members, Value};

/// The functions of this family.
pub const FUNCTIONS: &[Function] = &[Function {
    name: "templatefile",
    params: &[param("path", Text), param("vars", Any)],
    rest: None,
    returns: Any,
    looks: Looks::Shallow,
    call: |cx, args| render(cx, text(args, 0), &args[1]),
    about: "The text of a file with its `${ }` and `%{ }` replaced, in which the members of `vars` are all there is to name. A \
            file that is nothing but one `${ }` keeps the type of what stands in it. The file is looked for from the \
            template's folder.",
    examples: &[],
}];

fn render(cx: &Cx, path: &str, vars: &Value) -> Result<Value, CallError> {
    if cx.in_template_file {
        return failed("cannot recursively call templatefile from inside templatefile call");
    }
    let sources = SourceMap::default();
    let id = sources.add(path, filesystem::read_text(cx, path)?);
    let (tree, problems) = parse_template(id, &sources);
    if problems.has_errors() {
        return failed(told(&problems, &sources));
    }
    let Some(members) = vars.as_members() else { return bad(1, "invalid vars value: must be a map") };
    if let Some(name) = members.keys().find(|name| !is_identifier(name)) {
        let rule = "must start with a letter, followed by zero or more letters, digits, and underscores";
        return bad(1, format!("invalid template variable name {name:?}: {rule}"));
    }
    check_names(&tree, members, &sources)?;
    let functions = Table::in_template_file(cx);
    let mut problems = Diagnostics::new();
    let value = evaluate(&tree, &Scope::new(members, &functions), &mut problems);
    if problems.has_errors() { failed(told(&problems, &sources)) } else { Ok(value) }
}

fn check_names(tree: &ast::Expr, members: &Members, sources: &SourceMap) -> Result<(), CallError> {
    match references(tree).into_iter().find(|reference| !members.contains_key(&reference.root)) {
        None => Ok(()),
        Some(reference) => {
            let start = reference.span.range().start;
            let root = Span::new(reference.span.file, start..start + reference.root.len());
            let place = place(root, sources);
            bad(1, format!("vars map does not contain key {:?}, referenced at {place}", reference.root))
        }
    }
}

/// Returns `t.tpl:1,24-25`; the end has a line of its own if it is in another one.
fn place(span: Span, sources: &SourceMap) -> String {
    let source = sources.get(span.file);
    let (start, end) = (source.position(span.range().start), source.position(span.range().end));
    let end_line = if start.line == end.line { String::new() } else { format!("{},", end.line) };
    format!("{}:{},{}-{end_line}{}", source.name, start.line, start.column, end.column)
}

/// Puts what is wrong in the file into one sentence or several, each with its place.
fn told(problems: &Diagnostics, sources: &SourceMap) -> String {
    let errors = problems.iter().filter(|problem| problem.severity == Severity::Error);
    let told: Vec<String> = errors
        .map(|problem| {
            let place = problem.span.map_or_else(String::new, |span| place(span, sources) + ": ");
            format!("{place}{}; {}", problem.summary, problem.detail)
        })
        .collect();
    told.join("\n")
}

fn is_identifier(name: &str) -> bool {
    let mut letters = name.chars();
    letters.next().is_some_and(unicode_ident::is_xid_start)
        && letters.all(|c| c == '-' || unicode_ident::is_xid_continue(c))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::Host;
    use crate::value::{Type, json};

    fn rendered(file: &str, vars: &str) -> Result<Value, CallError> {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("t.tpl"), file).unwrap();
        let cx = Cx { host: Host::fixed(dir.path(), &[]), base_dir: ".".into(), in_template_file: false };
        render(&cx, "t.tpl", &json::read(vars).unwrap())
    }

    #[test]
    fn files_see_the_given_names_and_all_functions() {
        // FN-88
        let file = "%{ for h in hosts ~}\n${upper(h)}:${port}\n%{ endfor ~}\n";
        assert_eq!(rendered(file, r#"{"hosts": ["a", "b"], "port": 80}"#), Ok("A:80\nB:80\n".into()));
        assert_eq!(rendered("${l}", r#"{"l": [1]}"#), Ok(Value::tuple([1.into()])));
        assert_eq!(rendered("plain", "{}"), Ok("plain".into()));
    }

    #[test]
    fn what_a_file_does_wrong_is_told_with_its_place() {
        let missing = rendered("aaaaaaaaaaaaaaaaaaaaa${l}", "{}");
        assert_eq!(missing, bad(1, r#"vars map does not contain key "l", referenced at t.tpl:1,24-25"#));
        for (file, part) in [
            ("x\n${templatefile(\"t.tpl\", {})}", "cannot recursively call templatefile"),
            ("x\n${upper([])}", "t.tpl:2,"),
            ("x\n${", "t.tpl:2,"),
        ] {
            assert!(matches!(rendered(file, "{}"), Err(CallError::Failed(reason)) if reason.contains(part)), "{file}");
        }
    }

    #[test]
    fn names_must_be_such_as_a_file_can_use() {
        assert!(matches!(rendered("x", r#"{"a b": 1}"#), Err(CallError::Argument(1, _))));
        assert!(matches!(rendered("x", "[1]"), Err(CallError::Argument(1, _))));
        let cx = crate::functions::standing_still();
        assert!(matches!(render(&cx, "nothing.tpl", &Value::map(Type::String, [])), Err(CallError::Failed(_))));
    }
}
