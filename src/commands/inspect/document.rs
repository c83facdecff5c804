//! `inspect -json`: a template's parts as one JSON object of a stable form.
//!
//! Evaluates nothing; whoever has looked at a template hands it over. No text of it holds a secret.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value as Json;

use crate::commands::Session;
use crate::commands::findings::{FORMAT_VERSION, Finding, Range, findings, pretty};
use crate::diagnostics::{SourceMap, Span};
use crate::legacy::{self, Builder, Legacy, PostProcessor, Provisioner, Text};
use crate::secrets::{MASK, Secrets};
use crate::template::{BuildLook, Look, Outline, SourceLook, StepLook, VariableOutline};
use crate::value::{Data, Members, Value};

/// What `inspect -json` writes. Lists are in the order of the text.
#[derive(Default, Serialize, JsonSchema)]
pub struct Document {
    /// Version of this format. The first number changes when a field goes away or means something else.
    pub format_version: &'static str,
    /// The language of the template: `hcl2`, or `json` for legacy templates; empty when it could not be read.
    pub mode: &'static str,
    /// What it says of itself; only legacy templates can.
    pub description: String,
    /// Constraints on the version of the program, as they are written.
    pub required_versions: Vec<String>,
    /// Plugins that are required.
    pub required_plugins: Vec<Plugin>,
    /// Input variables.
    pub variables: Vec<Variable>,
    /// Locals.
    pub locals: Vec<Local>,
    /// Data sources.
    pub data_sources: Vec<Declared>,
    /// Sources, used or not.
    pub sources: Vec<Declared>,
    /// Builds.
    pub builds: Vec<Build>,
    /// What is wrong. With an error among them the template could not be read, and the lists may be empty.
    pub diagnostics: Vec<Finding>,
}

/// A plugin that is required.
#[derive(Serialize, JsonSchema)]
pub struct Plugin {
    /// What its components begin with in this template.
    pub name: String,
    /// Where it comes from: `github.com/hashicorp/docker`.
    pub source: String,
    /// Which versions will do, as it is written.
    pub version: String,
    /// Where it is required.
    pub range: Option<Range>,
}

/// An input variable.
#[derive(Serialize, JsonSchema)]
pub struct Variable {
    /// Its name, without `var.`.
    pub name: String,
    /// Its type as templates write it: `list(string)`; `any` when anything will do.
    #[serde(rename = "type")]
    pub ty: String,
    /// What it says of itself.
    pub description: String,
    /// Whether it is declared as sensitive; then its values are masked.
    pub sensitive: bool,
    /// Whether it has no default.
    pub required: bool,
    /// Its default; null also without one.
    pub default: Json,
    /// Its value in this run.
    #[serde(flatten)]
    pub value: Shown,
    /// Its declaration.
    pub range: Option<Range>,
}

/// A local.
#[derive(Serialize, JsonSchema)]
pub struct Local {
    /// Its name, without `local.`.
    pub name: String,
    /// Whether it is declared as sensitive, or computed of something that is; then its value is masked.
    pub sensitive: bool,
    /// Its value in this run.
    #[serde(flatten)]
    pub value: Shown,
    /// Its definition.
    pub range: Option<Range>,
}

/// A value.
#[derive(Serialize, JsonSchema)]
pub struct Shown {
    /// Whether all of the value is known: it was set, and could be evaluated.
    pub known: bool,
    /// The value; what is not known in it is null. A number that JSON readers would round is a text.
    pub value: Json,
}

/// A block with a type and a name.
#[derive(Serialize, JsonSchema)]
pub struct Declared {
    /// Its type: `null`.
    #[serde(rename = "type")]
    pub kind: String,
    /// Its name.
    pub name: String,
    /// Its header.
    pub range: Option<Range>,
}

/// A build.
#[derive(Serialize, JsonSchema)]
pub struct Build {
    /// Its name; null when it has none.
    pub name: Option<String>,
    /// What it says of itself.
    pub description: String,
    /// The sources that it uses.
    pub sources: Vec<Source>,
    /// Its provisioners.
    pub provisioners: Vec<Step>,
    /// What runs when a provisioner fails.
    pub error_cleanup_provisioner: Option<Step>,
    /// Chains of post-processors: each is given what the builder made, and within a chain what the one before made.
    pub post_processors: Vec<Vec<Step>>,
    /// Its header.
    pub range: Option<Range>,
}

/// The use of a source.
#[derive(Serialize, JsonSchema)]
pub struct Source {
    /// The builder's type.
    #[serde(rename = "type")]
    pub kind: String,
    /// The name of the source.
    pub name: String,
    /// The name in this build, by which -only and -except know it.
    pub local_name: String,
    /// The header of the source.
    pub range: Option<Range>,
}

/// A provisioner or a post-processor.
#[derive(Serialize, JsonSchema)]
pub struct Step {
    /// Its type: `shell-local`.
    #[serde(rename = "type")]
    pub kind: String,
    /// What the template calls it.
    pub name: Option<String>,
    /// The builds that it is for; empty: all, but those of `except`.
    pub only: Vec<String>,
    /// The builds that it is not for.
    pub except: Vec<String>,
    /// Its header.
    pub range: Option<Range>,
}

/// Returns the JSON schema of [`Document`], indented.
pub fn schema() -> String {
    pretty(&schemars::schema_for!(Document))
}

impl Document {
    /// Makes the document of a template that could not be read.
    pub fn unreadable(session: &Session) -> Document {
        let diagnostics = findings(&session.found(), &session.sources, &session.secrets);
        Document { format_version: FORMAT_VERSION, diagnostics, ..Document::default() }
    }

    /// Makes the document of a template in HCL.
    pub fn of_hcl(outline: &Outline, look: &Look, session: &Session) -> Document {
        let show = Show { sources: &session.sources, secrets: &session.secrets };
        let declared = |all: &[(Arc<str>, Arc<str>, Span)]| all.iter().map(|one| show.declared(one)).collect();
        Document {
            mode: "hcl2",
            required_versions: outline.required_versions.clone(),
            required_plugins: outline
                .required_plugins
                .iter()
                .map(|one| Plugin {
                    name: one.local_name.to_string(),
                    source: one.source.to_string(),
                    version: one.constraints.to_string(),
                    range: show.range(one.span),
                })
                .collect(),
            variables: outline.variables.iter().map(|one| show.variable(one, look.variables())).collect(),
            locals: outline.locals.iter().map(|one| show.local(one, look.locals())).collect(),
            data_sources: declared(&outline.data_sources),
            sources: declared(&outline.sources),
            builds: look.builds.iter().map(|one| show.build(one)).collect(),
            ..Document::unreadable(session)
        }
    }

    /// Makes the document of a legacy template: builders are sources, and one build uses them all. Texts are as they are
    /// written, but for the values of variables.
    pub fn of_legacy(template: &Legacy, session: &Session) -> Document {
        let show = Show { sources: &session.sources, secrets: &session.secrets };
        let (written, values) = (template.template(), template.console().values);
        let text = |text: Option<&Text>| text.map(|text| show.text(&text.text)).unwrap_or_default();
        let texts = |texts: &[Text]| texts.iter().map(|text| show.text(&text.text)).collect();
        let variable = |one: &legacy::Variable| {
            let name = &*one.name.text;
            let sensitive = written.is_sensitive(name);
            let shown = |text: &str| Json::from(if sensitive { MASK.to_owned() } else { show.text(text) });
            let value = values.get(name);
            Variable {
                name: name.to_owned(),
                ty: "string".to_owned(),
                description: String::new(),
                sensitive,
                required: one.default.is_none(),
                default: one.default.as_ref().map(|default| shown(&default.text)).unwrap_or_default(),
                value: Shown { known: value.is_some(), value: value.map(|value| shown(value)).unwrap_or_default() },
                range: show.range(one.name.span),
            }
        };
        let provisioner = |one: &Provisioner| Step {
            kind: show.text(&one.kind.text),
            name: None,
            only: texts(&one.only),
            except: texts(&one.except),
            range: show.range(one.span),
        };
        let post_processor = |one: &PostProcessor| Step {
            kind: show.text(&one.kind.text),
            name: one.name.as_ref().map(|name| show.text(&name.text)),
            only: texts(&one.only),
            except: texts(&one.except),
            range: show.range(one.span),
        };
        let source = |one: &Builder| Source {
            kind: show.text(&one.kind.text),
            name: show.text(one.raw_name()),
            local_name: show.text(one.raw_name()),
            range: show.range(one.span),
        };
        let build = Build {
            name: None,
            description: String::new(),
            sources: written.builders.iter().map(source).collect(),
            provisioners: written.provisioners.iter().map(provisioner).collect(),
            error_cleanup_provisioner: written.clean_up.as_ref().map(provisioner),
            post_processors: written.chains.iter().map(|chain| chain.iter().map(post_processor).collect()).collect(),
            range: None,
        };
        let declared = |one: &Builder| Declared {
            kind: show.text(&one.kind.text),
            name: show.text(one.raw_name()),
            range: show.range(one.span),
        };
        Document {
            mode: "json",
            description: text(written.description.as_ref()),
            required_versions: written.min_packer_version.iter().map(|one| format!(">= {}", one.text)).collect(),
            variables: written.variables.iter().map(variable).collect(),
            sources: written.builders.iter().map(declared).collect(),
            builds: vec![build],
            ..Document::unreadable(session)
        }
    }
}

struct Show<'s> {
    sources: &'s SourceMap,
    secrets: &'s Secrets,
}

impl Show<'_> {
    fn range(&self, span: Span) -> Option<Range> {
        Some(Range::of(span, self.sources, self.secrets))
    }

    fn text(&self, text: &str) -> String {
        self.secrets.mask(text).into_owned()
    }

    fn variable(&self, outline: &VariableOutline, values: &Members) -> Variable {
        let value = values.get(&outline.name);
        let hidden = |value: &Value| value.clone().sensitive(outline.sensitive);
        Variable {
            name: outline.name.to_string(),
            ty: outline.ty.written(),
            description: self.text(&outline.description),
            sensitive: outline.sensitive,
            required: outline.default.is_none(),
            default: outline.default.as_ref().map(|value| self.json(&hidden(value))).unwrap_or_default(),
            value: self.shown(value.map(hidden).as_ref()),
            range: self.range(outline.span),
        }
    }

    fn local(&self, (name, sensitive, span): &(Arc<str>, bool, Span), values: &Members) -> Local {
        let value = values.get(name).map(|value| value.clone().sensitive(*sensitive));
        Local {
            name: name.to_string(),
            sensitive: value.as_ref().map_or(*sensitive, Value::is_sensitive),
            value: self.shown(value.as_ref()),
            range: self.range(*span),
        }
    }

    fn shown(&self, value: Option<&Value>) -> Shown {
        Shown {
            known: value.is_some_and(Value::is_wholly_known),
            value: value.map(|value| self.json(value)).unwrap_or_default(),
        }
    }

    fn json(&self, value: &Value) -> Json {
        if value.is_sensitive() && value.is_known() && !value.is_null() {
            return MASK.into();
        }
        match value.data() {
            Data::Null(_) | Data::Unknown(_) => Json::Null,
            Data::Bool(value) => (*value).into(),
            Data::Number(number) => {
                let text = number.to_string();
                let exact = text.parse().ok().filter(|number: &serde_json::Number| number.to_string() == text);
                exact.map_or_else(|| text.into(), Json::Number)
            }
            Data::String(text) => self.text(text).into(),
            Data::List(_, items) | Data::Set(_, items) | Data::Tuple(items) => {
                items.iter().map(|item| self.json(item)).collect()
            }
            Data::Map(_, members) | Data::Object(members) => {
                members.iter().map(|(name, member)| (self.text(name), self.json(member))).collect()
            }
        }
    }

    fn declared(&self, (kind, name, span): &(Arc<str>, Arc<str>, Span)) -> Declared {
        Declared { kind: kind.to_string(), name: name.to_string(), range: self.range(*span) }
    }

    fn build(&self, look: &BuildLook) -> Build {
        Build {
            name: Some(self.text(&look.name)).filter(|name| !name.is_empty()),
            description: self.text(&look.description),
            sources: look.sources.iter().map(|one| self.source(one)).collect(),
            provisioners: look.provisioners.iter().map(|one| self.step(one)).collect(),
            error_cleanup_provisioner: look.clean_up.as_ref().map(|one| self.step(one)),
            post_processors: look.chains.iter().map(|chain| chain.iter().map(|one| self.step(one)).collect()).collect(),
            range: self.range(look.span),
        }
    }

    fn source(&self, look: &SourceLook) -> Source {
        Source {
            kind: look.kind.to_string(),
            name: look.name.to_string(),
            local_name: self.text(&look.local_name),
            range: self.range(look.span),
        }
    }

    fn step(&self, look: &StepLook) -> Step {
        let texts = |texts: &[Arc<str>]| texts.iter().map(|text| self.text(text)).collect();
        Step {
            kind: look.kind.to_string(),
            name: look.name.as_deref().map(|name| self.text(name)),
            only: texts(&look.only),
            except: texts(&look.except),
            range: self.range(look.span),
        }
    }
}
