//! Flags that several commands share.

use clap::{Arg, Args};

/// `-only` and `-except`.
#[derive(Args, Debug, Default, Clone)]
pub struct Select {
    /// Leave out the builds (and post-processors) with these names; patterns such as *.web? may be used.
    #[arg(long, value_name = "foo,bar", value_delimiter = ',')]
    pub except: Vec<String>,
    /// Use only the builds with these names; patterns may be used.
    #[arg(long, value_name = "foo,bar", value_delimiter = ',')]
    pub only: Vec<String>,
}

/// `-var` and `-var-file`.
#[derive(Args, Debug, Default, Clone)]
pub struct Variables {
    /// Set a variable; can be given several times.
    #[arg(long, value_name = "'key=value'", value_parser = assignment, allow_hyphen_values = true)]
    pub var: Vec<(String, String)>,
    /// Read variables from a file; can be given several times, later files win.
    #[arg(long, value_name = "path")]
    pub var_file: Vec<String>,
}

/// What nearly every command takes, also one that has no use for it; the help does not list it (CLI-22 to CLI-25).
#[derive(Args, Debug, Default, Clone)]
#[command(mut_args(hidden))]
pub struct Common {
    #[command(flatten)]
    #[expect(missing_docs, reason = "the group says it")]
    pub language: Language,
    #[command(flatten)]
    #[expect(missing_docs, reason = "the group says it")]
    pub select: Select,
    #[command(flatten)]
    #[expect(missing_docs, reason = "the group says it")]
    pub variables: Variables,
}

fn hidden(flag: Arg) -> Arg {
    let is_common = ["config_type", "except", "only", "var", "var_file"].contains(&flag.get_id().as_str());
    if is_common { flag.hide(true) } else { flag }
}

/// `-use-sequential-evaluation`.
#[derive(Args, Debug, Default, Clone, Copy)]
pub struct Evaluation {
    /// Evaluate all data sources first and all locals then, instead of each after those it needs.
    #[arg(long)]
    pub use_sequential_evaluation: bool,
}

/// `-on-error`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the help text says what each does")]
pub enum OnErrorArg {
    Cleanup,
    Abort,
    Ask,
    RunCleanupProvisioner,
}

/// `-config-type`: which language a text is taken for that no name tells it of.
#[derive(Args, Debug, Default, Clone, Copy)]
pub struct Language {
    /// What a template is taken for whose name does not tell: json or hcl2. (Default: json)
    #[arg(long, value_name = "json", value_parser = config_type)]
    pub config_type: Option<ConfigType>,
}

/// A value of `-config-type`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the help text says what each means")]
pub enum ConfigType {
    Json,
    Hcl2,
}

/// Parses the value of `-config-type`; case does not count (CLI-25).
fn config_type(text: &str) -> Result<ConfigType, String> {
    match text.to_lowercase().as_str() {
        "json" => Ok(ConfigType::Json),
        "hcl2" => Ok(ConfigType::Hcl2),
        _ => Err("expected one of [\"json\" \"hcl2\"]".to_owned()),
    }
}

/// `-output`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the help text says what each does")]
pub enum OutputArg {
    Grouped,
    Prefixed,
    Quiet,
}

/// Parses the value of `-output`; case counts.
///
/// # Errors
/// With the values there are.
pub fn output(text: &str) -> Result<OutputArg, String> {
    match text {
        "grouped" => Ok(OutputArg::Grouped),
        "prefixed" => Ok(OutputArg::Prefixed),
        "quiet" => Ok(OutputArg::Quiet),
        _ => Err("expected one of [\"grouped\" \"prefixed\" \"quiet\"]".to_owned()),
    }
}

/// Splits at the first `=` (CLI-22).
fn assignment(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or_else(|| format!("No '=' value in arg: {text}"))?;
    Ok((name.to_owned(), value.to_owned()))
}

/// Parses the value of `-on-error`; case counts (CLI-13).
///
/// # Errors
/// With the values there are.
pub fn on_error(text: &str) -> Result<OnErrorArg, String> {
    match text {
        "cleanup" => Ok(OnErrorArg::Cleanup),
        "abort" => Ok(OnErrorArg::Abort),
        "ask" => Ok(OnErrorArg::Ask),
        "run-cleanup-provisioner" => Ok(OnErrorArg::RunCleanupProvisioner),
        _ => Err("expected one of [\"cleanup\" \"abort\" \"ask\" \"run-cleanup-provisioner\"]".to_owned()),
    }
}
