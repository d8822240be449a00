//! What the EA answers.

mod wire;

use super::event::{AccountState, Bar, HistoryTick, Tick};
use super::hello::Account;
use super::order::{Filling, OrderCheck, OrderResult};
use super::trading::{Deal, Order, Position};
use crate::types::{Decimal, Lots, Price, Symbol};

/// The EA's answer, of the kind of its [`Ask`](super::Ask).
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
        ticks: Vec<HistoryTick>,
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
