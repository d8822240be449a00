//! The first line of a connection, which decides between line mode and session mode.
//!
//! A server that has one kind of handler, or was told the mode, need not ask.

use std::fmt;
use std::time::{Duration, Instant};

use serde::de::{IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

use crate::session::HELLO_LEN_MAX;

/// The mark that 8-bit text may begin with.
const MARK: &[u8] = b"\xEF\xBB\xBF";

/// Looks at a connection's first bytes until they say which mode it is in.
///
/// After any `handle_*`, call [`poll`](Self::poll) until it returns `None` or the mode. Every byte
/// is handed on, in order.
///
/// # Examples
///
/// ```
/// use std::time::{Duration, Instant};
/// use tickpipe_proto::{Opened, Opening};
///
/// let now = Instant::now();
/// let mut opening = Opening::new(Duration::from_secs(5));
/// opening.handle_bytes(now, b"1.10000000\r\n");
/// assert_eq!(opening.poll(), Some(Opened::Line { bytes: b"1.10000000\r\n".to_vec(), since: now }));
/// ```
#[derive(Debug)]
pub struct Opening {
    line_deadline: Duration,
    /// What was not handed on.
    buf: Vec<u8>,
    /// Where the search for the line's end goes on.
    scan: usize,
    /// No byte was handed on.
    is_at_start: bool,
    /// No more bytes come, or the line is not ended in time.
    is_over: bool,
    /// When the first byte in `buf` came.
    since: Option<Instant>,
}

/// What the first bytes of a connection come to, with the bytes to hand on.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Opened {
    /// Empty lines before the first one. Line mode answers them, and nothing is decided.
    Empty {
        /// The lines.
        bytes: Vec<u8>,
        /// When they came.
        since: Instant,
    },
    /// Line mode.
    Line {
        /// All that came and was not handed on yet.
        bytes: Vec<u8>,
        /// When the first of them came: the half-line deadline counts from there.
        since: Instant,
    },
    /// Session mode.
    Session {
        /// The first line, and what came behind it.
        bytes: Vec<u8>,
        /// When the first of them came.
        since: Instant,
    },
}

/// What the bytes in hand are.
enum Look {
    Empty(usize),
    Line,
    Open,
    Session,
}

impl Opening {
    /// Begins with nothing seen. A line that is not ended within `line_deadline` is line mode's.
    #[must_use]
    pub const fn new(line_deadline: Duration) -> Self {
        Self {
            line_deadline,
            buf: Vec::new(),
            scan: 0,
            is_at_start: true,
            is_over: false,
            since: None,
        }
    }

    /// Takes bytes that came at `now`.
    pub fn handle_bytes(&mut self, now: Instant, bytes: &[u8]) {
        if self.buf.is_empty() {
            self.since = Some(now);
        }
        self.buf.extend_from_slice(bytes);
    }

    /// Tells that it is `now`, at or after [`poll_timeout`](Self::poll_timeout).
    pub fn handle_timeout(&mut self, now: Instant) {
        if self.poll_timeout().is_some_and(|at| at <= now) {
            self.is_over = true;
        }
    }

    /// Tells that the peer has left and no more bytes come.
    pub const fn handle_end(&mut self) {
        self.is_over = true;
    }

    /// Returns when [`handle_timeout`](Self::handle_timeout) is due, if a line is unfinished.
    #[must_use]
    pub fn poll_timeout(&self) -> Option<Instant> {
        if self.buf.is_empty() || self.is_over {
            return None;
        }
        self.since?.checked_add(self.line_deadline)
    }

    /// Takes what the bytes come to. After `Line` and `Session` nothing more comes.
    pub fn poll(&mut self) -> Option<Opened> {
        let since = self.since?;
        if self.buf.is_empty() {
            return None;
        }
        Some(match self.look() {
            Look::Empty(len) => {
                let rest = self.buf.split_off(len.min(self.buf.len()));
                let bytes = std::mem::replace(&mut self.buf, rest);
                self.is_at_start = false;
                self.scan = 0;
                Opened::Empty { bytes, since }
            }
            Look::Line => Opened::Line { bytes: std::mem::take(&mut self.buf), since },
            Look::Session => Opened::Session { bytes: std::mem::take(&mut self.buf), since },
            Look::Open if self.is_over => {
                Opened::Line { bytes: std::mem::take(&mut self.buf), since }
            }
            Look::Open => return None,
        })
    }

    fn look(&mut self) -> Look {
        let bytes = self.buf.as_slice();
        let mark = if self.is_at_start { MARK } else { b"" };
        let Some(text) = bytes.strip_prefix(mark) else {
            // A mark that is not whole yet, or any other byte.
            return if mark.starts_with(bytes) { Look::Open } else { self.look_at(0) };
        };
        let skip = bytes.len().saturating_sub(text.len());
        self.look_at(skip)
    }

    /// Looks at the line that begins behind `skip` bytes.
    fn look_at(&mut self, skip: usize) -> Look {
        let text = self.buf.get(skip..).unwrap_or_default();
        match text {
            [b'\n', ..] => return Look::Empty(skip.saturating_add(1)),
            [b'\r', b'\n', ..] => return Look::Empty(skip.saturating_add(2)),
            _ => {}
        }
        let blanks = text.iter().take_while(|byte| matches!(byte, b' ' | b'\t' | b'\r')).count();
        match text.get(blanks) {
            None if text.len() <= HELLO_LEN_MAX => return Look::Open,
            Some(b'{') => {}
            // What is no JSON object is line mode's before its end: its EA may wait.
            _ => return Look::Line,
        }
        let scan = self.scan.max(skip);
        let Some(found) = memchr::memchr2(b'\n', 0, self.buf.get(scan..).unwrap_or_default())
        else {
            self.scan = self.buf.len();
            let text = self.buf.get(skip..).unwrap_or_default();
            let line = text.strip_suffix(b"\r").unwrap_or(text);
            return if line.len() > HELLO_LEN_MAX { Look::Line } else { Look::Open };
        };
        let end = scan.saturating_add(found);
        let line = self.buf.get(skip..end).unwrap_or_default();
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        // JSON has no NUL character: this is UTF-16.
        let is_text = self.buf.get(end) == Some(&b'\n');
        if is_text && line.len() <= HELLO_LEN_MAX && is_json_rpc(line) {
            Look::Session
        } else {
            Look::Line
        }
    }
}

/// Returns whether a line is a JSON object with the member `"jsonrpc": "2.0"`.
fn is_json_rpc(line: &[u8]) -> bool {
    // As text, for bytes that are none would be skipped inside of what is not looked at.
    let Ok(text) = std::str::from_utf8(line) else { return false };
    serde_json::from_str::<Envelope>(text).is_ok_and(|envelope| envelope.is_json_rpc)
}

/// A JSON object, of which one member is looked at.
struct Envelope {
    is_json_rpc: bool,
}

/// A member's value, of which one is looked for.
struct Version(bool);

impl<'de> Deserialize<'de> for Envelope {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Members;
        impl<'de> Visitor<'de> for Members {
            type Value = Envelope;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Envelope, A::Error> {
                let mut is_json_rpc = false;
                while let Some(name) = map.next_key::<String>()? {
                    if name == "jsonrpc" {
                        is_json_rpc |= map.next_value::<Version>()?.0;
                    } else {
                        map.next_value::<IgnoredAny>()?;
                    }
                }
                Ok(Envelope { is_json_rpc })
            }
        }
        deserializer.deserialize_map(Members)
    }
}

impl<'de> Deserialize<'de> for Version {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = <&serde_json::value::RawValue>::deserialize(deserializer)?;
        Ok(Self(serde_json::from_str::<String>(raw.get()).is_ok_and(|text| text == "2.0")))
    }
}

#[cfg(test)]
mod tests;
