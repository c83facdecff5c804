//! What an output's name says about its format.
//!
//! Knows names only; looks at no file.

/// What is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// All files in a zip archive.
    Zip,
    /// All files in a tar archive, compressed or not.
    Tar(Option<Algorithm>),
    /// The one file there is, compressed.
    Single(Algorithm),
}

/// How bytes are compressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Algorithm {
    /// gzip in blocks that are compressed side by side.
    Gzip,
    /// gzip in blocks of 64 KiB that can be looked up one by one.
    Bgzf,
    /// LZ4 frames.
    Lz4,
    /// xz.
    Xz,
    /// bzip2.
    Bzip2,
    /// Zstandard; not in the reference.
    Zstd,
}

impl Algorithm {
    /// Returns the name that people see.
    pub fn name(self) -> &'static str {
        match self {
            Algorithm::Gzip => "pgzip",
            Algorithm::Bgzf => "bgzf",
            Algorithm::Lz4 => "lz4",
            Algorithm::Xz => "xz",
            Algorithm::Bzip2 => "bzip2",
            Algorithm::Zstd => "zstd",
        }
    }

    /// Whether the reference says that it works on one core. Here it does not, but scripts know the line.
    pub fn is_said_to_be_slow(self) -> bool {
        matches!(self, Algorithm::Xz | Algorithm::Bzip2)
    }

    fn of_extension(extension: &str) -> Option<Algorithm> {
        Some(match extension {
            "gz" => Algorithm::Gzip,
            "bgzf" => Algorithm::Bgzf,
            "lz4" => Algorithm::Lz4,
            "xz" => Algorithm::Xz,
            "bzip2" => Algorithm::Bzip2,
            "zst" => Algorithm::Zstd,
            _ => return None,
        })
    }
}

impl Format {
    /// Returns what `output`, not yet rendered, and then `format` ask for.
    ///
    /// Every dot with small letters and digits counts, in folders as well; what is not known means tar and gzip.
    ///
    /// # Source
    /// PP-compress-5, PP-compress-6; case `post-processors/compress-unknown-extensions`.
    pub fn detect(output: &str, format: &str) -> Format {
        let name = if format.is_empty() { output.to_owned() } else { format!("{output}.{format}") };
        let is_ours = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit();
        let (mut last, mut before) = ("", "");
        for after in name.split('.').skip(1) {
            let group = after.split(|letter| !is_ours(letter)).next().unwrap_or_default();
            if !group.is_empty() {
                (before, last) = (last, group);
            }
        }
        match (last, Algorithm::of_extension(last), before) {
            ("tar", ..) => Format::Tar(None),
            ("zip", ..) => Format::Zip,
            (_, Some(algorithm), "tar") => Format::Tar(Some(algorithm)),
            (_, Some(algorithm), _) => Format::Single(algorithm),
            (_, None, _) => Format::Tar(Some(Algorithm::Gzip)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // PP-compress-2, PP-compress-5, PP-compress-6
    #[test]
    fn the_last_extensions_decide() {
        const TAR_GZIP: Format = Format::Tar(Some(Algorithm::Gzip));
        for (output, format, wanted) in [
            ("plain", "", TAR_GZIP),
            ("a.tgz", "", TAR_GZIP),
            ("a.bz2", "", TAR_GZIP),
            ("a.ZIP", "", TAR_GZIP),
            ("v1.zip/archive", "", Format::Zip),
            ("a-1.0.tar.old", "", TAR_GZIP),
            ("noext", "zip", Format::Zip),
            ("a.tar", "gz", TAR_GZIP),
            ("a.tar", "", Format::Tar(None)),
            ("a.tar.zst", "", Format::Tar(Some(Algorithm::Zstd))),
            ("out/f.txt.xz", "", Format::Single(Algorithm::Xz)),
            ("packer_{{.BuildName}}_{{.BuilderType}}", "", TAR_GZIP),
            ("{{.BuildName}}/{{.BuilderType}}-{{upper `q`}}.zip", "", Format::Zip),
        ] {
            assert_eq!(Format::detect(output, format), wanted, "{output} {format}");
        }
    }
}
