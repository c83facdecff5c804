//! Two plans of what should be one template, compared: what would run otherwise.
//!
//! Names of builds, the form of timestamps and what only a running build knows make no difference. Knows no component.

use regex::Regex;

use super::actions::{self, Piece};
use super::translate::any_field;
use crate::gotemplate::{Engine, Fields};
use crate::host::Host;
use crate::plan::{Build, PostStep, ProvisionStep, Wrap};
use crate::value::{Data, Members, Value};

/// What stands in a plan for a value that is not known yet.
const UNKNOWN: &str = "<unknown>";

/// Options of builders that mean something else in each language where they are not given: type, name, both defaults,
/// and the provisioners for which that makes a difference (TYP-34).
const DEFAULTS: &[(&str, &str, [&str; 2], &[&str])] =
    &[("docker", "fix_upload_owner", ["true", "false"], &["file", "shell"])];

/// Compares builds of the JSON template with those of the new one.
pub struct Comparison {
    host: Host,
    /// What is another one each time, and what stands for it.
    fleeting: Vec<(Regex, &'static str)>,
}

/// How the texts of one build are understood.
struct Pair<'c> {
    comparison: &'c Comparison,
    engines: [Engine; 2],
    differences: Vec<String>,
}

impl Comparison {
    /// Makes one.
    pub fn new(host: &Host) -> Comparison {
        let started = host.started();
        // What is evaluated around midnight may be a day later.
        let days =
            [0, 24].map(|hours| (started + jiff::SignedDuration::from_hours(hours)).strftime("%Y%m%d").to_string());
        let pattern = |text: &str| Regex::new(text).expect("a good expression");
        let fleeting = vec![
            (pattern(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)"), "<time>"),
            (pattern(&format!(r"(?:{}|{})\d{{6}}", days[0], days[1])), "<time>"),
            (pattern(&started.as_second().to_string()), "<time>"),
            (pattern("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"), "<id>"),
        ];
        Comparison { host: host.clone(), fleeting }
    }

    /// Returns what the build of the new template does otherwise, in sentences without a full stop.
    pub fn differences(&self, old: &Build, new: &Build) -> Vec<String> {
        let engine = |build: &Build| Engine {
            host: self.host.clone(),
            build_name: build.info.label.to_string(),
            build_type: build.info.builder_type.to_string(),
            legacy: build.info.legacy.clone(),
        };
        let mut pair = Pair { comparison: self, engines: [engine(old), engine(new)], differences: Vec::new() };
        pair.settings("builder", &old.settings, &new.settings);
        pair.defaults(old, new);
        pair.same_kinds("provisioners", &kinds(&old.provision), &kinds(&new.provision));
        for (index, (old, new)) in old.provision.iter().zip(&new.provision).enumerate() {
            pair.provisioner(&format!("provisioner {} ({})", index + 1, old.kind), old, new);
        }
        match (&old.on_error, &new.on_error) {
            (Some(old), Some(new)) => pair.provisioner("error-cleanup-provisioner", old, new),
            (None, None) => {}
            (old, _) => {
                let (has, lacks) = if old.is_some() { ("JSON", "HCL2") } else { ("HCL2", "JSON") };
                pair.differences.push(format!("error-cleanup-provisioner: runs in {has}, not in {lacks}"));
            }
        }
        pair.post(&old.post, &new.post);
        pair.differences
    }
}

fn kinds(steps: &[ProvisionStep]) -> Vec<String> {
    steps.iter().map(|step| step.kind.to_string()).collect()
}

impl Pair<'_> {
    fn defaults(&mut self, old: &Build, new: &Build) {
        for (kind, option, [in_json, in_hcl], steps) in DEFAULTS {
            let is_given = |build: &Build| {
                members(&build.settings).and_then(|members| members.get(*option)).is_some_and(|value| !value.is_null())
            };
            let matters = old.provision.iter().any(|step| steps.contains(&&*step.kind));
            if *old.info.builder_type == **kind && matters && !is_given(old) && !is_given(new) {
                let told = format!("builder: {option}: {in_json} in JSON, {in_hcl} in HCL2, where it is not given");
                self.differences.push(told);
            }
        }
    }

    fn same_kinds(&mut self, what: &str, old: &[String], new: &[String]) {
        if old != new {
            self.differences.push(format!("{what}: {} in JSON, {} in HCL2", listed(old), listed(new)));
        }
    }

    fn provisioner(&mut self, what: &str, old: &ProvisionStep, new: &ProvisionStep) {
        if old.kind == new.kind {
            self.settings(what, &old.settings, &new.settings);
        }
        if old.wrap != new.wrap {
            self.differences.push(format!("{what}: {} in JSON, {} in HCL2", wrap(old.wrap), wrap(new.wrap)));
        }
    }

    fn post(&mut self, old: &[Vec<PostStep>], new: &[Vec<PostStep>]) {
        let kinds = |chains: &[Vec<PostStep>]| -> Vec<String> {
            chains.iter().map(|chain| chain.iter().map(|step| &*step.kind).collect::<Vec<_>>().join(" → ")).collect()
        };
        self.same_kinds("post-processors", &kinds(old), &kinds(new));
        for (chain, (old, new)) in old.iter().zip(new).enumerate() {
            for (position, (old, new)) in old.iter().zip(new).enumerate() {
                let what = format!("post-processor {}.{} ({})", chain + 1, position + 1, old.kind);
                if old.kind == new.kind {
                    self.settings(&what, &old.settings, &new.settings);
                }
                if old.keep_input != new.keep_input {
                    let keeps = |keep: Option<bool>| keep.map_or("unset".to_owned(), |keep| keep.to_string());
                    let (old, new) = (keeps(old.keep_input), keeps(new.keep_input));
                    self.differences.push(format!("{what}: keep_input_artifact: {old} in JSON, {new} in HCL2"));
                }
            }
        }
    }

    fn settings(&mut self, what: &str, old: &Value, new: &Value) {
        self.values(&mut vec![what.to_owned()], old, new);
    }

    fn values(&mut self, path: &mut Vec<String>, old: &Value, new: &Value) {
        if is_nothing(old) && is_nothing(new) || new.as_str() == Some(UNKNOWN) || !new.is_known() {
            return;
        }
        if let (Some(old), Some(new)) = (members(old), members(new)) {
            let nothing = Value::null(crate::value::Type::Any);
            let names: std::collections::BTreeSet<_> = old.keys().chain(new.keys()).collect();
            for name in names {
                path.push(name.to_string());
                self.values(path, old.get(name).unwrap_or(&nothing), new.get(name).unwrap_or(&nothing));
                path.pop();
            }
            return;
        }
        if let (Some(old), Some(new)) = (items(old), items(new))
            && old.len() == new.len()
        {
            for (index, (old, new)) in old.iter().zip(new).enumerate() {
                path.push((index + 1).to_string());
                self.values(path, old, new);
                path.pop();
            }
            return;
        }
        let is_same = match (old.as_str(), new.as_str()) {
            (Some(old), Some(new)) => self.is_same_text(old, new),
            _ => old.data() == new.data(),
        };
        if !is_same {
            let (what, option) =
                path.split_first().map(|(what, rest)| (what.clone(), rest.join("."))).unwrap_or_default();
            self.differences.push(format!("{what}: {option}: {} in JSON, {} in HCL2", shown(old), shown(new)));
        }
    }

    fn is_same_text(&self, old: &str, given: &str) -> bool {
        let [old_engine, new_engine] = &self.engines;
        let old = self.comparison.plain(old, old_engine);
        let new = self.comparison.plain(given, new_engine);
        // Some options are rendered when they are prepared; who asks for too much gets nothing in either language.
        let rendered = new_engine.render(given, &Fields::default()).ok();
        let rendered = rendered.map(|new| self.comparison.plain(&new, new_engine));
        let (name, label) = (&old_engine.build_name, &new_engine.build_name);
        let is_old = |new: &String| *new == old || (!label.is_empty() && new.replace(label.as_str(), name) == old);
        if is_old(&new) || rendered.is_some_and(|new| is_old(&new)) {
            return true;
        }
        if !new.contains(UNKNOWN) {
            return false;
        }
        let parts: Vec<String> = new.split(UNKNOWN).map(regex::escape).collect();
        Regex::new(&format!("(?s)^{}$", parts.join(".*"))).is_ok_and(|pattern| pattern.is_match(&old))
    }
}

impl Comparison {
    /// Returns `text` with what its actions give already now, and marks for what is another one each time.
    fn plain(&self, text: &str, engine: &Engine) -> String {
        let mut plain = rendered(text, engine);
        // What an action gives may be a template again.
        for _ in 0..ROUNDS {
            let again = rendered(&plain, engine);
            if again == plain {
                break;
            }
            plain = again;
        }
        for (pattern, mark) in &self.fleeting {
            plain = pattern.replace_all(&plain, *mark).into_owned();
        }
        plain
    }
}

/// How often a text is rendered at most.
const ROUNDS: usize = 10;

fn rendered(text: &str, engine: &Engine) -> String {
    let Ok(pieces) = actions::parse(text, &|_| true) else { return text.to_owned() };
    let mut plain = String::with_capacity(text.len());
    for piece in pieces {
        match piece {
            Piece::Text(text) => plain.push_str(text),
            Piece::Action(pipe, written) => {
                let whole = format!("{{{{ {written} }}}}");
                let known = if any_field(&pipe) { None } else { engine.render(&whole, &Fields::default()).ok() };
                plain.push_str(&known.filter(|known| !known.contains("<no value>")).unwrap_or(whole));
            }
        }
    }
    plain
}

fn members(value: &Value) -> Option<&Members> {
    match value.data() {
        Data::Map(_, members) | Data::Object(members) => Some(members),
        _ => None,
    }
}

fn items(value: &Value) -> Option<&[Value]> {
    match value.data() {
        Data::List(_, items) | Data::Set(_, items) | Data::Tuple(items) => Some(items),
        _ => None,
    }
}

/// Whether an option with this value might as well not be there.
fn is_nothing(value: &Value) -> bool {
    value.is_null()
        || value.as_str() == Some("")
        || items(value).is_some_and(<[Value]>::is_empty)
        || members(value).is_some_and(|members| members.values().all(is_nothing))
}

fn listed(names: &[String]) -> String {
    if names.is_empty() { "none".to_owned() } else { names.join(", ") }
}

fn wrap(wrap: Wrap) -> String {
    let time = |time: Option<std::time::Duration>| time.map_or("none".to_owned(), crate::component::duration::compact);
    format!(
        "pause_before {}, timeout {}, max_retries {}",
        time(Some(wrap.pause_before)),
        time(wrap.timeout),
        wrap.max_retries
    )
}

fn shown(value: &Value) -> String {
    if is_nothing(value) { "nothing".to_owned() } else { crate::value::console::render(value) }
}
