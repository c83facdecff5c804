//! Readers and writers that count what passes through.
//!
//! Knows nothing of bars.

use std::io::{self, Read, Write};
use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::Progress;

/// A reader or writer, blocking or not, that counts.
pub struct Counted<T> {
    inner: T,
    progress: Progress,
}

impl<T> Counted<T> {
    /// Makes one that counts for `progress`.
    pub fn new(inner: T, progress: Progress) -> Counted<T> {
        Counted { inner, progress }
    }

    fn counted(&self, passed: io::Result<usize>) -> io::Result<usize> {
        passed.inspect(|count| self.progress.add(*count as u64))
    }
}

impl<T: Read> Read for Counted<T> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer);
        self.counted(read)
    }
}

impl<T: Write> Write for Counted<T> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.inner.write(bytes);
        self.counted(written)
    }
    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

impl<T: AsyncRead + Unpin> AsyncRead for Counted<T> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let read = Pin::new(&mut self.inner).poll_read(cx, buffer);
        self.progress.add((buffer.filled().len() - before) as u64);
        read
    }
}

impl<T: AsyncWrite + Unpin> AsyncWrite for Counted<T> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.inner).poll_write(cx, bytes);
        written.map(|written| self.counted(written))
    }
    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_flush(cx)
    }
    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::Ordering;

    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    use super::*;

    fn done(progress: &Progress) -> u64 {
        progress.0.as_ref().unwrap().done.load(Ordering::Relaxed)
    }

    #[tokio::test]
    async fn every_way_through_counts() {
        let progress = Progress::new("x".into(), 0);
        let mut text = String::new();
        Read::read_to_string(&mut progress.counting(&b"four"[..]), &mut text).unwrap();
        assert_eq!((text.as_str(), done(&progress)), ("four", 4));
        Write::write_all(&mut progress.counting(Vec::new()), b"abc").unwrap();
        assert_eq!(done(&progress), 7);
        AsyncReadExt::read_to_end(&mut progress.counting(&b"de"[..]), &mut Vec::new()).await.unwrap();
        assert_eq!(done(&progress), 9);
        AsyncWriteExt::write_all(&mut progress.counting(Vec::new()), b"f").await.unwrap();
        assert_eq!(done(&progress), 10);
    }
}
