//! What a session tells its handler.

use crate::ErrorCode;
use crate::message::{AccountState, BarEvent, Deinit, Hello, LogEntry, Tick, TradeEvent};
use crate::types::Symbol;

/// What the handler is given, one at a time.
#[derive(Debug)]
#[non_exhaustive]
pub enum SessionEvent {
    /// The account changed.
    Account(AccountState),
    /// A bar has closed.
    Bar(BarEvent),
    /// The session is over; the last event.
    Closed(CloseReason),
    /// The EA leaves. `Closed` follows.
    Deinit(Deinit),
    /// Ticks of a symbol are missing before the tick that follows: they were lost on the way, or
    /// dropped from a full queue.
    Gap {
        /// Whose ticks.
        symbol: Symbol,
        /// The number that should have come.
        expected: u64,
        /// The number that came.
        found: u64,
    },
    /// Text of the EA's.
    Log(LogEntry),
    /// `hello` was accepted; the first event.
    Opened(Box<Hello>),
    /// A tick; its request, if it is one, is answered by [`finish`](super::Session::finish) or at
    /// its deadline.
    Tick(Tick),
    /// Something happened to an order, a position or a deal.
    Trade(Box<TradeEvent>),
}

/// Why a session is over.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CloseReason {
    /// We said `bye` with this code.
    Bye(ErrorCode),
    /// The EA said `deinit`.
    Deinit(Deinit),
    /// The connection ended without `deinit`.
    Disconnected,
}
