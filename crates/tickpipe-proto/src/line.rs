//! Line mode: every request line gets exactly one reply line, in order.
//!
//! [`LineConversation`] is the server's side of it for one connection, as a state machine. It
//! decides what is a request, what is refused and with which code, and how a reply is written.
//! Who answers a request, and when, is its caller's business.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Instant;

use crate::code::{ErrorCode, LineError};
use crate::encoding::{CodePage, TextEncoding, WireEncoding, decode_utf16le};
use crate::frame::{Frame, FrameLimits, LineFramer, Unit};
use crate::rate::RateLimit;

/// How a server talks in line mode.
///
/// # Defaults
///
/// The limits of [`FrameLimits`]; UTF-8, else windows-1252; replies of at most 65,536 bytes; no
/// limit on the rate.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct LineConfig {
    /// Limits on request lines.
    pub frame: FrameLimits,
    /// How 8-bit lines are read.
    pub encoding: TextEncoding,
    /// Bytes a reply line may have, its line end not counted.
    pub reply_len_max: usize,
    /// Lines a second that one connection may send; `None` for no limit.
    pub rate_max: Option<NonZeroU32>,
}

impl Default for LineConfig {
    fn default() -> Self {
        Self {
            frame: FrameLimits::default(),
            encoding: TextEncoding::Auto(CodePage::WINDOWS_1252),
            reply_len_max: 65_536,
            rate_max: None,
        }
    }
}

/// What a peer's bytes came to.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum LineEvent {
    /// A line to refuse: it wants a reply, and this is it.
    Refused {
        /// The reply.
        error: LineError,
        /// What came, made readable; of a line that was too long or late, nothing.
        line: String,
    },
    /// A line to answer; shared, for who answers it and who waits for that may be two threads.
    Request(Arc<str>),
    /// The peer left in the middle of a line of so many bytes, which nobody answers.
    Truncated(usize),
}

/// What goes back for one line.
pub type Reply = Result<String, LineError>;

/// The server's side of one line-mode connection.
///
/// After any `handle_*`, call [`poll_event`](Self::poll_event) until it returns `None`, and write
/// exactly one [`encode`](Self::encode)d reply for every `Request` and `Refused` before the next
/// call.
///
/// # Examples
///
/// ```
/// use std::time::Instant;
/// use tickpipe_proto::{LineConfig, LineConversation, LineEvent};
///
/// let mut conversation = LineConversation::new(LineConfig::default());
/// conversation.handle_bytes(Instant::now(), b"1.10000000\r\n");
/// assert_eq!(conversation.poll_event(), Some(LineEvent::Request("1.10000000".into())));
/// let mut wire = Vec::new();
/// conversation.encode(&Ok("2.200".to_owned()), &mut wire);
/// assert_eq!(wire, b"2.200\r\n");
/// ```
#[derive(Debug)]
pub struct LineConversation {
    config: LineConfig,
    framer: LineFramer,
    rate: Option<RateLimit>,
    /// How the newest line came in.
    wire: WireEncoding,
    now: Option<Instant>,
}

impl LineConversation {
    /// Creates the state of a new connection.
    #[must_use]
    pub fn new(config: LineConfig) -> Self {
        Self {
            config,
            framer: LineFramer::new(config.frame),
            rate: config.rate_max.map(RateLimit::new),
            wire: config.encoding.fallback(),
            now: None,
        }
    }

    /// Takes bytes that came at `now`.
    pub fn handle_bytes(&mut self, now: Instant, bytes: &[u8]) {
        self.now = Some(now);
        self.framer.handle_bytes(now, bytes);
    }

    /// Tells that it is `now`, at or after [`poll_timeout`](Self::poll_timeout).
    pub fn handle_timeout(&mut self, now: Instant) {
        self.now = Some(now);
        self.framer.handle_timeout(now);
    }

    /// Tells that the peer has left.
    pub const fn handle_end(&mut self) {
        self.framer.handle_end();
    }

    /// Returns when [`handle_timeout`](Self::handle_timeout) is due, if a line is unfinished.
    #[must_use]
    pub fn poll_timeout(&self) -> Option<Instant> {
        self.framer.poll_timeout()
    }

    /// Returns whether the peer writes UTF-16, as an EA does that forgot `FILE_ANSI`.
    #[must_use]
    pub fn is_utf16(&self) -> bool {
        matches!(self.framer.unit(), Some(Unit::Utf16Be | Unit::Utf16Le))
    }

    /// Takes the next event, if there is one.
    pub fn poll_event(&mut self) -> Option<LineEvent> {
        let frame = self.framer.poll_frame()?;
        self.wire = match self.framer.unit() {
            None | Some(Unit::Byte) => self.config.encoding.fallback(),
            Some(Unit::Utf16Be) => WireEncoding::Utf16Be,
            Some(Unit::Utf16Le) => WireEncoding::Utf16Le,
        };
        Some(match frame {
            Frame::Line(bytes) => match self.check(&bytes) {
                Ok(text) => LineEvent::Request(text),
                Err(error) => {
                    let line = String::from_utf8_lossy(&bytes).into_owned();
                    LineEvent::Refused { error, line }
                }
            },
            Frame::TooLong => LineEvent::Refused { error: self.too_long(), line: String::new() },
            Frame::TimedOut => LineEvent::Refused { error: self.timed_out(), line: String::new() },
            Frame::Truncated(len) => LineEvent::Truncated(len),
        })
    }

    /// Appends the reply line to the newest request to `out`; a whole line, whatever `reply` is.
    ///
    /// An error's text always gets through: what the request's encoding does not carry is written
    /// as an escape.
    ///
    /// # Errors
    ///
    /// Returns the error whose `ERR` line was appended: the one in `reply`, or, for an answer that
    /// cannot be sent, [`ErrorCode::BadReply`] (it holds a line feed or a NUL, or is too long) or
    /// [`ErrorCode::Encoding`] (it has characters that the request's encoding does not carry).
    pub fn encode(&self, reply: &Reply, out: &mut Vec<u8>) -> Result<(), LineError> {
        let begin = out.len();
        let error = match reply {
            Ok(text) => match self.encode_text(text, out) {
                Ok(()) => return Ok(()),
                Err(error) => error,
            },
            Err(error) => error.clone(),
        };
        out.truncate(begin);
        let line = format!("ERR {} {}\r\n", error.code(), error.text());
        if self.wire.encode(&line, out).is_err() {
            for c in line.chars() {
                let ascii =
                    if c.is_ascii() { c.to_string() } else { c.escape_unicode().to_string() };
                out.extend_from_slice(ascii.as_bytes());
            }
        }
        Err(error)
    }

    /// Appends an answer as a line.
    fn encode_text(&self, text: &str, out: &mut Vec<u8>) -> Result<(), LineError> {
        let begin = out.len();
        if text.contains('\n') {
            return Err(LineError::new(
                ErrorCode::BadReply,
                "the handler's reply holds a line feed, allowed is one line",
            ));
        }
        if text.contains('\0') {
            return Err(LineError::new(
                ErrorCode::BadReply,
                "the handler's reply holds a NUL character, at which an EA's text would end",
            ));
        }
        self.wire
            .encode(text, out)
            .map_err(|e| LineError::new(ErrorCode::Encoding, format!("the reply's {e}")))?;
        let len = out.len().saturating_sub(begin);
        if len > self.config.reply_len_max {
            return Err(LineError::new(
                ErrorCode::BadReply,
                format!(
                    "the handler's reply has {len} bytes, allowed are {}",
                    self.config.reply_len_max
                ),
            ));
        }
        self.wire
            .encode("\r\n", out)
            .map_err(|e| LineError::new(ErrorCode::Encoding, format!("the line end's {e}")))
    }

    /// Turns a line into text, or says why it is none.
    fn check(&mut self, line: &[u8]) -> Result<Arc<str>, LineError> {
        if let (Some(rate), Some(now), Some(max)) = (&mut self.rate, self.now, self.config.rate_max)
            && !rate.admit(now)
        {
            return Err(LineError::new(
                ErrorCode::Rate,
                format!("more than {max} lines in a second, send fewer"),
            ));
        }
        if line.is_empty() {
            return Err(LineError::new(ErrorCode::Empty, "found an empty line, expected text"));
        }
        let text = self.decode(line)?;
        match text.find('\0') {
            None => Ok(text),
            Some(at) => Err(LineError::new(
                ErrorCode::Nul,
                format!(
                    "found a NUL character at byte {at}; write as many characters as the text has, \
                     or let the server strip them"
                ),
            )),
        }
    }

    fn decode(&mut self, line: &[u8]) -> Result<Arc<str>, LineError> {
        match self.framer.unit() {
            Some(Unit::Utf16Be) => Err(LineError::new(
                ErrorCode::Utf16,
                "found UTF-16 in big-endian byte order, allowed are 8-bit text and UTF-16LE",
            )),
            Some(Unit::Utf16Le) => decode_utf16le(line).ok_or_else(|| {
                LineError::new(ErrorCode::Encoding, "found half of a UTF-16 surrogate pair")
            }),
            None | Some(Unit::Byte) => {
                let encoding = self.config.encoding;
                let (text, wire) = encoding.decode(line).ok_or_else(|| {
                    LineError::new(
                        ErrorCode::Encoding,
                        format!("found bytes that are not {}", encoding.describe()),
                    )
                })?;
                self.wire = wire;
                Ok(text)
            }
        }
    }

    fn too_long(&self) -> LineError {
        LineError::new(
            ErrorCode::TooLong,
            format!(
                "found a line of more than {} bytes, the rest of it is ignored",
                self.config.frame.line_len_max
            ),
        )
    }

    fn timed_out(&self) -> LineError {
        LineError::new(
            ErrorCode::LineTimeout,
            format!(
                "found no line end within {} ms of the line's first byte, the rest of it is ignored",
                self.config.frame.line_deadline.as_millis()
            ),
        )
    }
}

#[cfg(test)]
mod tests;
