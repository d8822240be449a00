//! Bytes cut into lines.
//!
//! Knows where a line ends, how long it may be and how long it may take; not what it means. The
//! lines it finds depend on the bytes alone, never on how they were split on the way.

use std::ops::Range;
use std::time::{Duration, Instant};

/// What a line end is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Unit {
    /// Bytes: UTF-8 and code pages.
    Byte,
    /// Two bytes, high one first.
    Utf16Be,
    /// Two bytes, low one first.
    Utf16Le,
}

impl Unit {
    const fn len(self) -> usize {
        match self {
            Self::Byte => 1,
            Self::Utf16Be | Self::Utf16Le => 2,
        }
    }

    const fn line_feed(self) -> &'static [u8] {
        match self {
            Self::Byte => b"\n",
            Self::Utf16Be => b"\0\n",
            Self::Utf16Le => b"\n\0",
        }
    }

    const fn carriage_return(self) -> &'static [u8] {
        match self {
            Self::Byte => b"\r",
            Self::Utf16Be => b"\0\r",
            Self::Utf16Le => b"\r\0",
        }
    }

    const fn nul(self) -> &'static [u8] {
        match self {
            Self::Byte => b"\0",
            Self::Utf16Be | Self::Utf16Le => b"\0\0",
        }
    }
}

/// What happens to NUL characters before and after a line.
///
/// MQL's `FileWriteString` pads with them when told to write more characters than the text has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum NulPadding {
    /// They stay, and make the line an error.
    #[default]
    Keep,
    /// They are dropped.
    Strip,
}

/// Limits on a line.
///
/// # Defaults
///
/// 4,096 bytes, 5 s, NUL characters stay.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct FrameLimits {
    /// Bytes a line may have, its line end not counted.
    pub line_len_max: usize,
    /// Time from a line's first byte to its line feed.
    pub line_deadline: Duration,
    /// What happens to NUL characters around a line.
    pub nul_padding: NulPadding,
}

impl Default for FrameLimits {
    fn default() -> Self {
        Self {
            line_len_max: 4096,
            line_deadline: Duration::from_secs(5),
            nul_padding: NulPadding::Keep,
        }
    }
}

/// One thing that a peer's bytes came to.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Frame {
    /// A whole line, without its line end.
    Line(Vec<u8>),
    /// A line longer than the limit; the rest of it is dropped.
    TooLong,
    /// A line that was not ended in time; the rest of it is dropped.
    TimedOut,
    /// The peer left in the middle of a line of so many bytes.
    Truncated(usize),
}

/// A [`Frame`] whose line stays where its bytes came in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FrameRef<'a> {
    Line(&'a [u8]),
    TooLong,
    TimedOut,
    Truncated(usize),
}

/// A frame, its line still a place in the buffer.
enum Found {
    Line(Range<usize>),
    TooLong,
    TimedOut,
    Truncated(usize),
}

/// Cuts a peer's bytes into lines.
///
/// After any `handle_*`, call [`poll_frame`](Self::poll_frame) until it returns `None`.
#[derive(Debug)]
pub struct LineFramer {
    limits: FrameLimits,
    /// Bytes not yet given out: never more than a line and what one `handle_bytes` brought.
    buf: Vec<u8>,
    /// Where the line being looked at begins in `buf`.
    head: usize,
    /// Where the search for its line feed goes on.
    scan: usize,
    unit: Option<Unit>,
    /// A bare line feed came before the unit was known; a NUL may be its other half.
    is_after_bare_line_feed: bool,
    /// The rest of this line is dropped: it was answered already.
    is_discarding: bool,
    is_overdue: bool,
    is_ended: bool,
    /// When the first byte of the unfinished line came.
    begun_at: Option<Instant>,
    /// When the newest bytes came.
    seen_at: Option<Instant>,
}

/// What the first bytes of a connection tell.
enum Start {
    /// Too few bytes yet.
    Unknown,
    /// The unit, after so many bytes that belong to no line.
    Known(Unit, usize),
    /// An 8-bit empty line; what follows is still open.
    BareLineFeed,
}

impl LineFramer {
    /// Creates a framer for one connection.
    #[must_use]
    pub const fn new(limits: FrameLimits) -> Self {
        Self {
            limits,
            buf: Vec::new(),
            head: 0,
            scan: 0,
            unit: None,
            is_after_bare_line_feed: false,
            is_discarding: false,
            is_overdue: false,
            is_ended: false,
            begun_at: None,
            seen_at: None,
        }
    }

    /// Creates a framer for a connection that is known to be made of bytes.
    pub(crate) const fn of_bytes(limits: FrameLimits) -> Self {
        let mut framer = Self::new(limits);
        framer.unit = Some(Unit::Byte);
        framer
    }

    /// Sets how many bytes a line may have from the next one on.
    pub(crate) const fn set_line_len_max(&mut self, line_len_max: usize) {
        self.limits.line_len_max = line_len_max;
    }

    /// Returns what the peer's lines are made of, once that is known.
    #[must_use]
    pub const fn unit(&self) -> Option<Unit> {
        self.unit
    }

    /// Returns whether all that came was given out.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.head == self.buf.len()
    }

    /// Takes bytes that came at `now`.
    pub fn handle_bytes(&mut self, now: Instant, bytes: &[u8]) {
        self.buf.drain(..self.head);
        self.scan = self.scan.saturating_sub(self.head);
        self.head = 0;
        self.seen_at = Some(now);
        if self.buf.is_empty() {
            self.begun_at = Some(now);
        }
        self.buf.extend_from_slice(bytes);
    }

    /// Tells that it is `now`, at or after [`poll_timeout`](Self::poll_timeout).
    pub fn handle_timeout(&mut self, now: Instant) {
        if self.poll_timeout().is_some_and(|at| at <= now) {
            self.is_overdue = true;
        }
    }

    /// Tells that the peer has left and no more bytes come.
    pub const fn handle_end(&mut self) {
        self.is_ended = true;
    }

    /// Returns when [`handle_timeout`](Self::handle_timeout) is due, if a line is unfinished.
    ///
    /// Only meaningful after [`poll_frame`](Self::poll_frame) has returned `None`.
    #[must_use]
    pub fn poll_timeout(&self) -> Option<Instant> {
        // The other half of a UTF-16 line feed that was answered already begins no line.
        let is_half_line_feed =
            self.unit.is_none() && self.is_after_bare_line_feed && self.rest() == b"\0";
        if self.is_discarding || self.rest().is_empty() || is_half_line_feed {
            return None;
        }
        self.begun_at.and_then(|at| at.checked_add(self.limits.line_deadline))
    }

    /// Takes the next frame, if one is complete.
    pub fn poll_frame(&mut self) -> Option<Frame> {
        Some(match self.poll_frame_ref()? {
            FrameRef::Line(line) => Frame::Line(line.to_vec()),
            FrameRef::TooLong => Frame::TooLong,
            FrameRef::TimedOut => Frame::TimedOut,
            FrameRef::Truncated(len) => Frame::Truncated(len),
        })
    }

    /// Takes the next frame, without a copy of its line.
    pub(crate) fn poll_frame_ref(&mut self) -> Option<FrameRef<'_>> {
        Some(match self.find_frame()? {
            Found::Line(range) => FrameRef::Line(self.buf.get(range).unwrap_or_default()),
            Found::TooLong => FrameRef::TooLong,
            Found::TimedOut => FrameRef::TimedOut,
            Found::Truncated(len) => FrameRef::Truncated(len),
        })
    }

    /// Moves past the next frame. Its bytes stay in `buf` until more come.
    fn find_frame(&mut self) -> Option<Found> {
        // What an exchange meets first after its line: there is nothing more.
        if self.is_empty() {
            return None;
        }
        let unit = match self.unit {
            Some(unit) => unit,
            None => match self.start() {
                Start::Known(unit, skip) => self.settle(unit, skip),
                Start::BareLineFeed => {
                    self.is_after_bare_line_feed = true;
                    self.advance(1);
                    return Some(Found::Line(0..0));
                }
                // The bytes that would have told UTF-16 did not come: it is 8-bit text.
                Start::Unknown if self.is_overdue || self.is_ended => self.settle(Unit::Byte, 0),
                Start::Unknown => return None,
            },
        };
        loop {
            self.skip_padding(unit);
            let Some(end) = self.find_line_feed(unit) else { return self.poll_unfinished(unit) };
            let line = self.buf.get(self.head..end).unwrap_or_default();
            let line = line.strip_suffix(unit.carriage_return()).unwrap_or(line);
            let found = if line.len() > self.limits.line_len_max {
                Found::TooLong
            } else {
                let line = without_padding(line, unit, self.limits.nul_padding);
                Found::Line(self.head..self.head.saturating_add(line.len()))
            };
            self.advance(end.saturating_sub(self.head).saturating_add(unit.len()));
            self.is_overdue = false;
            if !std::mem::take(&mut self.is_discarding) {
                return Some(found);
            }
        }
    }

    /// Looks at a line whose line feed is not there.
    fn poll_unfinished(&mut self, unit: Unit) -> Option<Found> {
        if self.is_discarding {
            self.discard(unit);
            return None;
        }
        let rest = self.rest();
        // Half a unit, or a carriage return, may still become part of the line end.
        let half = rest.len().checked_rem(unit.len()).unwrap_or(0);
        let line = rest.get(..rest.len().saturating_sub(half)).unwrap_or(rest);
        let line = line.strip_suffix(unit.carriage_return()).unwrap_or(line);
        let found = if line.len() > self.limits.line_len_max {
            Found::TooLong
        } else if rest.is_empty() {
            return None;
        } else if self.is_ended {
            Found::Truncated(rest.len())
        } else if std::mem::take(&mut self.is_overdue) {
            Found::TimedOut
        } else {
            return None;
        };
        self.discard(unit);
        Some(found)
    }

    /// Returns the bytes not yet given out.
    fn rest(&self) -> &[u8] {
        self.buf.get(self.head..).unwrap_or_default()
    }

    /// Moves past `len` bytes: the next line begins there.
    fn advance(&mut self, len: usize) {
        self.head = self.head.saturating_add(len).min(self.buf.len());
        self.scan = self.head;
        // What is left came with the newest bytes: what came before had no line feed in it.
        self.begun_at = self.seen_at;
    }

    /// Drops what is there of an answered line; half a unit of it at most stays.
    fn discard(&mut self, unit: Unit) {
        self.is_discarding = true;
        let len = self.rest().len();
        let half = len.checked_rem(unit.len()).unwrap_or(0);
        self.advance(len.saturating_sub(half));
    }

    /// Moves past NUL characters in front of a line, if so configured.
    fn skip_padding(&mut self, unit: Unit) {
        if self.limits.nul_padding == NulPadding::Strip && !self.is_discarding {
            while self.scan == self.head && self.rest().starts_with(unit.nul()) {
                self.advance(unit.len());
            }
        }
    }

    fn settle(&mut self, unit: Unit, skip: usize) -> Unit {
        self.unit = Some(unit);
        if skip > 0 {
            self.advance(skip);
        }
        unit
    }

    /// Returns where in `buf` the current line's line feed is.
    fn find_line_feed(&mut self, unit: Unit) -> Option<usize> {
        if unit == Unit::Byte {
            let found = memchr::memchr(b'\n', self.buf.get(self.scan..)?);
            return match found {
                Some(at) => self.scan.checked_add(at),
                None => {
                    self.scan = self.buf.len();
                    None
                }
            };
        }
        let units = self.buf.get(self.scan..)?.as_chunks::<2>().0;
        for pair in units {
            if pair == unit.line_feed() {
                return Some(self.scan);
            }
            self.scan = self.scan.saturating_add(2);
        }
        None
    }

    /// Looks at the first bytes of the connection.
    ///
    /// UTF-16 is known by its byte order mark, or by zeros at every second of the first four bytes.
    /// As soon as the bytes cannot be that any more, they are 8-bit text.
    fn start(&self) -> Start {
        match *self.rest() {
            [] | [0xEF] | [0xEF, 0xBB] | [0xFF] | [0xFE] => Start::Unknown,
            [0xEF, 0xBB, 0xBF, ..] => Start::Known(Unit::Byte, 3),
            [0xFF, 0xFE, ..] => Start::Known(Unit::Utf16Le, 2),
            [0xFE, 0xFF, ..] => Start::Known(Unit::Utf16Be, 2),
            [0, low, 0, ..] if low != 0 && self.is_after_bare_line_feed => {
                Start::Known(Unit::Utf16Le, 1)
            }
            [0] => Start::Unknown,
            [0, low] | [0, low, 0] if low != 0 => Start::Unknown,
            [0, low, 0, next, ..] if low != 0 && next != 0 => Start::Known(Unit::Utf16Be, 0),
            // Answered at once: waiting for a NUL behind it would keep an EA without its line.
            [b'\n', ..] => Start::BareLineFeed,
            [_] | [_, 0] => Start::Unknown,
            [_, 0, next] if next != 0 => Start::Unknown,
            [_, 0, next, 0, ..] if next != 0 => Start::Known(Unit::Utf16Le, 0),
            _ => Start::Known(Unit::Byte, 0),
        }
    }
}

/// Returns a line without the NUL characters at its end, if so configured.
fn without_padding(mut line: &[u8], unit: Unit, nul_padding: NulPadding) -> &[u8] {
    if nul_padding == NulPadding::Strip {
        while let Some(shorter) = line.strip_suffix(unit.nul()) {
            line = shorter;
        }
    }
    line
}

#[cfg(test)]
mod tests;
