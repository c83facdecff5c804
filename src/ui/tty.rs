//! Reads a line from the terminal the program was started on, whatever standard input is.
//!
//! Writes nothing: the question is shown by the views.

use std::io;

use tokio::io::AsyncReadExt;

use crate::host::platform;

/// The terminal, open for reading.
pub struct Tty(platform::Terminal);

impl Tty {
    /// Opens the terminal.
    ///
    /// # Errors
    /// `no available tty`.
    pub fn open() -> io::Result<Tty> {
        platform::open_terminal().map(Tty).map_err(|_| io::Error::other("no available tty"))
    }

    /// Waits for a line; gives it without its end. Dropping the future stops waiting.
    ///
    /// # Errors
    /// When the terminal goes away or the user ends the input.
    pub async fn read_line(mut self) -> io::Result<String> {
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
