//! Names of images: registry, repository, tag and digest.
//!
//! Checks nothing that the engine checks better.

/// Where Docker Hub's credentials are filed.
pub const HUB: &str = "https://index.docker.io/v1/";

/// A name in its parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference<'a> {
    /// Registry and repository as written: `127.0.0.1:5000/app`, `busybox`.
    pub repository: &'a str,
    /// The tag.
    pub tag: Option<&'a str>,
    /// `sha256:…`.
    pub digest: Option<&'a str>,
}

impl<'a> Reference<'a> {
    /// Takes a name apart.
    pub fn parse(name: &'a str) -> Reference<'a> {
        let (rest, digest) = match name.split_once('@') {
            Some((rest, digest)) => (rest, Some(digest)),
            None => (name, None),
        };
        let path = rest.rfind('/').map_or(0, |slash| slash + 1);
        match rest[path..].find(':') {
            Some(colon) => {
                Reference { repository: &rest[..path + colon], tag: Some(&rest[path + colon + 1..]), digest }
            }
            None => Reference { repository: rest, tag: None, digest },
        }
    }

    /// Returns the registry, as credentials are filed under it.
    pub fn registry(&self) -> &'a str {
        match self.repository.split_once('/') {
            Some((first, _)) if first.contains(['.', ':']) || first == "localhost" => match first {
                "docker.io" | "index.docker.io" => HUB,
                other => other,
            },
            _ => HUB,
        }
    }

    /// Returns the name with nothing left out: `docker.io/library/busybox:latest`.
    pub fn full(&self) -> String {
        let repository = match (self.registry(), self.repository.split_once('/')) {
            (HUB, Some(("docker.io" | "index.docker.io", rest))) if !rest.contains('/') => {
                format!("docker.io/library/{rest}")
            }
            (HUB, Some(("docker.io" | "index.docker.io", rest))) => format!("docker.io/{rest}"),
            (HUB, Some(_)) => format!("docker.io/{}", self.repository),
            (HUB, None) => format!("docker.io/library/{}", self.repository),
            _ => self.repository.to_owned(),
        };
        match (self.tag, self.digest) {
            (_, Some(digest)) => format!("{repository}@{digest}"),
            (tag, None) => format!("{repository}:{}", tag.unwrap_or("latest")),
        }
    }
}

/// Returns the digest of `name`'s repository among those that an image has, else the first.
pub fn digest_of(digests: &[String], name: &str) -> Option<String> {
    let repository_of = |digest: &String| digest.split('@').next().map(str::to_owned);
    let is_same = |digest: &&String| {
        repository_of(digest).is_some_and(|repository| {
            name.strip_prefix(&*repository).is_some_and(|tag| tag.is_empty() || tag.starts_with([':', '@']))
        })
    };
    digests.iter().find(is_same).or_else(|| digests.first()).cloned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_taken_apart_and_completed() {
        let local = Reference::parse("127.0.0.1:5000/a/b:v1");
        assert_eq!(
            (local.repository, local.tag, local.registry()),
            ("127.0.0.1:5000/a/b", Some("v1"), "127.0.0.1:5000")
        );
        for (name, full) in [
            ("busybox", "docker.io/library/busybox:latest"),
            ("a/b:1", "docker.io/a/b:1"),
            ("docker.io/busybox", "docker.io/library/busybox:latest"),
            ("localhost/x", "localhost/x:latest"),
            ("q.io/x@sha256:12", "q.io/x@sha256:12"),
        ] {
            assert_eq!(Reference::parse(name).full(), full);
        }
        assert_eq!(Reference::parse("a/b").registry(), HUB);
    }

    // PP-docker-5
    #[test]
    fn the_digest_is_that_of_the_pushed_repository() {
        let digests = ["a/b@sha256:1", "127.0.0.1:5000/a@sha256:2", "127.0.0.1:5000/ab@sha256:3"].map(str::to_owned);
        for (name, wanted) in [("127.0.0.1:5000/ab:v1", 2), ("127.0.0.1:5000/a:v1", 1), ("a/b", 0), ("other:x", 0)] {
            assert_eq!(digest_of(&digests, name).as_ref(), Some(&digests[wanted]), "{name}");
        }
        assert_eq!(digest_of(&[], "a:b"), None);
    }
}
