//! What a template needs: the `packer` block.
//!
//! Knows the plugins of the first hour by the names of their components.

use std::collections::BTreeSet;

use super::block::untranslated;
use crate::legacy::Template;

/// Plugins, by what the types of their components begin with (UPG-6).
const PLUGINS: [&str; 10] =
    ["amazon", "ansible", "azure", "docker", "googlecompute", "qemu", "vagrant", "virtualbox", "vmware", "vsphere"];

/// Returns the plugin that a type belongs to.
pub fn plugin_of(kind: &str) -> Option<&'static str> {
    PLUGINS.into_iter().find(|plugin| kind.starts_with(plugin))
}

/// Returns the `packer` block; nothing when nothing is needed.
pub fn text(template: &Template) -> String {
    let builders = template.builders.iter().map(|builder| &builder.kind);
    let provisioners = template.provisioners.iter().map(|provisioner| &provisioner.kind);
    let post_processors = template.chains.iter().flatten().map(|post_processor| &post_processor.kind);
    let kinds = builders.chain(provisioners).chain(post_processors);
    let plugins: BTreeSet<&str> = kinds.filter_map(|kind| plugin_of(&kind.text)).collect();
    let version = template.min_packer_version.as_ref().filter(|version| !version.text.is_empty());
    if plugins.is_empty() && version.is_none() {
        return String::new();
    }
    untranslated(&|writer| {
        writer.open("packer", &[]);
        if let Some(version) = version {
            writer.text("required_version", &format!(">= {}", version.text));
        }
        if !plugins.is_empty() {
            writer.open("required_plugins", &[]);
            for plugin in &plugins {
                let source = format!("{{\nsource = \"github.com/hashicorp/{plugin}\"\nversion = \"~> 1\"\n}}");
                writer.raw(plugin, &source);
            }
            writer.close();
        }
        writer.close();
    })
}
