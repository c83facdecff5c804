//! Finds the installed binaries of one plugin in the plugin folder.
//!
//! Runs nothing: name, checksum file and content are all it looks at.

use std::path::Path;

use sha2::{Digest, Sha256};

use crate::component::InstalledPlugin;
use crate::component::version::Version;

/// The plugin interface that the reference speaks: the major version must be equal, the minor not above.
const API: (u32, u32) = (5, 0);

/// Returns the binaries of plugin `source` (`github.com/hashicorp/docker`) under `folder` that may be used,
/// by ascending version. With `pre_releases` false those are left out.
///
/// A binary may be used if its name is complete and of this system, its version canonical and without metadata,
/// its interface one we speak, and the checksum file beside it matches.
///
/// # Source
/// INI-9, INI-10.
pub fn discover(folder: &Path, source: &str, pre_releases: bool) -> Vec<InstalledPlugin> {
    let home = source.split('/').fold(folder.to_owned(), |path, part| path.join(part));
    let name = source.rsplit('/').next().unwrap_or_default();
    let Ok(entries) = std::fs::read_dir(&home) else { return Vec::new() };
    let mut found: Vec<InstalledPlugin> = entries
        .flatten()
        .filter_map(|entry| {
            let version = version_of(entry.file_name().to_str()?, name)?;
            let path = entry.path();
            let wanted = pre_releases || version.pre_release.is_empty();
            (wanted && path.is_file() && is_untouched(&path)).then_some(InstalledPlugin { version, path })
        })
        .collect();
    found.sort_by(|a, b| a.version.cmp(&b.version));
    found
}

/// Returns the version in the file name `packer-plugin-NAME_vX.Y.Z_xA.B_OS_ARCH`, if all of it fits.
fn version_of(file: &str, name: &str) -> Option<Version> {
    let rest = file.strip_suffix(std::env::consts::EXE_SUFFIX)?;
    let rest = rest.strip_prefix("packer-plugin-")?.strip_prefix(name)?.strip_prefix("_v")?;
    let rest = rest.strip_suffix(&format!("_{}_{}", system(), architecture()))?;
    let (version_text, api) = rest.rsplit_once("_x")?;
    let (major, minor) = api.split_once('.')?;
    let speaks = major.parse() == Ok(API.0) && minor.parse::<u32>().is_ok_and(|minor| minor <= API.1);
    let version = Version::parse(version_text)?;
    (speaks && version.metadata.is_empty() && version.to_string() == version_text).then_some(version)
}

/// Whether the checksum file beside `path` is there and tells its SHA-256; what follows the 64 digits does not matter.
fn is_untouched(path: &Path) -> bool {
    let mut beside = path.as_os_str().to_owned();
    beside.push("_SHA256SUM");
    let Ok(told) = std::fs::read_to_string(beside) else { return false };
    let mut hash = Sha256::new();
    let copied = std::fs::File::open(path).and_then(|mut file| std::io::copy(&mut file, &mut Hashing(&mut hash)));
    copied.is_ok() && told.get(..64).is_some_and(|digits| digits.eq_ignore_ascii_case(&hex::encode(hash.finalize())))
}

/// Lets a hash be written to.
struct Hashing<'a>(&'a mut Sha256);

impl std::io::Write for Hashing<'_> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }
    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Returns this operating system's name in file names of plugins.
fn system() -> &'static str {
    match std::env::consts::OS {
        "macos" => "darwin",
        other => other,
    }
}

/// Returns this machine's architecture in file names of plugins.
fn architecture() -> &'static str {
    match std::env::consts::ARCH {
        "x86_64" => "amd64",
        "aarch64" => "arm64",
        "x86" => "386",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOURCE: &str = "github.com/acme/p";

    fn install(folder: &Path, version: &str, api: &str, checksum: impl Fn(String) -> String) {
        let home = folder.join(SOURCE);
        std::fs::create_dir_all(&home).unwrap();
        let name = format!("packer-plugin-p_v{version}_x{api}_{}_{}", system(), architecture());
        std::fs::write(home.join(&name), "a program").unwrap();
        let digits = hex::encode(Sha256::digest("a program"));
        std::fs::write(home.join(format!("{name}_SHA256SUM")), checksum(digits)).unwrap();
    }

    fn versions(folder: &Path, pre_releases: bool) -> Vec<String> {
        discover(folder, SOURCE, pre_releases).iter().map(|plugin| plugin.version.to_string()).collect()
    }

    #[test]
    fn usable_binaries_come_in_ascending_order_and_pre_releases_can_be_left_out() {
        // INI-10, INI-11
        let folder = tempfile::tempdir().unwrap();
        for version in ["1.10.0", "1.2.0", "2.0.0-dev", "2.0.0"] {
            install(folder.path(), version, "5.0", |digits| digits.to_uppercase() + "  name\n");
        }
        assert_eq!(versions(folder.path(), true), ["1.2.0", "1.10.0", "2.0.0-dev", "2.0.0"]);
        assert_eq!(versions(folder.path(), false), ["1.2.0", "1.10.0", "2.0.0"]);
    }

    #[test]
    fn a_binary_that_does_not_fit_is_not_seen() {
        // INI-9, INI-10
        let folder = tempfile::tempdir().unwrap();
        install(folder.path(), "1.0.0", "6.0", |digits| digits);
        install(folder.path(), "1.1", "5.0", |digits| digits);
        install(folder.path(), "1.2.0", "5.1", |digits| digits);
        install(folder.path(), "1.3.0", "5.0", |digits| digits.replace(|c: char| c.is_ascii_digit(), "0"));
        install(folder.path(), "1.4.0+build", "5.0", |digits| digits);
        install(folder.path(), "1.5.0", "5.0", |_| String::new());
        assert!(versions(folder.path(), true).is_empty());
    }
}
