//! What the EA tells: ticks, bars, trades, the account, text.
//!
//! A field that is `None` was not told. Times are of the trade server's clock, which is rarely UTC.

mod wire;

use super::order::OrderType;
use crate::types::{
    ClientId, DealTicket, Decimal, Lots, MagicNumber, Money, OrderTicket, PositionTicket, Price,
    Symbol, Timeframe,
};

/// One price update.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Tick {
    /// What it is the price of.
    pub symbol: Symbol,
    /// Milliseconds since 1970 of the trade server's clock; whole seconds on MT4.
    pub time_msc: i64,
    /// What a seller gets.
    pub bid: Price,
    /// What a buyer pays; it may be below `bid`.
    pub ask: Price,
    /// The last deal's price.
    pub last: Option<Price>,
    /// The last deal's volume, not below zero.
    pub volume: Option<Decimal>,
    /// The bits of `MqlTick.flags`.
    pub flags: Option<u32>,
    /// Its number among the ticks of its symbol in this session, from 1.
    pub seq: Option<u64>,
}

/// A bar: open, high, low, close of a period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Bar {
    /// Seconds since 1970 of the trade server's clock at which it begins.
    pub time: i64,
    /// The first price.
    pub open: Price,
    /// The highest price.
    pub high: Price,
    /// The lowest price.
    pub low: Price,
    /// The last price.
    pub close: Price,
    /// How many ticks it has.
    pub tick_volume: u64,
    /// In points of the symbol.
    pub spread: Option<u64>,
    /// What was traded in it, where an exchange says so.
    pub real_volume: Option<u64>,
}

/// A bar that has closed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct BarEvent {
    /// What it is the bar of.
    pub symbol: Symbol,
    /// Its period.
    pub timeframe: Timeframe,
    /// The bar.
    pub bar: Bar,
}

/// What happened in a [`TradeEvent`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TradeKind {
    /// There is a further deal.
    DealAdd,
    /// There is a further order.
    OrderAdd,
    /// An order is over, for whatever reason.
    OrderDelete,
    /// An order changed.
    OrderUpdate,
    /// A position is over.
    PositionClose,
    /// There is a further position.
    PositionOpen,
    /// A position changed.
    PositionUpdate,
}

/// Something happened to an order, a position or a deal: that it did, not what holds now.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct TradeEvent {
    /// What happened.
    pub event: TradeKind,
    /// To an order, position or deal of this symbol.
    pub symbol: Symbol,
    /// The order.
    pub order: Option<OrderTicket>,
    /// The deal.
    pub deal: Option<DealTicket>,
    /// The position.
    pub position: Option<PositionTicket>,
    /// Buy or sell, at once or later.
    pub r#type: Option<OrderType>,
    /// Its size.
    pub volume: Option<Lots>,
    /// Its price.
    pub price: Option<Price>,
    /// Where it is closed at a loss.
    pub stop_loss: Option<Price>,
    /// Where it is closed at a profit.
    pub take_profit: Option<Price>,
    /// What a deal or position has brought.
    pub profit: Option<Money>,
    /// The mark of the EA it is from.
    pub magic: Option<MagicNumber>,
    /// Its comment, as the trade server keeps it.
    pub comment: Option<String>,
    /// The order's name, if it was sent through tickpipe.
    pub client_id: Option<ClientId>,
    /// Milliseconds since 1970 of the trade server's clock.
    pub time_msc: Option<i64>,
}

/// The account's books, in its currency.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct AccountState {
    /// What is booked.
    pub balance: Money,
    /// What there would be with all positions closed.
    pub equity: Money,
    /// What positions and orders hold.
    pub margin: Money,
    /// What is left of the equity beside it.
    pub margin_free: Money,
    /// What the broker has lent.
    pub credit: Option<Money>,
    /// What open positions have brought.
    pub profit: Option<Money>,
}

/// Text of the EA's.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct LogEntry {
    /// How grave it is.
    pub level: LogLevel,
    /// At most 4,096 bytes, of any characters: make it safe before it is shown.
    pub text: String,
}

/// How grave a [`LogEntry`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum LogLevel {
    /// A person must act.
    Error,
    /// Something happened.
    Info,
    /// Something went wrong, and was mended.
    Warn,
}

/// The EA leaves.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Deinit {
    /// The number of MQL's `OnDeinit`.
    pub reason: u64,
    /// For people; at most 4,096 bytes.
    pub text: Option<String>,
}

/// A tick of the history.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct HistoryTick {
    /// Milliseconds since 1970 of the trade server's clock.
    pub time_msc: i64,
    /// What a seller got.
    pub bid: Option<Price>,
    /// What a buyer paid.
    pub ask: Option<Price>,
    /// The last deal's price.
    pub last: Option<Price>,
    /// The last deal's volume, not below zero.
    pub volume: Option<Decimal>,
    /// The bits of `MqlTick.flags`.
    pub flags: Option<u32>,
}
