//! A program's stdout, cut into lines.

use std::io;

use tickpipe_proto::message::encode::LINE_LEN_MAX;

use crate::child::Output;
use crate::transport::Received;

/// Bytes that one read takes.
const READ_LEN: usize = 16 * 1024;

/// What a program printed.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Printed<'a> {
    /// Nothing more: it closed its stdout, or its reads were ended.
    End,
    /// A whole line, without its end.
    Line(&'a [u8]),
    /// So many bytes of a line that was too long.
    Rest(usize),
    /// A line longer than any message; the rest of it is dropped as it comes.
    TooLong,
}

/// What is read from.
pub(super) trait Source {
    /// Waits for bytes.
    fn read(&mut self, buf: &mut [u8]) -> io::Result<Received>;
}

impl Source for Output {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<Received> {
        Self::read(self, buf, None)
    }
}

/// The lines of a stream.
#[derive(Debug)]
pub(super) struct Lines<S> {
    source: S,
    chunk: Box<[u8]>,
    /// What came and was not given out; never more than a line and a read.
    buf: Vec<u8>,
    /// Bytes at the front of `buf` that were given out.
    given: usize,
    /// Bytes of `buf` in which there is no line feed.
    searched: usize,
    is_skipping: bool,
    is_at_start: bool,
}

impl<S: Source> Lines<S> {
    pub(super) fn new(source: S) -> Self {
        Self {
            source,
            chunk: vec![0; READ_LEN].into_boxed_slice(),
            buf: Vec::new(),
            given: 0,
            searched: 0,
            is_skipping: false,
            is_at_start: true,
        }
    }

    /// Waits for the next line.
    pub(super) fn next(&mut self) -> Printed<'_> {
        self.buf.drain(..self.given);
        self.searched = self.searched.saturating_sub(self.given);
        self.given = 0;
        loop {
            let fresh = self.buf.get(self.searched..).unwrap_or_default();
            if let Some(at) = fresh.iter().position(|byte| *byte == b'\n') {
                let end = self.searched + at;
                if let Some(end) = self.end_line(end) {
                    return if end > LINE_LEN_MAX { Printed::TooLong } else { self.line(end) };
                }
                continue;
            }
            self.searched = self.buf.len();
            // A line of the longest length may end with a carriage return.
            if self.is_skipping || self.buf.len() > LINE_LEN_MAX + 1 {
                self.buf.clear();
                self.searched = 0;
                if !std::mem::replace(&mut self.is_skipping, true) {
                    return Printed::TooLong;
                }
            }
            match self.source.read(&mut self.chunk) {
                Ok(Received::Data(count)) => {
                    let bytes = self.chunk.get(..count).unwrap_or_default();
                    // What never ends is not waited for in silence.
                    if self.is_skipping && !bytes.contains(&b'\n') {
                        return Printed::Rest(count);
                    }
                    self.buf.extend_from_slice(bytes);
                }
                Ok(Received::TimedOut) => {}
                Ok(Received::End | Received::Woken) | Err(_) => return Printed::End,
            }
        }
    }

    /// Takes note of a line feed; returns the line's length, unless it was given up before.
    fn end_line(&mut self, feed: usize) -> Option<usize> {
        self.given = feed + 1;
        self.searched = feed + 1;
        if !std::mem::take(&mut self.is_skipping) {
            let has_return = feed > 0 && self.buf.get(feed - 1) == Some(&b'\r');
            return Some(feed - usize::from(has_return));
        }
        self.buf.drain(..=feed);
        (self.given, self.searched) = (0, 0);
        None
    }

    fn line(&mut self, end: usize) -> Printed<'_> {
        let line = self.buf.get(..end).unwrap_or_default();
        // PowerShell begins its output with a mark.
        let mark: &[u8] = if std::mem::take(&mut self.is_at_start) { b"\xEF\xBB\xBF" } else { b"" };
        Printed::Line(line.strip_prefix(mark).unwrap_or(line))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Gives bytes in pieces of a length.
    struct Pieces<'b>(&'b [u8], usize);

    impl Source for Pieces<'_> {
        fn read(&mut self, buf: &mut [u8]) -> io::Result<Received> {
            let count = self.1.min(self.0.len()).min(buf.len());
            if count == 0 {
                return Ok(Received::End);
            }
            let (piece, rest) = self.0.split_at(count);
            buf[..count].copy_from_slice(piece);
            self.0 = rest;
            Ok(Received::Data(count))
        }
    }

    fn check(bytes: &[u8], want: &[&str]) {
        for len in [1, 2, 3, 7, 1000, READ_LEN] {
            let mut lines = Lines::new(Pieces(bytes, len));
            let mut found = Vec::new();
            loop {
                found.push(match lines.next() {
                    Printed::End => break,
                    Printed::Line(line) if line.len() > 100 => line.len().to_string(),
                    Printed::Line(line) => String::from_utf8_lossy(line).into_owned(),
                    Printed::Rest(_) => continue,
                    Printed::TooLong => "TOO LONG".to_owned(),
                });
            }
            assert_eq!(found, want, "in pieces of {len}");
        }
    }

    #[test]
    fn lines_are_cut_however_they_come() {
        check(b"", &[]);
        check(b"a\nb\r\n\nc", &["a", "b", ""]);
        check(b"\xEF\xBB\xBFa\n\xEF\xBB\xBFb\n", &["a", "\u{feff}b"]);
    }

    #[test]
    fn a_long_line_is_given_up_once_and_the_next_is_read() {
        let line = |len: usize, end: &str| [vec![b'x'; len], end.as_bytes().to_vec()].concat();
        check(&[line(65_536, "\r\n"), line(1, "\n")].concat(), &["65536", "x"]);
        check(&[line(65_537, "\n"), line(1, "\n")].concat(), &["TOO LONG", "x"]);
        check(&[line(300_000, "\n"), line(1, "\n")].concat(), &["TOO LONG", "x"]);
        check(&line(300_000, ""), &["TOO LONG"]);
    }
}
