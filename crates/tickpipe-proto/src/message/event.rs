//! What the EA tells: ticks, bars, trades, the account, text.

mod wire;

use super::order::OrderType;
use crate::types::{
    ClientId, DealTicket, Decimal, Lots, MagicNumber, Money, OrderTicket, PositionTicket, Price,
    Symbol, Timeframe,
};

/// One price update.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
#[expect(missing_docs, reason = "PROTOCOL.md chapter 13 says each")]
pub struct Tick {
    pub symbol: Symbol,
    pub time_msc: i64,
    pub bid: Price,
    pub ask: Price,
    pub last: Option<Price>,
    pub volume: Option<Decimal>,
    pub flags: Option<u32>,
    pub seq: Option<u64>,
}

/// A bar: open, high, low, close of a period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
#[expect(missing_docs, reason = "chapters 14 and 17")]
pub struct Bar {
    /// Seconds of the trade server's clock at which it begins.
    pub time: i64,
    pub open: Price,
    pub high: Price,
    pub low: Price,
    pub close: Price,
    pub tick_volume: u64,
    pub spread: Option<u64>,
    pub real_volume: Option<u64>,
}

/// A bar that has closed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
#[expect(missing_docs, reason = "chapter 14")]
pub struct BarEvent {
    pub symbol: Symbol,
    pub timeframe: Timeframe,
    pub bar: Bar,
}

/// What happened in a [`TradeEvent`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
#[expect(missing_docs, reason = "chapter 14")]
pub enum TradeKind {
    DealAdd,
    OrderAdd,
    OrderDelete,
    OrderUpdate,
    PositionClose,
    PositionOpen,
    PositionUpdate,
}

/// Something happened to an order, a position or a deal.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
#[expect(missing_docs, reason = "chapter 14")]
pub struct TradeEvent {
    pub event: TradeKind,
    pub symbol: Symbol,
    pub order: Option<OrderTicket>,
    pub deal: Option<DealTicket>,
    pub position: Option<PositionTicket>,
    pub r#type: Option<OrderType>,
    pub volume: Option<Lots>,
    pub price: Option<Price>,
    pub stop_loss: Option<Price>,
    pub take_profit: Option<Price>,
    pub profit: Option<Money>,
    pub magic: Option<MagicNumber>,
    pub comment: Option<String>,
    pub client_id: Option<ClientId>,
    pub time_msc: Option<i64>,
}

/// The account's books.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
#[expect(missing_docs, reason = "chapter 14")]
pub struct AccountState {
    pub balance: Money,
    pub equity: Money,
    pub margin: Money,
    pub margin_free: Money,
    pub credit: Option<Money>,
    pub profit: Option<Money>,
}

/// Text of the EA's.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
#[expect(missing_docs, reason = "chapter 14")]
pub struct LogEntry {
    pub level: LogLevel,
    pub text: String,
}

/// How grave a [`LogEntry`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
#[expect(missing_docs, reason = "the names are the field's")]
pub enum LogLevel {
    Error,
    Info,
    Warn,
}

/// The EA leaves.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
#[expect(missing_docs, reason = "chapter 14")]
pub struct Deinit {
    pub reason: u64,
    pub text: Option<String>,
}

/// A tick of the history.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
#[expect(missing_docs, reason = "chapter 17")]
pub struct HistoryTick {
    pub time_msc: i64,
    pub bid: Option<Price>,
    pub ask: Option<Price>,
    pub last: Option<Price>,
    pub volume: Option<Decimal>,
    pub flags: Option<u32>,
}
