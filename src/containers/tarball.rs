//! Tars on their way into and out of a container.
//!
//! Knows no engine: makes and reads streams of bytes.

use std::io::{self, Write};
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use bytes::Bytes;
use tar::{Builder, EntryType, Header};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt};
use tokio::sync::mpsc;

use super::ByteStream;
use crate::component::{Progress, Sink, Upload};
use crate::host::platform;

const PIECE: usize = 64 * 1024;
const BLOCK: u64 = 512;

/// Writes into a [`ByteStream`] from a thread that may block.
struct Pieces(mpsc::Sender<io::Result<Bytes>>);

impl Write for Pieces {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let piece = Bytes::copy_from_slice(bytes);
        self.0.blocking_send(Ok(piece)).map_err(|_| io::ErrorKind::BrokenPipe)?;
        Ok(bytes.len())
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Returns what `write` writes, as a stream; it runs on a thread of its own and ends when nobody reads any more.
pub fn written(write: impl FnOnce(&mut dyn Write) -> io::Result<()> + Send + 'static) -> ByteStream {
    let (sender, receiver) = mpsc::channel(8);
    tokio::task::spawn_blocking(move || {
        let mut pieces = io::BufWriter::with_capacity(PIECE, Pieces(sender.clone()));
        if let Err(error) = write(&mut pieces).and_then(|()| pieces.flush()) {
            // Nobody may be listening: then the error was that.
            let _ = sender.blocking_send(Err(error));
        }
    });
    receiver
}

/// Returns the bytes of a file as a stream that counts for `progress`.
///
/// # Errors
/// When it cannot be opened.
pub fn file_stream(path: &Path, progress: &Progress) -> io::Result<ByteStream> {
    let mut file = progress.counting(std::fs::File::open(path)?);
    Ok(written(move |to| io::copy(&mut file, to).map(|_| ())))
}

/// Returns a tar of one file called `name`, and the work that feeds it: both must be awaited together.
pub fn one_file<'a>(name: &str, from: Upload<'a>) -> (ByteStream, impl Future<Output = ()> + Send + use<'a>) {
    let (sender, receiver) = mpsc::channel(8);
    let head = head(name, from.size, from.mode.unwrap_or(0o644), from.modified.unwrap_or_else(SystemTime::now));
    let feed = async move {
        if let Err(error) = feed(&sender, head, from).await {
            let _ = sender.send(Err(error)).await;
        }
    };
    (receiver, feed)
}

async fn feed(sender: &mpsc::Sender<io::Result<Bytes>>, head: io::Result<Vec<u8>>, from: Upload<'_>) -> io::Result<()> {
    let gone = || io::Error::from(io::ErrorKind::BrokenPipe);
    sender.send(Ok(head?.into())).await.map_err(|_| gone())?;
    let mut left = from.size;
    while left > 0 {
        let mut piece = vec![0; usize::try_from(left).unwrap_or(PIECE).min(PIECE)];
        let size = from.source.read(&mut piece).await?;
        if size == 0 {
            return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "the file became shorter while it was read"));
        }
        left -= size as u64;
        piece.truncate(size);
        sender.send(Ok(piece.into())).await.map_err(|_| gone())?;
    }
    let padding = (BLOCK - from.size % BLOCK) % BLOCK + 2 * BLOCK;
    sender.send(Ok(vec![0; usize::try_from(padding).expect("a few blocks")].into())).await.map_err(|_| gone())
}

/// Returns the blocks in front of a file's content.
fn head(name: &str, size: u64, mode: u32, modified: SystemTime) -> io::Result<Vec<u8>> {
    let mut header = Header::new_gnu();
    header.set_size(size);
    header.set_mode(mode);
    header.set_uid(0);
    header.set_gid(0);
    header.set_mtime(modified.duration_since(UNIX_EPOCH).map_or(0, |age| age.as_secs()));
    let mut builder = Builder::new(Vec::new());
    builder.append_data(&mut header, name, io::empty())?;
    Ok(builder.get_ref().clone())
}

/// Who owns what goes into a tar.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Owner {
    /// Root, whoever it belongs to here: the folder of a build.
    Root,
    /// The same numbers as here: `docker cp` of a folder.
    Same,
}

/// Adds what stands at `path` to `builder` as `name`; what no tar can hold, as a socket, is left out.
///
/// # Errors
/// When it cannot be read.
pub fn add(builder: &mut Builder<impl Write>, path: &Path, name: &Path, owner: Owner) -> io::Result<()> {
    let facts = std::fs::symlink_metadata(path)?;
    let mut header = Header::new_gnu();
    header.set_metadata(&facts);
    if owner == Owner::Root {
        header.set_uid(0);
        header.set_gid(0);
    }
    header.set_username("")?;
    header.set_groupname("")?;
    if facts.is_symlink() {
        header.set_size(0);
        builder.append_link(&mut header, name, std::fs::read_link(path)?)
    } else if facts.is_dir() {
        header.set_size(0);
        // The slash keeps readers that look at names only from taking an empty folder for a file.
        builder.append_data(&mut header, name.join(""), io::empty())
    } else if facts.is_file() {
        let file = std::fs::File::open(path)?;
        builder.append_data(&mut header, name, io::Read::take(file, facts.len()))
    } else if platform::is_pipe(&facts) {
        header.set_size(0);
        builder.append_data(&mut header, name, io::empty())
    } else {
        Ok(())
    }
}

/// Returns a tar of the folder `from`: itself under `name`, or with an empty name only what is in it. A link to a folder
/// travels as a link when it is itself what is asked for.
pub fn folder(from: &Path, name: &str) -> ByteStream {
    let (from, name) = (from.to_owned(), name.to_owned());
    written(move |to| {
        let mut builder = Builder::new(to);
        if !name.is_empty() && from.is_symlink() {
            add(&mut builder, &from, Path::new(&name), Owner::Same)?;
            return builder.finish();
        }
        for entry in walkdir::WalkDir::new(&from).min_depth(usize::from(name.is_empty())).sort_by_file_name() {
            let entry = entry.map_err(io::Error::from)?;
            let inside = entry.path().strip_prefix(&from).expect("walked from there");
            add(&mut builder, entry.path(), &Path::new(&name).join(inside), Owner::Same)?;
        }
        builder.finish()
    })
}

/// Writes the content of the first member of a tar to `to`; nothing when that is a folder or a link.
///
/// # Errors
/// When the tar is broken or cannot be written on.
pub async fn first_file(mut tar: impl AsyncRead + Unpin, to: Sink<'_>) -> io::Result<()> {
    let mut block = [0; BLOCK as usize];
    loop {
        tar.read_exact(&mut block).await?;
        let header = Header::from_byte_slice(&block);
        if block.iter().all(|byte| *byte == 0) {
            return Ok(());
        }
        let size = header.entry_size()?;
        match header.entry_type() {
            EntryType::GNULongName | EntryType::GNULongLink | EntryType::XHeader | EntryType::XGlobalHeader => {
                let padded = size.div_ceil(BLOCK) * BLOCK;
                tokio::io::copy(&mut (&mut tar).take(padded), &mut tokio::io::sink()).await?;
            }
            EntryType::Regular | EntryType::Continuous | EntryType::GNUSparse => {
                let copied = tokio::io::copy(&mut tar.take(size), to).await?;
                if copied < size {
                    return Err(io::ErrorKind::UnexpectedEof.into());
                }
                return to.flush().await;
            }
            _ => return Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::MetadataExt;

    use super::*;

    async fn all(mut stream: ByteStream) -> Vec<u8> {
        let mut bytes = Vec::new();
        while let Some(piece) = stream.recv().await {
            bytes.extend_from_slice(&piece.unwrap());
        }
        bytes
    }

    #[tokio::test]
    async fn one_file_goes_in_and_comes_out_whatever_the_length_of_its_name() {
        let name = "n".repeat(180);
        let mut source = &b"content"[..];
        let (stream, feed) =
            one_file(&name, Upload { source: &mut source, size: 7, mode: Some(0o750), modified: Some(UNIX_EPOCH) });
        let (bytes, ()) = tokio::join!(all(stream), feed);
        let mut archive = tar::Archive::new(&bytes[..]);
        let entry = archive.entries().unwrap().next().unwrap().unwrap();
        assert_eq!(entry.path().unwrap().to_str(), Some(&*name));
        assert_eq!((entry.header().mode().unwrap(), entry.header().uid().unwrap()), (0o750, 0));
        assert_eq!(entry.header().mtime().unwrap(), 0);
        let mut out = Vec::new();
        first_file(&bytes[..], &mut out).await.unwrap();
        assert_eq!(out, b"content");
    }

    #[tokio::test]
    async fn a_folder_keeps_owners_links_and_pipes() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::create_dir(dir.path().join("sub")).unwrap();
        std::fs::write(dir.path().join("sub/x"), "x").unwrap();
        std::os::unix::fs::symlink("sub/x", dir.path().join("link")).unwrap();
        let pipe = dir.path().join("pipe");
        rustix::fs::mknodat(rustix::fs::CWD, pipe, rustix::fs::FileType::Fifo, 0o600.into(), 0).unwrap();
        let facts = std::fs::metadata(dir.path()).unwrap();
        let bytes = all(folder(dir.path(), "app")).await;
        let mut archive = tar::Archive::new(&bytes[..]);
        let names: Vec<String> = archive
            .entries()
            .unwrap()
            .map(|entry| {
                let entry = entry.unwrap();
                assert_eq!(entry.header().uid().unwrap(), u64::from(facts.uid()), "as `docker cp` does");
                entry.path().unwrap().display().to_string()
            })
            .collect();
        assert_eq!(names, ["app/", "app/link", "app/pipe", "app/sub/", "app/sub/x"]);
        let mut out = Vec::new();
        first_file(&bytes[..], &mut out).await.unwrap();
        assert!(out.is_empty(), "a folder gives nothing");
    }

    #[tokio::test]
    async fn a_link_to_a_folder_travels_as_a_link() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::create_dir(dir.path().join("real")).unwrap();
        std::fs::write(dir.path().join("real/x"), "x").unwrap();
        std::os::unix::fs::symlink("real", dir.path().join("link")).unwrap();
        let bytes = all(folder(&dir.path().join("link"), "l")).await;
        let mut archive = tar::Archive::new(&bytes[..]);
        let entries: Vec<_> = archive.entries().unwrap().map(|entry| entry.unwrap().header().entry_type()).collect();
        assert_eq!(entries, [EntryType::Symlink]);
        let bytes = all(folder(&dir.path().join("link"), "")).await;
        let mut archive = tar::Archive::new(&bytes[..]);
        assert_eq!(&*archive.entries().unwrap().next().unwrap().unwrap().path_bytes(), b"x");
    }

    #[tokio::test]
    async fn a_file_that_shrinks_is_an_error() {
        let mut source = &b"short"[..];
        let (mut stream, feed) = one_file("x", Upload { source: &mut source, size: 9, mode: None, modified: None });
        let ended = async {
            while let Some(piece) = stream.recv().await {
                piece?;
            }
            io::Result::Ok(())
        };
        let (ended, ()) = tokio::join!(ended, feed);
        assert_eq!(ended.unwrap_err().kind(), io::ErrorKind::UnexpectedEof);
    }
}
