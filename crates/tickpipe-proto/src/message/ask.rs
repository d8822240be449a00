//! What the server asks the EA.

mod wire;

use super::order::OrderRequest;
use crate::types::{ClientId, MagicNumber, Symbol, Timeframe};

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
