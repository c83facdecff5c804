//! What each function of `{{ }}` becomes in HCL2.
//!
//! Knows no syntax of either: gets arguments, gives text.

use super::text::{Text, escape};
use super::translate::Translator;
use super::variables::name as variable_name;

/// A value on its way into a function.
#[derive(Clone, Debug)]
pub enum Argument {
    /// A text.
    Text(Text),
    /// A number, or another constant, as it is written.
    Constant(String),
}

/// Functions that stay, with how HCL2 would say it and the page that tells more (UPG-16).
const KEPT: &[(&str, &str, &str)] = &[
    ("lower", "`lower(var.example)`", "functions/string/lower"),
    ("upper", "`upper(var.example)`", "functions/string/upper"),
    ("split", "`split(separator, string)`", "functions/string/split"),
    ("replace", REPLACE, "functions/string/replace"),
    ("replace_all", REPLACE, "functions/string/replace"),
    (
        "clean_resource_name",
        "use custom validation rules, `replace(string, substring, replacement)` or `regex_replace(string, substring, \
         replacement)`",
        "variables#custom-validation-rules",
    ),
];

const REPLACE: &str = "`replace(string, substring, replacement)` or `regex_replace(string, substring, replacement)`";

/// Functions that become something else.
const TRANSLATED: &[&str] = &[
    "aws_secretsmanager",
    "build",
    "build_name",
    "build_type",
    "data",
    "env",
    "isotime",
    "packer_version",
    "pwd",
    "strftime",
    "template_dir",
    "timestamp",
    "user",
    "uuid",
];

/// Functions of Go's.
const BUILTIN: &[&str] = &[
    "and", "call", "eq", "ge", "gt", "html", "index", "js", "le", "len", "lt", "ne", "not", "or", "print", "printf",
    "println", "slice", "urlquery",
];

/// Whether an upgrade knows the function.
pub fn is_ours(name: &str) -> bool {
    TRANSLATED.contains(&name) || is_kept(name)
}

/// Whether the function stays, and is commented on.
pub fn is_kept(name: &str) -> bool {
    KEPT.iter().any(|(kept, ..)| *kept == name)
}

/// Whether the function belongs to Go's templates.
pub fn is_builtin(name: &str) -> bool {
    BUILTIN.contains(&name)
}

/// Whether the function means something in the options of components alone.
pub fn is_of_builds(name: &str) -> bool {
    matches!(name, "build" | "build_name" | "build_type" | "clean_resource_name" | "data")
}

/// Returns what a call becomes.
///
/// # Errors
/// In Go's words, when the arguments do not fit.
///
/// # Source
/// UPG-10 … UPG-16. `build_name` and `build_type` are what HCL2 calls the source's.
pub fn call(
    name: &str,
    arguments: &[Argument],
    translator: &mut Translator,
    unhandled: &mut Vec<&'static str>,
) -> Result<Text, String> {
    if let Some((kept, ..)) = KEPT.iter().find(|(kept, ..)| *kept == name) {
        unhandled.push(kept);
        return stays(name, arguments);
    }
    let fits = match name {
        "isotime" | "strftime" => true,
        "aws_secretsmanager" => (1..=2).contains(&arguments.len()),
        "user" | "env" | "build" | "data" => arguments.len() == 1,
        _ => arguments.is_empty(),
    };
    if !fits {
        let wanted = usize::from(matches!(name, "aws_secretsmanager" | "user" | "env" | "build" | "data"));
        return Err(format!("wrong number of args for {name}: want {wanted} got {}", arguments.len()));
    }
    let text = |index: usize| match arguments.get(index) {
        Some(Argument::Text(text)) => {
            text.as_literal().map(str::to_owned).ok_or_else(|| format!("the argument of {name} has to be a plain text"))
        }
        Some(Argument::Constant(written)) => Err(format!("wrong type for value; expected string; got {written}")),
        None => Err(format!("wrong number of args for {name}")),
    };
    let formatted = |function: &str, layout: &str| {
        let mut call = format!("${{{function}(\"");
        escape(layout, &mut call);
        Text::raw(call + "\")}")
    };
    Ok(match name {
        "user" => {
            let variable = text(0)?;
            let root = if translator.locals.contains(&variable) { "local" } else { "var" };
            Text::raw(format!("${{{root}.{}}}", variable_name(&variable)))
        }
        "env" => formatted("env", &text(0)?),
        "build" => Text::raw(format!("${{build.{}}}", text(0)?)),
        "data" => Text::raw(format!("${{data.{}}}", text(0)?)),
        "build_name" => Text::raw("${source.name}"),
        "build_type" => Text::raw("${source.type}"),
        "template_dir" => Text::raw("${path.root}"),
        "pwd" => Text::raw("${path.cwd}"),
        "packer_version" => Text::raw("${packer.version}"),
        "uuid" => Text::raw("${uuidv4()}"),
        "timestamp" => {
            translator.used.timestamp = true;
            Text::raw("${local.timestamp}")
        }
        "isotime" | "strftime" if arguments.is_empty() => Text::raw("${timestamp()}"),
        "isotime" => {
            translator.used.isotime = true;
            formatted("legacy_isotime", &text(0)?)
        }
        "strftime" => {
            translator.used.strftime = true;
            formatted("legacy_strftime", &text(0)?)
        }
        "aws_secretsmanager" => {
            let key = if arguments.len() > 1 { Some(text(1)?) } else { None };
            let (index, _) = translator.secrets.insert_full((text(0)?, key));
            Text::raw(format!("${{data.amazon-secretsmanager.autogenerated_{}.value}}", index + 1))
        }
        _ => return Err(format!("function {name:?} not defined")),
    })
}

/// Returns a call as it stays in the text, its values filled in.
fn stays(name: &str, arguments: &[Argument]) -> Result<Text, String> {
    let wanted = match name {
        "lower" | "upper" | "clean_resource_name" => 1,
        "replace" => 4,
        _ => 3,
    };
    if arguments.len() != wanted {
        return Err(format!("wrong number of args for {name}: want {wanted} got {}", arguments.len()));
    }
    let mut order: Vec<&Argument> = arguments.iter().collect();
    if name == "replace" {
        order.swap(2, 3);
    }
    let mut whole = Text::literal(format!("{{{{ {name}"));
    for argument in order {
        whole.push_literal(" ");
        whole.push(quoted(argument));
    }
    whole.push_literal(" }}");
    Ok(whole)
}

/// Returns a value as it stands in an action.
pub fn quoted(argument: &Argument) -> Text {
    match argument {
        Argument::Constant(written) => Text::literal(written),
        Argument::Text(text) if text.has_literal('`') => text.in_quotes(),
        Argument::Text(text) => {
            let mut whole = Text::literal("`");
            whole.push(text.clone());
            whole.push_literal("`");
            whole
        }
    }
}

/// Returns the lines about a call that stays, each but the first with its `#` (UPG-16, UPG-26).
pub fn advice(name: &str) -> String {
    if name == "build" {
        return "unhandled \"build\" call:\n# an override is read before anything is known of the running build.\n\
                # Please move what needs it to a provisioner of its own, with `only`."
            .to_owned();
    }
    let (_, correspondence, page) =
        KEPT.iter().find(|(kept, ..)| *kept == name).copied().unwrap_or((name, "an expression", "expressions"));
    format!(
        "unhandled {name:?} call:\n# there is no way to automatically upgrade the {name:?} call.\n\
         # Please manually upgrade to {correspondence}\n\
         # Visit https://developer.hashicorp.com/packer/docs/templates/hcl_templates/{page} to see how."
    )
}
