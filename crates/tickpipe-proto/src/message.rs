//! The messages of session mode, parsed at the edge and valid from then on.

mod ask;
mod event;
mod hello;
mod order;
mod trading;

pub use self::ask::{
    Answer, Ask, AskKind, HistorySpan, RatesSpan, SubscribeKind, SymbolInfo, TerminalInfo,
    TradeMode,
};
pub use self::event::{
    AccountState, Bar, BarEvent, Deinit, HistoryTick, LogEntry, LogLevel, Tick, TradeEvent,
    TradeKind,
};
pub use self::hello::{
    Account, AccountTradeMode, Chart, Hello, MarginMode, Terminal, TickMode, Welcome,
};
pub use self::order::{
    Filling, OrderAction, OrderCheck, OrderRequest, OrderResult, OrderStatus, OrderType, Outcome,
};
pub use self::trading::{Deal, DealEntry, DealType, Order, OrderState, Position};

use std::borrow::Cow;

use serde_json::value::RawValue;

use crate::types::RequestId;

/// What one line of the EA is.
#[derive(Debug)]
#[non_exhaustive]
pub enum Message<'a> {
    /// A request, with the id to answer under, or a notification.
    Call {
        /// `None` for a notification.
        id: Option<RequestId>,
        /// What is asked or told.
        call: Call<'a>,
    },
    /// An answer to a request of ours.
    Reply {
        /// The id that we gave it; `None` if it is none of ours.
        id: Option<u64>,
        /// The result, not looked at yet, or the EA's error.
        result: Result<&'a RawValue, Fault>,
    },
}

/// What the EA asks or tells.
#[derive(Debug)]
#[non_exhaustive]
pub enum Call<'a> {
    /// Opens the session.
    Hello(Box<Hello>),
    /// A price update.
    Tick(TickParams<'a>),
    /// A bar has closed.
    Bar(BarEvent),
    /// Something happened to an order, a position or a deal.
    Trade(Box<TradeEvent>),
    /// The account changed.
    Account(AccountState),
    /// Text.
    Log(LogEntry),
    /// The EA leaves.
    Deinit(Deinit),
    /// A heartbeat.
    Ping,
    /// `bye`: why the other side closes (only a server sends it).
    Bye(Bye),
    /// A method that is not known on this side, for `unknown_method`.
    Unknown(Cow<'a, str>),
}

/// A tick as it stands in its line; its symbol is not owned, so that a tick costs no allocation.
#[derive(Debug)]
#[expect(clippy::exhaustive_structs, reason = "taken apart by the session alone")]
pub struct TickParams<'a> {
    /// The symbol, checked.
    pub symbol: Cow<'a, str>,
    /// The rest, with an empty symbol replaced by the session's own.
    pub time_msc: i64,
    /// What a seller gets.
    pub bid: crate::types::Price,
    /// What a buyer pays.
    pub ask: crate::types::Price,
    /// The last deal's price.
    pub last: Option<crate::types::Price>,
    /// The last deal's volume.
    pub volume: Option<crate::types::Decimal>,
    /// Bits of `MqlTick.flags`.
    pub flags: Option<u32>,
    /// Its number in its symbol's row.
    pub seq: Option<u64>,
}

/// Why the server closes.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Bye {
    /// A word of chapter 19; one we do not know is kept as text.
    pub code: String,
    /// For people.
    pub message: String,
}

/// An error as a message carries it: ours to the EA, or the EA's to us.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Fault {
    /// The word; one we do not know is `terminal_error`.
    pub code: crate::ErrorCode,
    /// For people.
    pub message: String,
    /// Whether the same again later may work.
    pub is_retryable: bool,
    /// The terminal's own number.
    pub terminal_error: Option<i64>,
}
