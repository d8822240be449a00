//! Bytes in, lines out.

use std::io;
use std::time::{Duration, Instant};

use tickpipe::raw::{RawConnection, RawRead};
use tickpipe_proto::message::encode::LINE_LEN_MAX;

/// A line of the greatest length with its end, and what is read behind it at once.
const BUF_LEN: usize = 2 * LINE_LEN_MAX;
/// How long the server may take to take a line.
const WRITE_WITHIN: Duration = Duration::from_secs(10);

/// A connection whose lines are read one by one. A line that is too long is dropped.
#[derive(Debug)]
pub(super) struct Lines {
    connection: RawConnection,
    buf: Vec<u8>,
    /// Where what has not been taken begins, and ends.
    begin: usize,
    end: usize,
    /// Up to where there is no line feed.
    searched: usize,
    /// The begin of the line is gone already.
    is_dropping: bool,
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
        Self {
            connection,
            buf: vec![0; BUF_LEN],
            begin: 0,
            end: 0,
            searched: 0,
            is_dropping: false,
            last_received: now,
            last_sent: now,
        }
    }

    /// Takes a line, without its end; waits for it at most so long.
    pub(super) fn next(&mut self, within: Duration) -> io::Result<Came<'_>> {
        if let Some((begin, end)) = self.take() {
            return Ok(Came::Line(&self.buf[begin..end]));
        }
        self.make_room();
        match self.connection.read(&mut self.buf[self.end..], within)? {
            RawRead::Data(count) => {
                self.end += count;
                self.last_received = Instant::now();
                let line = self.take();
                Ok(line.map_or(Came::Nothing, |(begin, end)| Came::Line(&self.buf[begin..end])))
            }
            RawRead::End => Ok(Came::End),
            RawRead::TimedOut | _ => Ok(Came::Nothing),
        }
    }

    /// Takes the next line that is there and not too long; where it begins and ends.
    fn take(&mut self) -> Option<(usize, usize)> {
        loop {
            let fresh = &self.buf[self.searched..self.end];
            let Some(at) = fresh.iter().position(|byte| *byte == b'\n') else {
                self.searched = self.end;
                return None;
            };
            let (begin, feed) = (self.begin, self.searched + at);
            self.begin = feed + 1;
            self.searched = self.begin;
            let line = &self.buf[begin..feed];
            let len = line.strip_suffix(b"\r").unwrap_or(line).len();
            let is_dropped = std::mem::take(&mut self.is_dropping) || LINE_LEN_MAX < len;
            if !is_dropped {
                return Some((begin, begin + len));
            }
        }
    }

    /// Puts what is left to the front; drops it if it can be no line any more.
    fn make_room(&mut self) {
        if self.is_dropping || LINE_LEN_MAX + 1 < self.end - self.begin {
            self.is_dropping = true;
            (self.begin, self.end) = (0, 0);
        } else if 0 < self.begin {
            self.buf.copy_within(self.begin..self.end, 0);
            self.end -= self.begin;
            self.begin = 0;
        }
        self.searched = self.end;
    }

    pub(super) fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.connection.write_all(bytes, WRITE_WITHIN)?;
        self.last_sent = Instant::now();
        Ok(())
    }
}
