//! One compression: from the files there are to the archive in its place.
//!
//! Unaware of settings and artifacts; what it watches is whether the run was interrupted.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use anyhow::{anyhow, bail};
use tokio_util::sync::CancellationToken;

use super::super::open_named;
use super::format::{Algorithm, Format};
use super::{archive, codec, zip};
use crate::component::{Counted, Progress, Refused, Result, RunCx, WholeFile, make_folders};
use crate::host::explain;

/// One compression, ready to run on a thread of its own.
pub struct Job {
    /// What to make.
    pub format: Format,
    /// As the template has it; -1 when it does not say.
    pub level: i32,
    /// How many to work with, at least 1.
    pub threads: usize,
    /// The file to write, as the template names it.
    pub output: String,
    /// The files to pack, in order.
    pub files: Vec<PathBuf>,
    /// Told how far the reading is.
    pub progress: Progress,
    /// Of the run.
    pub cx: RunCx,
}

impl Job {
    /// Refuses to put the archive in the place of what it is made of: the input is removed afterwards.
    ///
    /// # Errors
    /// When it is one of them.
    pub fn check_output(&self) -> Result<()> {
        let place = |file: &Path| std::fs::canonicalize(self.cx.host.absolute(file)).ok();
        let output = place(Path::new(&self.output));
        match self.files.iter().find(|file| output.is_some() && place(file) == output) {
            Some(_) => Err(Refused::error(format!(
                "cannot write the archive {:?}: it is one of the files to pack; choose another output",
                self.output
            ))),
            None => Ok(()),
        }
    }

    /// Says what is about to be done (PP-compress-8).
    ///
    /// # Errors
    /// When it cannot be: a level that the format refuses, several files where one fits.
    fn announce(&self) -> Result<()> {
        let (cx, output, threads) = (&self.cx, &self.output, self.threads);
        let compressing = |algorithm: Algorithm| {
            let name = algorithm.name();
            let note = if algorithm.is_said_to_be_slow() { " (library does not support MT)" } else { "" };
            cx.say(format!("Using {name} compression with {threads} cores for {output}{note}"));
            // Refused by these two only; the others take it for their default (PP-compress-7).
            if self.level < -2 && matches!(algorithm, Algorithm::Gzip | Algorithm::Bgzf) {
                let reason = "Invalid compression level. Expected an integer from -1 to 9.";
                bail!("error creating {name} writer: {reason}");
            }
            Ok(())
        };
        match self.format {
            Format::Zip => cx.say(format!("Zipping {output}")),
            Format::Tar(None) => cx.say(format!("Tarring {output} with no compression")),
            Format::Tar(Some(algorithm)) => {
                compressing(algorithm)?;
                cx.say(format!("Tarring {output} with {}", algorithm.name()));
            }
            Format::Single(algorithm) => {
                compressing(algorithm)?;
                match &self.files[..] {
                    [file] => cx.say(format!("Archiving {} with {}", file.display(), algorithm.name())),
                    files => bail!(
                        "Can only have 1 input file when not using tar/zip. Found {} files: [{}]",
                        files.len(),
                        files.iter().map(|file| file.display().to_string()).collect::<Vec<_>>().join(" ")
                    ),
                }
            }
        }
        Ok(())
    }

    /// Does it, and says what it is about to do; the archive stands in its place when it is whole, and nothing does
    /// otherwise.
    ///
    /// # Errors
    /// When a file cannot be read, the archive cannot be written, or the run is interrupted.
    pub fn run(&self) -> Result<()> {
        let place = self.cx.host.absolute(&self.output);
        if let Some(folder) = Path::new(&self.output).parent() {
            make_folders(&self.cx.host, folder)
                .map_err(|reason| anyhow!("Unable to create dir for archive {}: {reason}", self.output))?;
        }
        let failed = |error: io::Error| {
            anyhow!("Unable to create archive {}: {}", self.output, explain("open", &self.output, &error))
        };
        let (whole, file) = WholeFile::create(&self.cx, &place, 0o666).map_err(failed)?;
        self.announce()?;
        self.write(file)?;
        whole.commit().map_err(failed)
    }

    fn write(&self, file: File) -> Result<()> {
        let failed = |error: io::Error| {
            anyhow!("Unable to write archive {}: {}", self.output, explain("write", &self.output, &error))
        };
        let encoder = |algorithm| codec::encoder(algorithm, self.level, self.threads, file.try_clone()?);
        let of = |sort: &'static str| move |error: anyhow::Error| anyhow!("Error creating {sort}: {error}");
        match self.format {
            Format::Zip => zip::write(self.inputs(), self.level, self.threads, file).map_err(of("zip")),
            Format::Tar(None) => archive::write(self.inputs(), file).map(drop).map_err(of("tar")),
            Format::Tar(Some(algorithm)) => {
                let encoder = encoder(algorithm).map_err(failed)?;
                archive::write(self.inputs(), encoder).map_err(of("tar"))?.finish().map_err(failed)
            }
            Format::Single(algorithm) => {
                let mut encoder = encoder(algorithm).map_err(failed)?;
                for mut input in self.inputs() {
                    let (mut file, _) = input.open()?;
                    copy(&mut file, &mut encoder).map_err(|error| input.failed(&error))?;
                }
                encoder.finish().map_err(failed)
            }
        }
    }

    fn inputs(&self) -> impl Iterator<Item = Input> {
        self.files.iter().map(|name| Input {
            place: self.cx.host.absolute(name),
            name: name.clone(),
            is_alone: matches!(self.format, Format::Single(_)),
            cancel: self.cx.cancel.clone(),
            progress: self.progress.clone(),
        })
    }
}

/// One file to be packed.
pub struct Input {
    name: PathBuf,
    place: PathBuf,
    /// Not put into an archive.
    is_alone: bool,
    cancel: CancellationToken,
    progress: Progress,
}

impl Input {
    /// Opens it, and tells its facts.
    ///
    /// # Errors
    /// When it cannot be read; folders cannot (PP-compress-14).
    pub fn open(&mut self) -> Result<(Watched, std::fs::Metadata)> {
        let opened = open_named(&self.name, &self.place).and_then(|file| file.metadata().map(|facts| (file, facts)));
        let (file, facts) = opened.map_err(|error| {
            let (name, reason) = (self.name.display(), explain("open", &self.name, &error));
            match self.is_alone {
                true => anyhow!("Failed to open source file {name} for reading: {reason}"),
                false => anyhow!("Unable to read file {name}: {reason}"),
            }
        })?;
        if facts.is_dir() {
            return Err(self.failed(&io::ErrorKind::IsADirectory.into()));
        }
        Ok((Watched { file: self.progress.counting(file), cancel: self.cancel.clone() }, facts))
    }

    /// Returns its name, as the artifact has it.
    pub fn name(&self) -> &Path {
        &self.name
    }

    /// Returns the error of a file that could not be read to its end.
    pub fn failed(&self, error: &io::Error) -> anyhow::Error {
        let name = self.name.display();
        let reason = match error.kind() {
            io::ErrorKind::IsADirectory => explain("read", &self.name, error),
            _ => error.to_string(),
        };
        match self.is_alone {
            true => anyhow!("Failed to compress {name}: {reason}"),
            false => anyhow!("Failed to copy {name} data to archive: {reason}"),
        }
    }
}

/// A file that cannot be read further once the run is interrupted.
pub struct Watched {
    file: Counted<File>,
    cancel: CancellationToken,
}

impl Read for Watched {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.cancel.is_cancelled() {
            return Err(io::Error::other("interrupted"));
        }
        self.file.read(buffer)
    }
}

/// Copies with fewer and larger reads than the standard library's; returns the count of bytes.
///
/// # Errors
/// Those of reading and writing.
pub fn copy(from: &mut impl Read, to: &mut impl io::Write) -> io::Result<u64> {
    let mut buffer = vec![0; 256 << 10];
    let mut copied = 0;
    loop {
        match from.read(&mut buffer) {
            Ok(0) => return Ok(copied),
            Ok(count) => {
                to.write_all(&buffer[..count])?;
                copied += count as u64;
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}
