//! Which component a name stands for in one template: built-ins under their own and under local names.
//!
//! Starts nothing. Installed plugins are looked up through a function that is given.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use futures_util::future::{BoxFuture, join_all};

use super::packer_block::Requirement;
use crate::component::version::Version;
use crate::component::{InstalledPlugin, Kinds, Plugin, Registry};
use crate::diagnostics::{Diagnostic, Span, did_you_mean};
use crate::plugin::{Refused, Source};

/// Returns the installed plugin that answers for a requirement.
pub type Installed = Arc<dyn Fn(&Requirement) -> BoxFuture<'static, Answer> + Send + Sync>;

/// Who answers for a requirement.
#[derive(Default)]
pub struct Answer {
    /// The newest binary that satisfies it and may be used.
    pub plugin: Option<InstalledPlugin>,
    /// Binaries that are meant for it and cannot be used.
    pub refused: Vec<Refused>,
}

/// Components of the reference itself that this version does not have.
const NOT_THERE_YET: &[&str] = &["hcp-sbom", "powershell", "provenance", "windows-restart", "windows-shell"];

/// Data sources of the reference itself that this version does not have.
const DATA_NOT_THERE_YET: &[&str] =
    &["hcp-packer-artifact", "hcp-packer-image", "hcp-packer-iteration", "hcp-packer-version"];

/// The components of one template.
#[derive(Clone, Default)]
pub struct Components {
    /// Kinds by the names of this template.
    pub registry: Registry,
    /// Local names of plugins that an installed binary answers for.
    external: BTreeMap<Arc<str>, External>,
}

/// An installed plugin that answers for a requirement.
#[derive(Clone)]
struct External {
    path: PathBuf,
    /// The version of the same plugin that is built in; the requirement does not allow it.
    built_in: Option<&'static str>,
}

impl Components {
    /// Makes the components of a template that requires `requirements`.
    ///
    /// A built-in that claims a version which satisfies a requirement answers, under the local name too; else the installed
    /// plugin that satisfies it. For as long as installed ones cannot be run, they must not hide what can.
    ///
    /// # Errors
    /// One that lists every plugin that neither satisfies (HCL-99).
    pub async fn of(
        registry: &Registry,
        requirements: &[Requirement],
        installed: &Installed,
    ) -> Result<Components, Box<Diagnostic>> {
        let mut components = Components { registry: registry.clone(), external: BTreeMap::new() };
        let mut missing = Vec::new();
        let (built_in, others): (Vec<_>, Vec<_>) =
            requirements.iter().partition(|requirement| requirement.built_in(registry).is_some());
        for requirement in built_in {
            let plugin = requirement.built_in(registry).expect("they were chosen for it");
            components.alias(plugin, &requirement.local_name);
        }
        let answers = join_all(others.iter().map(|requirement| installed(requirement))).await;
        for (requirement, answer) in others.into_iter().zip(answers) {
            match answer.plugin {
                Some(found) => {
                    let built_in = builtin(registry, &requirement.source).map(|plugin| plugin.version);
                    let external = External { path: found.path, built_in };
                    components.external.insert(Arc::clone(&requirement.local_name), external);
                }
                None => {
                    let builtin = builtin(registry, &requirement.source);
                    missing.push(Missing { requirement, builtin, refused: answer.refused });
                }
            }
        }
        if missing.is_empty() { Ok(components) } else { Err(Box::new(missing_plugins(&missing))) }
    }

    /// Returns the components of a template that is only looked at: no requirement is missing.
    pub fn to_look_at(registry: &Registry, requirements: &[Requirement]) -> Components {
        let mut components = Components { registry: registry.clone(), external: BTreeMap::new() };
        for requirement in requirements {
            if let Some(plugin) = requirement.built_in(registry) {
                components.alias(plugin, &requirement.local_name);
            }
        }
        components
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
            let hint = plugin.built_in.map(|version| {
                format!(
                    "It is built in as version {version}: a constraint that allows this one lets the built-in answer."
                )
            });
            let summary = "Cannot run an installed plugin";
            return Some(Diagnostic::error(summary, detail).at(span).hint(hint));
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
            None if sort == Sort::DataSource => {
                format!("known data sources: [{}]. {}", kinds.names().collect::<Vec<_>>().join(" "), of_plugin(filter))
            }
            None => format!(
                "The {sort} {name} is unknown by Packer; built in are: {}. {}",
                kinds.names().collect::<Vec<_>>().join(", "),
                of_plugin(filter)
            ),
        };
        Some(Diagnostic::error(summary, detail).at(span))
    }
}

/// Plugins of HashiCorp that templates use under these names.
const HASHICORP: &[&str] = &[
    "alicloud",
    "amazon",
    "ansible",
    "azure",
    "chef",
    "docker",
    "googlecompute",
    "hyperv",
    "openstack",
    "oracle",
    "proxmox",
    "puppet",
    "qemu",
    "vagrant",
    "virtualbox",
    "vmware",
    "vsphere",
];

/// Tells where a component may come from that is not built in: `plugin` is the first word of its name (HCL-100).
fn of_plugin(plugin: &str) -> String {
    let source = match HASHICORP.contains(&plugin) {
        true => format!("github.com/hashicorp/{plugin}"),
        false => format!("github.com/OWNER/{plugin}"),
    };
    format!(
        "It is likely part of a plugin, which the template has to require:\n\n\
         \x20 packer {{\n\
         \x20   required_plugins {{\n\
         \x20     {plugin} = {{\n\
         \x20       source  = \"{source}\"\n\
         \x20       version = \">= 1.0.0\"\n\
         \x20     }}\n\
         \x20   }}\n\
         \x20 }}\n\n\
         Then \"packer init\" installs it; but this version of the program cannot run installed plugins yet. Plugins may be \
         found at\n\n\
         https://developer.hashicorp.com/packer/integrations?filter={plugin}"
    )
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

impl Requirement {
    /// Returns the plugin that satisfies it with components that are built in.
    pub fn built_in(&self, registry: &Registry) -> Option<&'static Plugin> {
        builtin(registry, &self.source).filter(|plugin| self.is_met_by(plugin))
    }

    fn is_met_by(&self, plugin: &Plugin) -> bool {
        Version::parse(plugin.version).is_some_and(|version| self.constraints.allow(&version))
    }
}

/// Returns the plugin that built-ins stand for, if `source` is its source.
fn builtin(registry: &Registry, source: &Source) -> Option<&'static Plugin> {
    let plugins = registry.builders.iter().map(|(_, kind)| kind.plugin());
    let plugins = plugins.chain(registry.provisioners.iter().map(|(_, kind)| kind.plugin()));
    let plugins = plugins.chain(registry.post_processors.iter().map(|(_, kind)| kind.plugin()));
    let mut plugins = plugins.chain(registry.data_sources.iter().map(|(_, kind)| kind.plugin())).flatten();
    plugins.find(|plugin| plugin.source.eq_ignore_ascii_case(&source.to_string()))
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

/// A requirement that nothing satisfies.
struct Missing<'a> {
    requirement: &'a Requirement,
    /// What is built in of the same plugin, in a version that does not fit.
    builtin: Option<&'static Plugin>,
    refused: Vec<Refused>,
}

fn missing_plugins(missing: &[Missing]) -> Diagnostic {
    let lines: String = missing.iter().map(Missing::line).collect();
    let by_hand: Vec<&Source> =
        missing.iter().map(|one| &one.requirement.source).filter(|source| source.on_github().is_none()).collect();
    let by_hand = match by_hand.is_empty() {
        true => "",
        false => {
            " Those that are not on github.com have to be installed by hand, each with \
             \"packer plugins install --path BINARY SOURCE\"."
        }
    };
    let detail = format!(
        "The template requires plugins that are neither built in nor installed, or not in a version that fits:\n\n\
         {lines}\nDid you run packer init for this template? It installs what is missing.{by_hand} Components of installed plugins \
         cannot be run by this version yet."
    );
    Diagnostic::error("Missing plugins", detail).at(missing[0].requirement.span)
}

impl Missing<'_> {
    fn line(&self) -> String {
        let known = self.builtin.map(|plugin| format!(" (built in: {})", plugin.version)).unwrap_or_default();
        let mut line = format!("* {} {}{known}\n", self.requirement.source, self.requirement.constraints);
        for Refused { path, reason, .. } in &self.refused {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            line += &format!("  {name} cannot be used: {reason}\n");
        }
        line
    }
}
