//! The file names of plugin binaries: `packer-plugin-NAME_vX.Y.Z_xA.B_OS_ARCH`.
//!
//! Looks at no file; whether what the name tells is true, the binary says itself.

use std::fmt;

use crate::component::version::Version;

/// The version of the interface between program and plugin.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Api {
    /// Must be the same on both sides.
    pub major: u32,
    /// May be smaller on the plugin's side.
    pub minor: u32,
}

/// The interface that the reference speaks.
pub const SPOKEN: Api = Api { major: 5, minor: 0 };

impl Api {
    /// Reads `x5.0`.
    pub fn parse(text: &str) -> Option<Api> {
        Api::parse_numbers(text.strip_prefix('x')?)
    }

    /// Reads `5.0`.
    pub fn parse_numbers(text: &str) -> Option<Api> {
        let (major, minor) = text.split_once('.')?;
        let number = |text: &str| text.bytes().all(|b| b.is_ascii_digit()).then(|| text.parse().ok()).flatten();
        let api = Api { major: number(major)?, minor: number(minor)? };
        // Another way to write the same would be another file name.
        (api.to_string() == format!("x{text}")).then_some(api)
    }

    /// Whether a plugin with this interface can be spoken with (INI-10).
    pub fn is_spoken(self) -> bool {
        self.major == SPOKEN.major && (0..=SPOKEN.minor).contains(&self.minor)
    }
}

impl fmt::Display for Api {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "x{}.{}", self.major, self.minor)
    }
}

/// What the file name of a plugin tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileName {
    /// The plugin's name: `docker`.
    pub name: String,
    /// Its version.
    pub version: Version,
    /// The interface it speaks.
    pub api: Api,
}

impl FileName {
    /// Reads the name of a file. `None`: it is no plugin, or one for another system.
    ///
    /// # Errors
    /// Why it cannot be used although it is one for this system (INI-10).
    pub fn parse(file: &str) -> Option<Result<FileName, String>> {
        let rest = file.strip_prefix("packer-plugin-")?.strip_suffix(&end())?;
        let (name, rest) = rest.split_once('_')?;
        Some(FileName::parts(name, rest))
    }

    fn parts(name: &str, rest: &str) -> Result<FileName, String> {
        if name.is_empty() {
            return Err("its name tells no plugin".to_owned());
        }
        let (version_text, api_text) = rest.split_once('_').ok_or("its name tells no version of the interface")?;
        let version = version_text.strip_prefix('v').and_then(Version::parse);
        let version = version.ok_or_else(|| format!("its name tells no version: {version_text:?}"))?;
        if !version.metadata.is_empty() {
            return Err("the version in its name has build metadata".to_owned());
        }
        if format!("v{version}") != version_text {
            return Err(format!("the version in its name, {version_text}, would have to be written v{version}"));
        }
        let api = Api::parse(api_text).ok_or_else(|| format!("its name tells no interface: {api_text:?}"))?;
        Ok(FileName { name: name.to_owned(), version, api })
    }
}

impl fmt::Display for FileName {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "packer-plugin-{}_v{}_{}{}", self.name, self.version, self.api, end())
    }
}

/// How the names of binaries for this system end: `_linux_amd64`, on Windows with `.exe`.
fn end() -> String {
    format!("_{}_{}{}", system(), architecture(), std::env::consts::EXE_SUFFIX)
}

/// Returns this operating system's name in file names of plugins.
pub fn system() -> &'static str {
    match std::env::consts::OS {
        "macos" => "darwin",
        other => other,
    }
}

/// Returns this machine's architecture in file names of plugins.
pub fn architecture() -> &'static str {
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

    #[test]
    fn a_name_is_read_as_it_is_written() {
        let file = format!("packer-plugin-a-b_v1.2.0-rc1_x5.0{}", end());
        let name = FileName::parse(&file).unwrap().unwrap();
        assert_eq!((name.name.as_str(), name.api), ("a-b", SPOKEN));
        assert_eq!(name.to_string(), file);
    }

    #[test]
    fn versions_are_canonical_and_have_no_metadata() {
        // INI-10
        for version in ["v1.0", "v01.0.0", "1.0.0", "vone", "v1.0.0+meta", "v1.0.0_5.0"] {
            let file = format!("packer-plugin-p_{version}_x5.0{}", end());
            assert!(FileName::parse(&file).unwrap().is_err(), "{file}");
        }
        assert!(FileName::parse(&format!("packer-plugin-p_v1.0.0{}", end())).unwrap().is_err());
        assert!(FileName::parse(&format!("packer-plugin-_v1.0.0_x5.0{}", end())).unwrap().is_err());
        assert!(FileName::parse("packer-plugin-p_v1.0.0_x5.0_plan9_sparc").is_none());
        assert!(FileName::parse(&format!("packer-builder-p_v1.0.0_x5.0{}", end())).is_none());
    }

    #[test]
    fn an_interface_is_spoken_with_the_same_first_and_no_higher_second_number() {
        // INI-10
        let spoken = |text| Api::parse(text).is_some_and(Api::is_spoken);
        assert!(spoken("x5.0") && !spoken("x5.1") && !spoken("x4.0") && !spoken("x6.0"));
        assert!(["5.0", "x5", "x05.0", "x5.0/..", "x+5.0"].into_iter().all(|text| Api::parse(text).is_none()));
    }
}
