//! Compresses blocks side by side and writes them in order.
//!
//! Knows no format: a function makes bytes of each block.

use std::io::{self, Write};
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};

/// One block with what came before it.
pub struct Block {
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// The end of the block before; empty for the first, and for formats that do not ask for it.
    pub before: Vec<u8>,
}

/// Makes bytes of a block. Every worker has its own, so it may keep buffers.
pub type Work = Box<dyn FnMut(Block) -> io::Result<Vec<u8>> + Send>;

struct Task {
    block: Block,
    answer: Sender<io::Result<Vec<u8>>>,
}

/// Takes bytes, cuts them into blocks, and writes what the workers make of them into `W`, in order.
///
/// At most two blocks a worker are on their way.
pub struct Blocks<W> {
    size: usize,
    overlap: usize,
    bytes: Vec<u8>,
    before: Vec<u8>,
    is_empty: bool,
    tasks: Option<SyncSender<Task>>,
    order: Option<SyncSender<Receiver<io::Result<Vec<u8>>>>>,
    writer: Option<JoinHandle<io::Result<W>>>,
}

impl<W: Write + Send + 'static> Blocks<W> {
    /// Starts `workers` threads and one that writes. Blocks have `size` bytes; `overlap` bytes of the one before go
    /// with each.
    pub fn new(to: W, size: usize, overlap: usize, workers: usize, work: impl Fn() -> Work) -> Blocks<W> {
        let (tasks, waiting) = sync_channel::<Task>(workers);
        let (order, answers) = sync_channel(workers * 2);
        let waiting = Arc::new(Mutex::new(waiting));
        for _ in 0..workers {
            let (waiting, mut work) = (Arc::clone(&waiting), work());
            thread::spawn(move || {
                loop {
                    let task = waiting.lock().expect("no worker panics while it holds the lock").recv();
                    let Ok(Task { block, answer }) = task else { return };
                    // Nobody waits any more once writing has failed.
                    let _ = answer.send(work(block));
                }
            });
        }
        let writer = thread::spawn(move || write_in_order(to, &answers));
        let (bytes, before) = (Vec::with_capacity(size), Vec::new());
        let (tasks, order, writer) = (Some(tasks), Some(order), Some(writer));
        Blocks { size, overlap, bytes, before, is_empty: true, tasks, order, writer }
    }

    /// Sends what has been collected, even if it is nothing.
    fn send(&mut self) -> io::Result<()> {
        let bytes = std::mem::replace(&mut self.bytes, Vec::with_capacity(self.size));
        let overlap = bytes[bytes.len().saturating_sub(self.overlap)..].to_vec();
        let before = std::mem::replace(&mut self.before, overlap);
        self.is_empty = false;
        let (answer, answered) = channel();
        let is_sent = match (&self.order, &self.tasks) {
            (Some(order), Some(tasks)) => {
                order.send(answered).is_ok() && tasks.send(Task { block: Block { bytes, before }, answer }).is_ok()
            }
            _ => false,
        };
        if is_sent { Ok(()) } else { Err(self.close().err().unwrap_or_else(|| io::Error::other("writing has ended"))) }
    }

    /// Waits until everything is written.
    fn close(&mut self) -> io::Result<W> {
        self.order = None;
        self.tasks = None;
        let writer = self.writer.take().ok_or_else(|| io::Error::other("writing has ended"))?;
        writer.join().map_err(|_| io::Error::other("a thread that writes has ended early"))?
    }

    /// Writes the rest and gives back where it all went. Without any bytes, one empty block is made.
    ///
    /// # Errors
    /// The first of any worker or of writing.
    pub fn finish(mut self) -> io::Result<W> {
        if !self.bytes.is_empty() || self.is_empty {
            self.send()?;
        }
        self.close()
    }
}

fn write_in_order<W: Write>(mut to: W, answers: &Receiver<Receiver<io::Result<Vec<u8>>>>) -> io::Result<W> {
    for answer in answers {
        let bytes = answer.recv().map_err(|_| io::Error::other("a thread that compresses has ended early"))?;
        to.write_all(&bytes?)?;
    }
    to.flush()?;
    Ok(to)
}

impl<W: Write + Send + 'static> Write for Blocks<W> {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        let taken = buffer.len().min(self.size - self.bytes.len());
        self.bytes.extend_from_slice(&buffer[..taken]);
        if self.bytes.len() == self.size {
            self.send()?;
        }
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_come_out_in_order_with_the_end_of_the_one_before() {
        let work = || -> Work { Box::new(|block| Ok([b"<", &block.before[..], b"|", &block.bytes, b">"].concat())) };
        let mut blocks = Blocks::new(Vec::new(), 4, 2, 3, work);
        blocks.write_all(b"abcdefghij").unwrap();
        assert_eq!(blocks.finish().unwrap(), b"<|abcd><cd|efgh><gh|ij>");
        assert_eq!(Blocks::new(Vec::new(), 4, 2, 3, work).finish().unwrap(), b"<|>");
    }

    #[test]
    fn a_failing_writer_ends_the_writing_with_its_error() {
        struct Full;
        impl Write for Full {
            fn write(&mut self, _: &[u8]) -> io::Result<usize> {
                Err(io::ErrorKind::StorageFull.into())
            }
            fn flush(&mut self) -> io::Result<()> {
                Ok(())
            }
        }
        let mut blocks = Blocks::new(Full, 1, 0, 2, || Box::new(|block| Ok(block.bytes)));
        let error = blocks.write_all(&[0; 100]).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::StorageFull);
    }
}
