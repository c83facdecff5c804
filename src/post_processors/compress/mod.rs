//! `compress`: packs an artifact's files into one archive, or compresses the one file there is.
//!
//! Unaware of chains; what becomes of the input is the engine's business.

mod archive;
mod blocks;
mod codec;
mod format;
mod job;
mod zip;

use std::path::PathBuf;
use std::sync::Arc;

use anyhow::anyhow;
use async_trait::async_trait;

use super::fields;
use crate::component::config::{LateText, Settings};
use crate::component::on_its_own_thread;
use crate::component::{
    Artifact, Builtin, FilesArtifact, Keep, PostProcessor, Prepared, Problems, Processed, Refused, Result, RunCx,
};
use crate::containers::is_image;
use crate::settings;
use format::Format;
use job::Job;

/// The `compress` post-processor.
pub static KIND: Builtin<dyn PostProcessor> = Builtin {
    name: "compress",
    about: "Packs an artifact's files into one archive, or compresses a single file.",
    plugin: None,
    schema: Config::schema,
    prepare: |settings, cx| {
        let config = Config::decode(settings, cx)?;
        Ok::<_, Problems>(Prepared { component: Box::new(Compress { config }), warnings: Vec::new() })
    },
};

settings! {
    /// Settings of the `compress` post-processor.
    struct Config {
        /// The file to write. Its extensions say how: `.tar`, `.zip`, `.gz`, `.lz4`, `.bgzf`, `.xz`, `.bzip2`, `.zst`, or one of the
        /// last six after `.tar`; anything else means `.tar.gz`.
        output: LateText = "packer_{{.BuildName}}_{{.BuilderType}}".into(),
        /// Extensions to go by instead of those of `output`; not added to the name.
        format: String,
        /// From 1 (fast) to 9 (small); 0 and -1 leave the choice to the format.
        compression_level: i32 = -1,
        /// Taken and ignored: the extensions decide.
        #[expect(dead_code, reason = "templates give it, and the extensions decide (PP-compress-13)")]
        archive: String,
        /// Taken and ignored: the extensions decide.
        #[expect(dead_code, reason = "templates give it, and the extensions decide (PP-compress-13)")]
        algorithm: String,
    }
}

struct Compress {
    config: Config,
}

#[async_trait]
impl PostProcessor for Compress {
    /// Writes the archive beside its place and puts it there when it is whole; an older one gives way then.
    ///
    /// # Source
    /// PP-compress-1 … PP-compress-14; cases `post-processors/compress-*`.
    async fn process(&self, cx: &RunCx, input: Arc<dyn Artifact>) -> Result<Option<Processed>> {
        let (mut files, mut keep_input) = (input.files(), Keep::Default(false));
        if files.is_empty() {
            // The archive holds the file that the image was saved as; the image itself stays.
            (files, keep_input) = (input.saved_as(), Keep::Default(!input.saved_as().is_empty()));
        }
        if files.is_empty() && is_image(input.builder_id()) {
            // The reference packs nothing and then removes the image.
            return Err(Refused::error(format!(
                "an image has no files to compress: {:?} stays as it is; put a docker-save in between",
                input.id()
            )));
        }
        let output = self.config.output.render(&cx.engine(), &fields(cx, &*input));
        let output = output.map_err(|reason| anyhow!("Error interpolating output value: {reason}"))?;
        let job = Job {
            format: Format::detect(&self.config.output.0, &self.config.format),
            level: self.config.compression_level,
            threads: std::thread::available_parallelism().map_or(1, usize::from),
            progress: cx.progress_of(&format!("Compressing {output}"), &files),
            output: output.clone(),
            files,
            cx: cx.clone(),
        };
        job.check_output()?;
        on_its_own_thread(cx, move || job.run()).await?;
        cx.say(format!("Archive {output} completed"));
        let artifact = FilesArtifact {
            builder_id: "packer.post-processor.compress",
            id: String::new(),
            text: format!("compressed artifacts in: {output}"),
            files: vec![PathBuf::from(output)],
            data: input.data(),
        };
        Ok(Some(Processed { artifact: Arc::new(artifact), keep_input }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::post_processors::test_support::{artifact, prepare, run_cx};
    use crate::value::Value;
    use std::fs::File;
    use std::io::{Read, Seek};
    use std::path::Path;

    async fn run(cx: &RunCx, output: &str, level: i64, files: &[&str]) -> Result<Processed> {
        let settings = [("output", output.into()), ("compression_level", level.into())];
        let compress = prepare(&KIND, cx, &settings).map_err(anyhow::Error::msg)?;
        Ok(compress.process(cx, artifact(files)).await?.unwrap())
    }

    /// Makes a folder with two files, one long enough for several blocks.
    fn folder() -> (tempfile::TempDir, Vec<u8>) {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("d")).unwrap();
        let long: Vec<u8> = (0..400_000_u32).flat_map(|n| (n / 3 * 7).to_le_bytes()).collect();
        std::fs::write(folder.path().join("d/long"), &long).unwrap();
        std::fs::write(folder.path().join("empty"), "").unwrap();
        (folder, long)
    }

    fn decoder(extension: &str, file: File) -> Box<dyn Read> {
        match extension {
            "gz" | "bgzf" => Box::new(flate2::read::MultiGzDecoder::new(file)),
            "lz4" => Box::new(lz4_flex::frame::FrameDecoder::new(file)),
            "xz" => Box::new(liblzma::read::XzDecoder::new(file)),
            "bzip2" => Box::new(bzip2::read::MultiBzDecoder::new(file)),
            "zst" => Box::new(zstd::Decoder::new(file).unwrap()),
            other => panic!("no decoder for {other}"),
        }
    }

    // PP-compress-5, PP-compress-7, PP-compress-12; case post-processors/compress-formats-of-one-file
    #[tokio::test]
    async fn every_algorithm_gives_back_what_went_in() {
        let (folder, long) = folder();
        let cx = run_cx(folder.path());
        for extension in ["gz", "bgzf", "lz4", "xz", "bzip2", "zst"] {
            for (name, wanted) in [("d/long", &long), ("empty", &Vec::new())] {
                let output = format!("out/{{{{.BuildName}}}}.{extension}");
                let processed = run(&cx, &output, 1, &[name]).await.unwrap();
                assert_eq!(processed.artifact.describe(), format!("compressed artifacts in: out/disk.{extension}"));
                assert_eq!(processed.keep_input, Keep::Default(false));
                let mut read = Vec::new();
                let file = File::open(folder.path().join(format!("out/disk.{extension}"))).unwrap();
                decoder(extension, file).read_to_end(&mut read).unwrap();
                assert!(read == *wanted, "{extension} {name}");
            }
        }
        assert_eq!(std::fs::read_dir(folder.path().join("out")).unwrap().count(), 6);
    }

    // PP-compress-9; case post-processors/compress-keeps-modes-and-many-files
    #[tokio::test]
    async fn a_tar_holds_base_names_and_modes_without_times() {
        use std::os::unix::fs::PermissionsExt;
        let (folder, long) = folder();
        std::fs::set_permissions(folder.path().join("empty"), std::fs::Permissions::from_mode(0o750)).unwrap();
        let cx = run_cx(folder.path());
        for extension in ["gz", "bgzf", "lz4", "xz", "bzip2", "zst"] {
            run(&cx, &format!("a.tar.{extension}"), -1, &["d/long", "empty"]).await.unwrap();
            let file = File::open(folder.path().join(format!("a.tar.{extension}"))).unwrap();
            let mut archive = tar::Archive::new(decoder(extension, file));
            let facts = archive.entries().unwrap().map(|entry| {
                let entry = entry.unwrap();
                let header = entry.header();
                let path = entry.path().unwrap().display().to_string();
                (path, header.size().unwrap(), header.mode().unwrap(), header.mtime().unwrap())
            });
            let facts: Vec<_> = facts.map(|(path, size, mode, mtime)| (path, size, mode & 0o111, mtime)).collect();
            assert_eq!(facts, [("long".to_owned(), long.len() as u64, 0, 0), ("empty".to_owned(), 0, 0o110, 0)]);
        }
    }

    // PP-compress-9; case post-processors/compress-archives
    #[tokio::test]
    async fn a_zip_holds_whole_names_and_no_times() {
        let (folder, long) = folder();
        run(&run_cx(folder.path()), "a.zip", -1, &["./d/long", "empty"]).await.unwrap();
        let mut file = File::open(folder.path().join("a.zip")).unwrap();
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).unwrap();
        assert_eq!(bytes[10..14], [0; 4]);
        file.rewind().unwrap();
        let mut archive = ::zip::ZipArchive::new(file).unwrap();
        let mut read = Vec::new();
        archive.by_name("./d/long").unwrap().read_to_end(&mut read).unwrap();
        assert!(read == long);
        assert_eq!(archive.by_name("empty").unwrap().size(), 0);
        assert_eq!(archive.len(), 2);
    }

    // PP-compress-3, PP-compress-7; case post-processors/compress-levels
    #[tokio::test]
    async fn levels_are_taken_limited_or_refused() {
        let (folder, _) = folder();
        let cx = run_cx(folder.path());
        let mut sizes = Vec::new();
        for level in [-1, 0, 1, 9, 12] {
            run(&cx, "a.gz", level, &["d/long"]).await.unwrap();
            sizes.push(std::fs::metadata(folder.path().join("a.gz")).unwrap().len());
        }
        assert!(sizes[0] == sizes[1] && sizes[2] > sizes[3] && sizes[3] == sizes[4], "{sizes:?}");
        let error = run(&cx, "b.gz", -5, &["d/long"]).await.err().unwrap().to_string();
        assert_eq!(error, "error creating pgzip writer: Invalid compression level. Expected an integer from -1 to 9.");
        run(&cx, "a.lz4", -5, &["d/long"]).await.unwrap();
        assert!(!folder.path().join("b.gz").exists());
    }

    // PP-compress-10, PP-compress-14
    #[tokio::test]
    async fn what_cannot_be_packed_leaves_nothing_behind() {
        let (folder, _) = folder();
        let cx = run_cx(folder.path());
        let error = run(&cx, "a.xz", -1, &["a", "b"]).await.err().unwrap().to_string();
        assert_eq!(error, "Can only have 1 input file when not using tar/zip. Found 2 files: [a b]");
        let error = run(&cx, "a.tar", -1, &["d"]).await.err().unwrap().to_string();
        assert_eq!(error, "Error creating tar: Failed to copy d data to archive: read d: is a directory");
        assert!(run(&cx, "a.zip", -1, &["gone"]).await.is_err());
        cx.cancel.cancel();
        assert!(run(&cx, "a.gz", -1, &["d/long"]).await.err().unwrap().to_string().contains("interrupted"));
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 2);
    }

    #[tokio::test]
    async fn an_archive_in_the_place_of_its_input_is_refused_and_the_input_stays() {
        let (folder, long) = folder();
        let cx = run_cx(folder.path());
        let error = run(&cx, "./d/../d/long", -1, &["empty", "d/long"]).await.err().unwrap();
        assert!(error.is::<Refused>(), "{error}");
        assert!(std::fs::read(folder.path().join("d/long")).unwrap() == long);
    }

    // X-9; case docker-post/compress-of-a-committed-image
    #[tokio::test]
    async fn an_image_is_refused_and_stays() {
        let cx = run_cx(Path::new("/"));
        let image = FilesArtifact {
            builder_id: "packer.post-processor.docker-import",
            id: "sha256:1".to_owned(),
            text: String::new(),
            files: Vec::new(),
            data: Default::default(),
        };
        let compress = prepare(&KIND, &cx, &[("output", Value::string("a.tar.gz"))]).unwrap();
        let error = compress.process(&cx, Arc::new(image)).await.err().unwrap();
        assert!(error.is::<Refused>() && error.to_string().contains("docker-save"), "{error}");
    }
}
