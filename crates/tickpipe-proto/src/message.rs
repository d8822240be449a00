//! The messages of session mode, parsed at the edge and valid from then on.
//!
//! [`parse`] reads a line of an EA, [`encode`] writes a server's lines. For the other end, as tests and
//! simulated terminals play it, there are [`parse_server`] and the EA's half of [`encode`].
//!
//! Not here: what a session does about a message, and how bytes become lines.

mod answer;
mod ask;
pub mod encode;
mod event;
mod fault;
mod hello;
mod json;
mod new;
mod order;
mod parse;
mod put;
pub mod retcode;
mod rules;
mod server;
#[cfg(test)]
mod tests;
mod trading;
mod words;

pub use self::answer::{Answer, SymbolInfo, TerminalInfo, TradeMode};
pub use self::ask::{Ask, AskKind, HistorySpan, RatesSpan, SubscribeKind};
pub use self::event::{
    AccountState, Bar, BarEvent, Deinit, HistoryTick, LogEntry, LogLevel, Tick, TradeEvent,
    TradeKind,
};
pub use self::fault::{Bye, Fault, Refused};
pub use self::hello::{
    Account, AccountTradeMode, Chart, Hello, MarginMode, Terminal, TickMode, Welcome,
};
pub use self::order::{
    Filling, OrderAction, OrderCheck, OrderRequest, OrderResult, OrderStatus, OrderType, Outcome,
};
pub use self::parse::parse;
pub use self::server::{ServerMessage, parse_program, parse_server};
pub use self::trading::{Deal, DealEntry, DealType, Order, OrderState, Position};

use std::borrow::Cow;

use serde_json::value::RawValue;

use crate::types::{Decimal, Price, RequestId};

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
    /// A method that is not known on this side, for `unknown_method`.
    Unknown(Cow<'a, str>),
}

/// A tick as it stands in its line; its symbol is not owned, so that a tick costs no allocation.
#[derive(Debug)]
#[expect(clippy::exhaustive_structs, reason = "taken apart by the session alone")]
pub struct TickParams<'a> {
    /// The symbol, checked.
    pub symbol: Cow<'a, str>,
    /// Milliseconds of the trade server's clock.
    pub time_msc: i64,
    /// What a seller gets.
    pub bid: Price,
    /// What a buyer pays.
    pub ask: Price,
    /// The last deal's price.
    pub last: Option<Price>,
    /// The last deal's volume.
    pub volume: Option<Decimal>,
    /// Bits of `MqlTick.flags`.
    pub flags: Option<u32>,
    /// Its number in its symbol's row.
    pub seq: Option<u64>,
}
