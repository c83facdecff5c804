//! Where a plugin comes from, as templates and commands write it: `github.com/hashicorp/docker`.
//!
//! Looks nothing up: a source is a name until somebody asks for it.

use std::fmt;
use std::path::{Path, PathBuf};

/// The source of a plugin: a host, a namespace of one or more parts, and a name.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Source(String);

impl Source {
    /// Reads a source.
    ///
    /// # Errors
    /// What is wrong with it, as the end of a sentence (HCL-18).
    pub fn parse(text: &str) -> Result<Source, &'static str> {
        match fault(text) {
            None => Ok(Source(text.to_owned())),
            Some(reason) => Err(reason),
        }
    }

    /// Returns the name: its last part.
    pub fn name(&self) -> &str {
        self.0.rsplit('/').next().unwrap_or_default()
    }

    /// Returns owner and name when it stands on GitHub, the only place that plugins can be fetched from (INI-7).
    pub fn on_github(&self) -> Option<(&str, &str)> {
        let parts: Vec<&str> = self.0.split('/').collect();
        match parts[..] {
            ["github.com", owner, name] if !owner.is_empty() => Some((owner, name)),
            _ => None,
        }
    }

    /// Returns the folder of its binaries below `folder` (INI-9).
    pub fn home(&self, folder: &Path) -> PathBuf {
        self.namespace(folder).join(self.name())
    }

    /// Returns the folder of all plugins of its namespace.
    pub fn namespace(&self, folder: &Path) -> PathBuf {
        let (namespace, _) = self.0.rsplit_once('/').unwrap_or_default();
        namespace.split('/').filter(|part| !part.is_empty()).fold(folder.to_owned(), |path, part| path.join(part))
    }
}

impl fmt::Display for Source {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

/// Whether `name` may be a label of a host: letters and digits of any script, single dashes between them (HCL-18, HCL-19).
pub fn is_label(name: &str) -> bool {
    let fits = |letter: char| letter == '-' || letter.is_alphanumeric();
    !name.is_empty() && name.chars().all(fits) && !name.contains("--") && !name.starts_with('-') && !name.ends_with('-')
}

fn fault(source: &str) -> Option<&'static str> {
    let parts: Vec<&str> = source.split('/').collect();
    let last = parts.last().copied().unwrap_or_default();
    match () {
        () if source.contains("://") => Some("it may not have a scheme such as https://"),
        () if source.contains(['?', '#']) => Some("it may have neither a query nor a fragment"),
        () if source.starts_with('/') || source.ends_with('/') => Some("it may neither start nor end with a slash"),
        () if parts.len() < 3 => Some("it needs a host, a namespace and a name: github.com/OWNER/NAME"),
        () if parts.len() > 16 => Some("it has more than 16 parts"),
        () if parts[0].contains(':') => Some("its host may not have a port"),
        () if last.starts_with("packer-") => {
            Some("its name may not start with packer- or packer-plugin-; leave that off")
        }
        () if !is_label(last) => Some("its name may hold letters, digits and single dashes between them only"),
        // It becomes a path below the plugin folder, and must not lead out of it.
        () if parts.iter().any(|part| [".", ".."].contains(part)) => Some("its parts may not be . or .."),
        () if source.contains(|letter: char| letter.is_control() || letter == '\\') => {
            Some("it may hold neither control characters nor backslashes")
        }
        () => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sources_have_a_host_a_namespace_and_a_plain_name() {
        // HCL-18
        for good in
            ["github.com/acme/p", "git.example.org/group/sub/p", "github.com//p", "github.com/ACME/P-q", "a/b/é"]
        {
            assert_eq!(fault(good), None, "{good}");
        }
        let bad = [
            "acme/p",
            "localhost:80/acme/p",
            "/a/b/c",
            "a/b/c/",
            "https://a.b/c/d",
            "a/b/c?x",
            "a/b/c#x",
            "a/b/packer-plugin-c",
            "a/b/packer-c",
            "a/b/c_d",
            "a/b/c.d",
            "a/b/-c",
            "a/b/c-",
            "a/b/c--d",
            "",
            "a/b/c/d/e/f/g/h/i/j/k/l/m/n/o/p/q",
            "github.com/../c",
            "../../c",
            "a/b\n/c",
        ];
        for bad in bad {
            assert!(fault(bad).is_some(), "{bad}");
        }
    }

    #[test]
    fn a_source_is_a_folder_below_the_plugin_folder() {
        // INI-9
        let home = |text: &str| Source::parse(text).unwrap().home("plugins".as_ref());
        assert_eq!(home("git.example.org/a/b/c"), Path::new("plugins/git.example.org/a/b/c"));
        assert_eq!(home("github.com//p"), Path::new("plugins/github.com/p"));
    }

    #[test]
    fn only_three_parts_on_github_can_be_fetched() {
        // INI-7
        let on_github = |text: &str| Source::parse(text).unwrap().on_github().is_some();
        assert!(on_github("github.com/acme/p"));
        assert!(!["github.com//p", "github.com/a/b/c", "gitlab.com/a/b"].into_iter().any(on_github));
    }
}
