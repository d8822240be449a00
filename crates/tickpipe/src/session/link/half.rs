//! The two halves of a link's connection, which are taken by the thread that uses them.

use std::io;
use std::time::{Duration, Instant};

use crate::transport::{Control, Reader, Received, Writer};

/// Bytes that one read takes.
const READ_LEN: usize = 16 * 1024;

/// What is still read of a peer that was told the end, so that it can read why.
const LINGER_LIMIT: Duration = Duration::from_millis(200);

/// Bytes of a buffer that is kept from one write to the next.
const OUT_LEN_KEPT: usize = 4096;

/// The receiving half of a connection.
pub(crate) trait LinkReader: Send {
    /// Reads what is there, waiting for it at most `timeout`; it may say too early that the time
    /// is over.
    fn read(&mut self, buf: &mut [u8], timeout: Option<Duration>) -> io::Result<Received>;
}

/// The sending half of a connection.
pub(crate) trait LinkWriter: Send {
    /// Writes everything within `deadline`, or fails.
    fn write_all(&mut self, bytes: &[u8], deadline: Duration) -> io::Result<()>;
}

/// What another thread may do with a connection.
pub(crate) trait LinkControl: Send {
    /// Tells the peer that nothing more comes, while it may still be read.
    fn end_writing(&self);

    /// Ends the read under way, and every later one.
    fn wake(&self);
}

impl LinkReader for Reader {
    fn read(&mut self, buf: &mut [u8], timeout: Option<Duration>) -> io::Result<Received> {
        Self::read(self, buf, timeout)
    }
}

impl LinkWriter for Writer {
    fn write_all(&mut self, bytes: &[u8], deadline: Duration) -> io::Result<()> {
        Self::write_all(self, bytes, deadline)
    }
}

impl LinkControl for Control {
    fn end_writing(&self) {
        Self::end_writing(self);
    }

    fn wake(&self) {
        Self::wake(self);
    }
}

/// A half of the connection, which one thread at a time uses without any lock.
pub(super) enum Half<T> {
    /// The connection is closed.
    Gone,
    /// Nobody uses it.
    Here(Box<T>),
    /// A thread uses it.
    Out,
}

impl<T> Half<T> {
    /// Takes it, if nobody has it.
    pub(super) fn take(&mut self) -> Option<Box<T>> {
        match std::mem::replace(self, Self::Out) {
            Self::Here(half) => Some(half),
            Self::Gone => {
                *self = Self::Gone;
                None
            }
            Self::Out => None,
        }
    }

    /// Puts it back, unless the connection was closed meanwhile.
    pub(super) fn put_back(&mut self, half: Box<T>) {
        if let Self::Out = self {
            *self = Self::Here(half);
        }
    }
}

/// The reader with its buffer.
pub(super) struct ReadHalf {
    reader: Box<dyn LinkReader>,
    buf: Box<[u8]>,
}

impl ReadHalf {
    pub(super) fn new(reader: Box<dyn LinkReader>) -> Self {
        Self { reader, buf: vec![0; READ_LEN].into_boxed_slice() }
    }

    pub(super) fn read(&mut self, timeout: Duration) -> io::Result<Received> {
        self.reader.read(&mut self.buf, Some(timeout))
    }

    /// Takes what a peer still sends that was told the end, for a moment.
    pub(super) fn drain(&mut self) {
        let due = Instant::now() + LINGER_LIMIT;
        loop {
            let left = due.saturating_duration_since(Instant::now());
            match self.read(left) {
                Ok(Received::Data(_)) if !left.is_zero() => {}
                Ok(_) | Err(_) => return,
            }
        }
    }

    /// Returns the first `count` bytes of the newest read.
    pub(super) fn bytes(&self, count: usize) -> &[u8] {
        self.buf.get(..count).unwrap_or_default()
    }
}

/// The writer with what it is to write.
pub(super) struct WriteHalf {
    writer: Box<dyn LinkWriter>,
    pub(super) out: Vec<u8>,
}

impl WriteHalf {
    pub(super) fn new(writer: Box<dyn LinkWriter>) -> Self {
        Self { writer, out: Vec::with_capacity(OUT_LEN_KEPT) }
    }

    pub(super) fn write(&mut self, deadline: Duration) -> io::Result<()> {
        let written = self.writer.write_all(&self.out, deadline);
        self.out.clear();
        self.out.shrink_to(OUT_LEN_KEPT);
        written
    }
}
