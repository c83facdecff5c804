//! The words of `packer plugins` and of the commands below it.

use clap::{Args, Subcommand};

use crate::cli::Common;

/// The words of `packer plugins`.
#[derive(Args, Debug)]
#[command(
    override_usage = "packer plugins <subcommand> [options] [args]",
    disable_help_flag = true,
    disable_help_subcommand = true
)]
pub struct Plugins {
    #[command(subcommand)]
    #[expect(missing_docs, reason = "which of them")]
    pub command: PluginsCommand,
}

/// The commands below `packer plugins`.
#[derive(Subcommand, Debug)]
pub enum PluginsCommand {
    /// install a plugin
    ///
    /// Downloads a plugin and puts it among the installed ones: the newest version, or the newest that the version
    /// constraint allows. With -path the binary at hand is installed under the given source address, such as
    /// github.com/hashicorp/amazon.
    Install(PluginsInstall),
    /// list the installed plugins
    ///
    /// Lists the binaries of all installed plugins that can be used.
    Installed(PluginsInstalled),
    /// remove installed plugins
    ///
    /// Removes the installed versions of a plugin, or those that the version constraint allows. The plugin is named by its source address,
    /// such as github.com/hashicorp/amazon, or by the path of its binary.
    Remove(PluginsRemove),
    /// list the plugins that a template requires
    ///
    /// Lists the plugins that the required_plugins blocks of a template ask for, and the installed binaries that match.
    /// The path names a file that ends in .pkr.hcl or .pkr.json, or a folder with such files.
    Required(PluginsRequired),
}

/// The words of `packer plugins install`.
#[derive(Args, Debug, Default)]
#[command(
    override_usage = "packer plugins install [OPTIONS...] <plugin> [<version constraint>]",
    disable_help_flag = true
)]
pub struct PluginsInstall {
    /// Install the plugin again if it is there already.
    #[arg(long)]
    pub force: bool,
    /// Binary to install, instead of one that is downloaded; no version constraint then.
    #[arg(long, value_name = "path")]
    pub path: Option<String>,
    #[command(flatten)]
    #[expect(missing_docs, reason = "the group says it")]
    pub common: Common,
    #[arg(num_args = 0.., hide = true)]
    #[expect(missing_docs, reason = "source address and version constraint")]
    pub words: Vec<String>,
}

/// The words of `packer plugins installed`.
#[derive(Args, Debug, Default)]
#[command(override_usage = "packer plugins installed", disable_help_flag = true)]
pub struct PluginsInstalled {
    #[arg(num_args = 0.., hide = true)]
    #[expect(missing_docs, reason = "are ignored (CLI-14)")]
    pub words: Vec<String>,
}

/// The words of `packer plugins remove`.
#[derive(Args, Debug, Default)]
#[command(override_usage = "packer plugins remove <plugin> [<version constraint>]", disable_help_flag = true)]
pub struct PluginsRemove {
    #[arg(num_args = 0.., hide = true)]
    #[expect(missing_docs, reason = "source address or path, and version constraint")]
    pub words: Vec<String>,
}

/// The words of `packer plugins required`.
#[derive(Args, Debug, Default)]
#[command(override_usage = "packer plugins required <path>", disable_help_flag = true)]
pub struct PluginsRequired {
    #[command(flatten)]
    #[expect(missing_docs, reason = "the group says it")]
    pub common: Common,
    #[arg(num_args = 0.., hide = true)]
    #[expect(missing_docs, reason = "the one template")]
    pub template: Vec<String>,
}
