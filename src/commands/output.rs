//! Standard output, which may be lost on the way.
//!
//! Unaware of what is written.

use std::io::{self, IsTerminal, Write};
use std::sync::{Arc, OnceLock};

use tokio_util::sync::CancellationToken;

/// Standard output. Clones share what they know of its fate.
#[derive(Clone, Default)]
pub struct Output(Arc<Fate>);

#[derive(Default)]
struct Fate {
    lost: OnceLock<String>,
    nobody_reads: CancellationToken,
}

impl Output {
    /// Returns why some of it is lost, such as a full disk. A reader that has gone away wanted no more.
    pub fn lost(&self) -> Option<&str> {
        self.0.lost.get().map(String::as_str)
    }

    /// Returns what fires when the reader has gone away.
    pub fn nobody_reads(&self) -> &CancellationToken {
        &self.0.nobody_reads
    }

    /// Whether people watch it.
    pub fn is_terminal(&self) -> bool {
        io::stdout().is_terminal()
    }

    fn noticed<T>(&self, done: io::Result<T>) -> io::Result<T> {
        if let Err(error) = &done
            && error.kind() == io::ErrorKind::BrokenPipe
        {
            self.0.nobody_reads.cancel();
        }
        if let Err(error) = &done
            && !matches!(error.kind(), io::ErrorKind::BrokenPipe | io::ErrorKind::Interrupted)
        {
            // The first reason is the one that counts.
            let _ = self.0.lost.set(error.to_string());
        }
        done
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.noticed(io::stdout().write(bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.noticed(io::stdout().flush())
    }
}
