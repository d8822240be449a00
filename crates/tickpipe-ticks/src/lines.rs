//! Bytes cut into rows, a block at a time.

use std::io::{self, Read};

use memchr::memchr;

/// Bytes a row may have, its line end not counted. The longest row of any format has below 100.
pub const ROW_LEN_MAX: usize = 1024;
/// Bytes by which a format is told.
const HEAD_LEN: usize = 4096;
const BLOCK_LEN: usize = 128 * 1024;
/// Stands for a character that no table of ticks has.
const STRANGE: u8 = 0xFF;

/// One row, its line end not included.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Line<'a> {
    /// Some more of a row that is too long, passed over.
    Rest,
    /// It is longer than [`ROW_LEN_MAX`]; told before its end is looked for.
    TooLong,
    /// The last one, without a line end.
    Unended(Vec<u8>),
    Whole(&'a [u8]),
}

/// Cuts what a reader gives into rows.
#[derive(Debug)]
pub(crate) struct Lines<R> {
    input: R,
    /// What is read and not given yet stands in `begin..end`.
    buffer: Vec<u8>,
    begin: usize,
    end: usize,
    is_at_end: bool,
    /// What a read gave that will be told once all before it is given.
    failure: Option<io::Error>,
    /// Within a row that was told to be too long.
    is_passing: bool,
    /// For UTF-16LE, half of a character that is not read to its end.
    utf16: Option<Option<u8>>,
    line: u64,
}

impl<R: Read> Lines<R> {
    pub(crate) fn new(input: R) -> Self {
        Self {
            input,
            buffer: vec![0; BLOCK_LEN],
            begin: 0,
            end: 0,
            is_at_end: false,
            failure: None,
            is_passing: false,
            utf16: None,
            line: 0,
        }
    }

    /// Returns how many rows were given; the number of the newest, counted from 1.
    pub(crate) const fn line(&self) -> u64 {
        self.line
    }

    pub(crate) const fn input(&self) -> &R {
        &self.input
    }

    /// Returns the first bytes, without taking them: some thousand, or all there are.
    pub(crate) fn head(&mut self) -> &[u8] {
        while self.end - self.begin < HEAD_LEN && self.failure.is_none() {
            match self.fill() {
                Ok(true) => {}
                Ok(false) => break,
                Err(error) => self.failure = Some(error),
            }
        }
        &self.buffer[self.begin..self.end]
    }

    /// Takes what made the head shorter than it could be.
    pub(crate) const fn take_failure(&mut self) -> Option<io::Error> {
        self.failure.take()
    }

    /// Passes over bytes of the head.
    pub(crate) fn skip(&mut self, len: usize) {
        self.begin = (self.begin + len).min(self.end);
    }

    /// Reads UTF-16LE from here on, as 8-bit text.
    pub(crate) fn decode_utf16le(&mut self) {
        let mut half = None;
        self.end = narrow(&mut self.buffer, self.begin, self.end, &mut half);
        self.utf16 = Some(half);
    }

    /// Whether the input ended in the middle of a character.
    const fn has_half_character(&self) -> bool {
        matches!(self.utf16, Some(Some(_)))
    }

    /// Gives the next row; `None` after the last.
    #[inline]
    pub(crate) fn next_line(&mut self) -> io::Result<Option<Line<'_>>> {
        if self.is_passing {
            return self.pass_over();
        }
        let mut searched = 0;
        loop {
            let (begin, end) = (self.begin, self.end);
            if let Some(at) = memchr(b'\n', &self.buffer[begin + searched..end]) {
                let len = searched + at;
                self.begin = begin + len + 1;
                self.line += 1;
                let row = &self.buffer[begin..begin + len];
                let row = row.strip_suffix(b"\r").unwrap_or(row);
                let is_too_long = ROW_LEN_MAX < row.len();
                return Ok(Some(if is_too_long { Line::TooLong } else { Line::Whole(row) }));
            }
            searched = end - begin;
            // One more, for the carriage return.
            if ROW_LEN_MAX + 1 < searched {
                self.is_passing = true;
                self.begin = end;
                self.line += 1;
                return Ok(Some(Line::TooLong));
            }
            if !self.fill()? {
                return Ok(self.last_line());
            }
        }
    }

    /// Passes over what is there of a row that is too long. One that never ends comes back to the
    /// caller with every block.
    #[cold]
    fn pass_over(&mut self) -> io::Result<Option<Line<'_>>> {
        if self.begin == self.end && !self.fill()? {
            return Ok(None);
        }
        let end = memchr(b'\n', &self.buffer[self.begin..self.end]);
        self.is_passing = end.is_none();
        self.begin = end.map_or(self.end, |at| self.begin + at + 1);
        Ok(Some(Line::Rest))
    }

    /// Gives what stands after the last line feed.
    fn last_line(&mut self) -> Option<Line<'_>> {
        let (begin, end) = (self.begin, self.end);
        self.begin = end;
        let has_half = self.has_half_character();
        self.utf16 = None;
        if begin == end && !has_half {
            return None;
        }
        self.line += 1;
        let row = &self.buffer[begin..end];
        // Nothing but a line feed comes after a carriage return.
        let whole = row.strip_suffix(b"\r").filter(|_| !has_half);
        Some(match whole {
            _ if ROW_LEN_MAX < whole.unwrap_or(row).len() => Line::TooLong,
            Some(row) => Line::Whole(row),
            None => {
                let mut row = row.to_vec();
                if has_half {
                    row.push(STRANGE);
                }
                Line::Unended(row)
            }
        })
    }

    /// Reads more; `false` at the end.
    #[cold]
    fn fill(&mut self) -> io::Result<bool> {
        if let Some(error) = self.failure.take() {
            self.is_at_end = true;
            return Err(error);
        }
        if 0 < self.begin {
            self.buffer.copy_within(self.begin..self.end, 0);
            self.end -= self.begin;
            self.begin = 0;
        }
        while !self.is_at_end {
            let len = match self.input.read(&mut self.buffer[self.end..]) {
                Ok(len) => len,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => {
                    self.is_at_end = true;
                    return Err(error);
                }
            };
            let end = self.end + len;
            self.end = match &mut self.utf16 {
                Some(half) => narrow(&mut self.buffer, self.end, end, half),
                None => end,
            };
            self.is_at_end = len == 0;
            if 0 < len {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// Gives what is not cut into rows.
impl<R: Read> Read for Lines<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.begin == self.end && !self.fill()? {
            return Ok(0);
        }
        let len = buffer.len().min(self.end - self.begin);
        buffer[..len].copy_from_slice(&self.buffer[self.begin..self.begin + len]);
        self.begin += len;
        Ok(len)
    }
}

/// Makes UTF-16LE into 8-bit text in place, and returns where it ends now.
fn narrow(buffer: &mut [u8], begin: usize, end: usize, half: &mut Option<u8>) -> usize {
    let mut written = begin;
    for at in begin..end {
        let byte = buffer[at];
        match half.take() {
            None => *half = Some(byte),
            Some(low) => {
                buffer[written] = if byte == 0 && low.is_ascii() { low } else { STRANGE };
                written += 1;
            }
        }
    }
    written
}
