//! Installs plugins: the newest release that will do, from the places that have it, or a binary at hand.
//!
//! Knows no template and prints nothing. What is not whole is never among the installed plugins: files are written
//! beside their places and renamed.

mod cache;
mod fetch;
mod github;
mod local;
mod place;
mod releases;
mod site;
mod sums;
#[cfg(test)]
mod tests;
mod unpack;

use std::fmt;
use std::path::Path;
use std::time::Duration;

use anyhow::anyhow;
use reqwest::Url;
use reqwest::redirect::Policy;

use self::cache::Cache;
use self::fetch::{Failure, Fetch, Limits};
use self::github::GitHub;
use self::place::{Place, Placed};
use self::releases::Releases;
use self::site::{Archive, Site};
use super::describe;
use super::file_name::{SPOKEN, architecture, system};
use super::source::Source;
use crate::component::version::{Constraints, Version};
use crate::component::{InstalledPlugin, RunCx};
use crate::host::Host;
use crate::network;

pub use local::install_binary;

/// Variables that name other places than the usual ones: for HashiCorp's releases, for the tags of repositories, and for
/// the files of releases.
pub const PLACES: [&str; 3] = ["PACKER_PLUGIN_RELEASES_URL", "PACKER_GITHUB_API_URL", "PACKER_GITHUB_URL"];
/// The variable with the token that is shown to the second of these places.
pub const TOKEN: &str = "PACKER_GITHUB_API_TOKEN";

/// Where HashiCorp's releases stand.
const RELEASES: &str = "https://releases.hashicorp.com";
/// Who tells the tags of a repository.
const GITHUB_API: &str = "https://api.github.com";
/// Where the files of a release stand.
const GITHUB: &str = "https://github.com";

/// How long a server may take to accept the connection.
const CONNECT: Duration = Duration::from_secs(30);
/// How long a server may be silent.
const SILENCE: Duration = Duration::from_secs(60);
/// How often a server may send elsewhere.
const REDIRECTS: usize = 10;
/// How long the binary of a plugin may be, in bytes.
const BINARY: u64 = 2 << 30;

/// Installs releases from where they can be had.
pub struct Installer {
    fetch: Fetch,
    sites: Vec<Box<dyn Site>>,
    /// How long a binary may be, in bytes.
    longest: u64,
}

/// Why no release could be installed: what each place has, or why it cannot tell.
#[derive(Debug, Default)]
pub struct NotInstalled {
    reasons: Vec<String>,
}

impl fmt::Display for NotInstalled {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines: Vec<String> = self.reasons.iter().map(|reason| format!("* {reason}")).collect();
        out.write_str(&lines.join("\n"))
    }
}

/// What became of one archive.
enum Tried {
    Installed(InstalledPlugin),
    AlreadyThere,
    /// Another archive may do.
    Unfit(String),
    /// This place is not to be asked for more.
    Broken(String),
}

impl Installer {
    /// Makes one that asks the places that the environment names, or the usual ones.
    ///
    /// `PACKER_PLUGIN_RELEASES_URL`, `PACKER_GITHUB_API_URL` and `PACKER_GITHUB_URL` name others that answer in the same
    /// way; `off` for the first leaves it out. `PACKER_GITHUB_API_TOKEN` is shown to the second (CLI-84).
    ///
    /// # Errors
    /// In a sentence, when an address cannot be used.
    pub fn new(host: &Host) -> Result<Installer, String> {
        Installer::with(host, SILENCE, Limits::default(), BINARY)
    }

    fn with(host: &Host, silence: Duration, limits: Limits, longest: u64) -> Result<Installer, String> {
        let [releases, api, web] = PLACES;
        let base = |name: &str, usual: &str| match host.env_filled(name) {
            None => Ok(usual.to_owned()),
            Some(text) => match Url::parse(text) {
                Ok(url) if ["http", "https"].contains(&url.scheme()) => Ok(text.trim_end_matches('/').to_owned()),
                _ => Err(format!("{name} is no address of a web server: it has to start with http:// or https://")),
            },
        };
        let mut sites: Vec<Box<dyn Site>> = Vec::new();
        if host.env_filled(releases) != Some("off") {
            sites.push(Box::new(Releases { base: base(releases, RELEASES)? }));
        }
        sites.push(Box::new(GitHub {
            api: base(api, GITHUB_API)?,
            web: base(web, GITHUB)?,
            token: host.env_filled(TOKEN).map(str::to_owned),
        }));
        let client = network::client(host)?
            .connect_timeout(CONNECT)
            .read_timeout(silence)
            .redirect(Policy::custom(|attempt| {
                let was_safe = attempt.previous().last().is_some_and(|url| url.scheme() == "https");
                match () {
                    () if was_safe && attempt.url().scheme() != "https" => {
                        attempt.error("it leads from https to an address that is not")
                    }
                    () if attempt.previous().len() > REDIRECTS => attempt.error("it leads on and on"),
                    () => attempt.follow(),
                }
            }))
            .build()
            .map_err(|error| format!("cannot set up a client: {}", network::reason(&error)))?;
        let cache = Cache::in_folder(host.cache_dir().map(|folder| folder.join("plugin-releases")));
        Ok(Installer { fetch: Fetch { host: host.clone(), client, cache, limits }, sites, longest })
    }

    /// Installs the newest release of `source` that satisfies `constraints` and works here into `folder`. `None`: it is
    /// there already, and not to be installed again by `force`.
    ///
    /// Places are asked in turn, and each for its newest version first. Older versions do where a newer one has nothing
    /// for this system or cannot be used; where a checksum is wrong, the place is not asked for more.
    ///
    /// # Errors
    /// All that every place said.
    ///
    /// # Source
    /// INI-3 … INI-7, INI-16.
    pub async fn install_newest(
        &self,
        cx: &RunCx,
        folder: &Path,
        source: &Source,
        constraints: Option<&Constraints>,
        force: bool,
    ) -> Result<Option<InstalledPlugin>, NotInstalled> {
        let mut reasons = Vec::new();
        for site in self.sites.iter().filter(|site| site.has(source)) {
            match self.install_from(&**site, cx, &Place { folder, source, force }, constraints).await {
                Ok(installed) => return Ok(installed),
                Err(more) => reasons.extend(more.into_iter().map(|reason| format!("{}: {reason}", site.name()))),
            }
        }
        if reasons.is_empty() {
            reasons.push(format!(
                "only plugins on github.com, with a source of the form github.com/OWNER/NAME, can be downloaded; fetch the \
                 binary of {source} by hand and run \"packer plugins install --path BINARY {source}\""
            ));
        }
        Err(NotInstalled { reasons })
    }

    async fn install_from(
        &self,
        site: &dyn Site,
        cx: &RunCx,
        place: &Place<'_>,
        constraints: Option<&Constraints>,
    ) -> Result<Option<InstalledPlugin>, Vec<String>> {
        let source = place.source;
        let all = site.versions(source, &self.fetch).await.map_err(|failure| vec![no_plugin(source, &failure)])?;
        let mut versions: Vec<Version> = all
            .iter()
            .filter(|version| version.pre_release.is_empty())
            .filter(|version| constraints.is_none_or(|constraints| constraints.allow(version)))
            .cloned()
            .collect();
        versions.sort();
        versions.dedup();
        if versions.is_empty() {
            return Err(vec![none_fits(&all, constraints)]);
        }
        let mut reasons = Vec::new();
        while let Some(version) = versions.pop() {
            let archives = match site.archives(source, &version, &self.fetch).await {
                Ok(archives) => archives,
                Err(failure) => {
                    reasons.push(format!("version {version}: {failure}"));
                    // A version without a release is nothing unusual; a server that fails will fail again.
                    if failure.is_missing { continue } else { return Err(reasons) }
                }
            };
            match self.install_version(cx, place, &version, archives).await {
                Tried::Installed(plugin) => return Ok(Some(plugin)),
                Tried::AlreadyThere => return Ok(None),
                Tried::Unfit(reason) => reasons.push(format!("version {version}: {reason}")),
                Tried::Broken(reason) => {
                    reasons.push(format!("version {version}: {reason}"));
                    return Err(reasons);
                }
            }
        }
        Err(reasons)
    }

    async fn install_version(
        &self,
        cx: &RunCx,
        place: &Place<'_>,
        version: &Version,
        mut archives: Vec<Archive>,
    ) -> Tried {
        if archives.is_empty() {
            return Tried::Unfit(format!("there is no binary for {}_{}", system(), architecture()));
        }
        archives.sort_by_key(|archive| archive.api);
        let others: Vec<String> = archives.iter().map(|archive| archive.api.to_string()).collect();
        archives.retain(|archive| archive.api.is_spoken());
        let mut unfit =
            format!("it speaks the plugin interface {}, and this program speaks {SPOKEN}", others.join(", "));
        while let Some(archive) = archives.pop() {
            match self.install_archive(cx, place, version, &archive).await {
                Ok(Tried::Unfit(reason)) => unfit = reason,
                Ok(tried) => return tried,
                Err(error) => return Tried::Broken(format!("{error:#}")),
            }
        }
        Tried::Unfit(unfit)
    }

    async fn install_archive(
        &self,
        cx: &RunCx,
        place: &Place<'_>,
        version: &Version,
        archive: &Archive,
    ) -> anyhow::Result<Tried> {
        let name = archive.binary(place.source, version);
        if !place.force && place.is_taken(cx, &name).await {
            return Ok(Tried::AlreadyThere);
        }
        let zip = self.download(cx, archive, &format!("download of v{version}")).await?;
        let unpacked = place.begin(cx, &name)?;
        let (entry, longest) = (name.to_string(), self.longest);
        let unpacked = unpacked
            .fill(move |out| unpack::unpack(zip, &entry, longest, out))
            .await
            .map_err(|error| anyhow!("cannot unpack {}: {error:#}", archive.url))?;
        match self.check(cx, &unpacked, version).await {
            Ok(()) => Ok(Tried::Installed(unpacked.commit(cx, &name)?)),
            Err(reason) => Ok(Tried::Unfit(reason)),
        }
    }

    /// Returns the archive, an open file without a name, whose checksum is the one that was told.
    async fn download(&self, cx: &RunCx, archive: &Archive, what: &str) -> anyhow::Result<std::fs::File> {
        let folder = cx.host.absolute(cx.host.temp_dir());
        let file = tempfile::tempfile_in(&folder)
            .map_err(|error| anyhow!("cannot make a temporary file in {}: {error}", folder.display()))?;
        let progress = cx.progress(what, 0);
        let sum = self.fetch.file(&archive.url, &file, &progress).await.map_err(|failure| anyhow!("{failure}"))?;
        if sum != archive.sum {
            anyhow::bail!(
                "{} has the SHA-256 checksum {sum}, and the list of its release tells {}: it was damaged or exchanged on \
                 its way, and is not installed",
                archive.url,
                archive.sum
            );
        }
        Ok(file)
    }

    /// Checks that the binary is what its archive said.
    async fn check(&self, cx: &RunCx, placed: &Placed, version: &Version) -> Result<(), String> {
        let described = describe::describe(placed.path(), &cx.host, describe::PATIENCE).await;
        let described = described.map_err(|error| format!("its binary does not tell what it is: {error:#}"))?;
        match Version::parse(&described.version) {
            Some(told) if told.compare_numbers(version).is_eq() && told.pre_release.is_empty() => Ok(()),
            _ => Err(format!("its binary says of itself that it is version {:?}", described.version)),
        }
    }
}

fn no_plugin(source: &Source, failure: &Failure) -> String {
    match failure.is_missing {
        true => format!("there is no plugin {source}: {failure}"),
        false => failure.to_string(),
    }
}

fn none_fits(all: &[Version], constraints: Option<&Constraints>) -> String {
    let newest = all.iter().filter(|version| version.pre_release.is_empty()).max();
    match (constraints, newest) {
        (Some(constraints), Some(newest)) => {
            format!("no release satisfies {:?}; the newest is {newest}", constraints.to_string())
        }
        (_, None) if !all.is_empty() => "there are pre-releases alone, and those are not installed".to_owned(),
        _ => "there is no release".to_owned(),
    }
}

/// Returns the host of an address, as errors name it.
fn host_of(base: &str) -> String {
    Url::parse(base).ok().and_then(|url| Some(url.host_str()?.to_owned())).unwrap_or_else(|| base.to_owned())
}
