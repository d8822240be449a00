//! The codes that an error carries, and the error that goes with one.

mod meaning;
#[cfg(test)]
mod tests;

use std::fmt;

/// Who has to act for an error to go away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Blame {
    /// tickpipe itself: a defect to report.
    Bug,
    /// The program that uses tickpipe, such as a handler.
    Caller,
    /// The machine or the terminal: memory, disk, permissions, another program.
    Environment,
    /// The other end of the connection, such as the EA.
    Peer,
}

/// The word after `ERR` on the wire, and in `data.code` of a session's errors.
///
/// The words are stable: a program may compare them. They are the same in the log, in `--json` and
/// in the summary that `tickpipe serve` ends with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum ErrorCode {
    /// `hello` came a second time; the session goes on as it was.
    AlreadyOpen,
    /// The EA's answer is none that its request allows; it may have done what was asked.
    BadAnswer,
    /// The handler's reply holds a line feed or a NUL, is too long, or is no text.
    BadReply,
    /// The line is a list of messages, which is refused as a whole.
    Batch,
    /// More connections are open than are served.
    Busy,
    /// The connection ended before the answer; what was asked may have been done.
    Disconnected,
    /// The request's `id` is that of one that is still open.
    DuplicateId,
    /// The line is empty.
    Empty,
    /// The line is no text in the encoding, or the reply cannot be written in it.
    Encoding,
    /// The order's time is over, or its `client_id` has been called absent; it was not sent.
    Expired,
    /// The handler still works on a line it was too late for.
    HandlerBusy,
    /// The handler's program, or the server it forwards to, ended before it answered; it may have
    /// acted on the line.
    HandlerEnded,
    /// The handler's own error; the text is the handler's.
    HandlerFailed,
    /// The handler panicked; in line mode the next line gets a new one, a session ends.
    HandlerPanic,
    /// The handler was too late.
    HandlerTimeout,
    /// The handler's program cannot be started, or not yet again; or the server it forwards to
    /// cannot be reached.
    HandlerUnavailable,
    /// `hello` must come first.
    HelloRequired,
    /// The terminal is still fetching the history that was asked for.
    HistoryUpdating,
    /// The `client_id` is that of an order with other content; this one was not sent.
    IdConflict,
    /// A member of `params` is missing, or is not what it must be.
    InvalidParams,
    /// The line is JSON, but no message.
    InvalidRequest,
    /// The line was not ended in time.
    LineTimeout,
    /// A number is NaN, infinite, or beyond what 64 bits hold.
    NonFinite,
    /// The line is not a number.
    NotANumber,
    /// There is no such order, position or indicator.
    NotFound,
    /// The line holds a NUL character.
    Nul,
    /// The line is not JSON.
    ParseError,
    /// The handler is so slow that the queue is full of events, which are never dropped; the
    /// session ends.
    QueueFull,
    /// Lines came too fast.
    Rate,
    /// The same EA has opened a new connection; the session ends.
    Replaced,
    /// The EA did not answer in time; it may yet do what was asked.
    RequestTimeout,
    /// The tick's `seq` is not above that of the one before; the tick was dropped.
    SeqLow,
    /// The server speaks session mode only.
    SessionRequired,
    /// The server is stopping.
    ShuttingDown,
    /// Nothing came from the EA for too long; the session ends.
    Silence,
    /// The peer did not read; only logged and counted.
    SlowConsumer,
    /// The EA is about to leave; nothing was sent.
    Stopping,
    /// A call of the terminal failed; its own number is in `data.terminal_error`.
    TerminalError,
    /// The queue was full, and the tick was the oldest in it.
    TickDropped,
    /// Over TCP: the token is wrong, late, or no token; the connection is closed.
    TokenRefused,
    /// The line is too long.
    TooLong,
    /// Too many requests to the EA are open; this one was not sent.
    TooManyRequests,
    /// Trading is switched off, in the terminal, for the EA or by the trade server.
    TradeDisabled,
    /// The peer left in the middle of a line; only logged and counted.
    Truncated,
    /// The other side does not know the method.
    UnknownMethod,
    /// The broker has no such symbol.
    UnknownSymbol,
    /// The EA, or its terminal, cannot do what was asked; nothing was sent.
    Unsupported,
    /// The line is UTF-16BE.
    Utf16,
    /// The EA speaks another version of the protocol; the session ends.
    Version,
}

impl ErrorCode {
    /// Every code, in the order of the words.
    pub const ALL: [Self; 49] = [
        Self::AlreadyOpen,
        Self::BadAnswer,
        Self::BadReply,
        Self::Batch,
        Self::Busy,
        Self::Disconnected,
        Self::DuplicateId,
        Self::Empty,
        Self::Encoding,
        Self::Expired,
        Self::HandlerBusy,
        Self::HandlerEnded,
        Self::HandlerFailed,
        Self::HandlerPanic,
        Self::HandlerTimeout,
        Self::HandlerUnavailable,
        Self::HelloRequired,
        Self::HistoryUpdating,
        Self::IdConflict,
        Self::InvalidParams,
        Self::InvalidRequest,
        Self::LineTimeout,
        Self::NonFinite,
        Self::NotANumber,
        Self::NotFound,
        Self::Nul,
        Self::ParseError,
        Self::QueueFull,
        Self::Rate,
        Self::Replaced,
        Self::RequestTimeout,
        Self::SeqLow,
        Self::SessionRequired,
        Self::ShuttingDown,
        Self::Silence,
        Self::SlowConsumer,
        Self::Stopping,
        Self::TerminalError,
        Self::TickDropped,
        Self::TokenRefused,
        Self::TooLong,
        Self::TooManyRequests,
        Self::TradeDisabled,
        Self::Truncated,
        Self::UnknownMethod,
        Self::UnknownSymbol,
        Self::Unsupported,
        Self::Utf16,
        Self::Version,
    ];

    /// Returns the code of a word, if it is one.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|code| code.as_str() == word)
    }

    /// Returns the word on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AlreadyOpen => "already_open",
            Self::BadAnswer => "bad_answer",
            Self::BadReply => "bad_reply",
            Self::Batch => "batch",
            Self::Busy => "busy",
            Self::Disconnected => "disconnected",
            Self::DuplicateId => "duplicate_id",
            Self::Empty => "empty",
            Self::Encoding => "encoding",
            Self::Expired => "expired",
            Self::HandlerBusy => "handler_busy",
            Self::HandlerEnded => "handler_ended",
            Self::HandlerFailed => "handler_failed",
            Self::HandlerPanic => "handler_panic",
            Self::HandlerTimeout => "handler_timeout",
            Self::HandlerUnavailable => "handler_unavailable",
            Self::HelloRequired => "hello_required",
            Self::HistoryUpdating => "history_updating",
            Self::IdConflict => "id_conflict",
            Self::InvalidParams => "invalid_params",
            Self::InvalidRequest => "invalid_request",
            Self::LineTimeout => "line_timeout",
            Self::NonFinite => "non_finite",
            Self::NotANumber => "not_a_number",
            Self::NotFound => "not_found",
            Self::Nul => "nul",
            Self::ParseError => "parse_error",
            Self::QueueFull => "queue_full",
            Self::Rate => "rate",
            Self::Replaced => "replaced",
            Self::RequestTimeout => "request_timeout",
            Self::SeqLow => "seq_low",
            Self::SessionRequired => "session_required",
            Self::ShuttingDown => "shutting_down",
            Self::Silence => "silence",
            Self::SlowConsumer => "slow_consumer",
            Self::Stopping => "stopping",
            Self::TerminalError => "terminal_error",
            Self::TickDropped => "tick_dropped",
            Self::TokenRefused => "token_refused",
            Self::TooLong => "too_long",
            Self::TooManyRequests => "too_many_requests",
            Self::TradeDisabled => "trade_disabled",
            Self::Truncated => "truncated",
            Self::UnknownMethod => "unknown_method",
            Self::UnknownSymbol => "unknown_symbol",
            Self::Unsupported => "unsupported",
            Self::Utf16 => "utf16",
            Self::Version => "version",
        }
    }

    /// Returns who has to act.
    #[must_use]
    pub const fn blame(self) -> Blame {
        match self {
            Self::BadReply
            | Self::Expired
            | Self::HandlerBusy
            | Self::HandlerEnded
            | Self::HandlerFailed
            | Self::HandlerPanic
            | Self::HandlerTimeout
            | Self::HandlerUnavailable
            | Self::IdConflict
            | Self::NotFound
            | Self::QueueFull
            | Self::TickDropped
            | Self::TooManyRequests
            | Self::UnknownSymbol
            | Self::Unsupported => Blame::Caller,
            Self::Busy
            | Self::Disconnected
            | Self::HistoryUpdating
            | Self::ShuttingDown
            | Self::Stopping
            | Self::TerminalError
            | Self::TradeDisabled => Blame::Environment,
            Self::AlreadyOpen
            | Self::BadAnswer
            | Self::Batch
            | Self::DuplicateId
            | Self::Empty
            | Self::Encoding
            | Self::HelloRequired
            | Self::InvalidParams
            | Self::InvalidRequest
            | Self::LineTimeout
            | Self::NonFinite
            | Self::NotANumber
            | Self::Nul
            | Self::ParseError
            | Self::Rate
            | Self::Replaced
            | Self::RequestTimeout
            | Self::SeqLow
            | Self::SessionRequired
            | Self::Silence
            | Self::SlowConsumer
            | Self::TokenRefused
            | Self::TooLong
            | Self::Truncated
            | Self::UnknownMethod
            | Self::Utf16
            | Self::Version => Blame::Peer,
        }
    }

    /// Returns whether the same line, sent again later, may be answered.
    ///
    /// Of a request to the EA only what was surely not carried out counts: an order whose outcome is
    /// unknown is not sent again.
    #[must_use]
    pub const fn is_retryable(self) -> bool {
        matches!(
            self,
            Self::Busy
                | Self::HandlerBusy
                | Self::HandlerEnded
                | Self::HandlerTimeout
                | Self::HandlerUnavailable
                | Self::HistoryUpdating
                | Self::LineTimeout
                | Self::QueueFull
                | Self::Rate
                | Self::ShuttingDown
                | Self::Silence
                | Self::Stopping
                | Self::TooManyRequests
        )
    }

    /// Returns whether a line-mode connection can be answered with it, or counts it.
    #[must_use]
    pub const fn is_of_line_mode(self) -> bool {
        matches!(
            self,
            Self::BadReply
                | Self::Busy
                | Self::Empty
                | Self::Encoding
                | Self::HandlerBusy
                | Self::HandlerEnded
                | Self::HandlerFailed
                | Self::HandlerPanic
                | Self::HandlerTimeout
                | Self::HandlerUnavailable
                | Self::LineTimeout
                | Self::NonFinite
                | Self::NotANumber
                | Self::Nul
                | Self::Rate
                | Self::SessionRequired
                | Self::ShuttingDown
                | Self::SlowConsumer
                | Self::TokenRefused
                | Self::TooLong
                | Self::Truncated
                | Self::Utf16
        )
    }

    /// Returns whether a session can be answered with it, or counts it.
    #[must_use]
    pub const fn is_of_session_mode(self) -> bool {
        !matches!(
            self,
            Self::BadReply
                | Self::NonFinite
                | Self::NotANumber
                | Self::Nul
                | Self::Rate
                | Self::SessionRequired
                | Self::TokenRefused
                | Self::Utf16
        )
    }

    /// Returns the number that JSON-RPC has for it.
    #[must_use]
    pub const fn json_rpc_number(self) -> i32 {
        if matches!(
            self,
            Self::Empty | Self::Encoding | Self::LineTimeout | Self::ParseError | Self::TooLong
        ) {
            -32_700
        } else if matches!(self, Self::Batch | Self::DuplicateId | Self::InvalidRequest) {
            -32_600
        } else if matches!(self, Self::UnknownMethod) {
            -32_601
        } else if matches!(self, Self::InvalidParams) {
            -32_602
        } else if matches!(self, Self::HandlerPanic) {
            -32_603
        } else {
            -32_000
        }
    }
}

impl fmt::Display for ErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Why a line was not answered: what an `ERR` line says.
///
/// The text is for people: what was found, and what is allowed. Programs compare the code.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{code}: {text}")]
pub struct LineError {
    code: ErrorCode,
    text: String,
}

impl LineError {
    /// Creates an error of a code and a text.
    ///
    /// Line ends and other control characters in `text` become blanks, so that the error stays one
    /// line on the wire.
    #[must_use]
    pub fn new(code: ErrorCode, text: impl Into<String>) -> Self {
        let mut text = text.into();
        if text.chars().any(char::is_control) {
            text = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        }
        Self { code, text }
    }

    /// Creates a handler's own error: `handler_failed` and what went wrong.
    ///
    /// # Examples
    ///
    /// ```
    /// use tickpipe_proto::LineError;
    ///
    /// let error = "q".parse::<f64>().map_err(LineError::failed).unwrap_err();
    /// assert_eq!(error.text(), "invalid float literal");
    /// ```
    #[must_use]
    pub fn failed(error: impl fmt::Display) -> Self {
        Self::new(ErrorCode::HandlerFailed, error.to_string())
    }

    /// Returns the code.
    #[must_use]
    pub const fn code(&self) -> ErrorCode {
        self.code
    }

    /// Returns the text for people.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }
}
