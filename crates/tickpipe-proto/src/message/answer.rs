//! What the EA answers.

#[cfg(test)]
mod tests;
mod wire;

use super::ask::AskKind;
use super::event::{AccountState, Bar, HistoryTick, Tick};
use super::hello::Account;
use super::order::{Filling, OrderCheck, OrderResult};
use super::trading::{Deal, Order, Position};
use crate::types::{Decimal, Lots, Price, Symbol};

/// The EA's answer, of the kind of its [`Ask`](super::Ask).
///
/// A list is a page: in rising order, and with `more`, there is at least one row and more behind it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Answer {
    /// Of `account_info`.
    AccountInfo {
        /// Whose account it is.
        account: Account,
        /// What is in it.
        state: AccountState,
    },
    /// Of `subscribe`, `unsubscribe`, `comment`, `alert` and `ping`.
    Empty,
    /// Of `history_deals`.
    HistoryDeals {
        /// By their tickets.
        deals: Vec<Deal>,
        /// Whether there are more.
        more: bool,
    },
    /// Of `history_orders`.
    HistoryOrders {
        /// By their tickets.
        orders: Vec<Order>,
        /// Whether there are more.
        more: bool,
    },
    /// Of `indicator`.
    Indicator {
        /// The oldest first; `None` where there is none.
        values: Vec<Option<Decimal>>,
    },
    /// Of `order_check`.
    OrderCheck(Box<OrderCheck>),
    /// Of `order_send` and `order_status`.
    OrderResult(Box<OrderResult>),
    /// Of `orders`.
    Orders {
        /// By their tickets.
        orders: Vec<Order>,
        /// Whether there are more.
        more: bool,
    },
    /// Of `positions`.
    Positions {
        /// By their tickets.
        positions: Vec<Position>,
        /// Whether there are more.
        more: bool,
    },
    /// Of `rates`.
    Rates {
        /// The oldest first; the newest of what was asked.
        bars: Vec<Bar>,
        /// Whether there are older ones.
        more: bool,
    },
    /// Of `symbol_info`.
    SymbolInfo(Box<SymbolInfo>),
    /// Of `symbol_tick`; without `seq`.
    SymbolTick(Box<Tick>),
    /// Of `symbols`.
    Symbols {
        /// By their bytes.
        symbols: Vec<Symbol>,
        /// Whether there are more.
        more: bool,
    },
    /// Of `terminal_info`.
    TerminalInfo(Box<TerminalInfo>),
    /// Of `ticks`.
    Ticks {
        /// The oldest first; the oldest of what was asked.
        ticks: Vec<HistoryTick>,
        /// Whether there are newer ones.
        more: bool,
    },
}

impl Answer {
    /// Returns whether this answers a request of that kind.
    #[must_use]
    pub const fn is_of(&self, kind: AskKind) -> bool {
        match self {
            Self::AccountInfo { .. } => matches!(kind, AskKind::AccountInfo),
            Self::Empty => matches!(
                kind,
                AskKind::Alert
                    | AskKind::Comment
                    | AskKind::Ping
                    | AskKind::Subscribe
                    | AskKind::Unsubscribe
            ),
            Self::HistoryDeals { .. } => matches!(kind, AskKind::HistoryDeals),
            Self::HistoryOrders { .. } => matches!(kind, AskKind::HistoryOrders),
            Self::Indicator { .. } => matches!(kind, AskKind::Indicator),
            Self::OrderCheck(_) => matches!(kind, AskKind::OrderCheck),
            Self::OrderResult(_) => matches!(kind, AskKind::OrderSend | AskKind::OrderStatus),
            Self::Orders { .. } => matches!(kind, AskKind::Orders),
            Self::Positions { .. } => matches!(kind, AskKind::Positions),
            Self::Rates { .. } => matches!(kind, AskKind::Rates),
            Self::SymbolInfo(_) => matches!(kind, AskKind::SymbolInfo),
            Self::SymbolTick(_) => matches!(kind, AskKind::SymbolTick),
            Self::Symbols { .. } => matches!(kind, AskKind::Symbols),
            Self::TerminalInfo(_) => matches!(kind, AskKind::TerminalInfo),
            Self::Ticks { .. } => matches!(kind, AskKind::Ticks),
        }
    }
}

/// What the terminal knows of a symbol.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SymbolInfo {
    /// The broker's name of it.
    pub symbol: Symbol,
    /// For people.
    pub description: Option<String>,
    /// Decimals of its prices, 0 to 8.
    pub digits: u8,
    /// One of the last decimal.
    pub point: Price,
    /// The smallest step of its prices.
    pub tick_size: Option<Price>,
    /// What a step brings for one lot, in the account's currency.
    pub tick_value: Option<Decimal>,
    /// Units of the base currency, or of whatever it is, in one lot.
    pub contract_size: Option<Decimal>,
    /// The smallest trade.
    pub volume_min: Lots,
    /// The largest trade.
    pub volume_max: Lots,
    /// The steps between them.
    pub volume_step: Lots,
    /// The least distance of stops from the price, in points.
    pub stops_level: Option<u64>,
    /// The distance from the price within which nothing may be changed, in points.
    pub freeze_level: Option<u64>,
    /// What is bought.
    pub currency_base: Option<String>,
    /// What profit is in.
    pub currency_profit: Option<String>,
    /// What margin is in.
    pub currency_margin: Option<String>,
    /// What may be done with it.
    pub trade_mode: Option<TradeMode>,
    /// What an order may ask for; empty if that was not told.
    pub filling: Vec<Filling>,
    /// What holding a purchase brings or costs, in the broker's unit.
    pub swap_long: Option<Decimal>,
    /// What holding a sale brings or costs, in the broker's unit.
    pub swap_short: Option<Decimal>,
}

/// What may be done with a symbol.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TradeMode {
    /// Positions may be closed.
    CloseOnly,
    /// Nothing.
    Disabled,
    /// Everything.
    Full,
    /// It may be bought, and what was bought sold.
    LongOnly,
    /// It may be sold, and what was sold bought back.
    ShortOnly,
}

/// What the terminal says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct TerminalInfo {
    /// What it is called.
    pub name: Option<String>,
    /// Whose it is.
    pub company: Option<String>,
    /// Its build.
    pub build: Option<u64>,
    /// Whether it is connected with the trade server.
    pub is_connected: bool,
    /// Whether its user lets EAs trade.
    pub is_trade_allowed: bool,
}
