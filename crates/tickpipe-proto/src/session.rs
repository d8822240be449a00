//! Session mode for one connection, the server's side, as a state machine.
//!
//! Give it bytes, requests, the handler's answers and `now`; it says what to write, what to tell
//! the handler, and when to be woken. After any call that takes `now`, drain
//! [`poll_transmit`](Session::poll_transmit), [`poll_reply`](Session::poll_reply) and, while the
//! handler is free, [`poll_event`](Session::poll_event). Every method may be called in every state;
//! after the session is over they do nothing.
//!
//! PROTOCOL.md chapters 10 to 15 and 20 say what must come of it.

mod ask;
mod clock;
mod config;
mod core;
mod counters;
mod event;
mod inbound;
mod queue;
mod symbols;

use std::time::{Duration, Instant};

use self::core::Core;
use crate::frame::{FrameLimits, FrameRef, LineFramer};
use crate::message::encode::LINE_LEN_MAX;
use crate::message::{Answer, Ask, Message, Refused};
use crate::{ErrorCode, LineError};

pub use self::ask::{AskError, AskId, settle_ask};
pub(crate) use self::config::HELLO_LEN_MAX;
pub use self::config::SessionConfig;
pub use self::counters::SessionCounters;
pub use self::event::{CloseReason, SessionEvent};

/// One session, from its first line to its end.
///
/// # Examples
///
/// ```
/// use std::time::Instant;
/// use tickpipe_proto::session::{Session, SessionConfig};
///
/// let now = Instant::now();
/// let mut session = Session::new(SessionConfig::default(), now);
/// session.handle_bytes(now, b"{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"ping\"}\n");
/// let mut wire = Vec::new();
/// assert!(session.poll_transmit(&mut wire));
/// assert!(String::from_utf8_lossy(&wire).contains("hello_required"));
/// ```
#[derive(Debug)]
pub struct Session {
    framer: LineFramer,
    core: Core,
    /// No byte has come yet: a mark before the first line is dropped.
    is_at_start: bool,
}

impl Session {
    /// Begins with nothing said; `hello` is awaited.
    #[must_use]
    pub fn new(config: SessionConfig, now: Instant) -> Self {
        let limits = FrameLimits {
            line_len_max: HELLO_LEN_MAX,
            line_deadline: config.line_deadline,
            ..FrameLimits::default()
        };
        Self {
            framer: LineFramer::of_bytes(limits),
            core: Core::new(config, now),
            is_at_start: true,
        }
    }

    /// Takes bytes of the EA that came at `now`.
    pub fn handle_bytes(&mut self, now: Instant, bytes: &[u8]) {
        if self.is_closed() {
            return;
        }
        let now = self.core.hear(now);
        self.framer.handle_bytes(now, bytes);
        self.handle_frames(now);
        self.core.handle_due(now);
    }

    /// Takes a message that came at `now` in some other way than as bytes.
    pub fn handle_message(&mut self, now: Instant, message: Result<Message<'_>, Refused>) {
        if self.is_closed() {
            return;
        }
        let now = self.core.hear(now);
        self.core.handle_message(now, message);
        self.core.handle_due(now);
    }

    /// Does what is due; call it when [`poll_timeout`](Self::poll_timeout) says so.
    ///
    /// Give it first what has come until `now`: it may end the session for the EA's silence, which no
    /// other method does.
    pub fn handle_timeout(&mut self, now: Instant) {
        let now = self.core.at(now);
        self.framer.handle_timeout(now);
        self.handle_frames(now);
        self.core.handle_timeout(now);
    }

    /// Does what is due at [`poll_due`](Self::poll_due), for whoever cannot know whether something of
    /// the EA waits to be read: all that [`handle_timeout`](Self::handle_timeout) does but for what
    /// concerns its bytes.
    pub fn handle_due(&mut self, now: Instant) {
        let now = self.core.at(now);
        self.core.handle_due(now);
    }

    /// Tells that the connection has ended. What came before is still taken.
    pub fn handle_end(&mut self, now: Instant) {
        let now = self.core.at(now);
        self.framer.handle_end();
        self.handle_frames(now);
        self.core.end(now, CloseReason::Disconnected);
    }

    /// Asks the EA; the answer comes from [`poll_reply`](Self::poll_reply), exactly once.
    ///
    /// The answer of an order is never an error that leaves its outcome open: it comes as
    /// [`Outcome::Unknown`](crate::message::Outcome::Unknown), and the session never sends it again.
    ///
    /// # Errors
    ///
    /// Nothing was sent: `hello_required` before `hello`, `disconnected` after the end,
    /// `too_many_requests`, `unsupported` if the method is not among the EA's capabilities,
    /// `invalid_params` for an order without `client_id`, `too_long` for a line too long.
    pub fn request(
        &mut self,
        now: Instant,
        ask: &Ask,
        deadline: Duration,
    ) -> Result<AskId, AskError> {
        let now = self.core.at(now);
        self.core.handle_due(now);
        self.core.request(now, ask, deadline)
    }

    /// Tells that the handler is done with the last event, and how it went.
    ///
    /// A tick that waits is answered by it, unless it was answered before. After `handler_panic` and
    /// `handler_ended` the session ends: what the handler kept in mind is gone. An error with a code
    /// that is not of a handler counts as `handler_failed`.
    pub fn finish(&mut self, now: Instant, result: Result<(), LineError>) {
        let now = self.core.at(now);
        self.core.handle_due(now);
        self.core.finish(now, result);
    }

    /// Returns whether the handler is at work on a tick for whose answer the EA still waits.
    #[must_use]
    pub fn is_awaited(&self) -> bool {
        self.core.is_awaited()
    }

    /// Answers the ticks that wait, says `bye` with `code` and ends.
    ///
    /// The ticks get `shutting_down`; of `handler_ended` and `handler_unavailable` they get that.
    pub fn close(&mut self, now: Instant, code: ErrorCode, message: &str) {
        let now = self.core.at(now);
        self.core.bye(now, code, message);
    }

    /// Appends what is to be written; returns whether there was anything.
    pub fn poll_transmit(&mut self, out: &mut Vec<u8>) -> bool {
        self.core.poll_transmit(out)
    }

    /// Returns how many bytes [`poll_transmit`](Self::poll_transmit) would append.
    ///
    /// They grow with what the EA sends, which is answered at once: whoever reads must not go on
    /// while they are many and the EA does not take them.
    #[must_use]
    pub const fn transmit_len(&self) -> usize {
        self.core.out.len()
    }

    /// Returns the next event, unless the handler is at work (until [`finish`](Self::finish)).
    pub fn poll_event(&mut self) -> Option<SessionEvent> {
        self.core.poll_event()
    }

    /// Returns the next request that is over.
    pub fn poll_reply(&mut self) -> Option<(AskId, Result<Answer, AskError>)> {
        self.core.poll_reply()
    }

    /// Returns the next thing that is worth a line in a log: what the EA was refused, what was lost
    /// or came too late. 16 are kept; the counters count all.
    pub fn poll_notice(&mut self) -> Option<LineError> {
        self.core.poll_notice()
    }

    /// Returns when [`handle_timeout`](Self::handle_timeout) is due. Once that was called, it is
    /// later than the `now` that was given, or `None`.
    #[must_use]
    pub fn poll_timeout(&self) -> Option<Instant> {
        if self.is_closed() {
            return None;
        }
        [self.framer.poll_timeout(), self.core.poll_timeout()].into_iter().flatten().min()
    }

    /// Returns when [`handle_due`](Self::handle_due) is due, or `None`.
    #[must_use]
    pub fn poll_due(&self) -> Option<Instant> {
        if self.is_closed() { None } else { self.core.poll_due() }
    }

    /// Returns whether the connection is to be closed, once everything is written.
    #[must_use]
    pub const fn is_closed(&self) -> bool {
        self.core.is_closed()
    }

    /// Returns whether `hello` was accepted and the session is not over.
    #[must_use]
    pub const fn is_open(&self) -> bool {
        self.core.is_open()
    }

    /// Returns what has been counted.
    #[must_use]
    pub const fn counters(&self) -> SessionCounters {
        self.core.counters
    }

    fn handle_frames(&mut self, now: Instant) {
        while !self.core.is_closed()
            && let Some(frame) = self.framer.poll_frame_ref()
        {
            let is_first = std::mem::take(&mut self.is_at_start);
            match frame {
                FrameRef::Line(line) => {
                    let mark: &[u8] = if is_first { b"\xEF\xBB\xBF" } else { b"" };
                    self.core.handle_line(now, line.strip_prefix(mark).unwrap_or(line));
                }
                FrameRef::TimedOut => self.core.handle_line_timeout(now),
                FrameRef::TooLong => self.core.handle_too_long(now),
                FrameRef::Truncated(_) => self.core.handle_truncated(),
            }
            if self.core.is_open() {
                self.framer.set_line_len_max(LINE_LEN_MAX);
            }
        }
    }
}

#[cfg(test)]
mod tests;
