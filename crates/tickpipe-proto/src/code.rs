//! The codes that an `ERR` line carries, and the error that goes with one.

use std::fmt;

/// Who has to act for an error to go away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Blame {
    /// tickpipe itself: a defect to report.
    Bug,
    /// The program that uses tickpipe, such as a handler.
    Caller,
    /// The machine: memory, disk, permissions, another program.
    Environment,
    /// The other end of the connection, such as the EA.
    Peer,
}

/// The word after `ERR` on the wire.
///
/// The words are stable: a program may compare them. They are the same in the log, in `--json` and
/// in the summary that `tickpipe serve` ends with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum ErrorCode {
    /// A handler's reply holds a line feed or a NUL, is longer than the limit, or is no text.
    BadReply,
    /// More connections are open than the server serves at once.
    Busy,
    /// The line is empty.
    Empty,
    /// The line is not text in the encoding, or the reply cannot be written in it.
    Encoding,
    /// A line came while the handler still works on one it was too late for.
    HandlerBusy,
    /// The handler's program, or the server it forwards to, ended before it answered.
    HandlerEnded,
    /// The handler answered with an error of its own.
    HandlerFailed,
    /// The handler panicked.
    HandlerPanic,
    /// The handler did not answer within its deadline.
    HandlerTimeout,
    /// The handler's program cannot be started, or not yet again.
    HandlerUnavailable,
    /// A line was begun and not ended within the deadline.
    LineTimeout,
    /// A number is not finite: NaN, infinite, or beyond what 64 bits hold.
    NonFinite,
    /// The line is not a number.
    NotANumber,
    /// The line holds a NUL character.
    Nul,
    /// Lines came faster than the server allows.
    Rate,
    /// The server is stopping.
    ShuttingDown,
    /// The peer did not read its replies; only logged and counted, for it cannot be answered.
    SlowConsumer,
    /// A peer that came over TCP did not show the token; it is told so and its connection closed.
    TokenRefused,
    /// The line is longer than the limit.
    TooLong,
    /// The peer left in the middle of a line; only logged and counted.
    Truncated,
    /// The line is UTF-16 in big-endian byte order.
    Utf16,
}

impl ErrorCode {
    /// Every code, in the order of the words.
    pub const ALL: [Self; 21] = [
        Self::BadReply,
        Self::Busy,
        Self::Empty,
        Self::Encoding,
        Self::HandlerBusy,
        Self::HandlerEnded,
        Self::HandlerFailed,
        Self::HandlerPanic,
        Self::HandlerTimeout,
        Self::HandlerUnavailable,
        Self::LineTimeout,
        Self::NonFinite,
        Self::NotANumber,
        Self::Nul,
        Self::Rate,
        Self::ShuttingDown,
        Self::SlowConsumer,
        Self::TokenRefused,
        Self::TooLong,
        Self::Truncated,
        Self::Utf16,
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
            Self::BadReply => "bad_reply",
            Self::Busy => "busy",
            Self::Empty => "empty",
            Self::Encoding => "encoding",
            Self::HandlerBusy => "handler_busy",
            Self::HandlerEnded => "handler_ended",
            Self::HandlerFailed => "handler_failed",
            Self::HandlerPanic => "handler_panic",
            Self::HandlerTimeout => "handler_timeout",
            Self::HandlerUnavailable => "handler_unavailable",
            Self::LineTimeout => "line_timeout",
            Self::NonFinite => "non_finite",
            Self::NotANumber => "not_a_number",
            Self::Nul => "nul",
            Self::Rate => "rate",
            Self::ShuttingDown => "shutting_down",
            Self::SlowConsumer => "slow_consumer",
            Self::TokenRefused => "token_refused",
            Self::TooLong => "too_long",
            Self::Truncated => "truncated",
            Self::Utf16 => "utf16",
        }
    }

    /// Returns who has to act.
    #[must_use]
    pub const fn blame(self) -> Blame {
        match self {
            Self::BadReply
            | Self::HandlerBusy
            | Self::HandlerEnded
            | Self::HandlerFailed
            | Self::HandlerPanic
            | Self::HandlerTimeout
            | Self::HandlerUnavailable => Blame::Caller,
            Self::Busy | Self::ShuttingDown => Blame::Environment,
            Self::Empty
            | Self::Encoding
            | Self::LineTimeout
            | Self::NonFinite
            | Self::NotANumber
            | Self::Nul
            | Self::Rate
            | Self::SlowConsumer
            | Self::TokenRefused
            | Self::TooLong
            | Self::Truncated
            | Self::Utf16 => Blame::Peer,
        }
    }

    /// Returns whether the same line, sent again later, may be answered.
    #[must_use]
    pub const fn is_retryable(self) -> bool {
        matches!(
            self,
            Self::Busy
                | Self::HandlerBusy
                | Self::HandlerEnded
                | Self::HandlerTimeout
                | Self::HandlerUnavailable
                | Self::LineTimeout
                | Self::Rate
                | Self::ShuttingDown
        )
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
