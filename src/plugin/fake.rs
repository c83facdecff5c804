//! Plugin folders for tests, with shell scripts in the place of plugins.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use super::discover::{Found, Wanted, discover};
use super::file_name::{architecture, system};
use super::{Source, checksum};
use crate::component::hold_starts;
use crate::host::Host;

/// A plugin folder that goes with its test.
#[derive(Debug)]
pub struct Folder(tempfile::TempDir);

impl Default for Folder {
    fn default() -> Folder {
        Folder(tempfile::tempdir().unwrap())
    }
}

impl Folder {
    /// Returns where it stands.
    pub fn path(&self) -> &Path {
        self.0.path()
    }

    /// Installs a plugin that says of itself what its name does.
    pub fn install(&self, source: &str, version: &str) -> PathBuf {
        self.describe(source, version, &description(version))
    }

    /// Installs a plugin that says `description` of itself.
    pub fn describe(&self, source: &str, version: &str, description: &str) -> PathBuf {
        let source = Source::parse(source).unwrap();
        let home = source.home(self.path());
        std::fs::create_dir_all(&home).unwrap();
        let end = format!("{}_{}", system(), architecture());
        let path = home.join(format!("packer-plugin-{}_v{version}_x5.0_{end}", source.name()));
        program(&path, &script(description));
        std::fs::write(checksum::beside(&path), checksum::of(&path).unwrap()).unwrap();
        path
    }

    /// Looks for plugins in it.
    pub async fn discover(&self, wanted: Wanted<'_>) -> Found {
        discover(self.path(), wanted, &host(self.path())).await.unwrap()
    }
}

/// Returns a world in which shell scripts can run.
pub fn host(cwd: &Path) -> Host {
    Host::fixed(cwd, &[("PATH", &std::env::var("PATH").unwrap())])
}

/// Returns what a plugin of `version` says of itself.
pub fn description(version: &str) -> String {
    format!(r#"{{"version":"{version}","api_version":"x5.0","builders":["thing"],"provisioners":null}}"#)
}

/// Returns the script of a plugin that says `description` of itself.
pub fn script(description: &str) -> String {
    format!("#!/bin/sh\n[ \"$1\" = describe ] && echo '{description}'\n")
}

/// Writes a program.
pub fn program(path: &Path, text: &str) {
    let _nothing_starts = hold_starts();
    std::fs::write(path, text).unwrap();
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755)).unwrap();
}
