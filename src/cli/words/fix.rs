//! The words of `packer fix`.

use clap::Args;

use crate::cli::Common;

/// The fixers with what each does, in the order in which they run: its help lists them.
pub const FIXERS: &[(&str, &str)] = &[
    ("iso-md5", "Turns \"iso_md5\" of builders into \"iso_checksum\""),
    ("createtime", "Writes {{timestamp}} for {{.CreateTime}} in the names of images"),
    ("virtualbox-gaattach", "Turns \"guest_additions_attach\" of virtualbox into \"guest_additions_mode\""),
    ("pp-vagrant-override", "Moves the options for single providers of vagrant under \"override\""),
    ("virtualbox-rename", "Renames the builder virtualbox to virtualbox-iso"),
    ("vmware-rename", "Renames the builder vmware to vmware-iso"),
    ("parallels-headless", "Drops \"headless\" of Parallels builders"),
    ("parallels-deprecations", "Drops or renames old options of Parallels builders"),
    ("sshkeypath", "Renames \"ssh_key_path\" to \"ssh_private_key_file\""),
    ("sshdisableagent", "Renames \"ssh_disable_agent\" to \"ssh_disable_agent_forwarding\""),
    ("scaleway-access-key", "Renames \"access_key\" of scaleway to \"organization_id\""),
    ("manifest-filename", "Renames \"filename\" of the post-processor manifest to \"output\""),
    ("amazon-shutdown_behavior", "Renames \"shutdown_behaviour\" of Amazon builders to \"shutdown_behavior\""),
    ("amazon-enhanced-networking", "Renames \"enhanced_networking\" of Amazon builders to \"ena_support\""),
    ("amazon-private-ip", "Turns \"ssh_private_ip\" of Amazon builders into \"ssh_interface\""),
    ("amazon-temp-sec-cidrs", "Makes a list of \"temporary_security_group_source_cidr\" of Amazon builders"),
    ("docker-email", "Drops \"login_email\", which Docker has no use for"),
    ("docker-tag-tags", "Gathers \"tag\" and \"tags\" of the post-processor docker-tag in \"tags\""),
    ("powershell-escapes", "Takes escapes away that powershell writes by itself"),
    ("vmware-compaction", "Skips the compaction of disks on ESXi that cannot be compacted"),
    ("hyperv-deprecations", "Drops \"vhd_temp_path\" of hyperv-iso"),
    ("hyperv-vmxc-typo", "Renames \"clone_from_vmxc_path\" to \"clone_from_vmcx_path\""),
    ("hyperv-cpu-and-ram", "Renames \"cpu\" and \"ram_size\" of Hyper-V builders to \"cpus\" and \"memory\""),
    ("clean-image-name", "Writes clean_resource_name for clean_ami_name and clean_image_name"),
    ("spot-price-auto-product", "Drops \"spot_price_auto_product\" of Amazon builders"),
    ("qemu-disk-size", "Gives a \"disk_size\" of qemu that is a number its unit"),
    ("galaxy-command", "Renames \"galaxycommand\" of ansible-local to \"galaxy_command\""),
    ("comm-config", "Takes \"ssh_\" away from the options for ports of virtualbox builders"),
    ("ssh-wait-timeout", "Renames \"ssh_wait_timeout\" to \"ssh_timeout\""),
    ("vsphere-iso-net-disk", "Moves network and disk of vsphere-iso into \"network_adapters\" and \"storage\""),
    ("iso-checksum-type-and-url", "Joins \"iso_checksum_type\" and \"iso_checksum_url\" with \"iso_checksum\""),
    ("qemu-host-port", "Takes \"ssh_\" away from the options for ports of qemu"),
    ("azure-exclude_from_latest", "Spells \"exclude_from_latest\" of azure-chroot right"),
    ("proxmox-type", "Renames the builder proxmox to proxmox-iso"),
];

fn fixers() -> String {
    let lines = FIXERS.iter().map(|(name, about)| format!("  {name:26} {about}\n"));
    format!("Fixers, in the order in which they run:\n\n{}", lines.collect::<String>())
}

/// The words of `packer fix`.
#[derive(Args, Debug)]
#[command(override_usage = "packer fix [options] TEMPLATE", disable_help_flag = true, after_help = fixers())]
pub struct Fix {
    /// Tell which fixer changes what, instead of showing the fixed template.
    #[arg(long)]
    pub explain: bool,
    /// Whether to check the fixed template. (Default: true)
    #[arg(long, value_name = "false", default_value = "true")]
    pub validate: bool,
    #[command(flatten)]
    #[expect(missing_docs, reason = "the group says it")]
    pub common: Common,
    #[arg(num_args = 0.., hide = true)]
    #[expect(missing_docs, reason = "the one template")]
    pub template: Vec<String>,
}
