//! Finds the binaries in the plugin folder that may be used.
//!
//! Looks at name, checksum and description; what the components of a plugin do is none of its business.

use std::io;
use std::path::{Path, PathBuf};

use futures_util::{StreamExt, stream};
use walkdir::WalkDir;

use super::describe::{self, Description};
use super::file_name::{Api, FileName};
use super::source::Source;
use super::{checksum, describe as ask};
use crate::component::InstalledPlugin;
use crate::component::version::{Constraints, Version};
use crate::host::Host;

/// How deep below the plugin folder a binary may stand.
const DEEPEST: usize = 17;
/// How many binaries are asked at a time.
const SIDE_BY_SIDE: usize = 8;

/// Which binaries are wanted.
#[derive(Clone, Copy, Default)]
pub struct Wanted<'a> {
    /// Those of one plugin; otherwise of all.
    pub source: Option<&'a Source>,
    /// Versions that satisfy these.
    pub constraints: Option<&'a Constraints>,
    /// Only those whose interface the program speaks.
    pub spoken: bool,
    /// No pre-releases.
    pub releases: bool,
    /// Only the one to use: the newest.
    pub newest: bool,
}

/// What was found.
#[derive(Debug, Default)]
pub struct Found {
    /// Binaries that may be used, by name, then by ascending version: the last one of a plugin is the one to use.
    pub usable: Vec<Installed>,
    /// Binaries that cannot be used although their place says that they are meant to be.
    pub refused: Vec<Refused>,
}

/// A binary that may be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Installed {
    /// What its name tells.
    pub name: FileName,
    /// Where it stands.
    pub path: PathBuf,
    /// What it says of itself.
    pub description: Description,
}

/// A binary that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// Where it stands.
    pub path: PathBuf,
    /// Why not, as the end of a sentence.
    pub reason: String,
    /// Whether somebody has waited for it in vain.
    pub hangs: bool,
}

impl From<Installed> for InstalledPlugin {
    fn from(installed: Installed) -> InstalledPlugin {
        InstalledPlugin { version: installed.name.version, path: installed.path }
    }
}

/// Returns the binaries below `folder` that are `wanted`. A folder that is not there holds none.
///
/// A binary may be used if its name is complete and of this system, its version canonical and without metadata, the
/// checksum file beside it tells its content, and it says of itself what its name does. Binaries in the folder itself are
/// not looked at, and links to other folders are not followed.
///
/// # Errors
/// When the folder cannot be read.
///
/// # Source
/// INI-9 … INI-11, INI-15.
pub async fn discover(folder: &Path, wanted: Wanted<'_>, host: &Host) -> io::Result<Found> {
    let mut found = Found::default();
    let mut candidates = candidates(folder, wanted, host, &mut found.refused)?;
    candidates.sort_by(|(a, _), (b, _)| (&a.name, &a.version, a.api).cmp(&(&b.name, &b.version, b.api)));
    if wanted.newest {
        while let Some((name, path)) = candidates.pop() {
            match check(name, path, host).await {
                Ok(installed) => {
                    found.usable.push(installed);
                    break;
                }
                Err(refused) => found.refused.push(refused),
            }
        }
        return Ok(found);
    }
    let mut checked = stream::iter(candidates).map(|(name, path)| check(name, path, host)).buffered(SIDE_BY_SIDE);
    while let Some(checked) = checked.next().await {
        match checked {
            Ok(installed) => found.usable.push(installed),
            Err(refused) => found.refused.push(refused),
        }
    }
    Ok(found)
}

/// Returns the files whose names are those of wanted binaries, in the order of their paths.
fn candidates(
    folder: &Path,
    wanted: Wanted<'_>,
    host: &Host,
    refused: &mut Vec<Refused>,
) -> io::Result<Vec<(FileName, PathBuf)>> {
    let root = wanted.source.map_or_else(|| folder.to_owned(), |source| source.namespace(folder));
    if let Err(error) = std::fs::read_dir(host.absolute(&root)) {
        return if error.kind() == io::ErrorKind::NotFound { Ok(Vec::new()) } else { Err(error) };
    }
    let absolute = host.absolute(&root);
    let mut candidates = Vec::new();
    // What stands beside a folder that cannot be read is found all the same.
    for entry in WalkDir::new(&absolute).min_depth(1).max_depth(DEEPEST).sort_by_file_name().into_iter().flatten() {
        let path = root.join(entry.path().strip_prefix(&absolute).unwrap_or(entry.path()));
        let is_loose = wanted.source.is_none() && entry.depth() == 1;
        let Some(file) = entry.file_name().to_str().filter(|_| !is_loose && !entry.file_type().is_dir()) else {
            continue;
        };
        // Names hold no underscore, so this is the whole name of a plugin.
        let is_other = wanted.source.is_some_and(|source| {
            file.strip_prefix("packer-plugin-").is_none_or(|rest| rest.split('_').next() != Some(source.name()))
        });
        match FileName::parse(file) {
            Some(Ok(name)) if !is_other && is_wanted(&name, wanted) => candidates.push((name, path)),
            Some(Err(reason)) if !is_other => refused.push(Refused { path, reason, hangs: false }),
            _ => {}
        }
    }
    Ok(candidates)
}

fn is_wanted(name: &FileName, wanted: Wanted<'_>) -> bool {
    // The numbers alone count (INI-11).
    wanted.constraints.is_none_or(|constraints| constraints.allow(&name.version))
        && (!wanted.spoken || name.api.is_spoken())
        && (!wanted.releases || name.version.pre_release.is_empty())
}

/// Checks what stands behind a name.
async fn check(name: FileName, path: PathBuf, host: &Host) -> Result<Installed, Refused> {
    let refuse = |reason: String| Refused { path: path.clone(), reason, hangs: false };
    let place = host.absolute(&path);
    let summed = tokio::task::spawn_blocking(move || checksum::check(&place)).await;
    summed.unwrap_or_else(|error| Err(error.to_string())).map_err(refuse)?;
    let description = ask::describe(&path, host, describe::PATIENCE).await.map_err(|error| {
        let hangs = error.is::<describe::Hangs>();
        Refused { hangs, ..refuse(format!("{error:#}")) }
    })?;
    match Version::parse(&description.version) {
        Some(version) if version.cmp(&name.version).is_eq() => {}
        _ => return Err(refuse(format!("it says of itself that it is version {:?}", description.version))),
    }
    if Api::parse(&description.api_version) != Some(name.api) {
        return Err(refuse(format!("it says of itself that it speaks the interface {:?}", description.api_version)));
    }
    Ok(Installed { name, path, description })
}

#[cfg(test)]
mod tests {
    use super::super::fake::Folder;
    use super::*;

    const SOURCE: &str = "github.com/acme/p";

    fn versions(found: &Found) -> Vec<String> {
        found.usable.iter().map(|plugin| plugin.name.version.to_string()).collect()
    }

    #[tokio::test]
    async fn usable_binaries_come_in_ascending_order_and_pre_releases_can_be_left_out() {
        // INI-10, INI-11
        let folder = Folder::default();
        for version in ["1.10.0", "1.2.0", "2.0.0-dev", "2.0.0"] {
            folder.install(SOURCE, version);
        }
        let source = Source::parse(SOURCE).unwrap();
        let all = Wanted { source: Some(&source), ..Wanted::default() };
        assert_eq!(versions(&folder.discover(all).await), ["1.2.0", "1.10.0", "2.0.0-dev", "2.0.0"]);
        let releases = Wanted { releases: true, ..all };
        assert_eq!(versions(&folder.discover(releases).await), ["1.2.0", "1.10.0", "2.0.0"]);
        let near = Constraints::parse("~> 1.2").unwrap();
        let newest = Wanted { constraints: Some(&near), newest: true, ..all };
        assert_eq!(versions(&folder.discover(newest).await), ["1.10.0"]);
    }

    #[tokio::test]
    async fn a_binary_that_does_not_fit_is_refused_with_the_reason() {
        // INI-9, INI-10
        let folder = Folder::default();
        folder.install(SOURCE, "1.1");
        folder.install(SOURCE, "1.4.0+build");
        folder.describe(SOURCE, "1.5.0", r#"{"version":"1.5.1","api_version":"x5.0"}"#);
        folder.describe(SOURCE, "1.6.0", r#"{"version":"1.6.0","api_version":"x5.1"}"#);
        folder.describe(SOURCE, "1.7.0", "no json");
        std::fs::remove_file(checksum::beside(&folder.install(SOURCE, "1.8.0"))).unwrap();
        let found = folder.discover(Wanted::default()).await;
        assert!(found.usable.is_empty(), "{:?}", found.usable);
        let reasons: Vec<_> = found.refused.iter().map(|refused| refused.reason.as_str()).collect();
        let parts =
            ["written v1.1.0", "metadata", "version \"1.5.1\"", "interface \"x5.1\"", "not the desc", "no check"];
        for (reason, part) in reasons.iter().zip(parts) {
            assert!(reason.contains(part), "{reason}");
        }
        assert_eq!(reasons.len(), parts.len());
    }

    #[tokio::test]
    async fn one_that_cannot_be_used_gives_way_to_an_older_one() {
        let folder = Folder::default();
        folder.install(SOURCE, "1.0.0");
        std::fs::write(checksum::beside(&folder.install(SOURCE, "1.1.0")), "").unwrap();
        let found = folder.discover(Wanted { newest: true, ..Wanted::default() }).await;
        assert_eq!((versions(&found), found.refused.len()), (vec!["1.0.0".to_owned()], 1));
    }

    #[tokio::test]
    async fn binaries_in_odd_places_and_of_other_plugins_are_not_looked_at() {
        // INI-9
        let folder = Folder::default();
        let binary = folder.install(SOURCE, "1.0.0");
        let loose = folder.path().join(binary.file_name().unwrap());
        std::fs::copy(&binary, &loose).unwrap();
        std::fs::copy(checksum::beside(&binary), checksum::beside(&loose)).unwrap();
        folder.install("github.com/acme/p-p", "1.0.0");
        std::os::unix::fs::symlink(folder.path().join("github.com"), folder.path().join("elsewhere")).unwrap();
        let source = Source::parse(SOURCE).unwrap();
        assert_eq!(folder.discover(Wanted { source: Some(&source), ..Wanted::default() }).await.usable.len(), 1);
        assert_eq!(folder.discover(Wanted::default()).await.usable.len(), 2);
    }

    #[tokio::test]
    async fn a_folder_that_is_a_link_is_read_and_one_that_is_a_file_is_an_error() {
        let folder = Folder::default();
        folder.install(SOURCE, "1.0.0");
        let beside = tempfile::tempdir().unwrap();
        let (link, file) = (beside.path().join("link"), beside.path().join("file"));
        std::os::unix::fs::symlink(folder.path(), &link).unwrap();
        std::fs::write(&file, "").unwrap();
        let host = Host::fixed(beside.path(), &[]);
        let found = discover(Path::new("link"), Wanted::default(), &host).await.unwrap();
        assert!(found.usable[0].path.starts_with("link/github.com/acme/p"));
        assert!(discover(&file, Wanted::default(), &host).await.is_err());
        assert!(discover(&beside.path().join("gone"), Wanted::default(), &host).await.unwrap().usable.is_empty());
    }
}
