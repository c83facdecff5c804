//! Reads a line from the terminal the program was started on, whatever standard input is.
//!
//! Writes nothing: the question is shown by the views.

use std::io;

/// The terminal, open for reading.
pub struct Tty(#[cfg(unix)] tokio::io::unix::AsyncFd<std::fs::File>);

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
        let file = tokio::io::unix::AsyncFd::register_with_interest(file, tokio::io::Interest::READABLE);
        file.map(Tty).map_err(|error| io::Error::other(format!("no available tty: {error}")))
    }

    /// Waits for a line; gives it without its end.
    ///
    /// # Errors
    /// When the terminal goes away or the user ends the input.
    pub async fn read_line(self) -> io::Result<String> {
        use std::io::Read;
        let mut line = Vec::new();
        loop {
            let mut ready = self.0.readable().await?;
            let mut bytes = [0; 1024];
            let Ok(read) = ready.try_io(|file| file.get_ref().read(&mut bytes)) else { continue };
            match read? {
                0 => return Err(io::ErrorKind::UnexpectedEof.into()),
                count => line.extend_from_slice(&bytes[..count]),
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
