//! Which component a name stands for in one template: built-ins under their own and under local names.
//!
//! Starts nothing. Installed plugins are looked up through a function that is given.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::packer_block::Requirement;
use crate::component::version::Version;
use crate::component::{InstalledPlugin, Kinds, Plugin, Registry};
use crate::diagnostics::{Diagnostic, Span, did_you_mean};

/// Returns the installed binaries of a plugin's source that may be used, by ascending version.
pub type Installed = Arc<dyn Fn(&str) -> Vec<InstalledPlugin> + Send + Sync>;

/// Components of the reference itself that this version does not have.
const NOT_THERE_YET: &[&str] = &["hcp-sbom", "powershell", "windows-restart", "windows-shell"];

/// Data sources that this version does not have, of the reference itself and of the plugins it stands in for.
const DATA_NOT_THERE_YET: &[&str] = &[
    "amazon-ami",
    "amazon-parameterstore",
    "amazon-secretsmanager",
    "hcp-packer-artifact",
    "hcp-packer-image",
    "hcp-packer-iteration",
    "hcp-packer-version",
];

/// The components of one template.
#[derive(Clone, Default)]
pub struct Components {
    /// Kinds by the names of this template.
    pub registry: Registry,
    /// Local names of plugins that an installed binary answers for.
    external: BTreeMap<Arc<str>, InstalledPlugin>,
}

impl Components {
    /// Makes the components of a template that requires `requirements`.
    ///
    /// An installed plugin that satisfies its requirement wins; else a built-in that claims a version which satisfies
    /// it answers, under the local name too.
    ///
    /// # Errors
    /// One that lists every plugin that neither satisfies (HCL-99).
    pub fn of(
        registry: &Registry,
        requirements: &[Requirement],
        installed: &Installed,
    ) -> Result<Components, Box<Diagnostic>> {
        let mut components = Components { registry: registry.clone(), external: BTreeMap::new() };
        let mut missing = Vec::new();
        for requirement in requirements {
            let wanted = |version: &Version| requirement.constraints.allow(version);
            if let Some(found) = installed(&requirement.source).into_iter().rfind(|found| wanted(&found.version)) {
                components.external.insert(Arc::clone(&requirement.local_name), found);
                continue;
            }
            match builtin(registry, &requirement.source) {
                Some(plugin) if Version::parse(plugin.version).is_some_and(|version| wanted(&version)) => {
                    components.alias(plugin, &requirement.local_name);
                }
                builtin => missing.push((requirement, builtin)),
            }
        }
        if missing.is_empty() { Ok(components) } else { Err(Box::new(missing_plugins(&missing))) }
    }

    /// Lets every component of `plugin` answer under `local_name` as well: `dk`, `dk-tag`.
    fn alias(&mut self, plugin: &Plugin, local_name: &str) {
        if local_name == plugin.name {
            return;
        }
        alias_kinds(&mut self.registry.builders, plugin, local_name);
        alias_kinds(&mut self.registry.provisioners, plugin, local_name);
        alias_kinds(&mut self.registry.post_processors, plugin, local_name);
        alias_kinds(&mut self.registry.data_sources, plugin, local_name);
    }

    /// Says why `name` cannot be used, if it cannot: `sort` is `source`, `provisioner` or `post-processor`.
    pub fn fault<C: ?Sized>(&self, kinds: &Kinds<C>, sort: Sort, name: &str, span: Span) -> Option<Diagnostic> {
        let is_of = |local: &str| name.strip_prefix(local).is_some_and(|rest| rest.is_empty() || rest.starts_with('-'));
        if let Some((local, plugin)) = self.external.iter().find(|(local, _)| is_of(local)) {
            let detail = format!(
                "The {sort} {name} belongs to the required plugin {local:?}, and {} is installed for it. Running installed \
                 plugins is not supported yet.",
                plugin.path.display()
            );
            let hint = "A component that is built in answers as soon as no installed plugin satisfies the requirement: set \
                        PACKER_PLUGIN_PATH to an empty folder.";
            let summary = "Cannot run an installed plugin";
            return Some(Diagnostic::error(summary, detail).at(span).hint(Some(hint.to_owned())));
        }
        if kinds.get(name).is_some() {
            return None;
        }
        let is_bare = matches!(sort, Sort::Source | Sort::DataSource);
        let quoted = if is_bare { name.to_owned() } else { format!("{name:?}") };
        let summary = format!("Unknown {sort} type {quoted}");
        let hint = did_you_mean(name, kinds.names()).map(|near| format!("Did you mean to use {near:?}?"));
        let filter = name.split('-').next().unwrap_or_default();
        let detail = match hint {
            Some(hint) => hint,
            None if NOT_THERE_YET.contains(&name)
                || (sort == Sort::DataSource && DATA_NOT_THERE_YET.contains(&name)) =>
            {
                format!("The {sort} {name} is one of Packer's own, and comes with a later version of this program.")
            }
            None if sort == Sort::DataSource => format!(
                "known data sources: [{}]. Another one is likely part of a plugin, and this program does not run plugins \
                 yet. The plugin that has it may be found at\n\n\
                 https://developer.hashicorp.com/packer/integrations?filter={filter}",
                kinds.names().collect::<Vec<_>>().join(" ")
            ),
            None => format!(
                "The {sort} {name} is unknown by Packer, and is likely part of a plugin. This program does not run \
                 plugins yet; built in are: {}.\n\
                 The plugin that has it may be found at\n\n\
                 https://developer.hashicorp.com/packer/integrations?filter={filter}",
                kinds.names().collect::<Vec<_>>().join(", ")
            ),
        };
        Some(Diagnostic::error(summary, detail).at(span))
    }
}

/// The sorts of components, as error texts name them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sort {
    /// A builder.
    Source,
    /// A provisioner.
    Provisioner,
    /// A post-processor.
    PostProcessor,
    /// A data source.
    DataSource,
}

impl std::fmt::Display for Sort {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(match self {
            Sort::Source => "source",
            Sort::Provisioner => "provisioner",
            Sort::PostProcessor => "post-processor",
            Sort::DataSource => "data",
        })
    }
}

/// Returns the plugin that built-ins stand for, if `source` is its source.
fn builtin(registry: &Registry, source: &str) -> Option<&'static Plugin> {
    let plugins = registry.builders.iter().map(|(_, kind)| kind.plugin());
    let plugins = plugins.chain(registry.provisioners.iter().map(|(_, kind)| kind.plugin()));
    let plugins = plugins.chain(registry.post_processors.iter().map(|(_, kind)| kind.plugin()));
    let mut plugins = plugins.chain(registry.data_sources.iter().map(|(_, kind)| kind.plugin())).flatten();
    plugins.find(|plugin| plugin.source.eq_ignore_ascii_case(source))
}

fn alias_kinds<C: ?Sized>(kinds: &mut Kinds<C>, plugin: &Plugin, local_name: &str) {
    let of_plugin: Vec<_> = kinds
        .iter()
        .filter(|(_, kind)| kind.plugin().is_some_and(|of| of.source == plugin.source))
        .filter_map(|(name, kind)| Some((format!("{local_name}{}", name.strip_prefix(plugin.name)?), Arc::clone(kind))))
        .collect();
    for (name, kind) in of_plugin {
        kinds.add(name, kind);
    }
}

fn missing_plugins(missing: &[(&Requirement, Option<&'static Plugin>)]) -> Diagnostic {
    let line = |(requirement, builtin): &(&Requirement, Option<&'static Plugin>)| {
        let known = builtin.map(|plugin| format!(" (built in: {})", plugin.version)).unwrap_or_default();
        format!("* {} {}{known}", requirement.source, requirement.constraints)
    };
    let lines: Vec<String> = missing.iter().map(line).collect();
    let detail = format!(
        "The template requires plugins that are not built in, or not in a version that fits:\n\n{}\n\n\
         Did you run packer init for this template? Here it would not help: this program does not run plugins yet.",
        lines.join("\n")
    );
    Diagnostic::error("Missing plugins", detail).at(missing[0].0.span)
}
