//! What the server asks the EA, and the EA's answers.

use super::event::{AccountState, Bar, Tick};
use super::hello::Account;
use super::order::{Filling, OrderCheck, OrderRequest, OrderResult};
use super::trading::{Deal, Order, Position};
use crate::types::{ClientId, Decimal, Lots, MagicNumber, Price, Symbol, Timeframe};

/// The methods that the server asks, which are an EA's capabilities too.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
#[expect(missing_docs, reason = "PROTOCOL.md chapters 16 to 18")]
pub enum AskKind {
    AccountInfo,
    Alert,
    Comment,
    HistoryDeals,
    HistoryOrders,
    Indicator,
    OrderCheck,
    OrderSend,
    OrderStatus,
    Orders,
    Ping,
    Positions,
    Rates,
    Subscribe,
    SymbolInfo,
    SymbolTick,
    Symbols,
    TerminalInfo,
    Ticks,
    Unsubscribe,
}

/// A request to the EA.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
#[expect(missing_docs, reason = "PROTOCOL.md chapters 16 to 18")]
pub enum Ask {
    AccountInfo,
    Alert {
        text: String,
    },
    Comment {
        text: String,
    },
    HistoryDeals(HistorySpan),
    HistoryOrders(HistorySpan),
    Indicator {
        name: String,
        symbol: Symbol,
        timeframe: Timeframe,
        inputs: String,
        buffer: u64,
        shift: u64,
        count: u64,
    },
    OrderCheck(Box<OrderRequest>),
    OrderSend(Box<OrderRequest>),
    OrderStatus {
        client_id: ClientId,
    },
    Orders {
        symbol: Option<Symbol>,
        magic: Option<MagicNumber>,
        after: Option<u64>,
    },
    Ping,
    Positions {
        symbol: Option<Symbol>,
        magic: Option<MagicNumber>,
        after: Option<u64>,
    },
    Rates {
        symbol: Symbol,
        timeframe: Timeframe,
        span: RatesSpan,
    },
    Subscribe {
        symbol: Symbol,
        kind: SubscribeKind,
    },
    SymbolInfo {
        symbol: Symbol,
    },
    SymbolTick {
        symbol: Symbol,
    },
    Symbols {
        after: Option<Symbol>,
    },
    TerminalInfo,
    Ticks {
        symbol: Symbol,
        from_msc: i64,
        to_msc: i64,
        count: u64,
    },
    Unsubscribe {
        symbol: Symbol,
        kind: SubscribeKind,
    },
}

/// What to subscribe to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
#[expect(missing_docs, reason = "chapter 16")]
pub enum SubscribeKind {
    Bars(Timeframe),
    Ticks,
}

/// Which bars.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
#[expect(missing_docs, reason = "chapter 17")]
pub enum RatesSpan {
    /// The last `count` that begin at `to` or before.
    Before { to: i64, count: u64 },
    /// All that begin in `from` to `to`.
    Between { from: i64, to: i64 },
    /// By position, 0 being the running bar.
    Position { start: u64, count: u64 },
}

/// Which part of the history.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
#[expect(missing_docs, reason = "chapter 17")]
pub struct HistorySpan {
    pub from: i64,
    pub to: i64,
    pub after: Option<u64>,
}

/// The EA's answer, of the kind of its [`Ask`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
#[expect(missing_docs, reason = "PROTOCOL.md chapters 16 to 18")]
pub enum Answer {
    AccountInfo {
        account: Account,
        state: AccountState,
    },
    /// `{}`: of `subscribe`, `unsubscribe`, `comment`, `alert`, `ping`.
    Empty,
    HistoryDeals {
        deals: Vec<Deal>,
        more: bool,
    },
    HistoryOrders {
        orders: Vec<Order>,
        more: bool,
    },
    Indicator {
        values: Vec<Option<Decimal>>,
    },
    OrderCheck(Box<OrderCheck>),
    /// Of `order_send` and `order_status`; its outcome has been held against the table of retcodes.
    OrderResult(Box<OrderResult>),
    Orders {
        orders: Vec<Order>,
        more: bool,
    },
    Positions {
        positions: Vec<Position>,
        more: bool,
    },
    Rates {
        bars: Vec<Bar>,
        more: bool,
    },
    SymbolInfo(Box<SymbolInfo>),
    SymbolTick(Box<Tick>),
    Symbols {
        symbols: Vec<Symbol>,
        more: bool,
    },
    TerminalInfo(Box<TerminalInfo>),
    Ticks {
        ticks: Vec<super::HistoryTick>,
        more: bool,
    },
}

/// What the terminal knows of a symbol.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
#[expect(missing_docs, reason = "chapter 16")]
pub struct SymbolInfo {
    pub symbol: Symbol,
    pub description: Option<String>,
    pub digits: u8,
    pub point: Price,
    pub tick_size: Option<Price>,
    pub tick_value: Option<Decimal>,
    pub contract_size: Option<Decimal>,
    pub volume_min: Lots,
    pub volume_max: Lots,
    pub volume_step: Lots,
    pub stops_level: Option<u64>,
    pub freeze_level: Option<u64>,
    pub currency_base: Option<String>,
    pub currency_profit: Option<String>,
    pub currency_margin: Option<String>,
    pub trade_mode: Option<TradeMode>,
    pub filling: Vec<Filling>,
    pub swap_long: Option<Decimal>,
    pub swap_short: Option<Decimal>,
}

/// What may be done with a symbol.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
#[expect(missing_docs, reason = "chapter 16")]
pub enum TradeMode {
    CloseOnly,
    Disabled,
    Full,
    LongOnly,
    ShortOnly,
}

/// What the terminal says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
#[expect(missing_docs, reason = "chapter 16")]
pub struct TerminalInfo {
    pub name: Option<String>,
    pub company: Option<String>,
    pub build: Option<u64>,
    pub is_connected: bool,
    pub is_trade_allowed: bool,
}
