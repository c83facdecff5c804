//! A file that receives what arrives from elsewhere, and whose errors say its name.
//!
//! Unaware of who sends: an error of the file is told apart from one of the sender by its words.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::fs::File;
use tokio::io::AsyncWrite;

use crate::host::explain;

/// A file with the name that people know it by.
pub struct OutputFile {
    file: File,
    name: String,
}

impl OutputFile {
    /// Writes to `file`; `name` is how the template calls it.
    pub fn new(file: std::fs::File, name: impl Into<String>) -> OutputFile {
        OutputFile { file: File::from_std(file), name: name.into() }
    }

    fn named<T>(&self, done: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        done.map_err(|error| io::Error::new(error.kind(), explain("write", &self.name, &error)))
    }
}

impl AsyncWrite for OutputFile {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let done = Pin::new(&mut self.file).poll_write(cx, bytes);
        self.named(done)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let done = Pin::new(&mut self.file).poll_flush(cx);
        self.named(done)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let done = Pin::new(&mut self.file).poll_shutdown(cx);
        self.named(done)
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use tokio::io::AsyncWriteExt;

    use super::*;

    #[tokio::test]
    async fn a_full_disk_is_told_with_the_files_name() {
        let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        let mut file = OutputFile::new(full, "out/fs.tar");
        file.write_all(b"x").await.unwrap();
        let error = file.flush().await.unwrap_err();
        assert_eq!(error.to_string(), "write out/fs.tar: no space left on device");
    }
}
