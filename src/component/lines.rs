//! The output of commands, as it comes in bytes, made into one event a line.
//!
//! Knows nothing of commands; whoever runs one gives this as its standard output or standard error.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::io::AsyncWrite;

use super::RunCx;
use crate::secrets::Secrets;
use crate::ui::Stream;

/// A line longer than this many bytes is shown in pieces, so that endless output takes no more memory.
const LONGEST: usize = 1 << 20;

/// Says every line that is written to it; what follows the last line end is said when it is dropped.
///
/// # Source
/// CLI-75: white space at the end of a line goes, and of a line that was written over with carriage returns only
/// the last text is shown.
pub struct Lines {
    cx: RunCx,
    stream: Stream,
    splitter: Splitter,
}

impl Lines {
    /// Makes the standard output of a command.
    pub fn output(cx: &RunCx) -> Lines {
        Lines { cx: cx.clone(), stream: Stream::Say, splitter: Splitter::default() }
    }

    /// Makes the standard error of a command.
    pub fn errors(cx: &RunCx) -> Lines {
        Lines { cx: cx.clone(), stream: Stream::Error, splitter: Splitter::default() }
    }
}

impl AsyncWrite for Lines {
    fn poll_write(self: Pin<&mut Self>, _cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let Lines { cx, stream, splitter } = self.get_mut();
        splitter.push(bytes, cx.ui.secrets(), |line| cx.line(*stream, line));
        Poll::Ready(Ok(bytes.len()))
    }
    fn poll_flush(self: Pin<&mut Self>, _cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
    fn poll_shutdown(self: Pin<&mut Self>, _cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

impl Drop for Lines {
    fn drop(&mut self) {
        let Lines { cx, stream, splitter } = self;
        splitter.finish(|line| cx.line(*stream, line));
    }
}

/// Cuts bytes into lines.
#[derive(Default)]
struct Splitter {
    line: Vec<u8>,
}

impl Splitter {
    fn push(&mut self, bytes: &[u8], secrets: &Secrets, mut say: impl FnMut(String)) {
        for piece in bytes.split_inclusive(|byte| *byte == b'\n') {
            self.line.extend_from_slice(piece);
            if piece.ends_with(b"\n") {
                say(shown(&self.line));
                self.line.clear();
            }
            // A secret that is cut in two is none any more, so what comes behind the cut has to be seen first.
            while self.line.len() > LONGEST && self.line.len() > LONGEST + secrets.reach() {
                let cut = secrets.cut(&self.line, character_end(&self.line, LONGEST));
                say(shown(&self.line[..cut]));
                self.line.drain(..cut);
            }
        }
    }

    fn finish(&mut self, mut say: impl FnMut(String)) {
        if !self.line.is_empty() {
            say(shown(&std::mem::take(&mut self.line)));
        }
    }
}

/// Returns the last place up to `limit` where no character is cut in two.
fn character_end(bytes: &[u8], limit: usize) -> usize {
    let is_continuation = |index: usize| bytes[index] & 0b1100_0000 == 0b1000_0000;
    (limit.saturating_sub(3)..=limit).rev().find(|index| !is_continuation(*index)).unwrap_or(limit)
}

/// Returns what people see of a line.
fn shown(line: &[u8]) -> String {
    let text = String::from_utf8_lossy(line);
    let text = text.trim_end();
    text.rsplit_once('\r').map_or(text, |(_, last)| last).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(pieces: &[&[u8]]) -> Vec<String> {
        split_hiding(pieces, "")
    }

    fn split_hiding(pieces: &[&[u8]], secret: &str) -> Vec<String> {
        let secrets = Secrets::default();
        secrets.register(secret);
        let mut lines = Vec::new();
        let mut splitter = Splitter::default();
        for piece in pieces {
            splitter.push(piece, &secrets, |line| lines.push(line));
        }
        splitter.finish(|line| lines.push(line));
        lines
    }

    #[test]
    fn lines_are_put_together_from_pieces_and_trimmed_at_the_end_only() {
        assert_eq!(split(&[b"on", b"e\n\n  two  \nlast"]), ["one", "", "  two", "last"]);
        assert_eq!(split(&["ž".as_bytes().split_at(1).0, "ž\n".as_bytes().split_at(1).1]), ["ž"]);
    }

    #[test]
    fn of_a_line_written_over_the_last_text_is_shown() {
        // CLI-75
        assert_eq!(split(&[b"10%\r50%\r100%\ndone\r\n"]), ["100%", "done"]);
    }

    #[test]
    fn an_endless_line_comes_in_pieces_that_cut_no_character() {
        let text = format!("x{}", "é".repeat(LONGEST));
        let pieces = split(&[text.as_bytes()]);
        assert_eq!(pieces.len(), 3);
        assert_eq!(pieces.concat(), text);
    }

    #[test]
    fn an_endless_line_is_not_cut_within_a_secret() {
        let text = format!("{}hunter2-hunter2{}", "x".repeat(LONGEST - 5), "y".repeat(LONGEST));
        let (first, second) = text.as_bytes().split_at(LONGEST + 1);
        let pieces = split_hiding(&[first, second], "hunter2-hunter2");
        assert_eq!(pieces.concat(), text);
        assert!(pieces[1].starts_with("hunter2-hunter2y"), "{}", pieces[1].len());
    }

    #[tokio::test]
    async fn a_secret_in_two_writes_is_hidden() {
        use tokio::io::AsyncWriteExt;
        let folder = tempfile::tempdir().unwrap();
        let (cx, said) = crate::component::fake::run_cx(folder.path());
        cx.ui.secrets().register("hunter2");
        let mut lines = Lines::output(&cx);
        for piece in ["10%\ra hun", "ter", "2 b\nhunt", "er2"] {
            lines.write_all(piece.as_bytes()).await.unwrap();
        }
        drop(lines);
        assert_eq!(said.lines(), ["==> fake.n: a <sensitive> b", "==> fake.n: <sensitive>"]);
    }
}
