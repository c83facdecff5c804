//! The values of the user variables: defaults and what is given, rendered, each with the help of the others.
//!
//! Knows no builder.

use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};
use std::sync::Arc;

use super::Legacy;
use crate::diagnostics::{Diagnostic, Diagnostics, Span};
use crate::gotemplate::{self, Engine, UNSET, Variables};

/// How often one value is rendered again because a variable came out of it.
const ROUNDS: usize = 100;

/// Name to final value.
pub type Values = HashMap<Arc<str>, Arc<str>>;

/// A value that is still to be rendered.
struct Open {
    text: Arc<str>,
    span: Option<Span>,
    rounds: usize,
}

/// What is known so far.
struct Known(Values);

impl Variables for Known {
    fn get(&self, name: &str) -> Option<Arc<str>> {
        self.0.get(name).cloned()
    }
}

impl Legacy {
    /// Returns the final values of all variables, or what is wrong with them. Sensitive ones are hidden from now on.
    ///
    /// # Source
    /// JSON-9 … JSON-18.
    pub(super) fn values(&self, diagnostics: &mut Diagnostics) -> Values {
        let mut open: BTreeMap<Arc<str>, Open> = BTreeMap::new();
        let mut required = Vec::new();
        for variable in &self.template.variables {
            match &variable.default {
                Some(default) => {
                    let text = default.text.as_str().into();
                    let value = Open { text, span: Some(default.span), rounds: 0 };
                    open.insert(variable.name.text.as_str().into(), value);
                }
                None => required.push(variable),
            }
        }
        for given in &self.given {
            let value = Open { text: Arc::clone(&given.value), span: given.span, rounds: 0 };
            open.insert(Arc::clone(&given.name), value);
        }
        self.hide(open.iter().map(|(name, value)| (&**name, &*value.text)));
        for variable in required.iter().filter(|variable| !open.contains_key(&*variable.name.text)) {
            let name = &variable.name.text;
            let detail = format!("required variable not set: {name}.");
            let hint = format!("Give it a value with -var {name}=VALUE or in a -var-file.");
            let problem = Diagnostic::error(format!("Missing value for variable {name:?}"), detail);
            diagnostics.push(problem.at(variable.name.span).hint(Some(hint)));
        }
        if diagnostics.has_errors() {
            return Values::new();
        }
        let values = self.rendered(open, diagnostics);
        self.hide(values.iter().map(|(name, value)| (&**name, &**value)));
        values
    }

    /// Returns the `{{ }}` engine for what stands outside of builds.
    pub(super) fn engine(&self, user: Values) -> Engine {
        let legacy = Some(Arc::new(gotemplate::Legacy { user, template_dir: self.folder.clone() }));
        Engine { host: self.host.clone(), build_name: String::new(), build_type: String::new(), legacy }
    }

    /// Hides all that is written for sensitive variables, also what has no effect: a line of the template is to be shown.
    pub(super) fn hide_written(&self) {
        let defaults = self.template.variables.iter();
        let defaults = defaults.filter_map(|one| Some((one.name.text.as_str(), one.default.as_ref()?.text.as_str())));
        self.hide(defaults.chain(self.given.iter().map(|one| (&*one.name, &*one.value))));
    }

    /// Hides the values of sensitive variables.
    fn hide<'v>(&self, values: impl Iterator<Item = (&'v str, &'v str)>) {
        let sensitive: HashSet<&str> = self.template.sensitive.iter().map(|name| name.text.as_str()).collect();
        if sensitive.is_empty() {
            return;
        }
        for (_, value) in values.filter(|(name, _)| sensitive.contains(name)) {
            self.secrets.register(value);
        }
    }

    /// Renders each value as soon as those it needs are known, in whatever order they stand.
    fn rendered(&self, mut open: BTreeMap<Arc<str>, Open>, diagnostics: &mut Diagnostics) -> Values {
        let engine = self.engine(Values::new());
        let mut known = Known(Values::with_capacity(open.len()));
        // A text without a template is final, and most are.
        open.retain(|name, value| {
            let waits = value.text.contains("{{");
            if !waits {
                known.0.insert(Arc::clone(name), Arc::clone(&value.text));
            }
            waits
        });
        let mut queue: VecDeque<Arc<str>> = open.keys().cloned().collect();
        let mut waiting: HashMap<Arc<str>, Vec<Arc<str>>> = HashMap::new();
        let mut waits_for: HashMap<Arc<str>, Arc<str>> = HashMap::new();
        while let Some(name) = queue.pop_front() {
            let Some(value) = open.get_mut(&name) else { continue };
            value.rounds += 1;
            match engine.render_variable(&value.text, &known) {
                Ok(text) if value.rounds < ROUNDS && *text != *value.text && names_a_variable(&text) => {
                    value.text = text.into();
                    queue.push_back(name);
                }
                Ok(text) => {
                    open.remove(&name);
                    queue.extend(waiting.remove(&name).unwrap_or_default());
                    known.0.insert(name, text.into());
                }
                Err(reason) => match reason.split_once(UNSET) {
                    Some((_, needed)) => {
                        let needed: Arc<str> = needed.into();
                        waits_for.insert(Arc::clone(&name), Arc::clone(&needed));
                        waiting.entry(needed).or_default().push(name);
                    }
                    None => {
                        let problem = self.failed(&name, value, &format!("{}.", reason.trim_end_matches('.')));
                        diagnostics.push(problem);
                        waits_for.remove(&name);
                    }
                },
            }
        }
        self.report(&open, &waits_for, diagnostics);
        known.0
    }

    /// Tells of the variables that wait for ever: for one that nobody gives, for each other, or for such a one.
    fn report(
        &self,
        open: &BTreeMap<Arc<str>, Open>,
        waits_for: &HashMap<Arc<str>, Arc<str>>,
        diagnostics: &mut Diagnostics,
    ) {
        // Each variable is looked at once: 1 on the way that is followed now, 2 behind it.
        let mut seen: HashMap<&str, u8> = HashMap::new();
        let mut circles: HashMap<&str, String> = HashMap::new();
        for name in open.keys() {
            let (mut way, mut at): (Vec<&str>, &str) = (Vec::new(), name);
            while waits_for.contains_key(at) && !seen.contains_key(at) {
                seen.insert(at, 1);
                way.push(at);
                at = &waits_for[at];
            }
            if let Some(start) = way.iter().position(|one| *one == at) {
                let circle = [&way[start..], &[at]].concat().join(" → ");
                circles.extend(way[start..].iter().map(|one| (*one, circle.clone())));
            }
            seen.extend(way.into_iter().map(|one| (one, 2)));
        }
        let mut told = HashSet::new();
        let mut followers = Diagnostics::new();
        // The last in the order of names comes first, as people know it.
        for (name, value) in open.iter().rev() {
            let Some(needed) = waits_for.get(name) else { continue };
            if let Some(circle) = circles.get(&**name) {
                if told.insert(circle) {
                    let detail = format!("The variables need each other: {circle}.");
                    diagnostics.push(self.failed(name, value, &detail));
                }
            } else if open.contains_key(needed) {
                let detail = format!("It needs the variable {needed:?}, which has no value itself.");
                followers.push(self.failed(name, value, &detail));
            } else {
                let hint =
                    format!("Declare {needed:?} among the variables, or give it a value with -var {needed}=VALUE.");
                diagnostics.push(self.failed(name, value, &format!("{UNSET}{needed}.")).hint(Some(hint)));
            }
        }
        diagnostics.append(followers);
    }

    fn failed(&self, name: &str, value: &Open, reason: &str) -> Diagnostic {
        let problem =
            Diagnostic::error(format!("Failed to interpolate {name:?}"), format!("{:?}: {reason}", &*value.text));
        match value.span {
            Some(span) => problem.at(span),
            None => problem,
        }
    }
}

/// Whether a text holds a plain call of `user`, which is rendered in turn (JSON-14).
fn names_a_variable(text: &str) -> bool {
    text.split("{{").skip(1).any(|action| {
        let Some(name) = action.trim_start().strip_prefix("user") else { return false };
        let Some((_, rest)) = name.trim_start().strip_prefix('`').and_then(|rest| rest.split_once('`')) else {
            return false;
        };
        rest.trim_start().starts_with("}}")
    })
}
