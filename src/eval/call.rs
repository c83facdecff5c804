//! Function calls: counting, converting and checking arguments, so that a function sees only what it declared.
//!
//! Knows no function; the scope has the table.

use super::expr::evaluate as evaluate_expr;
use super::fault::Fault;
use super::marks::is_sensitive_within;
use super::scope::{CallError, LazyArgument, Parameter, Scope, Signature};
use crate::diagnostics::{Diagnostic, Diagnostics, Span, did_you_mean};
use crate::syntax::ast::{Call, Expr};
use crate::value::convert::convert;
use crate::value::{Data, Type, Value};

/// Evaluates a call that stands at `span`.
///
/// # Source
/// FN-2 … FN-6, FN-10.
pub fn evaluate(call: &Call, span: Span, scope: &Scope<'_>, diagnostics: &mut Diagnostics) -> Value {
    // Calls nest deep, and each level keeps this frame and that of `arguments` or `lazy`: the rest is done elsewhere.
    let Some(signature) = scope.functions().signature(&call.name.text) else {
        return unknown_function(call, scope, diagnostics);
    };
    if signature.lazy {
        return lazy(call, &signature, span, scope, diagnostics);
    }
    let mut said = Diagnostics::new();
    let given = arguments(call, scope, &mut said);
    // What went wrong in the arguments leaves even the type of the result open.
    let sound = !said.has_errors();
    diagnostics.append(said);
    match given {
        Some(given) => apply(call, &signature, &given, sound, span, scope, diagnostics),
        None => Value::unknown(Type::Any),
    }
}

fn unknown_function(call: &Call, scope: &Scope<'_>, diagnostics: &mut Diagnostics) -> Value {
    let detail = format!("There is no function named {:?}.", &*call.name.text);
    let near =
        || did_you_mean(&call.name.text, scope.functions().names()).map(|near| format!("Did you mean {near:?}?"));
    let hint = scope.functions().why_missing(&call.name.text).map(str::to_owned).or_else(near);
    diagnostics.push(Diagnostic::error("Call to unknown function", detail).at(call.name.span).hint(hint));
    Value::unknown(Type::Any)
}

/// Stands for why a call failed when an argument is sensitive: functions quote what they were given.
const UNTOLD: &str = "(the reason could show a sensitive value)";

/// Calls a function with arguments that were evaluated, if they are `sound`; else only checks them.
fn apply(
    call: &Call,
    signature: &Signature,
    given: &[(Value, &Expr)],
    sound: bool,
    span: Span,
    scope: &Scope<'_>,
    diagnostics: &mut Diagnostics,
) -> Value {
    if let Some(error) = miscounted(call, signature, given.len(), given.last().map(|(_, expr)| *expr)) {
        diagnostics.push(error.within(span));
        return Value::unknown(Type::Any);
    }
    let sensitive = given.iter().any(|(value, _)| is_sensitive_within(value));
    let args = convert_all(given, signature, scope, diagnostics).filter(|_| sound);
    let result = match args {
        None => Value::unknown(Type::Any),
        Some(args) => invoke(call, signature, &args, scope).unwrap_or_else(|error| {
            let error = if sensitive { untold(error) } else { error };
            diagnostics.push(failure(call, &error, signature, given, span, scope));
            Value::unknown(Type::Any)
        }),
    };
    result.sensitive(sensitive)
}

/// Calls a function as far as its arguments are known; of unknown ones only the types are checked (TYP-37).
fn invoke(call: &Call, signature: &Signature, args: &[Value], scope: &Scope<'_>) -> Result<Value, CallError> {
    let mut parameters = args.iter().enumerate().map(|(index, arg)| (arg, parameter(signature, index)));
    if parameters.all(|(arg, parameter)| arg.is_wholly_known() || parameter.is_some_and(|p| p.unknown)) {
        return scope.functions().call(&call.name.text, args);
    }
    scope.functions().check(&call.name.text, args)?;
    Ok(Value::unknown(signature.returns.clone()))
}

/// Calls a function that evaluates its arguments itself.
fn lazy(call: &Call, signature: &Signature, span: Span, scope: &Scope<'_>, diagnostics: &mut Diagnostics) -> Value {
    let args = match &call.args[..] {
        [args @ .., last] if call.spread => {
            let spread = spread(vec![(evaluate_expr(last, scope, diagnostics), last)], scope, diagnostics);
            let Some(spread) = spread else { return Value::unknown(Type::Any) };
            args.iter()
                .map(LazyArgument::Expr)
                .chain(spread.into_iter().map(|(value, _)| LazyArgument::Value(value, last.span)))
                .collect()
        }
        args => args.iter().map(LazyArgument::Expr).collect::<Vec<_>>(),
    };
    if let Some(error) = miscounted(call, signature, args.len(), call.args.last()) {
        diagnostics.push(error.within(span));
        return Value::unknown(Type::Any);
    }
    let mut said = Diagnostics::new();
    let value = scope.functions().call_lazy(&call.name.text, &args, scope, &mut said);
    for diagnostic in said {
        // What concerns the call as a whole has no place of its own: the function does not know where it stands.
        diagnostics.push(if diagnostic.span.is_none() { diagnostic.at(span) } else { diagnostic });
    }
    value
}

/// Evaluates the arguments; `None` when their number is not known.
fn arguments<'c>(call: &'c Call, scope: &Scope<'_>, diagnostics: &mut Diagnostics) -> Option<Vec<(Value, &'c Expr)>> {
    let mut given = Vec::with_capacity(call.args.len());
    for expr in &call.args {
        given.push((evaluate_expr(expr, scope, diagnostics), expr));
    }
    if call.spread { spread(given, scope, diagnostics) } else { Some(given) }
}

/// Puts the elements of the last argument in its place.
fn spread<'c>(
    mut given: Vec<(Value, &'c Expr)>,
    scope: &Scope<'_>,
    diagnostics: &mut Diagnostics,
) -> Option<Vec<(Value, &'c Expr)>> {
    let (last, expr) = given.pop()?;
    match last.data() {
        Data::List(_, items) | Data::Set(_, items) | Data::Tuple(items) => {
            given.extend(items.iter().map(|item| (item.clone().sensitive(last.is_sensitive()), expr)));
            Some(given)
        }
        Data::Unknown(Type::Any | Type::List(_) | Type::Set(_) | Type::Tuple(_)) => None,
        _ => {
            let what = if last.is_null() { "null".to_owned() } else { format!("a {}", last.ty().friendly()) };
            let detail =
                format!("Only a list, set or tuple can be spread into arguments with ..., and this is {what}.");
            diagnostics.push(Fault::new("Invalid expanding argument value", detail).of(expr, scope));
            None
        }
    }
}

/// Returns what is wrong with the number of arguments, if anything.
fn miscounted(call: &Call, signature: &Signature, given: usize, last: Option<&Expr>) -> Option<Diagnostic> {
    let wanted = signature.params.len();
    let name = &*call.name.text;
    let counted = |count: usize| if count == 1 { "1 argument".to_owned() } else { format!("{count} arguments") };
    if let Some(missing) = signature.params.get(given) {
        let least = if signature.rest.is_some() { "at least " } else { "" };
        let detail = format!(
            "The function {name:?} takes {least}{}. There is none for the parameter {:?}.",
            counted(wanted),
            missing.name
        );
        return Some(Diagnostic::error("Not enough function arguments", detail).at(call.parens));
    }
    if given > wanted && signature.rest.is_none() {
        let detail = format!("The function {name:?} takes {}, and {given} are given.", counted(wanted));
        let place = call.args.get(wanted).or(last).map_or(call.parens, |expr| expr.span);
        return Some(Diagnostic::error("Too many function arguments", detail).at(place));
    }
    None
}

/// Converts each argument to its parameter; `None` when one does not do, which was reported.
fn convert_all(
    given: &[(Value, &Expr)],
    signature: &Signature,
    scope: &Scope<'_>,
    diagnostics: &mut Diagnostics,
) -> Option<Vec<Value>> {
    let mut fits = true;
    let mut args = Vec::with_capacity(given.len());
    for (index, (value, expr)) in given.iter().enumerate() {
        let parameter = parameter(signature, index)?;
        let converted = if value.is_null() && !parameter.null {
            Err("argument must not be null".to_owned())
        } else {
            convert(value, &parameter.ty).map_err(|error| error.message)
        };
        match converted {
            Ok(converted) => args.push(converted.sensitive(value.is_sensitive())),
            Err(reason) => {
                diagnostics.push(invalid(parameter, &reason).of(expr, scope));
                fits = false;
            }
        }
    }
    fits.then_some(args)
}

fn parameter(signature: &Signature, index: usize) -> Option<&Parameter> {
    signature.params.get(index).or(signature.rest.as_ref())
}

fn invalid(parameter: &Parameter, reason: &str) -> Fault {
    let reason = reason.trim_end_matches('.');
    Fault::new("Invalid function argument", format!("Invalid value for {:?} parameter: {reason}.", parameter.name))
}

fn untold(error: CallError) -> CallError {
    match error {
        CallError::Argument(index, _) => CallError::Argument(index, UNTOLD.to_owned()),
        CallError::Failed(_) => CallError::Failed(UNTOLD.to_owned()),
    }
}

fn failure(
    call: &Call,
    error: &CallError,
    signature: &Signature,
    given: &[(Value, &Expr)],
    span: Span,
    scope: &Scope<'_>,
) -> Diagnostic {
    let whole = |reason: &str| {
        let reason = reason.trim_end_matches('.');
        let detail = format!("Call to function {:?} failed: {reason}.", &*call.name.text);
        let args: Vec<&Expr> = call.args.iter().collect();
        Fault::new("Error in function call", detail).spanning(span, &args, scope)
    };
    match error {
        CallError::Failed(reason) => whole(reason),
        CallError::Argument(index, reason) => match (parameter(signature, *index), given.get(*index)) {
            (Some(parameter), Some((_, expr))) => invalid(parameter, reason).of(expr, scope).within(span),
            _ => whole(reason),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{failure, holds, run, summaries, value};
    use super::*;

    // FN-4, FN-6
    #[test]
    fn arguments_are_converted_and_spread() {
        holds(&[
            r#"join2(1, true) == "1true""#,
            r#"join2(["a", "b"]...) == "ab""#,
            r#"join2("a", set...) == "ab" || true"#,
            "count([]...) == 0 && count(1, list...) == 3",
        ]);
        for text in ["count(\"abc\"...)", "count({ a = 1 }...)", "count(null...)"] {
            assert_eq!(summaries(text), ["Invalid expanding argument value"], "{text}");
        }
    }

    // TYP-42
    #[test]
    fn why_a_call_with_a_sensitive_argument_failed_is_not_told() {
        for text in ["fail(secret)", "fail(\"${secret}s\")", "[fail(\"argument\"), fail(join2(secret, \"\"))][0]"] {
            let (_, said) = run(text);
            let last = said.last().unwrap();
            assert!(last.detail.contains(UNTOLD), "{text}: {last:?}");
        }
    }

    // FN-2, FN-3
    #[test]
    fn wrong_calls_name_function_and_parameter() {
        for (text, summary, part) in [
            ("join3()", "Call to unknown function", "There is no function named \"join3\"."),
            ("join2(1)", "Not enough function arguments", "\"second\""),
            ("join2(1, 2, 3)", "Too many function arguments", "\"join2\""),
            ("join2([\"a\", \"b\", \"c\"]...)", "Too many function arguments", "3 are given"),
            ("join2(1, [])", "Invalid function argument", "Invalid value for \"second\" parameter: string required."),
            ("join2(null, 1)", "Invalid function argument", "\"first\" parameter: argument must not be null."),
            ("fail(\"argument\")", "Invalid function argument", "Invalid value for \"reason\" parameter: it is bad."),
            ("fail(\"x\")", "Error in function call", "Call to function \"fail\" failed: it did not work."),
        ] {
            let said = failure(text);
            assert_eq!((said.summary.as_str(), said.detail.contains(part)), (summary, true), "{text}: {said:?}");
        }
        assert_eq!(failure("join3()").hint.as_deref(), Some("Did you mean \"join2\"?"));
    }

    // FN-5, TYP-37
    #[test]
    fn unknown_arguments_give_the_result_type_unless_a_type_is_wrong() {
        assert_eq!(value("join2(unknown.string, 1)"), Value::unknown(Type::String));
        assert_eq!(value("count(unknown.any)"), Value::from(1));
        assert_eq!(value("count(unknown.list...)"), Value::unknown(Type::Any));
        assert_eq!(summaries("join2(unknown.string, [])"), ["Invalid function argument"]);
        assert_eq!(summaries("join2(nosuch, [])"), ["Unknown variable", "Invalid function argument"]);
    }

    #[test]
    fn a_sensitive_argument_marks_the_result() {
        assert!(value("join2(secret, 1)").is_sensitive());
        assert!(value("count([secret])").is_sensitive());
    }
}
