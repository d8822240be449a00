//! What each code means, in one sentence, for documents and people.

use super::ErrorCode;

impl ErrorCode {
    /// Returns what it means: a sentence without a capital and a period, in Markdown.
    #[must_use]
    #[expect(clippy::too_many_lines, reason = "a list of all codes, a line each")]
    pub const fn meaning(self) -> &'static str {
        match self {
            Self::AlreadyOpen => "`hello` came a second time; the session goes on as it was",
            Self::BadAnswer => {
                "the EA's answer is none that its request allows; it may have done what was asked"
            }
            Self::BadReply => {
                "the handler's reply holds a line feed or a NUL, is too long, or is no text"
            }
            Self::Batch => "the line is a list of messages, which is refused as a whole",
            Self::Busy => "more connections are open than are served",
            Self::Disconnected => {
                "the connection ended before the answer; what was asked may have been done"
            }
            Self::DuplicateId => "the request's `id` is that of one that is still open",
            Self::Empty => "the line is empty",
            Self::Encoding => {
                "the line is no text in the encoding, or the reply cannot be written in it"
            }
            Self::Expired => {
                "the order's time is over, or its `client_id` has been called absent; it was not \
                 sent"
            }
            Self::HandlerBusy => "the handler still works on a line it was too late for",
            Self::HandlerEnded => {
                "the handler's program, or the server it forwards to, ended before it answered; \
                 it may have acted on the line"
            }
            Self::HandlerFailed => "the handler's own error; the text is the handler's",
            Self::HandlerPanic => {
                "the handler panicked; in line mode the next line gets a new one, a session ends"
            }
            Self::HandlerTimeout => "the handler was too late",
            Self::HandlerUnavailable => {
                "the handler's program cannot be started, or not yet again; or the server it \
                 forwards to cannot be reached"
            }
            Self::HelloRequired => "`hello` must come first",
            Self::HistoryUpdating => {
                "the terminal is still fetching the history that was asked for"
            }
            Self::IdConflict => {
                "the `client_id` is that of an order with other content; this one was not sent"
            }
            Self::InvalidParams => "a member of `params` is missing, or is not what it must be",
            Self::InvalidRequest => "the line is JSON, but no message",
            Self::LineTimeout => "the line was not ended in time",
            Self::NonFinite => "a number is NaN, infinite, or beyond what 64 bits hold",
            Self::NotANumber => "the line is not a number",
            Self::NotFound => "there is no such order, position or indicator",
            Self::Nul => "the line holds a NUL character",
            Self::ParseError => "the line is not JSON",
            Self::QueueFull => {
                "the handler is so slow that the queue is full of events, which are never \
                 dropped; the session ends"
            }
            Self::Rate => "lines came too fast",
            Self::Replaced => "the same EA has opened a new connection; the session ends",
            Self::RequestTimeout => "the EA did not answer in time; it may yet do what was asked",
            Self::SeqLow => {
                "the tick's `seq` is not above that of the one before; the tick was dropped"
            }
            Self::SessionRequired => "the server speaks session mode only",
            Self::ShuttingDown => "the server is stopping",
            Self::Silence => "nothing came from the EA for too long; the session ends",
            Self::SlowConsumer => "the peer did not read; only logged and counted",
            Self::Stopping => "the EA is about to leave; nothing was sent",
            Self::TerminalError => {
                "a call of the terminal failed; its own number is in `data.terminal_error`"
            }
            Self::TickDropped => "the queue was full, and the tick was the oldest in it",
            Self::TokenRefused => {
                "over TCP: the token is wrong, late, or no token; the connection is closed"
            }
            Self::TooLong => "the line is too long",
            Self::TooManyRequests => "too many requests to the EA are open; this one was not sent",
            Self::TradeDisabled => {
                "trading is switched off, in the terminal, for the EA or by the trade server"
            }
            Self::Truncated => "the peer left in the middle of a line; only logged and counted",
            Self::UnknownMethod => "the other side does not know the method",
            Self::UnknownSymbol => "the broker has no such symbol",
            Self::Unsupported => {
                "the EA, or its terminal, cannot do what was asked; nothing was sent"
            }
            Self::Utf16 => "the line is UTF-16BE",
            Self::Version => "the EA speaks another version of the protocol; the session ends",
        }
    }
}
