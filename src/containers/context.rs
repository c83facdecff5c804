//! The folder that an image is built from, as a tar, without what `.dockerignore` leaves out.
//!
//! Knows no Dockerfile's content.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::write::GzEncoder;
use globset::{GlobBuilder, GlobMatcher};
use tar::Builder;

use super::tarball::{Owner, add, written};
use super::{BuildImage, ByteStream};

/// Returns the tar of a build's folder, and the name of the Dockerfile in it.
///
/// # Errors
/// When folder, Dockerfile or `.dockerignore` cannot be read.
pub fn context(request: &BuildImage) -> io::Result<(ByteStream, String)> {
    let folder = request.folder.canonicalize()?;
    let dockerfile = request.dockerfile.canonicalize()?;
    let inside = dockerfile.strip_prefix(&folder).ok().map(|path| path.display().to_string());
    // A Dockerfile from elsewhere travels under a name that no file of the folder has.
    let outside = inside.is_none().then(|| dockerfile.clone());
    let name = inside.unwrap_or_else(|| ".dockerfile.packer".to_owned());
    let text = match std::fs::read_to_string(folder.join(".dockerignore")) {
        Ok(text) => text,
        // What stands for a missing one must not be copied into the image either.
        Err(error) if error.kind() == io::ErrorKind::NotFound && outside.is_some() => ".dockerignore".to_owned(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
        Err(error) => return Err(error),
    };
    let ignore = Ignore::parse(&text);
    let outside = outside.map(|dockerfile| (dockerfile, format!("{text}\n{name}\n")));
    let (compress, always) = (request.compress, name.clone());
    let stream = written(move |to| {
        if compress {
            let mut packed = GzEncoder::new(to, Compression::default());
            write(&folder, &ignore, &always, outside.as_ref(), &mut packed)?;
            packed.finish()?;
            Ok(())
        } else {
            write(&folder, &ignore, &always, outside.as_ref(), to)
        }
    });
    Ok((stream, name))
}

/// Writes the tar. With a Dockerfile from `outside` goes the `.dockerignore` that hides it from the image's own copies.
fn write(
    folder: &Path,
    ignore: &Ignore,
    always: &str,
    outside: Option<&(PathBuf, String)>,
    to: &mut dyn Write,
) -> io::Result<()> {
    let mut builder = Builder::new(to);
    let mut walk = walkdir::WalkDir::new(folder).min_depth(1).sort_by_file_name().into_iter();
    while let Some(entry) = walk.next() {
        let entry = entry.map_err(io::Error::from)?;
        let inside = entry.path().strip_prefix(folder).expect("walked from there");
        // The engine needs the Dockerfile, and the ignore file takes part in its cache, whatever is ignored.
        let needed = inside == Path::new(always) || inside == Path::new(".dockerignore");
        if outside.is_some() && inside == Path::new(".dockerignore") {
            continue;
        }
        let leads_there = Path::new(always).starts_with(inside);
        if ignore.matches(inside) && !needed {
            if entry.file_type().is_dir() && !ignore.has_exceptions && !leads_there {
                walk.skip_current_dir();
            }
            continue;
        }
        add(&mut builder, entry.path(), inside, Owner::Root)?;
    }
    if let Some((dockerfile, text)) = outside {
        add(&mut builder, dockerfile, Path::new(always), Owner::Root)?;
        let mut header = tar::Header::new_gnu();
        header.set_size(text.len() as u64);
        header.set_mode(0o600);
        builder.append_data(&mut header, ".dockerignore", text.as_bytes())?;
    }
    builder.finish()
}

/// The rules of a `.dockerignore`, in order; the last one that matches decides.
#[derive(Default)]
struct Ignore {
    rules: Vec<(GlobMatcher, bool)>,
    has_exceptions: bool,
}

impl Ignore {
    /// Reads the rules; a line that is no pattern is left out, as a name that matches nothing.
    fn parse(text: &str) -> Ignore {
        let mut ignore = Ignore::default();
        for line in text.trim_start_matches('\u{feff}').lines() {
            let line = if line.starts_with('#') { "" } else { line.trim() };
            let (pattern, leave_out) = match line.strip_prefix('!') {
                Some(pattern) => (pattern.trim(), false),
                None => (line, true),
            };
            let pattern = clean(pattern);
            if pattern.is_empty() {
                continue;
            }
            // Braces are letters like others here.
            let pattern = pattern.replace('{', "[{]").replace('}', "[}]");
            let glob = GlobBuilder::new(&pattern).literal_separator(true).backslash_escape(true).build();
            if let Ok(glob) = glob {
                ignore.has_exceptions |= !leave_out;
                ignore.rules.push((glob.compile_matcher(), leave_out));
            }
        }
        ignore
    }

    /// Whether `path`, seen from the folder, is left out: itself, or because a folder above it is.
    fn matches(&self, path: &Path) -> bool {
        let mut left_out = false;
        for (glob, leave_out) in &self.rules {
            if path.ancestors().filter(|part| !part.as_os_str().is_empty()).any(|part| glob.is_match(part)) {
                left_out = *leave_out;
            }
        }
        left_out
    }
}

/// Returns a pattern without `.`, empty and leading parts.
fn clean(pattern: &str) -> String {
    let mut parts = PathBuf::new();
    for part in pattern.split('/').filter(|part| !part.is_empty() && *part != ".") {
        if part == ".." {
            parts.pop();
        } else {
            parts.push(part);
        }
    }
    parts.display().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn names(ignore: &str, compress: bool) -> Vec<String> {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join(".dockerignore"), ignore).unwrap();
        std::fs::create_dir_all(dir.path().join("a/b")).unwrap();
        for file in ["Dockerfile", "x.log", "a/keep", "a/y.log", "a/b/z.log"] {
            std::fs::write(dir.path().join(file), file).unwrap();
        }
        let request = BuildImage {
            dockerfile: dir.path().join("Dockerfile"),
            folder: dir.path().to_owned(),
            compress,
            ..BuildImage::default()
        };
        let (mut stream, _) = context(&request).unwrap();
        let mut bytes = Vec::new();
        while let Some(piece) = stream.recv().await {
            bytes.extend_from_slice(&piece.unwrap());
        }
        let plain: Box<dyn io::Read> =
            if compress { Box::new(flate2::read::GzDecoder::new(&bytes[..])) } else { Box::new(&bytes[..]) };
        let mut archive = tar::Archive::new(plain);
        archive.entries().unwrap().map(|entry| entry.unwrap().path().unwrap().display().to_string()).collect()
    }

    #[tokio::test]
    async fn patterns_leave_out_and_exceptions_bring_back() {
        assert_eq!(
            names("# no logs\n*.log\na\n!a/keep\n{x,a/keep}\n", false).await,
            [".dockerignore", "Dockerfile", "a/keep"],
        );
        assert_eq!(
            names("**/*.log\nDockerfile\n/a/b/\n", true).await,
            [".dockerignore", "Dockerfile", "a/", "a/keep"],
            "the Dockerfile is always sent",
        );
    }

    #[tokio::test]
    async fn a_dockerfile_from_elsewhere_travels_along() {
        let (dir, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        std::fs::write(other.path().join("Other"), "FROM x").unwrap();
        let request = BuildImage {
            dockerfile: other.path().join("Other"),
            folder: dir.path().to_owned(),
            ..BuildImage::default()
        };
        let (mut stream, name) = context(&request).unwrap();
        let mut bytes = Vec::new();
        while let Some(piece) = stream.recv().await {
            bytes.extend_from_slice(&piece.unwrap());
        }
        assert_eq!(name, ".dockerfile.packer");
        let mut archive = tar::Archive::new(&bytes[..]);
        let ignore = archive.entries().unwrap().nth(1).unwrap().unwrap();
        assert_eq!(&*ignore.path_bytes(), b".dockerignore");
        assert_eq!(io::read_to_string(ignore).unwrap(), ".dockerignore\n.dockerfile.packer\n", "no COPY takes it");
    }
}
