//! What the server asks the EA.

mod wire;

use super::order::OrderRequest;
use crate::types::{ClientId, MagicNumber, Symbol, Timeframe};

/// The methods that the server asks, which are an EA's capabilities too.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum AskKind {
    /// Whose account it is, and what is in it.
    AccountInfo,
    /// Shows an alert in the terminal.
    Alert,
    /// Shows text on the chart.
    Comment,
    /// Deals of the past.
    HistoryDeals,
    /// Orders that are over.
    HistoryOrders,
    /// Values of an indicator.
    Indicator,
    /// Whether an order would pass.
    OrderCheck,
    /// Sends an order.
    OrderSend,
    /// What became of an order.
    OrderStatus,
    /// Pending orders.
    Orders,
    /// A heartbeat.
    Ping,
    /// Open positions.
    Positions,
    /// Bars of the past.
    Rates,
    /// Begins to send ticks or bars of a symbol.
    Subscribe,
    /// What the terminal knows of a symbol.
    SymbolInfo,
    /// The newest tick of a symbol.
    SymbolTick,
    /// The broker's symbols.
    Symbols,
    /// What the terminal says of itself.
    TerminalInfo,
    /// Ticks of the past.
    Ticks,
    /// Ends what `Subscribe` began.
    Unsubscribe,
}

/// A request to the EA.
///
/// [`encode::ask`](super::encode::ask) holds it against the protocol before it is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Ask {
    /// Whose account it is, and what is in it.
    AccountInfo,
    /// Shows an alert in the terminal.
    Alert {
        /// At most 4,096 bytes.
        text: String,
    },
    /// Shows text on the chart.
    Comment {
        /// At most 4,096 bytes.
        text: String,
    },
    /// Deals of the past.
    HistoryDeals(HistorySpan),
    /// Orders that are over.
    HistoryOrders(HistorySpan),
    /// Values of an indicator.
    Indicator {
        /// Its name in the terminal; at most 4,096 bytes.
        name: String,
        /// Of the bars of this symbol.
        symbol: Symbol,
        /// And of this period.
        timeframe: Timeframe,
        /// Its inputs: numbers with `,` between them; at most 4,096 bytes.
        inputs: String,
        /// Which of its lines, from 0.
        buffer: u64,
        /// How many bars are left out, 0 for none: the running bar is the first.
        shift: u64,
        /// How many values.
        count: u64,
    },
    /// Whether an order would pass.
    OrderCheck(Box<OrderRequest>),
    /// Sends an order.
    OrderSend(Box<OrderRequest>),
    /// What became of an order.
    OrderStatus {
        /// Its name.
        client_id: ClientId,
    },
    /// Pending orders.
    Orders {
        /// Of this symbol alone.
        symbol: Option<Symbol>,
        /// With this mark alone.
        magic: Option<MagicNumber>,
        /// With tickets above this one, the last of the page before.
        after: Option<u64>,
    },
    /// A heartbeat.
    Ping,
    /// Open positions.
    Positions {
        /// Of this symbol alone.
        symbol: Option<Symbol>,
        /// With this mark alone.
        magic: Option<MagicNumber>,
        /// With tickets above this one, the last of the page before.
        after: Option<u64>,
    },
    /// Bars of the past.
    Rates {
        /// Of this symbol.
        symbol: Symbol,
        /// Of this period.
        timeframe: Timeframe,
        /// Which.
        span: RatesSpan,
    },
    /// Begins to send ticks or bars of a symbol.
    Subscribe {
        /// The symbol.
        symbol: Symbol,
        /// What of it.
        kind: SubscribeKind,
    },
    /// What the terminal knows of a symbol.
    SymbolInfo {
        /// The symbol.
        symbol: Symbol,
    },
    /// The newest tick of a symbol.
    SymbolTick {
        /// The symbol.
        symbol: Symbol,
    },
    /// The broker's symbols.
    Symbols {
        /// Behind this one, the last of the page before.
        after: Option<Symbol>,
    },
    /// What the terminal says of itself.
    TerminalInfo,
    /// Ticks of the past, on MT5.
    Ticks {
        /// Of this symbol.
        symbol: Symbol,
        /// Milliseconds since 1970 of the trade server's clock, included.
        from_msc: i64,
        /// Milliseconds since 1970 of the trade server's clock, included.
        to_msc: i64,
        /// The most that are wanted.
        count: u64,
    },
    /// Ends what `Subscribe` began.
    Unsubscribe {
        /// The symbol.
        symbol: Symbol,
        /// What of it.
        kind: SubscribeKind,
    },
}

/// What to subscribe to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SubscribeKind {
    /// Bars of this period.
    Bars(Timeframe),
    /// Ticks.
    Ticks,
}

/// Which bars. Times are seconds since 1970 of the trade server's clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RatesSpan {
    /// The last `count` that begin at `to` or before.
    Before {
        /// The latest begin.
        to: i64,
        /// How many.
        count: u64,
    },
    /// All that begin in `from` to `to`, both included.
    Between {
        /// The first begin.
        from: i64,
        /// The last begin.
        to: i64,
    },
    /// By position, 0 being the running bar.
    Position {
        /// How many bars are left out.
        start: u64,
        /// How many.
        count: u64,
    },
}

/// Which part of the history.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct HistorySpan {
    /// Seconds since 1970 of the trade server's clock, included.
    pub from: i64,
    /// Seconds since 1970 of the trade server's clock, included.
    pub to: i64,
    /// With tickets above this one, the last of the page before.
    pub after: Option<u64>,
}
