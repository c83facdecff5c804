//! Reads a line from the terminal the program was started on, whatever standard input is.
//!
//! Writes nothing: the question is shown by the views.

use std::io;

/// The terminal, open for reading.
pub struct Tty(#[cfg(unix)] tokio::net::unix::pipe::Receiver);

#[cfg(unix)]
impl Tty {
    /// Opens the terminal.
    ///
    /// # Errors
    /// `no available tty`.
    pub fn open() -> io::Result<Tty> {
        use rustix::fs::{Mode, OFlags};
        // A file description of its own, so that not blocking here does not change what standard input does.
        let flags = OFlags::RDONLY | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC;
        let nobody = |_| io::Error::other("no available tty");
        let file = std::fs::File::from(rustix::fs::open("/dev/tty", flags, Mode::empty()).map_err(nobody)?);
        // Any file that can be waited for will do; the type is only named after the most common one.
        let receiver = tokio::net::unix::pipe::Receiver::from_file_unchecked(file);
        receiver.map(Tty).map_err(|error| io::Error::other(format!("no available tty: {error}")))
    }

    /// Waits for a line; gives it without its end. Dropping the future stops waiting.
    ///
    /// # Errors
    /// When the terminal goes away or the user ends the input.
    pub async fn read_line(mut self) -> io::Result<String> {
        use tokio::io::AsyncReadExt;
        let mut line = Vec::new();
        loop {
            if self.0.read_buf(&mut line).await? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            if line.ends_with(b"\n") {
                let text = String::from_utf8_lossy(&line);
                return Ok(text.trim_end_matches(['\n', '\r']).to_owned());
            }
        }
    }
}

#[cfg(not(unix))]
impl Tty {
    /// Answers that there is none.
    ///
    /// # Errors
    /// Always: `no available tty`.
    pub fn open() -> io::Result<Tty> {
        Err(io::Error::other("no available tty"))
    }

    /// Waits for a line.
    ///
    /// # Errors
    /// Always.
    pub async fn read_line(self) -> io::Result<String> {
        Err(io::ErrorKind::UnexpectedEof.into())
    }
}
