//! Bytes in, lines out.

use std::io;
use std::time::{Duration, Instant};

use tickpipe::raw::{RawConnection, RawRead};

/// What is read at once.
const CHUNK_LEN: usize = 65_536;
/// How long the server may take to take a line.
const WRITE_WITHIN: Duration = Duration::from_secs(10);

/// A connection whose lines are read one by one.
#[derive(Debug)]
pub(super) struct Lines {
    connection: RawConnection,
    buf: Vec<u8>,
    /// Where what has not been taken begins, and ends.
    begin: usize,
    end: usize,
    /// Up to where there is no line feed.
    searched: usize,
    pub(super) last_received: Instant,
    pub(super) last_sent: Instant,
}

/// What came.
#[derive(Debug)]
pub(super) enum Came<'a> {
    Line(&'a [u8]),
    /// The server has closed.
    End,
    Nothing,
}

impl Lines {
    pub(super) fn new(connection: RawConnection) -> Self {
        let now = Instant::now();
        let buf = vec![0; CHUNK_LEN];
        Self { connection, buf, begin: 0, end: 0, searched: 0, last_received: now, last_sent: now }
    }

    /// Takes a line, without its end; waits for it at most so long.
    pub(super) fn next(&mut self, within: Duration) -> io::Result<Came<'_>> {
        if let Some(len) = self.find() {
            return Ok(self.take(len));
        }
        if 0 < self.begin {
            self.buf.copy_within(self.begin..self.end, 0);
            self.end -= self.begin;
            self.searched -= self.begin;
            self.begin = 0;
        }
        if self.end == self.buf.len() {
            // The server promises lines of at most 64 KiB; what is longer is read all the same.
            self.buf.resize(2 * self.buf.len(), 0);
        }
        match self.connection.read(&mut self.buf[self.end..], within)? {
            RawRead::Data(count) => {
                self.end += count;
                self.last_received = Instant::now();
                let len = self.find();
                Ok(len.map_or(Came::Nothing, |len| self.take(len)))
            }
            RawRead::End => Ok(Came::End),
            RawRead::TimedOut | _ => Ok(Came::Nothing),
        }
    }

    /// The length of the line that is there, with its line feed.
    fn find(&mut self) -> Option<usize> {
        let fresh = &self.buf[self.searched..self.end];
        let Some(at) = fresh.iter().position(|byte| *byte == b'\n') else {
            self.searched = self.end;
            return None;
        };
        Some(self.searched + at + 1 - self.begin)
    }

    fn take(&mut self, len: usize) -> Came<'_> {
        let begin = self.begin;
        self.begin += len;
        self.searched = self.begin;
        let line = &self.buf[begin..begin + len - 1];
        Came::Line(line.strip_suffix(b"\r").unwrap_or(line))
    }

    pub(super) fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.connection.write_all(bytes, WRITE_WITHIN)?;
        self.last_sent = Instant::now();
        Ok(())
    }
}
