//! The fixers: old options and types of JSON templates to those of today, one file a fixer.
//!
//! Works on raw JSON: renders nothing, asks no component, writes no file.

mod amazon_enhanced_networking;
mod amazon_private_ip;
mod amazon_shutdown_behavior;
mod amazon_source_cidrs;
mod azure_exclude_from_latest;
pub mod changes;
mod clean_image_name;
mod communicator_ports;
mod create_time;
mod docker_email;
mod docker_tags;
mod galaxy_command;
mod guest_additions_attach;
mod hyperv_cpu_and_ram;
mod hyperv_deprecations;
mod hyperv_typo;
mod iso_checksum;
mod iso_md5;
mod layout;
mod manifest_filename;
mod parallels_deprecations;
mod parallels_headless;
mod parts;
mod powershell_escapes;
mod proxmox_type;
mod qemu_disk_size;
mod qemu_host_port;
mod read;
mod scaleway_access_key;
mod spot_price_auto_product;
mod ssh_disable_agent;
mod ssh_key_path;
mod ssh_wait_timeout;
#[cfg(test)]
mod tests;
mod vagrant_override;
mod virtualbox_rename;
mod vmware_compaction;
mod vmware_rename;
mod vsphere_network_and_storage;

use serde_json::Value;

use crate::diagnostics::{Diagnostics, FileId, SourceMap};
use changes::Change;
use parts::{Parts, Problems};
pub use read::Places;

/// One fixer.
pub struct Fixer {
    /// What people call it.
    pub name: &'static str,
    /// The options that it takes away or renames: a template that has one may need it.
    pub options: &'static [&'static str],
    fix: fn(&mut Parts, &mut Problems),
}

/// All of them, in the order in which they run (FIX-2).
pub const ALL: &[Fixer] = &[
    Fixer { name: "iso-md5", options: &["iso_md5"], fix: iso_md5::fix },
    Fixer { name: "createtime", options: &[], fix: create_time::fix },
    Fixer { name: "virtualbox-gaattach", options: &["guest_additions_attach"], fix: guest_additions_attach::fix },
    Fixer { name: "pp-vagrant-override", options: &[], fix: vagrant_override::fix },
    Fixer { name: "virtualbox-rename", options: &[], fix: virtualbox_rename::fix },
    Fixer { name: "vmware-rename", options: &[], fix: vmware_rename::fix },
    Fixer { name: "parallels-headless", options: &["headless"], fix: parallels_headless::fix },
    Fixer {
        name: "parallels-deprecations",
        options: &["parallels_tools_host_path", "guest_os_distribution"],
        fix: parallels_deprecations::fix,
    },
    Fixer { name: "sshkeypath", options: &["ssh_key_path"], fix: ssh_key_path::fix },
    Fixer { name: "sshdisableagent", options: &["ssh_disable_agent"], fix: ssh_disable_agent::fix },
    Fixer { name: "scaleway-access-key", options: &["access_key"], fix: scaleway_access_key::fix },
    Fixer { name: "manifest-filename", options: &["filename"], fix: manifest_filename::fix },
    Fixer { name: "amazon-shutdown_behavior", options: &["shutdown_behaviour"], fix: amazon_shutdown_behavior::fix },
    Fixer {
        name: "amazon-enhanced-networking",
        options: &["enhanced_networking"],
        fix: amazon_enhanced_networking::fix,
    },
    Fixer { name: "amazon-private-ip", options: &["ssh_private_ip"], fix: amazon_private_ip::fix },
    Fixer {
        name: "amazon-temp-sec-cidrs",
        options: &["temporary_security_group_source_cidr"],
        fix: amazon_source_cidrs::fix,
    },
    Fixer { name: "docker-email", options: &["login_email"], fix: docker_email::fix },
    Fixer { name: "docker-tag-tags", options: &["tag"], fix: docker_tags::fix },
    Fixer { name: "powershell-escapes", options: &[], fix: powershell_escapes::fix },
    Fixer { name: "vmware-compaction", options: &[], fix: vmware_compaction::fix },
    Fixer { name: "hyperv-deprecations", options: &["vhd_temp_path"], fix: hyperv_deprecations::fix },
    Fixer { name: "hyperv-vmxc-typo", options: &["clone_from_vmxc_path"], fix: hyperv_typo::fix },
    Fixer { name: "hyperv-cpu-and-ram", options: &["cpu", "ram_size"], fix: hyperv_cpu_and_ram::fix },
    Fixer { name: "clean-image-name", options: &[], fix: clean_image_name::fix },
    Fixer { name: "spot-price-auto-product", options: &["spot_price_auto_product"], fix: spot_price_auto_product::fix },
    Fixer { name: "qemu-disk-size", options: &[], fix: qemu_disk_size::fix },
    Fixer { name: "galaxy-command", options: &["galaxycommand"], fix: galaxy_command::fix },
    Fixer {
        name: "comm-config",
        options: &["ssh_host_port_min", "ssh_host_port_max", "ssh_skip_nat_mapping"],
        fix: communicator_ports::fix,
    },
    Fixer { name: "ssh-wait-timeout", options: &["ssh_wait_timeout"], fix: ssh_wait_timeout::fix },
    Fixer {
        name: "vsphere-iso-net-disk",
        options: &[
            "network_card",
            "network",
            "networkCard",
            "disk_size",
            "disk_thin_provisioned",
            "disk_eagerly_scrub",
        ],
        fix: vsphere_network_and_storage::fix,
    },
    Fixer {
        name: "iso-checksum-type-and-url",
        options: &["iso_checksum_type", "iso_checksum_url"],
        fix: iso_checksum::fix,
    },
    Fixer { name: "qemu-host-port", options: &["ssh_host_port_min", "ssh_host_port_max"], fix: qemu_host_port::fix },
    Fixer { name: "azure-exclude_from_latest", options: &["exlude_from_latest"], fix: azure_exclude_from_latest::fix },
    Fixer { name: "proxmox-type", options: &[], fix: proxmox_type::fix },
];

/// What one fixer has changed.
#[derive(Debug, PartialEq, Eq)]
pub struct Fix {
    /// Its name.
    pub fixer: &'static str,
    /// At least one.
    pub changes: Vec<Change>,
}

/// Returns the fixed text of template `id`: the first value of the file, of which the last of equal names counts
/// (FIX-1, FIX-3).
///
/// # Errors
/// Everything that keeps it from being read or fixed, each with its place.
pub fn fixed(id: FileId, sources: &SourceMap) -> Result<String, Diagnostics> {
    run(id, sources, |_, _| {}).map(|parts| layout::text(&Value::Object(parts.0)))
}

/// Returns what each fixer has to change in template `id`, in their order; those with nothing to do are not there.
///
/// # Errors
/// As those of [`fixed`].
pub fn needed(id: FileId, sources: &SourceMap) -> Result<Vec<Fix>, Diagnostics> {
    let mut fixes = Vec::new();
    let mut before: Option<Value> = None;
    run(id, sources, |fixer, parts| {
        let after = Value::Object(parts.0.clone());
        let changes = before.as_ref().map(|before| changes::between(before, &after)).unwrap_or_default();
        if let Some(fixer) = fixer.filter(|_| !changes.is_empty()) {
            fixes.push(Fix { fixer: fixer.name, changes });
        }
        before = Some(after);
    })?;
    Ok(fixes)
}

/// Returns the fixers that take an option of this name away, or rename it (FIX-6).
pub fn fixers_of(option: &str) -> impl Iterator<Item = &'static str> {
    ALL.iter().filter(move |fixer| fixer.options.contains(&option)).map(|fixer| fixer.name)
}

/// Runs all fixers; `seen` gets the template before the first and after each.
fn run(id: FileId, sources: &SourceMap, mut seen: impl FnMut(Option<&Fixer>, &Parts)) -> Result<Parts, Diagnostics> {
    let root = read::root(id, sources)?;
    let mut problems = Problems::default();
    let mut parts = Parts::of(root, &mut problems);
    if problems.0.is_empty() {
        seen(None, &parts);
        for fixer in ALL {
            (fixer.fix)(&mut parts, &mut problems);
            seen(Some(fixer), &parts);
        }
    }
    if problems.0.is_empty() { Ok(parts) } else { Err(read::placed(problems, id, sources)) }
}
