//! Connections to an engine on another machine: `ssh` runs the docker client there, which passes bytes on.
//!
//! Knows no keys and no hosts: all of that is the ssh program's own configuration.

use std::io;
use std::pin::Pin;
use std::process::Stdio;
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::process::{Child, ChildStderr, ChildStdin, ChildStdout, Command};

use crate::containers::address::Remote;
use crate::host::platform;

/// How much of what ssh complains about is kept, in bytes.
const WORDS: usize = 4096;

/// A running `ssh`; ends with this.
pub struct Dialled {
    stdin: ChildStdin,
    stdout: ChildStdout,
    stderr: ChildStderr,
    /// What it complained about so far.
    words: Vec<u8>,
    /// Whether anything was received; before that, an end is a failure of ssh.
    answered: bool,
    _child: Child,
}

impl Dialled {
    /// Starts the program.
    ///
    /// # Errors
    /// When there is none.
    pub fn start(remote: &Remote) -> io::Result<Dialled> {
        let mut command = Command::new("ssh");
        command.args(words(remote)).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        platform::in_own_group(&mut command);
        let mut child = command.kill_on_drop(true).spawn().map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => io::Error::new(error.kind(), "the program \"ssh\" is not in PATH"),
            _ => error,
        })?;
        let pipes = (child.stdin.take(), child.stdout.take(), child.stderr.take());
        let (Some(stdin), Some(stdout), Some(stderr)) = pipes else { unreachable!("all three were asked for") };
        Ok(Dialled { stdin, stdout, stderr, words: Vec::new(), answered: false, _child: child })
    }

    /// Reads what ssh complains about, to its end; `None` when there will be more.
    fn poll_words(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        loop {
            let mut bytes = [0; 512];
            let mut buffer = ReadBuf::new(&mut bytes);
            match ready!(Pin::new(&mut self.stderr).poll_read(cx, &mut buffer)) {
                Ok(()) if !buffer.filled().is_empty() => {
                    let room = WORDS.saturating_sub(self.words.len());
                    self.words.extend(buffer.filled().iter().take(room));
                }
                _ => return Poll::Ready(()),
            }
        }
    }

    /// Waits for ssh's last words and returns them as an error.
    fn poll_failure(&mut self, cx: &mut Context<'_>) -> Poll<io::Error> {
        ready!(self.poll_words(cx));
        let words = String::from_utf8_lossy(&self.words);
        let words = words.lines().map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join("; ");
        Poll::Ready(io::Error::new(
            io::ErrorKind::ConnectionAborted,
            if words.is_empty() { "ssh ended without a word".to_owned() } else { format!("ssh says: {words}") },
        ))
    }
}

/// Returns the words for `ssh`.
///
/// # Source
/// What the docker client is seen to run for an `ssh://` host; and `BatchMode`, because nobody could answer a question
/// that is asked of a build.
fn words(remote: &Remote) -> Vec<String> {
    let mut words = ["-o", "ConnectTimeout=30", "-o", "BatchMode=yes", "-T"].map(str::to_owned).to_vec();
    for (name, value) in [("-l", &remote.user), ("-p", &remote.port)] {
        if !value.is_empty() {
            words.extend([name.to_owned(), value.clone()]);
        }
    }
    words.extend(["--".to_owned(), remote.host.clone(), "docker".to_owned()]);
    if !remote.socket.is_empty() {
        let socket = format!("unix://{}", remote.socket);
        // A shell on the other side reads it.
        let quoted = shlex::try_quote(&socket).map_or_else(|_| socket.clone(), |quoted| quoted.into_owned());
        words.extend(["--host".to_owned(), quoted]);
    }
    words.extend(["system", "dial-stdio"].map(str::to_owned));
    words
}

impl AsyncRead for Dialled {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, into: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        // Also while all goes well: a full pipe would stop it.
        let _ = self.poll_words(cx);
        let before = into.filled().len();
        let read = ready!(Pin::new(&mut self.stdout).poll_read(cx, into));
        if into.filled().len() > before {
            self.answered = true;
        } else if !self.answered && into.remaining() > 0 {
            return Poll::Ready(Err(ready!(self.poll_failure(cx))));
        }
        Poll::Ready(read)
    }
}

impl AsyncWrite for Dialled {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        match ready!(Pin::new(&mut self.stdin).poll_write(cx, bytes)) {
            Err(_) if !self.answered => Poll::Ready(Err(ready!(self.poll_failure(cx)))),
            written => Poll::Ready(written),
        }
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stdin).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stdin).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ssh_is_told_user_port_and_socket() {
        let remote = Remote {
            user: "me".to_owned(),
            host: "there".to_owned(),
            port: "77".to_owned(),
            socket: "/a b".to_owned(),
        };
        assert_eq!(
            words(&remote)[4..].join(" "),
            "-T -l me -p 77 -- there docker --host 'unix:///a b' system dial-stdio"
        );
        let remote = Remote { host: "-oProxyCommand=x".to_owned(), ..Remote::default() };
        assert_eq!(words(&remote)[4..].join(" "), "-T -- -oProxyCommand=x docker system dial-stdio");
    }
}
