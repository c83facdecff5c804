//! What a template says that fits no builder of it, and for which version it is: the second batch of mistakes.
//!
//! Knows no component and no value.

use std::collections::HashSet;

use super::Legacy;
use super::model::{Template, Text};
use crate::component::version::Version;
use crate::diagnostics::{Diagnostic, Diagnostics, did_you_mean};
use crate::host::VERSION;

impl Template {
    /// Checks that there is a builder, and the names of builders in `only`, `except` and `override`.
    ///
    /// # Source
    /// JSON-8, JSON-24, JSON-30.
    pub fn check_names(&self) -> Diagnostics {
        let mut found = Diagnostics::new();
        if self.builders.is_empty() {
            let detail = "No builders are defined: a template needs at least one to be validated or built.";
            found.push(Diagnostic::error("Missing builder", detail));
        }
        let names: HashSet<&str> = self.builders.iter().map(super::model::Builder::raw_name).collect();
        let mut checker = Checker { names, found };
        for (index, step) in self.provisioners.iter().enumerate() {
            let what = format!("provisioner {}", index + 1);
            checker.selection(&what, &step.only, &step.except);
            for one in &step.overrides {
                checker.name(&what, "override", &one.builder);
            }
        }
        for (index, chain) in self.chains.iter().enumerate() {
            for (member, step) in chain.iter().enumerate() {
                let what = format!("post-processor {}.{}", index + 1, member + 1);
                checker.selection(&what, &step.only, &step.except);
            }
        }
        checker.found
    }
}

impl Legacy {
    /// Checks names of builders in `only`, `except` and `override`, and then the version.
    ///
    /// # Source
    /// JSON-7, JSON-8, JSON-24, JSON-30.
    pub(super) fn check(&self, diagnostics: &mut Diagnostics) {
        let found = self.template.check_names();
        let failed = found.has_errors();
        diagnostics.append(found);
        if !failed {
            self.check_version(diagnostics);
        }
    }

    fn check_version(&self, diagnostics: &mut Diagnostics) {
        let Some(wanted) = &self.template.min_packer_version else { return };
        let (text, running) = (&wanted.text, Version::parse(VERSION));
        let problem = match (Version::parse(text), running) {
            _ if text.is_empty() => return,
            (None, _) => Diagnostic::error(
                "Invalid min_packer_version",
                format!("{text:?} is no version: three numbers with dots between them are needed, such as \"1.16.0\"."),
            ),
            (Some(wanted), Some(running)) if wanted > running => Diagnostic::error(
                "Unsupported Packer version",
                format!("This template needs Packer {text} or later, and this program behaves as Packer {VERSION}."),
            ),
            _ => return,
        };
        diagnostics.push(problem.at(wanted.span));
    }
}

struct Checker<'a> {
    names: HashSet<&'a str>,
    found: Diagnostics,
}

impl Checker<'_> {
    fn selection(&mut self, what: &str, only: &[Text], except: &[Text]) {
        if let (Some(_), Some(second)) = (only.first(), except.first()) {
            let detail = format!("{what}: only one of 'only' or 'except' may be given.");
            self.found.push(Diagnostic::error("Conflicting selection", detail).at(second.span));
        }
        only.iter().for_each(|name| self.name(what, "only", name));
        except.iter().for_each(|name| self.name(what, "except", name));
    }

    fn name(&mut self, what: &str, key: &str, name: &Text) {
        if self.names.contains(name.text.as_str()) {
            return;
        }
        let hint = did_you_mean(&name.text, self.names.iter().copied()).map(|near| format!("Did you mean {near:?}?"));
        let detail = format!("{what}: '{key}' names the builder {:?}, and there is none.", name.text);
        self.found.push(Diagnostic::error("Unknown builder name", detail).at(name.span).hint(hint));
    }
}
