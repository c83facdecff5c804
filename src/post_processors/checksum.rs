//! `checksum`: writes checksums of the artifact's files, in the form that `sha256sum -c` reads.
//!
//! Unaware of what the files hold; every file is read once, whatever the number of checksum types.

use std::fs::{File, Metadata, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{SyncSender, sync_channel};
use std::sync::{Arc, Mutex};

use anyhow::{anyhow, bail};
use async_trait::async_trait;
use sha2::Digest;
use sha2::digest::DynDigest;
use tokio_util::sync::CancellationToken;

use super::{fields, listed, open_named};
use crate::component::config::{LateText, Settings};
use crate::component::on_its_own_thread;
use crate::component::{
    Artifact, Builtin, FilesArtifact, Keep, PostProcessor, PrepareCx, Prepared, Problems, Processed, Progress, Result,
    RunCx, is_stream, make_folders, make_new_file, open_stream,
};
use crate::host::{explain, platform};
use crate::journal::Undo;
use crate::settings;
use crate::value::Value;

/// The `checksum` post-processor.
pub static KIND: Builtin<dyn PostProcessor> = Builtin {
    name: "checksum",
    about: "Writes checksums of an artifact's files.",
    plugin: None,
    schema: Config::schema,
    prepare,
};

settings! {
    /// Settings of the `checksum` post-processor.
    struct Config {
        /// Which checksums: `md5`, `sha1`, `sha224`, `sha256`, `sha384`, `sha512`.
        checksum_types: Vec<String> = vec!["md5".to_owned()],
        /// The file that each sort of checksum is added to.
        output: LateText = "packer_{{.BuildName}}_{{.BuilderType}}_{{.ChecksumType}}.checksum".into(),
    }
}

struct Checksum {
    config: Config,
}

/// Returns the algorithm called `name`.
fn algorithm(name: &str) -> Option<Box<dyn DynDigest + Send>> {
    Some(match name {
        "md5" => Box::new(md5::Md5::new()),
        "sha1" => Box::new(sha1::Sha1::new()),
        "sha224" => Box::new(sha2::Sha224::new()),
        "sha256" => Box::new(sha2::Sha256::new()),
        "sha384" => Box::new(sha2::Sha384::new()),
        "sha512" => Box::new(sha2::Sha512::new()),
        _ => return None,
    })
}

fn prepare(settings: &Value, cx: &PrepareCx) -> std::result::Result<Prepared<dyn PostProcessor>, Problems> {
    let config = Config::decode(settings, cx)?;
    let mut problems = Problems::default();
    for name in config.checksum_types.iter().filter(|name| algorithm(name).is_none()) {
        problems.add(format!("Unrecognized checksum type: {name}"));
    }
    problems.or(Prepared { component: Box::new(Checksum { config }), warnings: Vec::new() })
}

#[async_trait]
impl PostProcessor for Checksum {
    /// Adds one line per file to each checksum file; the new artifact has those that were not there before as well.
    async fn process(&self, cx: &RunCx, input: Arc<dyn Artifact>) -> Result<Option<Processed>> {
        let inputs = input.files();
        let mut files = inputs.clone();
        let mut outputs = Vec::new();
        let mut fields = fields(cx, &*input);
        // Of nothing there are no checksums: no file is made then.
        for name in self.config.checksum_types.iter().filter(|_| !inputs.is_empty()) {
            fields.values.insert("ChecksumType".to_owned(), name.as_str().into());
            let output = PathBuf::from(self.config.output.render(&cx.engine(), &fields)?);
            let (file, is_new) = open(cx, &output)?;
            if is_new {
                files.push(output.clone());
            }
            outputs.push(Output { algorithm: name.clone(), path: output, file, is_new });
        }
        let progress = cx.progress_of("Computing checksums", &inputs);
        let (of_work, cancel) = (cx.clone(), cx.cancel.clone());
        on_its_own_thread(cx, move || write_all(&of_work, &inputs, outputs, &progress, &cancel)).await?;
        let artifact = FilesArtifact {
            builder_id: "packer.post-processor.checksum",
            id: String::new(),
            text: format!("Created artifact from files: {}", listed(&files)),
            files,
            data: input.data(),
        };
        Ok(Some(Processed { artifact: Arc::new(artifact), keep_input: Keep::Always }))
    }
}

/// Builds that add to one file take turns, so that what fails can be taken back.
static TURN: Mutex<()> = Mutex::new(());

/// A checksum file that gets lines.
struct Output {
    algorithm: String,
    path: PathBuf,
    file: File,
    is_new: bool,
}

impl Output {
    /// Adds lines. A new file goes with a killed run as long as nobody else has added to it.
    fn add(&mut self, cx: &RunCx, lines: &str) -> io::Result<()> {
        if self.is_new {
            let (place, facts) = (cx.host.absolute(&self.path), self.file.metadata()?);
            cx.hand_over(cx.begin(Undo::this_file_up_to(&place, &facts, lines.len() as u64)));
        }
        let _turn = TURN.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        let before = self.file.metadata()?;
        // One write a file: builds that share it do not mix their lines.
        self.file.write_all(lines.as_bytes()).inspect_err(|_| self.take_back(cx, &before, lines.len() as u64))
    }

    /// Takes half a line away again (the disk is full), and with it a file that holds nothing else. Lines that
    /// another program has added meanwhile stay.
    fn take_back(&self, cx: &RunCx, before: &Metadata, at_most: u64) {
        let grown = self.file.metadata().map_or(0, |now| now.len().saturating_sub(before.len()));
        if before.is_file() && grown < at_most {
            // What cannot be taken back stays; the build fails in any case.
            let _ = self.file.set_len(before.len());
            if self.is_new && before.len() == 0 {
                let _ = std::fs::remove_file(cx.host.absolute(&self.path));
            }
        }
    }
}

/// Opens a checksum file for more lines and makes its folder, and tells whether it is new.
fn open(cx: &RunCx, output: &Path) -> Result<(File, bool)> {
    let place = cx.host.absolute(output);
    if let Some(folder) = output.parent() {
        make_folders(&cx.host, folder).map_err(|reason| anyhow!("unable to create dir: {reason}"))?;
    }
    let failed = |error| anyhow!("unable to create file {}: {}", output.display(), explain("open", output, &error));
    if is_stream(&place) {
        return Ok((open_stream(&place).map_err(failed)?, false));
    }
    let is_there = place.exists();
    let made = if is_there { None } else { make_new_file(cx, &place, 0o644).map_err(failed)? };
    // Opened again in any case: what another build adds meanwhile must not be written over.
    let file = platform::with_mode(OpenOptions::new().append(true).create(true), 0o644).open(&place).map_err(failed)?;
    // Not made here and not there: a link to what was not there yet.
    let is_new = made.is_some() || (!is_there && place.is_symlink());
    // Empty it stays the user's when the build fails.
    made.into_iter().for_each(|(_, entry)| cx.hand_over(entry));
    Ok((file, is_new))
}

fn write_all(
    cx: &RunCx,
    inputs: &[PathBuf],
    outputs: Vec<Output>,
    progress: &Progress,
    cancel: &CancellationToken,
) -> Result<()> {
    let names: Vec<&str> = outputs.iter().map(|output| output.algorithm.as_str()).collect();
    let mut lines = vec![String::new(); outputs.len()];
    for input in inputs {
        let place = cx.host.absolute(input);
        let failed = |error| anyhow!("unable to open file {}: {}", input.display(), explain("open", input, &error));
        let file = open_named(input, &place).map_err(failed)?;
        let sums = sums(progress.counting(file), &names, cancel).map_err(|_| {
            let first = names.first().copied().unwrap_or_default();
            anyhow!("unable to compute {first} hash for {}", input.display())
        })?;
        let name = input.file_name().unwrap_or_default().to_string_lossy();
        for (lines, sum) in lines.iter_mut().zip(sums) {
            *lines += &format!("{}\t{name}\n", hex::encode(sum));
        }
    }
    for (mut output, lines) in outputs.into_iter().zip(lines) {
        if let Err(error) = output.add(cx, &lines) {
            bail!("unable to write checksums: {}", explain("write", output.path, &error));
        }
    }
    Ok(())
}

/// Bytes that are read at once and given to every algorithm.
const BLOCK: usize = 1 << 20;

/// Reads `file` once and returns its checksums, in the order of `names`; each is computed by its own thread.
fn sums(file: impl Read, names: &[&str], cancel: &CancellationToken) -> io::Result<Vec<Box<[u8]>>> {
    std::thread::scope(|scope| {
        let mut threads = Vec::new();
        let mut feeds: Vec<SyncSender<Arc<Vec<u8>>>> = Vec::new();
        for name in names {
            let (feed, blocks) = sync_channel::<Arc<Vec<u8>>>(4);
            let mut digest = algorithm(name).expect("the names were checked when prepared");
            feeds.push(feed);
            threads.push(scope.spawn(move || {
                for block in blocks {
                    digest.update(&block);
                }
                digest.finalize()
            }));
        }
        let read = feed(file, &feeds, cancel);
        drop(feeds);
        let sums = threads.into_iter().map(|thread| thread.join().expect("computing a checksum does not panic"));
        let sums = sums.collect();
        read.map(|()| sums)
    })
}

fn feed(mut file: impl Read, feeds: &[SyncSender<Arc<Vec<u8>>>], cancel: &CancellationToken) -> io::Result<()> {
    loop {
        if cancel.is_cancelled() {
            return Err(io::Error::other("interrupted"));
        }
        let mut block = Vec::with_capacity(BLOCK);
        if file.by_ref().take(BLOCK as u64).read_to_end(&mut block)? == 0 {
            return Ok(());
        }
        let block = Arc::new(block);
        for feed in feeds {
            feed.send(Arc::clone(&block)).expect("a thread takes blocks until there are no more");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::post_processors::test_support::{artifact, prepare, run_cx};
    use crate::value::Type;

    async fn run(folder: &Path, types: &[&str], output: &str) -> Result<String> {
        let cx = run_cx(folder);
        let types = Value::list(Type::String, types.iter().map(|name| (*name).into()));
        let checksum = prepare(&KIND, &cx, &[("checksum_types", types), ("output", output.into())]);
        let checksum = checksum.map_err(anyhow::Error::msg)?;
        let processed = checksum.process(&cx, artifact(&["sub/a.bin"])).await?.unwrap();
        assert_eq!(processed.keep_input, Keep::Always);
        Ok(processed.artifact.describe())
    }

    fn folder() -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("sub")).unwrap();
        std::fs::write(folder.path().join("sub/a.bin"), "a").unwrap();
        folder
    }

    // PP-checksum-1, PP-checksum-3, PP-checksum-4; cases post-processors/checksum-types, checksum-appends
    #[tokio::test]
    async fn lines_are_added_and_only_new_files_join_the_artifact() {
        let folder = folder();
        let output = "sums/{{.BuildName}}-{{.BuilderType}}.{{.ChecksumType}}";
        let text = run(folder.path(), &["md5", "sha1"], output).await.unwrap();
        assert_eq!(text, "Created artifact from files: sub/a.bin, sums/disk-file.md5, sums/disk-file.sha1");
        let text = run(folder.path(), &["md5", "sha1"], output).await.unwrap();
        assert_eq!(text, "Created artifact from files: sub/a.bin");
        let line = "86f7e437faa5a7fce15d1ddcb9eaeaea377667b8\ta.bin\n";
        assert_eq!(std::fs::read_to_string(folder.path().join("sums/disk-file.sha1")).unwrap(), line.repeat(2));
    }

    #[test]
    fn every_type_gives_its_checksum_of_a_long_file() {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(&vec![b'x'; BLOCK + 1]).unwrap();
        io::Seek::rewind(&mut file).unwrap();
        let names = ["md5", "sha1", "sha224", "sha256", "sha384", "sha512"];
        let sums = sums(file, &names, &CancellationToken::new()).unwrap();
        assert_eq!(sums.iter().map(|sum| sum.len()).collect::<Vec<_>>(), [16, 20, 28, 32, 48, 64]);
        assert_eq!(*sums[3], *sha2::Sha256::digest(vec![b'x'; BLOCK + 1]));
    }

    // PP-checksum-6; case post-processors/checksum-mistakes
    #[tokio::test]
    async fn mistakes_are_named() {
        let folder = folder();
        let error = run(folder.path(), &["md5", "crc32"], "x").await.unwrap_err().to_string();
        assert_eq!(error, "Unrecognized checksum type: crc32");
        std::fs::remove_file(folder.path().join("sub/a.bin")).unwrap();
        let error = run(folder.path(), &["md5"], "x").await.unwrap_err().to_string();
        assert_eq!(error, "unable to open file sub/a.bin: open sub/a.bin: no such file or directory");
        assert!(folder.path().join("x").exists());
        let cx = run_cx(folder.path());
        let checksum = prepare(&KIND, &cx, &[("output", "y".into())]).unwrap();
        let processed = checksum.process(&cx, artifact(&[])).await.unwrap().unwrap();
        assert_eq!(processed.artifact.describe(), "Created artifact from files: ");
        assert!(!folder.path().join("y").exists());
    }
}
