//! Session mode for one connection, the server's side, as a state machine.
//!
//! Give it bytes, requests and `now`; after any `handle_*`, `request`, `finish` or `close`, drain
//! `poll_transmit`, `poll_reply` and, when the handler is free, `poll_event`.

use std::time::{Duration, Instant};

use crate::message::{
    AccountState, Answer, Ask, BarEvent, Deinit, Hello, LogEntry, Tick, TradeEvent,
};
use crate::types::Symbol;
use crate::{ErrorCode, LineError};

/// The settings of a session.
///
/// # Defaults
///
/// As chapter 21 of PROTOCOL.md.
#[derive(Clone, Debug)]
#[expect(clippy::exhaustive_structs, reason = "settings are put together by the server")]
pub struct SessionConfig {
    /// Silence of ours after which we ping.
    pub heartbeat: Duration,
    /// Silence of the EA after which the session ends.
    pub silence: Duration,
    /// Time for the handler; `None` for any.
    pub handler_deadline: Option<Duration>,
    /// Time for the handler with requests to the EA.
    pub handler_deadline_max: Duration,
    /// Time to end a line.
    pub line_deadline: Duration,
    /// Queued ticks and events.
    pub queue_max: usize,
    /// Open requests to the EA.
    pub requests_max: usize,
    /// What `hello` is answered.
    pub server_version: String,
    /// What `hello` is answered.
    pub session: String,
}

/// What the handler is given, one at a time.
#[derive(Debug)]
#[non_exhaustive]
pub enum SessionEvent {
    /// `hello` was accepted.
    Opened(Box<Hello>),
    /// A tick; its request, if it is one, is answered by [`Session::finish`] or at its deadline.
    Tick(Tick),
    /// Ticks of a symbol are missing between what came and what was expected. Before the tick itself.
    Gap { symbol: Symbol, expected: u64, found: u64 },
    /// A bar has closed.
    Bar(BarEvent),
    /// Something happened to an order, a position or a deal.
    Trade(Box<TradeEvent>),
    /// The account changed.
    Account(AccountState),
    /// Text of the EA's.
    Log(LogEntry),
    /// The EA leaves.
    Deinit(Deinit),
    /// The session is over; the last event.
    Closed(CloseReason),
}

/// Why a session is over.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CloseReason {
    /// The EA said `deinit`.
    Deinit(Deinit),
    /// The connection ended without `deinit`.
    Disconnected,
    /// We said `bye` with this code.
    Bye(ErrorCode),
}

/// The number of a request to the EA.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AskId(pub(crate) u64);

/// Why a request to the EA has no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AskError {
    /// The EA answered with an error.
    #[error("the EA answered `{}`: {}", .0.code, .0.message)]
    Refused(crate::message::Fault),
    /// No answer in time, or the connection ended, or it cannot be sent, or the answer is none.
    /// (`request_timeout`, `disconnected`, `too_many_requests`, `unsupported`, `bad_answer`)
    #[error(transparent)]
    Local(LineError),
}

/// What a session has counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
#[expect(missing_docs, reason = "to be written with the counters")]
pub struct SessionCounters {
    pub ticks: u64,
    pub ticks_dropped: u64,
    pub gaps: u64,
    pub seq_low: u64,
    pub late_replies: u64,
    pub unknown_replies: u64,
    pub late_ticks: u64,
    pub refused: u64,
}

/// One session.
#[derive(Debug)]
pub struct Session {
    config: SessionConfig,
}

impl Session {
    /// Begins with nothing said; `hello` is awaited.
    #[must_use]
    pub fn new(config: SessionConfig, _now: Instant) -> Self {
        Self { config }
    }
    /// Takes bytes of the EA.
    pub fn handle_bytes(&mut self, _now: Instant, _bytes: &[u8]) {}
    /// Does what is due; call it when [`poll_timeout`](Self::poll_timeout) says so.
    pub fn handle_timeout(&mut self, _now: Instant) {}
    /// The connection ended.
    pub fn handle_end(&mut self, _now: Instant) {}
    /// Asks the EA; the answer comes from [`poll_reply`](Self::poll_reply), exactly once.
    ///
    /// # Errors
    ///
    /// Not open, too many, not among the EA's capabilities, line too long: nothing was sent.
    pub fn request(
        &mut self,
        _now: Instant,
        _ask: &Ask,
        _deadline: Duration,
    ) -> Result<AskId, AskError> {
        Err(AskError::Local(LineError::new(ErrorCode::Busy, "")))
    }
    /// The handler is done with the last event.
    pub fn finish(&mut self, _now: Instant, _result: Result<(), LineError>) {}
    /// Says `bye` and ends.
    pub fn close(&mut self, _now: Instant, _code: ErrorCode, _message: &str) {}
    /// Appends what is to be written; whether there was anything.
    pub fn poll_transmit(&mut self, _out: &mut Vec<u8>) -> bool {
        false
    }
    /// Returns the next event, unless the handler is at work (until `finish`).
    pub fn poll_event(&mut self) -> Option<SessionEvent> {
        None
    }
    /// Returns the next request that is over.
    pub fn poll_reply(&mut self) -> Option<(AskId, Result<Answer, AskError>)> {
        None
    }
    /// Returns when `handle_timeout` is due.
    #[must_use]
    pub fn poll_timeout(&self) -> Option<Instant> {
        None
    }
    /// Returns whether the connection is to be closed, once everything is written.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        false
    }
    /// Returns what has been counted.
    #[must_use]
    pub fn counters(&self) -> SessionCounters {
        let _ = &self.config;
        SessionCounters::default()
    }
}
